"""The folder of a run: who may write to it, what it holds, and what of it is left to do.

`run.json` says what the run was made with, `records.jsonl` what came of each question, `judgements.jsonl`
what judges found, `scores.json` the figures. `calls.jsonl` holds the model calls of questions and
verdicts that are not finished, and is gone when all are. Knows files, and neither models nor the index.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from index.errors import IndexLocked, StorageError, UsageError
from index.storage.atomic import replace_file
from index.storage.lock import LOCK, OWNER, writer_lock
from qa.errors import RunLocked, TooNew
from qa.evaluation.runs.header import Header, QuestionSelection, differences, header_object, header_of
from qa.evaluation.runs.journal import Journal, JournalLine, damaged, lines
from qa.evaluation.runs.serialization import (
    RECORD,
    Call,
    call_object,
    call_of,
    check_schema,
    record_object,
    record_of,
    verdict_object,
    verdict_of,
)
from qa.evaluation.types import Record, Verdict

HEADER, RECORDS, JUDGEMENTS = "run.json", "records.jsonl", "judgements.jsonl"
CALLS, SCORES = "calls.jsonl", "scores.json"
EACH = 16_000  # bytes that a record may take

T = TypeVar("T")
RecordId = tuple[str, int]  # a question's key and the repeat


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands on disk: the newest record of each question that it is of, in their order.

    Questions that were not asked yet have none. `verdicts` are all there are, the newest last.
    """

    header: Header
    records: tuple[Record, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class RecordState:
    """How many records of a question there are, and whether the newest is a failure."""

    records: int
    failed: bool


def load_run(path: Path) -> Run:
    """The run in a folder, whoever is writing to it. Raises UsageError, StorageError, TooNew."""
    header = read_header(path)
    if header is None:
        raise UsageError(
            f"{path} is no run folder: there is no {HEADER} in it",
            f"make one: qa eval QUESTIONS --out {path}",
        )
    newest: dict[RecordId, Record] = {}
    for line in lines(path / RECORDS):
        record = checked(path / RECORDS, line, record_of)
        newest[record.key, record.repeat] = record
    verdicts = tuple(checked(path / JUDGEMENTS, line, verdict_of) for line in lines(path / JUDGEMENTS))
    return Run(header, tuple(newest[place] for place in places(header.asked) if place in newest), verdicts)


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
        raise StorageError(f"{file} is damaged: {exc}", "choose another folder: --out") from exc


class RunFolder:
    """A run folder that is being written to, by this process alone. Threads may share one."""

    def __init__(self, path: Path, header: Header) -> None:
        """Make the folder, or go on in the one that is there.

        Raises UsageError if it was made with something else, or is no run folder; TooNew, RunLocked, and
        StorageError if it is damaged, cannot be written, or has no room for what is to be asked.
        """
        self.path = path
        self.header = header
        self._held = ExitStack()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock()
            self._open()
        except OSError as exc:
            self._held.close()
            raise StorageError(f"cannot write {path}: {exc.strerror or exc}", "name another folder") from exc
        except BaseException:
            self._held.close()
            raise

    def _lock(self) -> None:
        try:
            self._held.enter_context(writer_lock(self.path, wait=0))
        except IndexLocked as error:
            who = error.cause.partition(" by ")[2] or "another process"
            raise RunLocked(
                f"the run in {self.path} is being written by {who}",
                "wait until it is done, or choose another folder: --out",
            ) from None

    def _open(self) -> None:
        found = read_header(self.path)
        if found is None:
            self._check_empty()
        elif changed := differences(found, self.header):
            raise UsageError(
                f"the run in {self.path} was made with other settings: {'; '.join(changed)}",
                "choose another folder for a new run: --out",
            )
        else:
            self.header = replace(found, asked=self.header.asked)
        self._kept: dict[RecordId, RecordState] = {}
        self._judged: set[str] = set()
        self._spent = 0.0
        self._records = self._journal(RECORDS, self._note_record)
        self._judgements = self._journal(JUDGEMENTS, self._note_verdict)
        self._known: dict[tuple[RecordId, int], dict[int, Call]] = {}
        self._calls = self._journal(CALLS, self._note_call)
        self._check_room()
        if found != self.header:
            text = json.dumps(header_object(self.header), ensure_ascii=False, indent=1)
            replace_file(self.path / HEADER, (text + "\n").encode("utf-8", "backslashreplace"))
        self._records.open()

    def _journal(self, name: str, note: Callable[[Mapping[str, object]], object]) -> Journal:
        """The file of that name, ready to be added to, after all that is in it was noted."""
        file, end = self.path / name, 0
        for line in lines(file):
            checked(file, line, note)
            end = line.end
        journal = Journal(file, end)
        self._held.callback(journal.close)
        return journal

    def _note_record(self, row: Mapping[str, object]) -> None:
        place, failed, cost = _noted(row)
        self._count(place, failed=failed)
        self._spent += cost

    def _note_verdict(self, row: Mapping[str, object]) -> None:
        verdict = verdict_of(row)
        self._judged.add(verdict.key)
        self._spent += verdict.usage.cost_usd or 0.0

    def _note_call(self, row: Mapping[str, object]) -> None:
        call = call_of(row)
        if self._is_open((call.key, call.repeat), call.attempt):
            self._spent += call.cost_usd or 0.0
        self._known.setdefault(((call.key, call.repeat), call.attempt), {})[call.number] = call

    def _count(self, place: RecordId, *, failed: bool) -> None:
        before = self._kept.get(place)
        self._kept[place] = RecordState(before.records + 1 if before else 1, failed)

    def _check_empty(self) -> None:
        """A folder of something else is not written to."""
        own = (LOCK, OWNER, f".{HEADER}")
        if others := sorted(one.name for one in self.path.iterdir() if not one.name.startswith(own)):
            raise UsageError(
                f"{self.path} is no run folder, and not empty: {', '.join(others[:3])}",
                "name a folder that is new or empty: --out",
            )

    def _check_room(self) -> None:
        missing = sum(place not in self._kept for place in self.places())
        needed, free = missing * EACH, shutil.disk_usage(self.path).free
        if free < needed:
            raise StorageError(
                f"{self.path} has room for {free / 1e6:,.1f} MB, and {missing:,} records may take"
                f" {needed / 1e6:,.1f} MB",
                "make room or name a folder on another disk: --out",
            )

    def places(self) -> tuple[RecordId, ...]:
        """Key and repeat of all that the run is of, every question once before any a second time."""
        return places(self.header.asked)

    def kept(self, key: str, repeat: int) -> RecordState | None:
        """What there is of a question already."""
        return self._kept.get((key, repeat))

    @property
    def spent(self) -> float:
        """What records, verdicts and calls for more had cost when the folder was opened, as far as is known.

        In US dollars.
        """
        return self._spent

    def add(self, record: Record) -> None:
        """Keep a record; a kill cannot take it away, a loss of power within half a second can.

        Raises StorageError.
        """
        self._records.add(record_object(record), durable=False)
        self._count((record.key, record.repeat), failed=record.failure is not None)

    def calls(self, key: str, repeat: int, attempt: int) -> Mapping[int, Call]:
        """The finished model calls of a question whose attempt was cut short, by their numbers."""
        return self._known.get(((key, repeat), attempt), {})

    def add_call(self, call: Call) -> None:
        """Keep a finished model call for good. Raises StorageError."""
        self._calls.add(call_object(call), durable=True)
        self._known.setdefault(((call.key, call.repeat), call.attempt), {})[call.number] = call

    def add_verdict(self, verdict: Verdict) -> None:
        """Keep a verdict for good. Raises StorageError."""
        self._judgements.add(verdict_object(verdict), durable=True)
        self._judged.add(verdict.key)

    def write_scores(self, scores: Mapping[str, object]) -> None:
        """Put `scores.json` in the place of the one that may be there. Raises StorageError."""
        text = json.dumps(scores, ensure_ascii=False, indent=1, allow_nan=False)
        replace_file(self.path / SCORES, (text + "\n").encode("utf-8", "backslashreplace"))

    def close(self) -> None:
        """Put everything on the disk and let others write; calls of finished questions are forgotten."""
        with self._held:
            self._records.close()  # before the calls it was made of are forgotten
            self._calls.close()
            if not any(self._is_open(*known) for known in self._known):
                with suppress(OSError):  # it does no harm
                    (self.path / CALLS).unlink(missing_ok=True)

    def _is_open(self, place: RecordId, attempt: int) -> bool:
        """Whether a call was made for a record, or a verdict, that is not there yet."""
        kept = self._kept.get(place)
        return (kept is None or kept.records <= attempt) and place[0] not in self._judged

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def places(asked: QuestionSelection) -> tuple[RecordId, ...]:
    """Key and repeat of all that a run is of, every question once before any a second time."""
    return tuple((key, repeat) for repeat in range(1, asked.repeat + 1) for key in asked.keys)


def checked(path: Path, line: JournalLine, make: Callable[[Mapping[str, object]], T]) -> T:
    """What `make` makes of a line; the StorageError or TooNew that it raises names file and line."""
    try:
        return make(line.row)
    except TooNew as exc:
        raise TooNew(f"{path}:{line.number}: {exc.cause}", exc.hint) from None
    except ValueError as exc:
        raise damaged(path, line.number, str(exc)) from exc


def _noted(row: Mapping[str, object]) -> tuple[RecordId, bool, float]:
    """Of which question a record is, whether it failed, and what it cost.

    Raises ValueError if it is no record; all of it is only looked at by whoever scores it.
    """
    check_schema(row, RECORD)
    key, repeat, answer = row.get("key"), row.get("repeat"), row.get("answer")
    if not isinstance(key, str) or not isinstance(repeat, int):
        raise ValueError("it has no key")
    usage = answer.get("usage") if isinstance(answer, dict) else None
    cost = usage.get("cost_usd") if isinstance(usage, dict) else None
    known = (cost if row.get("spent") is None else row["spent"]) or 0.0
    return (key, repeat), answer is None, float(known) if isinstance(known, int | float) else 0.0
