"""Several calls at a time, in order, with an end to all of them as soon as one fails. Knows threads only.

Daemon threads, not a pool of the standard library: that one is waited for at the program's end, and an
interrupted program should end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from index.retry import GLANCE, Deadline

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
                thread.join(GLANCE)
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
