"""`/gold` in a conversation: adds the last answer to a question set.

The file is a whole and valid set after every question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
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
from qa.evaluation.sets.columns.names import PIECE_FIELDS
from qa.evaluation.sets.rows import question_object, question_of
from qa.evaluation.types import Gold, Question
from qa.output.text import printable, shorten
from qa.types import Answer, prose

_MARK = re.compile(r"(?P<numbers>[0-9\s,]*)(?P<equals>=(?P<answer>.*))?", re.DOTALL)
_GOLD = ("answers", "evidence")  # what an unanswerable question has none of
_WRITER = "/gold"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person says of an answer with `/gold`.

    `numbers` are the citations that bear it out, None for all of them. `answer` is the right answer, "" for
    the one that was given, None where nothing is said of it. `unanswerable`: the documents do not answer it.
    """

    numbers: tuple[int, ...] | None = None
    answer: str | None = None
    unanswerable: bool = False


def begin(path: Path) -> int:
    """How many questions the file at `path` has, 0 if there is none yet. Raises UsageError, see `read_set`.

    What cannot be written to in the end is refused here, before anything is asked.
    """
    check_writable(path, _WRITER)
    return len(questions_in(path, _WRITER))


def mark_of(argument: str) -> Mark:
    """What `/gold ARGUMENT` says. Raises UsageError."""
    if argument.strip().casefold() == "none":
        return Mark(unanswerable=True)
    match = _MARK.fullmatch(argument.strip())
    if match is None:
        raise UsageError(
            f"/gold does not understand {argument[:60]!r}",
            "/gold, /gold 1 3, /gold 1 = ANSWER, or: /gold none",
        )
    numbers = tuple(dict.fromkeys(int(number) for number in re.findall("[0-9]{1,9}", match["numbers"])))
    answer = match["answer"]
    if answer is not None:  # bytes that a terminal sent and that are no text become escapes
        answer = " ".join(answer.encode(errors="backslashreplace").decode().split())
    return Mark(numbers or None, answer)


def marked(answer: Answer, mark: Mark) -> Question:
    """The row that `mark` makes of `answer`, without an id. Raises UsageError if it cannot be one."""
    if mark.unanswerable:
        return Question("", answer.question, answerable=False)
    cited = {citation.number: citation for citation in answer.citations}
    for number in mark.numbers or ():
        if number not in cited:
            known = ", ".join(map(str, cited)) or "it cites nothing"
            raise UsageError(f"the last answer has no citation [{number}]", f"it has: {known}")
    chosen = [cited[number] for number in mark.numbers or cited]
    right = mark.answer
    if right == "":
        right = " ".join(prose(answer).split()) if answer.status != "abstained" else ""
        if not right:
            raise UsageError("the last question was not answered", "write the answer: /gold = ANSWER")
    if not chosen and right is None:
        raise UsageError("the last answer cites nothing", "/gold none if that is right, else /gold = ANSWER")
    evidence = tuple(Gold(citation.source, citation.span, text=citation.text) for citation in chosen)
    return Question("", answer.question, (right,) if right else (), True, evidence)


def keep(path: Path, answer: Answer, argument: str) -> str:
    """Write what `/gold ARGUMENT` says of `answer` into the set at `path`; gives one clean line about it.

    A question that the set has is replaced; what was not said of it this time, its id, tags, reference
    answers and the like, stays. Raises UsageError and StorageError, and the file is then as it was.
    """
    question = marked(answer, mark_of(argument))
    questions = questions_in(path, _WRITER)
    same = next((known for known in questions if _asks(known) == _asks(question)), None)
    if same is None:
        question = replace(question, id=free_id(question, {known.id for known in questions}))
    written = _write(path, question, same)
    rows = len(questions) + (same is None)
    done = "added to" if same is None else "changed in"
    total = f"{rows:,} question{'s' if rows > 1 else ''}"
    return printable(f"{done} {path}, which has {total} now: {_summary(written)}")


def _summary(question: Question) -> str:
    if question.answerable is False:
        return "not answerable"
    spans = [(gold.source, gold.span) for gold in question.evidence]
    spots = [f"{source}:{span.start}-{span.end}" for source, span in spans if span is not None]
    parts = [f"gold {', '.join(spots)}"] if spots else []
    return "; ".join([*parts, *(f'answer "{shorten(right, 60)}"' for right in question.answers)])


def _asks(question: Question) -> tuple[str | None, str]:
    return question.within, " ".join(question.text.casefold().split())


def _write(path: Path, question: Question, same: Question | None) -> Question:
    """The file with one row more, or with that of `same` changed. Gives the row as it now is.

    What is written is a row that can be read: raises RowError where it is none, and the file is as it was.
    """
    written: list[Question] = []

    def change(lines: list[bytes]) -> list[bytes]:
        if same is None:
            row = question_object(question)
            written.append(question_of(row))
            return with_rows(lines, [row])
        at = int(same.place.rpartition(":")[2]) - 1
        row = _changed(row_in(lines[at]), question)
        written.append(question_of(row))
        lines[at] = line_of(row)
        return lines

    change_lines(path, change)
    return written[0]


def _changed(row: dict[str, object], question: Question) -> dict[str, object]:
    """A row of the file, with what is now known of its question."""
    new = question_object(question)
    others = {
        name: value
        for name, value in row.items()
        if (question.answerable or name not in _GOLD)
        and not (_replaces(new) and name in PIECE_FIELDS)
        and name != "draft"  # who marks an answer has accepted its question
    }
    return {**others, **{name: value for name, value in new.items() if name != "question"}}


def _replaces(new: dict[str, object]) -> bool:
    """Whether what is now known of a question takes the place of gold that stands beside it in its row."""
    return "evidence" in new or new.get("answerable") is False
