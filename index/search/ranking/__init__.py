"""Candidates of the two searches read, scored and folded."""
