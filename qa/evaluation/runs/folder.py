"""A run folder open for writing, by one process at a time.

`run.json` says what the run was made with, `records.jsonl` what came of each question, `judgements.jsonl`
what judges found, `scores.json` the figures. `calls.jsonl` holds the model calls of questions and verdicts
that are not finished, and is gone when all are.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from index.errors import IndexLocked, StorageError, UsageError
from index.storage.atomic import replace_file
from index.storage.lock import LOCK, OWNER, writer_lock
from qa.errors import RunLocked
from qa.evaluation.runs.header import Header, differences, header_object
from qa.evaluation.runs.journal import Journal
from qa.evaluation.runs.serialization import (
    Call,
    call_object,
    call_of,
    record_object,
    record_of,
    verdict_object,
    verdict_of,
)
from qa.evaluation.runs.state import (
    HEADER,
    JUDGEMENTS,
    RECORDS,
    Run,
    RunState,
    cost_of,
    read_header,
    read_lines,
)
from qa.evaluation.types import Record, RecordId, Verdict
from qa.output.text import json_text

CALLS, SCORES = "calls.jsonl", "scores.json"
RECORD_BYTES = 16_000  # bytes that a record may take

T = TypeVar("T")


class RunFolder:
    """A run folder that is being written to, by this process alone. Threads may share one.

    `state` is what it holds: read once, when it is opened, and kept current. `spent` is what records,
    verdicts and calls for more had cost by then, in US dollars, as far as is known.
    """

    def __init__(self, path: Path, header: Header) -> None:
        """Make the folder, or go on in the one that is there.

        Raises UsageError if it was made with something else, or is no run folder; TooNew, RunLocked, and
        StorageError if it is damaged, cannot be written, or has no room for what is to be asked.
        """
        self.path = path
        self.header = header
        self.state = RunState()
        self.spent = 0.0
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
            raise RunLocked(
                f"the run in {self.path} is being written by {error.holder}",
                "wait until it is done, or choose another folder",
                option="out",
            ) from None

    def _open(self) -> None:
        before = read_header(self.path)
        if before is None:
            self._check_empty()
        elif changed := differences(before, self.header):
            raise UsageError(
                f"the run in {self.path} was made with other settings: {'; '.join(changed)}",
                "choose another folder for a new run",
                option="out",
            )
        else:
            self.header = replace(before, asked=self.header.asked)
        self._known: dict[tuple[RecordId, int], dict[int, Call]] = {}
        self._records = self._journal(RECORDS, record_of, self._note_record)
        self._judgements = self._journal(JUDGEMENTS, verdict_of, self._note_verdict)
        self._calls = self._journal(CALLS, call_of, self._note_call)
        self._check_room()
        if before != self.header:
            text = json_text(json.dumps(header_object(self.header), ensure_ascii=False, indent=1))
            replace_file(self.path / HEADER, (text + "\n").encode("utf-8", "backslashreplace"))
        self._records.open()

    def _journal(
        self, name: str, decode: Callable[[Mapping[str, object]], T], note: Callable[[T], object]
    ) -> Journal:
        """The file of that name, ready to be added to, after all that is in it was noted."""
        file = self.path / name
        journal = Journal(file, read_lines(file, decode, note))
        self._held.callback(journal.close)
        return journal

    def _note_record(self, record: Record) -> None:
        self.state.add_record(record)
        self.spent += cost_of(record)

    def _note_verdict(self, verdict: Verdict) -> None:
        self.state.add_verdict(verdict)
        self.spent += verdict.usage.cost_usd or 0.0

    def _note_call(self, call: Call) -> None:
        if self._is_open((call.key, call.repeat), call.attempt):
            self.spent += call.cost_usd or 0.0
        self._remember(call)

    def _remember(self, call: Call) -> None:
        self._known.setdefault(((call.key, call.repeat), call.attempt), {})[call.number] = call

    def _check_empty(self) -> None:
        """A folder of something else is not written to."""
        own = (LOCK, OWNER, f".{HEADER}")
        if others := sorted(entry.name for entry in self.path.iterdir() if not entry.name.startswith(own)):
            raise UsageError(
                f"{self.path} is no run folder, and not empty: {', '.join(others[:3])}",
                "name a folder that is new or empty",
                option="out",
            )

    def _check_room(self) -> None:
        missing = sum(record_id not in self.state.records for record_id in self.header.asked.record_ids)
        needed, free = missing * RECORD_BYTES, shutil.disk_usage(self.path).free
        if free < needed:
            raise StorageError(
                f"{self.path} has room for {free / 1e6:,.1f} MB, and {missing:,} records may take"
                f" {needed / 1e6:,.1f} MB",
                "make room or name a folder on another disk",
                option="out",
            )

    def run(self) -> Run:
        """The run as it stands now."""
        return self.state.run(self.header)

    def add(self, record: Record) -> None:
        """Keep a record; a kill cannot take it away, a loss of power within half a second can.

        Raises StorageError.
        """
        self._records.add(record_object(record), durable=False)
        self.state.add_record(record)

    def calls(self, key: str, repeat: int, attempt: int) -> Mapping[int, Call]:
        """The finished model calls of a question whose attempt was cut short, by their numbers."""
        return self._known.get(((key, repeat), attempt), {})

    def add_call(self, call: Call) -> None:
        """Keep a finished model call for good. Raises StorageError."""
        self._calls.add(call_object(call), durable=True)
        self._remember(call)

    def add_verdict(self, verdict: Verdict) -> None:
        """Keep a verdict for good. Raises StorageError."""
        self._judgements.add(verdict_object(verdict), durable=True)
        self.state.add_verdict(verdict)

    def write_scores(self, scores: Mapping[str, object]) -> None:
        """Put `scores.json` in the place of the one that may be there. Raises StorageError."""
        text = json_text(json.dumps(scores, ensure_ascii=False, indent=1, allow_nan=False))
        replace_file(self.path / SCORES, (text + "\n").encode("utf-8", "backslashreplace"))

    def close(self) -> None:
        """Put everything on the disk and let others write; calls of finished questions are forgotten."""
        with self._held:
            self._records.close()  # before the calls it was made of are forgotten
            self._calls.close()
            if not any(self._is_open(*known) for known in self._known):
                with suppress(OSError):  # it does no harm
                    (self.path / CALLS).unlink(missing_ok=True)

    def _is_open(self, record_id: RecordId, attempt: int) -> bool:
        """Whether a call was made for a record, or a verdict, that is not there yet."""
        return self.state.attempts[record_id] <= attempt and record_id[0] not in self.state.judged

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
