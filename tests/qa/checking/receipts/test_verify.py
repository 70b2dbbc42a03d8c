"""Saved citations compared with files that changed, moved, vanished, or cannot be read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import qa
from index.readers.formats import DEFAULT_READING, ReadingOptions
from index.storage.records import Prepared
from index.sync.prepare import prepare_file
from index.sync.tasks import Task, Unchanged, Unreadable
from qa.checking.receipts.reread import Document, document_of, task_for
from qa.checking.receipts.saved import receipts_in
from qa.checking.receipts.verify import CitationCheck, verify
from qa.output.answers.as_json import to_json

SUNK = "The Vasa was lost because she carried too many cannons."
TEXT = f"An introduction.\n\n{SUNK} She lay there for 333 years.\n"
TABLE = "Month,Guests,Nights\nJanuary,5,301\nFebruary,98,412\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents, an index of them, and two saved answers, one a line."""
    home = tmp_path_factory.mktemp("made")
    docs = home / "docs"
    docs.mkdir()
    (docs / "vasa.txt").write_text(TEXT, encoding="utf-8")
    (docs / "stays.csv").write_text(TABLE, encoding="utf-8")
    questions = ("Why was the Vasa lost?", "How many guests in February?")
    with qa.Index(home / ".qa", offline=True) as index:
        index.sync(docs)
        answers = [to_json(index.ask(question)) for question in questions]
    (home / "answers.jsonl").write_text("\n".join(answers) + "\n", encoding="utf-8")
    return home


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """The same to be changed."""
    home = tmp_path / "home"
    shutil.copytree(made, home)
    path = home / "answers.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace(str(made), str(home)), encoding="utf-8")
    return home


