"""What `qa eval` does besides a run: its options, drafting questions, accepting drafts."""
