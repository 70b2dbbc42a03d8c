"""A pool of child processes that prepare one file each, so that no file can take the program down.

A child is started fresh, never forked, gets one file at a time, and is replaced when it dies, hangs or needs
too much; that costs the one file it was at.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Self, TypeVar

from index.concurrency.processes import cores
from index.sync.tasks import Result, Task, Unreadable
from index.sync.workers.child import WorkerProcess
from index.sync.workers.results import unpack

T = TypeVar("T")
PREPARE = "index.sync.prepare:prepare_file"
AHEAD = 2  # files a child has been given: one in work and one waiting, so that it never idles
TICK = 0.2  # seconds between two looks at who took too long


def default_count() -> int:
    """As many children as there are cores, less one for this process; 1 to 4."""
    return min(4, max(1, cores() - 1))


class Workers:
    """A pool of children. Use as a context manager: leaving it ends every child at once."""

    def __init__(self, count: int | None = None, *, function: str = PREPARE) -> None:
        """Starts nothing yet: each child is started when there is a file for it."""
        self.count = count or default_count()
        self.function = function
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Task, bytes | Unreadable] | BaseException] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._children: set[WorkerProcess] = set()
        self._closed = threading.Event()
        self._starting = threading.Lock()  # a thread that `close` joins has been started

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def running(self) -> tuple[int, ...]:
        """The process ids of the children."""
        return tuple(child.pid for child in tuple(self._children))

    def results(self, tasks: Iterable[Task | T]) -> Iterator[tuple[Task, Result] | T]:
        """Every task with its result, in the order of completion; tasks are drawn as there is room.

        Whatever else is among the tasks is passed on as it is. Raises StorageError if children cannot be
        started at all.
        """
        waiting = 0
        for task in tasks:
            if not isinstance(task, Task):
                yield task
                continue
            self._tasks.put(task)
            waiting += 1
            if len(self._threads) < min(self.count, waiting) + 1:
                self._start()
            while waiting >= self.count * AHEAD or (waiting and not self._done.empty()):
                yield self._take()
                waiting -= 1
        for _ in range(waiting):
            yield self._take()

    def close(self) -> None:
        """End all children and their threads. A second time does nothing."""
        with self._starting:
            self._closed.set()
        for child in tuple(self._children):
            child.kill()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._done.put(RuntimeError("the workers were closed"))  # for a thread that waits in `results`

    def _take(self) -> tuple[Task, Result]:
        item = self._done.get()
        if isinstance(item, BaseException):
            raise item
        task, result = item
        return task, result if isinstance(result, Unreadable) else unpack(result)

    def _start(self) -> None:
        with self._starting:
            if self._closed.is_set():
                return  # `results` is about to be told
            targets = (self._run,) if self._threads else (self._watch, self._run)
            for target in targets:
                thread = threading.Thread(target=target, name="qa-workers", daemon=True)
                thread.start()
                self._threads.append(thread)

    def _run(self) -> None:
        """One child and its successors: give it files, take its results."""
        given: deque[Task] = deque()
        child: WorkerProcess | None = None
        try:
            while self._fill(given, child):
                if child is None or child.ended:
                    child = self._replace(child)
                    for task in given:
                        child.send(task)
                result = child.receive(given[0])
                self._done.put((given.popleft(), result))
        except BaseException as error:  # noqa: BLE001 - the thread's door: raised again in `_take`
            self._done.put(error)
        finally:
            self._retire(child)

    def _fill(self, given: deque[Task], child: WorkerProcess | None) -> bool:
        """Give the child what there is, waiting only if it has nothing; False if there will be no more."""
        while len(given) < AHEAD:
            try:
                task = self._tasks.get(block=not given)
            except queue.Empty:
                break
            if task is None:
                return False
            given.append(task)
            if child is not None:
                child.send(task)
        return not self._closed.is_set()

    def _replace(self, old: WorkerProcess | None) -> WorkerProcess:
        self._retire(old)
        child = WorkerProcess(self.function)
        self._children.add(child)
        if self._closed.is_set():
            child.kill()  # `close` may have looked before it was there
        return child

    def _retire(self, child: WorkerProcess | None) -> None:
        if child is not None:
            self._children.discard(child)
            child.stop()

    def _watch(self) -> None:
        """Kill whoever takes too long."""
        while not self._closed.wait(TICK):
            for child in tuple(self._children):
                child.kill_if_late()
