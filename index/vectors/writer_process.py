"""Chroma written by a process of its own, while the catalog goes on growing.

After every commit the parent writes "w" (there is more), at the end "e" (finish and go) or "s" (stop after
this batch); what goes wrong the child writes as one line of JSON. Chroma takes seconds to import, holds the
interpreter while it writes and can crash or hang; here that costs the vector files, which are built anew, and
never the sync.

Whoever starts it holds the writer lock. If the parent dies, the child does too, at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Self, cast

from index.concurrency.processes import own_channels, python_child
from index.errors import QaError, StorageError
from index.storage.catalog import Catalog
from index.vectors.chroma import CHUNKS_AT_ONCE
from index.vectors.mirror import ChromaWriter, needs_rebuilding, purge, rebuild

MORE, END, STOP = b"w", b"e", b"s"
LEAVE_SECONDS = 1.5  # what it is given to end in good order; killed, it leaves vectors to be built anew
FINISH_SECONDS = 600.0  # seconds Chroma may take after the last commit before it counts as hanging


class VectorsProcess:
    """The child, as the sync sees it. Use as a context manager: leaving it without `finish` breaks it off."""

    def __init__(self, folder: Path) -> None:
        """Starts nothing yet."""
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._send(STOP)
            self._end(wait=LEAVE_SECONDS)

    @property
    def started(self) -> bool:
        """True once it was told that there is something, until it is finished."""
        return self._process is not None

    def wake(self) -> None:
        """Say that there is more for Chroma in the catalog."""
        if self._process is None:
            self._process = python_child(_BOOT, str(self._folder))
        self._send(MORE)

    def finish(self, patience: float = FINISH_SECONDS) -> QaError | None:
        """Wait until Chroma has everything; what went wrong, if it has not: exact search answers then."""
        if self._process is None:
            return None
        self._send(END)
        return self._end(wait=patience)

    def _send(self, word: bytes) -> None:
        assert self._process is not None
        with suppress(OSError):  # it is dead, which `_end` notices
            stdin = cast("IO[bytes]", self._process.stdin)
            stdin.write(word)
            stdin.flush()

    def _end(self, wait: float) -> QaError | None:
        process, self._process = self._process, None
        if process is None:
            return None
        try:
            output = process.communicate(timeout=wait)[0]
        except subprocess.TimeoutExpired:
            output = b""
        finally:
            process.kill()
            process.communicate()
        if process.returncode == 0:
            return None
        with suppress(ValueError, KeyError, TypeError):
            answer = json.loads(output)
            return StorageError(answer["cause"], answer["hint"])
        return StorageError(f"Chroma ended with code {process.returncode}", "run the command again")


_BOOT = "from index.vectors.writer_process import serve; serve(*sys.argv[2:])"


def serve(folder: str) -> None:
    """The child's side: tell Chroma what is pending until the parent says that it was all."""
    answers, words = own_channels()
    parent = _Parent()
    threading.Thread(target=parent.listen, args=(words,), daemon=True).start()
    try:
        with Catalog.open(Path(folder)) as catalog:
            _keep_up(catalog, parent)
    except QaError as error:
        answers.write(json.dumps({"cause": error.cause, "hint": error.hint}).encode())
        answers.flush()
        sys.exit(1)


class _Parent:
    """What the parent has said so far."""

    def __init__(self) -> None:
        self.more = threading.Event()
        self.end = threading.Event()
        self.stop = threading.Event()

    def listen(self, words: IO[bytes]) -> None:
        """Note every word. If the parent ends without a last one, so does this process."""
        while word := words.read(1):
            if word == STOP:
                self.stop.set()
            if word == END:
                self.end.set()
            self.more.set()
        if not self.end.is_set() and not self.stop.is_set():
            os._exit(1)  # the writer lock is gone with the parent: nothing may be written any more


def _keep_up(catalog: Catalog, parent: _Parent) -> None:
    """Whole batches as they come, the rest at the end. The first at once: Chroma is opened meanwhile."""
    if needs_rebuilding(catalog):
        rebuild(catalog)
    enough, ending = 1, False
    with ChromaWriter(catalog) as writer:
        while not ending and not parent.stop.is_set():
            parent.more.wait()
            parent.more.clear()
            ending = parent.end.is_set()
            while catalog.chroma.state().pending >= (1 if ending else enough) and not parent.stop.is_set():
                writer.flush()
                enough = CHUNKS_AT_ONCE
    if ending:
        purge(catalog)
