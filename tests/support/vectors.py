"""Updates Chroma in the test's process, as `index.vectors.writer_process` does in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Self

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


class VectorsHere:
    """In place of a `VectorsProcess`: Chroma is imported once for all tests, not in a child of each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.started = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to break off."""

    def wake(self) -> None:
        """Note that there is something for Chroma."""
        self.started = True

    def finish(self) -> None:
        """Write it. What goes wrong is raised, and not given back as a warning."""
        if self.started:
            with Catalog.open(self._folder) as catalog:
                update_chroma(catalog)
