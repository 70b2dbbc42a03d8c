"""A pipe by which a child process ends when its parent does, whatever either of them is doing.

A thread that waits for the end of a pipe may have to wait for C code that holds Python's lock, as a regular
expression does; and the signal that Linux offers for a parent's death comes when the thread ends that started
the child. So the kernel is asked to send SIGIO, which ends a process, when the pipe's other end is closed.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

AVAILABLE = hasattr(os, "O_ASYNC")  # not on Windows: there such a thread has to do

if sys.platform != "win32":
    import fcntl
    import select

    def end_with(lifeline: int) -> None:
        """From now on, this process ends as soon as nobody holds the other end of the pipe `lifeline`."""
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGIO})
        with suppress(OSError):  # a system that does not do this for pipes: the thread has to do
            fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
            fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_ASYNC)
        if select.select([lifeline], [], [], 0)[0]:  # closed before that
            os.kill(os.getpid(), signal.SIGKILL)
