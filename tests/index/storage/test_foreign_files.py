"""A file of another program in the place of the catalog: refused, and left as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import IndexDamaged
from index.storage.catalog import FILE_NAME, Catalog

FOREIGN: dict[str, str] = {
    "tables of its own": "CREATE TABLE urls (url)",
    "another owner": "CREATE TABLE urls (url); PRAGMA application_id = 252006675",
    "another owner, empty": "PRAGMA application_id = 252006675; PRAGMA user_version = 4",
    "tables named like ours": "CREATE TABLE manifest (one); CREATE TABLE a (b); PRAGMA user_version = 4",
    "a log of its own": "PRAGMA journal_mode = WAL; CREATE TABLE urls (url)",
    "a broken schema": "CREATE TABLE a (b); PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = 'x'",
}


def files_in(*folders: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in folders for path in folder.iterdir()}


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("kind", FOREIGN)
def test_another_program_s_file_is_not_touched(
    tmp_path: Path, kind: str, *, create: bool, linked: bool
) -> None:
    """Whether asked or indexed into: not a byte is changed, and no file made beside it."""
    folder, other = tmp_path / ".qa", tmp_path / "other"
    folder.mkdir()
    other.mkdir()
    path = other / "history.db" if linked else folder / FILE_NAME
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(FOREIGN[kind])
    if linked:
        (folder / FILE_NAME).symlink_to(path)
    before = files_in(folder, other)
    with pytest.raises(IndexDamaged) as caught:
        Catalog.open(folder, create=create)
    assert caught.value.hint
    assert "\n" not in caught.value.cause
    assert files_in(folder, other) == before


def test_another_program_s_file_whose_tables_are_in_its_log(tmp_path: Path) -> None:
    """Nothing is brought from its log into it."""
    made, folder = tmp_path / "made", tmp_path / ".qa"
    made.mkdir()
    folder.mkdir()
    with closing(sqlite3.connect(made / FILE_NAME, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE urls (url)")
        for name in (FILE_NAME, f"{FILE_NAME}-wal"):
            (folder / name).write_bytes((made / name).read_bytes())
    before = files_in(folder)
    with pytest.raises(IndexDamaged, match="not an index of this program"):
        Catalog.open(folder, create=True)
    assert {path: data for path, data in files_in(folder).items() if path in before} == before


def test_what_is_no_database_is_not_touched(tmp_path: Path) -> None:
    """Also where somebody wants to index into it."""
    (tmp_path / FILE_NAME).write_bytes(b"To whom it may concern: this is a letter.\n" * 99)
    before = files_in(tmp_path)
    with pytest.raises(IndexDamaged, match="not a database"):
        Catalog.open(tmp_path, create=True)
    assert files_in(tmp_path) == before
