"""The SQLite file: the truth about what is indexed."""
