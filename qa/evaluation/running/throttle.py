"""Adaptive concurrency limit: lowered when the server is busy, raised as it answers again.

Additive increase, multiplicative decrease, as TCP does it: half as many when the server says that it is full,
one more after as many answers as may be under way. Nobody begins while the server wants to be left alone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from index.errors import ModelError, ServerBusy

FULL_STATUSES = (429, 503, 529)  # what servers say when they have too much to do
STORM_SECONDS = 1.0  # refusals within it come of one overload, and halve the limit once

OnPause = Callable[[float, str], None]


class Throttle:
    """At most `most` questions at once, at least one: the `Width` of a worker pool. Threads may share one.

    `clock` gives seconds. Hand `waiting` to `qa.answering.factory.configured_model` as its `on_wait`.
    """

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = max(1, most)
        self._limit = float(self._most)
        self._clock = clock
        self._until = self._storm_until = clock()
        self._on_pause: OnPause | None = None
        self._lock = threading.Lock()

    @property
    def limit(self) -> int:
        """How many may be with the model now."""
        return int(self._limit)

    def listen(self, on_pause: OnPause) -> None:
        """Have `on_pause` called with the seconds of each pause, and why; in the thread that met it."""
        self._on_pause = on_pause

    def delay(self) -> float:
        """Seconds until the next question may begin, however few are with the model."""
        with self._lock:
            return max(0.0, self._until - self._clock())

    def waiting(self, error: ModelError, seconds: float) -> None:
        """Note that a call is made again after so many seconds, because of `error`.

        If the server is full, or has said itself how long to wait, no other question begins before that.
        """
        # A model of LlamaIndex may be busy without saying how.
        full = error.status in FULL_STATUSES or (error.status is None and isinstance(error, ServerBusy))
        with self._lock:
            now = self._clock()
            if full and now >= self._storm_until:
                self._limit = max(1.0, self._limit / 2)
                self._storm_until = now + max(seconds, STORM_SECONDS)
            if full or error.retry_after is not None:
                self._until = max(self._until, now + seconds)
        if self._on_pause is not None:
            self._on_pause(seconds, error.cause)

    def answered(self) -> None:
        """Note that a question was answered: a little more may be with the model."""
        with self._lock:
            self._limit = min(self._most, self._limit + 1 / self._limit)

    def narrow(self, most: int) -> None:
        """From now on at most so many, whatever is answered."""
        with self._lock:
            self._most = max(1, min(self._most, most))
            self._limit = min(self._limit, self._most)
