"""Products of many vectors and one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Numbers: half a processor's cache, and too few for NumPy to wake threads, which wait in a circle for each
# other: on two busy cores they took three times the processor time of one.
AT_ONCE = 1 << 17


def products(
    matrix: NDArray[np.float32] | NDArray[np.int8], vector: NDArray[np.float32]
) -> NDArray[np.float32]:
    """`matrix @ vector`, a few rows at a time: n float32 of n × d numbers, which may be single bytes."""
    import numpy as np

    found = np.empty(len(matrix), np.float32)
    wide = np.empty((max(1, AT_ONCE // len(vector)), len(vector)), np.float32)
    for start in range(0, len(matrix), len(wide)):
        some = matrix[start : start + len(wide)]
        if some.dtype != np.float32:
            wide[: len(some)] = some
            some = wide[: len(some)]
        np.dot(some, vector, out=found[start : start + len(some)])
    return found
