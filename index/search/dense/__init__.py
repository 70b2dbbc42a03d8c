"""Dense search: chunks whose vectors are near to that of a question."""
