"""An index that is missing, damaged, foreign, too new, moved, read-only, or on a full disk.

What is said of it, and that it answers on wherever it can. Each damage is done to a copy.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.storage.catalog import Catalog
from index.storage.records import checksum
from index.storage.schema import CHECKED_OF_MANIFEST
from tests.support.processes import QUESTION, assert_refused, assert_still_answers, qa, without_root_rights


def catalog_file(home: Path) -> Path:
    return home / ".qa" / "catalog.sqlite3"


def change(home: Path, statement: str) -> None:
    """Change the catalog behind its back."""
    with sqlite3.connect(catalog_file(home)) as connection:
        connection.execute(statement)
    connection.close()


def make_by(home: Path, embedder: str) -> None:
    """Let the catalog say that it was made with another embedder, as if it had been."""
    with closing(sqlite3.connect(catalog_file(home))) as connection, connection:
        connection.execute("UPDATE manifest SET embedder = ?", (embedder,))
        (row,) = connection.execute(f"SELECT id, {CHECKED_OF_MANIFEST} FROM manifest")
        connection.execute("UPDATE manifest SET checksum = ?", (checksum(*row),))


def test_there_is_no_index(tmp_path: Path) -> None:
    """Who asks without one is told how it is made; with --json too, standard output stays empty."""
    for words in (["ask", "--json", "Where?"], ["sources", "--json"], ["show", "a.txt"]):
        done = qa(*words, at=tmp_path)
        assert_refused(done, 6, "there is no index in")
        assert "qa index" in done.err


@pytest.mark.parametrize("damage", ["cut", "header", "flipped"])
def test_a_damaged_catalog(copied: Path, damage: str) -> None:
    """S7: cut off, overwritten or with pages of rubbish: one line that names the file, and what to do."""
    path = catalog_file(copied)
    whole = path.read_bytes()
    rubbish = whole[:16384] + b"\xa5" * (len(whole) - 16384)
    path.write_bytes({"cut": whole[: len(whole) // 2], "header": b"\0" * 4096, "flipped": rubbish}[damage])
    for words in (["ask", "--json", QUESTION], ["index", "docs", "--json"])[damage == "flipped" :]:
        done = qa(*words, at=copied)
        assert_refused(done, 6, "damaged", "catalog.sqlite3")
        assert "qa doctor" in done.err


def test_an_index_of_another_version_or_model(copied: Path) -> None:
    """S9, S10: refused by both names or with the way to update; nothing is changed."""
    make_by(copied, "gone/1")
    (copied / "docs" / "new.txt").write_text("The weir of Bath was rebuilt.\n", encoding="utf-8")
    assert_refused(qa("index", "docs", "--json", at=copied), 6, "made with gone/1", "not with")
    assert_refused(qa("ask", "--json", QUESTION, at=copied), 4, "gone/1")
    change(copied, "PRAGMA user_version = 99")
    for words in (["ask", "--json", QUESTION], ["index", "docs", "--json"]):
        assert_refused(qa(*words, at=copied), 6, "made by a newer version (format 99")


def test_an_index_moves_with_its_documents(copied: Path, tmp_path: Path) -> None:
    """The pair can be renamed: nothing is read again, and citations point at the new place."""
    there = tmp_path / "elsewhere"
    copied.rename(there)
    done = qa("index", "docs/good.txt", "--json", at=there)
    assert (done.code, done.shown["unchanged"], done.shown["added"]) == (0, 1, 0)
    asked = qa("ask", "--json", QUESTION, at=there)
    assert asked.shown["citations"][0]["location"] == str(there / "docs" / "good.txt")


def test_an_index_that_cannot_be_written(copied: Path) -> None:
    """S5: it is asked as ever; who would change it is told why not, and it is as before."""
    before = without_root_rights()
    parts = [copied / ".qa", *(copied / ".qa").rglob("*")]
    for path in parts:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        assert_still_answers(copied, before=before)
        done = qa("index", "docs", "--json", at=copied, before=before)
        assert_refused(done, 1, "the index cannot be locked for writing", "ermission denied")
        done = qa("index", "docs", "--index", "docs/good.txt/x", at=copied, before=before)
        assert_refused(done, 1, "the index folder cannot be made", "good.txt")
    finally:
        for path in parts:
            path.chmod(0o700 if path.is_dir() else 0o600)


def test_a_disk_that_is_full_and_vectors_that_are_lost(copied: Path) -> None:
    """S3, S4, S6, S8: said in one line, and all that was there answers; the next run makes up for both.

    A limit on the size of files stands for the disk. Chroma's files are first rubbish, and then gone.
    """
    limit = catalog_file(copied).stat().st_size
    text = "".join(f"On day {day} the tide at Brest rose {day % 7} metres.\n" for day in range(20_000))
    (copied / "docs" / "tides.txt").write_text(text, encoding="utf-8")
    vectors = copied / ".qa" / "chroma"
    for path in vectors.rglob("*.bin"):
        path.write_bytes(b"\xa5" * path.stat().st_size)
    done = qa("index", "docs/tides.txt", "--json", at=copied, before=("prlimit", f"--fsize={limit}"))
    assert_refused(done, 1, "catalog.sqlite3", "(committed 0 of 1 files)")
    assert_still_answers(copied)
    shutil.rmtree(vectors)
    done = qa("index", "docs/tides.txt", "--json", "--chroma", "--wait", at=copied)
    assert (done.code, done.shown["added"], done.shown["warning"]) == (0, 1, None)
    assert done.shown["chroma"] == {"state": "current", "pending": 0}
    with Catalog.open(copied / ".qa") as catalog:
        assert catalog.chroma.state()[::2] == ("clean", 0)
    assert list(vectors.rglob("*.bin"))


def test_two_indexes_know_nothing_of_each_other(copied: Path, tmp_path: Path) -> None:
    """--index names one outright, and the nearest one upwards is taken otherwise."""
    (tmp_path / "empty.txt").write_text("Nothing of interest.\n", encoding="utf-8")
    assert_refused(qa("ask", QUESTION, "--index", "none", at=copied), 6, "there is no index at", "none")
    assert_still_answers(tmp_path, "--index", str(copied))
