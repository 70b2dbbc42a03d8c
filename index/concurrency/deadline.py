"""A deadline shared by threads."""

from __future__ import annotations

import time

POLL_SECONDS = 0.1  # seconds between two looks at whether the deadline was cancelled by another thread


class Deadline:
    """The moment from which nobody waits any longer. Threads may share one."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then, 0 when it has passed."""
        return max(0.0, self._end - time.monotonic())

    def shorten(self, seconds: float) -> None:
        """At most `seconds` more from now; 0 cancels whatever waits for it."""
        self._end = min(self._end, time.monotonic() + seconds)

    def sleep(self, seconds: float) -> None:
        """Wait, but not beyond the deadline, however soon another thread makes it."""
        until = time.monotonic() + seconds
        while (rest := min(until - time.monotonic(), self.left())) > 0:
            time.sleep(min(rest, POLL_SECONDS))
