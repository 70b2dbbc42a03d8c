"""Files replaced whole, and folders synced to disk."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from pathlib import Path

from index.errors import StorageError

MAKE_ROOM = "make room or choose another disk, and run the same command to go on"


def replace_file(path: Path, data: bytes, *, hint: str = MAKE_ROOM) -> None:
    """Put `data` in the place of a file: a kill or a loss of power leaves the old one or the new one.

    A new file can only be read by its owner; one that was there keeps its permissions. Raises StorageError,
    with `hint`.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            with open(fresh, "wb", opener=partial(os.open, mode=0o600)) as file:
                with suppress(FileNotFoundError):
                    fresh.chmod(path.stat().st_mode & 0o777)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except BaseException:
            with suppress(OSError):
                fresh.unlink()
            raise
        save_folder(path.parent)
    except OSError as exc:
        raise StorageError(f"cannot write {path}: {exc.strerror or exc}", hint) from exc


def make_private(path: Path) -> None:
    """Make an empty file that only its owner can read, unless there is a file. Raises OSError."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def save_folder(folder: Path) -> None:
    """See that new names in a folder survive a loss of power; not every system can open a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
