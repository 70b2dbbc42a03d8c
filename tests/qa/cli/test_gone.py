"""Documents that are gone or moved, as a person at the command line, or a program, is told of them."""

from __future__ import annotations

import json
import shutil
import unicodedata
from pathlib import Path

import pytest

import qa
from index.sync.events import Kept, Moves
from index.sync.scan.missing import FEW
from tests.support.cli import Run
from tests.support.file_names import local_name, utf8_file_names

QUESTION = "Who built bridge 3?"


@pytest.fixture
def docs(run: Run, tmp_path: Path) -> Path:
    """A folder of `FEW` documents, indexed."""
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(FEW):
        (folder / f"{number}.txt").write_text(f"Bridge {number} was built by Ada.\n", encoding="utf-8")
    assert run("index", "docs", at=tmp_path).code == 0
    return folder


def sources(run: Run, at: Path) -> int:
    return len(json.loads(run("sources", "--json", at=at).out)["sources"])


@pytest.mark.parametrize("words", [("docs",), ()])
@pytest.mark.parametrize("emptied", [True, False])
def test_most_of_a_folder_goes_only_if_it_is_said(
    run: Run, docs: Path, words: tuple[str, ...], *, emptied: bool
) -> None:
    """Its disk may be away: exit code 1, a line that says what to do, and all answers as before."""
    at = docs.parent
    shutil.rmtree(docs)
    if emptied:
        docs.mkdir()
    done = run("index", *words, "--json", at=at)
    found = json.loads(done.out)
    assert (done.code, found["removed"]) == (1, 0)
    assert found["kept"] == [{"folder": str(docs), "gone": FEW, "known": FEW}]
    assert f"{docs}: {FEW} of its {FEW} files are gone" in done.err
    assert "--yes" in done.err
    fresh = run("ask", "--fresh", "--json", QUESTION, at=at)
    assert (fresh.code, "files are gone" in fresh.err) == (0, True)
    assert {each["file"] for each in json.loads(fresh.out)["citations"]} == {"gone"}
    assert sources(run, at) == FEW
    done = run("index", *words, "--yes", "--json", at=at)
    assert (done.code, json.loads(done.out)["removed"]) == (0, FEW)
    assert sources(run, at) == 0


def test_what_lies_beside_an_index_that_was_moved_is_not_taken_for_its_documents(
    run: Run, docs: Path, tmp_path: Path
) -> None:
    """Nobody named it: it is indexed only once somebody does."""
    home = tmp_path / "home"
    (home / "docs").mkdir(parents=True)
    (home / "docs" / "diary.txt").write_text("Dear diary.\n", encoding="utf-8")
    (docs.parent / ".qa").rename(home / ".qa")
    done = run("index", "--json", at=home)
    assert (done.code, json.loads(done.out)["added"], "files are gone" in done.err) == (1, 0, True)
    assert json.loads(run("index", "docs", "--json", at=home).out)["added"] == 1
    assert json.loads(run("index", "../docs", "--json", at=home).out)["moved"] == FEW


@pytest.mark.parametrize(("answer", "left"), [("y\n", 0), ("\n", FEW), ("", FEW)])
def test_on_a_terminal_it_is_asked(
    run: Run, docs: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: int
) -> None:
    """Anything but yes keeps them."""
    shutil.rmtree(docs)
    monkeypatch.setattr("qa.output.consent.may_ask", lambda _: True)
    done = run("index", "docs", at=docs.parent, stdin=answer.encode())
    assert done.code == (1 if left else 0)
    assert "Remove them from the index?" in done.err
    assert sources(run, docs.parent) == left


def test_a_moved_folder_is_told_and_old_answers_are_still_found(run: Run, docs: Path) -> None:
    """A saved answer is a receipt: its citations are found where their files are now."""
    at = docs.parent
    receipt = at / "answer.json"
    receipt.write_text(run("ask", "--json", QUESTION, at=at).out, encoding="utf-8")
    papers = docs.rename(at / "papers")
    done = run("index", "papers", at=at)
    assert done.code == 0
    assert f"{FEW} from {docs} to {papers}" in done.out
    found = json.loads(run("index", "--json", at=at).out)
    assert (found["unchanged"], found["kept"]) == (FEW, [])
    verified = run("verify", "answer.json", "--json", at=at)
    for citation in json.loads(verified.out)["receipts"][0]["citations"]:
        assert citation["state"] == "moved"
        assert citation["now"]["location"] == str(papers / citation["was"]["source"])
    answered = json.loads(run("ask", "--json", QUESTION, at=at).out)
    for citation in answered["citations"]:
        assert (citation["location"], citation["file"]) == (str(papers / citation["source"]), "current")


def test_python_is_told_the_same(docs: Path) -> None:
    """`kept` and `moves` of the report; what is gone is removed with `remove_gone`."""
    with qa.Index(docs.parent / ".qa") as index:
        papers = docs.rename(docs.parent / "papers")
        assert index.sync(papers).moves == (Moves(str(docs), str(papers), FEW),)
        shutil.rmtree(papers)
        assert index.sync(papers).kept == (Kept(str(papers), FEW, FEW),)
        assert index.sync(papers, remove_gone=True).removed == FEW


@utf8_file_names
@pytest.mark.parametrize(("stored", "typed"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_name_is_found_in_either_spelling(run: Run, tmp_path: Path, stored: str, typed: str) -> None:
    """By `--source`, by `qa show`, as a path, and in patterns that leave files out."""

    def spelled(form: str, name: str) -> str:
        return local_name(unicodedata.normalize(form, name))  # type: ignore[arg-type]  # one of the four

    folder = tmp_path / spelled(stored, "Bücher")
    folder.mkdir()
    (folder / spelled(stored, "Käse.txt")).write_text("Cheese is made of milk.\n", encoding="utf-8")
    (folder / spelled(stored, "Müll.txt")).write_text("Nobody wants this.\n", encoding="utf-8")
    (folder / ".gitignore").write_text(spelled(typed, "Müll.txt\n"), encoding="utf-8")
    name, path = spelled(typed, "Käse.txt"), spelled(typed, "Bücher/Käse.txt")
    assert json.loads(run("index", spelled(typed, "Bücher"), "--json", at=tmp_path).out)["excluded"] == 1
    for words in (name, path, spelled(typed, "Bücher")):
        done = run("ask", "--source", words, "What is cheese made of?", at=tmp_path)
        assert (done.code, "Cheese is made of milk." in done.out) == (0, True), done.err
    for words in (name, path, f"{name}:1"):
        assert "Cheese is made of milk." in run("show", words, at=tmp_path).out
    left = run("index", path.partition("/")[0], "--exclude", name, "--json", at=tmp_path)
    assert json.loads(left.out)["removed"] == 1
