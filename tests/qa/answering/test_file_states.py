"""Of every citation it is said whether its file is still what was indexed of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa
from index.types import FileState
from qa.output.answers.as_json import to_json
from qa.output.answers.terminal import to_text
from qa.types import Answer

QUESTION = "Why was the Vasa lost?"
SUNK = "The Vasa was lost because she carried too many cannons.\n"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[qa.Index]:
    (tmp_path / "vasa.txt").write_text(SUNK, encoding="utf-8")
    (tmp_path / "oslo.txt").write_text("Oslo is cold in January.\n", encoding="utf-8")
    with qa.Index(tmp_path / ".qa", offline=True) as opened:
        opened.sync(tmp_path)
        yield opened


def states(answer: Answer) -> list[FileState | None]:
    return [citation.file for citation in answer.citations]


def test_a_file_that_changed_or_vanished_is_said(index: qa.Index, tmp_path: Path) -> None:
    """In the answer itself, its notes, on a terminal and in JSON; what is quoted stays what was indexed."""
    path = tmp_path / "vasa.txt"
    assert states(index.ask(QUESTION)) == ["current"]
    os.utime(path, ns=(1, 1))
    assert states(index.ask(QUESTION)) == ["current"]

    path.write_text("The Vasa was saved.\n", encoding="utf-8")
    changed = index.ask(QUESTION)
    assert states(changed) == ["changed"]
    assert changed.citations[0].text == SUNK.strip()
    note = "vasa.txt changed since it was indexed: the older text is quoted; to read it again: qa index"
    assert changed.notes == (note,)
    assert f"Note: {note}" in to_text(changed, width=200)
    assert json.loads(to_json(changed))["citations"][0]["file"] == "changed"

    path.unlink()
    gone = index.ask(QUESTION)
    assert states(gone) == ["gone"]
    assert gone.notes == ("vasa.txt is gone since it was indexed",)


def test_only_files_that_are_cited_are_looked_at(index: qa.Index, tmp_path: Path) -> None:
    """Another file's change is no matter of this answer."""
    (tmp_path / "oslo.txt").unlink()
    answer = index.ask(QUESTION)
    assert states(answer) == ["current"]
    assert answer.notes == ()


def test_it_is_current_again_once_it_is_indexed(index: qa.Index, tmp_path: Path) -> None:
    """And so is the text."""
    (tmp_path / "vasa.txt").write_text(SUNK.replace("cannons", "sails"), encoding="utf-8")
    index.sync(tmp_path)
    answer = index.ask(QUESTION)
    assert states(answer) == ["current"]
    assert "sails" in answer.text
