"""Answers made of the passages' own sentences, without a model."""
