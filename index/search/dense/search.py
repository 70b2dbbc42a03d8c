"""Dense search: the cosines of the chunks nearest to a question, exact ones.

Up to so many chunks all vectors are held in memory and compared. Of more, they are compared page by page for
the first question, which may be the only one of its process; from the second one on, they are held rounded,
and those that may be among the nearest are compared. Of more still, Chroma names the nearest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from index.search.dense.products import products

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.search.dense.quantised import QuantisedVectors
    from index.storage.catalog import Catalog
    from index.storage.records import VectorTable
    from index.vectors.reader import ChromaReader, Neighbours

DENSE_CANDIDATES = 20
# Chunks up to which no graph is asked. It answers in 8 ms whatever the size, where exact search takes 7 ms
# for each 100,000 of 256 numbers. But to be opened it takes seven times as long as reading the vectors, and
# six times the memory: at any size a process has to ask 250 questions before that is made up for.
EXACT_LIMIT = 500_000
HELD_AT_ONCE = 20_000  # chunks whose vectors are held as they are, from the first question on: 50 ms
MOST_NEW = 20_000  # chunks up to which the vectors that are held rounded are brought up to date
NEIGHBOURS = 100  # asked of Chroma, whose order is approximate, to be sure of the DENSE_CANDIDATES nearest
MOST_NEIGHBOURS = 2_000  # asked of it where only some of them are admitted
DIGITS = 6  # of a cosine: equal vectors must tie, in whatever order the machine adds


class DenseSearch:
    """Compares questions with the chunks of one catalog, up to `exact` of them without Chroma."""

    def __init__(self, catalog: Catalog, exact: int) -> None:
        self._catalog = catalog
        self._exact = exact
        self._generation = -1
        self._chunks = 0
        self._first: NDArray[np.float32] | None = None  # the vector of the first question
        self._compared: _Compared | None = None
        self._vectors: VectorTable | None = None
        self._quantised: tuple[int, QuantisedVectors] | None = None  # with their generation
        self._chroma: ChromaReader | None = None

    def close(self) -> None:
        """Let go of Chroma and of the vectors; the next question loads them again."""
        self._generation, self._first, self._compared = -1, None, None
        self._vectors, self._quantised = None, None
        if self._chroma is not None:
            self._chroma.close()

    def neighbours(
        self, vector: NDArray[np.float32], admitted: NDArray[np.int64] | None
    ) -> Neighbours | None:
        """What Chroma finds nearest; None where all, or all in the rows `admitted`, are to be compared.

        A process that asks once does not wait for Chroma. Not to be asked within a snapshot of the catalog.
        """
        generation = self._catalog.generation()
        if generation != self._generation:
            self._generation, self._compared, self._vectors = generation, None, None
            self._chunks = self._catalog.counts().vectors
        if self._chunks <= self._exact or (admitted is not None and not len(admitted)):
            return None
        if self._first is None and self._chunks > HELD_AT_ONCE:
            return None
        if self._chroma is None:
            from index.vectors.reader import ChromaReader

            self._chroma = ChromaReader()
        share = 1.0 if admitted is None else len(admitted) / self._chunks
        if share * MOST_NEIGHBOURS < NEIGHBOURS:
            return self._chroma.query(self._catalog, vector, MOST_NEIGHBOURS)
        return self._chroma.query(self._catalog, vector, int(NEIGHBOURS / share))

    def cosines(
        self,
        vector: NDArray[np.float32],
        near: Neighbours | None,
        lexical: Sequence[int],
        admitted: NDArray[np.int64] | None,
    ) -> dict[int, float]:
        """By row, the cosines of the nearest chunks among the `admitted`, and of those in rows `lexical`."""
        import numpy as np

        if near is not None:
            compared = self._with(vector, self._known(near, admitted), lexical)
        elif self._chunks <= HELD_AT_ONCE or self._first is None or self._first is vector:
            compared = self._with_all(vector)
        else:
            compared = self._with(vector, self._possible(vector, admitted), lexical)
        rows, cosines = compared.rows, compared.cosines
        open_to = np.arange(len(rows)) if admitted is None else np.flatnonzero(_among(rows, admitted))
        at = open_to[_nearest(cosines[open_to], DENSE_CANDIDATES)]
        found = np.searchsorted(rows, np.asarray(lexical, dtype=np.int64))
        found = found[found < len(rows)]
        both = {*at.tolist(), *found[np.isin(rows[found], lexical)].tolist()}
        at = np.array(sorted(both), dtype=np.int64)  # np.unique would import numpy.ma, a fifth of numpy
        return dict(zip(rows[at].tolist(), np.round(cosines[at], DIGITS).tolist(), strict=True))

    def _with_all(self, vector: NDArray[np.float32]) -> _Compared:
        """`vector` compared with all others, in the order of rows. One that was just asked is remembered."""
        import numpy as np

        if self._compared is not None and self._compared.vector is vector:
            return self._compared
        if self._vectors is None and self._chunks <= HELD_AT_ONCE:
            self._vectors = self._catalog.vectors()
        pages = self._catalog.vector_pages() if self._vectors is None else [self._vectors]
        parts = [(page.rows, products(page.matrix, vector)) for page in pages]
        rows = np.concatenate([np.zeros(0, np.int64), *(rows for rows, _ in parts)])
        cosines = np.concatenate([np.zeros(0, np.float32), *(cosines for _, cosines in parts)])
        order = np.argsort(rows, kind="stable")
        self._first = self._first if self._first is not None else vector
        self._compared = _Compared(vector, rows[order], cosines[order])
        return self._compared

    def _with(
        self, vector: NDArray[np.float32], rows: NDArray[np.int64], lexical: Sequence[int]
    ) -> _Compared:
        """`vector` compared with those of the chunks in `rows` and in rows `lexical`, in their order."""
        import numpy as np

        found, matrix = self._catalog.vectors({*map(int, rows), *lexical})
        return _Compared(vector, found, matrix @ vector if len(found) else np.zeros(0, np.float32))

    def _possible(self, vector: NDArray[np.float32], admitted: NDArray[np.int64] | None) -> NDArray[np.int64]:
        """The rows of the chunks that may be among the nearest of the `admitted`."""
        held = self._held_rounded()
        among = None if admitted is None else _among(held.rows, admitted)
        return held.nearest(vector, DENSE_CANDIDATES, among)

    def _held_rounded(self) -> QuantisedVectors:
        """All vectors, rounded, as they are now. Those of chunks that stayed are as they were."""
        import numpy as np

        from index.search.dense.quantised import QuantisedVectors

        generation = self._catalog.generation()
        if self._quantised is not None and self._quantised[0] == generation:
            return self._quantised[1]
        rows = self._catalog.rows_with_vectors()
        before = np.zeros(0, np.int64) if self._quantised is None else self._quantised[1].rows
        new = np.setdiff1d(rows, before, assume_unique=True)
        if self._quantised is not None and len(new) <= MOST_NEW:
            held = self._quantised[1].moved_to(rows, self._catalog.vectors(set(new.tolist())))
        else:
            self._quantised = None
            held = QuantisedVectors.of(rows, self._catalog.manifest.dimension, self._catalog.vector_pages())
        self._quantised = (generation, held)
        return held

    def _known(self, near: Neighbours, admitted: NDArray[np.int64] | None) -> NDArray[np.int64]:
        """The rows of the chunks that Chroma names, and of those that it may not know."""
        import numpy as np

        found = np.fromiter(self._catalog.chunk_rows(near.ids).values(), dtype=np.int64)
        known = np.concatenate([found, self._catalog.chunk_rows_after(near.last), near.beside])
        if admitted is not None:
            known = known[_among(known, admitted)]
            if len(known) < DENSE_CANDIDATES:
                return admitted
        return known


class _Compared(NamedTuple):
    """A question's vector, and its cosines with the chunks in `rows`, which are in ascending order."""

    vector: NDArray[np.float32]
    rows: NDArray[np.int64]
    cosines: NDArray[np.float32]


def _among(rows: NDArray[np.int64], admitted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of `rows` are among `admitted`, both at least 0."""
    import numpy as np

    flags = np.zeros(1 + max(int(rows.max(initial=0)), int(admitted.max(initial=0))), np.bool_)
    flags[admitted] = True
    chosen: NDArray[np.bool_] = flags[rows]
    return chosen


def _nearest(cosines: NDArray[np.floating], count: int) -> NDArray[np.intp]:
    """Where the `count` largest are, to `DIGITS` digits, ties by place."""
    import numpy as np

    if len(cosines) > count:
        least = np.partition(cosines, -count)[-count]
        at = np.flatnonzero(cosines >= least - 2 * 10.0**-DIGITS)  # what may be as large when it is rounded
    else:
        at = np.arange(len(cosines))
    return at[np.argsort(-np.round(cosines[at], DIGITS), kind="stable")][:count]
