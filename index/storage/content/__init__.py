"""How sources and chunks stand in their tables: columns, texts, full-text index."""
