# ruff: noqa: S608 - what is put into a statement is a constant of this package
"""The tables of the catalog, as an append-only list of steps. A step, once released, never changes.

The number of steps that were taken is kept in SQLite's `user_version`; a file is known as
ours by its `application_id`.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from index.storage.records import WORDS, Words, checksum, cut_text
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Report = Callable[[float], None]  # the share of a step that is done
    Step = Callable[[sqlite3.Connection, Report], None]

APPLICATION_ID = 0x71614349  # "qaCI", in SQLite's header
AT_ONCE = 5000  # chunks between two reports
# Of the time that a conversion takes, so much is gone when chunks stand in their new tables, and when their
# words are in the new full-text index.
CHUNKS_MOVED, WORDS_ENTERED = 0.4, 0.75

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

# A row for each time that a token occurs in a chunk: made for each connection, it reads the file's index.
OCCURRENCES = "CREATE VIRTUAL TABLE temp.occurrences USING fts5vocab(main, chunks_fts, instance)"


def _first_tables(db: sqlite3.Connection, _report: Report) -> None:
    for statement in statements(FIRST_TABLES):
        db.execute(statement)


def _tables_of_chunks(db: sqlite3.Connection, _report: Report) -> None:
    db.execute("ALTER TABLE chunks ADD COLUMN tables TEXT NOT NULL DEFAULT '[]'")


def _move_chunks(db: sqlite3.Connection, report: Report) -> None:
    """Fill `vectors`, `chunks` and `chunks_fts` from the tables that were before.

    Rows keep their numbers. Words are entered as they were, whatever would be entered for a chunk today.
    """
    db.create_function("from_hex", 1, bytes.fromhex, deterministic=True)
    db.create_function("words_hash", 4, _hash, deterministic=True)
    db.execute("INSERT INTO models (name) SELECT DISTINCT model FROM old_vectors")
    db.execute(
        "INSERT INTO vectors SELECT old_vectors.row, models.row, from_hex(key), vector FROM old_vectors"
        " JOIN models ON name = model ORDER BY old_vectors.row"
    )
    sources = db.execute("SELECT row FROM sources ORDER BY row").fetchall()
    for number, (source,) in enumerate(sources):
        report(CHUNKS_MOVED * number / len(sources))
        db.executemany(
            'INSERT INTO chunks SELECT c.row, c.id, c.source, c.start, c."end", ?, c.vector,'
            " CASE WHEN c.vector IS NULL THEN from_hex(c.key) END,"
            " words_hash(f.text, f.headings, f.title, f.name), c.sentences, c.headings, c.tables, ?"
            " FROM old_chunks c LEFT JOIN old_fts f ON f.rowid = c.row WHERE c.row = ?",
            _texts_of(db, source),
        )
    ((last,),) = db.execute("SELECT ifnull(max(rowid), 0) FROM old_fts")
    for first in range(0, last + 1, AT_ONCE):
        report(CHUNKS_MOVED + (WORDS_ENTERED - CHUNKS_MOVED) * first / last)
        db.execute(
            f"INSERT INTO chunks_fts (rowid, {WORDS}) SELECT rowid, {WORDS} FROM old_fts"
            " WHERE rowid BETWEEN ? AND ?",
            (first, first + AT_ONCE - 1),
        )
    report(WORDS_ENTERED)
    db.execute("DELETE FROM sqlite_sequence WHERE name = 'chunks'")
    db.execute(
        "INSERT INTO sqlite_sequence SELECT 'chunks', seq FROM sqlite_sequence WHERE name = 'old_chunks'"
    )


def _texts_of(db: sqlite3.Connection, source: int) -> Iterator[tuple[int, str, int]]:
    """Line, text and row of a source's chunks; what stands before the first one is stored with the source."""
    ((text,),) = db.execute("SELECT text FROM texts WHERE source = ?", (source,)).fetchall()
    chunks = db.execute(
        'SELECT row, start, "end" FROM old_chunks WHERE source = ? ORDER BY start, row', (source,)
    ).fetchall()
    opening, pieces = cut_text(text, [Span(start, end) for _, start, end in chunks])
    db.execute("UPDATE sources SET opening = ? WHERE row = ?", (opening, source))
    for (row, *_), piece in zip(chunks, pieces, strict=True):
        yield piece.line, piece.text, row


def _hash(*words: str | None) -> bytes:
    """The hash of what was entered for a chunk; what is damaged and was not entered is no words."""
    return Words(*(word or "" for word in words)).hash()


def statements(script: str) -> list[str]:
    """The statements of a script one by one: `executescript` would commit what is under way."""
    complete, begun = [], ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            complete.append(begun.strip())
            begun = ""
    return complete


