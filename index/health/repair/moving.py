# ruff: noqa: S608 - what is put into a statement is a constant of this package
"""Rows of a damaged catalog made into sources again, and stored in a new one.

Vectors go first, so that nothing is embedded twice; a source goes if its text is what was read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby, islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from index.errors import IndexDamaged, QaError
from index.health.sources import NONSENSE, source_fault
from index.health.vectors import are_usable
from index.storage.content.rows import note_checksums
from index.storage.location import absolute_location
from index.storage.records import (
    FileStat,
    Prepared,
    checksum,
    unpack_lines,
    unpack_pages,
    unpack_spans,
    unpack_tables,
)
from index.sync.prepare import UNKNOWN_TIME, text_key
from index.text.chunks import embedding_text
from index.types import Chunk, Dated, Source, Span

if TYPE_CHECKING:
    from index.health.findings import Progress
    from index.health.repair.unsound import UnsoundFile
    from index.storage.catalog import Catalog
    from index.storage.database import Database
    from index.types import DateOrigin

    Raw = tuple[Any, ...]

VECTORS_AT_ONCE = 500
KEEP_VECTOR = "INSERT OR IGNORE INTO vectors (model, key, vector) VALUES (?, ?, ?)"
CHUNKS_AT_ONCE = 1000  # stored in one transaction


class RawSource(NamedTuple):
    """A row of `sources`, as it came: texts are bytes, and nothing is known to be right."""

    id: Any
    name: Any
    location: Any
    sha256: Any
    reader: Any
    length: Any
    pages: Any
    title: Any
    date: Any
    date_origin: Any
    encoding: Any
    notes: Any
    opening: Any
    hidden: Any
    text_sha256: Any
    checksum: Any
    chunker: Any
    size: Any
    mtime_ns: Any
    inode: Any
    ctime_ns: Any


class RawChunk(NamedTuple):
    """A row of `chunks`, as it came."""

    row: int
    source: Any
    id: Any
    start: Any
    end: Any
    line: Any
    sentences: Any
    headings: Any
    tables: Any
    text: Any
    checksum: Any
    vector: Any
    key: Any


class Move:
    """One move of all that can be read of `old` into an empty catalog."""

    def __init__(self, catalog: Catalog, database: Database, old: UnsoundFile) -> None:
        self._catalog = catalog
        self._db = database
        self._old = old
        self._base = str(catalog.folder.parent)
        self._identity = _identity(old)
        self._embedder, self._dimension = _manifest(old)
        self._waiting: list[tuple[RawSource, Prepared]] = []
        self._chunks = 0
        self._chunker = ""

    def run(self, report: Progress) -> None:
        """Move it. Raises IndexDamaged where there is nothing, and StorageError."""
        roots = _roots(self._old)
        for place in roots:
            self._catalog.add_root(absolute_location(self._base, place))
        if self._dimension:
            self._move_vectors(report)
        total = next((row[0] for row in self._old.all("SELECT count(*) FROM sources")), None)
        for number, (source, chunks) in enumerate(_sources(self._old)):
            report("sources moved", number, total)
            prepared = self._prepared(source, chunks)
            if prepared is None:
                self._store_place(source)
            else:
                self._wait(source, prepared)
        self._store_waiting()
        if not roots and not self._catalog.counts().sources:
            raise IndexDamaged("neither a folder nor a source is named in it", "index the documents again")
        with self._db.writing():  # those that stood for vectors that are lost
            self._db.run("DELETE FROM vectors WHERE vector = zeroblob(length(vector))")

    def _move_vectors(self, report: Progress) -> None:
        """All vectors of the index's embedder that are whole, as if they had been cached."""
        name = self._embedder.encode()
        models = [row for row, model in self._old.all("SELECT row, name FROM models") if model == name]
        self._db.run("INSERT INTO models (name) VALUES (?)", (self._embedder,))
        model = self._db.required_row("SELECT row FROM models")[0]
        rows = self._old.rows("vectors", "model, key, vector")
        while page := list(islice(rows, VECTORS_AT_ONCE)):
            report("vectors moved", page[-1][0], None)
            usable = are_usable([v if isinstance(v, bytes) else None for *_, v in page], self._dimension)
            kept = [
                (model, key, vector)
                for (_, made_by, key, vector), good in zip(page, usable, strict=True)
                if good and isinstance(key, bytes) and (not models or made_by in models)
            ]
            with self._db.writing():
                self._db.run_many(KEEP_VECTOR, kept)

    def _prepared(self, source: RawSource, chunks: Sequence[RawChunk]) -> Prepared | None:
        """A source that is whole, as it was given to the catalog; None if it is not."""
        if not self._dimension:
            return None
        try:
            ordered = sorted(chunks, key=lambda chunk: (chunk.start, chunk.row))
            if source_fault(source[:16], [chunk[2:11] for chunk in ordered], self._identity):
                return None
            return self._made(source, ordered)
        except NONSENSE:
            return None

    def _made(self, row: RawSource, chunks: Sequence[RawChunk]) -> Prepared:
        stored = row._asdict()
        pages, hidden, _ = stored.pop("pages"), stored.pop("hidden"), stored.pop("checksum")
        text = {name: value.decode() for name, value in stored.items() if isinstance(value, bytes)}
        place, date = text.get("location"), text.get("date")
        source = Source(
            id=text["id"],
            name=text["name"],
            location=None if place is None else absolute_location(self._base, place),
            sha256=text["sha256"],
            reader=text["reader"],
            length=row.length,
            pages=unpack_pages(pages),
            title=text.get("title"),
            date=None if date is None else Dated(date, cast("DateOrigin", text["date_origin"])),
            encoding=text.get("encoding"),
            notes=unpack_lines(text["notes"]),
            hidden=unpack_spans(hidden or b""),
        )
        pieces = [text["opening"], *(chunk.text.decode() for chunk in chunks)]
        edges = [0, *(chunk.start for chunk in chunks), row.length]
        whole = "".join(
            piece[: end - start] for piece, (start, end) in zip(pieces, pairwise(edges), strict=True)
        )
        cut = tuple(_cut(chunk, source.id) for chunk in chunks)
        keys = tuple(
            self._key(stored) or text_key(embedding_text(chunk, source.title))
            for stored, chunk in zip(chunks, cut, strict=True)
        )
        stat = (
            None if row.size is None else FileStat(row.size, row.mtime_ns, row.inode or 0, row.ctime_ns or 0)
        )
        return Prepared(source, whole, cut, keys, stat)

    def _key(self, chunk: RawChunk) -> str | None:
        """The key of a chunk's vector, which stands with the vector if there is one."""
        key = chunk.key
        if isinstance(chunk.vector, int):
            row = self._old.row("vectors", "key", chunk.vector)
            key = row[0] if row else None
        return key.hex() if isinstance(key, bytes) else None

    def _wait(self, source: RawSource, prepared: Prepared) -> None:
        """Store it together with others that were cut with the same chunker."""
        chunker = source.chunker.decode()
        if chunker != self._chunker or self._chunks > CHUNKS_AT_ONCE:
            self._store_waiting()
            self._catalog.configure(chunker=chunker, embedder=self._embedder, dimension=self._dimension)
            self._chunker = chunker
        self._waiting.append((source, prepared))
        self._chunks += len(prepared.chunks)

    def _store_waiting(self) -> None:
        waiting, self._waiting, self._chunks = self._waiting, [], 0
        if waiting and not self._stored([prepared for _, prepared in waiting]):
            for source, prepared in waiting:
                if not self._stored([prepared]):
                    self._store_place(source)

    def _stored(self, sources: Sequence[Prepared]) -> bool:
        """Store them; a chunk whose vector is lost goes without one. False if the catalog takes them not."""
        keys = {key for one in sources for key in one.keys}
        lost = keys - self._catalog.cached(self._embedder, keys).keys()
        try:
            self._catalog.replace(sources, dict.fromkeys(lost, bytes(4 * self._dimension)))
        except (QaError, sqlite3.Error, *NONSENSE) as error:
            if isinstance(error, QaError) and not isinstance(error, IndexDamaged):
                raise  # the disk
            return False
        return True

    def _store_place(self, source: RawSource) -> None:
        """Where a source was, and no word of it; nothing, where even that is not known."""
        with suppress(*NONSENSE):
            identity, name = source.id.decode(), source.name.decode()
            place = None if source.location is None else source.location.decode()
            with self._db.writing():
                row = self._db.run(
                    "INSERT OR IGNORE INTO sources (id, name, location, size, mtime_ns, inode, sha256,"
                    " text_sha256, reader, chunker, length, pages, notes)"
                    " VALUES (?, ?, ?, 0, ?, 0, '', '', '', '', 0, x'', '[]')",
                    (identity, name, place, UNKNOWN_TIME),
                )
                note_checksums(self._db, "row = ?", row)


