"""What can be asked of the catalog: sources, texts, chunks, full-text matches, vectors."""

# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from index.storage.content import matching
from index.storage.content.chunks import read_chunks, read_searched
from index.storage.content.rows import (
    CHUNK_COLUMNS,
    LISTED,
    SOURCE_COLUMNS,
    SOURCE_LENGTH,
    STAT_COLUMNS,
    chunk_of,
    columns_in,
    compare,
    rows_where,
    source_of,
)
from index.storage.content.texts import SourceText, read_again, read_text
from index.storage.content.vectors import rows_with_vectors, vector_pages, vectors_of
from index.storage.location import absolute_location, stored_forms
from index.storage.opening.errors import damaged, decoding
from index.storage.records import (
    Counts,
    Extent,
    FileRow,
    FileStat,
    Manifest,
    Prepared,
    SearchedChunk,
    SourceRow,
    VectorTable,
    checksum,
)
from index.storage.schema import CHECKED_OF_MANIFEST, CHECKED_STEPS, TEXT_ONCE_STEPS
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Self

    import numpy as np
    from numpy.typing import NDArray

    from index.storage.database import Database, Row
    from index.storage.records import Lengths, Match, Postings
    from index.types import Chunk, Source

BEGINNING = 800  # characters that are read of every text: of whom it is
ROWS_AT_ONCE = 2000  # rows fetched at a time where the whole could be long
MARGIN = 250  # characters around a chunk read with it: what stands on its lines, contexts of citations

FILE_COLUMNS = "sources.id, sources.name, sources.location, sources.sha256, sources.reader, sources.chunker"
FILE_KINDS = (*(str,) * 6, int, int, int, int)


