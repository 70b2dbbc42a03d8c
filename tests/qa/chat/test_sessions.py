"""Conversations are kept in private files, listed, and taken up again as they were."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from index.errors import StorageError, UsageError
from qa.chat.followup import Turn
from qa.chat.sessions import LATEST, load, name_for, save, sessions

TURNS = [(Turn("Why?", "Why did it sink?", "Cannons [1].\n\u2028"), {"text": "Cannons [1].\n\u2028", "n": 1})]


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    """Turn by turn; nobody else may read it, nor list it."""
    folder = tmp_path / "state" / "sessions"
    path = save(folder, "ship", TURNS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert load(folder, "ship") == ("ship", tuple(TURNS))
    head, turn = map(json.loads, path.read_text(encoding="utf-8").split("\n")[:2])
    assert (head["schema"], turn["typed"]) == ("qa.session/1", "Why?")


def test_saving_again_replaces(tmp_path: Path) -> None:
    """One file, no leftovers; the list says what is in it."""
    save(tmp_path, "a", TURNS)
    save(tmp_path, "a", TURNS * 3)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
    assert [(one.name, one.turns, one.first) for one in sessions(tmp_path)] == [("a", 3, "Why?")]


def test_the_latest_is_taken_by_its_time(tmp_path: Path) -> None:
    """`last` is no name but an order."""
    for name, saved in (("old", "2026-01-01"), ("new", "2026-02-01")):
        head = {"schema": "qa.session/1", "saved": saved}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(head) + "\n", encoding="utf-8")
    assert load(tmp_path, LATEST) == ("new", ())


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "x" * 81, "a\n"])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    """Nothing is read or written elsewhere."""
    with pytest.raises(UsageError):
        save(tmp_path, name, TURNS)
    with pytest.raises(UsageError):
        load(tmp_path, name)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """No session of that name, or none at all."""
    with pytest.raises(UsageError, match="no session was saved"):
        load(tmp_path, LATEST)
    with pytest.raises(UsageError, match="there is no session 'x'"):
        load(tmp_path, "x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"schema": "other/1"}',
        '{"schema": "qa.session/1"}\n{"typed": "x"}',
        "\xff",
        "[" * 9999,
    ],
)
def test_a_damaged_file_is_an_error_and_is_not_listed(tmp_path: Path, text: str) -> None:
    """It is named, with what to do; a list of others is not spoilt by it."""
    (tmp_path / "bad.jsonl").write_bytes(text.encode("latin-1"))
    save(tmp_path, "good", TURNS)
    with pytest.raises(StorageError):
        load(tmp_path, "bad")
    assert "good" in [one.name for one in sessions(tmp_path)]


@given(st.text(), st.lists(st.sampled_from(["why-did-it-sink", "session", "last"])))
def test_a_name_for_a_question_can_be_used(question: str, taken: list[str]) -> None:
    """It is a name, not taken, and not the word for the latest."""
    from qa.chat.sessions import _NAME

    name = name_for(question, taken)
    assert _NAME.fullmatch(name)
    assert name not in taken
    assert name != LATEST
    assert name_for("Why did it sink?", []) == "why-did-it-sink"
