"""What the operating system does to an open SQLite file: locks that go, and a disk without room."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from index.storage.catalog import FILE_NAME, Catalog
from index.storage.database import open_database
from tests.support.catalogs import open_catalog, prepared, store

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
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


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
    assert [reader.communicate(timeout=60)[1] for reader in readers] == [b"", b"", b""]


@pytest.mark.skipif(not shutil.which("prlimit"), reason="needs a way to forbid writing")
def test_an_index_on_a_full_disk_can_be_asked(tmp_path: Path) -> None:
    """Where no byte can be written, not even to what readers share, it is read as it lies there."""
    folder = tmp_path / ".qa"
    with open_catalog(folder) as catalog:
        store(catalog, prepared(folder, "a.txt", "words\n"))
    assert read_elsewhere(folder, "prlimit", "--fsize=0") == "a.txt"
