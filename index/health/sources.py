# ruff: noqa: S608 - what is put into a statement is a constant of this package
"""Every source held against what was noted when it was read: its text, and the chunks cut from it.

Bytes of a text that a disk or a program changed are no fault that SQLite sees. What is read here is taken as
bytes, and believed only when it is known to be whole.
"""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

from index.health.findings import CheckFinding, Progress, counted
from index.storage.location import absolute_location
from index.storage.records import (
    checksum,
    unpack_edges,
    unpack_lines,
    unpack_pages,
    unpack_spans,
    unpack_tables,
)
from index.storage.schema import CHECKED_STEPS
from index.text.chunks import chunk_id
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.storage.database import Database, Row

CHECK = "sources"
SOURCES_AT_ONCE = 200
CHUNKS_AT_ONCE = 200
PAGES, HIDDEN = 6, 13  # places of packed numbers among the columns of a source
# What unpacking raises for what nobody packed.
NONSENSE = (ValueError, TypeError, struct.error, KeyError, IndexError, AttributeError)

SOURCE_COLUMNS = (
    "CAST(id AS BLOB), CAST(name AS BLOB), CAST(location AS BLOB), CAST(sha256 AS BLOB),"
    " CAST(reader AS BLOB), length, pages, CAST(title AS BLOB), CAST(date AS BLOB),"
    " CAST(date_origin AS BLOB), CAST(encoding AS BLOB), CAST(notes AS BLOB), CAST(opening AS BLOB),"
    " hidden, CAST(text_sha256 AS BLOB), checksum"
)
CHUNK_COLUMNS = (
    'CAST(id AS BLOB), start, "end", line, sentences, CAST(headings AS BLOB), CAST(tables AS BLOB),'
    " CAST(text AS BLOB), checksum"
)


class DamagedSource(NamedTuple):
    """A source that cannot be quoted. `location` is the absolute path of its file, None where it has none.

    Both are believed where the source's id bears them out: else `name` is None, and so is a `location`.
    """

    row: int
    name: str | None
    location: str | None
    why: str


def check_sources(db: Database, base: str, report: Progress) -> CheckFinding:
    """Texts against their hashes, chunks against the texts; `base` is the folder that holds the index."""
    if db.steps < CHECKED_STEPS:
        return CheckFinding(CHECK, "note", "an older format: looked into once it was converted", "qa index")
    sources, chunks = (db.required_row(f"SELECT count(*) FROM {table}")[0] for table in ("sources", "chunks"))
    damaged = list(damaged_sources(db, base, report))
    if damaged:
        names = tuple(source.name or f"row {source.row}" for source in damaged)
        return CheckFinding(
            CHECK,
            "wrong",
            f"{counted(len(damaged), 'source')} of {sources:,} damaged: {names[0]}: {damaged[0].why}",
            "read again, where the file is still there",
            names,
            repair=True,
        )
    text = f"{counted(sources, 'source')}, {counted(chunks, 'chunk')}, as they were read"
    return CheckFinding(CHECK, "ok", text)


def damaged_sources(db: Database, base: str, report: Progress) -> Iterator[DamagedSource]:
    """The sources that are not what was read. Raises IndexDamaged where pages of the file cannot be read."""
    total = db.required_row("SELECT count(*) FROM sources")[0]
    done, last = 0, 0
    while page := db.rows(
        f"SELECT row, {SOURCE_COLUMNS} FROM sources WHERE row > ? ORDER BY row LIMIT {SOURCES_AT_ONCE}",
        (last,),
    ):
        for number, *row in page:
            if why := source_fault(row, _chunks_of(db, number), db.identity):
                yield DamagedSource(number, *_names(row, base), why)
        last, done = page[-1][0], done + len(page)
        report("sources", done, total)


