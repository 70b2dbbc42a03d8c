"""Child processes that threads call functions in: one call in each at a time, on a core of its own.

Fresh processes, never forks: a fork would take over locks, threads and open databases in whatever state they
are. One that dies costs the call that it was at; the next call gets another.
"""

from __future__ import annotations

import pickle
import signal
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, LifoQueue
from typing import IO, Generic, Self, TypeVar, TypeVarTuple, Unpack, cast

from index.concurrency.processes import python_child, read_message, write_message
from index.errors import ProcessDied, StorageError

R = TypeVar("R")
S = TypeVar("S")
Ts = TypeVarTuple("Ts")
_CLOSED = "the processes were closed"
_BOOT = "from index.concurrency.calls import serve; serve()"


class Children(Generic[S]):
    """At most `count` processes, each with a state that `opening(*arguments)` makes in it.

    A process is started for a call that finds all others busy. What goes to and from them is pickled:
    functions must be found by their module and name, states never leave. Threads may share one. Use as a
    context manager: leaving it ends every process at once.
    """

    def __init__(self, count: int, opening: Callable[..., S], *arguments: object) -> None:
        self._opening = pickle.dumps((opening, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        # The one that worked last is taken first, so that none is started, or kept in memory, in vain.
        self._free: LifoQueue[_Child | None] = LifoQueue()
        for _ in range(count):
            self._free.put(None)
        self._count = count
        self._children: set[_Child] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        weakref.finalize(self, _end, self._children)

    @property
    def running(self) -> tuple[int, ...]:
        """The process ids of those that were started and have not been seen to end."""
        with self._lock:
            return tuple(child.pid for child in self._children)

    def run(self, function: Callable[[S, Unpack[Ts]], R], *arguments: *Ts) -> R:
        """What `function` makes of a state and the arguments, in a process that is waited for if all work.

        Raises what the function raises, ProcessDied if the process ends in the middle of it, StorageError if
        none can be started, and RuntimeError after `close`.
        """
        message = pickle.dumps((function, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        child = self._free.get()
        try:
            child = child or self._start()
            reply = child.call(message)
        except BaseException as exc:
            if child is not None:
                self._retire(child)  # after ^C too: nobody wants what it is at
            self._free.put(None)
            if self._closed.is_set() and isinstance(exc, ProcessDied | StorageError):
                raise RuntimeError(_CLOSED) from None
            raise
        self._free.put(child)
        result, error = pickle.loads(reply)  # noqa: S301 - our own child wrote it
        if error is not None:
            raise error
        return cast("R", result)

    def _start(self) -> _Child:
        if self._closed.is_set():
            raise RuntimeError(_CLOSED)
        child = _Child()
        with self._lock:
            self._children.add(child)
        try:
            child.open(self._opening)
        except BaseException:
            self._retire(child)
            raise
        if self._closed.is_set():
            child.end()  # `close` may have looked before it was there
        return child

    def _retire(self, child: _Child) -> None:
        child.end()
        with self._lock:
            self._children.discard(child)

    def close(self, seconds: float = 0.0) -> None:
        """End all processes; calls under way have so many seconds to come to their end."""
        until = time.monotonic() + seconds
        self._closed.set()
        for _ in range(self._count if seconds else 0):
            with suppress(Empty):
                self._free.get(timeout=max(0.0, until - time.monotonic()))
        with self._lock:
            _end(self._children)
        for _ in range(self._count):
            self._free.put(None)  # for whoever waits for his turn

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Child:
    """One process, used by one thread at a time; `end` is for any."""

    def __init__(self) -> None:
        self._process = python_child(_BOOT)
        self._input = cast("IO[bytes]", self._process.stdin)
        self._output = cast("IO[bytes]", self._process.stdout)
        self.pid = self._process.pid

    def open(self, opening: bytes) -> None:
        """Have it make its state. Raises what that raises, StorageError if it cannot even begin."""
        reply = self._exchange(opening)
        if reply is None:
            raise StorageError(
                f"the process that answers does not start: {self._ending()}", "install the package again"
            )
        _, error = pickle.loads(reply)  # noqa: S301 - our own child wrote it
        if error is not None:
            raise error

    def call(self, message: bytes) -> bytes:
        """The reply to a call. Raises ProcessDied."""
        reply = self._exchange(message)
        if reply is None:
            hint = "ask again; if it is short of memory, let fewer answer at a time"
            raise ProcessDied(f"the process that was asked ended: {self._ending()}", hint)
        return reply

    def _exchange(self, message: bytes) -> bytes | None:
        try:
            write_message(self._input, message)
            return read_message(self._output)
        except (OSError, ValueError):  # it is dead; or `end` has closed its pipes
            return None

    def _ending(self) -> str:
        code = self._process.wait()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def end(self) -> None:
        """End it at once and let go of its pipes; harmless if it has ended."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._input.close()
        self._output.close()


def _end(children: set[_Child]) -> None:
    """End those that are left."""
    while children:
        children.pop().end()
