"""A deadline shared by threads, which may be put off while what is waited for is coming."""

from __future__ import annotations

import time

POLL_SECONDS = 0.1  # seconds between two looks at whether the deadline was cancelled by another thread
ALIVE = 5  # times as long is waited for whoever shows that he is there, and brings nothing
LONGEST = 3600.0  # seconds after which nobody waits any longer, whatever comes


class Deadline:
    """The moment from which nobody waits any longer. Threads may share one.

    It is `seconds` from when it was made, unless somebody who waits for a thing in pieces puts it off.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        now = time.monotonic()
        self._last = now + max(seconds, LONGEST)
        self._begin(now, seconds)

    def _begin(self, now: float, seconds: float) -> None:
        self._span = seconds  # what is waited for the next piece,
        self._end = now + seconds  # until then,
        self._while_alive = now + ALIVE * seconds  # or, if there are signs of life, until then

    def left(self) -> float:
        """Seconds until then, 0 when it has passed."""
        return max(0.0, min(self._end, self._last) - time.monotonic())

    def shorten(self, seconds: float) -> None:
        """At most `seconds` more from now, for good; 0 cancels whatever waits for it."""
        self._last = min(self._last, time.monotonic() + seconds)

    def renew(self, seconds: float | None = None) -> None:
        """A piece came: from now, `seconds` for the next one, as many as at first if it is not said.

        However often this is called, no more than `LONGEST` seconds are waited in all.
        """
        self._begin(time.monotonic(), self.seconds if seconds is None else seconds)

    def sign_of_life(self) -> None:
        """Something came that is no piece: as long again from now, `ALIVE` times that at most."""
        self._end = max(self._end, min(time.monotonic() + self._span, self._while_alive))

    def sleep(self, seconds: float) -> None:
        """Wait, but not beyond the deadline, however soon another thread makes it."""
        until = time.monotonic() + seconds
        while (rest := min(until - time.monotonic(), self.left())) > 0:
            time.sleep(min(rest, POLL_SECONDS))
