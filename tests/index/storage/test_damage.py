"""A damaged catalog: whatever is read of it is what was put in, or an error of ours that names the damage."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import IndexDamaged, UnusableIndex
from index.storage.catalog import FILE_NAME, Catalog
from index.storage.opening.connect import PAGE_SIZE
from index.storage.records import Prepared
from index.types import Span, Table
from tests.support.catalogs import open_catalog, prepared, store

TEXTS = {f"{name}.txt": f"{name} began.\n\n{name} went on,\nand ended.\n" for name in ("ada", "bob", "cleo")}
SECRET = "went on"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, tuple[Prepared, ...]]:
    """The file of a catalog, and what is in it."""
    folder = tmp_path_factory.mktemp("whole") / ".qa"
    sources = []
    with open_catalog(folder) as catalog:
        for name, text in TEXTS.items():
            one = prepared(folder, name, text)
            table = Table(Span(0, 6), 2, ("Size", ""), "in feet", ",")
            sources.append(replace(one, chunks=tuple(replace(each, tables=(table,)) for each in one.chunks)))
        store(catalog, *sources)
    return (folder / FILE_NAME).read_bytes(), tuple(sources)


@pytest.fixture
def folder(tmp_path: Path, whole: tuple[bytes, tuple[Prepared, ...]]) -> Path:
    """A copy of it where it may be damaged; locations are as they were, for they are relative."""
    (tmp_path / ".qa").mkdir()
    (tmp_path / ".qa" / FILE_NAME).write_bytes(whole[0])
    return tmp_path / ".qa"


def placed(source: Prepared, folder: Path) -> Prepared:
    """The source as it is read in the copy."""
    return replace(source, source=replace(source.source, location=str(folder.parent / source.source.name)))


def read_all(folder: Path) -> dict[str, Prepared]:
    """Everything that can be quoted or shown."""
    with Catalog.open(folder) as catalog:
        assert catalog.manifest.dimension == 32
        found = {source.name: catalog.prepared(source.id) for source in catalog.sources()}
        for one in found.values():
            pieces = catalog.texts(one.chunks)[one.source.id]
            assert pieces[:] == one.text
            assert catalog.source(one.source.name) == one.source
        rows = [match.row for match in catalog.match("ended OR began", limit=99)]
        for chunk, source in catalog.chunks(rows).values():
            assert chunk in found[source.name].chunks
        searched = catalog.searched_chunks(rows)
        assert all(chunk.text is not None for chunk in searched)
        catalog.vectors()
        catalog.lengths()
        catalog.chroma.vectors_after(0, 99)
        catalog.source_rows()
        list(catalog.files())
    return found


def flipped(data: bytearray, at: int, chance: random.Random) -> None:
    data[at] ^= 1 << chance.randrange(8)


def garbled(data: bytearray, at: int, chance: random.Random) -> None:
    data[at : at + 8] = chance.randbytes(len(data[at : at + 8]))


def blanked(data: bytearray, at: int, _chance: random.Random) -> None:
    data[at : at + 512] = bytes(len(data[at : at + 512]))


@pytest.mark.parametrize("change", [flipped, garbled, blanked])
@pytest.mark.parametrize("seed", range(12))
def test_nothing_wrong_is_read(
    folder: Path,
    whole: tuple[bytes, tuple[Prepared, ...]],
    seed: int,
    change: Callable[[bytearray, int, random.Random], None],
) -> None:
    """Damage at three used places, anywhere: all is as it was, or an error says that it is not."""
    chance = random.Random(f"{change.__name__} {seed}")
    data = bytearray(whole[0])
    used = [at for at in range(len(data)) if data[at]]
    for at in chance.sample(used, 3):
        change(data, at, chance)
    (folder / FILE_NAME).write_bytes(data)
    told: UnusableIndex | None = None
    try:
        assert list(read_all(folder).values()) == [placed(source, folder) for source in whole[1]]
    except UnusableIndex as error:
        told = error
    assert told is None or (told.hint and SECRET not in told.cause + told.hint)


ROWS: dict[str, str] = {
    "title": "UPDATE sources SET title = 'On Bob' WHERE name = 'bob.txt'",
    "date": "UPDATE sources SET date = '2024-10-21' WHERE name = 'bob.txt'",
    "origin of the date": "UPDATE sources SET date_origin = 'modified' WHERE name = 'bob.txt'",
    "location": "UPDATE sources SET location = 'bot.txt' WHERE name = 'bob.txt'",
    "pages": "UPDATE sources SET pages = zeroblob(24) WHERE name = 'bob.txt'",
    "notes": "UPDATE sources SET notes = '[\"made\"]' WHERE name = 'bob.txt'",
    "length": "UPDATE sources SET length = length + 1 WHERE name = 'bob.txt'",
    "hash of the file": "UPDATE sources SET sha256 = 'a' || substr(sha256, 2) WHERE name = 'bob.txt'",
    "kind of a value": "UPDATE sources SET title = CAST(title AS BLOB) WHERE name = 'bob.txt'",
    "text": "UPDATE chunks SET text = replace(text, 'began', 'begin') WHERE text LIKE 'bob began%'",
    "no text": "UPDATE chunks SET text = CAST(x'ff' || text AS TEXT) WHERE text LIKE 'bob began%'",
    "span": 'UPDATE chunks SET "end" = "end" - 1 WHERE text LIKE \'bob began%\'',
    "line": "UPDATE chunks SET line = 7 WHERE text LIKE 'bob began%'",
    "sentences": "UPDATE chunks SET sentences = zeroblob(8) WHERE text LIKE 'bob began%'",
    "odd sentences": "UPDATE chunks SET sentences = zeroblob(7) WHERE text LIKE 'bob began%'",
    "headings": "UPDATE chunks SET headings = '[' WHERE text LIKE 'bob began%'",
    "tables": "UPDATE chunks SET tables = replace(tables, 'Size', 'Site') WHERE text LIKE 'bob began%'",
    "source": "UPDATE chunks SET source = 3 WHERE text LIKE 'bob began%'",
    "no source": "UPDATE chunks SET source = 99 WHERE text LIKE 'bob began%'",
    "lost": "DELETE FROM chunks WHERE text LIKE 'bob began%'",
    "no checksum": "UPDATE sources SET checksum = NULL WHERE name = 'bob.txt'",
    "vector": "UPDATE vectors SET vector = substr(vector, 2) || x'00' WHERE row = 1",
    "no number": "UPDATE vectors SET vector = CAST(x'0000c07f' || substr(vector, 5) AS BLOB) WHERE row = 1",
    "short vector": "UPDATE vectors SET vector = x'00' WHERE row = 1",
    "missing vector": "DELETE FROM vectors WHERE row = 1",
    "wild row": "UPDATE chunks SET row = 4000000000000000000 WHERE text LIKE 'bob began%'",
    "wild dimension": "UPDATE manifest SET dimension = 4000000000000000000",
    "embedder": "UPDATE manifest SET embedder = 'letters/33'",
    "generation": "UPDATE manifest SET generation = 'x'",
    "steps": "PRAGMA user_version = 3",
    "fewer steps": "PRAGMA user_version = 0",
    "table gone": "DROP TABLE vectors",
    "full text gone": "DELETE FROM chunks_fts_data",
    "format of the full text": "UPDATE chunks_fts_config SET v = 7",
    "lengths gone": "DELETE FROM chunks_fts_docsize",
    "name unlisted": "UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'sqlite_autoindex_sources_2'",
}


@pytest.mark.parametrize("kind", ROWS)
def test_damage_of_every_kind_is_told(folder: Path, kind: str) -> None:
    """A value that is another one, no value, of another kind, or out of all bounds; a row or table gone."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute(ROWS[kind])
    with pytest.raises(IndexDamaged) as caught:
        read_all(folder)
    assert "qa doctor" in caught.value.hint
    assert "\n" not in caught.value.cause
    assert SECRET not in caught.value.cause


