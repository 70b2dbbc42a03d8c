"""Shared by the readers: tables, and text that a person who opens the file does not see."""
