"""What `qa index` does to an index: everything once, nothing twice, and nothing lost however it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.embedding.embedder import Embedder
from index.embedding.isolate import Embedded
from index.errors import IndexLocked, IndexMismatch, QaError, StorageError, TextRefused, UsageError
from index.readers.formats import ReadingOptions
from index.readers.limits.limits import Limits
from index.storage.catalog import Catalog
from index.storage.lock import writer_lock
from index.sync.events import Discovered, Kept
from index.sync.prepare import prepare_file
from index.sync.sync import Options, sync, sync_text
from index.sync.tasks import Result, Task
from tests.support import starting
from tests.support.cli import environment
from tests.support.fake_embedder import LetterEmbedder
from tests.support.file_names import utf8_file_names
from tests.support.timeouts import PATIENCE, SLOWER
from tests.support.workspaces import Workspace, age, figures

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files and signals")


class FailingEmbedder(LetterEmbedder):
    """Embeds until it meets a text with this word; then its server is down."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As LetterEmbedder, or StorageError."""
        if any(self.word in text for text in texts):
            raise QaError("the server is down", "try later")
        return super().embed(texts)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace without documents."""
    (tmp_path / "docs").mkdir()
    return Workspace(tmp_path)


def snapshot(folder: Path) -> list[tuple[object, ...]]:
    """Everything a search could see, in an order that does not depend on that of indexing."""
    with Catalog.open(folder) as catalog:
        found = []
        for source in catalog.sources():
            one = catalog.prepared(source.id)
            found.append((one.source, one.text, one.chunks, one.keys))
        rows, matrix = catalog.vectors()
        chunks = catalog.chunks([int(row) for row in rows])
        vectors = {chunks[int(row)][0].id: matrix[at].tobytes() for at, row in enumerate(rows)}
        return [*found, tuple(sorted(vectors.items()))]


def test_new_files_are_added_and_can_be_found(workspace: Workspace) -> None:
    """Text, chunks and vectors of every file are in the catalog, under its path in the folder."""
    workspace.write(a_txt="Rain in Budapest.", sub__b_md="# Summit\n\nIt was called off.")
    report = workspace.index()
    assert figures(report) == {"added": 2}
    assert report.chunks == 2
    assert workspace.names() == ["a.txt", "sub/b.md"]
    assert workspace.content("a.txt") == "Rain in Budapest."
    with Catalog.open(workspace.home / ".qa") as catalog:
        assert catalog.counts()[:3] == (2, 2, 2)


def test_an_unchanged_file_costs_a_look(workspace: Workspace) -> None:
    """A second run embeds nothing, writes nothing and loads no model (F12)."""
    workspace.write(a_txt="Rain.", b_txt="Sun.")
    first = workspace.index()
    workspace.embedder.asked.clear()

    def forbidden() -> Embedder:
        raise AssertionError

    options = Options()
    report = sync([workspace.docs], folder=workspace.home / ".qa", embedder=forbidden, options=options)
    assert figures(report) == {"unchanged": 2}
    assert report.generation == first.generation
    assert workspace.embedder.asked == []


def test_nothing_heavy_is_imported_for_unchanged_files(workspace: Workspace) -> None:
    """A look at 10,000 files must not wait for models and parsers that nobody needs."""
    workspace.write(a_txt="Rain.", b_html="<p>Sun.</p>")
    workspace.index()
    script = (
        "import sys\nfrom pathlib import Path\nfrom index.sync.sync import Options, sync\n"
        "sync([sys.argv[2]], folder=Path(sys.argv[1]), embedder=None)\n"
        "heavy = 'numpy chromadb tokenizers llama_index selectolax pypdfium2 pathspec asyncio'\n"
        "print([name for name in heavy.split() if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(workspace.home / ".qa"), str(workspace.docs)],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), *sys.path]))},
        encoding="utf-8",
    )
    assert done.stdout.strip() == "[]"


def test_a_touched_file_is_hashed_and_not_embedded(workspace: Workspace) -> None:
    """Another time with the same bytes is no change; the new time is noted."""
    workspace.write(a_txt="Rain.")
    first = workspace.index()
    age(workspace.docs / "a.txt", 7200)
    report = workspace.index()
    assert figures(report) == {"unchanged": 1}
    assert workspace.outcomes() == {"a.txt": "unchanged"}
    assert report.generation == first.generation
    workspace.index()
    assert workspace.outcomes() == {}  # not even hashed


def test_a_changed_file_is_replaced(workspace: Workspace) -> None:
    """Only the new version answers, and what did not change in it is not embedded again (F13)."""
    long = "It rained in Budapest all day long and nobody came to the summit. " * 18
    workspace.write(a_md=f"# One\n\n{long}\n\n# Two\n\nThe old end.")
    workspace.index()
    before = len(workspace.embedder.asked)
    workspace.write(a_md=f"# One\n\n{long}\n\n# Two\n\nThe new end of it.")
    age(workspace.docs / "a.md", 60)
    assert figures(workspace.index()) == {"updated": 1}
    assert "The old end" not in workspace.content("a.md")
    assert len(workspace.embedder.asked) == before + 1


def test_a_change_without_a_new_time_or_size_is_seen_if_it_was_recent(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file written twice within one tick of the clock is not mistaken for unchanged."""
    monkeypatch.setattr("index.sync.prepare.RACY_NS", PATIENCE * 1e9)  # it is recent on a slow machine, too
    path = workspace.docs / "a.txt"
    path.write_text("Rain.", encoding="utf-8")
    workspace.index()
    times = path.stat().st_mtime_ns
    path.write_text("Snow.", encoding="utf-8")
    os.utime(path, ns=(times, times))
    assert figures(workspace.index()) == {"updated": 1}
    assert workspace.content("a.txt") == "Snow."


