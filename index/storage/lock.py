"""One writer at a time, by a lock of the operating system that a killed holder loses.

The name of the holder stands in a file of its own, because a locked file cannot be read on every system.
Whoever waits for the lock holds another one meanwhile, by which work in the background sees that it is to
give way. Nothing of this has to be cleaned up after a process that was killed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexLocked, StorageError
from index.storage.atomic import make_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filelock import BaseFileLock

LOCK = "writer.lock"
NEXT = "writer.next"  # held by whoever waits for the lock
OWNER = "writer.json"
POLL_SECONDS = 0.05


@contextmanager
def writer_lock(folder: Path, wait: float = 10.0, *, modest: bool = False) -> Iterator[None]:
    """Hold the right to write to the index in `folder`, waiting for it up to `wait` seconds.

    Background work that holds it gives way to whoever waits, unless that is `modest`. Not to be taken twice
    by one process. Raises IndexLocked, naming the holder, and StorageError where the folder cannot be written
    or its file system has no locks. ^C ends the waiting at once.
    """
    deadline = time.monotonic() + wait
    lock = _acquired(folder / LOCK, wait if modest else 0)
    if lock is None and wait and not modest:
        first = _acquired(folder / NEXT, wait)
        if first is not None:
            try:
                lock = _acquired(folder / LOCK, max(0.0, deadline - time.monotonic()))
            finally:
                first.release()
    if lock is None:
        raise _locked(folder)
    try:
        _sign(folder)
        yield
    finally:
        lock.release()


def is_wanted(folder: Path) -> bool:
    """True if somebody waits for the writer lock, and background work is to give way."""
    return (folder / NEXT).exists() and is_held(folder, NEXT)


def is_held(folder: Path, name: str) -> bool:
    """True if a process holds the lock `name`. Raises StorageError where that cannot be found out."""
    release = take(folder, name)
    if release is None:
        return True
    release()
    return False


def take(folder: Path, name: str, wait: float = 0.0) -> Callable[[], None] | None:
    """Take the lock `name`; what releases it, or None if another process keeps it for `wait` seconds.

    Raises StorageError where the folder cannot be written or its file system has no locks.
    """
    lock = _acquired(folder / name, wait)
    return None if lock is None else lock.release


def _acquired(path: Path, wait: float) -> BaseFileLock | None:
    from filelock import FileLock, Timeout

    if not path.parent.is_dir():  # which would be made
        raise StorageError(f"the index is gone: {path.parent}", "index the documents again")
    lock = FileLock(path, mode=0o600, poll_interval=POLL_SECONDS)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        return None
    except (OSError, NotImplementedError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise StorageError(
            f"the index cannot be locked for writing: {path}: {reason}",
            "check that the folder can be written and is on a disk that supports file locks",
        ) from exc
    return lock


def _sign(folder: Path) -> None:
    """Write down who holds the lock. The file stays after us: it counts only while the lock is held."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
    owner = {"pid": os.getpid(), "since": datetime.now().astimezone().isoformat(), "command": command}
    fresh = folder / f"{OWNER}.{os.getpid()}"
    try:
        make_private(fresh)
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
