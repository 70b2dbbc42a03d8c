"""Threads and processes; nothing of what runs in them."""
