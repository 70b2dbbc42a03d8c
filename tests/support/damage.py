"""An index of a few documents, and ways to damage it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from index.storage.catalog import FILE_NAME
from index.sync.sync import sync
from tests.support.fake_embedder import LetterEmbedder

EMBEDDER = LetterEmbedder(dimension=32)
PAGE = 16384
WORDS = (
    *("the", "summit", "in", "budapest", "was", "cancelled", "after", "a", "memorandum"),
    *("had", "reached", "washington", "on", "a", "cold", "friday"),
)
NAMES = ("alpha.txt", "beta.md", "gamma.txt", "delta.txt")
Damage = Callable[[Path], object]  # is given the folder that holds `.qa`


def document(name: str, sentences: int = 260) -> str:
    """Some chunks of sentences that all differ, with the ends of lines that Windows has in one of them."""
    lines = []
    for number in range(sentences):
        words = [WORDS[(number * 7 + at * at + len(name)) % len(WORDS)] for at in range(9)]
        lines.append(f"{' '.join(words).capitalize()} {name.partition('.')[0]} {number}.")
        if number % 8 == 7:
            lines.append("")
    return ("\r\n" if name == "gamma.txt" else "\n").join(lines)


def write_index(folder: Path) -> None:
    """The documents below `docs`, and their index."""
    (folder / "docs").mkdir(parents=True)
    for name in NAMES:
        path = folder / "docs" / name
        path.write_bytes(document(name).encode())
        os.utime(path, (1_700_000_000, 1_700_000_000))  # long ago: its time tells whether it changed
    index(folder)


def index(folder: Path) -> None:
    """Bring the index up to date."""
    report = sync([folder / "docs"], folder=folder / ".qa", embedder=lambda: EMBEDDER)
    assert not report.failed


def copied(built: Path, folder: Path) -> Path:
    """A copy of the folder, times of files included."""
    shutil.copytree(built, folder)
    return folder


def catalog_file(folder: Path) -> Path:
    """The file of the catalog."""
    return folder / ".qa" / FILE_NAME


def statements(*statements: str) -> Damage:
    """Damage done by statements of SQL, which no foreign key forbids."""

    def damage(folder: Path) -> None:
        with closing(sqlite3.connect(catalog_file(folder), isolation_level=None)) as db:
            for statement in statements:
                db.execute(statement)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    return damage


def flipped(offset: int) -> Damage:
    """A bit of the catalog's file that is another one."""

    def damage(folder: Path) -> None:
        data = bytearray(catalog_file(folder).read_bytes())
        data[offset] ^= 4
        catalog_file(folder).write_bytes(data)

    return damage


def cut(share: float) -> Damage:
    """The catalog's file as far as that share of its pages."""

    def damage(folder: Path) -> None:
        size = catalog_file(folder).stat().st_size
        os.truncate(catalog_file(folder), int(share * size) // PAGE * PAGE)

    return damage


def lost_leaf(table: str, which: int = 0) -> Damage:
    """One page of a table's rows that is all zeros."""

    def damage(folder: Path) -> None:
        page = _leaves(catalog_file(folder), table)[which]
        data = bytearray(catalog_file(folder).read_bytes())
        data[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)
        catalog_file(folder).write_bytes(data)

    return damage


def lost_pages(*pages: int) -> Damage:
    """Pages by their numbers, from 1, that are all zeros."""

    def damage(folder: Path) -> None:
        data = bytearray(catalog_file(folder).read_bytes())
        for page in pages:
            data[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)
        catalog_file(folder).write_bytes(data)

    return damage


def _leaves(path: Path, table: str) -> list[int]:
    """The pages of a table's rows (sqlite.org/fileformat2.html, 1.6), for tables of at most two levels."""
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    data = path.read_bytes()
    page = data[(root - 1) * PAGE : root * PAGE]
    if page[0] == 13:
        return [root]
    cells = int.from_bytes(page[3:5], "big")
    pointers = [int.from_bytes(page[12 + 2 * at : 14 + 2 * at], "big") for at in range(cells)]
    return [*(int.from_bytes(page[at : at + 4], "big") for at in pointers), int.from_bytes(page[8:12], "big")]
