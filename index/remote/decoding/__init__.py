"""What the bytes of a response hold: decompressed, cut into events, read as JSON objects."""
