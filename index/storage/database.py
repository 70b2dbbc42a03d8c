"""One SQLite file opened safely: connections, transactions, migrations, and SQLite's errors made ours."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from contextlib import closing, contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from index.errors import IndexDamaged, IndexLocked, IndexTooNew, NoIndex, QaError, StorageError
from index.storage.schema import APPLICATION_ID, CHECKED_STEPS, MIGRATIONS, OCCURRENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Value: TypeAlias = str | bytes | int | float | None
Row: TypeAlias = tuple[Any, ...]  # a column holds what the schema says; whoever asks names the types
BUSY_SECONDS = 10.0
BUSY_RETRY_SECONDS = 0.02
OTHERS_SECONDS = 5.0  # that the file of another program is waited for
PAGE_SIZE = 16384  # bytes: 35,000 vectors of 256 load in half the time they take from pages of 4,096
PAGES_AT_ONCE = 2000  # copied between two reports before a conversion
COPIED = 0.05  # of the time that a conversion takes, when the file as it was is copied
STEPS_BETWEEN = 100_000  # of SQLite's machine, some milliseconds, between two looks whether to stop
RESTORE = "restore the folder from a copy, or remove it and index the documents again"


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

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query. For long results, ask page by page: memory stays flat."""
        with translated(self.path):
            return self._connection.execute(sql, values).fetchall()

    def pages(self, sql: str, values: Sequence[Value] = (), *, size: int) -> Iterator[list[Row]]:
        """The rows of a query that are not to be in memory all at once, `size` at a time, none empty."""
        with translated(self.path), closing(self._connection.execute(sql, values)) as cursor:
            while page := cursor.fetchmany(size):
                yield page

    def row(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        """The first row of a query, or None."""
        with translated(self.path):
            first: Row | None = self._connection.execute(sql, values).fetchone()
            return first

    def required_row(self, sql: str, values: Sequence[Value] = ()) -> Row:
        """The first row of a query that always has one. Raises IndexDamaged if it has none."""
        row = self.row(sql, values)
        if row is None:
            raise IndexDamaged(f"the index is damaged: {self.path} lacks a row", "index the documents again")
        return row

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Run one statement; the row number of the last insertion."""
        with translated(self.path):
            return self._connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, values: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each of `values`."""
        with translated(self.path):
            self._connection.executemany(sql, values)

    def define(self, name: str, function: Callable[[int], int]) -> None:
        """Let statements call `function`, of one number, by that name; the last one so named is called."""
        self._connection.create_function(name, 1, function, deterministic=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that writes: all of it is kept or nothing. Not to be nested."""
        if self.read_only:
            raise StorageError(f"the index is read-only: {self.path}", "make the folder writable")
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self.run("ROLLBACK")
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


def open_database(
    path: Path, *, create: bool = False, on_conversion: Callable[[float], None] = lambda _share: None
) -> Database:
    """Open the file and bring its tables up to date.

    `on_conversion` is told now and then which share of that is done, if there is anything to do. Raises
    NoIndex, IndexDamaged, IndexTooNew, or StorageError where the disk refuses. A file that cannot be written
    is opened for reading, with the tables that it has (`Database.steps`).
    """
    _refuse_missing(path, create=create)
    with translated(path):
        connection = _connect(path, create=create)
        try:
            _refuse_cut(path, connection)
            _prepare(path, connection, on_conversion, create=create)
        except BaseException:
            connection.close()
            raise
    return Database(path, connection)


def is_catalog(path: str) -> bool:
    """True if the file at `path` is one of ours. It is only looked at, and left as it is.

    By SQLite: see `_refuse_missing` for what opening it otherwise could do to whoever has it open here.
    """
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return False
        address = f"{Path(path).absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            owner = connection.execute("PRAGMA application_id").fetchone()[0]
    except (OSError, sqlite3.Error):
        return False
    return bool(owner == APPLICATION_ID)


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


def _refuse_missing(path: Path, *, create: bool) -> None:
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
        raise _no_index(path)


def _refuse_cut(path: Path, connection: sqlite3.Connection) -> None:
    """SQLite itself may notice only when it comes to the end of the file."""
    page, pages = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count"))
    size = path.stat().st_size
    if size < page * pages and not _log_of(path):
        raise IndexDamaged(
            f"the index is damaged: {path} was cut off ({size} of {page * pages} bytes)", RESTORE
        )


def _no_index(path: Path) -> NoIndex:
    return NoIndex(f"there is no index in {path.parent}", "make one: qa index FOLDER")


def _log_of(path: Path) -> int:
    """The size of the write-ahead log: what was committed and has not reached the file itself."""
    try:
        return path.with_name(path.name + "-wal").stat().st_size
    except FileNotFoundError:  # there is none, or the last reader just took it away
        return 0


def _connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """Open for writing, or if that is refused for reading, or if even that for reading an unchanging file."""
    modes = ["rwc"] if create else ["rw", "ro", *(["ro&immutable=1"] if not _log_of(path) else [])]
    refused: sqlite3.OperationalError | None = None
    for mode in modes:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        try:
            if mode.startswith("rw"):
                _set_up_writing(connection)
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            connection.execute(OCCURRENCES)
            if mode.startswith("ro"):
                connection.execute("PRAGMA query_only = 1")
        except sqlite3.OperationalError as exc:
            connection.close()
            if create or exc.sqlite_errorcode & 0xFF not in (*REFUSED, *NO_ROOM):
                raise
            refused = exc
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    assert refused is not None
    raise refused


REFUSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
NO_ROOM = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)  # a full disk has none for the file readers share


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
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(BUSY_RETRY_SECONDS)
        else:
            return  # switched, or the file system has no shared memory and SQLite keeps the old journal


def _prepare(
    path: Path, connection: sqlite3.Connection, report: Callable[[float], None], *, create: bool
) -> None:
    connection.execute("BEGIN")  # one moment for all three: another process may be making the tables
    steps = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    empty = not connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    connection.execute("COMMIT")
    if steps == 0 and owner == 0 and empty:
        if not create:
            raise _no_index(path)
    elif owner != APPLICATION_ID:
        raise IndexDamaged(f"not an index of this program: {path}", "name another folder", option="index")
    if steps > len(MIGRATIONS):
        raise IndexTooNew(
            f"the index was made by a newer version (format {steps}; this knows {len(MIGRATIONS)}): {path}",
            "update the program: pip install -U cited-qa",
        )
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


def _report_step(report: Callable[[float], None], taken: int, steps: int, share: float) -> None:
    """Report the share of a step, behind others that were taken, as one of the whole conversion."""
    report(COPIED + (1 - COPIED) * (taken + share) / steps)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into our errors; a mistake in our SQL stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        error = _translation(path, exc)
        if error is None:
            raise
        raise error from exc


def _translation(path: Path, exc: sqlite3.DatabaseError) -> QaError | None:
    code = getattr(exc, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return IndexDamaged(f"the index is damaged: {path}: {exc}", RESTORE)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return IndexLocked(f"the index is in use by another process: {path}", "try again when it is done")
    if code == sqlite3.SQLITE_FULL:
        hint = "free some space and run it again; what was committed stays"
        return StorageError(f"the disk is full: {path}", hint)
    if code in (*REFUSED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_TOOBIG):
        hint = "check the disk and the permissions; what was committed stays"
        return StorageError(f"the index cannot be used: {path}: {exc}", hint)
    return None
