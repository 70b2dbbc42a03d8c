"""Dense search: the cosines of the chunks nearest to a question, exact ones.

Up to so many chunks all vectors are compared: read page by page for the first question, which may be the only
one of its process, and held in memory from the second on. Above, Chroma names the nearest, and only these are
compared, with those that it may not know yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.storage.catalog import Catalog
    from index.storage.records import VectorTable
    from index.vectors.reader import ChromaReader, Neighbours

DENSE_CANDIDATES = 20
# Chunks up to which all vectors are compared: 200,000 of 256 load in 0.8 s and take 25 ms a question, where
# Chroma takes 2 s to be opened and checked, and then 2 ms.
EXACT_LIMIT = 200_000
HELD_AT_ONCE = 20_000  # chunks whose vectors are held from the first question on: they load in 50 ms
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
        self._vectors: VectorTable | None = None
        self._compared_all: _Compared | None = None
        self._chroma: ChromaReader | None = None

    def close(self) -> None:
        """Let go of Chroma and of the vectors; the next question loads them again."""
        self._generation, self._vectors, self._compared_all = -1, None, None
        if self._chroma is not None:
            self._chroma.close()

    def neighbours(
        self, vector: NDArray[np.float32], admitted: NDArray[np.int64] | None
    ) -> Neighbours | None:
        """What Chroma finds nearest; None where all, or all in the rows `admitted`, are to be compared.

        Not to be asked within a snapshot of the catalog.
        """
        generation = self._catalog.generation()
        if generation != self._generation:
            self._vectors, self._compared_all, self._generation = None, None, generation
            self._chunks = self._catalog.counts().vectors
        if self._chunks <= self._exact or (admitted is not None and not len(admitted)):
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

        if near is None:
            _, rows, cosines = self._with_all(vector)
        else:
            rows, matrix = self._near(near, lexical, admitted)
            cosines = matrix @ vector if len(rows) else np.zeros(0, np.float32)
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

        if self._compared_all is not None and self._compared_all.vector is vector:
            return self._compared_all
        if self._vectors is None and (self._compared_all is not None or self._chunks <= HELD_AT_ONCE):
            self._vectors = self._catalog.vectors()
        pages = self._catalog.vector_pages() if self._vectors is None else [self._vectors]
        rows, cosines = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
        for page in pages:
            if len(page.rows):
                rows.append(page.rows)
                cosines.append(page.matrix @ vector)
        self._compared_all = _Compared(vector, np.concatenate(rows), np.concatenate(cosines))
        return self._compared_all

    def _near(
        self, near: Neighbours, lexical: Sequence[int], admitted: NDArray[np.int64] | None
    ) -> VectorTable:
        """The vectors to compare where Chroma was asked, in the order of rows."""
        import numpy as np

        found = np.fromiter(self._catalog.chunk_rows(near.ids).values(), dtype=np.int64)
        known = np.concatenate([found, self._catalog.chunk_rows_after(near.last), near.beside])
        if admitted is not None:
            known = known[_among(known, admitted)]
            if len(known) < DENSE_CANDIDATES:
                known = admitted
        return self._catalog.vectors({*map(int, known), *lexical})


class _Compared(NamedTuple):
    """A question's vector, and its cosines with the chunks in `rows`."""

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
