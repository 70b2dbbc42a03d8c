# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
"""The vectors of chunks, read page by page: who looks at each once need not hold them all in memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.storage.content.rows import LISTED, known_rows
from index.storage.opening.errors import damaged
from index.storage.records import VectorTable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from index.storage.database import Database

NOT_UNIT = 0.01  # by which the square of a vector's length may differ from 1
VECTORS_AT_ONCE = 500  # what fits into a processor's cache is looked at twice as fast


def vector_pages(db: Database) -> Iterator[VectorTable]:
    """The vectors of all chunks, as they lie in the file and in no order of rows; for use within a snapshot.

    SQLite puts each page together: to hand its vectors over one by one takes as long again. Of the chunks
    only an index is read. Raises IndexDamaged for a vector that is missing, or none of unit length.
    """
    import numpy as np

    left = db.required_row("SELECT count(vector) FROM chunks")[0]
    first = 1
    while left > 0:
        listed, packed = db.required_row(
            "SELECT group_concat(chunks.row), CAST(group_concat(vectors.vector, '') AS BLOB)"
            " FROM chunks JOIN vectors ON vectors.row = chunks.vector"
            " WHERE chunks.vector BETWEEN ? AND ?",
            (first, first + VECTORS_AT_ONCE - 1),
        )
        if listed:
            page = _table(db, np.fromstring(listed, dtype=np.int64, sep=","), packed)
            left -= len(page.rows)
            yield page
        # Whatever numbers were deleted, or stand there by mistake, are passed over.
        following = db.required_row(
            "SELECT min(vector) FROM chunks WHERE vector >= ?", (first + VECTORS_AT_ONCE,), of=(int | None,)
        )[0]
        if following is None:
            break
        first = (following - 1) // VECTORS_AT_ONCE * VECTORS_AT_ONCE + 1
    if left:
        raise damaged(db.path, "vectors of chunks are missing")


def rows_with_vectors(db: Database) -> NDArray[np.int64]:
    """The rows of all chunks that have a vector, ascending."""
    import numpy as np

    listed = db.required_row("SELECT group_concat(row) FROM chunks WHERE vector IS NOT NULL")[0]
    return known_rows(db, np.sort(np.fromstring(listed or "", dtype=np.int64, sep=",")))


def vectors_of(db: Database, rows: Collection[int]) -> VectorTable:
    """The vectors of the chunks in these rows, in their order; a row without one is left out."""
    import numpy as np

    found = db.rows(
        "SELECT chunks.row, vectors.vector FROM chunks JOIN vectors ON vectors.row = chunks.vector"
        f" WHERE chunks.row IN {LISTED} ORDER BY chunks.row",
        (json.dumps(sorted(rows)),),
        of=(int, bytes),
    )
    in_order = np.array([row for row, _ in found], dtype=np.int64)
    return _table(db, in_order, b"".join(vector for _, vector in found))


def _table(db: Database, rows: NDArray[np.int64], packed: bytes) -> VectorTable:
    import numpy as np

    dimension = db.required_row("SELECT dimension FROM manifest", of=(int,))[0]
    if len(packed) != 4 * dimension * len(rows):
        raise damaged(db.path, "vectors of several lengths")
    matrix = np.frombuffer(packed, dtype="<f4").reshape(len(rows), dimension)
    with np.errstate(all="ignore"):
        lengths = np.einsum("ij,ij->i", matrix, matrix)
    if not (np.abs(lengths - 1) < NOT_UNIT).all():  # as for what is no number
        raise damaged(db.path, "vectors that are not of unit length")
    return VectorTable(rows, matrix)
