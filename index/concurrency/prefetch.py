"""A generator run ahead in a thread, with a bounded queue: overlaps the stages of a pipeline."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Prefetch(Generic[T]):
    """The values of a generator, in order, computed before they are asked for.

    At most `limit` of weight waits to be taken (one value more, however heavy, so that it never stands
    still); then the thread waits. What the generator raises is raised by `next`. The generator runs, and is
    closed, in the thread.
    """

    def __init__(
        self, source: Generator[T], *, limit: int, weight: Callable[[T], int] = lambda _value: 1
    ) -> None:
        """Start at once."""
        self._source = source
        self._limit = limit
        self._weight = weight
        self._waiting: deque[tuple[T, int]] = deque()
        self._load = 0
        self._ended = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="qa-ahead", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        with self._changed:
            while not self._waiting and not self._ended:
                self._changed.wait()
            if self._waiting:
                value, weight = self._waiting.popleft()
                self._load -= weight
                self._changed.notify_all()
                return value
            error, self._error = self._error, None
        if error is not None:
            raise error
        raise StopIteration

    def stop(self) -> None:
        """Let no more through: whoever takes from here meets the end, the thread ends after its value."""
        with self._changed:
            self._ended = True
            self._waiting.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Stop, and wait for the thread."""
        self.stop()
        self._thread.join()

    def _work(self) -> None:
        error: BaseException | None = None
        try:
            for value in self._source:
                if not self._put(value):
                    break
            self._source.close()
        except BaseException as raised:  # noqa: BLE001 - the thread's door: raised again in `__next__`
            error = raised
        with self._changed:
            self._error = None if self._ended else error
            self._ended = True
            self._changed.notify_all()

    def _put(self, value: T) -> bool:
        """Queue the value when there is room; False if nobody wants it any more."""
        weight = self._weight(value)
        with self._changed:
            while self._waiting and self._load + weight > self._limit and not self._ended:
                self._changed.wait()
            if self._ended:
                return False
            self._waiting.append((value, weight))
            self._load += weight
            self._changed.notify_all()
        return True
