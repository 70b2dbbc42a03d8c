"""Drafts in a question set: rows that are only proposed, until a person accepts, rewords or drops them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.errors import UsageError
from qa.evaluation.sets.authoring.lines import (
    change_lines,
    check_writable,
    free_id,
    line_of,
    questions_in,
    row_in,
    with_rows,
)
from qa.evaluation.sets.dataset import question_object, read_set
from qa.evaluation.sets.rows import is_draft, question_of
from qa.evaluation.types import Question

_WRITER = "accepting"


def begin_drafts(path: Path) -> tuple[Question, ...]:
    """What the file at `path` has already, drafts too; nothing if it is not there yet.

    Raises UsageError for a file that drafts cannot be added to, SetError for one that is no set.
    """
    check_writable(path, "drafting")
    return questions_in(path, "drafting")


def add_drafts(path: Path, questions: Sequence[Question]) -> tuple[Question, ...]:
    """Add rows to a set, as drafts with an id each; gives them as they stand there. Raises StorageError."""
    taken = {known.id for known in questions_in(path, "drafting")}
    added: list[Question] = []
    for question in questions:
        added.append(replace(question, id=free_id(question, taken)))
        taken.add(added[-1].id)
    rows = [{**question_object(question), "draft": True} for question in added]
    change_lines(path, lambda lines: with_rows(lines, rows))
    return tuple(added)


def drafts_in(path: Path) -> tuple[Question, ...]:
    """The drafts of a set that can be accepted one by one, in its order. Raises SetError, UsageError."""
    check_writable(path, _WRITER)
    if not path.exists():
        raise UsageError(f"there is no file {path}", "name one that drafts were written to")
    questions_in(path, _WRITER)
    return read_set(path).drafts


def accept_draft(path: Path, draft: Question, wording: str | None = None) -> Question:
    """Make a draft a question of the set, asked in other words if some are given; gives it as it now is.

    The file is read again, and may have been edited meanwhile. Raises UsageError where the draft is not in it
    any more or the wording is no question, RowError for a row that somebody broke, StorageError.
    """
    accepted: list[Question] = []

    def change(lines: list[bytes]) -> list[bytes]:
        at = _line_with(lines, draft, path)
        row = {name: value for name, value in row_in(lines[at]).items() if name != "draft"}
        if wording is not None:
            row["question"] = wording
        accepted.append(question_of(row))
        lines[at] = line_of(row)
        return lines

    change_lines(path, change)
    return accepted[0]


def drop_draft(path: Path, draft: Question) -> None:
    """Take a draft out of the set. Raises UsageError where it is not in it any more, StorageError."""

    def change(lines: list[bytes]) -> list[bytes]:
        at = _line_with(lines, draft, path)
        return [*lines[:at], *lines[at + 1 :]]

    change_lines(path, change)


def _line_with(lines: Sequence[bytes], draft: Question, path: Path) -> int:
    """The index of the line that has a draft: by its words, for lines move and ids may be missing."""
    for at, line in enumerate(lines):
        if line.strip():
            row = row_in(line)
            if is_draft(row) and str(row.get("question", "")).strip() == draft.text:
                return at
    raise UsageError(f"{path} was changed meanwhile: a draft is gone", "begin again with what is there now")
