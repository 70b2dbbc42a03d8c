"""The catalog gives back what was put in, changes in whole pieces, and says plainly what is wrong with it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from index.errors import IndexDamaged, IndexMismatch, IndexTooNew, NoIndex, StorageError
from index.storage.catalog import FILE_NAME, Catalog
from index.storage.purge import needs_purging
from index.storage.records import FileStat
from index.storage.schema import MIGRATIONS, statements
from index.types import Span, Table
from tests.support.catalogs import EMBEDDER, open_catalog, prepared, row_of, store, vectors_of
from tests.support.old_catalogs import old_catalog
from tests.support.timeouts import PATIENCE

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".qa"


@pytest.fixture
def catalog(folder: Path) -> Iterator[Catalog]:
    with open_catalog(folder) as opened:
        yield opened


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, title=TEXT)
def test_a_source_comes_back_as_it_was(catalog: Catalog, text: str, title: str) -> None:
    """Any Unicode, NUL included, survives the way in and out."""
    one = prepared(catalog.folder, "a.txt", text)
    one = replace(one, source=replace(one.source, title=title, notes=(title, text)))
    store(catalog, one)
    assert catalog.prepared(one.source.id) == one
    assert catalog.text(one.source.id) == text


def test_a_new_version_takes_the_place_of_the_old(catalog: Catalog) -> None:
    """After a replacement nothing of the old version is found, and the generation has grown by one."""
    store(catalog, prepared(catalog.folder, "a.txt", "the summit is planned\nin Budapest\n"))
    before = catalog.generation()
    store(catalog, prepared(catalog.folder, "a.txt", "the summit is cancelled\n"))
    assert catalog.generation() == before + 1
    assert catalog.counts() == (1, 1, 1)
    assert not catalog.match("budapest OR planned", limit=9)
    assert len(catalog.match("cancelled", limit=9)) == 1


def test_two_sources_in_one_transaction_or_none(catalog: Catalog) -> None:
    """Where the second source cannot be stored, the first is not stored either, and the old ones stay."""
    store(catalog, prepared(catalog.folder, "a.txt", "old\n"))
    good, bad = prepared(catalog.folder, "a.txt", "new\n"), prepared(catalog.folder, "b.txt", "unknown\n")
    with pytest.raises(KeyError):
        catalog.replace([good, bad], vectors_of(good))
    assert [catalog.text(source.id) for source in catalog.sources()] == ["old\n"]
    assert catalog.generation() == 1


def test_a_vector_of_another_length_is_refused(catalog: Catalog) -> None:
    """A vector that does not fit the manifest never enters."""
    one = prepared(catalog.folder, "a.txt", "words\n")
    with pytest.raises(ValueError, match="12 bytes are not 32 numbers"):
        catalog.replace([one], {one.keys[0]: b"\0" * 12})
    assert catalog.counts() == (0, 0, 0)


def test_removed_sources_leave_their_vectors_for_a_move(catalog: Catalog) -> None:
    """A file that moved is stored again, under its new name, from the cache alone."""
    old = prepared(catalog.folder, "old.txt", "one line\nanother line\n")
    store(catalog, old)
    (found,) = catalog.files_with(old.source.sha256)
    assert found.location == old.source.location
    moved = prepared(catalog.folder, "new.txt", old.text)
    catalog.replace([moved], {}, remove=[old.source.id])
    assert [source.name for source in catalog.sources()] == ["new.txt"]
    assert catalog.counts() == (1, 2, 2)
    catalog.remove([moved.source.id])
    assert set(catalog.cached(EMBEDDER.name, moved.keys)) == set(moved.keys)
    catalog.purge()
    assert not catalog.cached(EMBEDDER.name, moved.keys)


def test_a_chunk_without_a_vector_is_searched_by_words_only(catalog: Catalog) -> None:
    """A row of zeros is no vector: the chunk has a row in the text index and none in the matrix."""
    store(catalog, prepared(catalog.folder, "a.txt", "words\n---\n"))
    assert catalog.counts() == (1, 2, 1)
    rows, matrix = catalog.vectors()
    assert matrix.shape == (1, 32)
    assert catalog.chunks(rows.tolist())[int(rows[0])][0].text == "words\n"


def test_vectors_belong_to_their_rows(catalog: Catalog) -> None:
    """Row i of the matrix is the embedding of the text of chunk row i."""
    sources = [prepared(catalog.folder, f"{n}.txt", f"alpha {n}\nbeta {n * n}\nalpha\n") for n in range(5)]
    store(catalog, *sources)
    rows, matrix = catalog.vectors()
    chunks = catalog.chunks(rows.tolist())
    expected = EMBEDDER.embed([chunks[row][0].text for row in rows.tolist()])
    np.testing.assert_array_equal(matrix, expected)
    assert rows.tolist() == sorted(rows.tolist())
    some = catalog.vectors(rows[3:5].tolist())
    np.testing.assert_array_equal(some.rows, rows[3:5])
    np.testing.assert_array_equal(some.matrix, matrix[3:5])
    within = catalog.chunk_rows_within([row_of(catalog, "2.txt")])
    assert within.tolist() == [row for row in rows.tolist() if chunks[row][1].name == "2.txt"]


def test_an_empty_catalog_has_an_empty_matrix(catalog: Catalog) -> None:
    """No chunks, no rows, and the width is right."""
    rows, matrix = catalog.vectors()
    assert (rows.shape, matrix.shape) == ((0,), (0, 32))


def test_matches_are_ranked_weighted_and_kept_within_sources(catalog: Catalog) -> None:
    """More of the words ranks higher; titles, headings and names are found; a filter is no afterthought."""
    first = prepared(catalog.folder, "budget.txt", "summit summit summit\nsummit and other words entirely\n")
    second = prepared(catalog.folder, "other.txt", "summit\n")
    store(catalog, first, second)
    scores = [one.score for one in catalog.match("summit", limit=9)]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3
    assert len(catalog.match("budget", limit=9)) == 2
    (only,) = catalog.match(
        "summit", limit=1, within=catalog.chunk_rows_within([row_of(catalog, "other.txt")])
    )
    assert catalog.chunks([only.row])[only.row][1].name == "other.txt"


def test_files_are_listed_below_a_folder_and_nowhere_else(catalog: Catalog) -> None:
    """`docs` does not list `docs-old`; a folder above the index lists what lies beside the index too."""
    base = catalog.folder.parent
    names = ["docs/a.txt", "docs/sub/b.txt", "docs-old/c.txt", "docs0/d.txt", "e.txt"]
    store(catalog, *(prepared(catalog.folder, name, name) for name in names))
    far = prepared(catalog.folder, "far.txt", "far")
    store(catalog, replace(far, source=replace(far.source, location=str(base.parent / "far.txt"))))

    def below(place: Path) -> list[str]:
        return sorted(row.name for row in catalog.files(str(place)))

    assert below(base / "docs") == ["docs/a.txt", "docs/sub/b.txt"]
    assert below(base / "docs/a.txt") == ["docs/a.txt"]
    assert below(base) == sorted(names)
    assert below(base.parent) == sorted([*names, "far.txt"])
    assert [row.name for row in catalog.files()] == [row.name for row in catalog.files(os.sep)]
    assert len(list(catalog.files())) == 6


def test_files_are_fetched_page_by_page(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Removing what was just listed neither hides nor repeats a file."""
    monkeypatch.setattr("index.storage.queries.ROWS_AT_ONCE", 3)
    store(catalog, *(prepared(catalog.folder, f"{n:02}.txt", f"text {n}") for n in range(10)))
    seen = []
    for row in catalog.files():
        seen.append(row.name)
        catalog.remove([row.source_id])
    assert seen == [f"{n:02}.txt" for n in range(10)]


