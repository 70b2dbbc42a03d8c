# ruff: noqa: S608 - what is put into a statement is a constant of this package
"""What is derived made anew inside the catalog: words and vectors; damaged sources emptied."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.embedding.embedder import embed_each
from index.health.sources import DamagedSource, damaged_sources
from index.health.vectors import bad_vectors
from index.storage.content.full_text import enter_again
from index.storage.content.rows import LISTED, note_checksums
from index.storage.purge import count_generation
from index.sync.prepare import UNKNOWN_TIME, text_key
from index.text.chunks import embedding_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.embedding.embedder import Embedder
    from index.health.findings import Progress
    from index.storage.catalog import Catalog
    from index.storage.database import Database

CHUNKS_AT_ONCE = 1000
EMBED_AT_ONCE = 128


def empty_damaged(db: Database, base: str, report: Progress) -> list[DamagedSource]:
    """Take every word of damaged sources out of the catalog; their names and places stay, to be read again.

    Of one whose name cannot be read nothing stays. The full-text index has to be written anew afterwards.
    """
    damaged = list(damaged_sources(db, base, report))
    with db.writing():
        for source in damaged:
            _drop_chunks(db, "source = ?", source.row)
            if source.name is None:
                db.run("DELETE FROM sources WHERE row = ?", (source.row,))
            else:
                db.run(
                    "UPDATE sources SET sha256 = '', text_sha256 = '', reader = '', chunker = '', length = 0,"
                    " opening = '', hidden = x'', pages = x'', notes = '[]', title = NULL, date = NULL,"
                    " date_origin = NULL, encoding = NULL, mtime_ns = ? WHERE row = ?",
                    (UNKNOWN_TIME, source.row),
                )
                note_checksums(db, "row = ?", source.row)
        if damaged:
            count_generation(db, removed=True)
    return damaged


def drop_orphans(db: Database) -> int:
    """Delete chunks that belong to no source; how many there were."""
    orphans = "source NOT IN (SELECT row FROM sources)"
    count: int = db.required_row(f"SELECT count(*) FROM chunks WHERE {orphans}")[0]
    if count:
        with db.writing():
            _drop_chunks(db, orphans)
            count_generation(db, removed=True)
    return count


def _drop_chunks(db: Database, where: str, *values: int) -> None:
    db.run(f"INSERT OR IGNORE INTO chroma_pending SELECT id FROM chunks WHERE {where}", values)
    db.run(f"DELETE FROM chunks WHERE {where}", values)


def write_words(db: Database, report: Progress) -> None:
    """Write the full-text index anew, in one transaction."""
    rows = [row for (row,) in db.rows("SELECT row FROM chunks ORDER BY row")]
    with db.writing():
        db.run("INSERT INTO chunks_fts (chunks_fts) VALUES ('delete-all')")
        for at in range(0, len(rows), CHUNKS_AT_ONCE):
            report("words written", at, len(rows))
            enter_again(db, rows[at : at + CHUNKS_AT_ONCE])
        count_generation(db, removed=False)


def wanting_vectors(db: Database, report: Progress) -> list[int]:
    """The rows of chunks whose vector cannot be used, or that have words and no vector."""
    bad = [row for rows in bad_vectors(db, report) for row in rows]
    rows = db.rows(
        f"SELECT row FROM chunks WHERE vector IN {LISTED} OR (vector IS NULL AND text GLOB '*[a-zA-Z0-9]*')"
        " ORDER BY row",
        (json.dumps(bad),),
    )
    return [row for (row,) in rows]


def embed_again(
    catalog: Catalog,
    db: Database,
    rows: Sequence[int],
    load: Callable[[], Embedder],
    report: Progress,
) -> int:
    """Make the vectors of the chunks in these rows anew; how many have one now. Raises what `load` raises."""
    embedder = load()
    catalog.check_embedder(embedder.name, embedder.dimension)
    made = 0
    for at_once in range(0, len(rows), EMBED_AT_ONCE):
        report("vectors made", at_once, len(rows))
        chunks = list(catalog.chunks(rows[at_once : at_once + EMBED_AT_ONCE]).items())
        texts = [embedding_text(chunk, source.title) for _, (chunk, source) in chunks]
        embedded = embed_each(embedder, texts)
        with db.writing():
            db.run("INSERT OR IGNORE INTO models (name) VALUES (?)", (embedder.name,))
            for at, (row, _) in enumerate(chunks):
                vector = embedded.rows[at].astype("<f4")
                if at not in embedded.refused and vector.any():
                    _set_vector(db, row, bytes.fromhex(text_key(texts[at])), vector.tobytes(), embedder.name)
                    made += 1
            count_generation(db, removed=False)
    return made


def _set_vector(db: Database, row: int, key: bytes, vector: bytes, embedder: str) -> None:
    db.run(
        "INSERT INTO vectors (model, key, vector) SELECT row, ?, ? FROM models WHERE name = ?"
        " ON CONFLICT (key, model) DO UPDATE SET vector = excluded.vector",
        (key, vector, embedder),
    )
    db.run(
        "UPDATE chunks SET key = NULL, vector = (SELECT vectors.row FROM vectors JOIN models"
        " ON models.row = model WHERE vectors.key = ? AND name = ?) WHERE row = ?",
        (key, embedder, row),
    )
    db.run("INSERT OR IGNORE INTO chroma_pending SELECT id FROM chunks WHERE row = ?", (row,))
