"""How many questions may be with the model at once: fewer when it says it is busy, more as it answers again.

Additive increase, multiplicative decrease, as TCP does it: half as many when the server says that it is full,
one more after as many answers as there are places. Nobody begins while the server wants to be left alone.
Knows errors and a clock; starts nothing and waits for nothing itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from index.errors import ModelError, ServerBusy

FULL = (429, 503, 529)  # what servers say when they have too much to do
CALM = 1.0  # seconds in which refusals are of one storm, and halve once

Tell = Callable[[float, str], None]


class Throttle:
    """At most `most` at once, and never less than one. Threads may share one.

    `clock` gives seconds. Hand `waiting` to `qa.answering.factory.writer_for` as its `on_wait`.
    """

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = max(1, most)
        self._limit = float(self._most)
        self._clock = clock
        self._until = self._calm = clock()
        self._tell: Tell | None = None
        self._lock = threading.Lock()

    @property
    def limit(self) -> int:
        """How many may be with the model now."""
        return int(self._limit)

    def listen(self, tell: Tell) -> None:
        """Have `tell` called with each pause, in seconds, and why it is made; in the thread that met it."""
        self._tell = tell

    def delay(self) -> float:
        """Seconds until the next question may begin, if there is a place for it."""
        with self._lock:
            return max(0.0, self._until - self._clock())

    def waiting(self, error: ModelError, seconds: float) -> None:
        """A call waits so long before it is made again.

        If the server is full, or has said itself how long to wait, nobody else begins before that either.
        """
        # A model of LlamaIndex may be busy without saying how.
        full = error.status in FULL or (error.status is None and isinstance(error, ServerBusy))
        with self._lock:
            now = self._clock()
            if full and now >= self._calm:
                self._limit = max(1.0, self._limit / 2)
                self._calm = now + max(seconds, CALM)
            if full or error.retry_after is not None:
                self._until = max(self._until, now + seconds)
        if self._tell is not None:
            self._tell(seconds, error.cause)

    def answered(self) -> None:
        """A question was answered: a little more may be with the model."""
        with self._lock:
            self._limit = min(self._most, self._limit + 1 / self._limit)

    def narrow(self, most: int) -> None:
        """From now on at most so many, whatever is answered."""
        with self._lock:
            self._most = max(1, min(self._most, most))
            self._limit = min(self._limit, self._most)