class CatalogReader:
    """An open catalog, asked from the thread that opened it. Every method sees the last commit.

    Every method raises IndexDamaged where the file turns out broken, StorageError where the disk does.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._base = str(folder.parent)
        self._db = database
        self._source_rows: tuple[int, tuple[SourceRow, ...]] = (-1, ())
        self._chunk_columns = columns_in(database, CHUNK_COLUMNS)
        self._source_columns = columns_in(database, SOURCE_COLUMNS)
        self._stat_columns = columns_in(database, STAT_COLUMNS)
        self._file_columns = f"{FILE_COLUMNS}, {self._stat_columns}"
        self._key = (
            "lower(hex(ifnull(chunks.key, vectors.key)))"
            if database.steps >= TEXT_ONCE_STEPS
            else "chunks.key"
        )

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
        columns = columns_in(self._db, f"{CHECKED_OF_MANIFEST}, generation, manifest.checksum")
        row = self._db.required_row(f"SELECT {columns} FROM manifest", of=(str, str, int, int))
        if self._db.steps >= CHECKED_STEPS and checksum(self._db.identity, *row[:3]) != row[-1]:
            raise damaged(self._db.path, "what it was made with is not what was put in")
        return Manifest(self._db.steps, *row[:-1])

    def generation(self) -> int:
        """Grows with every commit that changes what is indexed; asking takes some microseconds."""
        generation: int = self._db.required_row("SELECT generation FROM manifest", of=(int,))[0]
        return generation

    def roots(self) -> tuple[str, ...]:
        """The absolute paths of the folders that were indexed, in order."""
        rows = self._db.rows("SELECT location FROM roots ORDER BY location", of=(str,))
        return tuple(absolute_location(self._base, location) for (location,) in rows)

    def files(self, under: str | None = None) -> Iterator[FileRow]:
        """The indexed files, all or those at or below the absolute path `under`, fetched page by page.

        In the order of their stored locations. Others may be added or removed between two of them.
        """
        where, values = self._below(under)
        last = ""
        while True:
            page = self._db.rows(
                f"SELECT {self._file_columns} FROM sources WHERE location > ? AND {where}"
                f" ORDER BY location LIMIT {ROWS_AT_ONCE}",
                (last, *values),
                of=FILE_KINDS,
            )
            yield from (self._file(row) for row in page)
            if len(page) < ROWS_AT_ONCE:
                return
            last = page[-1][2]

    def files_with(self, sha256: str) -> tuple[FileRow, ...]:
        """The indexed files whose bytes have this hash: where a new file is one that moved or a copy."""
        return self._files("sha256 = ?", sha256)

    def files_of(self, source_ids: Iterable[str]) -> tuple[FileRow, ...]:
        """The indexed files of these sources; one that is no file, or unknown, is left out."""
        return self._files(f"id IN {LISTED}", json.dumps(list(source_ids)))

    def sources(self) -> tuple[Source, ...]:
        """All sources, ordered by name."""
        rows = self._db.checked_rows(f"SELECT {self._source_columns} FROM sources ORDER BY name")
        count = self._db.required_row("SELECT count(*) FROM sources NOT INDEXED")[0]
        if len(rows) != count:  # names are listed by an index of their own
            raise damaged(self._db.path, f"of {count:,} sources {len(rows):,} have a name")
        return tuple(source_of(self._db, row, self._base) for row in rows)

    def source_rows(self) -> tuple[SourceRow, ...]:
        """Names and dates of all sources, for filters; remembered while nothing changes."""
        generation = self.generation()
        if generation != self._source_rows[0]:
            dated = "CASE date_origin WHEN 'modified' THEN NULL ELSE date END"
            rows = self._db.rows(
                f"SELECT row, id, name, {dated} FROM sources", of=(int, str, str, str | None)
            )
            self._source_rows = (generation, tuple(map(SourceRow._make, rows)))
        return self._source_rows[1]

    def are_named_below(self, roots: Sequence[str]) -> bool:
        """True if the name of every file is its path below the one of `roots`, absolute, that it lies in."""
        at = "CASE WHEN location LIKE '/%' THEN location ELSE json_extract(?, '$') || location END"
        below = "substr(at, 1, length(value)) = value AND substr(at, length(value) + 1) = name"
        folders = [f"{root.rstrip('/')}/" for root in roots]
        return not self._db.required_row(
            f"SELECT EXISTS (SELECT 1 FROM (SELECT name, {at} AS at FROM sources WHERE location IS NOT NULL)"
            f" WHERE NOT EXISTS (SELECT 1 FROM json_each(?) WHERE {below}))",
            (json.dumps(f"{self._base.rstrip('/')}/"), json.dumps(folders)),
        )[0]

    def named_places(self) -> list[tuple[str, str, str | None]]:
        """Ids, names and locations of all sources; a text that is no file has no location."""
        rows = self._db.rows("SELECT id, name, location FROM sources", of=(str, str, str | None))
        return [(key, name, at and absolute_location(self._base, at)) for key, name, at in rows]

    def source(self, name_or_id: str) -> Source | None:
        """The source of that name, else of that id, else None."""
        for column in ("name", "id"):
            row = self._stored_source(column, name_or_id)
            if row:
                return source_of(self._db, row, self._base)
        return None

    def text(self, source_id: str) -> str:
        """A source's whole text. Raises KeyError for an unknown id."""
        with self.snapshot():
            row, length = self._place_of(source_id)
            text = read_text(self._db, row, 0, length)
        if text is None:
            raise KeyError(source_id)
        return text.text

    def texts(self, chunks: Iterable[Chunk]) -> dict[str, SourceText]:
        """By their ids, the texts of the sources of `chunks`, of which what stands around these is read.

        What else is asked of a text is read by then; that raises SourceReplaced if the source is gone. Raises
        KeyError if one is already.
        """
        around: dict[str, list[Span]] = {}
        for chunk in chunks:
            around.setdefault(chunk.source_id, [Span(0, BEGINNING)]).append(chunk.span)
        texts = {}
        with self.snapshot():
            for source_id, spans in around.items():
                row, length = self._place_of(source_id)
                read = partial(read_text, self._db, row)
                pieces = [read(max(span.start - MARGIN, 0), min(span.end + MARGIN, length)) for span in spans]
                again = partial(read_again, self._db.path, row)
                texts[source_id] = SourceText(length, [piece for piece in pieces if piece], again)
        return texts

    def prepared(self, source_id: str) -> Prepared:
        """Everything stored about one source, as it was given to `replace`. Raises KeyError."""
        with self.snapshot():
            source = self.source(source_id)
            if source is None or source.id != source_id:
                raise KeyError(source_id)
            rows = self._db.checked_rows(
                f"SELECT {self._chunk_columns}, {self._key} FROM chunks JOIN sources ON sources.row = source"
                " LEFT JOIN vectors ON vectors.row = chunks.vector"
                " WHERE sources.id = ? ORDER BY start, chunks.row",
                (source_id,),
            )
            stat = self._db.required_row(
                f"SELECT {self._stat_columns} FROM sources WHERE id = ?", (source_id,)
            )
            return Prepared(
                source,
                self.text(source_id),
                tuple(chunk_of(self._db, row[:-1]) for row in rows),
                tuple(row[-1] for row in rows),
                None if stat[0] is None else FileStat(*stat),
            )

    def chunks(self, rows: Sequence[int]) -> dict[int, tuple[Chunk, Source]]:
        """The chunks in these rows with their sources. A row that is gone is left out."""
        return read_chunks(self._db, rows, self._base)

    def searched_chunks(self, rows: Iterable[int]) -> list[SearchedChunk]:
        """The chunks in these rows as far as they are ranked by. A row that is gone is left out."""
        return read_searched(self._db, rows)

    def chunks_before(self, chunks: Iterable[Chunk]) -> dict[str, Chunk]:
        """By the ids of `chunks`, the chunk before each in its source; the first of a source has none."""
        before = {}
        for chunk in chunks:
            rows = self._db.checked_rows(
                f"SELECT {self._chunk_columns} FROM chunks JOIN sources ON sources.row = source"
                " WHERE sources.id = ? AND start < ? ORDER BY start DESC LIMIT 1",
                (chunk.source_id, chunk.span.start),
            )
            for row in rows:
                before[chunk.id] = chunk_of(self._db, row)
        return before

    def chunk_rows(self, chunk_ids: Iterable[str]) -> dict[str, int]:
        """The rows of the chunks with these ids. An id that is gone is left out."""
        rows = self._db.rows(
            f"SELECT id, row FROM chunks WHERE id IN {LISTED}", (json.dumps(list(chunk_ids)),)
        )
        return dict(rows)

    def chunk_rows_within(self, sources: Collection[int]) -> NDArray[np.int64]:
        """The rows of all chunks of the sources in these rows, ascending (int64)."""
        listed = json.dumps(list(sources))
        return rows_where(self._db, f"source IN {LISTED}", listed)

    def match(
        self, query: str, *, limit: int, within: NDArray[np.int64] | None = None, beside: str = ""
    ) -> list[Match]:
        """The best chunks for an FTS5 query, best first; equal scores in the order of rows.

        `beside` is another query, which scores the chunks that `query` finds and finds none of its own.
        `within` keeps to these rows, which are in ascending order. BM25 is FTS5's own (k1 = 1.2, b = 0.75),
        with its sign turned and weights for columns. Raises `sqlite3.OperationalError` for a query that is
        not in FTS5's syntax: quoting is the business of whoever writes the query.
        """
        return matching.match(self._db, query, limit, within, beside)

    def frequency(self, query: str) -> int:
        """How many chunks an FTS5 query finds."""
        return matching.frequency(self._db, query)

    def postings(self, token: str) -> Postings:
        """The chunks that a token of the full-text index, a stem, occurs in, in the order of rows."""
        return matching.postings(self._db, token)

    def lengths(self) -> Lengths:
        """How many tokens each chunk has in the full-text index."""
        return matching.lengths(self._db)

    def last_chunk_row(self) -> int:
        """The row of the chunk that was added last, 0 if there is none. All that are added follow it."""
        row: int = self._db.required_row("SELECT ifnull(max(row), 0) FROM chunks")[0]
        return row

    def chunk_rows_after(self, row: int) -> NDArray[np.int64]:
        """The rows of all chunks behind `row`, ascending: what was added since it was the last."""
        return rows_where(self._db, "row > ?", row)

    def vectors(self, rows_wanted: Collection[int] | None = None) -> VectorTable:
        """All chunk vectors, or those of some rows, for exact search.

        In the order of rows: n int64 and n × dimension float32. A row without a vector is left out.
        """
        import numpy as np

        if rows_wanted is not None:
            return vectors_of(self._db, rows_wanted)
        with self.snapshot():
            dimension = self._db.required_row("SELECT dimension FROM manifest", of=(int,))[0]
            rows = self.rows_with_vectors()
            with decoding(self._db.path):
                matrix = np.empty((len(rows), dimension), np.float32)
                for page in vector_pages(self._db):
                    matrix[np.searchsorted(rows, page.rows)] = page.matrix
        return VectorTable(rows, matrix)

    def rows_with_vectors(self) -> NDArray[np.int64]:
        """The rows of all chunks that have a vector, ascending (int64)."""
        return rows_with_vectors(self._db)

    def vector_pages(self) -> Iterator[VectorTable]:
        """All chunk vectors a few at a time, in any order: who looks at each once need not hold them all."""
        with self.snapshot():
            yield from vector_pages(self._db)

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
        vectors = {}
        for key in keys:
            row = self._db.row(
                "SELECT vector FROM vectors JOIN models ON models.row = model WHERE key = ? AND name = ?",
                (bytes.fromhex(key), model),
            )
            if row:
                vectors[key] = row[0]
        return vectors

    def _stored_source(self, column: str, value: str) -> Row | None:
        sql = f"SELECT {self._source_columns} FROM sources WHERE {column} = ?"
        return next(iter(self._db.checked_rows(sql, (value,))), None)

    def _place_of(self, source_id: str) -> tuple[int, int]:
        """The row and the length of a source. Raises KeyError for an unknown id."""
        row = self._stored_source("id", source_id)
        if row is None:
            raise KeyError(source_id)
        compare(self._db, row)
        return row[0], row[SOURCE_LENGTH]

    def _below(self, under: str | None) -> tuple[str, tuple[str, ...]]:
        """The SQL condition, and its values, for locations at or below an absolute path."""
        if under is None:
            return "TRUE", ()
        forms = stored_forms(self.folder, under)
        edges = [(form, form.rstrip("/") + "/", form.rstrip("/") + "0") for form in forms]  # "0" follows "/"
        inside = ["location = ? OR (location > ? AND location < ?)" for _ in forms]
        if f"{self._base}/".startswith(under.rstrip("/") + "/"):
            inside.append("location NOT LIKE '/%'")
        return f"({' OR '.join(inside)})", tuple(edge for some in edges for edge in some)

    def _files(self, where: str, value: str) -> tuple[FileRow, ...]:
        condition = f"{where} AND location IS NOT NULL ORDER BY location"
        rows = self._db.rows(
            f"SELECT {self._file_columns} FROM sources WHERE {condition}", (value,), of=FILE_KINDS
        )
        return tuple(map(self._file, rows))

    def _file(self, row: Row) -> FileRow:
        source_id, name, location, sha256, reader, chunker, *stat = row
        place = absolute_location(self._base, location)
        return FileRow(source_id, name, place, FileStat(*stat), sha256, reader, chunker)
