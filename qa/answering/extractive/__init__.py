"""Extractive answers, without a model: sentences chosen from the passages."""
