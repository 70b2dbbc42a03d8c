"""The records and verdicts in a run folder, read from its files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from index.errors import StorageError, UsageError
from qa.errors import TooNew
from qa.evaluation.runs.header import Header, header_of
from qa.evaluation.runs.journal import JournalLine, damaged, lines
from qa.evaluation.runs.serialization import record_of, verdict_of
from qa.evaluation.types import Record, RecordId, Verdict

HEADER, RECORDS, JUDGEMENTS = "run.json", "records.jsonl", "judgements.jsonl"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """The newest record of each question that a run is of, in their order.

    Questions that were not asked yet have none. `verdicts` are all there are, the newest last.
    """

    header: Header
    records: tuple[Record, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(slots=True)
class RunState:
    """Every record and verdict of a run folder, as they were read and as they were added since.

    `records` are the newest of each question, `attempts` counts all of them. Threads may share one, if no two
    add a record of the same question.
    """

    records: dict[RecordId, Record] = field(default_factory=dict)
    attempts: Counter[RecordId] = field(default_factory=Counter)
    verdicts: list[Verdict] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)

    def add_record(self, record: Record) -> None:
        """Take a record that takes the place of the one before it, if there is one."""
        self.records[record.key, record.repeat] = record
        self.attempts[record.key, record.repeat] += 1

    def add_verdict(self, verdict: Verdict) -> None:
        """Take a verdict."""
        self.verdicts.append(verdict)
        self.judged.add(verdict.key)

    def run(self, header: Header) -> Run:
        """The run of the questions that `header` names."""
        records = tuple(
            self.records[record_id] for record_id in header.asked.record_ids if record_id in self.records
        )
        return Run(header, records, tuple(self.verdicts))


def load_run(path: Path) -> Run:
    """The run in a folder, whoever is writing to it. Raises UsageError, StorageError, TooNew."""
    header = read_header(path)
    if header is None:
        raise UsageError(
            f"{path} is no run folder: there is no {HEADER} in it",
            "make one there: qa eval QUESTIONS",
            option="out",
        )
    return read_state(path).run(header)


def read_state(path: Path) -> RunState:
    """The records and verdicts in a folder, none where there is no run. Raises StorageError, TooNew."""
    state = RunState()
    read_lines(path / RECORDS, record_of, state.add_record)
    read_lines(path / JUDGEMENTS, verdict_of, state.add_verdict)
    return state


def spent_in(path: Path) -> float:
    """What the records and verdicts in a folder have cost, in US dollars, as far as is known; 0 without any.

    Raises StorageError, TooNew.
    """
    costs: list[float] = []
    read_lines(path / RECORDS, record_of, lambda record: costs.append(cost_of(record)))
    read_lines(path / JUDGEMENTS, verdict_of, lambda verdict: costs.append(verdict.usage.cost_usd or 0.0))
    return sum(costs)


def cost_of(record: Record) -> float:
    """What counts of a record against a limit of costs, in US dollars."""
    own = record.spent
    if own is None and record.answer is not None:
        own = record.answer.usage.cost_usd
    return own or 0.0


def read_header(path: Path) -> Header | None:
    """What the run in a folder was made with, None if there is none. Raises StorageError, TooNew."""
    file = path / HEADER
    try:
        row = json.loads(file.read_bytes())
        if not isinstance(row, dict):
            raise ValueError("it is no object")
        return header_of(row)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        raise StorageError(f"cannot read {file}: {exc.strerror or exc}", "make the file readable") from exc
    except TooNew as exc:
        raise TooNew(f"{file}: {exc.cause}", exc.hint) from None
    except (ValueError, RecursionError) as exc:
        raise StorageError(f"{file} is damaged: {exc}", "choose another folder", option="out") from exc


def read_lines(file: Path, decode: Callable[[Mapping[str, object]], T], add: Callable[[T], object]) -> int:
    """Decode every line of a file and `add` it; gives the byte after the end of the last whole one.

    Raises StorageError and TooNew that name the line.
    """
    end = 0
    for line in lines(file):
        add(_decoded(file, line, decode))
        end = line.end
    return end


def _decoded(file: Path, line: JournalLine, decode: Callable[[Mapping[str, object]], T]) -> T:
    try:
        return decode(line.row)
    except TooNew as exc:
        raise TooNew(f"{file}:{line.number}: {exc.cause}", exc.hint) from None
    except ValueError as exc:
        raise damaged(file, line.number, str(exc)) from exc
