"""What single lines are by their form: furniture of a page, boilerplate, list items, orders to a model."""
