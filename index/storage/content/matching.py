# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
"""Full-text search: FTS5's best chunks for a query, and what BM25 is calculated from without it.

What is many rows of one or two numbers comes as one string or blob, put together by SQLite itself: to hand
rows over one by one takes it several times as long as to find them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.storage.content.rows import known_rows, row_flags
from index.storage.opening.errors import damaged
from index.storage.records import WORDS, Lengths, Match, Postings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.storage.database import Database

COLUMN_WEIGHTS = (1.0, 0.5, 0.5, 1.0)  # of text, headings, title and name in BM25 (benchmarks/RESULTS.md)
BM25 = f"bm25(chunks_fts, {', '.join(map(str, COLUMN_WEIGHTS))})"
COLUMNS = WORDS.split(", ")
LESS, FULL = min(COLUMN_WEIGHTS), max(COLUMN_WEIGHTS)
WHEN_FULL = " ".join(
    f"WHEN '{column}' THEN doc"
    for column, weight in zip(COLUMNS, COLUMN_WEIGHTS, strict=True)
    if weight == FULL
)


def match(db: Database, query: str, limit: int, within: NDArray[np.int64] | None, beside: str) -> list[Match]:
    """The best chunks for an FTS5 query, as `CatalogReader.match` says."""
    values: tuple[str | int, ...] = (query,)
    only = ""
    if within is not None:
        if not len(within):
            return []
        values = (query, int(within[0]), int(within[-1]))
        only = " AND rowid BETWEEN ? AND ? AND admitted(rowid)"
        db.define("admitted", row_flags(within).__getitem__)
    select = f"SELECT rowid AS row, -{BM25} AS score FROM chunks_fts WHERE chunks_fts MATCH ?{only}"
    if beside:
        values = (f"({query}) AND ({beside})", *values[1:], *values)
        select = (
            f"WITH more AS ({select}) SELECT row, score FROM more UNION ALL {select}"
            " AND +rowid NOT IN (SELECT row FROM more)"
        )
    rows = db.rows(f"{select} ORDER BY score DESC, row LIMIT ?", (*values, limit))
    return [Match(row, score) for row, score in rows]


def frequency(db: Database, query: str) -> int:
    """How many chunks an FTS5 query finds."""
    count: int = db.required_row("SELECT count(*) FROM chunks_fts WHERE chunks_fts MATCH ?", (query,))[0]
    return count


def postings(db: Database, token: str) -> Postings:
    """The chunks that a token of the index occurs in, with how often, weighted by `COLUMN_WEIGHTS`.

    Occurrences of the lesser weight are told by their sign.
    """
    import numpy as np

    listed = db.required_row(
        f"SELECT group_concat(CASE col {WHEN_FULL} ELSE -doc END) FROM occurrences WHERE term = ?", (token,)
    )[0]
    signed = np.fromstring(listed or "", dtype=np.int64, sep=",")
    rows, weights = np.abs(signed), np.where(signed > 0, FULL, LESS)
    first = np.flatnonzero(np.diff(rows, prepend=0))
    counts = np.add.reduceat(weights, first) if len(rows) else weights
    return Postings(rows[first], counts)


def lengths(db: Database) -> Lengths:
    """The tokens of every chunk that is in the index. Raises IndexDamaged where they are not there."""
    rows, sizes = column_lengths(db)
    return Lengths(rows, sizes.sum(axis=1))


def column_lengths(db: Database) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of all chunks in the index, and the tokens of each of their columns: n, and n × `COLUMNS`.

    Read from where FTS5 keeps them (sqlite.org/fts5.html, 9.3): for each column a number of seven bits a
    byte, the highest set in all bytes but its last one. Raises IndexDamaged where they are not.
    """
    import numpy as np

    listed, packed = db.required_row(
        "SELECT group_concat(id), CAST(group_concat(sz, '') AS BLOB) FROM chunks_fts_docsize"
    )
    rows = np.fromstring(listed or "", dtype=np.int64, sep=",")
    sizes = _numbers(packed or b"")
    if len(sizes) != len(rows) * len(COLUMNS):
        raise damaged(db.path, "lengths of chunks are missing")
    return known_rows(db, rows), sizes.reshape(len(rows), len(COLUMNS))


def _numbers(packed: bytes) -> NDArray[np.int64]:
    """The numbers of seven bits a byte that are packed one after the other, the highest bits first."""
    import numpy as np

    read = np.frombuffer(packed, dtype=np.uint8)
    last = np.flatnonzero(read < 128)
    first = np.concatenate([[0], last[:-1] + 1])
    place = np.repeat(last, last - first + 1) - np.arange(
        len(read)
    )  # of each byte, from the end of its number
    return np.add.reduceat((read & 127).astype(np.int64) << 7 * place, first) if len(last) else last
