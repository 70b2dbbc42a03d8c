"""Bytes of one format to text, blocks, pages and metadata."""
