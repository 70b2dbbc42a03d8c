"""Output for people and programs: text, JSON, Markdown, progress."""
