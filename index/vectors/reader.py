"""Nearest neighbours from Chroma, while its collection can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import IndexLocked, StorageError, VectorsFailed
from index.storage.lock import writer_lock
from index.vectors.chroma import ChromaVectors, Hits
from index.vectors.mirror import is_sound
from index.vectors.stamp import CHROMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.storage.catalog import Catalog


class ChromaReader:
    """Answers nearest-neighbour queries from Chroma while it can be trusted. Use it in any one thread.

    Ask it outside of `Catalog.snapshot`: it may have to mark Chroma as not to be trusted.
    Several processes may read; one that writes makes all others let go of it until it is clean again.
    """

    def __init__(self) -> None:
        self._store: ChromaVectors | None = None
        self._generation = 0
        self._distrusted = -1

    def query(
        self, catalog: Catalog, vector: NDArray[np.float32], k: int, sources: Sequence[str] | None = None
    ) -> Hits | None:
        """The `k` nearest chunks, or None if Chroma is not to be asked now: then search exactly."""
        if not self.ready(catalog) or self._store is None:
            return None
        try:
            return self._store.query(vector, k, sources)
        except VectorsFailed:
            self._distrusted = self._generation  # exact search answers; the next writer looks into it
            self.close()
            return None

    def ready(self, catalog: Catalog) -> bool:
        """True if Chroma may be asked; opens it if need be, which takes one to two seconds the first time."""
        state = catalog.chroma.state()
        if state.mark != "clean" or state.pending or state.generation == self._distrusted:
            self.close()
            return False
        if self._store is not None and state.generation == self._generation:
            return True
        self.close()
        return self._open(catalog)

    def _open(self, catalog: Catalog) -> bool:
        """Open under the writer lock: files that are just being written must not be loaded."""
        try:
            with writer_lock(catalog.folder, wait=0):
                generation = catalog.chroma.state().generation
                if not is_sound(catalog):
                    self._distrusted = generation
                    if catalog.chroma.state().mark == "clean":
                        catalog.chroma.mark("dirty")
                    return False
                self._store = ChromaVectors.open(catalog.folder / CHROMA)
                self._store.misses(catalog.chroma.sample(1))  # loads the graph while nobody writes
                self._generation = generation
        except (IndexLocked, StorageError):
            return False  # somebody writes, or nobody can: exact search answers
        return True

    def close(self) -> None:
        """Let go of Chroma's files; the next query opens them again."""
        if self._store is not None:
            self._store.close()
            self._store = None
