"""SQLite files of another program: made with our page size, written anew, rows erased."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from index.errors import IndexDamaged
from index.storage.opening.connect import PAGE_SIZE
from index.storage.opening.errors import RESTORE, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.storage.opening.connect import Value

OTHERS_SECONDS = 5.0  # that the file of another program is waited for
STEPS_BETWEEN = 100_000  # of SQLite's machine, some milliseconds, between two looks whether to stop


def create_file(path: Path) -> None:
    """Make an empty SQLite file with our page size, for another program to make its tables in.

    Raises StorageError.
    """
    with translated(path), closing(_connect_other(path)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute("VACUUM")


def vacuum_file(path: Path, stop: Callable[[], bool]) -> bool:
    """Write the SQLite file of another program anew, without what was deleted from it.

    Nobody may have it open. Ends early, with False and nothing changed, once `stop` says so, which is asked
    now and then. Raises IndexDamaged, IndexLocked, StorageError.
    """
    with translated(path), closing(_connect_other(path)) as connection:
        connection.set_progress_handler(stop, STEPS_BETWEEN)
        try:
            connection.execute("VACUUM")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return False
    return True


def erase_rows(path: Path, *statements: str, values: Sequence[Value]) -> None:
    """Run statements in the SQLite file of another program, each with `values`, all in one transaction.

    What they delete is overwritten with zeros. Raises IndexDamaged, IndexLocked, StorageError; for a file
    without these tables, IndexDamaged.
    """
    with translated(path), closing(_connect_other(path)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        try:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                for statement in statements:
                    connection.execute(statement, values)
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            raise IndexDamaged(f"the tables of {path} are not the known ones: {exc}", RESTORE) from exc


def _connect_other(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=OTHERS_SECONDS, isolation_level=None)
