"""Files that a person names for results: written whole, privately, and over nothing of others."""

from __future__ import annotations

import os
from pathlib import Path

from index.errors import StorageError, UsageError
from index.storage.atomic import replace_file, save_folder
from index.sync.own_output import is_own_output

_BEGINNING = 4_000  # bytes, by which it is known whose a file is
_HINT = "name another file"


def check_output(path: Path, *, force: bool = False) -> None:
    """Raise UsageError if a file holds what this program did not write; with `force`, it may hold anything.

    To be called before the work of which it is the result.
    """
    if not (force or _may_be_replaced(path)):
        raise UsageError(
            f"{path} is there already, and was not written by qa",
            "name another file, or write over it",
            option="force",
        )


def write_output(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write a result, as `check_output` allows: a kill leaves the old file or the new one.

    What is no file, such as /dev/stdout, is written to. Raises UsageError, StorageError.
    """
    check_output(path, force=force)
    if path.exists() and not path.is_file():
        _written_to(path, data)
        return
    replace_file(path.resolve(), data, hint=_HINT)


def append_output(path: Path, data: bytes) -> None:
    """Write lines at the end of a file, which is made if need be, and see that they are on the disk.

    Raises StorageError.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "rb+", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                data = data if file.read(1) == b"\n" else b"\n" + data
            file.write(data)
            os.fsync(file.fileno())
        save_folder(path.parent)
    except (OSError, ValueError) as exc:
        raise _failed(path, exc) from exc


def _may_be_replaced(path: Path) -> bool:
    """Whether nothing is lost with the file: there is none, it is empty, or this program wrote it."""
    try:
        if not path.is_file():  # nothing, or a device
            return True
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
    except OSError as exc:
        raise _failed(path, exc) from exc
    return not beginning.strip() or is_own_output(beginning)


def _written_to(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as exc:
        raise _failed(path, exc) from exc


def _failed(path: Path, exc: OSError | ValueError) -> StorageError:
    return StorageError(f"cannot write {path}: {getattr(exc, 'strerror', None) or exc}", _HINT)
