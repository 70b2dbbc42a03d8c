"""Disks that refuse, that lose the end of what was written, or are copied: there is always a whole state."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import sys
import threading
from contextlib import closing
from itertools import count, takewhile
from pathlib import Path

import pytest

from index.errors import StorageError
from index.storage.catalog import FILE_NAME, Catalog
from tests.support.catalogs import open_catalog, prepared, store

NAMES = ("a.txt", "b.txt", "c.txt")


def write_version(catalog: Catalog, version: int) -> None:
    """All sources anew in one transaction, longer with each version."""
    text = f"version {version}\n" + "".join(f"line {n} of {version}\n" for n in range(20 * version))
    store(catalog, *(prepared(catalog.folder, name, text) for name in NAMES))


def whole_version(folder: Path) -> int:
    """The version that an index holds, if all of it is of one version and as it was stored."""
    with Catalog.open(folder) as catalog:
        assert catalog._db.rows("PRAGMA integrity_check") == [("ok",)]
        hashes: dict[str, str] = dict(catalog._db.rows("SELECT name, text_sha256 FROM sources"))
        texts = {source.name: catalog.text(source.id) for source in catalog.sources()}
        assert hashes == {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
        versions = {int(text.split(maxsplit=2)[1]) for text in texts.values()}
        assert len(versions) == 1, versions
        for source in catalog.sources():
            stored = catalog.prepared(source.id)
            assert all(chunk.span.of(stored.text) == chunk.text for chunk in stored.chunks)
            assert len(stored.chunks) == 1 + 20 * max(versions)
        return versions.pop()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_write_that_fails_anywhere_leaves_the_old_state(tmp_path: Path) -> None:
    """S3: a limit on the size of files stands for the disk, first tight and then wider, until all fits."""
    folder = tmp_path / ".qa"
    with open_catalog(folder) as catalog:
        write_version(catalog, 1)
        full = catalog._db.rows("PRAGMA page_count")[0][0] * catalog._db.rows("PRAGMA page_size")[0][0]
    limits = count(full // 8, full // 8)
    errors = list(takewhile(lambda error: error is not None, (refusal(folder, limit) for limit in limits)))
    assert len(errors) > 3
    for error in errors:
        assert error is not None
        assert FILE_NAME in error.cause
        assert error.hint
    assert whole_version(folder) == 4


def refusal(folder: Path, limit: int) -> StorageError | None:
    """What is said when no file may become longer; None if all fits. The state is the old or the new one."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with Catalog.open(folder) as catalog:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
            write_version(catalog, 4)
    except StorageError as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        return error if whole_version(folder) == 1 else None
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    return None


def test_every_commit_is_flushed(tmp_path: Path) -> None:
    """S13: SQLite waits for the disk at the end of every transaction, whoever opens the catalog."""
    open_catalog(tmp_path / ".qa").close()
    with Catalog.open(tmp_path / ".qa") as catalog:
        assert catalog._db.rows("PRAGMA synchronous") == [(2,)]  # FULL
        assert catalog._db.rows("PRAGMA journal_mode") == [("wal",)]


def test_a_log_that_was_cut_by_a_loss_of_power_gives_a_whole_state(tmp_path: Path) -> None:
    """S13: wherever the log ends, what is read is what some commit left; the later, the more is there."""
    folder = tmp_path / ".qa"
    log = folder / f"{FILE_NAME}-wal"
    with open_catalog(folder) as catalog:
        write_version(catalog, 1)
        catalog._db.empty_log()
        for version in (2, 3):
            write_version(catalog, version)
        size = log.stat().st_size
        found = []
        for at in range(9):
            copy = tmp_path / f"{at}" / ".qa"
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*-shm"))
            with (copy / log.name).open("r+b") as file:
                file.truncate(size * at // 8)
            found.append(whole_version(copy))
    assert found == sorted(found)
    assert set(found) == {1, 2, 3}


def test_a_copy_made_while_somebody_writes_is_whole(tmp_path: Path) -> None:
    """S15: SQLite's own copy of the catalog is one state, however often it changes meanwhile."""
    folder = tmp_path / ".qa"
    written = threading.Event()

    def write() -> None:
        with Catalog.open(folder) as catalog:
            for version in range(2, 7):
                write_version(catalog, version)
                written.set()

    with open_catalog(folder) as catalog:
        write_version(catalog, 1)
    writer = threading.Thread(target=write)
    writer.start()
    written.wait()
    copies = [tmp_path / f"{at}" / ".qa" for at in range(3)]
    for copy in copies:
        copy.mkdir(parents=True)
        with (
            closing(sqlite3.connect(folder / FILE_NAME)) as source,
            closing(sqlite3.connect(copy / FILE_NAME)) as target,
        ):
            source.backup(target, pages=2)
    writer.join()
    found = [whole_version(copy) for copy in copies]
    assert found == sorted(found)
    assert found[0] >= 2
