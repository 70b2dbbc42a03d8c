"""What is refused before a catalog is opened: where nothing is, files of other programs, broken ones."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

from index.errors import IndexDamaged, NoIndex, StorageError
from index.storage.opening.connect import connect
from index.storage.opening.errors import NO_ROOM, REFUSED, code_of, damaged
from index.storage.opening.log import log_path, log_size
from index.storage.schema import APPLICATION_ID

if TYPE_CHECKING:
    from pathlib import Path


def refuse_missing(path: Path, *, create: bool) -> None:
    """Say that there is no index where there is none, without opening the file.

    A file that is opened and closed beside SQLite takes the locks of this process with it, and the next
    reader deletes the log in use (sqlite.org/howtocorrupt.html, 2.2).
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        size = 0
    except OSError as exc:
        raise StorageError(
            f"the index cannot be read: {path}: {exc.strerror}", "check its permissions"
        ) from exc
    if not size and not create:  # empty: killed in the moment of creation
        raise no_index(path)


def no_index(path: Path) -> NoIndex:
    """The error where there is none."""
    return NoIndex(f"there is no index in {path.parent}", "make one: qa index FOLDER")


def refuse_foreign(path: Path) -> None:
    """Raise IndexDamaged for the database of another program, of which not a byte is changed.

    It is looked at as a file that nobody writes to: SQLite takes no lock then, and makes no file. Where that
    is empty, all may be in the log, of which a connection that only reads brings nothing into the file.
    """
    if not path.exists() or not path.stat().st_size:
        return
    try:
        for mode in ("ro&immutable=1", *(["ro"] if log_size(path) else [])):
            with closing(connect(path, mode)) as file:
                owner = file.execute("PRAGMA application_id").fetchone()[0]
                if owner == APPLICATION_ID:
                    return
                if owner or file.execute("SELECT 1 FROM sqlite_schema").fetchone():
                    raise not_ours(path)
    except sqlite3.DatabaseError:
        if not log_size(path):  # else somebody may just be writing what was looked at
            raise


def is_catalog(path: Path) -> bool:
    """True if the file at `path` is one of ours. It is only looked at, and left as it is."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with closing(connect(path, "ro&immutable=1")) as file:
            owner = file.execute("PRAGMA application_id").fetchone()[0]
    except (OSError, sqlite3.Error):
        return False
    return bool(owner == APPLICATION_ID)


def not_ours(path: Path) -> IndexDamaged:
    """The error for the file of another program."""
    return IndexDamaged(f"not an index of this program: {path}", "name another folder", option="index")


def refuse_foreign_log(path: Path) -> None:
    """Raise IndexDamaged if the log beside the catalog is that of another one, before SQLite mixes the two.

    The id of the index is looked up with the log and without; a connection that only reads brings nothing of
    it into the file when it is closed.
    """
    if not log_size(path) or not path.exists():
        return
    own = _identity(path, "ro&immutable=1")
    with_log = _identity(path, "ro") if own else None
    if own and with_log not in (None, own):
        raise IndexDamaged(
            f"the log beside the index is that of another one: {log_path(path)}",
            "move it away; what this index was told last may be lost with its own: index the documents again",
        )


def _identity(path: Path, mode: str) -> str | None:
    """The id of the index; "" where there is none to read, None where nothing may be read now."""
    try:
        with closing(connect(path, mode)) as file:
            found = file.execute("SELECT id FROM manifest").fetchone()
    except sqlite3.DatabaseError as exc:
        return None if code_of(exc) in (*REFUSED, *NO_ROOM, sqlite3.SQLITE_BUSY) else ""
    return str(found[0]) if found else ""


def refuse_cut(path: Path, connection: sqlite3.Connection) -> None:
    """SQLite itself may notice only when it comes to the end of the file."""
    page, pages = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count"))
    size = path.stat().st_size
    if size < page * pages and not log_size(path):
        raise damaged(path, f"it was cut off ({size} of {page * pages} bytes)")
