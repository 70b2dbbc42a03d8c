"""A question set as a command line names it, and the index that it is about."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.context import found_index
from qa.errors import SetError
from qa.evaluation.sets.dataset import QuestionSet, read_set
from qa.output.text import printable

if TYPE_CHECKING:
    from qa.answering.shared_reader import SharedIndexReader
    from qa.cli.context import CommandContext
    from qa.output.console import Console

MOST_NAMED = 20  # rows that do not fit, or reasons of failures


@dataclass(frozen=True, slots=True)
class SetFile:
    """A question set as it is named: its file or folder, columns by field, the tool it was made for."""

    path: Path
    columns: Mapping[str, str]
    form: str | None


def read_questions(questions: SetFile, console: Console) -> QuestionSet:
    """The set; what is odd about it is logged. Raises SetError, after naming the rows that do not fit."""
    with naming_bad_rows(console):
        question_set = read_set(questions.path, questions.columns, questions.form)
    log_rows(question_set.remarks, console)
    if question_set.unused:
        console.log('to have a column read: --column answers="NAME"; to have none read: --column answers=')
    if question_set.drafts:
        _say_drafts(question_set, questions.path, console)
    return question_set


def _say_drafts(question_set: QuestionSet, path: Path, console: Console) -> None:
    """Say that drafts are not counted. Raises SetError if there is nothing else."""
    drafts = len(question_set.drafts)
    many = "1 draft" if drafts == 1 else f"{drafts:,} drafts"
    accept = f"accept them with: qa eval --accept {printable(shlex.quote(str(path)))}"
    if not question_set.questions:
        raise SetError(f"{path} holds {many} and no question that was accepted", accept)
    console.log(f"{many} {'is' if drafts == 1 else 'are'} not counted: {accept}")


@contextmanager
def naming_bad_rows(console: Console) -> Iterator[None]:
    """Name the rows that a SetError is about, if there are several; one stands in the error itself."""
    try:
        yield
    except SetError as error:
        if len(error.rows) > 1:
            log_rows(error.rows, console)
        raise


def log_rows(rows: Sequence[tuple[str, str]], console: Console) -> None:
    """Name places and what is to be said of them, the first of many."""
    for place, what in rows[:MOST_NAMED]:
        console.log(f"{printable(place)}: {printable(what)}")
    if len(rows) > MOST_NAMED:
        console.log(f"... and {len(rows) - MOST_NAMED:,} more")


def index_reader(context: CommandContext) -> closing[SharedIndexReader]:
    """The index that the settings name, closed at the end of a `with`. Raises NoIndex."""
    from qa.answering.shared_reader import SharedIndexReader
    from qa.models.embedders import EmbedderLoader

    folder = found_index(context)
    return closing(
        SharedIndexReader(folder, EmbedderLoader(context.settings, dict(os.environ)), context.directory)
    )


def with_consent(context: CommandContext, *, ask: bool) -> CommandContext:
    """The context, without connections where the person does not want them for this index."""
    from qa.output.consent import agreed

    folder = found_index(context)
    return replace(context, settings=agreed(context.settings, os.environ, folder, context.console, ask=ask))
