"""What can be asked of the catalog: sources, texts, chunks, full-text matches, vectors."""

# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.errors import IndexDamaged
from index.storage.location import absolute_location, stored_location
from index.storage.records import (
    Counts,
    Extent,
    FileRow,
    FileStat,
    Manifest,
    Match,
    Prepared,
    SourceRow,
    VectorTable,
    unpack_pages,
    unpack_spans,
    unpack_tables,
)
from index.types import Chunk, Dated, Source, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Self

    import numpy as np
    from numpy.typing import NDArray

    from index.storage.database import Database, Row

ROWS_AT_ONCE = 2000  # rows fetched at a time where the whole could be long
COLUMN_WEIGHTS = (1.0, 0.5, 0.5, 1.0)  # of text, headings, title and name in BM25 (benchmarks/RESULTS.md)
BM25 = f"bm25(chunks_fts, {', '.join(map(str, COLUMN_WEIGHTS))})"

SOURCE_COLUMNS = (
    "sources.id, sources.name, sources.location, sources.sha256, sources.reader, sources.length,"
    " sources.pages, sources.title, sources.date, sources.date_origin, sources.encoding, sources.notes"
)
CHUNK_COLUMNS = (
    'chunks.id, sources.id, chunks.start, chunks."end", chunks.text, chunks.sentences, chunks.headings,'
    " chunks.tables"
)
CHUNK_COLUMNS_BEFORE_TABLES = CHUNK_COLUMNS.replace("chunks.tables", "'[]'")  # of the schema's first step
FILE_COLUMNS = (
    "sources.id, sources.name, sources.location, sources.size, sources.mtime_ns, sources.inode,"
    " sources.sha256, sources.reader, sources.chunker"
)
LISTED = "(SELECT value FROM json_each(?))"  # a list as one parameter: SQLite takes only so many


