"""Several calls at a time, in order, with an end to all of them as soon as one fails. Knows threads only.

Daemon threads, not a pool of the standard library: that one is waited for at the program's end, and an
interrupted program should end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar, cast

from index.concurrency.deadline import POLL_SECONDS, Deadline
from index.concurrency.interrupts import interrupts

Job = TypeVar("Job")
Result = TypeVar("Result")


def each(
    jobs: Sequence[Job], work: Callable[[Job, Deadline], Result], *, width: int, seconds: float
) -> list[Result]:
    """`work` on each of `jobs`, `width` at a time, each with `seconds` of its own; results in their order.

    Raises what the first failing one raised. Then, and when the caller is interrupted, no further job is
    begun and the deadlines of those under way are cancelled.
    """
    if min(width, len(jobs)) <= 1:
        return [work(job, Deadline(seconds)) for job in jobs]
    crew = _Crew(jobs, work, seconds)
    threads = [threading.Thread(target=crew.run, daemon=True) for _ in range(min(width, len(jobs)))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(POLL_SECONDS)
    finally:
        crew.stop()
    if crew.error is not None:
        raise crew.error
    return [crew.results[at] for at in range(len(jobs))]


class _Crew(Generic[Job, Result]):
    """What the threads share."""

    def __init__(self, jobs: Sequence[Job], work: Callable[[Job, Deadline], Result], seconds: float) -> None:
        self._jobs: Iterator[tuple[int, Job]] = iter(enumerate(jobs))
        self._work = work
        self._seconds = seconds
        self._lock = threading.Lock()
        self._deadlines: set[Deadline] = set()
        self._stopped = False
        self.results: dict[int, Result] = {}
        self.error: BaseException | None = None

    def run(self) -> None:
        """Take jobs until there is none, or somebody stops."""
        while (taken := self._next()) is not None:
            (at, job), deadline = taken
            try:
                result = self._work(job, deadline)
            except BaseException as error:  # noqa: BLE001  # raised again by `each`
                with self._lock:
                    self.error = self.error or error
                self.stop()
                return
            with self._lock:
                self.results[at] = result
                self._deadlines.discard(deadline)

    def stop(self) -> None:
        """Begin nothing more, and wait for nothing that is under way."""
        with self._lock:
            self._stopped = True
            for deadline in self._deadlines:
                deadline.shorten(0)

    def _next(self) -> tuple[tuple[int, Job], Deadline] | None:
        with self._lock:
            taken = None if self._stopped else next(self._jobs, None)
            if taken is None:
                return None
            deadline = Deadline(self._seconds)
            self._deadlines.add(deadline)
            return taken, deadline


T = TypeVar("T")
R = TypeVar("R")
OnStop = Callable[[int], None]


def concurrently(
    work: Callable[[T], R],
    items: Sequence[T],
    at_once: int,
    *,
    on_stop: OnStop = lambda _: None,
) -> Generator[R, None, None]:
    """What `work` gives for each item, in the order in which it comes, `at_once` at a time.

    After the first error, or ^C, nothing new begins; what is under way is given, then it is raised. `on_stop`
    is told how many those are. A second ^C leaves at once. To be closed by whoever leaves it before its end.
    """
    left = iter(items)
    ended: SimpleQueue[tuple[R, None] | tuple[None, BaseException]] = SimpleQueue()
    stopped: BaseException | None = None
    running = 0

    def run(item: T) -> None:
        try:
            ended.put((work(item), None))
        except BaseException as error:  # noqa: BLE001  # not handled here: raised again below
            ended.put((None, error))

    with interrupts() as pressed:
        while True:
            if pressed and stopped is None:
                stopped = KeyboardInterrupt()
                on_stop(running)
            for item in islice(left, at_once - running) if stopped is None else ():
                # A daemon: whoever leaves at once does not wait for a server.
                threading.Thread(target=run, args=(item,), name="qa-judge", daemon=True).start()
                running += 1
            if not running:
                break
            with suppress(Empty):
                result, error = ended.get(timeout=POLL_SECONDS)
                running -= 1
                if error is not None:
                    stopped = stopped or error
                else:
                    yield cast("R", result)
    if stopped is not None:
        raise stopped
