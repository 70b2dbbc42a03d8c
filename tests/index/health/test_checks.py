"""Each check on an index that is well, and on one with just what it looks for."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from index.errors import IndexDamaged, NoIndex, StorageError
from index.health import chroma as chroma_check, folder as folder_check, versions
from index.health.checkup import check_content, check_folder, unusable
from index.health.files import Reads, check_files
from index.health.findings import CheckFinding
from index.health.repair.repair import repair
from index.health.versions import check_versions
from index.storage.catalog import Catalog
from index.storage.lock import take, writer_lock
from index.storage.schema import MIGRATIONS
from index.sync.sync import sync
from index.vectors.chroma import GRAPH
from index.vectors.probe import inspect_in_child
from index.vectors.writer_process import AT_WORK, FAILURE
from tests.support.damage import EMBEDDER, Damage, catalog_file, copied, flipped, statements, write_index
from tests.support.vectors import update_chroma

CONTENT = ["catalog", "sources", "full text", "vectors", "chroma", "files"]
FOLDER = ["permissions", "disk", "file system", "lock", "leftovers"]
FAULTS: dict[str, tuple[Damage, str]] = {
    "an index of SQLite": (
        statements(
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = 'CREATE INDEX chunks_by_vector ON chunks (start)'"
            " WHERE name = 'chunks_by_vector'",
        ),
        "catalog",
    ),
    "orphans": (statements("DELETE FROM sources WHERE row = 1"), "catalog"),
    "a text": (statements("UPDATE chunks SET text = upper(text) WHERE row = 3"), "sources"),
    "an opening": (statements("UPDATE sources SET opening = 'x' WHERE row = 1"), "sources"),
    "a hash": (statements("UPDATE sources SET text_sha256 = '0' WHERE row = 1"), "sources"),
    "a page": (statements("UPDATE sources SET pages = x'010000000000000000ffff00'"), "sources"),
    "a name": (statements("UPDATE sources SET name = CAST(x'ff' AS TEXT) WHERE row = 1"), "sources"),
    "a date": (statements("UPDATE sources SET date = '1999' WHERE row = 1"), "sources"),
    "a line": (statements("UPDATE chunks SET line = 1 WHERE row = 3"), "sources"),
    "a sentence": (statements("UPDATE chunks SET sentences = x'0000000001000000' WHERE row = 3"), "sources"),
    "an id": (statements("UPDATE chunks SET id = 'other' WHERE row = 3"), "sources"),
    "a table": (statements("UPDATE chunks SET tables = '[7]' WHERE row = 3"), "sources"),
    "words gone": (statements("DELETE FROM chunks_fts_docsize WHERE id = 3"), "full text"),
    "words too many": (statements("INSERT INTO chunks_fts_docsize VALUES (900, x'00000000')"), "full text"),
    "a length": (
        statements("UPDATE chunks_fts_docsize SET sz = x'01010101' WHERE id = 3"),
        "full text",
    ),
    "places": (
        statements("UPDATE chunks_fts_data SET block = zeroblob(length(block)) WHERE id > 100"),
        "full text",
    ),
    "a vector not finite": (
        statements("UPDATE vectors SET vector = CAST(zeroblob(124) || x'0000c07f' AS BLOB) WHERE row = 3"),
        "vectors",
    ),
    "a vector too long": (
        statements("UPDATE vectors SET vector = CAST(zeroblob(124) || x'00000040' AS BLOB) WHERE row = 3"),
        "vectors",
    ),
    "a vector of another dimension": (
        statements("UPDATE vectors SET vector = x'0000803f' WHERE row = 3"),
        "vectors",
    ),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four documents, their index and their Chroma collection, which no test changes."""
    folder = tmp_path_factory.mktemp("built") / "library"
    write_index(folder)
    with pytest.MonkeyPatch.context() as patched, Catalog.open(folder / ".qa") as catalog:
        patched.setitem(GRAPH, "sync_threshold", 20)  # so that there are vector files
        update_chroma(catalog)
    return folder


@pytest.fixture
def library(built: Path, tmp_path: Path) -> Path:
    return copied(built, tmp_path / "library")