def _cut(chunk: RawChunk, source_id: str) -> Chunk:
    span = Span(chunk.start, chunk.end)
    return Chunk(
        chunk.id.decode(),
        source_id,
        span,
        chunk.text.decode()[: len(span)],
        unpack_spans(chunk.sentences),
        unpack_lines(chunk.headings.decode()),
        unpack_tables(chunk.tables.decode()),
    )


def _manifest(old: UnsoundFile) -> tuple[str, int]:
    """Embedder and dimension: as they were noted, else as they show in what was made, else "" and 0."""
    noted = ("id", "chunker", "embedder", "dimension", "checksum")
    for *values, check in old.all(f"SELECT {_columns(old, 'manifest', noted)} FROM manifest"):
        with suppress(*NONSENSE):
            index, chunker, embedder = (value.decode() for value in values[:3])
            whole = check is None or checksum(index, chunker, embedder, values[3]) == check
            if whole and embedder and 0 < values[3] < 100_000:
                return embedder, values[3]
    names = [name for (name,) in old.all("SELECT name FROM models")]
    sizes = [len(vector) for *_, vector in islice(old.rows("vectors", "vector"), 100)]
    if not names or not sizes:
        return "", 0
    return names[-1].decode(), max(set(sizes), key=sizes.count) // 4


