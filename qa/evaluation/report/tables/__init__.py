"""Runs as tables for other programs and pages: a row a question, and a row a figure."""
