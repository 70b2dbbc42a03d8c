"""Metrics of one record, and the scores of a whole run."""
