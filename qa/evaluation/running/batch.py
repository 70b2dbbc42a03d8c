"""Asks a model many questions concurrently: throttled, retried, ended after repeated failures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from index.concurrency.parallel import Crowded, Later, WorkerPool
from index.concurrency.scheduler import Job
from index.errors import ModelError, QaError, ServerBusy, TooSlow
from qa.errors import CostLimit, TooManyFailures
from qa.evaluation.running.events import Event, OnEvent, Stopping, Waiting
from qa.evaluation.running.throttle import Throttle

AT_ONCE = 8  # questions with a model at the same time
TRIES = 4  # of a question for which the server is too busy
SLOW_TRIES = 6  # of one that the server lets wait too long, among others; alone, it has few
PAUSE = 1.0  # seconds before a second try; twice as long before each further one,
SLOW_PAUSE = 0.25  # or of the time-out, in which the server may come to an end with what was given up,
LONGEST_PAUSE = 30.0  # seconds
MOST_FAILURES = 10  # in a row, before the run gives up
MOST_SILENT = 3  # of them, where the server has not answered a single one in time

T = TypeVar("T")
Again = tuple[type[ModelError], ...]  # the errors with which an item is asked about again later


@dataclass(frozen=True, slots=True)
class GiveUp:
    """How it is said that many in a row failed: "questions in a row got no answer", and a hint.

    `options` are those to change, see `QaError`.
    """

    what: str
    hint: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempted:
    """What came of an item: what is to be told, the error that it failed with, if it did.

    `seconds` are those of the longest call that was made for it.
    """

    event: Event
    error: QaError | None = None
    seconds: float = 0.0


def run_batch(
    items: Sequence[T],
    ask: Callable[[T, Again], Attempted],
    throttle: Throttle,
    *,
    give_up: GiveUp,
    on_event: OnEvent,
) -> None:
    """Ask about every item, as many at once as `throttle` allows, and tell of each as it is done.

    `ask` is given an item and the errors that it is to raise: ServerBusy or TooSlow, as long as the item has
    tries left. With these it is asked about again later, and the throttle slows all others down; with
    CostLimit, again with fewer beside it. Anything else that it raises ends the batch, and so does CostLimit
    of an item that is alone, and TooManyFailures after `MOST_FAILURES` of the model in a row: what is being
    asked is waited for, and the error raised. ^C does the same with KeyboardInterrupt; a second ^C leaves at
    once. `on_event` is called in this thread.
    """
    streak = _Streak(give_up, throttle)

    def work(job: Job[T]) -> Event | Later | Crowded:
        among, clear, began = pool.in_flight, throttle.clear, time.monotonic()
        try:
            asked = ask(job.item, _again(job, throttle, alone=among == 1, clear=clear))
        except CostLimit as error:
            return Crowded(error)
        except ServerBusy as error:
            pause = PAUSE * 2**job.tries if error.retry_after is None else error.retry_after
            throttle.waiting(error, pause)
            return Later(pause)
        except TooSlow as error:
            pause = max(PAUSE, min(SLOW_PAUSE * (throttle.timeout or 0), LONGEST_PAUSE))
            throttle.timed_out(error, time.monotonic() - began, pause)
            return Later(pause)
        if asked.error is None:
            throttle.answered(asked.seconds, among, alone=job.alone and clear)
        if (too_many := streak.note(asked.error)) is not None:
            pool.stop(too_many)
        return asked.event

    pool: WorkerPool[T, Event] = WorkerPool(
        items, work, throttle, on_stop=lambda in_flight: on_event(Stopping(in_flight))
    )
    with pool:
        throttle.listen(lambda seconds, why: pool.post(Waiting(seconds, why)))
        for event in pool:
            on_event(event)


def _again(job: Job[T], throttle: Throttle, *, alone: bool, clear: bool) -> Again:
    """With which errors the item of a job comes again.

    What is too slow when it is `alone` is too slow: unless others may come to it meanwhile, or the server is
    not `clear` of what was given up before, which it may be the next time.
    """
    tries = job.tries
    few = 1 if job.alone and clear else 3 if throttle.answers else 2
    slow = tries + 1 < (few if alone else SLOW_TRIES)
    return (*((ServerBusy,) if tries + 1 < TRIES else ()), *((TooSlow,) if slow else ()))


class _Streak:
    """Failures of the model in a row; errors that are not the model's neither count nor end one."""

    def __init__(self, give_up: GiveUp, throttle: Throttle) -> None:
        self._give_up = give_up
        self._throttle = throttle
        self._failures = 0
        self._lock = threading.Lock()

    def note(self, error: QaError | None) -> TooManyFailures | None:
        """Count an item that failed with `error`, or did not; TooManyFailures if that makes too many."""
        with self._lock:
            if error is None:
                self._failures = 0
            elif isinstance(error, ModelError):
                self._failures += 1
                slow = isinstance(error, TooSlow)
                most = MOST_SILENT if slow and not self._throttle.answers else MOST_FAILURES
                if self._failures == most:
                    why = f"{most} {self._give_up.what}, the last one because: {error.cause}"
                    options = self._give_up.options
                    if not slow:
                        return TooManyFailures(why, self._give_up.hint, option=options)
                    hint = f"ask fewer at a time, or allow more time; {self._give_up.hint}"
                    return TooManyFailures(why, hint, option=("concurrency", "timeout", *options))
        return None
