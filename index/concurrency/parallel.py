"""A thread pool over many items: results as they finish, or in order; ends at the first error or ^C.

Daemon threads, not a pool of the standard library: that one is waited for when the program ends, and an
interrupted program should end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, Self, TypeVar

from index.concurrency.deadline import POLL_SECONDS, Deadline
from index.concurrency.interrupts import interrupts
from index.concurrency.scheduler import FixedWidth, Job, Scheduler, Width

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Later:
    """What work gives for an item that is to be worked on again, so many seconds from now or later."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Crowded:
    """What work gives for an item that wants fewer beside it; `error` ends all if there were none already."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class _Value(Generic[R]):
    value: R


class WorkerPool(Generic[T, R]):
    """Threads that `work` on items, as many at once as `width` allows.

    In its `with` block, iterate over it for what comes of the items, as they get done. After the first error,
    `stop` or ^C no further item is begun: those that are being worked on still come, then the error or
    KeyboardInterrupt is raised. `on_stop` is told how many those are. A second ^C leaves at once.
    """

    def __init__(
        self,
        items: Sequence[T],
        work: Callable[[Job[T]], R | Later | Crowded],
        width: Width,
        *,
        on_stop: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._work = work
        self._on_stop = on_stop
        self._scheduler = Scheduler(items, width)
        self._workers = min(width.most, len(items))
        self._done: SimpleQueue[_Value[R] | None] = SimpleQueue()  # None: a thread has ended
        self._held = ExitStack()

    @property
    def in_flight(self) -> int:
        """How many items are being worked on."""
        return self._scheduler.in_flight

    def post(self, value: R) -> None:
        """Let `value` come out too, as if it were what came of an item. For any thread."""
        self._done.put(_Value(value))

    def stop(self, error: BaseException) -> None:
        """Begin no further item; `error` is raised when those being worked on have come. For any thread."""
        self._scheduler.stop(error)

    def __enter__(self) -> Self:
        self._pressed = self._held.enter_context(interrupts())
        return self

    def __exit__(self, *_: object) -> None:
        self._scheduler.stop()
        self._held.close()

    def __iter__(self) -> Iterator[R]:
        for number in range(self._workers):
            threading.Thread(target=self._run, name=f"qa-worker-{number}", daemon=True).start()
        running, announced = self._workers, False
        while running:
            if self._pressed:
                self._scheduler.stop()
            if self._scheduler.stopped and not announced:
                announced = True
                self._on_stop(self._scheduler.in_flight)
            try:  # never for long: ^C only makes a note, which wakes nobody
                done = self._done.get(timeout=POLL_SECONDS)
            except Empty:
                continue
            if done is None:
                running -= 1
            else:
                yield done.value
        if self._pressed:
            raise KeyboardInterrupt
        if self._scheduler.error is not None:
            raise self._scheduler.error

    def _run(self) -> None:
        try:
            while (job := self._scheduler.take()) is not None:
                self._do(job)
        finally:
            self._done.put(None)

    def _do(self, job: Job[T]) -> None:
        try:
            result = self._work(job)
        except BaseException as error:  # noqa: BLE001  # not handled here: raised again by `__iter__`
            self._scheduler.fail(error)
            return
        if isinstance(result, Later):
            self._scheduler.put_off(job, result.seconds)
        elif isinstance(result, Crowded):
            self._scheduler.make_room(job, result.error)
        else:
            self._scheduler.finish()
            self._done.put(_Value(result))


def each(items: Sequence[T], work: Callable[[T, Deadline], R], *, width: int, seconds: float) -> list[R]:
    """`work` on each of `items`, `width` at a time, each with `seconds` of its own; results in their order.

    Raises what the first failing one raised. Then, and when the caller is interrupted, no further item is
    begun and the deadlines of those being worked on are cancelled.
    """
    if min(width, len(items)) <= 1:
        return [work(item, Deadline(seconds)) for item in items]
    deadlines = _Deadlines(seconds)

    def timed(job: Job[tuple[int, T]]) -> tuple[int, R]:
        at, item = job.item
        with deadlines.begin() as deadline:
            return at, work(item, deadline)

    try:
        with WorkerPool(
            tuple(enumerate(items)), timed, FixedWidth(width), on_stop=lambda _: deadlines.cancel()
        ) as pool:
            results = dict(pool)
    finally:
        deadlines.cancel()  # a second ^C
    return [results[at] for at in range(len(items))]


class _Deadlines:
    """The deadlines of what is being worked on, so many seconds each, to be cancelled together."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._running: set[Deadline] = set()
        self._cancelled = False

    @contextmanager
    def begin(self) -> Iterator[Deadline]:
        """A deadline for what is done in the block; one that has passed if all were cancelled already."""
        deadline = Deadline(self._seconds)
        with self._lock:
            if self._cancelled:
                deadline.shorten(0)
            self._running.add(deadline)
        try:
            yield deadline
        finally:
            with self._lock:
                self._running.discard(deadline)

    def cancel(self) -> None:
        """Nobody waits any longer."""
        with self._lock:
            self._cancelled = True
            for deadline in self._running:
                deadline.shorten(0)
