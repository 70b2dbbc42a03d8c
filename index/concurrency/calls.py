"""The inside of a child process of `children.py`: calls come in on standard input, results go out.

The first message opens a state: a callable with its arguments. Each further one is a function that is called
with that state and its own arguments. When the input ends the process does, in the middle of a call too:
nobody waits for its result.
"""

from __future__ import annotations

import gc
import os
import pickle
import threading
import traceback
from queue import SimpleQueue
from typing import IO, NoReturn

from index.concurrency.processes import own_channels, read_message, write_message

# Libraries that would each use all cores are told that this process has one of them.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


def serve() -> NoReturn:
    """Answer calls until there are no more."""
    # What is imported and opened stays: to look through it for garbage again and again takes a core's time.
    gc.set_threshold(100_000)
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    results, tasks = own_channels()
    calls: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(tasks, calls), daemon=True).start()
    state: tuple[object, ...] = ()
    while True:
        state, reply = _called(state, calls.get())
        try:
            write_message(results, reply)
        except OSError:
            os._exit(0)  # the parent is gone


def _listen(tasks: IO[bytes], calls: SimpleQueue[bytes]) -> None:
    """Hand on what comes in; the end of the input is the end of the process, whatever it is doing."""
    while (message := read_message(tasks)) is not None:
        calls.put(message)
    os._exit(0)


def _called(state: tuple[object, ...], message: bytes) -> tuple[tuple[object, ...], bytes]:
    """The state after a call, and as a message its result and what it raised, of which one is None."""
    try:
        function, arguments = pickle.loads(message)  # noqa: S301 - our own parent wrote it
        result = function(*state, *arguments)
        if not state:
            return (result,), pickle.dumps((None, None))
        return state, pickle.dumps((result, None), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - raised again where it was called
        return state, pickle.dumps((None, _for_parent(error)))


def _for_parent(error: Exception) -> Exception:
    """`error` with the traceback that it would lose on its way; in words, if it cannot be pickled."""
    trace = "".join(traceback.format_exception(error)).rstrip()
    error.add_note(trace)
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - what cannot be read here cannot be read there
    except Exception:  # noqa: BLE001 - whatever its own code does
        return RuntimeError(trace)
    return error
