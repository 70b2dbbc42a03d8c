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
    """Within it, the first ^C is only noted, in the list given; a second one raises KeyboardInterrupt.

    A block may be left late: after one that was opened later, or by the garbage collector in any thread. It
    neither takes ^C from that one nor keeps it: what still reaches it is handed on to whoever had it before.
    """
    pressed: list[int] = []
    left = False

    def note(number: int, frame: FrameType | None) -> None:
        if left and callable(before):
            before(number, frame)
            return
        pressed.append(number)
        if left or len(pressed) > 1:
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
        left = True
        in_main = threading.current_thread() is threading.main_thread()  # nobody else may set a handler
        if in_main and signal.getsignal(signal.SIGINT) is note:
            signal.signal(signal.SIGINT, before)