@pytest.fixture(autouse=True)
def _no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chroma is looked into in this process, which takes seconds less."""
    from index.vectors.probe import inspect

    monkeypatch.setattr(chroma_check, "inspect_in_child", inspect)


def _quiet(_what: str, _done: int, _total: int | None) -> None:
    """Nobody looks."""


def content(folder: Path, *, chroma: bool = True, started: bool = False) -> dict[str, CheckFinding]:
    found = check_content(folder / ".qa", Reads(), _quiet, chroma=chroma, started=started)
    return {one.check: one for one in found}


def of_folder(folder: Path) -> dict[str, CheckFinding]:
    return {one.check: one for one in check_folder(folder / ".qa")}


def test_a_sound_index_is_ok(library: Path) -> None:
    """Every check says how much it looked at, and nothing is changed."""
    before = catalog_file(library).read_bytes()
    found = content(library) | of_folder(library)
    assert list(found) == CONTENT + FOLDER
    assert {one.state for one in found.values()} == {"ok"}, found
    assert found["sources"].text.startswith("4 sources, ")
    assert catalog_file(library).read_bytes() == before


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_by_its_check(library: Path, fault: str) -> None:
    """It is wrong, and a repair is what mends it."""
    damage, check = FAULTS[fault]
    damage(library)
    checks = check_content(library / ".qa", Reads(), _quiet, chroma=True)
    found = next(one for one in checks if one.check == check)
    assert (found.state, found.repair) == ("wrong", True), found


def test_pages_that_cannot_be_read_end_no_check(library: Path) -> None:
    """Every check says that for itself."""
    with Catalog.open(library / ".qa") as catalog:
        assert catalog.counts().chunks
    size = catalog_file(library).stat().st_size
    data = bytearray(catalog_file(library).read_bytes())
    data[size // 2 :] = bytes(size - size // 2)
    catalog_file(library).write_bytes(data)
    found = content(library)
    assert list(found) == CONTENT
    assert found["catalog"].state == "wrong"


def test_a_catalog_that_cannot_be_opened_is_one_finding(library: Path) -> None:
    """With a repair where that can mend it."""
    flipped(3)(library)
    with pytest.raises(IndexDamaged) as damaged:
        content(library)
    assert unusable(damaged.value).repair
    assert not unusable(NoIndex("there is none", "make one")).repair
    other = IndexDamaged("not an index of this program", "name another folder", option="index")
    assert unusable(other) == CheckFinding("catalog", "wrong", other.cause, "name another folder")


def test_a_chroma_that_is_gone_or_broken_is_found(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that exact search answers meanwhile; a repair has it written anew."""
    for path in (library / ".qa" / "chroma").glob("*/data_level0.bin"):
        path.write_bytes(path.read_bytes()[:100])
    with monkeypatch.context() as patched:
        patched.setattr(chroma_check, "inspect_in_child", inspect_in_child)  # it may crash
        assert content(library)["chroma"].state == "wrong"
    shutil.rmtree(library / ".qa" / "chroma")
    gone = content(library)["chroma"]
    assert (gone.state, gone.repair) == ("wrong", True)
    assert "nobody is writing" in gone.text
    assert content(library, chroma=False)["chroma"].state == "note"
    assert "being written" in content(library, started=True)["chroma"].text
    list(repair(library / ".qa", embedder=lambda: EMBEDDER, reads=Reads(), report=_quiet))
    with Catalog.open(library / ".qa") as catalog:
        assert catalog.chroma.state().mark == "absent"
        update_chroma(catalog)
    assert content(library)["chroma"].state == "ok"


def test_chunks_that_chroma_lacks_are_counted(library: Path) -> None:
    """Also where its files are whole and the catalog says that nothing is pending."""
    (library / "docs" / "omega.txt").write_text("The omega summit was held in Oslo.\n", encoding="utf-8")
    sync([library / "docs"], folder=library / ".qa", embedder=lambda: EMBEDDER)
    assert content(library)["chroma"].text.startswith("1 chunk behind")
    (library / ".qa" / FAILURE).write_text(
        json.dumps({"cause": "the disk is full", "hint": "free some space"}), encoding="utf-8"
    )
    assert "the disk is full; free some space" in content(library)["chroma"].text
    statements("DELETE FROM chroma_pending")(library)
    found = content(library)["chroma"]
    assert (found.state, found.repair) == ("wrong", True)
    assert " of " in found.text


def test_who_writes_is_told(library: Path) -> None:
    """The catalog can be looked into all the same; Chroma's files not."""
    with writer_lock(library / ".qa"):
        assert of_folder(library)["lock"].state == "note"
        assert f"process {os.getpid()}" in of_folder(library)["lock"].text
        assert "not looked into" in content(library)["chroma"].text
    statements("INSERT INTO chroma_pending VALUES ('x')")(library)
    release = take(library / ".qa", AT_WORK)
    assert release is not None
    assert "being written in the background" in content(library)["chroma"].text
    release()


def test_a_commit_in_the_middle_of_a_check_is_no_fault(library: Path) -> None:
    """What is looked at is one state, whatever is replaced meanwhile."""
    replaced: list[bool] = []

    def report(_what: str, _done: int, _total: int | None) -> None:
        if not replaced:
            replaced.append(True)
            for path in (library / "docs").iterdir():
                path.write_text(path.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
            sync([library / "docs"], folder=library / ".qa", embedder=lambda: EMBEDDER)

    found = [*check_content(library / ".qa", Reads(), report, chroma=False)]
    assert replaced
    assert {one.state for one in found[:4]} == {"ok"}


def changed(path: Path) -> None:
    path.write_text("Another text.\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda docs: changed(docs / "alpha.txt"), "1 changed; 3 as indexed"),
        (lambda docs: (docs / "alpha.txt").unlink(), "1 gone; 3 as indexed"),
        (lambda docs: changed(docs / "new.txt"), "1 not read yet; 4 as indexed"),
        (lambda docs: (docs / "empty.txt").touch(), "4 files, as they were indexed"),
        (lambda docs: changed(docs / "picture.xyz"), "4 files, as they were indexed"),
        (lambda docs: docs.rename(docs.with_name("away")), "is not there"),
    ],
)
def test_files_are_looked_at_and_not_read(library: Path, change: Callable[[Path], object], said: str) -> None:
    """What changed, what is gone, and what was never read."""
    change(library / "docs")
    with Catalog.open(library / ".qa") as catalog:
        found = check_files(catalog, Reads(), _quiet)
    assert said in found.text
    assert found.state == ("ok" if said.startswith("4 files") else "note")


