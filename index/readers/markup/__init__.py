"""Readers of HTML, and of EPUB and mail, which contain HTML."""
