"""What a model finds of answers and claims, and how far it may be trusted."""
