"""Drafts in a set: not counted until somebody accepts them, and every change leaves the other rows alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import UsageError
from index.types import Span
from qa.errors import SetError
from qa.evaluation.sets.authoring.drafts import (
    accept_draft,
    add_drafts,
    begin_drafts,
    drafts_in,
    drop_draft,
)
from qa.evaluation.sets.dataset import load_questions, read_set
from qa.evaluation.sets.rows import RowError
from qa.evaluation.types import Gold, Question

VASA = Question(
    "", "When was the Vasa lost?", ("1628",), True, (Gold("b.md", Span(1, 9), text="in 1628."),), ("when",)
)
NONE = Question("", "When was the Rosvik lost?", answerable=False, tags=("near", "when"), group="b.md")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A set with a question of a person's own and two drafts."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Mine?",  "answers": ["yes"], "note": "kept"}\n', encoding="utf-8")
    add_drafts(path, (VASA, NONE))
    return path


def test_drafts_are_rows_that_say_so(path: Path) -> None:
    """Each has an id, its gold, and `draft`; they are read apart from the questions."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row.get("draft") for row in rows] == [None, True, True]
    assert rows[1]["evidence"] == [{"source": "b.md", "start": 1, "end": 9, "text": "in 1628."}]
    assert len({row["id"] for row in rows[1:]}) == 2
    held = read_set(path)
    assert [question.text for question in held.questions] == ["Mine?"]
    assert [question.text for question in held.drafts] == [VASA.text, NONE.text]
    assert load_questions(path) == held.questions
    assert [question.text for question in begin_drafts(path)] == ["Mine?", VASA.text, NONE.text]


def test_an_accepted_draft_is_a_question(path: Path) -> None:
    """Its gold stays; the rows beside it stay to the byte."""
    before = path.read_bytes().split(b"\n")
    accepted = accept_draft(path, drafts_in(path)[0])
    after = path.read_bytes().split(b"\n")
    assert (before[0], before[2]) == (after[0], after[2])
    assert read_set(path).questions[1].evidence == VASA.evidence == accepted.evidence
    assert [draft.text for draft in drafts_in(path)] == [NONE.text]


def test_a_draft_can_be_accepted_in_other_words(path: Path) -> None:
    """The wording is the person's; the rest is the draft's."""
    accept_draft(path, drafts_in(path)[0], "In which year was the Vasa lost?")
    question = read_set(path).questions[1]
    assert (question.text, question.answers) == ("In which year was the Vasa lost?", ("1628",))


def test_a_wording_that_is_no_question_changes_nothing(path: Path) -> None:
    """The file is as it was."""
    before = path.read_bytes()
    with pytest.raises(RowError):
        accept_draft(path, drafts_in(path)[0], "  ")
    assert path.read_bytes() == before


def test_a_dropped_draft_is_gone(path: Path) -> None:
    """And nothing else is."""
    drop_draft(path, drafts_in(path)[0])
    assert [draft.text for draft in drafts_in(path)] == [NONE.text]
    assert len(load_questions(path)) == 1


def test_a_draft_that_is_gone_meanwhile_is_told(path: Path) -> None:
    """Somebody may have the file open in an editor."""
    drafts = drafts_in(path)
    drop_draft(path, drafts[0])
    with pytest.raises(UsageError, match="was changed meanwhile"):
        accept_draft(path, drafts[0])


def test_more_drafts_get_ids_of_their_own(path: Path) -> None:
    """The same question twice has two ids."""
    add_drafts(path, (VASA,))
    assert len({draft.id for draft in drafts_in(path)}) == 3


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.csv", "question\nWhy?\n", "is CSV, and accepting writes JSON Lines"),
        ("a.txt", "", "cannot tell the format"),
        ("none.jsonl", None, "there is no file"),
        ("a.json", '[{"question": "Why?", "draft": true}]', "an object a line"),
    ],
)
def test_what_cannot_be_changed_row_by_row_is_refused(
    tmp_path: Path, name: str, text: str | None, what: str
) -> None:
    """Before anything is shown."""
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=what):
        drafts_in(tmp_path / name)


def test_whether_a_row_is_a_draft_is_true_or_false(tmp_path: Path) -> None:
    """In JSON; in CSV it is yes or no. A draft that is accepted there is one no more."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Why so?", "draft": "maybe"}\n', encoding="utf-8")
    with pytest.raises(SetError, match="draft must be true or false"):
        read_set(path)
    table = tmp_path / "set.csv"
    table.write_text("question,answers,draft\nWhy?,a,yes\nWho?,b,no\nWhen?,c,\n", encoding="utf-8")
    held = read_set(table)
    assert [question.text for question in held.drafts] == ["Why?"]
    assert [question.text for question in held.questions] == ["Who?", "When?"]
