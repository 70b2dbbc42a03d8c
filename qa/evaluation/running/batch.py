"""Asks a model many questions concurrently: throttled, retried, ended after repeated failures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from index.concurrency.parallel import Crowded, Later, WorkerPool
from index.concurrency.scheduler import Job
from index.errors import ModelError, QaError, ServerBusy
from qa.errors import CostLimit, TooManyFailures
from qa.evaluation.running.events import Event, OnEvent, Stopping, Waiting
from qa.evaluation.running.throttle import Throttle

AT_ONCE = 8  # questions with a model at the same time
TRIES = 4  # of a question for which the server is too busy
PAUSE = 1.0  # seconds before a second try; twice as long before each further one
MOST_FAILURES = 10  # in a row, before the run gives up

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GiveUp:
    """How it is said that `MOST_FAILURES` in a row failed: "questions in a row got no answer", and a hint.

    `options` are those to change, see `QaError`.
    """

    what: str
    hint: str
    options: tuple[str, ...] = ()


def run_batch(
    items: Sequence[T],
    ask: Callable[[T, bool], tuple[Event, QaError | None]],
    throttle: Throttle,
    *,
    give_up: GiveUp,
    on_event: OnEvent,
) -> None:
    """Ask about every item, as many at once as `throttle` allows, and tell of each as it is done.

    `ask` is given an item and whether this is its last try. It gives what is to be told, and the error that
    the item failed with, if it did. If it raises ServerBusy, the item is asked about again later, and the
    throttle slows all others down; with CostLimit, again with fewer beside it. Anything else ends the batch,
    and so does CostLimit of an item that is alone, and TooManyFailures after `MOST_FAILURES` of the model in
    a row: what is being asked is waited for, and the error raised. ^C does the same with KeyboardInterrupt; a
    second ^C leaves at once. `on_event` is called in this thread.
    """
    streak = _Streak(give_up)

    def work(job: Job[T]) -> Event | Later | Crowded:
        try:
            event, failure = ask(job.item, job.tries + 1 >= TRIES)
        except CostLimit as error:
            return Crowded(error)
        except ServerBusy as error:
            pause = PAUSE * 2**job.tries if error.retry_after is None else error.retry_after
            throttle.waiting(error, pause)
            return Later(pause)
        if failure is None:
            throttle.answered()
        if (too_many := streak.note(failure)) is not None:
            pool.stop(too_many)
        return event

    pool: WorkerPool[T, Event] = WorkerPool(
        items, work, throttle, on_stop=lambda in_flight: on_event(Stopping(in_flight))
    )
    with pool:
        throttle.listen(lambda seconds, why: pool.post(Waiting(seconds, why)))
        for event in pool:
            on_event(event)


class _Streak:
    """Failures of the model in a row; errors that are not the model's neither count nor end one."""

    def __init__(self, give_up: GiveUp) -> None:
        self._give_up = give_up
        self._failures = 0
        self._lock = threading.Lock()

    def note(self, error: QaError | None) -> TooManyFailures | None:
        """Count an item that failed with `error`, or did not; TooManyFailures if that makes too many."""
        with self._lock:
            if error is None:
                self._failures = 0
            elif isinstance(error, ModelError):
                self._failures += 1
                if self._failures == MOST_FAILURES:
                    why = f"{MOST_FAILURES} {self._give_up.what}, the last one because: {error.cause}"
                    return TooManyFailures(why, self._give_up.hint, option=self._give_up.options)
        return None
