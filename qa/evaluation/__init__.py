"""Batch evaluation: question sets, runs, judging, metrics, statistics, reports."""