def _names(row: Sequence[Any], base: str) -> tuple[str | None, str | None]:
    try:
        identity, name = row[0].decode(), row[1].decode()
        place = None if row[2] is None else row[2].decode()
    except NONSENSE:
        return None, None
    if identity != hashlib.sha256((f"-\0{name}" if place is None else place).encode()).hexdigest()[:16]:
        return None, None
    return name, None if place is None else absolute_location(base, place)


def _chunks_of(db: Database, source: int) -> Iterator[Row]:
    pages = db.pages(
        f"SELECT {CHUNK_COLUMNS} FROM chunks WHERE source = ? ORDER BY start, row",
        (source,),
        size=CHUNKS_AT_ONCE,
    )
    return (chunk for page in pages for chunk in page)


def source_fault(source: Sequence[Any], chunks: Iterable[Sequence[Any]], index: str | None) -> str:
    """What is wrong with a source, in the columns `SOURCE_COLUMNS`, and its chunks in `CHUNK_COLUMNS`.

    "" if nothing is. What is text in the catalog is bytes here; chunks are in the order of their places.
    `index` is what the checksums of the catalog begin with, "" where it has none.
    """
    *stored, text_sha256, check = source
    try:
        values = [value if at in (PAGES, HIDDEN) else _decoded(value) for at, value in enumerate(stored)]
        identity, length, opening = values[0], values[5], values[12]
        if index and checksum(index, *values) != check:
            return "what is noted of it is not what was stored"
        unpack_lines(values[11])
        if any(page.span.end > length for page in unpack_pages(values[PAGES])):
            return "its pages reach beyond its text"
        if any(span.end > length for span in unpack_spans(values[HIDDEN])):
            return "hidden text lies beyond its end"
        whole = _Text(opening, identity, length, index)
        for chunk in chunks:
            if why := whole.take(chunk):
                return why
        return whole.end(text_sha256.decode())
    except NONSENSE:
        return "it cannot be read"


def _decoded(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


class _Text:
    """The text of a source put together from its pieces, of which only the last is kept."""

    def __init__(self, opening: str, source_id: str, length: int, index: str | None) -> None:
        self._index = index
        self._hash = hashlib.sha256()
        self._source_id = source_id
        self._length = length
        self._start, self._piece = 0, opening
        self._before = ""  # the character before the piece
        self._line = 1  # of its first character, but for the end of a line that it may begin with

    def take(self, chunk: Sequence[Any]) -> str:
        """The next chunk; what is wrong with it."""
        identity, start, end, line, sentences, *stored, check = chunk
        identity, headings, tables, text = map(bytes.decode, (identity, *stored))
        checked = (identity, start, end, line, sentences, headings, tables, text)
        if self._index and checksum(self._index, self._source_id, *checked) != check:
            return "a chunk is not what was stored"
        inside = self._start <= start <= end <= min(start + len(text), self._length)
        if not inside or not self._close(start):
            return "a chunk does not lie where its text does"
        self._start, self._piece = start, text
        if line != self._line - (self._before == "\r" and text.startswith("\n")):
            return "the line of a chunk is another one"
        if chunk_id(self._source_id, Span(start, end), text[: end - start]) != identity:
            return "the text of a chunk is another one"
        unpack_lines(headings)
        unpack_tables(tables)
        edges = [start, *(edge for sentence in unpack_edges(sentences) for edge in sentence), end]
        return "" if edges == sorted(edges) else "a sentence lies outside its chunk"

    def end(self, text_sha256: str) -> str:
        """After the last chunk: whether this is the text that was read."""
        if not self._close(self._length) or self._hash.hexdigest() != text_sha256:
            return "its text is not what was read"
        return ""

    def _close(self, end: int) -> bool:
        """Take the piece as far as to `end`; False if it ends before."""
        piece = self._piece[: end - self._start]
        self._hash.update(piece.encode())
        ends = piece.count("\n") + piece.count("\r") - piece.count("\r\n")
        self._line += ends - (self._before == "\r" and piece.startswith("\n"))
        self._before = piece[-1:] or self._before
        return len(piece) == end - self._start
