"""The Chroma collection, derived from the catalog."""
