"""What a record measures, and what all of them together do."""
