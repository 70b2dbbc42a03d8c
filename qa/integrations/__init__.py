"""Doors to other frameworks. Nothing here is imported by the rest of the program."""
