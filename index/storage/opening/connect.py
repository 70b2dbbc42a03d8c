"""A connection to the catalog's file: for writing, or for reading where nothing can be written."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Any, TypeAlias

from index.storage.opening.errors import NO_ROOM, REFUSED, code_of
from index.storage.opening.log import log_size
from index.storage.schema import OCCURRENCES

if TYPE_CHECKING:
    from pathlib import Path

Value: TypeAlias = str | bytes | int | float | None
Row: TypeAlias = tuple[Any, ...]  # a column holds what the schema says; whoever asks names the types
BUSY_SECONDS = 10.0
BUSY_RETRY_SECONDS = 0.02
PAGE_SIZE = 16384  # bytes: 35,000 vectors of 256 load in half the time they take from pages of 4,096


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A bare connection; `mode` is SQLite's: "rwc", "rw", "ro", "ro&immutable=1"."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )


def connect_fitting(path: Path, *, create: bool) -> sqlite3.Connection:
    """Open for writing, or if that is refused for reading, or if even that for reading an unchanging file."""
    modes = ["rwc"] if create else ["rw", "ro", *(["ro&immutable=1"] if not log_size(path) else [])]
    refused: sqlite3.OperationalError | None = None
    for mode in modes:
        connection = connect(path, mode)
        try:
            if mode.startswith("rw"):
                _set_up_writing(connection)
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            connection.execute(OCCURRENCES)
            if mode.startswith("ro"):
                connection.execute("PRAGMA query_only = 1")
        except sqlite3.OperationalError as exc:
            connection.close()
            if create or code_of(exc) not in (*REFUSED, *NO_ROOM):
                raise
            refused = exc
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    assert refused is not None
    raise refused


def _set_up_writing(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a new file; an old one keeps its own
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # deleted content is overwritten with zeros


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to a write-ahead log, waiting up to `BUSY_SECONDS` for connections that are in the way.

    SQLite's own time-out does not cover the switch. It reads the file and then asks for an exclusive lock,
    and a connection that already reads is refused at once, because waiting could be a deadlock
    (sqlite.org/c3ref/busy_handler.html). Between two attempts nothing is locked here, so there is none.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as exc:
            if code_of(exc) != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(BUSY_RETRY_SECONDS)
        else:
            return  # switched, or the file system has no shared memory and SQLite keeps the old journal
