"""Adaptive concurrency limit: lowered when the server is busy or slow, raised as it answers again.

Additive increase, multiplicative decrease, as TCP does it: half as many when the server says that it is full
or lets a question wait too long, one more after as many answers as may be under way. Nobody begins while the
server wants to be left alone.

A server that answers one request at a time (as Ollama, llama.cpp and LM Studio do, unless told otherwise)
never says that it is full: the others wait in its queue, and are too slow in the end. How long an answer
takes tells: in a queue it is the longer, the more are asked. So a careful throttle begins with one question,
whose time is that of an answer alone, and admits more while answers come well within the time-out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from index.errors import ModelError, ServerBusy, TooSlow

FULL_STATUSES = (429, 503, 529)  # what servers say when they have too much to do
STORM_SECONDS = 1.0  # refusals within it come of one overload, and halve the limit once
SLOW = 0.5  # of the time-out; an answer that takes longer has waited in a queue, if it did not alone
FITS = 0.9  # of the time-out, within which an answer has to come by all that is known
TRIALS = 3  # answers alone before a second question is tried beside one that takes long

OnPause = Callable[[float, str], None]


class Throttle:
    """At most `most` questions at once, at least one: the `Width` of a worker pool. Threads may share one.

    `timeout` is that of one call, in seconds, by which answers are slow or not; without it, none is. A
    `careful` one begins with one question. `clock` gives seconds. Hand `waiting` to
    `qa.answering.factory.configured_model` as its `on_wait`.
    """

    def __init__(
        self,
        most: int,
        *,
        timeout: float | None = None,
        careful: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = max(1, most)
        self._limit = 1.0 if careful else float(self._most)
        self.timeout = timeout
        self._rising = careful  # by one with each answer, until the first sign that it is enough
        self._clock = clock
        self._until = self._storm_until = self._lowered = clock()
        self._alone: list[float] = []  # seconds of answers to questions that were alone
        self._ceiling = self._most  # what did not go well is tried no more
        self._late = 0  # time-outs since the last answer: their requests may still be in the server's queue
        self.answers = 0
        self._on_pause: OnPause | None = None
        self._lock = threading.Lock()

    @property
    def limit(self) -> int:
        """How many may be with the model now."""
        return int(self._limit)

    @property
    def most(self) -> int:
        """How many may be with it at any time."""
        return self._most

    @property
    def clear(self) -> bool:
        """Whether nothing that was given up may still keep the server busy."""
        return self._late == 0

    def listen(self, on_pause: OnPause) -> None:
        """Have `on_pause` called with the seconds of each pause, and why; in the thread that met it.

        What was learnt of answers is forgotten: others are asked now, or otherwise.
        """
        self._on_pause = on_pause
        self._alone.clear()
        self._ceiling = self._most
        self.answers = self._late = 0

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
                self._lower(now)
                self._storm_until = now + max(seconds, STORM_SECONDS)
            if full or error.retry_after is not None:
                self._until = max(self._until, now + seconds)
        if self._on_pause is not None:
            self._on_pause(seconds, error.cause)

    def timed_out(self, error: TooSlow, seconds: float, pause: float) -> None:
        """Note that a question which was begun `seconds` ago got no answer, and is asked again after `pause`.

        Nobody begins before that: the server may still be at what nobody waits for any longer.
        """
        with self._lock:
            now = self._clock()
            self._late += 1
            if now - seconds >= self._lowered:  # else it was begun when more were asked than now
                self._ceiling = max(1, self.limit - 1)
                self._lower(now)
            if not self.answers:  # as many as those were not answered at all: one by one tells more
                self._limit = 1.0
            self._until = max(self._until, now + pause)
            limit = self.limit
        if self._on_pause is not None:
            self._on_pause(pause, f"{error.cause}; asking {limit} at a time")

    def answered(self, seconds: float = 0.0, among: int = 1, *, alone: bool = False) -> None:
        """Note that a question was answered: a little more may be with the model, unless it is slow.

        `seconds` are those of its longest call, `among` how many were with the model when it was begun;
        `alone` says that no other came to it meanwhile.
        """
        with self._lock:
            self.answers += 1
            self._late = 0
            if alone:
                self._alone.append(seconds)
            now, most = self._clock(), min(self._most, self._ceiling)
            slow = self.timeout is not None and seconds > SLOW * self.timeout
            if slow and self.limit > 1 and self._waited(seconds, among):
                if now - seconds >= self._lowered:
                    self._lower(now)
            elif self._fits(seconds, among):
                more = 1.0 if self._rising else 1 / self._limit
                self._limit = max(min(most, self._limit + more), min(self._limit, self._most))

    def narrow(self, most: int) -> None:
        """From now on at most so many, whatever is answered."""
        with self._lock:
            self._most = max(1, min(self._most, most))
            self._limit = min(self._limit, self._most)

    def _lower(self, now: float) -> None:
        self._limit = max(1.0, self._limit / 2)
        self._lowered = now
        self._rising = False

    def _waited(self, seconds: float, among: int) -> bool:
        """Whether an answer rather waited for others than not, by what one takes alone, half of the times.

        At a server with one slot it takes `among` times as long, at one with enough of them no longer.
        """
        if not self._alone:
            return seconds > FITS * (self.timeout or seconds)
        return seconds > sorted(self._alone)[len(self._alone) // 2] * (1 + among) / 2

    def _fits(self, seconds: float, among: int) -> bool:
        """Whether one more beside this would be answered in time, as far as can be told."""
        if self.timeout is None or seconds / among * (self.limit + 1) <= FITS * self.timeout:
            return True  # even if the server answered one at a time
        if self.limit == 1:
            return len(self._alone) >= TRIALS
        return among > 1 and bool(self._alone) and not self._waited(seconds, among)
