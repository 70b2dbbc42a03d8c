"""Loads question sets from JSON Lines or CSV, and selects questions.

A set is taken whole or not at all: every row that does not fit is named before anything is asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from index.errors import UsageError
from qa.errors import SetError
from qa.evaluation.sets.csv_rows import csv_rows
from qa.evaluation.sets.lists import SplitCell
from qa.evaluation.sets.rows import (
    FIELDS,
    Row,
    RowError,
    json_value,
    meant,
    question_object,
    question_of,
)
from qa.evaluation.types import Question

__all__ = [
    "QuestionSet",
    "Selection",
    "SetError",
    "load_questions",
    "question_key",
    "question_object",
    "read_set",
    "select",
]

JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
CSV_SUFFIXES = (".csv", ".tsv")
LARGEST = 500_000_000  # bytes; squad2's 3,967 questions are 2 million
_ID = 8  # hexadecimal digits of a row's hash that are its id where it has none


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of a file, and what its writer may not have meant, as (place, what).

    `split` are cells that were taken apart at `|`, which may belong to an answer: any set that has several
    answers a row has such cells, and so it is only said where the set is checked.
    """

    questions: tuple[Question, ...]
    remarks: tuple[tuple[str, str], ...] = ()
    split: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which questions of a set are asked, and how often each; see `select`."""

    tags: tuple[str, ...] = ()
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    repeat: int = 1


def load_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a file, in its order. Raises SetError naming every row that does not fit."""
    return read_set(path).questions


def read_set(path: Path) -> QuestionSet:
    """The questions of a file, and what is odd about it. Raises SetError, and nothing else.

    A row without an id gets one from what it says, so that it is the same wherever in the file it stands.
    """
    text = _text_of(path)
    questions: list[Question] = []
    bad: list[tuple[str, str]] = []
    places: dict[str, str] = {}
    odd: dict[str, list[str]] = {}
    split: list[tuple[str, Sequence[str]]] = []
    for line, row in _rows_of(path)(text, path):
        place = f"{path.name}:{line}"
        try:
            question = _identified(_question_of(row, place))
            if question.id in places:
                raise RowError(f"the id {question.id[:60]!r} is that of {places[question.id]} already")
        except RowError as exc:
            bad.append((place, str(exc)))
            continue
        places[question.id] = place
        questions.append(question)
        for name in _odd_names(row):
            odd.setdefault(name, []).append(place)
        if isinstance(row, Mapping) and isinstance(row.get("answers"), SplitCell):
            split.append((place, question.answers))
    if bad:
        raise _misfits(path, bad, len(bad) + len(questions))
    if not questions:
        raise SetError(
            f"{path} holds no questions", 'one a line: {"question": "Why was the summit cancelled?"}'
        )
    return QuestionSet(
        tuple(questions), tuple(_odd(name, where) for name, where in odd.items()), _split_remark(split)
    )


def question_key(question: Question) -> str:
    """16 hexadecimal digits of the SHA-256 of a question's row, `place` left out."""
    row = json.dumps(question_object(question), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(row.encode()).hexdigest()[:16]


def select(
    questions: Sequence[Question],
    *,
    tags: Sequence[str] = (),
    limit: int | None = None,
    sample: int | None = None,
    seed: int = 0,
) -> tuple[Question, ...]:
    """The questions with any of `tags`; of these `sample` at random; of these the first `limit`.

    In the order given. Which ones are drawn depends on the seed and the questions' ids alone, not on where in
    the file they stand; a larger sample holds the smaller one. Raises UsageError for a tag that none has.
    """
    known = {tag for question in questions for tag in question.tags}
    for tag in tags:
        if tag not in known:
            near = get_close_matches(tag, known, n=1) or sorted(known)[:5]
            hint = f"did you mean {' or '.join(near)}?" if near else "the questions have no tags"
            raise UsageError(f"no question has the tag {tag!r}", hint)
    tagged = [question for question in questions if not tags or set(tags) & set(question.tags)]
    if sample is not None:
        drawn = {
            question.id for question in sorted(tagged, key=lambda question: _lot(question.id, seed))[:sample]
        }
        tagged = [question for question in tagged if question.id in drawn]
    return tuple(tagged[:limit])


def _lot(name: str, seed: int) -> str:
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def _text_of(path: Path) -> str:
    """A file's text without a byte-order mark."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the name
        reason = getattr(exc, "strerror", None) or str(exc)
        raise SetError(f"cannot read {path}: {reason}", "name a file of questions, .jsonl or .csv") from exc
    if size > LARGEST:
        raise SetError(f"{path} has more than {LARGEST:,} bytes", "split it into several sets")
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        what = f"byte {exc.start + 1:,} (line {line:,}) is not UTF-8"
        hint = "save the file as UTF-8; a spreadsheet calls it CSV UTF-8"
        raise SetError(f"{path}: {what}", hint, [(f"{path.name}:{line}", what)]) from exc


def _rows_of(path: Path) -> Callable[[str, Path], Iterator[tuple[int, Row]]]:
    """What reads a file of that suffix: its rows and the lines they begin on."""
    suffix = path.suffix.lower()
    if suffix in CSV_SUFFIXES:
        return csv_rows
    if suffix in JSON_SUFFIXES:
        return _json_rows
    raise SetError(f"cannot tell the format of {path}", "end its name with .jsonl or .csv")


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, Row]]:
    if text.lstrip().startswith("["):
        raise SetError(
            f"{path} holds a list, where one object a line was expected", "to turn it: jq -c '.[]' FILE"
        )
    for line, written in enumerate(text.split("\n"), 1):
        if written.strip():
            yield line, _json_row(written)


def _json_row(written: str) -> Row:
    try:
        row = json_value(written)
    except RowError as exc:
        return exc
    return row if isinstance(row, dict) else RowError('an object was expected: {"question": "..."}')


def _question_of(row: Row, place: str) -> Question:
    if isinstance(row, RowError):
        raise row
    return question_of(row, place)


def _identified(question: Question) -> Question:
    return question if question.id else replace(question, id=question_key(question)[:_ID])


def _misfits(path: Path, bad: Sequence[tuple[str, str]], rows: int) -> SetError:
    hint = "mend it and begin again; nothing was run"
    if len(bad) == 1:
        return SetError(f"{bad[0][0]}: {bad[0][1]}", hint, bad)
    return SetError(f"{len(bad):,} of {rows:,} rows of {path} do not fit", hint.replace("it", "them"), bad)


def _odd_names(row: Row) -> list[str]:
    """The fields of a row that may be meant for one that it does not have."""
    if isinstance(row, RowError):
        return []
    return [name for name in row if name not in FIELDS and (field := meant(name)) and field not in row]


def _split_remark(split: Sequence[tuple[str, Sequence[str]]]) -> tuple[tuple[str, str], ...]:
    """One remark on all cells that were taken apart, with the first as the example."""
    if not split:
        return ()
    place, answers = split[0]
    rows = f"{len(split):,} cells of answers are" if len(split) > 1 else "a cell of answers is"
    example = " and ".join(json.dumps(answer[:40], ensure_ascii=False) for answer in answers[:2])
    return (
        (place, f"{rows} taken apart at |, such as {example}; write \\| for one that is part of an answer"),
    )


def _odd(name: str, places: Sequence[str]) -> tuple[str, str]:
    rows = f" ({len(places):,} rows)" if len(places) > 1 else ""
    return places[0], f"the field {name[:40]!r} is ignored{rows}; did you mean {meant(name)}?"
