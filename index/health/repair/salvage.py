"""What can be read of a damaged catalog moved into a new one, which takes its place.

The new file is complete before the old one is put aside. Killed at any moment, the next repair begins again,
or goes on with a file that was ready.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.errors import IndexDamaged, StorageError
from index.health.repair.moving import Move
from index.health.repair.unsound import UnsoundFile, with_first_page
from index.storage.atomic import save_folder
from index.storage.catalog import FILE_NAME, Catalog
from index.storage.database import open_database

if TYPE_CHECKING:
    from index.health.findings import Progress

NEW, COPY, READY = "catalog.new.sqlite3", "catalog.new.copy", "catalog.ready.sqlite3"
BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite puts beside a file


class Salvaged(NamedTuple):
    """What came of it: the name that the damaged file has now, and how many sources were whole."""

    aside: str
    sources: int


def salvage(folder: Path, report: Progress) -> Salvaged:
    """Put a new catalog, of what can be read of the one there, in its place. For who holds the writer lock.

    Of a source that is not whole its name and place are moved, so that it is read again. The damaged file
    stays under another name. Raises IndexDamaged where nothing can be read, StorageError where there is no
    room for both.
    """
    path, ready, aside = folder / FILE_NAME, folder / READY, folder / _free_name(folder)
    if not _is_ready(path, ready):
        try:
            _write_new(path, report)
        except sqlite3.Error as exc:
            hint = "move the folder of the index away, and index the documents again"
            raise IndexDamaged(f"nothing can be read of {path} any more: {exc}", hint) from exc
        except OSError as exc:
            cause = f"the catalog cannot be written anew: {exc.strerror or exc}"
            raise StorageError(cause, "free some space") from exc
    with closing(open_database(ready)) as database:
        sources = database.required_row("SELECT count(*) FROM sources WHERE sha256 != ''")[0]
        database.empty_log()
    _swap(path, ready, aside)
    return Salvaged(aside.name, sources)


def _write_new(path: Path, report: Progress) -> None:
    """Make the file that is ready. Raises sqlite3.Error, OSError and what the catalog raises."""
    new, copy = path.with_name(NEW), path.with_name(COPY)
    remove_database(new, copy, path.with_name(READY))
    with closing(open_database(new, create=True)) as database:
        database.empty_log()
        with closing(_opened(path, new, copy)) as old:
            Move(Catalog(path.parent, database), database, old).run(report)
        database.empty_log()
    remove_database(copy)
    new.replace(path.with_name(READY))


def _opened(path: Path, new: Path, copy: Path) -> UnsoundFile:
    """The damaged file, or a copy with a first page that can be read. Raises sqlite3.Error and OSError."""
    with suppress(sqlite3.DatabaseError):
        old = UnsoundFile(path)
        if old.is_catalog():
            return old
        old.close()
    with_first_page(path, new, copy)
    return UnsoundFile(copy)


def put_aside(path: Path) -> str:
    """Give a file of which nothing can be read another name, and say which."""
    aside = path.with_name(_free_name(path.parent))
    remove_database(path.with_name(NEW), path.with_name(COPY))
    for old, kept in zip(_beside(path), _beside(aside), strict=True):
        if old.exists():
            old.rename(kept)
    save_folder(path.parent)
    return aside.name


def _is_ready(path: Path, ready: Path) -> bool:
    """True if a new file is complete, and nobody wrote to the old one since."""
    try:
        made = ready.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    return all(not old.exists() or old.stat().st_mtime_ns <= made for old in _beside(path)[:2])


def _swap(path: Path, ready: Path, aside: Path) -> None:
    """Put `ready` in the place of `path`, which is kept as `aside`.

    The log of the old file goes before: read into the new one, it would damage that.
    """
    for old, kept in zip(_beside(path)[:2], _beside(aside)[:2], strict=True):
        if old.exists():
            _keep(old, kept)
    for beside in (*_beside(path)[1:], *_beside(ready)[1:]):
        beside.unlink(missing_ok=True)
    ready.replace(path)
    save_folder(path.parent)


def _keep(path: Path, kept: Path) -> None:
    try:
        os.link(path, kept)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, kept)


def _free_name(folder: Path) -> str:
    number = 1
    while (folder / f"catalog.damaged-{number}.sqlite3").exists():
        number += 1
    return f"catalog.damaged-{number}.sqlite3"


def remove_database(*paths: Path) -> None:
    """Delete SQLite files with what is beside them, as far as they are there."""
    for path in paths:
        for beside in _beside(path):
            beside.unlink(missing_ok=True)


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + suffix) for suffix in BESIDE]
