"""All vectors of a catalog in a quarter of their size, to tell which of them may be among the nearest.

Each number is rounded to a byte. That moves a cosine by so much at most: the chunks that may be near enough
are few, and only these are compared exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from index.search.dense.products import products

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from index.storage.records import VectorTable

LARGEST = 127
FLOAT_ERROR = 2e-6  # of a cosine: of sums of float32, and of the digits that are compared


class QuantisedVectors(NamedTuple):
    """The vectors of the chunks in `rows`, in ascending order: `scales` (n) times `numbers` (n × d)."""

    rows: NDArray[np.int64]
    numbers: NDArray[np.int8]
    scales: NDArray[np.float32]

    @classmethod
    def of(cls, rows: NDArray[np.int64], dimension: int, pages: Iterable[VectorTable]) -> QuantisedVectors:
        """Those of the chunks in `rows`, ascending, which `pages` hold in any order."""
        import numpy as np

        all_of_them = cls(rows, np.empty((len(rows), dimension), np.int8), np.empty(len(rows), np.float32))
        for page in pages:
            all_of_them._put(page)
        return all_of_them

    def moved_to(self, rows: NDArray[np.int64], new: VectorTable) -> QuantisedVectors:
        """These for the chunks in other `rows`, ascending, of which those that are not here are `new`."""
        import numpy as np

        moved = self.of(rows, self.numbers.shape[1], [new])
        kept = np.intersect1d(rows, self.rows, assume_unique=True)
        to, at = np.searchsorted(rows, kept), np.searchsorted(self.rows, kept)
        moved.numbers[to], moved.scales[to] = self.numbers[at], self.scales[at]
        return moved

    def _put(self, page: VectorTable) -> None:
        import numpy as np

        at = np.searchsorted(self.rows, page.rows)
        scales = np.abs(page.matrix).max(axis=1) / np.float32(LARGEST)
        self.numbers[at], self.scales[at] = np.rint(page.matrix / scales[:, None]), scales

    def nearest(
        self, vector: NDArray[np.float32], count: int, among: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """Rows that hold the `count` nearest to `vector`, of unit length, and others that could be.

        Of equally near ones all are held, but for a `vector` of zeros, to which all are: then the first ones.
        `among` tells which of `rows` are looked at, None for all.
        """
        import numpy as np

        rows, scales, sums = self.rows, self.scales, products(self.numbers, vector)
        if among is not None:
            rows, scales, sums = rows[among], scales[among], sums[among]
        if len(rows) <= count or not vector.any():
            return rows[:count]
        # Half of a step in each direction at most, d of them: their product with a vector of length 1.
        error = np.float32(np.sqrt(len(vector)) / 2)
        least = np.partition(scales * (sums - error), -count)[-count] - FLOAT_ERROR
        nearest: NDArray[np.int64] = rows[scales * (sums + error) >= least]
        return nearest
