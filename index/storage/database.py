"""One SQLite file opened safely: connections, transactions, migrations, and SQLite's errors made ours."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from functools import cached_property, partial
from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias

from index.errors import IndexDamaged, IndexTooNew, StorageError
from index.storage.opening.connect import Row, Value, connect_fitting
from index.storage.opening.errors import damaged, translated
from index.storage.opening.log import refuse_broken_log
from index.storage.opening.refusals import (
    no_index,
    not_ours,
    refuse_cut,
    refuse_foreign,
    refuse_foreign_log,
    refuse_missing,
)
from index.storage.schema import APPLICATION_ID, CHECKED_STEPS, KNOWN_BY, MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from types import UnionType

__all__ = ["Database", "Row", "Value", "open_database"]

Kind: TypeAlias = "type | UnionType"  # of what stands in a column
PAGES_AT_ONCE = 2000  # copied between two reports before a conversion
COPIED = 0.05  # of the time that a conversion takes, when the file as it was is copied


class Database:
    """A connection to one SQLite file. Use it in the thread that opened it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self.read_only = bool(connection.execute("PRAGMA query_only").fetchone()[0])
        self.steps: int = connection.execute("PRAGMA user_version").fetchone()[0]  # of the schema

    @cached_property
    def identity(self) -> str:
        """The index's own id, "" in a file that was made before there were such."""
        return str(self.required_row("SELECT id FROM manifest")[0]) if self.steps >= CHECKED_STEPS else ""

    def rows(self, sql: str, values: Sequence[Value] = (), *, of: Sequence[Kind] = ()) -> list[Row]:
        """All rows of a query. For long results, ask page by page: memory stays flat.

        With `of`, the kinds of its columns, raises IndexDamaged if anything is of another kind.
        """
        with self._translated():
            rows: list[Row] = self._connection.execute(sql, values).fetchall()
        self._expect(rows, of)
        return rows

    def checked_rows(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """The rows of a query that are compared with their checksums, which name the source that is damaged.

        So text that is none comes as well, with its stray bytes as surrogates.
        """
        try:
            return self.rows(sql, values)
        except IndexDamaged:
            if self.steps < CHECKED_STEPS:
                raise
            self._connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
            try:
                return self.rows(sql, values)
            finally:
                self._connection.text_factory = str

    def pages(self, sql: str, values: Sequence[Value] = (), *, size: int) -> Iterator[list[Row]]:
        """The rows of a query that are not to be in memory all at once, `size` at a time, none empty."""
        with self._translated(), closing(self._connection.execute(sql, values)) as cursor:
            while page := cursor.fetchmany(size):
                yield page

    def row(self, sql: str, values: Sequence[Value] = (), *, of: Sequence[Kind] = ()) -> Row | None:
        """The first row of a query, or None; `of` as in `rows`."""
        with self._translated():
            first: Row | None = self._connection.execute(sql, values).fetchone()
        self._expect([] if first is None else [first], of)
        return first

    def required_row(self, sql: str, values: Sequence[Value] = (), *, of: Sequence[Kind] = ()) -> Row:
        """The first row of a query that always has one; `of` as in `rows`. Raises IndexDamaged."""
        row = self.row(sql, values, of=of)
        if row is None:
            raise damaged(self.path, "it lacks a row")
        return row

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Run one statement; the row number of the last insertion."""
        with self._translated():
            return self._connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, values: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each of `values`."""
        with self._translated():
            self._connection.executemany(sql, values)

    def define(self, name: str, function: Callable[[int], int]) -> None:
        """Let statements call `function`, of one number, by that name; the last one so named is called."""
        self._connection.create_function(name, 1, function, deterministic=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that writes: all of it is kept or nothing. Not to be nested.

        Raises IndexDamaged where what should be unique would stand there twice: whoever writes has looked.
        """
        if self.read_only:
            raise StorageError(f"the index is read-only: {self.path}", "make the folder writable")
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException as exc:
            if self._connection.in_transaction:
                self.run("ROLLBACK")
            if isinstance(exc, sqlite3.IntegrityError):
                raise damaged(self.path, "what is unique stands there already") from exc
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Several queries that see one and the same state. Within another transaction it changes nothing."""
        if self._connection.in_transaction:
            yield
            return
        self.run("BEGIN")
        try:
            yield
        finally:
            self.run("ROLLBACK")

    def vacuum(self) -> None:
        """Write the file anew, without the space that deleted content left free."""
        self.run("VACUUM")

    def empty_log(self) -> None:
        """Bring the write-ahead log into the file and cut it to nothing, unless somebody is reading."""
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connection; a second time does nothing."""
        self._connection.close()

    def _expect(self, rows: Sequence[Row], of: Sequence[Kind]) -> None:
        for kind, column in zip(of, zip(*rows, strict=True), strict=False):
            if not all(issubclass(found, kind) for found in set(map(type, column))):
                raise damaged(self.path, "it holds what was never stored")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's errors made ours; a mistake in our SQL is one only where the tables are the known ones."""
        try:
            with translated(self.path):
                yield
        except sqlite3.OperationalError as exc:
            if _has_tables_of(self._connection, self.steps):
                raise
            raise damaged(self.path, "its tables are not the known ones") from exc


def open_database(
    path: Path, *, create: bool = False, on_conversion: Callable[[float], None] = lambda _share: None
) -> Database:
    """Open the file and bring its tables up to date.

    `on_conversion` is told now and then which share of that is done, if there is anything to do. Raises
    NoIndex, IndexDamaged, IndexTooNew, or StorageError where the disk refuses. A file that cannot be written
    is opened for reading, with the tables that it has (`Database.steps`).
    """
    refuse_missing(path, create=create)
    with _opening(path):
        refuse_foreign(path)
        refuse_broken_log(path)
        refuse_foreign_log(path)
        connection = connect_fitting(path, create=create)
        try:
            refuse_cut(path, connection)
            _prepare(path, connection, on_conversion, create=create)
        except BaseException:
            connection.close()
            raise
    return Database(path, connection)


def _prepare(
    path: Path, connection: sqlite3.Connection, report: Callable[[float], None], *, create: bool
) -> None:
    connection.execute("BEGIN")  # one moment for all: another process may be making the tables
    steps = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    empty = not connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    taken = _steps_taken(connection)
    connection.execute("COMMIT")
    if steps == 0 and owner == 0 and empty:
        if not create:
            raise no_index(path)
    elif owner != APPLICATION_ID:
        raise not_ours(path)
    if steps > len(MIGRATIONS):
        raise IndexTooNew(
            f"the index was made by a newer version (format {steps}; this knows {len(MIGRATIONS)}): {path}",
            "update the program: pip install -U cited-qa; if no newer one wrote it, it is damaged: qa doctor",
        )
    if taken != min(steps, len(KNOWN_BY)):
        raise damaged(path, "its header is not that of its tables")
    read_only = bool(connection.execute("PRAGMA query_only").fetchone()[0])
    if steps < len(MIGRATIONS) and not (read_only and steps):
        _migrate(path, connection, steps, report)


def _migrate(path: Path, connection: sqlite3.Connection, steps: int, report: Callable[[float], None]) -> None:
    """Take the missing steps in one transaction. What was there before is copied first."""
    if steps:
        copy = path.with_name(f"{path.stem}.format-{steps}{path.suffix}")
        with closing(sqlite3.connect(copy)) as target:
            connection.backup(
                target,
                pages=PAGES_AT_ONCE,
                progress=lambda _, left, pages: report(COPIED * (1 - left / pages)),
            )
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have taken them while we waited.
        steps = connection.execute("PRAGMA user_version").fetchone()[0]
        missing = MIGRATIONS[steps:]
        for taken, step in enumerate(missing):
            step(connection, partial(_report_step, report, taken, len(missing)))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    """SQLite's errors made ours. While a file is opened, whatever is wrong is wrong with the file."""
    try:
        with translated(path):
            yield
    except sqlite3.DatabaseError as exc:
        raise damaged(path, "its tables are not the known ones") from exc


def _report_step(report: Callable[[float], None], taken: int, steps: int, share: float) -> None:
    """Report the share of a step, behind others that were taken, as one of the whole conversion."""
    report(COPIED + (1 - COPIED) * (taken + share) / steps)


def _steps_taken(connection: sqlite3.Connection) -> int:
    """How many steps of the schema have been taken, by the tables that are there."""
    has = "SELECT count(*) FROM pragma_table_info(?) WHERE name = ?"
    there = (connection.execute(has, column).fetchone()[0] for column in KNOWN_BY)
    return sum(1 for _ in takewhile(bool, there))


def _has_tables_of(connection: sqlite3.Connection, steps: int) -> bool:
    """True if all tables are there, with all columns, that the first `steps` of the schema make."""
    listed = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
    with closing(sqlite3.connect(":memory:")) as fresh:
        for step in MIGRATIONS[:steps]:
            step(fresh, lambda _share: None)
        wanted = set(fresh.execute(listed))
    try:
        return wanted <= set(connection.execute(listed))
    except sqlite3.DatabaseError:
        return False
