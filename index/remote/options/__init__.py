"""Options of requests: those that servers refuse, and what is sent in their place."""
