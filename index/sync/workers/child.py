"""A child process as the pool sees it: started, fed, listened to, limited, ended."""

from __future__ import annotations

import pickle
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, cast

from index.concurrency.processes import HEADER, python_child
from index.errors import StorageError
from index.readers.formats import uses_ocr
from index.sync.tasks import Task, Unreadable
from index.sync.workers.main import READY

START_SECONDS = 120.0  # for a child to come up, on a busy machine
_BOOT = "from index.sync.workers.main import serve; serve(*sys.argv[2:])"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: `seconds` for any, and `seconds_per_mb` more for large ones.

    In bytes: `memory` of a child's address space; `output` of one result, where text, chunks and spans of a
    100 MB file take 300 MB. Where text may be recognised, a file may take `ocr_times` as long.
    """

    seconds: float = 60.0
    seconds_per_mb: float = 5.0
    memory: int = 2_000_000_000
    output: int = 600_000_000
    ocr_times: float = 20.0

    def time_for(self, size: int, *, ocr: bool = False) -> float:
        """Seconds a file of `size` bytes may take."""
        return (self.seconds + self.seconds_per_mb * size / 1e6) * (self.ocr_times if ocr else 1)

    def time_for_task(self, task: Task) -> float:
        """Seconds that preparing a file may take."""
        return self.time_for(task.stat.size, ocr=uses_ocr(task.name, task.reading))


class WorkerProcess:
    """One process, as its thread sees it."""

    def __init__(self, function: str, limits: Limits) -> None:
        """Start it. Raises StorageError if the system does not let us."""
        self._limits = limits
        self._deadline: float | None = None
        self._late = False
        self._process = python_child(_BOOT, function, str(limits.memory), str(limits.output))
        self._input = cast("IO[bytes]", self._process.stdin)
        self._output = cast("IO[bytes]", self._process.stdout)
        self.pid = self._process.pid
        self.ended = False
        self._greeted = False

    def send(self, task: Task) -> None:
        """Give it a file. If it is dead, `receive` will tell."""
        seconds = self._limits.time_for_task(task)
        payload = pickle.dumps((seconds, task), protocol=pickle.HIGHEST_PROTOCOL)
        with suppress(OSError):
            self._input.write(len(payload).to_bytes(HEADER, "big") + payload)
            self._input.flush()

    def receive(self, seconds: float) -> bytes | Unreadable:
        """The next result, still packed; or why there is none, and then the child has `ended`.

        Raises StorageError if the child never came so far as to say that it can work.
        """
        if not self._greeted:
            self._greeted = self._message(START_SECONDS) == READY
        message = self._message(seconds) if self._greeted else b""
        self.ended = self._late or not message
        if message:
            return message
        self.kill()
        return self._cause(self._process.wait(), seconds)

    def _message(self, seconds: float) -> bytes:
        """One message, or nothing if the child's output ended or its time did."""
        self._deadline = time.monotonic() + seconds
        try:
            header = self._output.read(HEADER)
            length = int.from_bytes(header, "big")
            message = self._output.read(length) if len(header) == HEADER else b""
        finally:
            self._deadline = None
        return message if len(message) == length else b""

    def _cause(self, code: int, seconds: float) -> Unreadable:
        if not self._greeted:
            raise StorageError("the process that reads files does not start", "install the package again")
        if self._late or -code == getattr(signal, "SIGXCPU", None):
            return Unreadable(f"it took longer than {seconds:.0f} s")
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
        self._process.kill()

    def stop(self) -> None:
        """End it and let go of its pipes."""
        self.kill()
        self._process.wait()
        with suppress(OSError):
            self._input.close()
        self._output.close()
