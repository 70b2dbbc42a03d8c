# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
"""What the catalog knows of Chroma: how far it can be trusted, and what it has still to be told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.storage.content.rows import CHUNK_COLUMNS, LISTED, SOURCE_COLUMNS, chunk_of, source_of
from index.storage.records import ChromaState, Pending, StoredVector

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.storage.database import Database, Value
    from index.storage.records import Mark
    from index.types import Source


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
            *self._db.required_row(f"SELECT chroma, chroma_generation, {pending} FROM manifest")
        )

    def pending_ids(self) -> tuple[str, ...]:
        """The ids of all chunks of which Chroma has still to be told."""
        return tuple(chunk_id for (chunk_id,) in self._db.rows("SELECT chunk_id FROM chroma_pending"))

    def pending(self, limit: int) -> Pending:
        """Up to `limit` chunks of which Chroma has still to be told."""
        with self._db.reading():
            ids = self._db.rows("SELECT chunk_id FROM chroma_pending LIMIT ?", (limit,))
            listed = json.dumps([chunk_id for (chunk_id,) in ids])
            vectors = self._stored(f"chunks.id IN {LISTED} ORDER BY chunks.row", (listed,))
        return Pending(tuple(chunk_id for (chunk_id,) in ids), vectors)

    def vectors_after(self, row: int, limit: int) -> tuple[StoredVector, ...]:
        """The next chunks that have a vector, at most `limit`, in the order of rows, from behind `row`."""
        return self._stored("chunks.row > ? ORDER BY chunks.row LIMIT ?", (row, limit))

    def _stored(self, where: str, values: Sequence[Value]) -> tuple[StoredVector, ...]:
        rows = self._db.rows(
            f"SELECT chunks.row, vectors.vector, {CHUNK_COLUMNS}, {SOURCE_COLUMNS} FROM chunks"
            " JOIN vectors ON vectors.row = chunks.vector JOIN sources ON sources.row = chunks.source"
            f" WHERE {where}",
            values,
        )
        sources: dict[str, Source] = {}
        stored = []
        for row, vector, *rest in rows:
            chunk = chunk_of(tuple(rest[:8]))
            if chunk.source_id not in sources:
                sources[chunk.source_id] = source_of(tuple(rest[8:]), self._base)
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
        packed = b"".join([vector for (vector,) in rows])
        return np.frombuffer(packed, dtype="<f4").reshape(len(rows), dimension)

    def mark(self, mark: Mark, *, start_over: bool = False) -> None:
        """Say how far Chroma can be trusted from now on; "clean" counts its generation up.

        With `start_over`, what is pending is dropped: for whoever builds Chroma anew from all chunks.
        """
        with self._db.writing():
            self._db.run(
                "UPDATE manifest SET chroma = ?, chroma_generation = chroma_generation + ?",
                (mark, mark == "clean"),
            )
            if start_over:
                self._db.run("DELETE FROM chroma_pending")

    def settle(self, pending: Pending) -> None:
        """Drop what Chroma has been told, but for chunks that changed again meanwhile."""
        written = {stored.chunk.id: stored.row for stored in pending.vectors}
        with self._db.writing():
            now: dict[str, int] = dict(
                self._db.rows(
                    f"SELECT id, row FROM chunks WHERE vector IS NOT NULL AND id IN {LISTED}",
                    (json.dumps(pending.ids),),
                )
            )
            done = [chunk_id for chunk_id in pending.ids if now.get(chunk_id) == written.get(chunk_id)]
            self._db.run(f"DELETE FROM chroma_pending WHERE chunk_id IN {LISTED}", (json.dumps(done),))