def test_a_removed_file_goes(workspace: Workspace) -> None:
    """What is gone from the folder is gone from the index, and named (F14)."""
    workspace.write(a_txt="Rain.", b_txt="Sun.")
    workspace.index()
    (workspace.docs / "a.txt").unlink()
    assert figures(workspace.index()) == {"unchanged": 1, "removed": 1}
    assert workspace.outcomes() == {"a.txt": "removed"}
    assert workspace.names() == ["b.txt"]


def test_only_what_lies_under_the_given_paths_is_removed(workspace: Workspace) -> None:
    """Indexing one folder says nothing about another."""
    workspace.write(one__a_txt="Rain.", two__b_txt="Sun.")
    workspace.index()
    (workspace.docs / "one/a.txt").unlink()
    (workspace.docs / "two/b.txt").unlink()
    assert figures(workspace.index(workspace.docs / "one")) == {"removed": 1}
    assert workspace.names() == ["two/b.txt"]


def test_a_file_given_by_name_that_is_gone_is_removed(workspace: Workspace) -> None:
    """`qa index FILE` says that file is to be as it is now: not there."""
    workspace.write(a_txt="Rain.", b_txt="Sun.")
    workspace.index()
    (workspace.docs / "a.txt").unlink()
    assert figures(workspace.index(workspace.docs / "a.txt")) == {"removed": 1}


def test_a_folder_that_is_not_there_keeps_what_was_indexed(workspace: Workspace) -> None:
    """A disk that is not mounted is not an order to forget what is on it, unless somebody says so."""
    workspace.write(a_txt="Rain.")
    workspace.index()
    workspace.docs.rename(workspace.home.parent / "elsewhere")
    for path in (workspace.docs, workspace.home):
        report = workspace.index(path)
        assert (figures(report), report.failed) == ({}, ())
        assert report.kept == (Kept(str(workspace.docs), 1, 1),)
    assert workspace.names() == ["docs/a.txt"]
    assert figures(workspace.index(remove_gone=True)) == {"removed": 1}
    assert workspace.names() == []
    with Catalog.open(workspace.home / ".qa") as catalog:
        assert catalog.roots() == (str(workspace.home),)


def test_a_folder_that_never_was_there_is_only_named(workspace: Workspace) -> None:
    """Nothing was indexed of it, so nothing of it answers."""
    workspace.write(a_txt="Rain.")
    workspace.index()
    assert workspace.index(workspace.docs / "b").failed == (
        (str(workspace.docs / "b"), "no such file or folder"),
    )