def _identity(old: UnsoundFile) -> str:
    """What checksums begin with; "" where it is not known, or there are none."""
    for (identity,) in old.all("SELECT id FROM manifest"):
        with suppress(*NONSENSE):
            return str(identity.decode())
    return ""


def _roots(old: UnsoundFile) -> list[str]:
    """The folders that were indexed, as they are stored, or as the names of files tell them."""
    noted = [place for (place,) in old.all("SELECT location FROM roots")]
    if not noted:
        rows = old.rows("sources", "name, location")
        noted = sorted({root for _, name, place in rows if (root := _root_of(name, place)) is not None})
    return [place.decode() for place in noted if isinstance(place, bytes) and _is_text(place)]


def _root_of(name: object, place: object) -> bytes | None:
    """The folder below which the file at `place` has that name."""
    if not isinstance(name, bytes) or not isinstance(place, bytes):
        return None
    if name == place:
        return b"."
    return place[: -len(name) - 1] if place.endswith(b"/" + name) else None


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _sources(old: UnsoundFile) -> Iterator[tuple[RawSource, list[RawChunk]]]:
    """Every source whose row can be read, with those of its chunks that can.

    Chunks were given rows in the order of their sources, and those of one source follow each other.
    """
    seen: set[int] = set()
    of_sources = _columns(old, "sources", RawSource._fields)
    chunks = map(RawChunk._make, old.rows("chunks", _columns(old, "chunks", RawChunk._fields[1:])))
    for number, group in groupby(chunks, key=lambda chunk: chunk.source):
        its = list(group)
        row = old.row("sources", of_sources, number) if isinstance(number, int) else None
        if row is not None and number not in seen:
            seen.add(number)
            yield RawSource._make(row), its
    for number, *values in old.rows("sources", of_sources):
        if number not in seen:
            seen.add(number)
            yield RawSource._make(values), []


def _columns(old: UnsoundFile, table: str, names: Iterable[str]) -> str:
    """These columns, NULL for those that an older format has not."""
    there = {name.decode() for _, name, *_ in old.all(f"PRAGMA table_info({table})")}
    return ", ".join(f'"{name}"' if name in there else "NULL" for name in names)
