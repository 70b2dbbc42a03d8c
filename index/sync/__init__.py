"""`qa index`: files compared with the index, read, stored."""
