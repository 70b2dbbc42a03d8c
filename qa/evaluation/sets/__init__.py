"""Question sets: reading, checking against an index, writing."""
