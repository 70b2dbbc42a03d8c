# ruff: noqa: S608 - what is put into a statement is a constant of this package
"""Removed text really removed: from tables, full-text index, cache, log and copies of the file.

Deleting rows is not enough. The full-text index notes what was deleted beside the words, until its segments
are merged; the write-ahead log has the pages as they were; the cache keeps the vectors. So the segments are
merged, unused vectors deleted, and the log is emptied. Free space is overwritten with zeros (`PRAGMA
secure_delete`); a file that was never purged may have been written without that, and is written anew, once.

FTS5 can also delete words at once (`secure-delete`, since SQLite 3.42), but then marks its tables as of a
format that older versions of SQLite refuse, and an index may be opened by several; merging works with all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.storage.schema import PURGED_TABLE

if TYPE_CHECKING:
    from index.storage.database import Database

UNUSED = "NOT EXISTS (SELECT 1 FROM chunks WHERE chunks.vector = vectors.row)"


def count_generation(database: Database, *, removed: bool) -> None:
    """Count the generation up, within a transaction; unless content was `removed`, a purged file stays so."""
    database.run(PURGED_TABLE)
    # From a catalog that nothing was ever put into, nothing was ever removed.
    database.run("INSERT OR IGNORE INTO purged SELECT 1, 0 FROM manifest WHERE generation = 0")
    if not removed:
        database.run(
            "UPDATE purged SET generation = generation + 1"
            " WHERE generation = (SELECT generation FROM manifest)"
        )
    database.run("UPDATE manifest SET generation = generation + 1")


def needs_purging(database: Database) -> bool:
    """True if content was removed since the last purge, as far as is known."""
    generation = database.required_row("SELECT generation FROM manifest")[0]
    return bool(generation) and _purged_generation(database) != generation


def purge(database: Database) -> None:
    """Leave no byte of what was removed; costs a look if nothing was removed since the last time.

    Killed at any moment, it is done again by the next one. Raises IndexDamaged, StorageError.
    """
    if needs_purging(database):
        never_purged = _purged_generation(database) is None
        for copy in database.path.parent.glob(f"{database.path.stem}.format-*{database.path.suffix}*"):
            copy.unlink(missing_ok=True)  # made before a migration
        with database.writing():
            database.run(f"DELETE FROM vectors WHERE {UNUSED}")
            database.run("INSERT INTO chunks_fts (chunks_fts) VALUES ('optimize')")
        if never_purged:
            database.vacuum()
        with database.writing():
            database.run(PURGED_TABLE)
            database.run("INSERT OR REPLACE INTO purged SELECT 1, generation FROM manifest")
    database.empty_log()


def _purged_generation(database: Database) -> int | None:
    """The generation at the last purge; None if there was none yet."""
    if not database.rows("SELECT 1 FROM sqlite_schema WHERE name = 'purged'"):
        return None
    row = database.row("SELECT generation FROM purged")
    return row[0] if row else None
