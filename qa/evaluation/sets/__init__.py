"""Question sets: read, checked, held against an index, written."""
