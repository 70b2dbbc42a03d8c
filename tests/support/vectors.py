"""Updates Chroma in the test's process, as `index.vectors.writer_process` does in a process of its own."""

from __future__ import annotations

from index.storage.catalog import Catalog
from index.vectors.mirror import ChromaWriter, needs_rebuilding, purge, rebuild


def update_chroma(catalog: Catalog) -> int:
    """Write all pending chunks to Chroma, rebuilt first if need be, then purge it; how many were written."""
    written = rebuild(catalog) if needs_rebuilding(catalog) else 0
    with ChromaWriter(catalog) as writer:
        while flushed := writer.flush():
            written += flushed
    purge(catalog)
    return written
