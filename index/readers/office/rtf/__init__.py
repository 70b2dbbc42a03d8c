"""Rich Text Format: its tokens, its tables, its text."""
