"""Question sets written: by marking answers in a conversation, or from drafts that a person accepts."""
