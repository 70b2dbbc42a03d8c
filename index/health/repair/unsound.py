# ruff: noqa: S608 - what is put into a statement is a constant of this package
"""A damaged SQLite file read for what can be had: row by row, past pages that cannot be read."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

from index.storage.schema import APPLICATION_ID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS_AT_ONCE = 100
HEADER = 100  # bytes, of the first page
FAR_AHEAD = 1000  # steps of the schema
LARGEST = 2**40  # a row number beyond that was never given


class UnsoundFile:
    """A file that SQLite may refuse, opened for reading. Texts come as bytes; use it in one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        uri = f"{path.absolute().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        self._connection.text_factory = bytes
        # A schema that is damaged in part, and a file that was cut, are read as far as they go.
        self._connection.execute("PRAGMA writable_schema = ON")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def is_catalog(self) -> bool:
        """True if it has the tables of one of our catalogs, whether or not they can be read."""
        return {b"sources", b"chunks", b"vectors", b"manifest", b"roots"} <= {
            name for (name,) in self.all("SELECT name FROM sqlite_schema")
        }

    def says_nonsense(self) -> bool:
        """True if it is one of our catalogs, and says that it is another program's, or from far ahead."""
        (owner,), (steps,) = self.all("PRAGMA application_id")[0], self.all("PRAGMA user_version")[0]
        return self.is_catalog() and (owner != APPLICATION_ID or not 0 < steps < FAR_AHEAD)

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, up to the first that cannot be read."""
        rows: list[tuple[Any, ...]] = []
        try:
            rows.extend(self._connection.execute(sql))
        except sqlite3.DatabaseError:
            return rows
        return rows

    def row(self, table: str, columns: str, number: int) -> tuple[Any, ...] | None:
        """One row by its number; None if there is none, or it cannot be read."""
        try:
            sql = f"SELECT {columns} FROM {table} NOT INDEXED WHERE rowid = ?"
            found: tuple[Any, ...] | None = self._connection.execute(sql, (number,)).fetchone()
        except sqlite3.DatabaseError:
            return None
        return found

    def rows(self, table: str, columns: str) -> Iterator[tuple[Any, ...]]:
        """All rows that can be read, with their numbers first, in the order of these."""
        last, at = self._last(table), 0
        sql = f"SELECT rowid, {columns} FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT ?"
        while at < last:
            try:
                page = self._connection.execute(sql, (at, ROWS_AT_ONCE)).fetchall()
            except sqlite3.DatabaseError:
                end = at + ROWS_AT_ONCE
                each = ((number, self.row(table, columns, number)) for number in range(at + 1, end + 1))
                yield from ((number, *row) for number, row in each if row is not None)
                at = end
            else:
                if not page or page[-1][0] <= at:
                    return
                yield from page
                at = page[-1][0]

    def _last(self, table: str) -> int:
        """At most how large the number of a row is."""
        known = [row[0] for row in self.all(f"SELECT max(rowid) FROM {table}")]
        known += [row[0] for row in self.all(f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'")]
        sound = [number for number in known if isinstance(number, int) and 0 < number < LARGEST]
        return max(sound, default=self.path.stat().st_size // 64)  # no row of these tables is smaller


def with_first_page(damaged: Path, sound: Path, copy: Path) -> None:
    """A copy of a `damaged` file with the first page of a `sound` one, which has the same tables.

    The first page says where the tables are, which is the same in all files that were made with the same
    steps. Raises OSError, as where there is no room for it.
    """
    with sound.open("rb") as file:
        header = file.read(HEADER)
        page = int.from_bytes(header[16:18], "big")
        first = bytearray(header + file.read(page - HEADER))
    pages = damaged.stat().st_size // page
    first[18:20] = b"\1\1"  # no write-ahead log: that of the damaged file is not beside the copy
    first[28:32] = pages.to_bytes(4, "big")
    first[32:40] = bytes(8)  # free pages, which nobody asks for
    shutil.copyfile(damaged, copy)
    with copy.open("r+b") as file:
        file.write(first)
