"""The tables of the catalog, as an append-only list of steps. A step, once released, never changes.

The number of steps that were taken is kept in SQLite's `user_version`; a file is known as
ours by its `application_id`.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

APPLICATION_ID = 0x71614349  # "qaCI", in SQLite's header

FIRST_TABLES = """
CREATE TABLE manifest (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    chunker TEXT NOT NULL DEFAULT '',
    embedder TEXT NOT NULL DEFAULT '',
    dimension INTEGER NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL DEFAULT 0,
    chroma TEXT NOT NULL DEFAULT 'absent' CHECK (chroma IN ('absent', 'dirty', 'clean')),
    chroma_generation INTEGER NOT NULL DEFAULT 0
);
INSERT INTO manifest (one) VALUES (1);

CREATE TABLE roots (location TEXT PRIMARY KEY) WITHOUT ROWID;

-- location is relative to the folder that holds the index where it lies below it, else absolute; NULL for a
-- source that is not a file. AUTOINCREMENT: a row number is never used again, so a reader cannot mix up two.
CREATE TABLE sources (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    location TEXT UNIQUE,
    size INTEGER, mtime_ns INTEGER, inode INTEGER,
    sha256 TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    reader TEXT NOT NULL,
    chunker TEXT NOT NULL,
    length INTEGER NOT NULL,
    encoding TEXT,
    title TEXT,
    date TEXT,
    date_origin TEXT,
    pages BLOB NOT NULL,
    notes TEXT NOT NULL
);
CREATE INDEX sources_by_hash ON sources (sha256);

CREATE TABLE texts (
    source INTEGER PRIMARY KEY REFERENCES sources (row) ON DELETE CASCADE,
    text TEXT NOT NULL
);

CREATE TABLE vectors (
    row INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    key TEXT NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (model, key)
);

-- vector is NULL where the text has none: nothing can be found by a vector of zeros.
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source INTEGER NOT NULL REFERENCES sources (row) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    sentences BLOB NOT NULL,
    headings TEXT NOT NULL,
    key TEXT NOT NULL,
    vector INTEGER REFERENCES vectors (row)
);
CREATE INDEX chunks_by_source ON chunks (source, start);
CREATE INDEX chunks_by_vector ON chunks (vector);

CREATE VIRTUAL TABLE chunks_fts USING fts5 (
    text, headings, title, name,
    tokenize = 'porter unicode61 remove_diacritics 2'
);

-- Chunks whose state in Chroma may differ from the one here, whether added, changed or gone.
CREATE TABLE chroma_pending (chunk_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


# The generation the file was last purged at (see `purge.py`). Made when first wanted, and no step: versions
# of the program that know fewer steps refuse a file, while they can go on using this one.
PURGED_TABLE = """
CREATE TABLE IF NOT EXISTS purged (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL
)
"""


def _first_tables(db: sqlite3.Connection) -> None:
    for statement in statements(FIRST_TABLES):
        db.execute(statement)


def _tables_of_chunks(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE chunks ADD COLUMN tables TEXT NOT NULL DEFAULT '[]'")


def statements(script: str) -> list[str]:
    """The statements of a script one by one: `executescript` would commit what is under way."""
    complete, begun = [], ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            complete.append(begun.strip())
            begun = ""
    return complete


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first_tables, _tables_of_chunks)