def test_touching_changes_times_and_no_generation(catalog: Catalog) -> None:
    """A file whose bytes did not change keeps every answer as it is."""
    one = prepared(catalog.folder, "a.txt", "words\n")
    store(catalog, one)
    catalog.touch({one.source.id: FileStat(6, 123456789, 42)})
    assert next(catalog.files()).stat == FileStat(6, 123456789, 42)
    assert catalog.generation() == 1


def test_it_knows_whether_files_are_named_by_their_paths(catalog: Catalog) -> None:
    """Below the index's own folder, above it, and in none of the folders that are asked for."""
    base = str(catalog.folder.parent)
    assert catalog.are_named_below([])
    store(catalog, prepared(catalog.folder, "a.txt", "x"), prepared(catalog.folder, "sub/b.txt", "y"))
    assert catalog.are_named_below([base])
    assert catalog.are_named_below([f"{base}/other", f"{base}/"])
    assert not catalog.are_named_below([str(catalog.folder.parent.parent)])
    assert not catalog.are_named_below([f"{base}/sub"])
    assert not catalog.are_named_below(["/caf\udce9"])
    outside = prepared(catalog.folder, "c.txt", "z")
    location = "/elsewhere/c.txt"
    store(catalog, replace(outside, source=replace(outside.source, location=location)))
    assert not catalog.are_named_below([base])
    assert catalog.are_named_below([base, "/elsewhere"])