@pytest.mark.parametrize("kind", ["title", "text", "line", "tables", "lost", "length"])
def test_the_damaged_source_is_named(folder: Path, kind: str) -> None:
    """And the others can be read."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as db, db:
        db.execute(ROWS[kind])
    with Catalog.open(folder) as catalog:
        ids = {name: source_id for source_id, name, _ in catalog.named_places()}
        with pytest.raises(IndexDamaged, match=r"bob\.txt"):
            catalog.prepared(ids["bob.txt"])
        assert catalog.prepared(ids["ada.txt"]).text == TEXTS["ada.txt"]


def test_a_name_that_is_damaged_is_not_told(folder: Path) -> None:
    """In its place may stand any words: the location, as the index of locations has it too, is told."""
    data = bytearray((folder / FILE_NAME).read_bytes())
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        ((page,),) = db.execute("SELECT pageno FROM dbstat WHERE name = 'sources'").fetchall()
    beginning = PAGE_SIZE * (page - 1)
    at = data.index(b"bob.txt", beginning)
    data[at : at + 3] = b"rob"
    (folder / FILE_NAME).write_bytes(data)
    with Catalog.open(folder) as catalog, pytest.raises(IndexDamaged, match=r"holds of bob\.txt is not"):
        catalog.source(catalog.named_places()[1][0])


def test_what_is_damaged_can_be_replaced(folder: Path, whole: tuple[bytes, tuple[Prepared, ...]]) -> None:
    """And removed, also with another source damaged beside it; its words are found as before."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as db, db:
        db.execute("UPDATE chunks SET text = CAST(x'ff' || text AS TEXT) WHERE text LIKE '%began%'")
    ada, bob, cleo = (placed(source, folder) for source in whole[1])
    with Catalog.open(folder) as catalog:
        store(catalog, ada)
        catalog.remove([bob.source.id])
        assert catalog.prepared(ada.source.id) == ada
        with pytest.raises(IndexDamaged, match=r"cleo\.txt"):
            catalog.prepared(cleo.source.id)
        store(catalog, cleo)
        assert len(catalog.match("began", limit=9)) == 2
        assert catalog.counts().chunks == len(ada.chunks) + len(cleo.chunks)


