"""`qa chat`: a conversation in a terminal."""