@pytest.fixture
def at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process: starting others takes most of the time."""

    def read_here(
        paths: Sequence[str], reading: ReadingOptions, limit: int, on_done: Callable[[], object]
    ) -> dict[str, Document | Unreadable]:
        found: dict[str, Document | Unreadable] = {}
        for path in paths:
            task = task_for(path, reading, limit)
            result = prepare_file(task) if isinstance(task, Task) else task
            assert not isinstance(result, Unchanged)
            found[path] = document_of(result) if isinstance(result, Prepared) else result
            on_done()
        return found

    monkeypatch.setattr("qa.checking.receipts.verify.read_again", read_here)


def checked(folder: Path, *, index: bool = True) -> list[CitationCheck]:
    """The verdict on the first citation of each saved answer."""
    receipts = receipts_in((folder / "answers.jsonl").read_bytes(), "answers.jsonl")
    found = verify(receipts, folder / ".qa" if index else None, reading=DEFAULT_READING)
    return [checks[0] for checks in found]


def states(folder: Path, *, index: bool = True) -> list[str]:
    return [check.state for check in checked(folder, index=index)]


def rewrite(name: str, change: Callable[[str], str]) -> Callable[[Path], object]:
    """What replaces the text of a document."""

    def act(docs: Path) -> None:
        path = docs / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return act


def move_sentence(docs: Path) -> None:
    """Into another document."""
    rewrite("vasa.txt", lambda text: text.replace(SUNK, ""))(docs)
    (docs / "ships.txt").write_text(f"Of ships.\n\n{SUNK}\n", encoding="utf-8")


def encode(docs: Path) -> None:
    (docs / "vasa.txt").write_bytes(TEXT.encode("utf-16"))


CHANGES: list[tuple[Callable[[Path], object], list[str]]] = [
    (lambda _docs: None, ["intact", "intact"]),
    (encode, ["intact", "intact"]),
    (rewrite("vasa.txt", lambda text: text + "An end.\n"), ["intact", "intact"]),
    (rewrite("vasa.txt", lambda text: "A heading.\n\n" + text), ["moved", "intact"]),
    (rewrite("vasa.txt", lambda text: text.replace("too many", "too few")), ["changed", "intact"]),
    (
        rewrite("vasa.txt", lambda text: text.replace("The Vasa was", "Nobody says the Vasa was")),
        ["changed", "intact"],
    ),
    (rewrite("vasa.txt", lambda text: text.replace(SUNK, "")), ["gone", "intact"]),
    (rewrite("vasa.txt", lambda _text: ""), ["gone", "intact"]),
    (
        rewrite("stays.csv", lambda text: text.replace("Guests,Nights", "Nights,Guests")),
        ["intact", "changed"],
    ),
    (rewrite("stays.csv", lambda text: text.replace("98", "89")), ["intact", "changed"]),
    (lambda docs: (docs / "vasa.txt").unlink(), ["gone", "intact"]),
    (lambda docs: (docs / "vasa.txt").rename(docs / "ships.txt"), ["moved", "intact"]),
    (move_sentence, ["moved", "intact"]),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES)
@pytest.mark.parametrize("index", [True, False])
@pytest.mark.usefixtures("at_hand")
def test_citations_are_compared_with_the_files(
    folder: Path, change: Callable[[Path], object], expected: list[str], *, index: bool
) -> None:
    """With the index as it was, or with none at all."""
    change(folder / "docs")
    assert states(folder, index=index) == expected


@pytest.mark.usefixtures("at_hand")
def test_what_moved_is_given_with_its_new_place(folder: Path) -> None:
    """File, span, line; and what changed as it is now."""
    docs = folder / "docs"
    (docs / "vasa.txt").rename(docs / "ships.txt")
    (docs / "ships.txt").write_text(f"One.\n\nTwo.\n\n{TEXT}", encoding="utf-8")
    now = checked(folder)[0].now
    assert now is not None
    assert (now.location, now.line, now.text) == (str(docs / "ships.txt"), 7, SUNK)
    assert now.span.of((docs / "ships.txt").read_text(encoding="utf-8")) == SUNK


def test_a_file_that_was_indexed_elsewhere_since_is_found(folder: Path, tmp_path: Path) -> None:
    """By the index, wherever it was moved to."""
    other = tmp_path / "archive" / "1628"
    other.mkdir(parents=True)
    (folder / "docs" / "vasa.txt").rename(other / "a.txt")
    assert states(folder) == ["gone", "intact"]
    with qa.Index(folder / ".qa", offline=True) as index:
        index.sync(tmp_path / "archive")
    check = checked(folder)[0]
    assert (check.state, check.now and check.now.location) == ("moved", str(other / "a.txt"))


@pytest.mark.usefixtures("at_hand")
def test_a_file_that_cannot_be_read_is_not_called_gone(folder: Path) -> None:
    """Nothing is known of it."""
    path = folder / "docs" / "stays.csv"
    path.unlink()
    path.symlink_to(path.name)
    assert states(folder) == ["intact", "unreadable"]


@pytest.mark.usefixtures("at_hand")
def test_a_text_from_standard_input_is_looked_up_in_the_index(tmp_path: Path) -> None:
    """It is no file; without the index it is nowhere."""
    from index.embedding.embedder import load_embedder
    from index.embedding.wordllama import DEFAULT_EMBEDDER
    from index.storage.location import find_or_create_index
    from index.sync.sync import sync_text

    folder = find_or_create_index(tmp_path, tmp_path / ".qa")

    def put(text: str) -> None:
        sync_text(text.encode(), "note.txt", folder=folder, embedder=lambda: load_embedder(DEFAULT_EMBEDDER))

    put(TEXT)
    with qa.Index(folder, offline=True) as index:
        answer = to_json(index.ask("Why was the Vasa lost?"))
    assert json.loads(answer)["citations"][0]["location"] is None
    (tmp_path / "answers.jsonl").write_text(answer, encoding="utf-8")
    assert states(tmp_path) == ["intact"]
    assert states(tmp_path, index=False) == ["gone"]
    put(TEXT.replace("too many", "too few"))
    assert states(tmp_path) == ["changed"]


@pytest.mark.usefixtures("at_hand")
def test_a_receipt_that_was_tampered_with_is_not_intact(folder: Path) -> None:
    """The text is compared, not only the hash of the file."""
    path = folder / "answers.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("too many", "far too many"), encoding="utf-8")
    assert states(folder) == ["changed", "intact"]


def test_progress_counts_files(folder: Path) -> None:
    """Each is read once, however many citations it has."""
    receipts = receipts_in((folder / "answers.jsonl").read_bytes() * 3, "answers.jsonl")
    told: list[tuple[int, int]] = []
    verify(receipts, None, reading=DEFAULT_READING, on_progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]
