"""Metrics per question, and the scores of a whole run."""
