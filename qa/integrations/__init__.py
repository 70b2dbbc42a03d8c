"""Integrations with other frameworks, each imported only on demand."""