def test_rules_of_what_is_read_count(library: Path) -> None:
    """What is excluded or too large was not forgotten."""
    changed(library / "docs" / "new.txt")
    changed(library / "docs" / "new.log.txt")
    with Catalog.open(library / ".qa") as catalog:
        reads = Reads(exclude=("*.log.txt",), max_file_size=5)
        assert check_files(catalog, reads, _quiet).state == "ok"


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_a_folder_that_others_may_look_into_is_told(library: Path) -> None:
    """With the command that ends it."""
    (library / ".qa").chmod(0o755)
    found = of_folder(library)["permissions"]
    assert (found.state, found.advice) == ("note", f"chmod 700 {library / '.qa'}")
    (library / ".qa").chmod(0o700)


def test_what_cannot_be_written_is_told(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for reading only is no fault; a file in one that can be written is."""
    home = library / ".qa"
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != home)
    assert of_folder(library)["permissions"].state == "note"
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).name != "catalog.sqlite3")
    assert of_folder(library)["permissions"].state == "wrong"

    def refuse(*_: object, **_options: object) -> None:
        raise StorageError("the index cannot be locked", "check the folder")

    monkeypatch.setattr(folder_check, "take", refuse)
    assert of_folder(library)["lock"].state == "wrong"


@pytest.mark.parametrize(("free", "state"), [(10**12, "ok"), (60_000_000, "note"), (1_000, "wrong")])
def test_room_is_what_a_repair_wants(
    library: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    """Twice the catalog is comfortable; nothing at all is wrong."""
    os.truncate(catalog_file(library), 100_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert of_folder(library)["disk"].state == state


@pytest.mark.parametrize(
    ("kind", "place", "state"),
    [
        ("ext4", "library", "ok"),
        ("nfs4", "library", "note"),
        ("fuse.sshfs", "my library", "note"),
        ("ext4", "Dropbox (Home)", "note"),
        ("apfs", "OneDrive - Firm", "note"),
        (None, "library", "ok"),
    ],
)
def test_file_systems_of_others_are_recognised(
    tmp_path: Path, kind: str | None, place: str, state: str
) -> None:
    """By the kernel's list of mounts, in which a blank is written in octal, and by names of folders."""
    folder = tmp_path / place / ".qa"
    folder.mkdir(parents=True)
    mounts = tmp_path / "mountinfo"
    if kind:
        at = str(folder.parent).replace(" ", "\\040")
        mounts.write_text(
            f"1 0 8:1 / / rw shared:1 - ext4 /dev/a rw\n2 1 0:5 / {at} rw - {kind} x rw\nodd\n",
            encoding="utf-8",
        )
    assert folder_check.check_file_system(folder, mounts).state == state


def test_what_killed_processes_left_is_told_and_removed(library: Path) -> None:
    """What a repair or a conversion kept is told, and stays."""
    home = library / ".qa"
    for name in ("writer.json.77", ".vectors.json.99", "catalog.new.sqlite3", "catalog.new.copy"):
        (home / name).touch()
    (home / "chroma.old").mkdir()
    (home / "catalog.damaged-1.sqlite3").touch()
    (home / "catalog.format-2.sqlite3").touch()
    found = of_folder(library)["leftovers"]
    assert (len(found.names), found.repair) == (5, True)
    (done,) = repair(home, embedder=lambda: EMBEDDER, reads=Reads(), report=_quiet)
    assert set(done.names) == set(found.names)
    found = of_folder(library)["leftovers"]
    assert (found.state, found.names) == (
        "note",
        ("catalog.damaged-1.sqlite3", "catalog.format-2.sqlite3"),
    )


def test_versions_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that matter; a package that is missing is wrong, an older format is converted."""
    found = check_versions("1.2.3", len(MIGRATIONS))
    assert found.state == "ok"
    for name in ("qa 1.2.3", "python ", "sqlite ", "chromadb ", "llama-index-core ", "openai "):
        assert name in found.text
    assert check_versions("1.2.3", 1).state == "note"
    monkeypatch.setattr(versions, "PACKAGES", ("chromadb", "no-such-package"))
    assert "no-such-package" in check_versions("1.2.3", None).text
