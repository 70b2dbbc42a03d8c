"""Readers of HTML and of what is made of it: EPUB, mail."""
