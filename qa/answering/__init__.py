"""A question and its passages to an answer."""
