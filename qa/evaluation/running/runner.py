"""Runs a question set: asks every question, saves each record as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import QaError
from qa.errors import CostLimit
from qa.evaluation.running.attempt import AskOne, AskOptions, Attempt, IndexGuard, Recorded
from qa.evaluation.running.batch import AT_ONCE, Again, Attempted, GiveUp, run_batch
from qa.evaluation.running.events import OnEvent, RecordFinished, Started
from qa.evaluation.running.replay import call_made, calls_lost
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.running.without_model import FATAL, asking_without_model
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.types import Question, Record, RecordId
from qa.models.base import LLM, Completion
from qa.models.metering import known_price

if TYPE_CHECKING:
    from qa.answering.shared_reader import SharedIndexReader

_GIVE_UP = GiveUp(
    "questions in a row got no answer", "when that is mended, ask again what failed", ("retry_errors",)
)


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended: of `total` records, `done` are there, `failed` of them without an answer.

    `stopped` is the limit that it stopped at, if there are more to ask.
    """

    total: int
    done: int
    failed: int
    stopped: CostLimit | None = None


def run_questions(
    questions: Sequence[Question],
    to_ask: Sequence[RecordId],
    *,
    folder: RunFolder,
    reader: SharedIndexReader,
    options: AskOptions,
    throttle: Throttle | None = None,
    on_event: OnEvent = lambda _: None,
) -> RunOutcome:
    """Make the records `to_ask`, and keep each in `folder` as it finishes.

    `questions` are those that the folder's header names, in its order. A question that fails has its failure
    for a record; one for which the server is too busy or too slow is first asked again later, a few times.
    `throttle` says how many are asked at once; without it, `AT_ONCE` of a model, one without a model. More
    than one of those are asked in processes of their own.

    Raises what `run_batch` does but for CostLimit; ModelUnavailable, UnusableIndex and StorageError end it.
    Whatever it raises, what is finished is kept, and the same call goes on from there.
    """
    if options.model is not None and options.model.budget is not None:
        known_price(options.model.llm)
        options.model.budget.settle(0.0, folder.spent)
    guard = IndexGuard(folder.header.index)
    reader.read(guard.check)
    by_key = dict(zip(folder.header.asked.keys, questions, strict=True))
    total = len(folder.header.asked.record_ids)
    on_event(Started(total, total - len(to_ask)))
    width = throttle or Throttle(AT_ONCE if options.model else 1)
    with _asking(folder, reader, guard, options, width.most) as ask_one:

        def ask(record_id: RecordId, again: Again) -> Attempted:
            made = ask_one(by_key[record_id[0]], record_id, again)
            # Its calls are on the disk already: were the record lost, it would be made of them again.
            folder.add(made.record)
            return Attempted(
                RecordFinished(made.record), made.error if made.record.failure else None, made.seconds
            )

        try:
            run_batch(to_ask, ask, width, give_up=_GIVE_UP, on_event=on_event)
        except CostLimit as error:
            return _outcome(folder, error)
    return _outcome(folder)


def _asking(
    folder: RunFolder, reader: SharedIndexReader, guard: IndexGuard, options: AskOptions, at_once: int
) -> AbstractContextManager[AskOne]:
    """What asks one question of a run."""
    if options.model is None:
        return asking_without_model(reader, guard, options, at_once)
    return nullcontext(_Asking(folder, reader, guard, options, options.model.llm, {}).record)


def _outcome(folder: RunFolder, limit: CostLimit | None = None) -> RunOutcome:
    """How the run ended, at a `limit` of what may be spent if there is one."""
    records = folder.run().records
    total = len(folder.header.asked.record_ids)
    if limit is not None:
        why = f"stopped at the cost limit with {len(records):,} of {total:,} done: {limit.cause}"
        limit = CostLimit(why, "raise it, and run the same command to go on", option="max_cost")
    return RunOutcome(total, len(records), sum(record.failure is not None for record in records), limit)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What all questions of a run with a model are asked with."""

    folder: RunFolder
    reader: SharedIndexReader
    guard: IndexGuard
    options: AskOptions
    llm: LLM
    lost: dict[RecordId, float]  # what calls that timed out may have cost

    def record(self, question: Question, record_id: RecordId, again: Again) -> Recorded:
        """What came of a question. Raises what ends the run, CostLimit, and the errors `again`."""
        earlier = self.folder.state.attempts[record_id]

        def keep(number: int, done: Completion) -> None:
            self.folder.add_call(call_made(record_id, earlier, number, done, self.llm))

        known = self.folder.calls(*record_id, earlier)
        attempt = Attempt(question, record_id, known, keep, again=again, lost=self.lost.get(record_id, 0.0))
        record: Record | None = None
        error: QaError | None
        try:
            record = attempt.record(self.reader, self.guard, self.options)
            error = attempt.last_error
        except QaError as exc:
            error = exc
        if isinstance(error, again) and (lost := attempt.lost):
            self.lost[record_id] = self.lost.get(record_id, 0.0) + lost
            self.folder.add_call(calls_lost(record_id, lost, self.llm, earlier))
        ends: tuple[type[QaError], ...] = (*FATAL, CostLimit, *again)
        if isinstance(error, ends):
            raise error
        if record is None:
            assert error is not None
            record = attempt.failure(error)
        return Recorded(record, error, attempt.slowest)