class CatalogReader:
    """An open catalog, asked from the thread that opened it. Every method sees the last commit.

    Every method raises IndexDamaged where the file turns out broken, StorageError where the disk does.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._base = str(folder.parent)
        self._db = database
        self._source_rows: tuple[int, tuple[SourceRow, ...]] = (-1, ())
        self._chunk_columns = CHUNK_COLUMNS if database.steps > 1 else CHUNK_COLUMNS_BEFORE_TABLES

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        self._db.close()

    def snapshot(self) -> AbstractContextManager[None]:
        """Within it, all methods see one state, whatever others commit meanwhile. Keep it short."""
        return self._db.reading()

    @property
    def manifest(self) -> Manifest:
        """What the index was made with."""
        row = self._db.required_row("SELECT chunker, embedder, dimension, generation FROM manifest")
        steps = self._db.required_row("PRAGMA user_version")[0]
        return Manifest(steps, *row)

    def generation(self) -> int:
        """Grows with every commit that changes what is indexed; asking takes some microseconds."""
        generation: int = self._db.required_row("SELECT generation FROM manifest")[0]
        return generation

    def roots(self) -> tuple[str, ...]:
        """The absolute paths of the folders that were indexed, in order."""
        rows = self._db.rows("SELECT location FROM roots ORDER BY location")
        return tuple(absolute_location(self._base, location) for (location,) in rows)

    def files(self, under: str | None = None) -> Iterator[FileRow]:
        """The indexed files, all or those at or below the absolute path `under`, fetched page by page.

        In the order of their stored locations. Others may be added or removed between two of them.
        """
        where, values = self._below(under)
        last = ""
        while True:
            page = self._db.rows(
                f"SELECT {FILE_COLUMNS} FROM sources WHERE location > ? AND {where}"
                f" ORDER BY location LIMIT {ROWS_AT_ONCE}",
                (last, *values),
            )
            yield from (self._file(row) for row in page)
            if len(page) < ROWS_AT_ONCE:
                return
            last = page[-1][2]

    def files_with(self, sha256: str) -> tuple[FileRow, ...]:
        """The indexed files whose bytes have this hash: where a new file is one that moved or a copy."""
        where = "sha256 = ? AND location IS NOT NULL"
        rows = self._db.rows(f"SELECT {FILE_COLUMNS} FROM sources WHERE {where} ORDER BY location", (sha256,))
        return tuple(self._file(row) for row in rows)

    def sources(self) -> tuple[Source, ...]:
        """All sources, ordered by name."""
        return tuple(
            source_of(row, self._base)
            for row in self._db.rows(f"SELECT {SOURCE_COLUMNS} FROM sources ORDER BY name")
        )

    def source_rows(self) -> tuple[SourceRow, ...]:
        """Names and dates of all sources, for filters; remembered while nothing changes."""
        generation = self.generation()
        if generation != self._source_rows[0]:
            dated = "CASE date_origin WHEN 'modified' THEN NULL ELSE date END"
            rows = self._db.rows(f"SELECT row, id, name, {dated} FROM sources")
            self._source_rows = (generation, tuple(map(SourceRow._make, rows)))
        return self._source_rows[1]

    def named_places(self) -> list[tuple[str, str, str | None]]:
        """Ids, names and locations of all sources; a text that is no file has no location."""
        rows = self._db.rows("SELECT id, name, location FROM sources")
        return [(key, name, at and absolute_location(self._base, at)) for key, name, at in rows]

    def source(self, name_or_id: str) -> Source | None:
        """The source of that name, else of that id, else None."""
        for column in ("name", "id"):
            row = self._db.row(f"SELECT {SOURCE_COLUMNS} FROM sources WHERE {column} = ?", (name_or_id,))
            if row:
                return source_of(row, self._base)
        return None

    def text(self, source_id: str) -> str:
        """A source's whole text. Raises KeyError for an unknown id."""
        row = self._db.row(
            "SELECT texts.text FROM texts JOIN sources ON row = source WHERE sources.id = ?", (source_id,)
        )
        if row is None:
            raise KeyError(source_id)
        text: str = row[0]
        return text

    def sentences(self, source_id: str) -> tuple[Span, ...]:
        """A source's sentences in order, as its chunks hold them; a sentence of two chunks counts once."""
        rows = self._db.rows(
            "SELECT sentences FROM chunks JOIN sources ON sources.row = source WHERE sources.id = ?"
            " ORDER BY start",
            (source_id,),
        )
        spans: list[Span] = []
        for (packed,) in rows:
            spans += [span for span in unpack_spans(packed) if not spans or span.start > spans[-1].start]
        return tuple(spans)

    def prepared(self, source_id: str) -> Prepared:
        """Everything stored about one source, as it was given to `replace`. Raises KeyError."""
        with self.snapshot():
            source = self.source(source_id)
            if source is None or source.id != source_id:
                raise KeyError(source_id)
            rows = self._db.rows(
                f"SELECT {self._chunk_columns}, chunks.key FROM chunks JOIN sources ON sources.row = source"
                " WHERE sources.id = ? ORDER BY start, chunks.row",
                (source_id,),
            )
            stat = self._db.required_row(
                "SELECT size, mtime_ns, inode FROM sources WHERE id = ?", (source_id,)
            )
            return Prepared(
                source,
                self.text(source_id),
                tuple(chunk_of(row[:-1]) for row in rows),
                tuple(row[-1] for row in rows),
                None if stat[0] is None else FileStat(*stat),
            )

    def chunks(self, rows: Sequence[int]) -> dict[int, tuple[Chunk, Source]]:
        """The chunks in these rows with their sources. A row that is gone is left out."""
        stored = self._db.rows(
            f"SELECT chunks.row, {self._chunk_columns}, {SOURCE_COLUMNS} FROM chunks"
            f" JOIN sources ON sources.row = source WHERE chunks.row IN {LISTED}",
            (json.dumps([int(row) for row in rows]),),
        )
        sources: dict[str, Source] = {}
        result = {}
        for row, *rest in stored:
            chunk = chunk_of(tuple(rest[:8]))
            if chunk.source_id not in sources:
                sources[chunk.source_id] = source_of(tuple(rest[8:]), self._base)
            result[row] = (chunk, sources[chunk.source_id])
        return result

    def chunks_before(self, chunks: Iterable[Chunk]) -> dict[str, Chunk]:
        """By the ids of `chunks`, the chunk before each in its source; the first of a source has none."""
        before = {}
        for chunk in chunks:
            row = self._db.row(
                f"SELECT {self._chunk_columns} FROM chunks JOIN sources ON sources.row = source"
                " WHERE sources.id = ? AND start < ? ORDER BY start DESC LIMIT 1",
                (chunk.source_id, chunk.span.start),
            )
            if row:
                before[chunk.id] = chunk_of(row)
        return before

    def chunk_rows(self, chunk_ids: Iterable[str]) -> dict[str, int]:
        """The rows of the chunks with these ids. An id that is gone is left out."""
        rows = self._db.rows(
            f"SELECT id, row FROM chunks WHERE id IN {LISTED}", (json.dumps(list(chunk_ids)),)
        )
        return dict(rows)

    def chunk_rows_within(self, sources: Collection[int]) -> NDArray[np.int64]:
        """The rows of all chunks of the sources in these rows, ascending (int64)."""
        import numpy as np

        rows = self._db.rows(
            f"SELECT row FROM chunks WHERE source IN {LISTED} ORDER BY row", (json.dumps(list(sources)),)
        )
        return np.fromiter((row for (row,) in rows), dtype=np.int64, count=len(rows))

    def match(
        self, query: str, *, limit: int, within: NDArray[np.int64] | None = None, beside: str = ""
    ) -> list[Match]:
        """The best chunks for an FTS5 query, best first; equal scores in the order of rows.

        `beside` is another query, which scores the chunks that `query` finds and finds none of its own.
        `within` keeps to these rows, which are in ascending order. BM25 is FTS5's own (k1 = 1.2, b = 0.75),
        weighted by `COLUMN_WEIGHTS`, with its sign turned. Raises `sqlite3.OperationalError` for a query that
        is not in FTS5's syntax: quoting is the business of whoever writes the query.
        """
        values: tuple[str | int, ...] = (query,)
        only = ""
        if within is not None:
            if not len(within):
                return []
            values = (query, int(within[0]), int(within[-1]))
            only = " AND rowid BETWEEN ? AND ? AND admitted(rowid)"
            self._db.define("admitted", _flags(within).__getitem__)
        select = f"SELECT rowid AS row, -{BM25} AS score FROM chunks_fts WHERE chunks_fts MATCH ?{only}"
        if beside:
            values = (f"({query}) AND ({beside})", *values[1:], *values)
            select = (
                f"WITH more AS ({select}) SELECT row, score FROM more UNION ALL {select}"
                " AND +rowid NOT IN (SELECT row FROM more)"
            )
        rows = self._db.rows(f"{select} ORDER BY score DESC, row LIMIT ?", (*values, limit))
        return [Match(row, score) for row, score in rows]

    def frequency(self, query: str) -> int:
        """How many chunks an FTS5 query finds."""
        count: int = self._db.required_row(
            "SELECT count(*) FROM chunks_fts WHERE chunks_fts MATCH ?", (query,)
        )[0]
        return count

    def last_chunk_row(self) -> int:
        """The row of the chunk that was added last, 0 if there is none. All that are added follow it."""
        row: int = self._db.required_row("SELECT ifnull(max(row), 0) FROM chunks")[0]
        return row

    def chunk_rows_after(self, row: int) -> NDArray[np.int64]:
        """The rows of all chunks behind `row`, ascending: what was added since it was the last."""
        import numpy as np

        rows = self._db.rows("SELECT row FROM chunks WHERE row > ? ORDER BY row", (row,))
        return np.fromiter((row for (row,) in rows), dtype=np.int64, count=len(rows))

    def vectors(self, rows_wanted: Collection[int] | None = None) -> VectorTable:
        """All chunk vectors, or those of some rows, for exact search.

        In the order of rows: n int64 and n × dimension float32. A row without a vector is left out.
        """
        import numpy as np

        only = "" if rows_wanted is None else f" WHERE chunks.row IN {LISTED}"
        values = () if rows_wanted is None else (json.dumps(sorted(rows_wanted)),)
        with self.snapshot():
            dimension = self._db.required_row("SELECT dimension FROM manifest")[0]
            rows = self._db.rows(
                "SELECT chunks.row, vectors.vector FROM chunks JOIN vectors ON vectors.row = chunks.vector"
                f"{only} ORDER BY chunks.row",
                values,
            )
        packed = b"".join([vector for _, vector in rows])
        if len(packed) != 4 * dimension * len(rows):
            raise IndexDamaged(
                "the index is damaged: vectors of several lengths", "index the documents again"
            )
        matrix = np.frombuffer(packed, dtype="<f4").reshape(len(rows), dimension)
        return VectorTable(np.fromiter((row for row, _ in rows), dtype=np.int64, count=len(rows)), matrix)

    def counts(self) -> Counts:
        """How many sources, chunks, and chunks with a vector there are."""
        sources = "(SELECT count(*) FROM sources)"
        return Counts(*self._db.required_row(f"SELECT {sources}, count(*), count(vector) FROM chunks"))

    def extent(self, within: Collection[int] | None = None) -> Extent:
        """How much is indexed, or how much of it in the sources in these rows; no text is read for it."""
        rows, chunks = "", ""
        values: tuple[str, ...] = ()
        if within is not None:
            rows, chunks = f" WHERE row IN {LISTED}", f" WHERE source IN {LISTED}"
            values = (json.dumps(list(within)),)
        sources, length = self._db.required_row(f"SELECT count(*), sum(length) FROM sources{rows}", values)
        count = self._db.required_row(f"SELECT count(*) FROM chunks{chunks}", values)[0]
        return Extent(sources, count, length or 0)

    def cached(self, model: str, keys: Iterable[str]) -> dict[str, bytes]:
        """The vectors (float32, little-endian) this model already made for these texts, by key."""
        rows = self._db.rows(
            f"SELECT key, vector FROM vectors WHERE model = ? AND key IN {LISTED}",
            (model, json.dumps(list(keys))),
        )
        return dict(rows)

    def _below(self, under: str | None) -> tuple[str, tuple[str, ...]]:
        """The SQL condition, and its values, for locations at or below an absolute path."""
        if under is None:
            return "TRUE", ()
        place = stored_location(self.folder, under)
        base = stored_location(self.folder, str(self.folder.parent))
        inside = "location = ? OR (location > ? AND location < ?)"
        edges = (place, place.rstrip("/") + "/", place.rstrip("/") + "0")  # "0" follows "/"
        if place == base:
            return "location NOT LIKE '/%'", ()
        if str(self.folder.parent).startswith(under.rstrip("/") + "/"):
            return f"(location NOT LIKE '/%' OR {inside})", edges
        return f"({inside})", edges

    def _file(self, row: Row) -> FileRow:
        source_id, name, location, size, mtime_ns, inode, sha256, reader, chunker = row
        stat = FileStat(size, mtime_ns, inode)
        place = absolute_location(self._base, location)
        return FileRow(source_id, name, place, stat, sha256, reader, chunker)


def _flags(rows: NDArray[np.int64]) -> bytes:
    """A byte for every number up to the last of `rows`: 1 for these, 0 for the others."""
    import numpy as np

    flags = np.zeros(1 + int(rows[-1]), np.uint8)
    flags[rows] = 1
    return flags.tobytes()


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
        notes=() if notes == "[]" else tuple(json.loads(notes)),
    )


def chunk_of(row: Row) -> Chunk:
    """The chunk in a row of the columns `CHUNK_COLUMNS`."""
    chunk_id, source_id, start, end, text, sentences, headings, tables = row
    return Chunk(
        chunk_id,
        source_id,
        Span(start, end),
        text,
        unpack_spans(sentences),
        tuple(json.loads(headings)),
        unpack_tables(tables),
    )
