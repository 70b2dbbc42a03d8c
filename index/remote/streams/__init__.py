"""Streamed answers: bytes to server-sent events, events to JSON objects."""