TEXT_ONCE_STEPS = 3  # from which on it is so:
# every character once: the text before a source's first chunk is its opening, and each chunk has the text to
# the start of the next one. `words` is the hash of what was entered for a chunk in the full-text index, which
# keeps no text: see `full_text.py`. `key` is that of the vector, and stands here where there is none.
TEXT_ONCE = """
ALTER TABLE sources ADD COLUMN opening TEXT NOT NULL DEFAULT '';

CREATE TABLE models (row INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE vectors (
    row INTEGER PRIMARY KEY,
    model INTEGER NOT NULL REFERENCES models (row),
    key BLOB NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (key, model)
);

CREATE TABLE chunks (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source INTEGER NOT NULL REFERENCES sources (row) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    line INTEGER NOT NULL,
    vector INTEGER REFERENCES vectors (row),
    key BLOB,
    words BLOB NOT NULL,
    sentences BLOB NOT NULL,
    headings TEXT NOT NULL,
    tables TEXT NOT NULL,
    text TEXT NOT NULL
);

CREATE VIRTUAL TABLE chunks_fts USING fts5 (
    text, headings, title, name,
    content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
"""

TEXT_ONCE_INDEXES = """
CREATE INDEX chunks_by_source ON chunks (source, start);
CREATE INDEX chunks_by_vector ON chunks (vector);
"""

NEVER_FILLED = """
DROP TABLE chunks;
DROP TABLE vectors;
DROP TABLE texts;
DROP TABLE chunks_fts;
"""

SET_ASIDE = """
ALTER TABLE chunks RENAME TO old_chunks;
ALTER TABLE vectors RENAME TO old_vectors;
ALTER TABLE chunks_fts RENAME TO old_fts;
"""

DROPPED = """
DROP TABLE old_chunks;
DROP TABLE old_vectors;
DROP TABLE old_fts;
DROP TABLE texts;
DROP TABLE IF EXISTS purged;
"""


def _text_once(db: sqlite3.Connection, report: Report) -> None:
    """The space of what is dropped is given back when the file is next purged, as one that never was."""
    filled = db.execute("SELECT 1 FROM sqlite_sequence").fetchone()  # ever: in most files it has yet to be
    for statement in statements(SET_ASIDE if filled else NEVER_FILLED):
        db.execute(statement)
    for statement in statements(TEXT_ONCE):
        db.execute(statement)
    if filled:
        _move_chunks(db, report)
        for statement in statements(DROPPED):
            db.execute(statement)
    for statement in statements(TEXT_ONCE_INDEXES):
        db.execute(statement)


HIDDEN_STEPS = 4  # from which on sources say where their text is hidden


def _hidden_of_sources(db: sqlite3.Connection, _report: Report) -> None:
    db.execute("ALTER TABLE sources ADD COLUMN hidden BLOB NOT NULL DEFAULT x''")


# Damage that SQLite does not see is seen by checksums: of what the index was made with, of a source with what
# stands before its first chunk, and of each chunk with its piece of text and its source's id. All begin with
# the index's own `id`, so that no page of another index passes for one of this. `ctime_ns` is 0 where it was
# not looked at.
CHECKED = """
ALTER TABLE manifest ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE manifest ADD COLUMN checksum BLOB;
UPDATE manifest SET id = lower(hex(randomblob(16)));
ALTER TABLE sources ADD COLUMN ctime_ns INTEGER DEFAULT 0;
ALTER TABLE sources ADD COLUMN checksum BLOB;
ALTER TABLE chunks ADD COLUMN checksum BLOB;
"""

CHECKED_STEPS = 5  # from which on it is so
CHECKED_OF_MANIFEST = "chunker, embedder, dimension"
CHECKED_OF_SOURCES = (
    "id, name, location, sha256, reader, length, pages, title, date, date_origin, encoding, notes"
    ", opening, hidden"
)
CHECKED_OF_CHUNKS = 'id, start, "end", line, sentences, headings, tables, text'


def _checksums(db: sqlite3.Connection, report: Report) -> None:
    """What an older version wrote is taken for right: from now on it is seen if it changes."""
    for statement in statements(CHECKED):
        db.execute(statement)
    ((index, *made_with),) = db.execute(f"SELECT id, {CHECKED_OF_MANIFEST} FROM manifest").fetchall()
    db.execute("UPDATE manifest SET checksum = ?", (checksum(index, *made_with),))
    db.text_factory = lambda stored: stored.decode(
        errors="surrogateescape"
    )  # damaged before: no reason to stop
    try:
        sources = db.execute("SELECT row FROM sources").fetchall()
        for number, (row,) in enumerate(sources):
            report(number / len(sources))
            (values,) = db.execute(f"SELECT {CHECKED_OF_SOURCES} FROM sources WHERE row = ?", (row,))
            db.execute("UPDATE sources SET checksum = ? WHERE row = ?", (checksum(index, *values), row))
            chunks = db.execute(f"SELECT row, {CHECKED_OF_CHUNKS} FROM chunks WHERE source = ?", (row,))
            db.executemany(
                "UPDATE chunks SET checksum = ? WHERE row = ?",
                [(checksum(index, values[0], *chunk), at) for at, *chunk in chunks],
            )
    finally:
        db.text_factory = str


MIGRATIONS: tuple[Step, ...] = (_first_tables, _tables_of_chunks, _text_once, _hidden_of_sources, _checksums)
# A table with a column that each step has made, by which it is seen to have been taken.
KNOWN_BY = (
    ("manifest", "one"),
    ("chunks", "tables"),
    ("sources", "opening"),
    ("sources", "hidden"),
    ("sources", "checksum"),
)
