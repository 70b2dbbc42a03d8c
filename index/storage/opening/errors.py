"""What SQLite says about a file, and values that cannot be what was stored, made errors of ours."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import IndexDamaged, IndexLocked, QaError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEND = "see what can be mended: qa doctor"
RESTORE = f"{MEND}; else restore the folder from a copy, or remove it and index the documents again"
REFUSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
NO_ROOM = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)  # a full disk has none for the file readers share
BROKEN = (
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_TOOBIG),
    *(sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_INTERNAL),
)
# What SQLite says with no code of its own: of a value that is no text, and of tables of FTS5 that do not fit.
BROKEN_WORDS = ("Could not decode to UTF-8", "vtable constructor failed", "invalid fts5 file format")
# What unpacking raises where a value is not what was packed.
UNPACKING = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into our errors; a mistake in our SQL stays what it is."""
    try:
        yield
    except UnicodeDecodeError as exc:  # of SQLite's own words, which repeat a name that is none any more
        raise damaged(path, "it holds what is no text") from exc
    except sqlite3.DatabaseError as exc:
        error = _translation(path, exc)
        if error is None:
            raise
        raise error from exc


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Within it, a stored value that cannot be unpacked is damage."""
    try:
        yield
    except UNPACKING as exc:
        raise damaged(path, "it holds what was never stored") from exc


def damaged(path: Path, what: str) -> IndexDamaged:
    """The error for a file of which `what` is said."""
    return IndexDamaged(f"the index is damaged: {path}: {what}", RESTORE)


def code_of(exc: sqlite3.DatabaseError) -> int:
    """SQLite's primary code for it; that of an error in general where Python raised it itself."""
    code: int = getattr(exc, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF


def _translation(path: Path, exc: sqlite3.DatabaseError) -> QaError | None:
    code = code_of(exc)
    if code in BROKEN:
        return damaged(path, str(exc))
    if any(words in str(exc) for words in BROKEN_WORDS):
        return damaged(path, "it holds what is no text")  # and not the value, which SQLite's words repeat
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return IndexLocked(f"the index is in use by another process: {path}", "try again when it is done")
    if code == sqlite3.SQLITE_FULL:
        hint = "free some space and run it again; what was committed stays"
        return StorageError(f"the disk is full: {path}", hint)
    if code in (*REFUSED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS):
        hint = "check the disk and the permissions; what was committed stays"
        return StorageError(f"the index cannot be used: {path}: {exc}", hint)
    return None
