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

    from index.storage.database import Database

VECTORS_AT_ONCE = 500  # what fits into a processor's cache is looked at twice as fast


def vector_pages(db: Database, rows_wanted: Collection[int] | None = None) -> Iterator[VectorTable]:
    """All vectors, or those of the chunks in some rows, in the order of rows; for use within a snapshot.

    Raises IndexDamaged for vectors of several lengths.
    """
    import numpy as np

    only = "" if rows_wanted is None else f" WHERE chunks.row IN {LISTED}"
    values = () if rows_wanted is None else (json.dumps(sorted(rows_wanted)),)
    dimension = db.required_row("SELECT dimension FROM manifest")[0]
    for page in db.pages(
        "SELECT chunks.row, vectors.vector FROM chunks JOIN vectors ON vectors.row = chunks.vector"
        f"{only} ORDER BY chunks.row",
        values,
        size=VECTORS_AT_ONCE,
    ):
        rows, vectors = zip(*page, strict=True)
        packed = b"".join(vectors)
        if len(packed) != 4 * dimension * len(rows):
            raise IndexDamaged(
                "the index is damaged: vectors of several lengths", "index the documents again"
            )
        matrix = np.frombuffer(packed, dtype="<f4").reshape(len(rows), dimension)
        yield VectorTable(np.array(rows, dtype=np.int64), matrix)