def test_an_index_can_be_moved_with_its_documents(tmp_path: Path) -> None:
    """Locations below the folder that holds the index follow it; the ids of the sources stay."""
    here, there = tmp_path / "here", tmp_path / "there"
    with open_catalog(here / ".qa") as catalog:
        store(catalog, prepared(catalog.folder, "docs/a.txt", "words"))
        catalog.add_root(str(here / "docs"))
        before = catalog.sources()[0]
    here.rename(there)
    with Catalog.open(there / ".qa") as catalog:
        assert catalog.sources() == (replace(before, location=str(there / "docs/a.txt")),)
        assert catalog.roots() == (str(there / "docs"),)


def test_another_embedder_is_refused_once_there_are_chunks(catalog: Catalog) -> None:
    """An empty index takes any embedder; another chunker may join in at any time."""
    catalog.configure(chunker="lines/1", embedder="other/1", dimension=8)
    catalog.configure(chunker="lines/1", embedder=EMBEDDER.name, dimension=32)
    store(catalog, prepared(catalog.folder, "a.txt", "words"))
    catalog.configure(chunker="lines/2", embedder=EMBEDDER.name, dimension=32)
    assert next(catalog.files()).chunker == "lines/1"
    with pytest.raises(IndexMismatch, match="made with letters/1"):
        catalog.configure(chunker="lines/2", embedder="other/1", dimension=8)


def test_a_reader_sees_whole_sources_only(catalog: Catalog) -> None:
    """While one connection replaces all sources again and again, another sees one version at a time."""
    names = [f"{n}.txt" for n in range(4)]
    store(catalog, *(prepared(catalog.folder, name, f"version 0 of {name}\n" * 3) for name in names))
    stop, torn, seen = threading.Event(), [], set()

    def read() -> None:
        with Catalog.open(catalog.folder) as reader:
            while not stop.is_set():
                with reader.snapshot():
                    texts = {reader.text(source.id).split()[1] for source in reader.sources()}
                    counts = reader.counts()
                    rows = [one.row for one in reader.match("version", limit=99)]
                    found = {chunk.text.split()[1] for chunk, _ in reader.chunks(rows).values()}
                seen.update(texts)
                if not (texts == found and len(texts) == 1 and counts == (4, 12, 12) and len(rows) == 12):
                    torn.append((texts, found, counts))

    thread = threading.Thread(target=read)
    thread.start()
    version, deadline = 0, time.monotonic() + PATIENCE
    while version < 30 or (len(seen) < 2 and time.monotonic() < deadline):  # until the reader had its turns
        version += 1
        versions = [prepared(catalog.folder, name, f"version {version} of {name}\n" * 3) for name in names]
        store(catalog, *versions)
    stop.set()
    thread.join()
    assert not torn
    assert len(seen) > 1


