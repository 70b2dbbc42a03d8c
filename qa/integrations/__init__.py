"""Interfaces of other frameworks; importing one imports its framework, and nothing of ours does."""
