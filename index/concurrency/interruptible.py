"""A generator run in a thread, so that whoever waits for its next value can stop waiting.

A client's timeouts count from byte to byte: a server that sends one now and then is waited for without end,
and a name that does not resolve is waited for outside of any timeout.
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

TO_END_SECONDS = 0.05  # for work to end of itself when no more of it is wanted: its connection is kept


class Connection:
    """The sockets that a piece of work has open, to be shut from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.closed = False

    def hold(self, sock: socket.socket) -> None:
        """Remember `sock`; shut it at once if the connection was shut already."""
        with self._lock:
            self._sockets.append(sock)
        if self.closed:
            self.shut()

    def let_go(self) -> None:
        """Forget the sockets: the work is done, and others may use them."""
        with self._lock:
            self._sockets.clear()

    def shut(self) -> bool:
        """Shut every socket: reading from it ends now, and the server sees it. True if there was one."""
        with self._lock:
            self.closed = True
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
    connection is shut, unless all is over within a moment; a thread that cannot be woken (it is looking up a
    name) ends by itself and is not waited for.
    """
    connection = Connection()
    queue: SimpleQueue[_Piece[T] | _End] = SimpleQueue()

    def run() -> None:
        try:
            with closing(work(connection)) as made:
                for piece in made:
                    queue.put(_Piece(piece))
                    if connection.closed:
                        break
        except BaseException as error:  # noqa: BLE001  # not handled here: raised again by who waits
            queue.put(_End(error))
        else:
            queue.put(_End(None))

    thread = threading.Thread(target=run, daemon=True, name="qa-call")
    thread.start()
    try:
        while True:
            message = _next(queue, deadline)
            if isinstance(message, _Piece):
                yield message.value
            elif message.error is None:
                return
            else:
                raise message.error
    except GeneratorExit:  # who reads it has enough; what is left may be no more than the end
        soon = Deadline(TO_END_SECONDS)
        with suppress(TimeoutError):
            while isinstance(_next(queue, soon), _Piece):
                pass
        raise
    finally:
        if connection.shut():
            thread.join(1.0)  # it has been woken


def _next(queue: SimpleQueue[_Piece[T] | _End], deadline: Deadline) -> _Piece[T] | _End:
    while (left := deadline.left()) > 0:
        with suppress(Empty):  # look at the deadline, which may have been shortened, and wait on
            return queue.get(timeout=min(left, POLL_SECONDS))
    raise TimeoutError
