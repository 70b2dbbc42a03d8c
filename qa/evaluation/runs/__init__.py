"""Run folders: what they hold, how it is written, and that nothing of it is lost."""
