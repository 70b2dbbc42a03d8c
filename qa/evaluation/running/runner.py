"""A run: every question of a set is asked, and what comes of it kept, whatever stops it in between.

Knows threads (all of them are started in `run_questions`), what ends a run and what only fails a question.
Does not know how a question is asked, how a record is written, or how progress looks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

from index.concurrency.interrupts import POLL_SECONDS, interrupts
from index.errors import ModelUnavailable, QaError, ServerBusy, StorageError, UnusableIndex
from qa.errors import CostLimit
from qa.evaluation.running.attempt import AskOptions, Attempt, Golden, Here
from qa.evaluation.running.cost_estimate import Expected, check_price
from qa.evaluation.running.replay import call_made
from qa.evaluation.running.scheduler import Job, Scheduler
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.types import Question, Record, RecordId
from qa.models.base import Completion

if TYPE_CHECKING:
    from qa.answering.shared_reader import SharedIndexReader

AT_ONCE = 8  # questions with a model at the same time
TRIES = 4  # of a question for which the server is too busy
_FATAL = (ModelUnavailable, UnusableIndex, StorageError)


@dataclass(frozen=True, slots=True)
class Estimated:
    """What the run would cost; nothing was asked yet."""

    expected: Expected


@dataclass(frozen=True, slots=True)
class Started:
    """The run has begun: of `total` records, `done` are there already."""

    total: int
    done: int


@dataclass(frozen=True, slots=True)
class RecordFinished:
    """A question has its record, which is kept; so many others are being asked."""

    record: Record
    in_flight: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The server wants to be left alone for so many seconds."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Stopping:
    """No further question is asked; so many are being asked and waited for. ^C leaves at once."""

    in_flight: int


Event: TypeAlias = Estimated | Started | RecordFinished | Waiting | Stopping
OnEvent = Callable[[Event], None]


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
    how: AskOptions,
    pace: Throttle | None = None,
    on_event: OnEvent = lambda _: None,
) -> RunOutcome:
    """Make the records `to_ask`, and keep each in `folder` as it finishes.

    `questions` are those that the folder's header names, in its order. A question that fails has its failure
    for a record; one for which the server is too busy is first tried up to `TRIES` times. `pace` says how
    many are asked at once; without it, one, or with a model `AT_ONCE`. `on_event` is called in this thread.

    After ^C no further question is begun; those that are being asked are waited for, and then it raises
    KeyboardInterrupt; a second ^C does so at once. Raises ModelUnavailable, UnusableIndex or StorageError,
    and TooManyFailures if the model fails too many questions in a row. Whatever it raises, what is finished
    is kept, and the same call goes on from there.
    """
    if how.writer is not None and how.writer.purse is not None:
        check_price(how.writer.llm)
        how.writer.purse.settle(0.0, folder.spent)
    pace = pace or Throttle(AT_ONCE if how.writer else 1)
    golden = Golden(folder.header.index)
    reader.read(golden.check)
    by_key = dict(zip(folder.header.asked.keys, questions, strict=True))
    jobs = Scheduler((Job(by_key[record_id[0]], record_id) for record_id in to_ask), pace)
    total = len(folder.header.asked.record_ids)
    on_event(Started(total, total - len(to_ask)))
    crew = _Crew(folder, reader, golden, how, jobs)
    workers = min(pace.limit, len(to_ask))
    _drive(crew, workers, pace, on_event)
    return _outcome(folder, jobs.reason)


def _outcome(folder: RunFolder, reason: BaseException | None) -> RunOutcome:
    """How the run ended. Raises `reason` unless it is the limit of what may be spent."""
    if reason is not None and not isinstance(reason, CostLimit):
        raise reason
    records = folder.run().records
    total = len(folder.header.asked.record_ids)
    if reason is not None:
        why = f"stopped at --max-cost with {len(records):,} of {total:,} done: {reason.cause}"
        reason = CostLimit(why, "raise --max-cost, and run the same command to go on")
    return RunOutcome(total, len(records), sum(record.failure is not None for record in records), reason)


@dataclass(frozen=True, slots=True)
class _Crew:
    """What everybody who asks questions has to hand."""

    folder: RunFolder
    reader: SharedIndexReader
    golden: Golden
    how: AskOptions
    jobs: Scheduler

    def work(self, tell: Callable[[RecordFinished | None], None]) -> None:
        """Ask questions until there are no more, or something ends the run."""
        try:
            while (job := self.jobs.take()) is not None:
                record = self._done(job)
                if record is not None:
                    tell(RecordFinished(record, self.jobs.in_flight))
        except BaseException as error:  # noqa: BLE001  # not handled here: raised again in `_outcome`
            self.jobs.stop(error)
        finally:
            tell(None)

    def _done(self, job: Job) -> Record | None:
        """The record of a question, which is kept; None if it has to be asked again."""
        record, error = None, None
        try:
            record, error = self._asked(job)
        except BaseException as exc:  # before another thread can take the question
            self.jobs.stop(exc)
            raise
        finally:
            self.jobs.settle(job, error, kept=record is not None)
        return record

    def _asked(self, job: Job) -> tuple[Record | None, QaError | None]:
        """What came of a question, and the error that it failed with, or is to be asked again for."""
        earlier = self.folder.state.attempts[job.place]

        def keep(number: int, done: Completion) -> None:
            assert self.how.writer is not None
            self.folder.add_call(call_made(job.place, earlier, number, done, self.how.writer.llm))

        attempt = Attempt(job.question, job.place, self.folder.calls(*job.place, earlier), keep)
        record: Record | None = None
        error: QaError | None
        try:
            if self.how.writer is None:  # all in one thread: there is nothing to wait for meanwhile
                record = self.reader.run(lambda own: attempt.record(Here(own), self.golden, self.how))
            else:
                record = attempt.record(self.reader, self.golden, self.how)
            error = attempt.trouble
        except QaError as exc:
            error = exc
        if isinstance(error, _FATAL):
            raise error
        if isinstance(error, CostLimit) or (isinstance(error, ServerBusy) and job.tries + 1 < TRIES):
            return None, error
        if record is None:
            assert error is not None
            record = attempt.failed(error)
        # Its calls are on the disk already: were the record lost, it would be made of them again.
        self.folder.add(record)
        return record, error if record.failure else None


def _drive(crew: _Crew, workers: int, pace: Throttle, on_event: OnEvent) -> None:
    """Start the threads, tell what happens, and come back when they have ended. Raises KeyboardInterrupt."""
    events: SimpleQueue[Event | None] = SimpleQueue()
    pace.listen(lambda seconds, why: events.put(Waiting(seconds, why)))
    jobs, told = crew.jobs, False
    with interrupts() as pressed:
        try:
            for number in range(workers):
                # Daemons: whoever leaves at once does not wait for a server.
                threading.Thread(
                    target=crew.work, args=(events.put,), name=f"qa-eval-{number}", daemon=True
                ).start()
            while workers:
                if pressed:
                    jobs.stop()
                if jobs.stopped and not told:
                    told = True
                    on_event(Stopping(jobs.in_flight))
                with suppress(Empty):
                    event = events.get(timeout=POLL_SECONDS)
                    if event is None:
                        workers -= 1
                    else:
                        on_event(event)
        finally:
            jobs.stop()
        if pressed:
            raise KeyboardInterrupt
