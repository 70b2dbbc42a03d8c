"""Questions in; answers with exact citations, runs and scores out."""

__version__ = "0.1.0"
