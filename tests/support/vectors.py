"""Updates Chroma in the test's process, as `index.vectors.writer_process` does in one of its own."""

from __future__ import annotations

from index.storage.catalog import Catalog
from index.vectors.chroma import ChromaVectors
from index.vectors.mirror import update
from index.vectors.stamp import CHROMA


def update_chroma(catalog: Catalog) -> None:
    """Bring Chroma up to date, which takes seconds to import the first time."""
    assert update(catalog)


def assert_whole(catalog: Catalog) -> None:
    """Chroma has as many chunks as the catalog, and finds each by its own vector."""
    store = ChromaVectors.open(catalog.folder / CHROMA)
    try:
        assert store.count() == catalog.counts().vectors
        assert store.misses(catalog.vectors().matrix) == 0
    finally:
        store.close()
    assert catalog.chroma.state()[::2] == ("clean", 0)
