"""^C in two steps: the first is noted while requests finish, the second raises KeyboardInterrupt."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

POLL_SECONDS = 0.1  # seconds between two looks at whether ^C was pressed


@contextmanager
def interrupts() -> Iterator[list[int]]:
    """Within it, the first ^C is only noted, in the list given; a second one raises KeyboardInterrupt."""
    pressed: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        pressed.append(number)
        if len(pressed) > 1:
            raise KeyboardInterrupt

    ours = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    if not ours or before in (None, signal.SIG_IGN):
        yield pressed
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        if signal.getsignal(signal.SIGINT) is note:  # left late, it must not take away a later one's
            signal.signal(signal.SIGINT, before)
