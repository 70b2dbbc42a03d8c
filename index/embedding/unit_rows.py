"""A model's vectors validated (shape, finite, not zero) and scaled to unit length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.remote.failures import invalid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


def unit_rows(vectors: Sequence[ArrayLike], *, origin: str, dimension: int = 0) -> NDArray[np.float32]:
    """The at least one `vectors`, each divided by its Euclidean length: float32, len(vectors) × dimension.

    `dimension` is the length that they must have, 0 where any will do. Raises InvalidAnswer, naming `origin`,
    for rows of different length, of another length, of length zero, or with a number that is not finite.
    """
    import numpy as np

    try:
        table = np.array(vectors, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):  # ragged rows; no numbers; a whole number of 400 digits
        raise invalid(origin, "vectors that are none, or of different length") from None
    if table.ndim != 2 or not table.shape[1]:
        raise invalid(origin, "vectors that are none, or of different length")
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        raise invalid(origin, "vectors that are not finite, or zero")
    if dimension and table.shape[1] != dimension:
        raise invalid(origin, f"vectors of {table.shape[1]} numbers, not {dimension}")
    unit: NDArray[np.float32] = (table / lengths).astype(np.float32)
    return unit
