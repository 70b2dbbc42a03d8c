"""One writer at a time, by a lock of the operating system that a killed holder loses.

The name of the holder stands in a file of its own, because a locked file cannot be read on every system.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexLocked, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = "writer.lock"
OWNER = "writer.json"
POLL_SECONDS = 0.05


@contextmanager
def writer_lock(folder: Path, wait: float = 10.0) -> Iterator[None]:
    """Hold the right to write to the index in `folder`, waiting for it up to `wait` seconds.

    Not to be taken twice by one process. Raises IndexLocked, naming the holder, and StorageError where the
    folder cannot be written or its file system has no locks. ^C ends the waiting at once.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK, poll_interval=POLL_SECONDS)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise _locked(folder) from None
    except (OSError, NotImplementedError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise StorageError(
            f"the index cannot be locked for writing: {folder / LOCK}: {reason}",
            "check that the folder can be written and is on a disk that supports file locks",
        ) from exc
    try:
        _sign(folder)
        yield
    finally:
        lock.release()


def _sign(folder: Path) -> None:
    """Write down who holds the lock. The file stays after us: it counts only while the lock is held."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
    owner = {"pid": os.getpid(), "since": datetime.now().astimezone().isoformat(), "command": command}
    fresh = folder / f"{OWNER}.{os.getpid()}"
    try:
        fresh.write_text(json.dumps(owner), encoding="utf-8")
        fresh.replace(folder / OWNER)
    except OSError as exc:
        fresh.unlink(missing_ok=True)
        raise StorageError(
            f"the index folder cannot be written: {folder}: {exc.strerror}", "free some space"
        ) from exc


def _locked(folder: Path) -> IndexLocked:
    hint = "wait until it is done, or stop that process; nothing was changed"
    try:
        owner = json.loads((folder / OWNER).read_text(encoding="utf-8"))
        since = datetime.fromisoformat(owner["since"])
        clock = (
            f"{since:%H:%M}"
            if since.date() == datetime.now().astimezone().date()
            else f"{since:%Y-%m-%d %H:%M}"
        )
        who = f"process {int(owner['pid'])} since {clock} ({owner['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another process"  # which took the lock a moment ago and has not signed yet
    error = IndexLocked(f"index is being written by {who}", hint)
    error.holder = who
    return error
