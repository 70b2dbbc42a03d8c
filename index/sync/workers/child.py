"""A child process as the pool sees it: started, fed, listened to, limited, ended."""

from __future__ import annotations

import pickle
import signal
import time
from contextlib import suppress
from typing import IO, cast

from index.concurrency.processes import HEADER, kill_unwaited, peak_memory, python_child, wait_for_end
from index.errors import StorageError
from index.readers.limits.limits import BY_THE_CLOCK, too_long, too_much_memory
from index.sync.tasks import NO_RESULT, Task, Unreadable
from index.sync.workers.main import READY

_NEARLY = 0.8  # of its memory that a child had when it died for want of more
START_SECONDS = 120.0  # for a child to come up, on a busy machine
_BOOT = "from index.sync.workers.main import serve; serve(*sys.argv[2:])"


class WorkerProcess:
    """One process, as its thread sees it."""

    def __init__(self, function: str) -> None:
        """Start it. Raises StorageError if the system does not let us."""
        self._deadline: float | None = None
        self._late = self._too_long = False
        self._inherited = peak_memory()
        self._process = python_child(_BOOT, function)
        self._input = cast("IO[bytes]", self._process.stdin)
        self._output = cast("IO[bytes]", self._process.stdout)
        self.pid = self._process.pid
        self.ended = False
        self._greeted = False

    def send(self, task: Task) -> None:
        """Give it a file. If it is dead, `receive` will tell."""
        payload = pickle.dumps(task, protocol=pickle.HIGHEST_PROTOCOL)
        with suppress(OSError):
            self._input.write(len(payload).to_bytes(HEADER, "big") + payload)
            self._input.flush()

    def receive(self, task: Task) -> bytes | Unreadable:
        """What came of the first file that it has, still packed; or why nothing, and then it has `ended`.

        Raises StorageError if the child never came so far as to say that it can work.
        """
        if not self._greeted:
            self._greeted = self._message(START_SECONDS, len(READY)) == READY
        seconds, memory = task.seconds, task.reading.limits.memory
        message = self._message(BY_THE_CLOCK * seconds, memory) if self._greeted else b""
        self.ended = self._late or not message
        if message:
            return message
        self.kill()
        if not self._greeted:
            raise StorageError("the process that reads files does not start", "install the package again")
        return self._cause(seconds, memory)

    def _message(self, seconds: float, longest: int) -> bytes:
        """One message, or nothing if the child's output ended, its time did, or it says too much."""
        self._deadline = time.monotonic() + seconds
        try:
            header = self._output.read(HEADER)
            length = int.from_bytes(header, "big")
            self._too_long = length > longest
            message = b"" if self._too_long or len(header) < HEADER else self._output.read(length)
        finally:
            self._deadline = None
        return message if len(message) == length else b""

    def _cause(self, seconds: float, memory: int) -> Unreadable:
        """Why a child ended that was at a file which may take so much."""
        code, peak = wait_for_end(self._process)
        if self._late or -code == getattr(signal, "SIGXCPU", None):
            return Unreadable(too_long(seconds))
        if self._too_long:
            return Unreadable(NO_RESULT)
        if peak > max(_NEARLY * memory, self._inherited):  # native code that gets no memory ends its process
            return Unreadable(too_much_memory(memory))
        if code < 0:
            return Unreadable(f"its reader crashed ({signal.Signals(-code).name})")
        return Unreadable(f"its reader ended the process (exit code {code})")

    def kill_if_late(self) -> None:
        """End it if the file it is at has had its time."""
        if self._deadline is not None and time.monotonic() > self._deadline:
            self._late = True
            self.kill()

    def kill(self) -> None:
        """End it at once; harmless if it has ended."""
        kill_unwaited(self._process)

    def stop(self) -> None:
        """End it and let go of its pipes."""
        self.kill()
        self._process.wait()
        with suppress(OSError):
            self._input.close()
        self._output.close()