def test_an_open_reader_sees_the_next_generation(catalog: Catalog) -> None:
    """Nothing has to be reopened after another connection committed."""
    with Catalog.open(catalog.folder) as reader:
        assert reader.generation() == 0
        store(catalog, prepared(catalog.folder, "a.txt", "words"))
        assert reader.generation() == 1
        assert [source.name for source in reader.sources()] == ["a.txt"]


def test_no_index_is_not_made_by_asking(folder: Path) -> None:
    """Opening without `create` leaves no file behind, and an empty file is no index either."""
    folder.mkdir()
    with pytest.raises(NoIndex, match="there is no index in"):
        Catalog.open(folder)
    assert not list(folder.iterdir())
    (folder / FILE_NAME).touch()
    with pytest.raises(NoIndex):
        Catalog.open(folder)
    open_catalog(folder).close()
    Catalog.open(folder).close()


def test_a_newer_index_is_refused(catalog: Catalog) -> None:
    """It is named as newer, not as damaged."""
    catalog.close()
    with sqlite3.connect(catalog.folder / FILE_NAME) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(IndexTooNew, match="format 99"):
        Catalog.open(catalog.folder)


def test_an_older_index_is_copied_and_brought_up_to_date(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sources stay, the new table is there, and the file as it was stands beside it."""
    store(catalog, prepared(catalog.folder, "a.txt", "words"))
    catalog.close()

    def add_table(db: sqlite3.Connection, _report: Callable[[float], None]) -> None:
        db.execute("CREATE TABLE later (one INTEGER)")

    monkeypatch.setattr("index.storage.database.MIGRATIONS", (*MIGRATIONS, add_table))
    with Catalog.open(catalog.folder) as newer:
        assert newer.manifest.schema == len(MIGRATIONS) + 1
        assert [source.name for source in newer.sources()] == ["a.txt"]
    monkeypatch.undo()
    copy = catalog.folder / f"catalog.format-{len(MIGRATIONS)}.sqlite3"
    copy.replace(catalog.folder / FILE_NAME)
    with Catalog.open(catalog.folder) as older:
        assert [source.name for source in older.sources()] == ["a.txt"]


def test_a_step_of_the_schema_is_taken_statement_by_statement() -> None:
    """A semicolon in a comment ends no statement, and none is lost."""
    assert statements("CREATE TABLE a (b); -- one; two\nCREATE TABLE c (d);\n") == [
        "CREATE TABLE a (b); -- one; two",
        "CREATE TABLE c (d);",
    ]


@pytest.mark.parametrize("damage", ["cut in half", "cut in the header", "not a database", "another database"])
def test_damaged_files_are_named_as_such(catalog: Catalog, damage: str) -> None:
    """One line of cause that names the file, and one of what to do; never SQLite's own error."""
    store(catalog, *(prepared(catalog.folder, f"{n}.txt", f"text {n}\n" * 50) for n in range(9)))
    catalog.close()
    path = catalog.folder / FILE_NAME
    whole = path.read_bytes()
    if damage == "another database":
        path.unlink()
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE something (else_)")
        db.close()
    else:
        cuts = {"cut in half": whole[: len(whole) // 2], "cut in the header": whole[:50]}
        path.write_bytes(cuts.get(damage, b"These are no pages of a database. " * 500))
    with pytest.raises(IndexDamaged, match=r"catalog\.sqlite3") as caught:
        Catalog.open(catalog.folder)
    assert caught.value.hint


def read_everything(folder: Path) -> None:
    with Catalog.open(folder) as catalog:
        for source in catalog.sources():
            catalog.prepared(source.id)
        catalog.vectors()


def test_a_page_of_rubbish_is_found_when_it_is_read(catalog: Catalog) -> None:
    """Where the header is whole, the damage shows when it is met, as our own error."""
    store(catalog, *(prepared(catalog.folder, f"{n}.txt", f"text {n}\n" * 50) for n in range(9)))
    catalog.close()
    path = catalog.folder / FILE_NAME
    whole = bytearray(path.read_bytes())
    whole[4096 * 2 :] = b"\xa5" * (len(whole) - 4096 * 2)
    path.write_bytes(whole)
    with pytest.raises(IndexDamaged):
        read_everything(catalog.folder)


def test_a_full_disk_is_named_and_loses_nothing(catalog: Catalog) -> None:
    """What was committed before stays and is asked as before; the message names the file."""
    store(catalog, prepared(catalog.folder, "a.txt", "words\n"))
    pages = catalog._db.rows("PRAGMA page_count")[0][0]
    catalog._db.rows(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(StorageError, match=r"the disk is full: .*catalog\.sqlite3") as caught:
        store(catalog, *(prepared(catalog.folder, f"{n}.txt", f"text {n}\n" * 99) for n in range(9)))
    assert "what was committed stays" in caught.value.hint
    assert [source.name for source in catalog.sources()] == ["a.txt"]
    assert catalog.counts() == (1, 1, 1)


def test_a_mistake_in_a_query_is_not_blamed_on_the_file(catalog: Catalog) -> None:
    """Bad FTS5 syntax is the caller's error."""
    with pytest.raises(sqlite3.OperationalError, match="unterminated string"):
        catalog.match('"unbalanced', limit=1)


OLD_STEPS = range(1, len(MIGRATIONS))


def steps_to_convert(folder: Path) -> int:
    """How many hundred steps of SQLite's machine the third step of the schema takes."""
    ticks = 0

    def tick() -> int:
        nonlocal ticks
        ticks += 1
        return 0

    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as db:
        db.set_progress_handler(tick, 100)
        MIGRATIONS[2](db, lambda _share: None)
    return ticks


def test_a_long_old_index_is_converted_source_by_source(tmp_path: Path) -> None:
    """Four times as many sources cost at most four times as much: the others are not looked through."""
    taken = []
    for count in (25, 100):
        folder = tmp_path / str(count)
        old_catalog(folder, 2, *(prepared(folder, f"{at}.txt", f"w{at}\nx{at}\n") for at in range(count)))
        taken.append(steps_to_convert(folder))
    assert taken[1] <= 4 * taken[0]


def test_a_conversion_tells_how_far_it_is(folder: Path) -> None:
    """In growing shares of the whole, and only once."""
    old_catalog(folder, 2, *(prepared(folder, f"{at}.txt", f"word {at}\n") for at in range(4)))
    told: list[float] = []
    for _ in range(2):
        Catalog.open(folder, on_conversion=told.append).close()
    assert told == sorted(told)
    assert len(set(told)) > 4
    assert told[-1] < 1


def test_a_conversion_that_is_stopped_leaves_the_old_index(folder: Path) -> None:
    """^C while it says how far it is, with half of the chunks moved; the next one does it all."""
    source = prepared(folder, "a.txt", "words\n")
    old_catalog(folder, 2, source, prepared(folder, "b.txt", "others\n"))

    def stop(share: float) -> None:
        if share > 0.2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Catalog.open(folder, on_conversion=stop)
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
    with Catalog.open(folder) as catalog:
        assert catalog.prepared(source.source.id) == source


@pytest.mark.parametrize("steps", OLD_STEPS)
def test_an_old_index_answers_as_before(folder: Path, steps: int) -> None:
    """What was in it is found by the same words and vectors, and can be replaced; new sources join in."""
    old = prepared(folder, "old.txt", " \r\n words\nthe others\r\n\n---\n")
    gone, empty = prepared(folder, "gone.txt", "other words\n"), prepared(folder, "empty.txt", "")
    old_catalog(folder, steps, old, gone, empty)
    new = prepared(folder, "new.txt", "words\n")
    table = Table(Span(0, 6), 2, ("Größe", ""), 'In 日 "units"', ",")
    new = replace(new, chunks=tuple(replace(chunk, tables=(table,)) for chunk in new.chunks))
    with Catalog.open(folder) as catalog:
        assert catalog.manifest.schema == len(MIGRATIONS)
        assert [catalog.prepared(one.source.id) for one in (old, gone, empty)] == [old, gone, empty]
        assert {match.row for match in catalog.match("other", limit=9)} == {3, 6}
        np.testing.assert_array_equal(catalog.vectors().matrix[0], EMBEDDER.embed([old.chunks[1].text])[0])
        assert catalog.cached(EMBEDDER.name, old.keys) == vectors_of(old)
        assert needs_purging(catalog._db)
        catalog.remove([gone.source.id])
        assert {match.row for match in catalog.match("other", limit=9)} == {3}
        store(catalog, new)
        assert catalog.prepared(new.source.id) == new
        catalog.purge()
        assert {path.name for path in folder.glob("*.sqlite3")} == {FILE_NAME}
        assert [stored.chunk for stored in catalog.chroma.vectors_after(6, 9)] == list(new.chunks)


READ_ONLY_SCRIPT = """
import os, sys
from pathlib import Path
import numpy, urllib.parse  # they are wanted later, when the interpreter may be out of reach
from index.storage.catalog import Catalog
from index.errors import StorageError
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
with Catalog.open(Path(sys.argv[1])) as catalog:
    assert catalog._db.read_only
    assert [source.name for source in catalog.sources()] == ["a.txt"]
    (match,) = catalog.match("words", limit=1)
    assert catalog.chunks([match.row])[match.row][0].text == "words\\n"
    (source,) = catalog.sources()
    whole = catalog.prepared(source.id)
    assert whole.text == catalog.texts(whole.chunks)[source.id][:] == "words\\n"
    assert catalog.text(source.id) == "words\\n"
    assert len(catalog.vectors().rows) == 1
    assert len(whole.keys[0]) == 64
    try:
        catalog.remove([catalog.sources()[0].id])
    except StorageError as error:
        print(error.cause)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="POSIX permissions")
@pytest.mark.parametrize("steps", [*OLD_STEPS, len(MIGRATIONS)])
def test_an_index_that_cannot_be_written_can_be_asked(folder: Path, steps: int) -> None:
    """Somebody without the right to write asks as usual, and is told why nothing can be changed."""
    source = prepared(folder, "a.txt", "words\n")
    if steps < len(MIGRATIONS):
        old_catalog(folder, steps, source)
    else:
        with open_catalog(folder) as catalog:
            store(catalog, source)
    code = Path(__file__).resolve().parents[3]
    room = Path(tempfile.mkdtemp(dir="/tmp"))  # which nobody can reach, unlike pytest's folder
    outside = room / ".qa"
    try:
        shutil.copytree(folder, outside)
        for path in outside.iterdir():
            path.chmod(0o444)  # whatever the umask is
        outside.chmod(0o555)
        room.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-P", "-c", READ_ONLY_SCRIPT, str(outside)],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(code)},
            encoding="utf-8",
        )
    finally:
        for closed in (room, outside):
            closed.chmod(0o755)
        shutil.rmtree(room)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("the index is read-only: ")


def test_many_create_an_index_at_once(folder: Path) -> None:
    """Eight connections that meet at an empty folder all end up with one and the same whole catalog."""
    failures: list[BaseException] = []

    def create() -> None:
        try:
            open_catalog(folder).close()
        except BaseException as error:  # noqa: BLE001 - a thread's door: shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with Catalog.open(folder) as catalog:
        assert catalog.counts() == (0, 0, 0)


def test_the_hash_of_every_text_is_kept(catalog: Catalog) -> None:
    """So that a page flipped by a failing disk, which SQLite does not notice, can be."""
    store(catalog, prepared(catalog.folder, "a.txt", "wörds\n"))
    ((kept,),) = catalog._db.rows("SELECT text_sha256 FROM sources")
    assert kept == hashlib.sha256("wörds\n".encode()).hexdigest()
