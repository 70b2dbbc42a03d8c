"""Who did it to whom, and what came first, as far as sentences say it in so many words. English only."""