def test_a_file_that_is_excluded_now_goes(workspace: Workspace) -> None:
    """The index says what the rules of today say."""
    workspace.write(a_txt="Rain.", b_txt="Sun.")
    workspace.index()
    assert figures(workspace.index(exclude=("b.txt",))) == {"unchanged": 1, "removed": 1}
    assert workspace.names() == ["a.txt"]


def test_a_moved_file_is_not_embedded_again(workspace: Workspace) -> None:
    """The same bytes at another place, the old place empty: moved, and its vectors stay."""
    workspace.write(a_txt="Rain in Budapest.", b_txt="Sun.")
    workspace.index()
    workspace.embedder.asked.clear()
    (workspace.docs / "new").mkdir()
    (workspace.docs / "a.txt").rename(workspace.docs / "new/c.txt")
    report = workspace.index()
    assert figures(report) == {"unchanged": 1, "moved": 1}
    assert workspace.outcomes() == {"new/c.txt": "moved"}
    assert workspace.names() == ["b.txt", "new/c.txt"]
    assert workspace.embedder.asked == []


def test_a_copy_is_no_move(workspace: Workspace) -> None:
    """Equal files at two places are two sources; the text is embedded once (F11)."""
    workspace.write(a_txt="Rain in Budapest.")
    workspace.index()
    workspace.embedder.asked.clear()
    workspace.write(b_txt="Rain in Budapest.")
    assert figures(workspace.index()) == {"unchanged": 1, "added": 1}
    assert workspace.names() == ["a.txt", "b.txt"]
    assert workspace.embedder.asked == []


def test_of_two_copies_of_one_moved_file_one_is_the_move(workspace: Workspace) -> None:
    """A file that left for two places moved once."""
    workspace.write(a_txt="Rain in Budapest.")
    workspace.index()
    (workspace.docs / "a.txt").unlink()
    workspace.write(b_txt="Rain in Budapest.", c_txt="Rain in Budapest.")
    assert figures(workspace.index()) == {"added": 1, "moved": 1}
    assert workspace.names() == ["b.txt", "c.txt"]


def test_documents_and_index_can_be_moved_together(workspace: Workspace) -> None:
    """Places are stored relative to the index, so that nothing is read again after a move."""
    workspace.write(a_txt="Rain.", sub__b_txt="Sun.")
    workspace.index()
    (workspace.home / "there").mkdir()
    for name in ("docs", ".qa"):
        shutil.move(workspace.home / name, workspace.home / "there" / name)
    workspace.home = workspace.home / "there"
    assert figures(workspace.index()) == {"unchanged": 2}


@posix
def test_a_file_that_cannot_be_read_fails_alone_and_keeps_its_old_version(workspace: Workspace) -> None:
    """One bad file costs itself; what was indexed of it before still answers."""
    workspace.write(a_txt="Rain.", b_txt="Sun.")
    workspace.index()
    (workspace.docs / "a.txt").write_bytes(bytes(range(256)) * 8)
    workspace.write(c_txt="Snow.")
    report = workspace.index()
    assert figures(report) == {"added": 1, "unchanged": 1}
    ((name, reason),) = report.failed
    assert name == "a.txt"
    assert reason.endswith("; what was indexed of it before still answers")
    assert workspace.content("a.txt") == "Rain."


def test_a_file_that_was_emptied_goes(workspace: Workspace) -> None:
    """An empty file is read, and what it says is nothing."""
    workspace.write(a_txt="Rain.", b_txt="")
    report = workspace.index()
    assert report.skipped == (("b.txt", "empty"),)
    workspace.write(a_txt="")
    assert figures(workspace.index()) == {"removed": 1}
    assert workspace.names() == []


def test_a_file_over_the_limit_is_skipped_by_name(workspace: Workspace) -> None:
    """It is not read at all, and the option that would let it in is named (F10)."""
    with (workspace.docs / "a.txt").open("wb") as file:
        file.truncate(200_000_000)
    started = time.monotonic()
    report = workspace.index()
    assert report.skipped == (("a.txt", "larger than 100 MB (raise max_file_size to read it)"),)
    assert time.monotonic() - started < 2 * SLOWER


