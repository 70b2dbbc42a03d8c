"""What people and programs see: text, JSON, Markdown, progress."""
