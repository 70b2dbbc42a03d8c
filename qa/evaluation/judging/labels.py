"""Human labels for calibrating a judge, read from JSON Lines or CSV.

A file is taken whole or not at all: every row that does not fit is named before anything is asked. A row is
one of

- `question`, `answers` (references), `answer` and `label`, which is correct, partly or wrong;
- `claim`, `cited` (a text or several) and `label`, which is yes or no: supported or not;
- `id` of a question and `label` (correct, partly or wrong) of its answer in a run; `repeat` tells which.

A CSV file has the same columns, named by its first line; in `answers` and `cited`, `|` separates several.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from qa.checking.judge import Pair, Quoted
from qa.errors import SetError
from qa.evaluation.judging.correctness import Case
from qa.evaluation.judging.judge_records import judges_correctness
from qa.evaluation.sets.dataset import CSV_SUFFIXES, JSON_SUFFIXES
from qa.evaluation.sets.rows import Row, RowError, json_value
from qa.evaluation.types import Correctness, Record
from qa.types import prose

L = TypeVar("L")
_COLUMNS = ("question", "answers", "answer", "claim", "cited", "id", "repeat", "label")
_CORRECTNESS: dict[str, Correctness] = {"correct": "correct", "partly": "partly", "wrong": "wrong"}
_SUPPORT = {"yes": True, "no": False, "supported": True, "not supported": False}


@dataclass(frozen=True, slots=True)
class CaseLabel:
    """An answer, and how right a person finds it. `place` is where the label stands, "labels.jsonl:12"."""

    place: str
    case: Case
    label: Correctness


@dataclass(frozen=True, slots=True)
class PairLabel:
    """A claim with what it cites, and whether a person finds it borne out."""

    place: str
    pair: Pair
    label: bool


Label = CaseLabel | PairLabel


def load_labels(path: Path, records: Sequence[Record] = ()) -> tuple[Label, ...]:
    """The labels of a file, in its order; rows with an id are about the answers in `records`.

    Raises SetError naming every row that does not fit.
    """
    answered = _by_id(records)
    labels: list[Label] = []
    bad: list[tuple[str, str]] = []
    for line, row in _rows(path):
        place = f"{path.name}:{line}"
        try:
            if isinstance(row, RowError):
                raise row
            labels.append(_label(row, place, answered))
        except RowError as exc:
            bad.append((place, str(exc)))
    if bad:
        first = f"{bad[0][0]}: {bad[0][1]}"
        count = f"{len(bad):,} of {len(bad) + len(labels):,} rows of {path} are no labels"
        raise SetError(first if len(bad) == 1 else count, "mend the file; nothing was asked", bad)
    if not labels:
        example = '{"question": "...", "answers": ["..."], "answer": "...", "label": "correct"}'
        raise SetError(f"{path} holds no labels", f"one a line: {example}")
    return tuple(labels)


def _label(row: Mapping[str, object], place: str, answered: Mapping[str, Sequence[Record]]) -> Label:
    if _has(row, "claim"):
        pair = Pair(_text(row, "claim"), tuple(map(Quoted, _texts(row, "cited"))))
        return PairLabel(place, pair, _choice(row, _SUPPORT, "yes or no"))
    label = _choice(row, _CORRECTNESS, "correct, partly or wrong")
    if _has(row, "question"):
        case = Case(_text(row, "question"), _texts(row, "answers"), _text(row, "answer"))
        return CaseLabel(place, case, label)
    if _has(row, "id"):
        return CaseLabel(place, _recorded(row, answered), label)
    raise RowError(
        "expected question, answers and answer, or claim and cited, or the id of a recorded answer"
    )


def _recorded(row: Mapping[str, object], answered: Mapping[str, Sequence[Record]]) -> Case:
    """The case of a record. An abstention is none: no judge is asked about it."""
    name = str(row["id"]).strip()
    if not answered:
        raise RowError("a row with an id is about an answer of a run, and no run was named")
    records = answered.get(name, ())
    if _has(row, "repeat"):
        records = [record for record in records if str(record.repeat) == str(row["repeat"]).strip()]
    if not records:
        raise RowError(
            f"the run has no record of {name[:60]!r}" + (", that repeat" if "repeat" in row else "")
        )
    if len(records) > 1:
        raise RowError(
            f"the run has {len(records)} answers to {name[:60]!r}; repeat (1, 2 ...) must tell which"
        )
    (record,) = records
    if record.answer is None or record.answer.status == "abstained":
        raise RowError(f"the run has no answer to {name[:60]!r}, so there is nothing to judge")
    if not judges_correctness(record.question):
        raise RowError(f"{name[:60]!r} has no reference answers to judge by")
    return Case(record.question.text, record.question.answers, prose(record.answer))


def _by_id(records: Sequence[Record]) -> Mapping[str, Sequence[Record]]:
    by_id: dict[str, list[Record]] = {}
    for record in records:
        by_id.setdefault(record.question.id, []).append(record)
    return by_id


def _has(row: Mapping[str, object], field: str) -> bool:
    return row.get(field) not in (None, "")


def _choice(row: Mapping[str, object], choices: Mapping[str, L], expected: str) -> L:
    value = row.get("label")
    word = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value or "").strip()
    choice = choices.get(word.casefold())
    if choice is None:
        raise RowError(
            f"label must be {expected}, not {word[:40]!r}" if word else f"label is missing: {expected}"
        )
    return choice


def _texts(row: Mapping[str, object], field: str) -> tuple[str, ...]:
    value = row.get(field)
    every = value if isinstance(value, list) else [value]
    texts = [text.strip() for text in every if isinstance(text, str)]
    if not all(texts) or len(texts) != len(every) or not texts:
        raise RowError(f"{field} must be a text or a list of texts, none of them empty")
    return tuple(texts)


def _text(row: Mapping[str, object], field: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or not value.strip():
        raise RowError(f"{field} must be a text that is not empty")
    return value.strip()


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """The rows of a file, each with the line it begins on."""
    reader = _reader(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        raise SetError(f"{path} is not UTF-8 (byte {exc.start + 1:,})", "save the file as UTF-8") from exc
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the name
        reason = getattr(exc, "strerror", None) or str(exc)
        raise SetError(f"cannot read {path}: {reason}", "name a file of labels, .jsonl or .csv") from exc
    return reader(text)


def _reader(path: Path) -> Callable[[str], Iterator[tuple[int, Row]]]:
    suffix = path.suffix.lower()
    if suffix in CSV_SUFFIXES:
        return _csv_rows
    if suffix in JSON_SUFFIXES:
        return _json_rows
    raise SetError(f"cannot tell the format of {path}", "end its name with .jsonl or .csv")


def _json_rows(text: str) -> Iterator[tuple[int, Row]]:
    for line, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        try:
            row = json_value(written)
        except RowError as exc:
            yield line, exc
        else:
            yield line, row if isinstance(row, dict) else RowError("an object was expected")


def _csv_rows(text: str) -> Iterator[tuple[int, Row]]:
    first = text.lstrip().partition("\n")[0]
    named = {sign: sum(cell.strip(' "\r') in _COLUMNS for cell in first.split(sign)) for sign in ",;\t"}
    delimiter = max(named, key=named.__getitem__)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 2
    try:
        for row in rows:
            if row.pop(None, None):  # cells beyond the last column
                yield line, RowError("more cells than columns: quote cells that hold the separator")
            else:
                yield line, {name.strip(): _cell(name.strip(), cell) for name, cell in row.items()}
            line = rows.line_num + 1
    except csv.Error as exc:
        yield line, RowError(f"this row is no CSV ({exc}); what follows it was not read")


def _cell(name: str, cell: str | None) -> object:
    if name in ("answers", "cited") and cell:
        return [part for part in cell.split("|") if part.strip()]
    return cell or None