def test_what_is_left_out_is_counted(workspace: Workspace) -> None:
    """Hidden, excluded and unknown files are in the report and nowhere in the index (F4, D12)."""
    workspace.write(a_txt="Rain.", b_txt="Sun.")
    (workspace.docs / ".env").write_text("KEY=canary", encoding="utf-8")
    for name in ("x.iso", "y.iso", "z.bin"):
        (workspace.docs / name).write_bytes(b"canary")
    report = workspace.index(exclude=("b.txt",))
    assert (report.hidden, report.excluded) == (1, 1)
    assert report.ignored == ((".iso", 2), (".bin", 1))
    assert report.ignored_files == (
        ("x.iso", "no reader for .iso files: unpack first"),
        ("y.iso", "no reader for .iso files: unpack first"),
        ("z.bin", "no reader for .bin files"),
    )
    stored = b"".join(path.read_bytes() for path in (workspace.home / ".qa").rglob("*") if path.is_file())
    assert b"Rain" in stored
    assert b"canary" not in stored


@pytest.mark.parametrize("name", ["store", ".qa"])
def test_the_index_is_no_document(workspace: Workspace, name: str) -> None:
    """An index inside the documents, under any name, is not indexed (D13), and is nothing hidden."""
    workspace.write(a_txt="Rain.")
    folder = workspace.docs / name
    for _ in range(2):
        report = sync(
            [workspace.docs],
            folder=folder,
            embedder=lambda: workspace.embedder,
        )
        assert (report.skipped, report.failed, report.ignored, report.hidden) == ((), (), (), 0)
    with Catalog.open(folder) as catalog:
        assert [source.name for source in catalog.sources()] == ["a.txt"]


def test_an_unknown_kind_given_by_name_is_read_if_it_is_text(workspace: Workspace) -> None:
    """Whoever names a file means it: text is read, what is none is named with its format."""
    (workspace.docs / "may.minutes").write_text("It rained all day.", encoding="utf-8")
    (workspace.docs / "a.pages").write_bytes(b"PK\3\4")
    (workspace.docs / "b.dump").write_bytes(bytes(range(256)) * 4)
    report = workspace.index(*sorted(workspace.docs.iterdir()))
    assert report.failed == (
        ("a.pages", "no reader for .pages files: save as .docx or .pdf"),
        ("b.dump", "no reader for .dump files"),
    )
    assert workspace.names() == ["may.minutes"]


def test_an_address_is_not_fetched(workspace: Workspace) -> None:
    """A URL is no path; nothing is asked of any network (P13)."""
    address = "https://example.org/a.html"
    report = sync([address], folder=workspace.home / ".qa", embedder=lambda: workspace.embedder)
    assert report.failed == ((address, "an address, not a file; save the page and index the file"),)


def test_an_empty_folder_is_no_error(workspace: Workspace) -> None:
    """Nothing to index is said by the counts (D14)."""
    report = workspace.index()
    assert (report.indexed, report.changed, report.failed) == (0, 0, ())


@posix
def test_a_hidden_file_or_link_given_by_name_is_meant(workspace: Workspace) -> None:
    """The rules are for what is found, not for what is named."""
    workspace.write(_hidden_txt="Rain.", real_txt="Sun.")
    (workspace.home / "link.txt").symlink_to(workspace.docs / "real.txt")
    assert figures(workspace.index(workspace.docs / ".hidden.txt", workspace.home / "link.txt")) == {
        "added": 2
    }
    assert workspace.names() == [".hidden.txt", "link.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any bytes as a name")
@utf8_file_names
def test_a_name_that_is_not_utf8_is_indexed_under_a_clean_one(workspace: Workspace) -> None:
    """Its place is kept to the byte, so that the next run finds it unchanged (D9)."""
    for name, text in ((b"caf\xe9.txt", "Rain."), (b"caf\xe9.html", "<p>Sun.</p>")):
        path = workspace.docs / os.fsdecode(name)
        path.write_text(text, encoding="utf-8")
        age(path)
    assert figures(workspace.index()) == {"added": 2}
    assert workspace.names() == [r"caf\xe9.html", r"caf\xe9.txt"]
    assert figures(workspace.index()) == {"unchanged": 2}


