"""File readers: the bytes of one format to text, blocks, pages and metadata."""
