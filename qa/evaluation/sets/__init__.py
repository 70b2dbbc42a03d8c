"""Question sets: read, checked against an index, written."""
