"""Nearest neighbours from Chroma, while its collection can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from index.errors import IndexLocked, StorageError, VectorsFailed
from index.storage.lock import writer_lock
from index.vectors.chroma import ChromaVectors
from index.vectors.mirror import is_sound
from index.vectors.stamp import CHROMA

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.storage.catalog import Catalog


REOPENED_FROM = 2_000  # chunks that came or went, from which on a newer graph is worth one to two seconds
MOST_BESIDE = 20_000  # chunks that the graph does not know, up to which it is worth asking


class Neighbours(NamedTuple):
    """What the graph finds nearest, nearest first, and which chunks it may not know.

    `ids` may name chunks that are gone. It knows all chunks up to row `last` but those in the rows `beside`.
    """

    ids: tuple[str, ...]
    last: int
    beside: NDArray[np.int64]


class ChromaReader:
    """Answers nearest-neighbour queries from Chroma's graph as it was when opened. Use it in any one thread.

    The graph is read into memory when it is opened, and then asks no more of the files than they always hold:
    it goes on answering while somebody writes them, and when they are broken or replaced. It is opened only
    while nobody writes, and opened anew when there is a newer one and much has changed.
    Ask it outside of `Catalog.snapshot`: it may have to mark Chroma as not to be trusted.
    """

    def __init__(self) -> None:
        self._store: ChromaVectors | None = None
        self._generation = 0
        self._distrusted = -1
        self._last = 0
        self._vectors = 0
        self._beside: NDArray[np.int64]

    def query(self, catalog: Catalog, vector: NDArray[np.float32], k: int) -> Neighbours | None:
        """The `k` nearest chunks, or None if Chroma is not to be asked now: then search exactly."""
        if not self.ready(catalog) or self._store is None:
            return None
        try:
            hits = self._store.query(vector, k)
        except VectorsFailed:
            self._distrusted = self._generation  # exact search answers; the next writer looks into it
            self.close()
            return None
        return Neighbours(hits.ids, self._last, self._beside)

    def ready(self, catalog: Catalog) -> bool:
        """True if Chroma may be asked; opens it if need be, which takes one to two seconds the first time."""
        state = catalog.chroma.state()
        if state.mark == "absent":  # deleted, with what was purged from it
            self.close()
        newer = state.mark == "clean" and state.generation not in (self._generation, self._distrusted)
        if self._store is None or (newer and self._changes(catalog) > REOPENED_FROM):
            self.close()
            if state.mark != "clean" or state.generation == self._distrusted or not self._open(catalog):
                return False
        return len(self._beside) + len(catalog.chunk_rows_after(self._last)) <= MOST_BESIDE

    def _changes(self, catalog: Catalog) -> int:
        """How many chunks came and went since the graph was opened."""
        added = len(catalog.chunk_rows_after(self._last))
        return added + self._vectors + added - catalog.counts().vectors

    def _open(self, catalog: Catalog) -> bool:
        """Open under the writer lock: files that are just being written must not be loaded."""
        import numpy as np

        try:
            with writer_lock(catalog.folder, wait=0):
                generation = catalog.chroma.state().generation
                if not is_sound(catalog):
                    self._distrusted = generation
                    if catalog.chroma.state().mark == "clean":
                        catalog.chroma.mark("dirty")
                    return False
                rows = catalog.chunk_rows(catalog.chroma.pending_ids()).values()
                self._store = ChromaVectors.open(catalog.folder / CHROMA)
                self._store.misses(catalog.chroma.sample(1))  # loads the graph while nobody writes
                self._generation = generation
                self._beside = np.fromiter(rows, dtype=np.int64, count=len(rows))
                self._last = catalog.last_chunk_row()
                self._vectors = catalog.counts().vectors
        except (IndexLocked, StorageError):
            return False  # somebody writes, or nobody can: exact search answers
        return True

    def close(self) -> None:
        """Let go of Chroma's files; the next query opens them again."""
        if self._store is not None:
            self._store.close()
            self._store = None