def test_a_damaged_source_keeps_its_checksum(folder: Path) -> None:
    """To be given another name does not make it whole."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as db, db:
        db.execute(ROWS["title"])
    with Catalog.open(folder) as catalog:
        bob = next(key for key, name, _ in catalog.named_places() if name == "bob.txt")
        with pytest.raises(IndexDamaged):
            catalog.rename({bob: "new.txt"})


@pytest.fixture
def logged(tmp_path: Path) -> Callable[[str], Path]:
    """Makes copies of catalogs with all but their first commit in their logs."""

    def make(name: str) -> Path:
        folder = tmp_path / name / ".qa"
        with open_catalog(folder) as catalog:
            store(catalog, prepared(folder, f"{name}.txt", f"{name} began.\n"))
        with Catalog.open(folder) as catalog:
            for number in range(4):
                store(catalog, prepared(folder, f"{name} {number}.txt", f"{name} {number}.\n"))
            copy = tmp_path / name / "copy" / ".qa"
            copy.mkdir(parents=True)
            for file in folder.glob("catalog*"):
                (copy / file.name).write_bytes(file.read_bytes())
        (copy / f"{FILE_NAME}-shm").unlink()
        return copy

    return make


def test_a_log_is_taken_over(logged: Callable[[str], Path]) -> None:
    """One that a killed writer left."""
    folder = logged("ada")
    with Catalog.open(folder) as catalog:
        assert len(catalog.sources()) == 5


def test_a_log_of_another_index_is_named(logged: Callable[[str], Path]) -> None:
    """And neither it nor the index is changed by that."""
    own, other = logged("ada"), logged("bob")
    log = own / f"{FILE_NAME}-wal"
    log.write_bytes((other / log.name).read_bytes())
    before = {path.name: path.read_bytes() for path in own.glob("catalog*") if path.suffix != ".sqlite3-shm"}
    with pytest.raises(IndexDamaged, match="that of another one"):
        Catalog.open(own)
    assert {name: (own / name).read_bytes() for name in before} == before
    log.unlink()
    with Catalog.open(own) as catalog:
        assert [source.name for source in catalog.sources()] == ["ada.txt"]


@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.5, 0.7])
def test_a_broken_log_is_named(logged: Callable[[str], Path], share: float) -> None:
    """SQLite would silently go back to what was before."""
    folder = logged("ada")
    log = folder / f"{FILE_NAME}-wal"
    data = bytearray(log.read_bytes())
    data[int(share * len(data)) + 5] ^= 4
    log.write_bytes(data)
    with pytest.raises(IndexDamaged, match="committed last"):
        Catalog.open(folder)


def test_a_log_that_ends_early_is_one_of_a_killed_writer(logged: Callable[[str], Path]) -> None:
    """What it committed before stays; also with rests of an older log behind."""
    folder = logged("ada")
    log = folder / f"{FILE_NAME}-wal"
    data = log.read_bytes()
    log.write_bytes(data[:-100])
    with Catalog.open(folder) as catalog:
        assert len(catalog.sources()) == 4
