# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
"""The vectors of chunks, read page by page: who looks at each once need not hold them all in memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.errors import IndexDamaged
from index.storage.content.rows import LISTED
from index.storage.records import VectorTable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from index.storage.database import Database

VECTORS_AT_ONCE = 500  # what fits into a processor's cache is looked at twice as fast


def vector_pages(db: Database) -> Iterator[VectorTable]:
    """The vectors of all chunks, as they lie in the file and in no order of rows; for use within a snapshot.

    SQLite puts each page together: to hand its vectors over one by one takes as long again. Of the chunks
    only an index is read. Raises IndexDamaged for vectors of several lengths.
    """
    import numpy as np

    last = db.required_row("SELECT ifnull(max(row), 0) FROM vectors")[0]
    for first in range(1, last + 1, VECTORS_AT_ONCE):
        listed, packed = db.required_row(
            "SELECT group_concat(chunks.row), CAST(group_concat(vectors.vector, '') AS BLOB)"
            " FROM chunks JOIN vectors ON vectors.row = chunks.vector"
            " WHERE chunks.vector BETWEEN ? AND ?",
            (first, first + VECTORS_AT_ONCE - 1),
        )
        if listed:
            yield _table(db, np.fromstring(listed, dtype=np.int64, sep=","), packed)


def rows_with_vectors(db: Database) -> NDArray[np.int64]:
    """The rows of all chunks that have a vector, ascending."""
    import numpy as np

    listed = db.required_row("SELECT group_concat(row) FROM chunks WHERE vector IS NOT NULL")[0]
    return np.sort(np.fromstring(listed or "", dtype=np.int64, sep=","))


def vectors_of(db: Database, rows: Collection[int]) -> VectorTable:
    """The vectors of the chunks in these rows, in their order; a row without one is left out."""
    import numpy as np

    found = db.rows(
        "SELECT chunks.row, vectors.vector FROM chunks JOIN vectors ON vectors.row = chunks.vector"
        f" WHERE chunks.row IN {LISTED} ORDER BY chunks.row",
        (json.dumps(sorted(rows)),),
    )
    in_order = np.array([row for row, _ in found], dtype=np.int64)
    return _table(db, in_order, b"".join(vector for _, vector in found))


def _table(db: Database, rows: NDArray[np.int64], packed: bytes) -> VectorTable:
    import numpy as np

    dimension = db.required_row("SELECT dimension FROM manifest")[0]
    if len(packed) != 4 * dimension * len(rows):
        raise IndexDamaged("the index is damaged: vectors of several lengths", "index the documents again")
    return VectorTable(rows, np.frombuffer(packed, dtype="<f4").reshape(len(rows), dimension))
