"""Whatever was damaged: afterwards nothing is wrong, or what cannot be had is named, and all else answers."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import IndexLocked, IndexTooNew, ModelError, NoIndex
from index.health.checkup import check_content
from index.health.files import Reads
from index.health.findings import CheckFinding
from index.health.repair import mend, salvage
from index.health.repair.repair import Repair, repair
from index.storage.catalog import Catalog
from index.storage.location import make_folder
from index.storage.lock import writer_lock
from index.sync.sync import sync_text
from qa import Index
from tests.support.damage import (
    EMBEDDER,
    NAMES,
    Damage,
    catalog_file,
    copied,
    cut,
    flipped,
    index,
    lost_leaf,
    lost_pages,
    statements,
    write_index,
)

GARBLE = "UPDATE chunks SET text = replace(text, 'summit', 'submit') WHERE source = {}"
QUESTIONS = ("What did the memorandum reach?", "beta 17", "Which friday was cold?")
REPAIRED: dict[str, Damage] = {
    "text": statements(GARBLE.format(1)),
    "text of two": statements(GARBLE.format(1), GARBLE.format(3)),
    "text that is no UTF-8": statements("UPDATE chunks SET text = CAST(x'ff41' AS TEXT) WHERE row = 4"),
    "span": statements("UPDATE chunks SET start = start + 1 WHERE row = 4"),
    "line": statements("UPDATE chunks SET line = line + 1 WHERE row = 4"),
    "sentences": statements("UPDATE chunks SET sentences = x'0102' WHERE row = 4"),
    "headings": statements("UPDATE chunks SET headings = 'no JSON' WHERE row = 4"),
    "title": statements("UPDATE sources SET title = 'Another' WHERE row = 2"),
    "name": statements("UPDATE sources SET name = 'gamma.doc' WHERE name = 'gamma.txt'"),
    "location": statements("UPDATE sources SET location = 'docs/x.txt' WHERE row = 2"),
    "a source gone, its chunks not": statements("DELETE FROM sources WHERE row = 2"),
    "words gone": statements("DELETE FROM chunks_fts_docsize WHERE id IN (3, 4, 5)"),
    "words cut": statements("UPDATE chunks_fts_data SET block = x'00' WHERE id > 100"),
    "vector": statements("UPDATE vectors SET vector = zeroblob(128) WHERE row = 3"),
    "short vector": statements("UPDATE vectors SET vector = x'00' WHERE row = 3"),
    "vector gone": statements("DELETE FROM vectors WHERE row = 3"),
    "vector let go": statements("UPDATE chunks SET vector = NULL WHERE row = 3"),
    "index of SQLite": statements(
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX chunks_by_vector ON chunks (start)'"
        " WHERE name = 'chunks_by_vector'",
    ),
    "magic": flipped(3),
    "page size": flipped(16),
    "format": flipped(60),
    "application": flipped(70),
    "first page": lost_pages(1),
    "a page of chunks": lost_leaf("chunks", 1),
    "the pages of sources": lost_leaf("sources"),
    "a page of vectors": lost_leaf("vectors"),
    "the page of the manifest": lost_leaf("manifest"),
    "cut": cut(0.5),
    "cut short": cut(0.9),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four documents and their index, which no test changes."""
    folder = tmp_path_factory.mktemp("built") / "library"
    write_index(folder)
    return folder


@pytest.fixture
def library(built: Path, tmp_path: Path) -> Path:
    """A copy to damage. Its paths differ, as in an index that was moved with its documents."""
    return copied(built, tmp_path / "library")


def repaired(folder: Path) -> list[Repair]:
    return [*repair(folder / ".qa", embedder=lambda: EMBEDDER, reads=Reads(), report=_quiet)]


def checked(folder: Path) -> list[CheckFinding]:
    return [*check_content(folder / ".qa", Reads(), _quiet, chroma=False)]


def _quiet(_what: str, _done: int, _total: int | None) -> None:
    """Nobody looks."""


def wrong(folder: Path) -> list[str]:
    return [f"{one.check}: {one.text}" for one in checked(folder) if one.state == "wrong"]


def answers(folder: Path) -> list[object]:
    """Passages with their scores and the answers, word for word."""
    with Index(folder / ".qa", embedder=EMBEDDER) as opened:
        found = [
            [(passage.source.name, passage.chunk.span, passage.chunk.text) for passage in opened.search(text)]
            for text in QUESTIONS
        ]
        return [*found, *(opened.ask(text).text for text in QUESTIONS), *(one.name for one in opened.sources)]


