"""Append-only JSON Lines files that survive kills and power loss.

A line cut off at the end of a file was being written when its writer was killed, and counts as not there;
anywhere else it is an error.
"""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from index.errors import StorageError
from index.storage.atomic import MAKE_ROOM, save_folder
from qa.output.text import json_text

SAVE_SECONDS = 0.5  # seconds after which lines that need no haste are put on the disk


class JournalLine(NamedTuple):
    """An object and where it stands: the number of its line from 1, and the byte after its end."""

    number: int
    end: int
    row: dict[str, object]


def lines(path: Path) -> Iterator[JournalLine]:
    """The objects of a file, none if there is no such file; one cut off at its end is left out.

    Blank lines, and a last line without its end, as an editor may leave them, do no harm.

    Raises StorageError, naming the line, where one cannot be read.
    """
    try:
        with path.open("rb") as file:
            end = 0
            waiting: tuple[int, str] | None = None  # a line that is torn, if it turns out to be the last
            for number, raw in enumerate(file, 1):
                if waiting:
                    raise damaged(path, *waiting)
                end += len(raw)
                if not raw.strip():
                    continue
                row, why = _object(raw)
                if row is None:
                    waiting = (number, why)
                else:
                    yield JournalLine(number, end, row)
    except FileNotFoundError:
        return
    except OSError as exc:
        raise StorageError(f"cannot read {path}: {exc.strerror or exc}", "make the file readable") from exc


def damaged(path: Path, number: int, why: str) -> StorageError:
    """The error for a line that is not what it should be."""
    return StorageError(
        f"{path}:{number} is damaged: {why}",
        "mend or remove that line; nothing was changed",
    )


class Journal:
    """A file being added to. Threads may share one; it is made when the first line comes.

    `end` is where its last whole line ends: what stands behind it is cut off.
    """

    def __init__(self, path: Path, end: int = 0) -> None:
        self._path = path
        self._end = end
        self._file: int | None = None
        self._closed = False
        self._written = self._safe = 0  # lines, and how many of them no loss of power can take away
        self._safe_since = time.monotonic()
        self._writing = threading.Lock()
        self._saving = threading.Lock()

    def open(self) -> None:
        """Make the file if it is not there, and cut off what is torn. Raises StorageError."""
        try:
            with self._writing:
                self._opened()
        except OSError as exc:
            raise self._failed(exc) from exc

    def add(self, row: Mapping[str, object], *, durable: bool) -> None:
        """Write one line. With `durable`, it is on the disk when this returns; without, half a second later.

        Raises StorageError if it cannot be written; then nothing of it is there, and no further line is.
        """
        data = json_text(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
        with self._writing:
            try:
                # A model may write half a character, which is then escaped as JSON escapes it.
                self._write(data.encode("utf-8", "backslashreplace") + b"\n")
            except OSError as exc:
                self._give_up()
                raise self._failed(exc) from exc
            self._written = mine = self._written + 1
        if durable or time.monotonic() - self._safe_since >= SAVE_SECONDS:
            self._save(mine)

    def close(self) -> None:
        """Put everything on the disk, and let go of the file. Twice does nothing."""
        if self._file is not None:
            self._save(self._written)
        with self._saving, self._writing:
            self._give_up()

    def _write(self, data: bytes) -> None:
        if self._closed:
            raise StorageError(f"{self._path} is closed", MAKE_ROOM)
        file = self._opened()
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        self._end += len(data)

    def _opened(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            os.ftruncate(self._file, self._end)
            os.lseek(self._file, max(self._end - 1, 0), os.SEEK_SET)
            if os.read(self._file, 1) not in (b"\n", b""):  # somebody's editor took the last line's end away
                self._end += os.write(self._file, b"\n")
            save_folder(self._path.parent)
        return self._file

    def _save(self, mine: int) -> None:
        """See that the first `mine` lines are on the disk; those of other threads come along."""
        with self._saving:
            with self._writing:
                file, written = self._file, self._written
            if self._safe >= mine or file is None:
                return
            try:
                os.fsync(file)
                if not os.fstat(file).st_nlink:  # all of it would be gone when we are
                    raise FileNotFoundError(errno.ENOENT, "it was deleted meanwhile")
            except OSError as exc:
                raise self._failed(exc) from exc
            self._safe, self._safe_since = written, time.monotonic()

    def _give_up(self) -> None:
        """No line follows; half a line that was written last is taken back."""
        self._closed = True
        if self._file is not None:
            with suppress(OSError):
                os.ftruncate(self._file, self._end)
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def _failed(self, exc: OSError) -> StorageError:
        return StorageError(f"cannot write {self._path}: {exc.strerror or exc}", MAKE_ROOM)


def _object(raw: bytes) -> tuple[dict[str, object] | None, str]:
    """The object in a line, or why there is none."""
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return None, str(error)
    return (row, "") if isinstance(row, dict) else (None, "it is no object")
