"""What was removed from the documents is in no file of the index after the next `qa index`."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from index.embedding.embedder import load_embedder
from index.storage.catalog import FILE_NAME, Catalog
from index.storage.purge import needs_purging
from index.sync.sync import sync
from index.vectors.stamp import CHROMA
from tests.support.fake_embedder import LetterEmbedder
from tests.support.vectors import update_chroma

ROOT = Path(__file__).resolve().parents[3]
BEFORE = ROOT / "tests/qa/compatibility/index-and-runs-0.1.0.zip"
SECRET, NAME = "quibblefrotz", "zanzibarix"  # each as it is written, folded and stemmed
KEPT = "marmaladium"
IN_CHROMA = f"{CHROMA}/chroma.sqlite3"
with_and_without_chroma = pytest.mark.parametrize("chroma", [False, True], ids=["no chroma", "chroma"])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three documents that share no distinctive word, and their index: copied for each test."""
    home = tmp_path_factory.mktemp("built")
    (home / "docs").mkdir()
    (home / "docs/kept.md").write_text(f"# On {KEPT}\n\nThe {KEPT} is as good as ever.\n", encoding="utf-8")
    (home / "docs/note.md").write_text(
        f"# On {SECRET}\n\nAll that is known of {SECRET} is bad.\n", encoding="utf-8"
    )
    (home / f"docs/{NAME}.md").write_text("Nothing else of interest.\n", encoding="utf-8")
    index(home)
    catch_up(home)
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "home")


def index(home: Path) -> None:
    embedder = LetterEmbedder()
    sync([home / "docs"], folder=home / ".qa", embedder=lambda: embedder)


def catch_up(home: Path) -> None:
    """What a process in the background does after the command."""
    with Catalog.open(home / ".qa") as catalog:
        update_chroma(catalog)
        # Not opened to be looked at: Chroma fills the unused ends of its files with what this process has in
        # memory, the words that are looked for among it.
        assert catalog.chroma.state()[::2] == ("clean", 0)


def traces(folder: Path, word: str) -> list[str]:
    """The files below `folder` that hold a word in any encoding, and the full-text index if it knows it.

    The words of a full-text index share their beginnings, so that not all of them stand there as such.
    """
    spellings = [word.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    files = [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(spelling in path.read_bytes() for spelling in spellings)
    ]
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        db.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, chunks_fts, row)")
        ((known,),) = db.execute("SELECT count(*) FROM vocabulary WHERE term LIKE ?", (f"%{word}%",))
    return files + ["full-text index"] * bool(known)


def vectors_in(folder: Path) -> int:
    with Catalog.open(folder) as catalog:
        count: int = catalog._db.required_row("SELECT count(*) FROM vectors")[0]
        return count


@with_and_without_chroma
def test_nothing_is_left_of_a_removed_document(home: Path, *, chroma: bool) -> None:
    """Its words are in no file, in no encoding, nor is its name or its vector; those of others are.

    That is so when the command ends, and stays so when Chroma is told.
    """
    if not chroma:
        shutil.rmtree(home / ".qa")
        index(home)
    files = [IN_CHROMA] * chroma + ["full-text index"]
    for word, name in ((SECRET, "note.md"), (NAME, f"{NAME}.md")):
        assert set(traces(home / ".qa", word)) >= {FILE_NAME, *files}
        (home / "docs" / name).unlink()
    index(home)
    for _ in range(2):
        assert traces(home / ".qa", SECRET) == traces(home / ".qa", NAME) == []
        assert set(traces(home / ".qa", KEPT)) >= {FILE_NAME, *files}
        assert vectors_in(home / ".qa") == 1
        if chroma:
            catch_up(home)


def test_nothing_is_left_of_the_old_words_of_an_edited_document(home: Path) -> None:
    """Only its new words are there, and only its new vector."""
    (home / "docs/note.md").write_text("Nothing is known of zabaglionix.\n", encoding="utf-8")
    index(home)
    assert traces(home / ".qa", SECRET) == []
    assert traces(home / ".qa", "zabaglionix")
    assert vectors_in(home / ".qa") == 3
    catch_up(home)
    assert IN_CHROMA in traces(home / ".qa", "zabaglionix")
    assert traces(home / ".qa", SECRET) == []


