"""Indexing and search: files in, ranked passages with exact spans out."""