def test_many_files_need_few_descriptors(workspace: Workspace) -> None:
    """Files are open one at a time (R3)."""
    resource = pytest.importorskip("resource")
    workspace.write(**{f"s{n % 7}__d{n}_txt": f"Rain number {n}." for n in range(300)})
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/dev/fd").iterdir())) + 40, hard))
    try:
        assert figures(workspace.index()) == {"added": 300}
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@posix
def test_an_unreadable_folder_keeps_what_was_indexed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What we may not look into is not taken for gone (D7)."""
    workspace.write(open__a_txt="Rain.", closed__b_txt="Sun.")
    workspace.index()
    listdir = os.listdir

    def refusing(path: str) -> list[str]:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refusing)
    report = workspace.index()
    assert figures(report) == {"unchanged": 1}
    assert report.failed == (("closed", "folder not readable: permission denied"),)
    assert workspace.names() == ["closed/b.txt", "open/a.txt"]


def test_names_are_unique_over_several_folders(workspace: Workspace) -> None:
    """Those that share a name all get folders put in front, as many as tell them apart."""
    workspace.write(x__docs__a_txt="One.", y__docs__a_txt="Two.", z__docs__a_txt="Three.")
    for top in "xyz":
        workspace.index(workspace.docs / top / "docs")
    assert workspace.names() == ["x/docs/a.txt", "y/docs/a.txt", "z/docs/a.txt"]
    assert workspace.content("z/docs/a.txt") == "Three."
    assert figures(workspace.index(*(workspace.docs / top / "docs" for top in "xyz"))) == {"unchanged": 3}


def test_a_file_below_a_known_folder_is_named_from_there(workspace: Workspace) -> None:
    """A file has one name, whichever way it is indexed."""
    workspace.write(sub__a_txt="Rain.")
    workspace.index()
    workspace.write(sub__b_txt="Sun.", sub__c_txt="Snow.")
    workspace.index(workspace.docs / "sub/b.txt")
    workspace.index(workspace.docs / "sub")
    assert workspace.names() == ["sub/a.txt", "sub/b.txt", "sub/c.txt"]


def test_paths_that_overlap_are_indexed_once(workspace: Workspace) -> None:
    """A folder, a folder in it and a file in that are one walk."""
    workspace.write(sub__a_txt="Rain.")
    assert figures(workspace.index(workspace.docs / "sub/a.txt", workspace.docs, workspace.docs / "sub")) == {
        "added": 1
    }
    assert workspace.names() == ["sub/a.txt"]


def test_standard_input_is_a_source_without_a_place(workspace: Workspace) -> None:
    """It is added, left alone when the same, and replaced when another."""
    assert figures(workspace.text(b"Rain.", "notes.txt")) == {"added": 1}
    assert figures(workspace.text(b"Rain.", "notes.txt")) == {"unchanged": 1}
    assert figures(workspace.text(b"Snow.", "notes.txt")) == {"updated": 1}
    assert workspace.content("notes.txt") == "Snow."
    workspace.write(a_txt="Sun.")
    workspace.index()
    assert workspace.names() == ["a.txt", "notes.txt"]
    with pytest.raises(UsageError, match="name of an indexed file"):
        workspace.text(b"Rain.", "a.txt")


def test_a_file_and_standard_input_of_one_name_are_told_apart(workspace: Workspace) -> None:
    """A name given to standard input is taken like any other."""
    workspace.text(b"Rain.", "a.txt")
    workspace.write(a_txt="Sun.")
    workspace.index()
    assert workspace.names() == ["a.txt", "docs/a.txt"]


def test_standard_input_that_is_no_text_fails(workspace: Workspace) -> None:
    """Its reason is in the report, and nothing is stored."""
    report = workspace.text(b"", "a.txt")
    assert report.skipped == (("a.txt", "empty"),)
    assert workspace.text(bytes(range(256)) * 8, "a.txt").failed
    assert workspace.names() == []


def test_a_group_that_cannot_be_embedded_fails_and_the_rest_stays(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was committed stays; the files of the failed group are named, and come in with the next run."""
    monkeypatch.setattr("index.sync.pipeline.GROUP_CHUNKS", 1)
    workspace.embedder = FailingEmbedder("Poison")
    workspace.write(a_txt="Rain.", b_txt="Poison ivy.", c_txt="Sun.")
    report = workspace.index()
    assert figures(report) == {"added": 2}
    assert report.failed == (("b.txt", "not embedded: the server is down"),)
    workspace.embedder = LetterEmbedder()
    assert figures(workspace.index()) == {"added": 1, "unchanged": 2}


