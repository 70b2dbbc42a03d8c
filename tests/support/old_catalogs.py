"""Catalogs as older versions of the program made them, for the tests of what becomes of them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

from index.storage.catalog import FILE_NAME
from index.storage.content.full_text import words_of
from index.storage.location import stored_location
from index.storage.records import Prepared, pack_pages, pack_spans, pack_tables
from index.storage.schema import APPLICATION_ID, MIGRATIONS
from index.text.terms import fts_text
from tests.support.catalogs import EMBEDDER, vectors_of


def old_catalog(folder: Path, steps: int, *sources: Prepared) -> None:
    """Make a catalog of the first `steps` of the schema that holds `sources`, put in before the third."""
    first = min(steps, 2)
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for step in MIGRATIONS[:first]:
            step(db, lambda _share: None)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {steps}")
        db.execute(
            "UPDATE manifest SET chunker = 'lines/1', embedder = ?, dimension = ?, generation = 1",
            (EMBEDDER.name, EMBEDDER.dimension),
        )
        for source in sources:
            _store(db, folder, source, tables=first > 1)
        db.commit()
        for step in MIGRATIONS[first:steps]:
            step(db, lambda _share: None)
        db.commit()


def _store(db: sqlite3.Connection, folder: Path, new: Prepared, *, tables: bool) -> None:
    source, stat = new.source, new.stat
    assert source.location
    assert source.date
    assert stat
    row = db.execute(
        "INSERT INTO sources (id, name, location, size, mtime_ns, inode, sha256, text_sha256, reader,"
        " chunker, length, encoding, title, date, date_origin, pages, notes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'lines/1', ?, ?, ?, ?, ?, ?, ?)",
        (
            *(source.id, source.name, stored_location(folder, source.location)),
            *(stat.size, stat.mtime_ns, stat.inode),
            *(source.sha256, hashlib.sha256(new.text.encode()).hexdigest(), source.reader),
            *(source.length, source.encoding, source.title, source.date.value, source.date.origin),
            *(pack_pages(source.pages), json.dumps(source.notes)),
        ),
    ).lastrowid
    db.execute("INSERT INTO texts VALUES (?, ?)", (row, new.text))
    vectors = vectors_of(new)
    for chunk, key in zip(new.chunks, new.keys, strict=True):
        db.execute(
            "INSERT OR IGNORE INTO vectors (model, key, vector) VALUES (?, ?, ?)",
            (EMBEDDER.name, key, vectors[key]),
        )
        known = "SELECT row FROM vectors WHERE key = ?" if any(vectors[key]) else "SELECT NULL WHERE ? > ''"
        ((vector,),) = db.execute(known, (key,))
        values = {
            "id": chunk.id,
            "source": row,
            "start": chunk.span.start,
            '"end"': chunk.span.end,
            "text": chunk.text,
            "sentences": pack_spans(chunk.sentences),
            "headings": json.dumps(chunk.headings),
            "key": key,
            "vector": vector,
            **({"tables": pack_tables(chunk.tables)} if tables else {}),
        }
        marks = ", ".join("?" * len(values))
        stored = db.execute(
            f"INSERT INTO chunks ({', '.join(values)}) VALUES ({marks})",
            tuple(values.values()),
        ).lastrowid
        words = words_of(chunk, fts_text(source.title or ""), fts_text(source.name))
        db.execute(
            "INSERT INTO chunks_fts (rowid, text, headings, title, name) VALUES (?, ?, ?, ?, ?)",
            (stored, *words),
        )
        db.execute("INSERT OR IGNORE INTO chroma_pending VALUES (?)", (chunk.id,))
