# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
"""What the catalog knows of Chroma: how far it can be trusted, and what it has still to be told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.storage.content.rows import (
    CHUNK_COLUMNS,
    CHUNK_WIDTH,
    LISTED,
    SOURCE_COLUMNS,
    chunk_of,
    columns_in,
    source_of,
)
from index.storage.opening.errors import damaged, decoding
from index.storage.records import ChromaState, Pending, StoredVector

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.storage.database import Database, Value
    from index.storage.records import Mark
    from index.types import Source

GONE = "chunk_id NOT IN (SELECT id FROM chunks WHERE vector IS NOT NULL)"


class ChromaLedger:
    """The catalog's book about Chroma. Every changed chunk is entered in the transaction that changes it.

    Every method raises IndexDamaged where the file turns out broken, StorageError where the disk does.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self._base = str(folder.parent)
        self._db = database

    def state(self) -> ChromaState:
        """How far Chroma can be trusted."""
        pending = "(SELECT count(*) FROM chroma_pending)"
        return ChromaState(
            *self._db.required_row(
                f"SELECT chroma, chroma_generation, {pending} FROM manifest", of=(str, int, int)
            )
        )

    def pending_ids(self) -> tuple[str, ...]:
        """The ids of all chunks of which Chroma has still to be told."""
        return tuple(
            chunk_id for (chunk_id,) in self._db.rows("SELECT chunk_id FROM chroma_pending", of=(str,))
        )

    def gone(self) -> int:
        """How many of the pending chunks are gone, or without a vector."""
        return int(self._db.required_row(f"SELECT count(*) FROM chroma_pending WHERE {GONE}")[0])

    def batches(self, size: int) -> Iterator[Pending]:
        """All that is pending: first what is gone, then the others in the order of rows, `size` at once.

        For whoever holds the writer lock: what becomes pending meanwhile is not among it.
        """
        gone = self._db.rows(f"SELECT chunk_id FROM chroma_pending WHERE {GONE}", of=(str,))
        for at in range(0, len(gone), size):
            yield Pending(tuple(chunk_id for (chunk_id,) in gone[at : at + size]), ())
        rows = sorted(
            row
            for (row,) in self._db.rows(
                "SELECT chunks.row FROM chroma_pending JOIN chunks ON chunks.id = chunk_id"
                " WHERE vector IS NOT NULL"
            )
        )
        for at in range(0, len(rows), size):
            some = json.dumps(rows[at : at + size])
            vectors = self._stored(f"chunks.row IN {LISTED} ORDER BY chunks.row", (some,))
            yield Pending(tuple(stored.chunk.id for stored in vectors), vectors)

    def vectors_after(self, row: int, limit: int) -> tuple[StoredVector, ...]:
        """The next chunks that have a vector, at most `limit`, in the order of rows, from behind `row`."""
        return self._stored("chunks.row > ? ORDER BY chunks.row LIMIT ?", (row, limit))

    def _stored(self, where: str, values: Sequence[Value]) -> tuple[StoredVector, ...]:
        rows = self._db.rows(
            "SELECT chunks.row, vectors.vector,"
            f" {columns_in(self._db, f'{CHUNK_COLUMNS}, {SOURCE_COLUMNS}')} FROM chunks"
            " JOIN vectors ON vectors.row = chunks.vector JOIN sources ON sources.row = chunks.source"
            f" WHERE {where}",
            values,
        )
        sources: dict[str, Source] = {}
        stored = []
        dimension = self._db.required_row("SELECT dimension FROM manifest")[0]
        for row, vector, *rest in rows:
            if len(vector) != 4 * dimension:
                raise damaged(self._db.path, "vectors of several lengths")
            chunk = chunk_of(self._db, tuple(rest[:CHUNK_WIDTH]))
            if chunk.source_id not in sources:
                sources[chunk.source_id] = source_of(self._db, tuple(rest[CHUNK_WIDTH:]), self._base)
            stored.append(StoredVector(row, chunk, sources[chunk.source_id], vector))
        return tuple(stored)

    def sample(self, most: int) -> NDArray[np.float32]:
        """Up to `most` vectors that Chroma has been told of, spread evenly: n × dimension float32."""
        import numpy as np

        with self._db.reading():
            dimension, vectors = self._db.required_row(
                "SELECT dimension, (SELECT count(vector) FROM chunks) FROM manifest"
            )
            rows = self._db.rows(
                "SELECT vectors.vector FROM chunks JOIN vectors ON vectors.row = chunks.vector"
                " WHERE chunks.row % ? = 0 AND chunks.id NOT IN (SELECT chunk_id FROM chroma_pending)"
                " ORDER BY chunks.row LIMIT ?",
                (vectors // most + 1, most),
            )
        with decoding(self._db.path):
            packed = b"".join([vector for (vector,) in rows])
            return np.frombuffer(packed, dtype="<f4").reshape(len(rows), dimension)

    def mark(self, mark: Mark) -> None:
        """Say how far Chroma can be trusted from now on; "clean" counts its generation up."""
        with self._db.writing():
            self._count(mark, 1 if mark == "clean" else 0)

    def start_over(self) -> None:
        """Say that there is no Chroma: all is pending. The generation counts up: no reader goes on."""
        with self._db.writing():
            self._count("absent", 1)
            self._db.run("DELETE FROM chroma_pending")
            self._db.run("INSERT INTO chroma_pending SELECT id FROM chunks WHERE vector IS NOT NULL")

    def _count(self, mark: Mark, by: int) -> None:
        self._db.run("UPDATE manifest SET chroma = ?, chroma_generation = chroma_generation + ?", (mark, by))

    def told(self, pending: Pending) -> None:
        """Note that Chroma was told: it is not pending any more."""
        with self._db.writing():
            self._db.run(f"DELETE FROM chroma_pending WHERE chunk_id IN {LISTED}", (json.dumps(pending.ids),))
