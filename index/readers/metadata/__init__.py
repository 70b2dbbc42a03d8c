"""What a document says of itself: its date and its title."""
