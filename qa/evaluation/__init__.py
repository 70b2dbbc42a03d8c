"""Batch evaluation: question sets, runs over them, and what their records say of the answers."""
