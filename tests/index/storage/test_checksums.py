"""The checksums of sources and chunks: what they are of, and that they are kept up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.storage.catalog import FILE_NAME, Catalog
from index.storage.records import FileStat, checksum
from index.storage.schema import CHECKED_OF_CHUNKS, CHECKED_OF_SOURCES, MIGRATIONS
from tests.support.catalogs import open_catalog, prepared, store
from tests.support.old_catalogs import old_catalog

OLD_STEPS = range(1, len(MIGRATIONS))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog."""
    with open_catalog(tmp_path / ".qa") as opened:
        yield opened


def stored_checksums(catalog: Catalog) -> list[bytes]:
    """The checksums of all sources and chunks; each is that of what stands there."""
    rows = catalog._db.rows(f"SELECT checksum, {CHECKED_OF_SOURCES} FROM sources ORDER BY row")
    assert [kept for kept, *_ in rows] == [checksum(catalog._db.identity, *values) for _, *values in rows]
    columns = "sources.id, " + ", ".join(f"chunks.{name}" for name in CHECKED_OF_CHUNKS.split(", "))
    tables = "chunks JOIN sources ON sources.row = source"
    chunks = catalog._db.rows(f"SELECT chunks.checksum, {columns} FROM {tables} ORDER BY chunks.row")
    assert [kept for kept, *_ in chunks] == [checksum(catalog._db.identity, *values) for _, *values in chunks]
    return [kept for kept, *_ in (*rows, *chunks)]


def test_sources_and_chunks_have_checksums(catalog: Catalog) -> None:
    """Of everything that is quoted of them or shown, also after a source got another name."""
    source = prepared(catalog.folder, "a.txt", "words\n\nothers\n")
    store(catalog, source)
    first = stored_checksums(catalog)
    assert len(set(first)) == 4
    catalog.rename({source.source.id: "b.txt"})
    second = stored_checksums(catalog)
    assert [one == other for one, other in zip(first, second, strict=True)] == [False, True, True, True]


@pytest.mark.parametrize("steps", OLD_STEPS)
def test_an_old_index_is_given_checksums(tmp_path: Path, steps: int) -> None:
    """They are those of what stands there, whatever that is: also of what was no text any more."""
    folder = tmp_path / ".qa"
    old_catalog(folder, steps, prepared(folder, "a.txt", "words\n"), prepared(folder, "b.txt", "others\n"))
    if steps == OLD_STEPS[-1]:
        with closing(sqlite3.connect(folder / FILE_NAME)) as db, db:
            db.execute("UPDATE sources SET title = CAST(x'ff41' AS TEXT) WHERE name = 'b.txt'")
    with Catalog.open(folder) as catalog:
        assert len(catalog._db.identity) == 32
        catalog._db.run("UPDATE sources SET title = 'On b.txt' WHERE name = 'b.txt' AND title != 'On b.txt'")
        if steps == OLD_STEPS[-1]:
            with pytest.raises(AssertionError):
                stored_checksums(catalog)
        else:
            assert len(set(stored_checksums(catalog))) == 4


def test_the_time_of_change_of_a_file_is_kept(catalog: Catalog) -> None:
    """As it was given with the source, and as it was noted since."""
    source = prepared(catalog.folder, "a.txt", "words\n")
    store(catalog, replace(source, stat=FileStat(6, 7, 8, 9)))
    assert catalog.prepared(source.source.id).stat == FileStat(6, 7, 8, 9)
    catalog.touch({source.source.id: FileStat(6, 7, 8, 10)})
    assert next(catalog.files()).stat == FileStat(6, 7, 8, 10)
