"""Sources and chunks as they come out of their tables: which columns, and what a row of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.storage.location import absolute_location
from index.storage.records import unpack_lines, unpack_pages, unpack_spans, unpack_tables
from index.types import Chunk, Dated, Source, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.storage.database import Row

LISTED = "(SELECT value FROM json_each(?))"  # a list as one parameter: SQLite takes only so many

SOURCE_COLUMNS = (
    "sources.id, sources.name, sources.location, sources.sha256, sources.reader, sources.length,"
    " sources.pages, sources.title, sources.date, sources.date_origin, sources.encoding, sources.notes"
)
STAT_COLUMNS = "size, mtime_ns, inode, ctime_ns"
CHUNK_COLUMNS = (
    'chunks.id, sources.id, chunks.start, chunks."end", chunks.text, chunks.sentences, chunks.headings,'
    " chunks.tables"
)


def source_of(row: Row, base: str) -> Source:
    """The source in a row of the columns `SOURCE_COLUMNS`; `base` is the folder that holds the index."""
    source_id, name, location, sha256, reader, length, pages, title, date, origin, encoding, notes = row
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
    )


def chunk_of(row: Row) -> Chunk:
    """The chunk in a row of the columns `CHUNK_COLUMNS`.

    What is stored goes on to the start of the next chunk. SQLite cannot cut it: for it, text ends with a NUL.
    """
    chunk_id, source_id, start, end, text, sentences, headings, tables = row
    return Chunk(
        chunk_id,
        source_id,
        Span(start, end),
        text[: end - start],
        unpack_spans(sentences),
        unpack_lines(headings),
        unpack_tables(tables),
    )


def row_flags(rows: NDArray[np.int64]) -> bytes:
    """A byte for every number up to the last of `rows`: 1 for these, 0 for the others."""
    import numpy as np

    flags = np.zeros(1 + int(rows[-1]), np.uint8)
    flags[rows] = 1
    return flags.tobytes()
