"""Requests to a server that speaks OpenAI's protocol: the libraries below them, connections, answers."""
