# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
"""Sources and chunks as they come out of their tables: which columns, and what a row of them is.

A row that is quoted or shown is compared with its checksum first, so that damage is an error and no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import IndexDamaged
from index.storage.location import absolute_location
from index.storage.opening.errors import MEND, damaged, decoding
from index.storage.records import checksum, unpack_lines, unpack_pages, unpack_spans, unpack_tables
from index.storage.schema import CHECKED_OF_SOURCES, CHECKED_STEPS, HIDDEN_STEPS, TEXT_ONCE_STEPS
from index.types import Chunk, Dated, Source, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.storage.database import Database, Row, Value

LISTED = "(SELECT value FROM json_each(?))"  # a list as one parameter: SQLite takes only so many

SOURCE_COLUMNS = (
    "sources.row, sources.id, sources.name, sources.location, sources.sha256, sources.reader, sources.length,"
    " sources.pages, sources.title, sources.date, sources.date_origin, sources.encoding, sources.notes,"
    " sources.opening, sources.hidden, sources.checksum"
)
CHUNK_COLUMNS = (
    'chunks.source, sources.id, chunks.id, chunks.start, chunks."end", chunks.line, chunks.sentences,'
    " chunks.headings, chunks.tables, chunks.text, chunks.checksum"
)
SOURCE_LENGTH, SOURCE_OPENING = 6, 13  # places among these columns
CHUNK_START, CHUNK_LINE, CHUNK_TEXT, CHUNK_WIDTH = 3, 5, 9, 11
STAT_COLUMNS = "size, mtime_ns, inode, ctime_ns"
# The step of the schema that a column came with, and what it is before.
ADDED = (
    (2, "chunks.tables", "'[]'"),
    (TEXT_ONCE_STEPS, "sources.opening", "''"),
    (TEXT_ONCE_STEPS, "chunks.line", "1"),
    (HIDDEN_STEPS, "sources.hidden", "x''"),
    (CHECKED_STEPS, "ctime_ns", "0"),
    (CHECKED_STEPS, "manifest.checksum", "NULL"),
    (CHECKED_STEPS, "sources.checksum", "NULL"),
    (CHECKED_STEPS, "chunks.checksum", "NULL"),
)


def columns_in(database: Database, columns: str) -> str:
    """These columns as a file has them: in one of fewer steps some are missing."""
    for steps, column, instead in ADDED:
        if database.steps < steps:
            columns = columns.replace(column, instead)
    return columns


def source_of(database: Database, row: Row, base: str) -> Source:
    """The source in a row of the columns `SOURCE_COLUMNS`; `base` is the folder that holds the index.

    Raises IndexDamaged if it is not what was stored, naming it.
    """
    compare(database, row)
    with decoding(database.path):
        _, source_id, name, location, sha256, reader, length, *described = row
        pages, title, date, origin, encoding, notes, _, hidden, _ = described
        return Source(
            id=source_id,
            name=name,
            location=None if location is None else absolute_location(base, location),
            sha256=sha256,
            reader=reader,
            length=length,
            pages=unpack_pages(pages),
            title=title,
            date=None if date is None else Dated(date, origin),
            encoding=encoding,
            notes=unpack_lines(notes),
            hidden=unpack_spans(hidden),
        )


def chunk_of(database: Database, row: Row) -> Chunk:
    """The chunk in a row of the columns `CHUNK_COLUMNS`. Raises IndexDamaged as `source_of` does."""
    compare(database, row)
    return decoded_chunk(database, row)


def decoded_chunk(database: Database, row: Row) -> Chunk:
    """The same, whatever its checksum is: for what is neither quoted nor shown.

    What is stored goes on to the start of the next chunk. SQLite cannot cut it: for it, text ends with a NUL.
    """
    with decoding(database.path):
        _, source_id, chunk_id, start, end, _, sentences, headings, tables, text, _ = row
        return Chunk(
            chunk_id,
            source_id,
            Span(start, end),
            text[: end - start],
            unpack_spans(sentences),
            unpack_lines(headings),
            unpack_tables(tables),
        )


def compare(database: Database, row: Row) -> None:
    """Compare a row, of the number of its source, values and their checksum, with that.

    Raises IndexDamaged, naming the source. A file of fewer steps has no checksums.
    """
    if database.steps >= CHECKED_STEPS and checksum(database.identity, *row[1:-1]) != row[-1]:
        raise damaged_source(database, row[0])


def note_checksums(database: Database, which: str, value: Value) -> None:
    """Store the checksums of sources as they stand there now; `which` is the condition of those meant."""
    stored = database.rows(f"SELECT {CHECKED_OF_SOURCES} FROM sources WHERE {which}", (value,))
    database.run_many(
        "UPDATE sources SET checksum = ? WHERE id = ?",
        ((checksum(database.identity, *row), row[0]) for row in stored),
    )


def damaged_source(database: Database, row: object) -> IndexDamaged:
    """The error for the source in this row, or what is of it: it is not what was put in."""
    return IndexDamaged(
        f"the index is damaged: what it holds of {_told_name(database, row)} is not what was put in", MEND
    )


def _told_name(database: Database, row: object) -> str:
    """A source's name, or else its location, where the index of that column has it as well.

    In a damaged row any words may stand in the place of a name.
    """
    if isinstance(row, int):
        for column in ("name", "location"):
            try:
                found = database.row(f"SELECT {column} FROM sources WHERE row = ?", (row,))
                known = database.rows(f"SELECT row FROM sources WHERE {column} = ?", found or ("",))
            except IndexDamaged:
                continue
            if found and known == [(row,)]:
                return str(found[0])
    return "a source"


def known_rows(database: Database, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """`rows` of chunks, ascending. Raises IndexDamaged if there can be no such: they are used as places."""
    if len(rows):
        last = database.row("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'", of=(int,))
        if rows[0] < 1 or last is None or rows[-1] > last[0]:
            raise damaged(database.path, "there are chunks in rows that were never used")
    return rows


def rows_where(database: Database, where: str, value: str | int) -> NDArray[np.int64]:
    """The rows of all chunks of which this is true, ascending (int64)."""
    import numpy as np

    rows = database.rows(f"SELECT row FROM chunks WHERE {where} ORDER BY row", (value,))
    return known_rows(database, np.fromiter((row for (row,) in rows), dtype=np.int64, count=len(rows)))


def row_flags(rows: NDArray[np.int64]) -> bytes:
    """A byte for every number up to the last of `rows`: 1 for these, 0 for the others."""
    import numpy as np

    flags = np.zeros(1 + int(rows[-1]), np.uint8)
    flags[rows] = 1
    return flags.tobytes()
