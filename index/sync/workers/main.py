"""The inside of a child process: files come in on standard input, results go out on standard output.

A message is its length in 8 bytes, then a pickle. The function that prepares a file is named by its module.
Nothing a reader prints can reach the messages, and when the input ends the process does, in the middle of a
file too.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import IO, cast

from index.concurrency.processes import HEADER, own_channels
from index.readers.limits.limits import too_much_memory
from index.sync.prepare import run_reader
from index.sync.tasks import Result, Task, Unreadable
from index.sync.workers.results import pack

READY = b"ready"


def serve(function: str) -> None:
    """Answer files until there are no more.

    Each is allowed its memory and its CPU seconds before it is begun; the wall time is the parent's to watch.
    """
    gc.set_threshold(100_000)  # nearly all that a reader makes lasts as long as its file
    results, tasks = own_channels()
    _keep_no_core()
    module, name = function.split(":")
    work = cast("Callable[[Task], Result]", getattr(import_module(module), name))
    _write(results, (READY,))
    waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks, waiting), daemon=True).start()
    while True:
        task = waiting.get()
        _limit_cpu(task.seconds)
        _limit_memory(task.reading.limits.memory)
        _write(results, _answer(work, task))


def _answer(work: Callable[[Task], Result], task: Task) -> tuple[bytes, ...]:
    """The pieces of the message that says what came of a file."""
    result = run_reader(work, task)
    try:
        return pack(result)
    except MemoryError:
        return pack(Unreadable(too_much_memory(task.reading.limits.memory)))


def _listen(tasks: IO[bytes], waiting: queue.SimpleQueue[Task]) -> None:
    """Hand on what comes in; the end of the input is the end of the process, whatever it is doing."""
    while header := tasks.read(HEADER):
        message = tasks.read(int.from_bytes(header, "big"))
        waiting.put(cast("Task", pickle.loads(message)))  # noqa: S301 - our own parent wrote it
    os._exit(0)


def _write(results: IO[bytes], pieces: tuple[bytes, ...]) -> None:
    """One message. A parent that is gone ends the process without a word."""
    try:
        results.write(sum(map(len, pieces)).to_bytes(HEADER, "big"))
        for piece in pieces:
            results.write(piece)
        results.flush()
    except OSError:
        os._exit(0)


def _keep_no_core() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_memory(limit: int) -> None:
    """So many bytes of memory of its own (Linux). Windows and macOS have no such limit that works."""
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _limit_cpu(seconds: float) -> None:
    """From now on so many seconds of CPU: ends an endless loop even where the parent is gone."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    wanted = int(used.ru_utime + used.ru_stime + seconds) + 2
    with suppress(ValueError):  # the administrator allows less: that limit stands
        resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))
