"""The queue of a thread pool: how many items at once, which come again later, when it stops."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Width(Protocol):
    """How many items may be worked on at once; it may change at any time, and be asked by any thread."""

    @property
    def limit(self) -> int:
        """So many now, at least one."""

    @property
    def most(self) -> int:
        """So many at any time, at least one."""

    def delay(self) -> float:
        """Seconds until the next one may begin."""

    def narrow(self, most: int) -> None:
        """From now on at most so many, at least one."""


class FixedWidth:
    """A `Width` that nothing changes but `narrow`."""

    def __init__(self, limit: int) -> None:
        self.limit = self.most = max(1, limit)

    def delay(self) -> float:
        """As `Width.delay`: none."""
        return 0.0

    def narrow(self, most: int) -> None:
        """As `Width.narrow`."""
        self.limit = self.most = max(1, min(self.limit, most))


@dataclass(slots=True, eq=False)
class Job(Generic[T]):
    """An item, and how often it was put off; while it is worked on, whether no other is beside it."""

    item: T
    tries: int = 0
    not_before: float = 0.0
    alone: bool = False


class Scheduler(Generic[T]):
    """Hands out items, at most as many at once as `width` allows. Threads share one.

    `error` is what ended it before its end, if it was an error; `in_flight` counts items being worked on.
    """

    def __init__(self, items: Iterable[T], width: Width) -> None:
        self._fresh = deque(Job(item) for item in items)
        self._again: list[Job[T]] = []
        self._width = width
        self._changed = threading.Condition()
        self.in_flight = 0
        self.stopped = False
        self.error: BaseException | None = None

    def take(self) -> Job[T] | None:
        """The next item, waited for; None if there is none any more."""
        with self._changed:
            while not self.stopped and (self._fresh or self._again or self.in_flight):
                delay = self._delay()
                if delay is not None and delay <= 0:
                    job = self._next()
                    self.in_flight += 1
                    job.alone = self.in_flight == self._width.limit == 1
                    return job
                self._changed.wait(delay)
            return None

    def finish(self) -> None:
        """An item is done."""
        with self._changed:
            self.in_flight -= 1
            self._changed.notify_all()

    def put_off(self, job: Job[T], seconds: float) -> None:
        """An item is to be worked on again, so many seconds from now or later."""
        with self._changed:
            self.in_flight -= 1
            job.tries += 1
            job.not_before = time.monotonic() + seconds
            self._again.append(job)
            self._changed.notify_all()

    def make_room(self, job: Job[T], error: BaseException) -> None:
        """An item failed for want of something that the others take up: it comes again, with fewer beside it.

        If it had all for itself already, nothing more is handed out, because of `error`.
        """
        with self._changed:
            self.in_flight -= 1
            if job.alone:
                self._stop(error)
            else:
                self._width.narrow(self.in_flight)
                self._fresh.appendleft(job)
            self._changed.notify_all()

    def fail(self, error: BaseException) -> None:
        """An item failed with what ends the work on all others: nothing more is handed out."""
        with self._changed:
            self.in_flight -= 1
            self._stop(error)
            self._changed.notify_all()

    def stop(self, error: BaseException | None = None) -> None:
        """Nothing more is handed out, because of `error` if there is one; the first one counts."""
        with self._changed:
            self._stop(error)
            self._changed.notify_all()

    def _stop(self, error: BaseException | None) -> None:
        self.stopped = True
        self.error = self.error or error

    def _delay(self) -> float | None:
        """Seconds until the next item may be handed out; None if only another one's end can change it."""
        if self.in_flight >= self._width.limit or not (self._fresh or self._again):
            return None
        own = 0.0 if self._fresh else min(job.not_before for job in self._again) - time.monotonic()
        return max(own, self._width.delay())

    def _next(self) -> Job[T]:
        now = time.monotonic()
        for job in self._again:
            if job.not_before <= now:
                self._again.remove(job)
                return job
        return self._fresh.popleft()