class PickyEmbedder(LetterEmbedder):
    """Takes no text with one word, and of texts with another only the beginning."""

    def embed_each(self, texts: Sequence[str]) -> Embedded:
        """As LetterEmbedder, with what it refuses and what it cuts."""
        refused = {
            at: TextRefused("no number comes out", "x") for at, text in enumerate(texts) if "Poison" in text
        }
        return Embedded(
            self.embed(texts), refused, frozenset(at for at, text in enumerate(texts) if "Long" in text)
        )


def test_a_file_with_a_text_that_cannot_be_embedded_fails_alone(workspace: Workspace) -> None:
    """Whatever stands with it in its group is indexed; it is named, and tried again by the next run."""
    workspace.embedder = PickyEmbedder()
    workspace.write(
        **{f"a{n}_txt": f"Rain {n}." for n in range(9)}, b_txt="Poison ivy.", c_txt="Long winter."
    )
    report = workspace.index()
    assert figures(report) == {"added": 10}
    assert report.failed == (("b.txt", "not embedded: no number comes out"),)
    assert [name for name, note in report.notes if "longer than the embedding model reads" in note] == [
        "c.txt"
    ]
    workspace.embedder = LetterEmbedder()
    assert figures(workspace.index()) == {"added": 1, "unchanged": 10}


