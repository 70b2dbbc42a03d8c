"""Full-text search: chunks that have words of a question."""
