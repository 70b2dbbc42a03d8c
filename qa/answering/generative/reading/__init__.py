"""What a model reads of what was found: which passages, in which order, with what beside them."""