@pytest.fixture(scope="module")
def expected(built: Path) -> list[object]:
    return answers(built)


@pytest.mark.parametrize("kind", REPAIRED)
def test_what_was_damaged_is_whole_again(library: Path, expected: list[object], kind: str) -> None:
    """Nothing is wrong any more, every document answers as before, and nothing intact was embedded again."""
    REPAIRED[kind](library)
    EMBEDDER.asked.clear()
    done = repaired(library)
    assert done
    assert wrong(library) == []
    assert answers(library) == expected
    assert repaired(library) == []


@pytest.mark.parametrize("kind", ["text", "words gone", "magic", "cut short", "the pages of sources"])
def test_no_vector_is_made_twice(library: Path, kind: str) -> None:
    """Those that are whole are kept, also those of a file that is read again."""
    REPAIRED[kind](library)
    EMBEDDER.asked.clear()
    repaired(library)
    assert EMBEDDER.asked == []


def test_where_nothing_is_wrong_nothing_is_done(library: Path) -> None:
    """Not a byte of the catalog is another one."""
    before = catalog_file(library).read_bytes()
    assert repaired(library) == []
    assert catalog_file(library).read_bytes() == before
    assert wrong(library) == []


@pytest.mark.parametrize("kind", ["text", "a page of chunks", "cut"])
def test_what_cannot_be_had_is_named(library: Path, kind: str) -> None:
    """A damaged source whose file is gone is removed, and the others answer."""
    (library / "docs" / "alpha.txt").unlink()
    with Catalog.open(library / ".qa") as catalog:
        number = next(row.row for row in catalog.source_rows() if row.name == "alpha.txt")
    (statements(GARBLE.format(number)) if kind == "text" else REPAIRED[kind])(library)
    lost = [one for one in repaired(library) if one.lost]
    with Catalog.open(library / ".qa") as catalog:
        names = {source.name for source in catalog.sources()}
    assert names | {name for one in lost for name in one.names} == set(NAMES)
    assert names >= set(NAMES) - {"alpha.txt"}
    assert wrong(library) == []


def test_a_folder_that_is_away_may_come_back(library: Path, tmp_path: Path) -> None:
    """A source of a disk that is not mounted is not given up: it says nothing until its file is back."""
    statements(GARBLE.format(1))(library)
    (library / "docs").rename(tmp_path / "away")
    (lost,) = [one for one in repaired(library) if one.lost]
    assert "there is no such file now" in lost.text
    (tmp_path / "away").rename(library / "docs")
    assert [one.text for one in repaired(library)][-1] == "read 1 damaged source again"
    assert wrong(library) == []


def test_a_text_that_was_no_file_cannot_be_had(library: Path) -> None:
    """It is removed, and named."""
    sync_text(b"A note on the summit.\n", "note.txt", folder=library / ".qa", embedder=lambda: EMBEDDER)
    statements("UPDATE chunks SET text = 'A note on the submit.' WHERE text LIKE 'A note%'")(library)
    (lost,) = [one for one in repaired(library) if one.lost]
    assert lost.names == ("note.txt",)
    assert wrong(library) == []


def test_a_file_that_cannot_be_read_again_is_named(library: Path) -> None:
    """What is left of it says nothing, and stays wrong."""
    statements(GARBLE.format(1))(library)
    with Catalog.open(library / ".qa") as catalog:
        name = next(row.name for row in catalog.source_rows() if row.row == 1)
    (library / "docs" / name).write_bytes(b"\0\1\2" * 1000)
    (lost,) = [one for one in repaired(library) if one.lost]
    assert lost.names == (name,)
    assert len(wrong(library)) == 1
    with Catalog.open(library / ".qa") as catalog:
        damaged = catalog.source(name)
        assert damaged is not None
        assert catalog.text(damaged.id) == ""


def test_another_thing_in_the_place_of_a_file_is_no_file(library: Path) -> None:
    """It is named, and not gone into."""
    statements(GARBLE.format(1))(library)
    with Catalog.open(library / ".qa") as catalog:
        name = next(row.name for row in catalog.source_rows() if row.row == 1)
    (library / "docs" / name).unlink()
    (library / "docs" / name).mkdir()
    (lost,) = [one for one in repaired(library) if one.lost]
    assert "there is no such file now" in lost.text


