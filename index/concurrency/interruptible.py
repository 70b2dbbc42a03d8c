"""Work in a thread of its own, so that whoever waits for it has a clock of its own, and can hang up.

A client's timeouts count from byte to byte: a server that sends one now and then is waited for without end,
and a name that does not resolve is waited for outside of any timeout. Knows sockets, and no protocol.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from index.concurrency.deadline import POLL_SECONDS, Deadline

T = TypeVar("T")


class Connection:
    """The sockets that a piece of work has open, to be shut from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.hung_up = False

    def hold(self, sock: socket.socket) -> None:
        """Remember `sock`; shut it at once if somebody has hung up already."""
        with self._lock:
            self._sockets.append(sock)
        if self.hung_up:
            self.hang_up()

    def hang_up(self) -> bool:
        """Shut every socket: reading from it ends now, and the server sees it. True if there was one."""
        with self._lock:
            self.hung_up = True
            sockets, self._sockets = self._sockets, []
        for sock in sockets:
            with suppress(OSError):  # closed by its owner meanwhile, or handed on to TLS
                sock.shutdown(socket.SHUT_RDWR)
        return bool(sockets)


@dataclass(frozen=True, slots=True)
class _Piece(Generic[T]):
    value: T


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None


def stream_in_thread(work: Callable[[Connection], Generator[T]], deadline: Deadline) -> Generator[T]:
    """What `work` yields, in a thread that ends when it does. Raises TimeoutError at the deadline.

    What `work` raises is raised here. When this generator is closed, or interrupted while it waits, the
    line is hung up; a thread that cannot be woken (it is looking up a name) ends by itself and is not
    waited for.
    """
    line = Connection()
    queue: SimpleQueue[_Piece[T] | _End] = SimpleQueue()

    def run() -> None:
        try:
            with closing(work(line)) as made:
                for piece in made:
                    queue.put(_Piece(piece))
                    if line.hung_up:
                        break
        except BaseException as error:  # noqa: BLE001  # not handled here: raised again by who waits
            queue.put(_End(error))
        else:
            queue.put(_End(None))

    thread = threading.Thread(target=run, daemon=True, name="qa-call")
    thread.start()
    try:
        while True:
            got = _next(queue, deadline)
            if isinstance(got, _Piece):
                yield got.value
            elif got.error is None:
                return
            else:
                raise got.error
    finally:
        if line.hang_up():
            thread.join(1.0)  # it has been woken


def _next(queue: SimpleQueue[_Piece[T] | _End], deadline: Deadline) -> _Piece[T] | _End:
    while (left := deadline.left()) > 0:
        with suppress(Empty):  # look at the deadline, which may have been shortened, and wait on
            return queue.get(timeout=min(left, POLL_SECONDS))
    raise TimeoutError
