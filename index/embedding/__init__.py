"""Embedders: texts to unit vectors, by the bundled model, a server or a LlamaIndex model."""