def test_an_embedder_that_goes_on_failing_ends_the_sync(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three groups in a row there is no point in asking on; what was committed stays."""
    monkeypatch.setattr("index.sync.pipeline.GROUP_CHUNKS", 1)
    workspace.embedder = FailingEmbedder("Poison")
    workspace.write(a_txt="Rain.", **{f"b{n}_txt": f"Poison {n}." for n in range(5)}, c_txt="Sun.")
    with pytest.raises(QaError, match="the server is down"):
        workspace.index()
    assert workspace.names() == ["a.txt"]


def test_another_model_is_refused_before_anything_changes(workspace: Workspace) -> None:
    """Vectors of two models cannot be compared."""
    workspace.write(a_txt="Rain.")
    workspace.index()
    workspace.write(b_txt="Sun.")
    workspace.embedder = LetterEmbedder(name="letters/2")
    with pytest.raises(IndexMismatch):
        workspace.index()
    assert workspace.names() == ["a.txt"]


@posix
def test_a_full_disk_says_how_far_it_came(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was committed is counted and stays; with space again the next run completes it (S4)."""
    import resource

    monkeypatch.setattr("index.sync.pipeline.GROUP_CHUNKS", 1)
    workspace.write(a_txt="Rain.")
    workspace.index()
    workspace.write(b_txt="Sun.", c_txt="Snow fell. " * 20_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        with pytest.raises(StorageError, match=r"\(committed \d of 2 files\)"):
            workspace.index(max_file_size=10_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "a.txt" in workspace.names()
    workspace.index()
    assert workspace.names() == ["a.txt", "b.txt", "c.txt"]


def test_a_second_writer_is_told_who_writes(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """One writer at a time; nothing is changed by the one that came second (C1)."""
    workspace.write(a_txt="Rain.")
    workspace.index()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with writer_lock(workspace.home / ".qa"):
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    monkeypatch.setattr("index.sync.sync.LOCK_SECONDS", 0.1)
    try:
        with pytest.raises(IndexLocked):
            workspace.index()
    finally:
        done.set()
        thread.join()


def test_larger_and_other_files_go_through_children(workspace: Workspace) -> None:
    """What is not small and harmless is read in another process, with the same outcome."""
    workspace.write(a_txt="Rain in Budapest. " * 20_000, b_html="<h1>Summit</h1><p>Called off.</p>")
    assert figures(workspace.index()) == {"added": 2}
    assert workspace.content("b.html").split() == ["Summit", "Called", "off."]
    assert len(workspace.content("a.txt")) == 18 * 20_000


def test_the_path_a_text_takes_makes_no_difference(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here or in a child, by one or by three, the index is the same."""
    workspace.write(**{f"d{n}_txt": f"Rain number {n}. " * (n * 20) for n in range(12)})
    workspace.index()
    monkeypatch.setattr("index.sync.pipeline.SMALL_FILES_BYTES", 0)
    other = tmp_path / "other.qa"
    options = Options(workers=3)
    sync([workspace.docs], folder=other, embedder=lambda: workspace.embedder, options=options)
    assert snapshot(other) == snapshot(workspace.home / ".qa")


def test_a_reader_with_a_mistake_costs_its_file_here_too(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small files are read in this process, and whatever their reader raises is theirs."""

    def broken(task: Task) -> Result:
        if task.name == "b.txt":
            raise ZeroDivisionError
        return prepare_file(task)

    monkeypatch.setattr("index.sync.pipeline.prepare_file", broken)
    workspace.write(a_txt="Rain.", b_txt="Sun.")
    report = workspace.index()
    assert figures(report) == {"added": 1}
    assert report.failed == (("b.txt", "the reader failed: ZeroDivisionError"),)


def test_progress_tells_how_much_there_is(workspace: Workspace) -> None:
    """Every file that is read ends in one event; how many there are is known when the walk is over."""
    workspace.write(a_txt="Rain.", b_txt="Sun.", c_txt="")
    workspace.index()
    assert workspace.outcomes() == {"a.txt": "added", "b.txt": "added", "c.txt": "skipped"}
    last = [event for event in workspace.events if isinstance(event, Discovered)][-1]
    assert (last.files, last.size, last.complete) == (3, 9, True)


@posix
def test_a_text_from_standard_input_is_read_in_a_child(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that ends its process, or never ends, costs that text, and not us."""
    (workspace.home / "deadly_reader.py").write_text(
        "import os\n\n\ndef read(task):\n    os._exit(len(task.data))\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(workspace.home))
    monkeypatch.setattr("index.sync.pipeline.SMALL_FILES_BYTES", 0)
    report = sync_text(
        b"Rain.",
        "a.txt",
        folder=workspace.home / ".qa",
        embedder=lambda: workspace.embedder,
        options=Options(reader="deadly_reader:read"),
    )
    assert report.failed == (("a.txt", "its reader ended the process (exit code 5)"),)


def test_a_slow_file_is_named_and_the_rest_goes_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader without an end costs its file (P5)."""
    (workspace.home / "slow_reader.py").write_text(
        "import time\nfrom index.sync.prepare import prepare_file\n\n\n"
        "def read(task):\n"
        "    if 'slow' in task.name:\n        time.sleep(3000)\n"
        "    return prepare_file(task)\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(workspace.home))
    monkeypatch.setattr("index.sync.pipeline.SMALL_FILES_BYTES", 0)
    workspace.write(a_txt="Rain.", slow_txt="Sun.", z_txt="Snow.")
    report = workspace.index(reading=ReadingOptions(limits=Limits(seconds=1)), reader="slow_reader:read")
    assert figures(report) == {"added": 2}
    assert report.failed == (("slow.txt", "it took longer than 1 s (raise read_seconds to read it)"),)


SCRIPT = """
import signal, sys, time
from pathlib import Path
from index.sync.events import Finished
from index.sync.sync import Options, sync, sync_text
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # ignored by all that nohup starts
sys.path.append(sys.argv[3])
from tests.support.fake_embedder import LetterEmbedder
import index.sync.pipeline
index.sync.pipeline.GROUP_CHUNKS = 4

class Slow(LetterEmbedder):
    calls = 0
    def embed(self, texts):
        self.calls += 1
        time.sleep(0.05 if self.calls < 3 else 0.5)  # not done before whoever sends a signal has a turn
        return super().embed(texts)

def tell(event):
    if isinstance(event, Finished):
        print(event.name, flush=True)

sync([sys.argv[2]], folder=Path(sys.argv[1]), embedder=Slow, on_event=tell)
"""


def start(workspace: Workspace) -> subprocess.Popen[bytes]:
    """`qa index` in a process of its own, with an embedder that takes its time."""
    given = [str(workspace.home / ".qa"), str(workspace.docs), str(ROOT)]
    return starting.start(
        [sys.executable, "-P", "-c", SCRIPT, *given],
        at=workspace.home,
        env=environment(workspace.home),
        stderr=subprocess.DEVNULL,
    )


def many(workspace: Workspace) -> None:
    for n in range(40):
        workspace.write(**{f"d{n:02}_txt": f"Rain number {n} fell on the summit. " * 30})


def ended(process: subprocess.Popen[bytes], number: int, after: int) -> float:
    """Seconds the process still took once it was sent a signal after that many files were committed."""
    assert process.stdout is not None
    with process:
        for _ in range(after):
            process.stdout.readline()
        process.send_signal(number)
        sent = time.monotonic()
        process.wait(timeout=PATIENCE)
    return time.monotonic() - sent


@posix
def test_a_killed_sync_is_finished_by_the_next(workspace: Workspace, tmp_path: Path) -> None:
    """Killed by any signal, a second run leads to the very index of an undisturbed one (S1, S12)."""
    many(workspace)
    whole = tmp_path / "whole.qa"
    sync([workspace.docs], folder=whole, embedder=LetterEmbedder)
    signals = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
    for number, after in zip(signals, (0, 1, 6, 9), strict=True):
        ended(start(workspace), number, after)
    assert 0 < len(workspace.names()) < 40
    workspace.index()
    assert snapshot(workspace.home / ".qa") == snapshot(whole)
    assert figures(workspace.index()) == {"unchanged": 40}


@posix
def test_an_interrupt_ends_it_within_a_second(workspace: Workspace) -> None:
    """^C keeps what was committed and leaves an index that can be used (S12)."""
    many(workspace)
    process = start(workspace)
    took = ended(process, signal.SIGINT, 5)
    assert process.returncode != 0
    assert took < 1.5 * SLOWER
    assert 0 < len(workspace.names()) < 40
    workspace.index()
    assert len(workspace.names()) == 40


@posix
def test_other_bytes_behind_the_same_size_and_time_are_seen(workspace: Workspace) -> None:
    """A file's time of change can be set back; that of the last thing done to it cannot."""
    workspace.write(a_txt="Rain.")
    workspace.index()
    path = workspace.docs / "a.txt"
    before = path.stat()
    with path.open("r+", encoding="utf-8") as file:
        file.write("Snow.")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (
        before.st_size,
        before.st_mtime_ns,
        before.st_ino,
    )
    assert figures(workspace.index()) == {"updated": 1}
    assert workspace.content("a.txt") == "Snow."


@posix
def test_other_rights_or_another_link_are_no_other_text(workspace: Workspace) -> None:
    """The file is read once more and compared; nothing is embedded, and then it is not read again."""
    workspace.write(a_txt="Rain.")
    workspace.index()
    workspace.embedder.asked.clear()
    (workspace.docs / "a.txt").chmod(0o600)
    (workspace.home / "b.txt").hardlink_to(workspace.docs / "a.txt")
    for outcomes in ({"a.txt": "unchanged"}, {}):
        assert figures(workspace.index()) == {"unchanged": 1}
        assert workspace.outcomes() == outcomes
    assert workspace.embedder.asked == []


def test_force_reads_all_again_and_embeds_nothing(workspace: Workspace) -> None:
    """What is stored is written anew from the files, whatever became of it meanwhile."""
    workspace.write(a_txt="Rain.", b_txt="Sun.")
    workspace.index()
    before = snapshot(workspace.home / ".qa")
    workspace.embedder.asked.clear()
    with Catalog.open(workspace.home / ".qa") as catalog:
        catalog._db.run("UPDATE sources SET opening = 'x', title = 'Lies'")
    assert figures(workspace.index()) == {"unchanged": 2}
    assert figures(workspace.index(force=True)) == {"updated": 2}
    assert snapshot(workspace.home / ".qa") == before
    assert workspace.embedder.asked == []
