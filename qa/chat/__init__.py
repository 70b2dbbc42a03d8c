"""`qa chat`: the conversation in a terminal."""
