"""Runs: questions asked, and what comes of them kept, whatever happens in between."""
