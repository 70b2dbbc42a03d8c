"""Run folders: their files, written so that a crash loses nothing, and read again."""
