"""`qa index` without a path, and `qa ask --fresh`: what was indexed is brought up to date."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from subprocess import DEVNULL

import pytest

from index.storage.catalog import FILE_NAME, Catalog
from index.vectors.writer_process import ChromaStatus
from tests.support.cli import Run, environment
from tests.support.starting import start
from tests.support.timeouts import PATIENCE

SUNK = "The Vasa was lost because she carried too many cannons.\n"
SAVED = "The Vasa was saved by her pumps.\n"


def write(folder: Path) -> None:
    (folder / "docs").mkdir()
    (folder / "docs" / "vasa.txt").write_text(SUNK, encoding="utf-8")
    (folder / "docs" / "oslo.txt").write_text("Oslo is cold.\n", encoding="utf-8")
    (folder / "alone.txt").write_text("She was raised in 1961.\n", encoding="utf-8")
    (folder / "other.txt").write_text("Nobody indexed this.\n", encoding="utf-8")


def change(folder: Path) -> None:
    (folder / "docs" / "vasa.txt").write_text(SAVED, encoding="utf-8")
    (folder / "docs" / "oslo.txt").unlink()
    (folder / "docs" / "new.txt").write_text("The Mary Rose sank in 1545.\n", encoding="utf-8")
    (folder / "alone.txt").write_text("She was raised on 24 April 1961.\n", encoding="utf-8")


def test_index_without_a_path_updates_all_that_was_indexed(run: Run, tmp_path: Path) -> None:
    """Folders with what is new in them, and files that were indexed alone; nothing else beside these."""
    write(tmp_path)
    run("index", "docs", "alone.txt", at=tmp_path)
    change(tmp_path)
    done = json.loads(run("index", "--json", at=tmp_path).out)
    assert [done[key] for key in ("added", "updated", "removed", "unchanged")] == [1, 2, 1, 0]
    again = json.loads(run("index", "--json", at=tmp_path / "docs").out)  # from wherever it is called
    assert [again[key] for key in ("added", "updated", "removed", "unchanged")] == [0, 0, 0, 3]


def test_index_without_a_path_needs_something_that_was_indexed(run: Run, tmp_path: Path) -> None:
    """Neither without an index, nor where only standard input was put into it."""
    done = run("index", at=tmp_path)
    assert (done.code, "qa index FOLDER" in done.err) == (6, True)
    assert not (tmp_path / ".qa").exists()
    run("index", "-", at=tmp_path, stdin=SUNK.encode())
    done = run("index", at=tmp_path)
    assert (done.code, "no file or folder was indexed yet" in done.err) == (2, True)


def test_ask_fresh_answers_from_the_files_as_they_are(run: Run, tmp_path: Path) -> None:
    """And without it says that what it quotes has changed."""
    write(tmp_path)
    run("index", "docs", "alone.txt", at=tmp_path)
    change(tmp_path)
    stale = json.loads(run("ask", "--json", "Why was the Vasa lost?", at=tmp_path).out)
    assert [citation["file"] for citation in stale["citations"]] == ["changed"]
    done = run("ask", "--fresh", "--json", "How was the Vasa saved?", at=tmp_path)
    fresh = json.loads(done.out)
    assert [(citation["text"], citation["file"]) for citation in fresh["citations"]] == [
        (SAVED.strip(), "current")
    ]
    found = json.loads(run("ask", "--json", "When did the Mary Rose sink?", at=tmp_path).out)
    assert found["citations"][0]["source"] == "new.txt"


def test_ask_fresh_names_what_could_not_be_read(run: Run, tmp_path: Path) -> None:
    """The question is answered all the same, and where no file was indexed there is nothing to do."""
    write(tmp_path)
    run("index", "docs", at=tmp_path)
    (tmp_path / "docs" / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    done = run("ask", "--fresh", "Why was the Vasa lost?", at=tmp_path)
    assert done.code == 0
    assert "cannons. [1]" in done.out
    assert "bad.pdf: " in done.err
    run("index", "-", "--index", "texts", at=tmp_path, stdin=SUNK.encode())
    done = run("ask", "--fresh", "--index", "texts", "Why was the Vasa lost?", at=tmp_path)
    assert (done.code, done.err) == (0, "")


def test_a_catalog_that_another_process_is_just_making_is_waited_for(run: Run, tmp_path: Path) -> None:
    """It has no tables yet when it is first looked at."""
    write(tmp_path)
    (tmp_path / ".qa").mkdir()
    with closing(sqlite3.connect(tmp_path / ".qa" / FILE_NAME)) as begun:
        begun.execute("PRAGMA journal_mode = WAL")
        done = run("index", "docs", at=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "cannons. [1]" in run("ask", "Why was the Vasa lost?", at=tmp_path).out


def test_processes_that_make_an_index_at_once_take_turns(tmp_path: Path) -> None:
    """None is told that there is no index; on a busy machine one may find that another is at it for long."""
    names = [f"part{number}" for number in range(4)]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(f"This is {name}.\n", encoding="utf-8")
    env, command = environment(tmp_path), [sys.executable, "-m", "qa", "index"]
    ends: dict[str, int] = {}
    with ExitStack() as files:
        errors = {name: files.enter_context((tmp_path / f"{name}.log").open("wb")) for name in names}
        indexing = {
            name: start([*command, name], at=tmp_path, env=env, stdin=DEVNULL, stdout=DEVNULL, stderr=file)
            for name, file in errors.items()
        }
        ends = {name: process.wait(PATIENCE) for name, process in indexing.items()}
    waited = [name for name, code in ends.items() if code]
    assert all(
        "index is being written by" in (tmp_path / f"{name}.log").read_text(encoding="utf-8")
        for name in waited
    )
    with Catalog.open(tmp_path / ".qa") as catalog:
        found = [source.name for source in catalog.sources()]
    assert found == [f"{name}.txt" for name in names if name not in waited]


@pytest.mark.parametrize(("behind", "code"), [(True, 1), (False, 0)])
def test_what_is_waited_for_in_vain_has_an_exit_code(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind: bool, code: int
) -> None:
    """`qa index --wait` ends with 1 if Chroma could not be brought up to date, and says why."""
    (tmp_path / "a.txt").write_text("The Vasa sank.\n", encoding="utf-8")
    failure = "the disk is full; free some space" if behind else None
    now = ChromaStatus(behind, int(behind), False, failure)
    monkeypatch.setattr("index.vectors.writer_process.wait_for", lambda *_: now)
    done = run("index", ".", "--wait", at=tmp_path)
    assert done.code == code, done.err
    assert ("the disk is full; free some space" in done.err) == behind
