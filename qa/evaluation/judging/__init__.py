"""A model as judge of recorded answers, and how far it may be trusted."""
