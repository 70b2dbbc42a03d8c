"""Which question is asked next, and when: first those whose turn has come again, then the others in order.

Knows how many may be asked at once, which is `runs/pace.py`'s to say, and what an error means for
the question and for the run. Threads take their questions here; none is started.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from index.errors import ModelError, QaError
from qa.errors import TooManyFailures
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.types import Question

PAUSE = 1.0  # seconds before a second try; twice as long before each further one
MOST_FAILURES = 10  # questions in a row that a model fails, before the run gives up


@dataclass(slots=True)
class Job:
    """A question to be asked, under its key and repeat.

    `tries` were made, and the next may be from the second `after` on. `alone` says whether it is being asked
    with no other beside it.
    """

    question: Question
    place: tuple[str, int]
    tries: int = 0
    after: float = 0.0
    alone: bool = False


class Scheduler:
    """The questions of a run. Threads share one.

    `reason` is what ended the run before its end, if it was an error.
    """

    def __init__(self, jobs: Iterable[Job], pace: Throttle) -> None:
        self._fresh = deque(jobs)
        self._again: list[Job] = []
        self._pace = pace
        self._failures = 0
        self._changed = threading.Condition()
        self.in_flight = 0
        self.stopped = False
        self.reason: BaseException | None = None

    def take(self) -> Job | None:
        """The next question, waited for; None if there is none any more."""
        with self._changed:
            while not self.stopped and (self._fresh or self._again or self.in_flight):
                delay = self._delay()
                if delay is not None and delay <= 0:
                    job = self._next()
                    self.in_flight += 1
                    job.alone = self.in_flight == self._pace.limit == 1
                    return job
                self._changed.wait(delay)
            return None

    def settle(self, job: Job, error: QaError | None, *, kept: bool) -> None:
        """A question was asked. If nothing of it is `kept`, it has to be asked again because of `error`."""
        with self._changed:
            self.in_flight -= 1
            if kept:
                self._count(error)
            elif isinstance(error, ModelError):
                self._later(job, error)
            elif job.alone:
                self._stop(error)
            else:  # no money; but the others have put aside more than they will cost
                self._pace.narrow(self.in_flight)
                self._fresh.appendleft(job)
            self._changed.notify_all()

    def stop(self, reason: BaseException | None = None) -> None:
        """No further question is given out."""
        with self._changed:
            self._stop(reason)
            self._changed.notify_all()

    def _stop(self, reason: BaseException | None) -> None:
        self.stopped = True
        self.reason = self.reason or reason

    def _later(self, job: Job, error: ModelError) -> None:
        pause = PAUSE * 2**job.tries if error.retry_after is None else error.retry_after
        self._pace.waiting(error, pause)
        job.after = time.monotonic() + pause
        job.tries += 1
        self._again.append(job)

    def _count(self, error: QaError | None) -> None:
        """Note how many questions in a row failed by the model's fault; others say nothing about it."""
        if error is None:
            self._failures = 0
            self._pace.answered()
        elif isinstance(error, ModelError):
            self._failures += 1
            if self._failures == MOST_FAILURES:
                why = f"{MOST_FAILURES} questions in a row got no answer, the last one because: {error.cause}"
                hint = "when that is mended, run the same command with --retry-errors"
                self._stop(TooManyFailures(why, hint))

    def _delay(self) -> float | None:
        """Seconds until the next question may be given out; None if only another one's end can change it."""
        if self.in_flight >= self._pace.limit or not (self._fresh or self._again):
            return None
        own = 0.0 if self._fresh else min(job.after for job in self._again) - time.monotonic()
        return max(own, self._pace.delay())

    def _next(self) -> Job:
        now = time.monotonic()
        for job in self._again:
            if job.after <= now:
                self._again.remove(job)
                return job
        return self._fresh.popleft()
