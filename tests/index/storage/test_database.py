"""What the operating system does to an open SQLite file: locks that go, and a disk without room."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import IndexLocked
from index.storage.catalog import FILE_NAME, Catalog
from index.storage.database import open_database
from tests.support.catalogs import open_catalog, prepared, store
from tests.support.timeouts import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
READER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from index.storage.catalog import Catalog
with Catalog.open(Path(sys.argv[1])) as catalog:
    print(*[source.name for source in catalog.sources()])
"""


def read_elsewhere(folder: Path, *before: str) -> str:
    """The names that another process sees in the index."""
    command = [*before, sys.executable, "-I", "-c", READER, str(folder), str(ROOT)]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=PATIENCE, encoding="utf-8"
    ).stdout.strip()


def test_a_second_connection_takes_no_lock_from_the_first(tmp_path: Path) -> None:
    """A reader that leaves does not delete the log of a process that has opened the catalog twice."""
    folder = tmp_path / ".qa"
    with open_catalog(folder) as writer, Catalog.open(folder):
        store(writer, prepared(folder, "a.txt", "words\n"))
        assert read_elsewhere(folder) == "a.txt"
        assert (folder / (FILE_NAME + "-wal")).stat().st_size > 0
        store(writer, prepared(folder, "b.txt", "more words\n"))
        assert read_elsewhere(folder) == "a.txt b.txt"
    with closing(open_database(folder / FILE_NAME)) as database:
        assert database.rows("PRAGMA integrity_check") == [("ok",)]


def test_many_that_open_and_leave_do_not_meet(tmp_path: Path) -> None:
    """The last one to leave removes the log; another one that comes at that moment does not mind."""
    folder = tmp_path / ".qa"
    with open_catalog(folder) as catalog:
        store(catalog, prepared(folder, "a.txt", "words\n"))
    script = READER.replace("with", "for _ in range(400):\n  with").replace("    print", "    str")
    command = [sys.executable, "-I", "-c", script, str(folder), str(ROOT)]
    readers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    assert [reader.communicate(timeout=PATIENCE)[1] for reader in readers] == [b"", b"", b""]


def test_a_new_file_that_another_connection_writes_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The switch to a write-ahead log, which SQLite refuses at once, is tried until the lock is gone."""
    path = tmp_path / FILE_NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waits: list[float] = []

        def let_go(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                other.execute("COMMIT")

        monkeypatch.setattr(time, "sleep", let_go)
        with closing(open_database(path, create=True)) as database:
            assert database.rows("PRAGMA journal_mode") == [("wal",)]
    assert len(waits) == 3


def test_a_new_file_that_stays_locked_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that never lets go is waited for as long as any other lock, and no longer."""
    monkeypatch.setattr("index.storage.opening.connect.BUSY_SECONDS", 0.2)
    path = tmp_path / FILE_NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(IndexLocked, match="in use by another process"):
            open_database(path, create=True)
        assert time.monotonic() - began >= 0.2
        other.execute("COMMIT")
    open_database(path, create=True).close()


@pytest.mark.skipif(not shutil.which("prlimit"), reason="needs a way to forbid writing")
def test_an_index_on_a_full_disk_can_be_asked(tmp_path: Path) -> None:
    """Where no byte can be written, not even to what readers share, it is read as it lies there."""
    folder = tmp_path / ".qa"
    with open_catalog(folder) as catalog:
        store(catalog, prepared(folder, "a.txt", "words\n"))
    assert read_elsewhere(folder, "prlimit", "--fsize=0") == "a.txt"
