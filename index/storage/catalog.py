"""The catalog that can be written: sources stored, replaced and removed, each in one piece.

What can be asked of it stands in `queries.py`.
"""

# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from index.errors import IndexMismatch
from index.storage.atomic import make_private
from index.storage.content.full_text import enter, enter_again, take_out, words_of, write_anew
from index.storage.content.ledger import ChromaLedger
from index.storage.content.rows import LISTED, STAT_COLUMNS, note_checksums
from index.storage.database import open_database
from index.storage.location import stored_forms, stored_location
from index.storage.purge import count_generation, needs_purging, purge
from index.storage.queries import CatalogReader
from index.storage.records import (
    checksum,
    cut_text,
    pack_lines,
    pack_pages,
    pack_spans,
    pack_tables,
    spans_of,
)
from index.storage.schema import CHECKED_OF_CHUNKS, CHECKED_OF_SOURCES
from index.text.terms import fts_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from index.storage.database import Database
    from index.storage.records import FileStat, Prepared, StoredText

FILE_NAME = "catalog.sqlite3"
STORED_AT_ONCE = 500  # chunks, as many variables of one statement


class Catalog(CatalogReader):
    """An open catalog that can be written. Whoever writes holds the writer lock (`lock.py`).

    `chroma` is its book about Chroma.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        super().__init__(folder, database)
        self.chroma = ChromaLedger(folder, database)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        create: bool = False,
        on_conversion: Callable[[float], None] = lambda _share: None,
    ) -> Catalog:
        """Open the catalog in an index folder; with `create`, make folder and file where they are missing.

        One that an older version made is converted first, and `on_conversion` told which share of that is
        done. Raises NoIndex, IndexTooNew, IndexDamaged, StorageError.
        """
        folder = folder.resolve()
        if create:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_private(folder / FILE_NAME)  # its log takes its permissions over
        return cls(folder, open_database(folder / FILE_NAME, create=create, on_conversion=on_conversion))

    def wait_for_commits(self, seconds: float) -> None:
        """Wait so long for a commit of somebody else before IndexLocked is raised."""
        self._db.run(f"PRAGMA busy_timeout = {round(1000 * seconds)}")

    def configure(self, *, chunker: str, embedder: str, dimension: int) -> None:
        """Say what the sources that follow are cut and embedded with.

        Another chunker may join in: sources cut with the old one are told by `FileRow.chunker`. Vectors of
        two models cannot be compared: raises IndexMismatch if there are chunks of another one.
        """
        with self._db.writing():
            now = self.manifest
            if (now.chunker, now.embedder, now.dimension) == (chunker, embedder, dimension):
                return
            self.check_embedder(embedder, dimension)
            made_with = (chunker, embedder, dimension)
            self._db.run(
                "UPDATE manifest SET chunker = ?, embedder = ?, dimension = ?, checksum = ?",
                (*made_with, checksum(self._db.identity, *made_with)),
            )

    def check_embedder(self, embedder: str, dimension: int | None = None) -> None:
        """Raise IndexMismatch if there are chunks of another embedder, or, if given, another dimension."""
        now = self.manifest
        fits = now.embedder == embedder and dimension in (None, now.dimension)
        if fits or not now.embedder or not self._db.required_row("SELECT EXISTS (SELECT 1 FROM chunks)")[0]:
            return
        raise IndexMismatch(
            f"the index was made with {now.embedder} ({now.dimension} dimensions),"
            f" not with {embedder}" + (f" ({dimension})" if dimension is not None else ""),
            "choose that embedder, or index into another folder",
            option=("embedder", "index"),
        )

    def add_root(self, location: str) -> None:
        """Remember a folder, by its absolute path, as one that was indexed."""
        if location in self.roots():
            return
        with self._db.writing():
            self._db.run("INSERT OR IGNORE INTO roots VALUES (?)", (stored_location(self.folder, location),))

    def forget_root(self, location: str) -> None:
        """Remember the folder at this absolute path no more."""
        with self._db.writing():
            self._db.run_many(
                "DELETE FROM roots WHERE location = ?",
                ((form,) for form in stored_forms(self.folder, location)),
            )

    def replace(
        self, prepared: Sequence[Prepared], vectors: Mapping[str, bytes], *, remove: Collection[str] = ()
    ) -> None:
        """Store sources in one transaction, each in place of the one with its id, after removing others.

        `vectors` holds, by key, the new vectors (float32, little-endian); others are taken from the cache.
        The old state answers until the commit. Raises KeyError for a chunk without a vector, ValueError for a
        vector of another length; nothing is stored then.
        """
        with self._db.writing():
            manifest = self.manifest
            embedder, dimension = manifest.embedder, manifest.dimension
            wrong = [key for key, vector in vectors.items() if len(vector) != 4 * dimension]
            if wrong:
                msg = f"{len(vectors[wrong[0]])} bytes are not {dimension} numbers"
                raise ValueError(msg)
            removed = self._forget([*remove, *(new.source.id for new in prepared)])
            self._db.run("INSERT OR IGNORE INTO models (name) VALUES (?)", (embedder,))
            model = self._db.required_row("SELECT row FROM models WHERE name = ?", (embedder,))[0]
            self._db.run_many(
                "INSERT OR IGNORE INTO vectors (model, key, vector) VALUES (?, ?, ?)",
                ((model, bytes.fromhex(key), vector) for key, vector in vectors.items()),
            )
            last = self._db.row("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'")
            first = 1 + (last[0] if last else 0)
            for new in prepared:
                self._store(new, manifest.chunker, model, first)
                first += len(new.chunks)
            count_generation(self._db, removed=removed)

    def remove(self, source_ids: Collection[str]) -> None:
        """Remove sources, in one transaction. What they said is left in the file until it is purged."""
        if source_ids:
            self.replace((), {}, remove=source_ids)

    def rename(self, names: Mapping[str, str]) -> None:
        """Give sources, by id, other names, all in one transaction; Chroma has still to be told.

        Raises IndexDamaged if one of the names is another source's; nothing is renamed then.
        """
        if not names:
            return
        listed = json.dumps(list(names))
        with self._db.writing():
            for source_id in names:
                self.source(source_id)  # nothing that is damaged is given a new checksum
            chunks = self._chunks_of(names)
            known = take_out(self._db, chunks)
            # Two may exchange their names: each is unique at every moment.
            self._db.run(f"UPDATE sources SET name = char(0) || id WHERE id IN {LISTED}", (listed,))
            self._db.run_many(
                "UPDATE sources SET name = ? WHERE id = ?",
                ((name, source_id) for source_id, name in names.items()),
            )
            note_checksums(self._db, f"id IN {LISTED}", listed)
            if known:
                enter_again(self._db, chunks)
            else:
                write_anew(self._db)
            self._db.run(
                "INSERT OR IGNORE INTO chroma_pending SELECT chunks.id FROM chunks"
                f" JOIN sources ON sources.row = chunks.source WHERE sources.id IN {LISTED}",
                (listed,),
            )
            count_generation(self._db, removed=False)

    def touch(self, stats: Mapping[str, FileStat]) -> None:
        """Note, by source id, new times of files whose bytes did not change. The generation stays."""
        with self._db.writing():
            self._db.run_many(
                "UPDATE sources SET size = ?, mtime_ns = ?, inode = ?, ctime_ns = ? WHERE id = ?",
                ((*stat, source_id) for source_id, stat in stats.items()),
            )

    def needs_purging(self) -> bool:
        """True if the file may hold what sources said that were removed or replaced."""
        return needs_purging(self._db)

    def purge(self) -> None:
        """Leave no byte of sources that were removed or replaced, as `purge.py` says."""
        purge(self._db)

    def _chunks_of(self, source_ids: Iterable[str]) -> list[int]:
        """The rows of all chunks of these sources."""
        rows = self._db.rows(
            f"SELECT row FROM chunks WHERE source IN (SELECT row FROM sources WHERE id IN {LISTED})",
            (json.dumps(list(source_ids)),),
        )
        return [row for (row,) in rows]

    def _forget(self, source_ids: Collection[str]) -> bool:
        """Delete sources, and note their chunks for Chroma; whether any of them was there."""
        listed = json.dumps(list(source_ids))
        if not self._db.row(f"SELECT 1 FROM sources WHERE id IN {LISTED}", (listed,)):
            return False
        gone = f"source IN (SELECT row FROM sources WHERE id IN {LISTED})"
        self._db.run(f"INSERT OR IGNORE INTO chroma_pending SELECT id FROM chunks WHERE {gone}", (listed,))
        known = take_out(self._db, self._chunks_of(source_ids))
        self._db.run(f"DELETE FROM sources WHERE id IN {LISTED}", (listed,))
        if not known:
            write_anew(self._db)
        return True

    def _store(self, new: Prepared, chunker: str, model: int, first: int) -> None:
        """Store a source, its chunks in the rows from `first` on: some at a time, as there may be many."""
        spans = spans_of(new.chunks)
        order = sorted(range(len(spans)), key=lambda at: spans[at].start)
        opening, texts = cut_text(new.text, [spans[at] for at in order])
        source = self._store_source(new, opening, chunker)
        for done in range(0, len(order), STORED_AT_ONCE):
            part = order[done : done + STORED_AT_ONCE]
            self._store_chunks(new, part, texts, source=source, model=model, first=first + done)

    def _store_chunks(
        self,
        new: Prepared,
        part: Sequence[int],
        texts: Iterator[StoredText],
        *,
        source: int,
        model: int,
        first: int,
    ) -> None:
        """Store these chunks of a source, by their numbers; `texts` goes on with theirs."""
        title, name = fts_text(new.source.title or ""), fts_text(new.source.name)
        keys = [bytes.fromhex(new.keys[at]) for at in part]
        vectors = self._vectors(model, keys)
        rows, words = [], []
        for row, (at, key) in enumerate(zip(part, keys, strict=True), first):
            chunk, text = new.chunks[at], next(texts)
            if chunk.span.of(new.text) != chunk.text:
                msg = f"the chunk at {chunk.span} is not what its source says there"
                raise ValueError(msg)
            checked = (
                chunk.id,
                chunk.span.start,
                chunk.span.end,
                text.line,
                pack_spans(chunk.sentences),
                pack_lines(chunk.headings),
                pack_tables(chunk.tables),
                text.text,
            )
            entered = words_of(chunk, title, name)
            vector = vectors[key]
            kept = key if vector is None else None
            check = checksum(self._db.identity, new.source.id, *checked)
            rows.append((row, source, *checked, vector, kept, entered.hash(), check))
            words.append((row, entered))
        self._db.run_many(
            f"INSERT INTO chunks (row, source, {CHECKED_OF_CHUNKS}, vector, key, words, checksum)"
            f" VALUES ({', '.join('?' * 14)})",
            rows,
        )
        enter(self._db, words)
        self._db.run_many("INSERT OR IGNORE INTO chroma_pending VALUES (?)", ((row[2],) for row in rows))

    def _vectors(self, model: int, keys: Sequence[bytes]) -> dict[bytes, int | None]:
        """The rows of vectors by key, None where one is all zeros. Raises KeyError if one is missing."""
        found: dict[bytes, int | None] = dict(
            self._db.rows(
                "SELECT key, CASE WHEN vector = zeroblob(length(vector)) THEN NULL ELSE row END FROM vectors"
                f" WHERE model = ? AND key IN ({', '.join('?' * len(keys))})",
                (model, *keys),
            )
        )
        return {key: found[key] for key in keys}

    def _store_source(self, new: Prepared, opening: str, chunker: str) -> int:
        source = new.source
        checked = (
            source.id,
            source.name,
            None if source.location is None else stored_location(self.folder, source.location),
            source.sha256,
            source.reader,
            source.length,
            pack_pages(source.pages),
            source.title,
            source.date.value if source.date else None,
            source.date.origin if source.date else None,
            source.encoding,
            pack_lines(source.notes),
            opening,
            pack_spans(source.hidden),
        )
        values = (
            *checked,
            *(new.stat or (None,) * 4),
            hashlib.sha256(new.text.encode()).hexdigest(),
            chunker,
            checksum(self._db.identity, *checked),
        )
        return self._db.run(
            f"INSERT INTO sources ({CHECKED_OF_SOURCES}, {STAT_COLUMNS}, text_sha256, chunker, checksum)"
            f" VALUES ({', '.join('?' * len(values))})",
            values,
        )