def test_nothing_is_left_of_a_document_in_utf_16(tmp_path: Path) -> None:
    """Nor of one whose letters are not those of ASCII."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/wide.txt").write_bytes("Das Quüxölwörtchen steht hier.\n".encode("utf-16"))
    index(tmp_path)
    assert traces(tmp_path / ".qa", "Quüxölwörtchen")
    assert traces(tmp_path / ".qa", "quuxolwortchen")
    (tmp_path / "docs/wide.txt").unlink()
    index(tmp_path)
    assert traces(tmp_path / ".qa", "Quüxölwörtchen") == traces(tmp_path / ".qa", "quuxolwortchen") == []


KILLED = """
import os, sys
from importlib import import_module
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.index.sync.test_removal import index
module, _, name = sys.argv[3].partition(":")
owner, _, attribute = name.rpartition(".")
target = import_module(module)
setattr(getattr(target, owner) if owner else target, attribute, lambda *_: os._exit(9))
index(Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    "moment",
    [
        "index.sync.commit:forget_removed",
        "index.storage.database:Database.vacuum",
        "index.storage.database:Database.empty_log",
    ],
    ids=["before Chroma forgets", "while the catalog is purged", "before the log is emptied"],
)
def test_a_run_killed_in_the_middle_of_it_is_made_up_for(home: Path, moment: str) -> None:
    """However far it came, nothing is left after the next run, which has nothing else to do."""
    with closing(sqlite3.connect(home / ".qa" / FILE_NAME)) as db:
        db.execute("DROP TABLE purged")  # so that the whole file is written anew, too
    (home / "docs/note.md").unlink()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(ROOT), str(home), moment],
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )
    assert killed.returncode == 9, killed.stderr
    assert traces(home / ".qa", SECRET)
    index(home)
    assert traces(home / ".qa", SECRET) == []
    assert set(traces(home / ".qa", KEPT)) >= {FILE_NAME, IN_CHROMA, "full-text index"}


def test_what_an_older_version_left_is_taken_away(home: Path) -> None:
    """A run over an index in which nothing was ever purged takes away what removals left, unasked."""
    with Catalog.open(home / ".qa") as catalog:
        catalog._db.run("PRAGMA secure_delete = OFF")
        (note,) = (source.id for source in catalog.sources() if source.name == "note.md")
        catalog.remove([note])
        catalog._db.run("DROP TABLE purged")
    (home / "docs/note.md").unlink()
    (home / ".qa/catalog.format-0.sqlite3").write_text(SECRET, encoding="utf-8")
    assert traces(home / ".qa", SECRET)[0] == "catalog.format-0.sqlite3"
    index(home)
    assert traces(home / ".qa", SECRET) == []
    assert vectors_in(home / ".qa") == 2


def test_an_index_of_0_1_0_forgets_as_well(tmp_path: Path) -> None:
    """A document that an older version indexed goes like any other; the others are cut anew, as all are."""
    with zipfile.ZipFile(BEFORE) as archive:
        archive.extractall(tmp_path)
    folder, documents = tmp_path / ".qa", tmp_path / "documents"
    assert len(traces(folder, "Lukoil")) > 2

    for path in documents.iterdir():
        if any(b"ukoil" in data for data in (path.read_bytes(), path.name.encode())):
            path.unlink()
    report = sync([documents], folder=folder, embedder=load_embedder)
    assert report.removed
    assert report.updated + report.removed == 7
    assert [traces(folder, word) for word in ("Lukoil", "lukoil")] == [[], []]


def test_a_file_is_purged_only_if_something_went(home: Path) -> None:
    """New documents, and runs that find nothing to do, cost no purge."""
    with Catalog.open(home / ".qa") as catalog:
        assert not needs_purging(catalog._db)
        (home / "docs/more.md").write_text("More of it.\n", encoding="utf-8")
        index(home)
        assert not needs_purging(catalog._db)
        catalog.remove([catalog.sources()[0].id])
        assert needs_purging(catalog._db)
        catalog.purge()
        assert not needs_purging(catalog._db)


def test_the_cache_of_vectors_does_not_grow_with_edits(home: Path) -> None:
    """After any number of versions it holds the vectors of the last."""
    for version in range(4):
        for n in range(3):
            (home / f"docs/{n}.md").write_text(f"Version {version} of document {n}.\n", encoding="utf-8")
        index(home)
    with Catalog.open(home / ".qa") as catalog:
        assert vectors_in(home / ".qa") == catalog.counts().vectors == 6
