"""Talking to a model's server."""
