"""Lines of `records.jsonl`, `judgements.jsonl` and `calls.jsonl`: values to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from qa.errors import TooNew
from qa.evaluation.runs.codec import pack, unpack
from qa.evaluation.sets.rows import RowError, question_object, question_of
from qa.evaluation.types import Record, Verdict
from qa.models.base import Finish, Tokens
from qa.output.answers.as_json import answer_object

RECORD = "qa.record/1"
JUDGEMENT = "qa.judgement/1"
CALL = "qa.call/1"
LOST = -1
_LATER = ("spent",)  # fields that records of earlier versions do not have


@dataclass(frozen=True, slots=True)
class Call:
    """A model call of a question that has come to its end, so that it is never made again.

    `attempt` is how many records the question had by then, `number` counts the calls of one attempt from 0,
    those that failed included. The rest is the `Completion`, and its cost in US dollars, if that is known.

    Of a judge's calls, `key` is the `judgement_key`, and `attempt` always 0; under the number `LOST` stands
    what those that failed may have cost.
    """

    key: str
    repeat: int
    attempt: int
    number: int
    text: str
    finish: Finish
    model: str
    usage: Tokens | None = None
    cost_usd: float | None = None


def record_object(record: Record) -> dict[str, object]:
    """A record as an object of JSON: its answer as `qa ask --json` prints it, its question as its row.

    As there, seconds and evidence have 4 digits, so `record_of` gives back a record whose own have no more;
    the question's `place` is left out.
    """
    return {
        "schema": RECORD,
        "key": record.key,
        "repeat": record.repeat,
        "question": question_object(record.question),
        "gold": [pack(gold) for gold in record.gold],
        "answer": None if record.answer is None else answer_object(record.answer),
        "passages": [pack(passage) for passage in record.passages],
        "contexts": [pack(context) for context in record.contexts],
        "completions": list(record.completions),
        "failure": None if record.failure is None else pack(record.failure),
        "spent": record.spent,
    }


def record_of(row: Mapping[str, object]) -> Record:
    """The record that `record_object` made an object of. Raises TooNew, and ValueError if it is none."""
    check_schema(row, RECORD)
    question = row.get("question")
    if not isinstance(question, Mapping):
        raise ValueError("question is missing")
    for field in fields(Record):
        if field.name not in row and field.name not in _LATER:
            raise ValueError(f"{field.name} is missing")
    try:
        record = unpack(Record, {**row, "question": question_of(question)})
    except RowError as error:
        raise ValueError(str(error)) from None
    if (record.answer is None) is (record.failure is None):
        raise ValueError("either answer or failure must be there")
    return record


def verdict_object(verdict: Verdict) -> dict[str, object]:
    """A verdict as an object of JSON."""
    return {"schema": JUDGEMENT, **pack(verdict)}


def verdict_of(row: Mapping[str, object]) -> Verdict:
    """The verdict that `verdict_object` made an object of. Raises TooNew, and ValueError if it is none."""
    check_schema(row, JUDGEMENT)
    return unpack(Verdict, row)


def call_object(call: Call) -> dict[str, object]:
    """A model call as an object of JSON."""
    return {"schema": CALL, **pack(call)}


def call_of(row: Mapping[str, object]) -> Call:
    """The call that `call_object` made an object of. Raises TooNew, and ValueError if it is none."""
    check_schema(row, CALL)
    return unpack(Call, row)


def check_schema(row: Mapping[str, object], ours: str) -> None:
    """Raises TooNew for a newer version of the schema `ours`, ValueError for another one or none."""
    schema = row.get("schema")
    name, _, version = ours.partition("/")
    if schema == ours:
        return
    its_name, _, its_version = str(schema).partition("/")
    if its_name == name and its_version.isdecimal() and int(its_version) > int(version):
        raise TooNew(
            f"it was written by a newer version of qa ({schema})", "update qa: pip install -U cited-qa"
        )
    raise ValueError(f"schema is not {ours}, but {str(schema)[:40]}")
