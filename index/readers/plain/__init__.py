"""Readers of text files: prose, Markdown, reStructuredText, source code, CSV, JSON."""
