"""Texts to unit vectors: the bundled model, servers, LlamaIndex models."""