def test_a_file_that_is_no_catalog_is_put_aside(library: Path) -> None:
    """There is none then, and a new one can be made."""
    catalog_file(library).write_bytes(b"not a database, whatever it was before" * 1000)
    with pytest.raises(NoIndex):
        repaired(library)
    assert not catalog_file(library).exists()
    index(library)
    assert wrong(library) == []


def test_the_file_of_a_later_version_is_left_alone(library: Path) -> None:
    """What it is made of is not known here."""
    statements("PRAGMA user_version = 99")(library)
    before = catalog_file(library).read_bytes()
    with pytest.raises(IndexTooNew):
        repaired(library)
    assert catalog_file(library).read_bytes() == before


def test_the_damaged_file_is_kept(library: Path) -> None:
    """Under a name that says so; a second one under another."""
    for number in (1, 2):
        lost_leaf("chunks", 1)(library)
        damaged = catalog_file(library).read_bytes()
        repaired(library)
        kept = library / ".qa" / f"catalog.damaged-{number}.sqlite3"
        assert kept.read_bytes() == damaged


def test_an_embedder_that_fails_leaves_the_words(library: Path) -> None:
    """The chunks are found by these, and the next repair tries again."""

    class Failing:
        name, dimension = EMBEDDER.name, EMBEDDER.dimension

        def embed(self, texts: object) -> object:
            raise ModelError("the server is away", "try later")

    statements("UPDATE vectors SET vector = x'00' WHERE row = 3")(library)
    done = [*repair(library / ".qa", embedder=Failing, reads=Reads(), report=_quiet)]  # type: ignore[arg-type]
    assert [one.lost for one in done] == [True]
    assert "the server is away" in done[0].text
    assert len(wrong(library)) == 1
    repaired(library)
    assert wrong(library) == []


def test_nothing_is_mended_while_somebody_writes(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is the writers' own."""
    monkeypatch.setattr("index.health.repair.repair.LOCK_SECONDS", 0.0)
    with writer_lock(library / ".qa"), pytest.raises(IndexLocked):
        repaired(library)


class Killed(BaseException):
    """Nothing after this is done."""


STEPS: list[tuple[object, str]] = [
    (mend, "count_generation"),
    (mend, "note_checksums"),
    (salvage, "remove_database"),
    (salvage, "save_folder"),
    (salvage, "_keep"),
    (salvage, "_swap"),
    (salvage, "_write_new"),
]


@pytest.mark.parametrize("at", range(10))
@pytest.mark.parametrize("kind", ["text of two", "magic"])
def test_killed_at_any_moment_the_next_repair_goes_on(
    library: Path, expected: list[object], monkeypatch: pytest.MonkeyPatch, kind: str, at: int
) -> None:
    """In each step, before and after what it does."""
    REPAIRED[kind](library)
    passed = 0

    def dying(function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            nonlocal passed
            passed += 1
            if passed == at + 1:
                raise Killed
            result = function(*arguments, **options)
            passed += 1
            if passed == at + 1:
                raise Killed
            return result

        return call

    with monkeypatch.context() as patch:
        for module, name in STEPS:
            patch.setattr(module, name, dying(getattr(module, name)))
        try:
            repaired(library)
        except Killed:
            """As it was to be."""
    repaired(library)
    assert wrong(library) == []
    assert answers(library) == expected


def test_no_log_of_the_old_file_is_read_into_the_new_one(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was committed to the damaged file and stood in its log only is moved as well."""
    monkeypatch.setattr("index.storage.opening.connect.BUSY_SECONDS", 0.05)  # that one keeps it
    (library / "docs" / "omega.txt").write_text("The omega summit was held in Oslo.\n", encoding="utf-8")
    with closing(sqlite3.connect(catalog_file(library))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sources").fetchone()  # so that the log is kept
        index(library)
        shutil.copytree(library / ".qa", library / "copy")
    assert (library / "copy" / "catalog.sqlite3-wal").stat().st_size
    shutil.rmtree(library / ".qa")
    (library / "copy").rename(library / ".qa")
    lost_leaf("vectors")(library)
    repaired(library)
    assert not (library / ".qa" / "catalog.sqlite3-wal").exists()
    with Catalog.open(library / ".qa") as catalog:
        assert "omega.txt" in {source.name for source in catalog.sources()}
    assert wrong(library) == []


def test_there_must_be_an_index(tmp_path: Path) -> None:
    """An empty folder has none to mend."""
    make_folder(tmp_path / ".qa")
    with pytest.raises(NoIndex):
        repaired(tmp_path)
