"""Chroma brought up to date by a process in the background, which outlives the command that starts it.

Nobody waits for Chroma: until it has everything, exact search answers. The process takes the writer lock
itself, when whoever started it has given it up, and gives way to the next writer within a batch, who starts
another one in the end. Chroma can crash or hang; here that costs the vector files, which are built anew.

There is one such process at a time. It lets go of its own lock before the writer lock: whoever commits
something finds either nobody at it, and starts one, or one that has yet to look what is pending. While
somebody writes it waits, however long that takes, and does what is left by then.
"""

from __future__ import annotations

import errno
import faulthandler
import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from index.concurrency.processes import lasting_python
from index.errors import IndexLocked, QaError
from index.storage.atomic import make_private
from index.storage.catalog import FILE_NAME, Catalog
from index.storage.lock import is_held, is_wanted, take, writer_lock
from index.vectors.chroma import load_chroma
from index.vectors.mirror import is_behind, needs_rebuilding, update

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import Popen

AT_WORK = "vectors.lock"  # held by the process in the background
FAILURE = "vectors.json"  # what went wrong the last time
CHANGE_SECONDS = 1.0  # that one takes to end, while the next is starting
LOCK_SECONDS = 1.0  # that a lock is waited for before it is looked whether to go on waiting
COMMIT_SECONDS = 300.0  # that the commit of somebody else may take
HANGS_AFTER = 600.0  # seconds without a batch after which Chroma counts as hanging
POLL_SECONDS = 0.1
NICENESS = 5  # a third of a processor that somebody else wants as well


class ChromaStatus(NamedTuple):
    """How far Chroma is behind the catalog.

    It `is_behind` where there is anything to do: `pending` chunks to be told, or files to tidy. `is_written`:
    a process is at it. `failure` is what went wrong the last time, None if nothing did.
    """

    is_behind: bool
    pending: int
    is_written: bool
    failure: str | None


def status(catalog: Catalog) -> ChromaStatus:
    """How far Chroma is behind. Raises what the catalog raises."""
    at_work = (catalog.folder / AT_WORK).exists() and is_held(catalog.folder, AT_WORK)
    lost = needs_rebuilding(catalog) and not at_work
    pending = catalog.counts().vectors if lost else catalog.chroma.state().pending
    failure = None
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((catalog.folder / FAILURE).read_bytes())
        failure = f"{told['cause']}; {told['hint']}" if told["hint"] else str(told["cause"])
    behind = is_behind(catalog)
    return ChromaStatus(behind, pending, at_work and behind, failure)


def catch_up(folder: Path, now: ChromaStatus) -> ChromaStatus:
    """See that somebody brings Chroma up to date in the background, if it is behind; how it is then.

    Called without the writer lock. Raises StorageError if the system allows no more processes.
    """
    if not now.is_behind:
        return now
    start(folder)
    return now._replace(is_written=True)


def start(folder: Path) -> Popen[bytes]:
    """Start a process that brings Chroma up to date. Raises StorageError if the system allows no more."""
    return lasting_python(_BOOT, str(folder.resolve()))


def wait_for(
    folder: Path,
    on_progress: Callable[[ChromaStatus], None] = lambda _status: None,
    patience: float = HANGS_AFTER,
) -> ChromaStatus:
    """Wait until Chroma is up to date, a process failed at it, or nothing moved for `patience` seconds.

    How it is then. Starts a process where none is at work. ^C ends the waiting, and leaves it at work.
    Raises StorageError, and what the catalog raises.
    """
    process: Popen[bytes] | None = None
    deadline = time.monotonic() + patience
    with Catalog.open(folder) as catalog:
        now = status(catalog)
        while now.is_behind and time.monotonic() < deadline:
            ended = None if process is None else process.poll()
            if ended:
                return now if now.failure else now._replace(failure=_meaning(ended))
            if process is None or (ended is not None and not now.is_written):
                process = start(folder)
            on_progress(now)
            time.sleep(POLL_SECONDS)
            last, now = now, status(catalog)
            if now != last:
                deadline = time.monotonic() + patience
        return now


_BOOT = "from index.vectors.writer_process import serve; serve(sys.argv[2])"


def serve(folder: str) -> None:
    """The process's side: Chroma brought up to date, modestly. What goes wrong is kept in a file.

    Where the disk does not take that file either, the exit code says what it was.
    """
    home = Path(folder)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    over = _Over(home)
    try:
        work(home, over)
    except BaseException as error:
        if is_gone(home):
            return
        if not _keep(home, error) and (code := _code_of(error)):
            raise SystemExit(code) from error
        raise


class Occasion(Protocol):
    """When the process in the background is to give way, which is asked after each batch, or to end."""

    def __call__(self) -> bool:
        """True if it is to give way to somebody, or to end."""

    def ends(self) -> bool:
        """True if it is to end, and not even to wait."""


def work(folder: Path, over: Occasion) -> None:
    """Bring Chroma up to date until it is `over`, unless another such process sees to it.

    Whoever writes meanwhile is waited for. Raises what `update` raises, but IndexLocked, and StorageError
    where the index is gone.
    """
    release = take(folder, AT_WORK, CHANGE_SECONDS)
    if release is None:
        return
    try:
        if not _has_work(folder, over):
            return
        load_chroma()  # which takes longer than most updates: not yet under the lock
        while not over.ends():
            try:
                _update(folder, over, release)
            except IndexLocked:
                time.sleep(POLL_SECONDS)
            else:
                return
    finally:
        release()


def _has_work(folder: Path, over: Occasion) -> bool:
    """True if Chroma is behind, as soon as the catalog can be asked; False if it is over before that."""
    while not over.ends():
        try:
            with Catalog.open(folder) as catalog:
                return is_behind(catalog)
        except IndexLocked:
            time.sleep(POLL_SECONDS)
    return False


def _update(folder: Path, over: Occasion, release: Callable[[], None]) -> None:
    """One update under the writer lock, which `release` is called before; but not where it is locked out."""
    with writer_lock(folder, LOCK_SECONDS, modest=True), Catalog.open(folder) as catalog:
        catalog.wait_for_commits(COMMIT_SECONDS)
        try:
            update(catalog, over)
            (folder / FAILURE).unlink(missing_ok=True)
        except IndexLocked:
            raise
        except BaseException:
            release()
            raise
        release()


def is_gone(folder: Path) -> bool:
    """True if the index was deleted."""
    return not (folder / FILE_NAME).exists()


class _Over:
    """Whether another writer waits, or the system shuts down, or the index is gone.

    Not asked for too long, the process ends, whatever Chroma is doing by then.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked = False
        self._nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process
        signal.signal(signal.SIGTERM, self._ask)
        self()

    def _ask(self, *_: object) -> None:
        self._asked = True

    def ends(self) -> bool:
        faulthandler.dump_traceback_later(HANGS_AFTER, exit=True, file=self._nowhere)
        return self._asked or is_gone(self._folder)

    def __call__(self) -> bool:
        return self.ends() or is_wanted(self._folder)


def _keep(folder: Path, error: BaseException) -> bool:
    """Keep what went wrong, for the next command to say; False if the disk takes no such file."""
    cause, hint = f"{type(error).__name__}: {error}", ""
    if isinstance(error, QaError):
        cause, hint = error.cause, error.hint
    elif isinstance(error, OSError):
        place = f": {error.filename}" if error.filename else ""
        cause = f"the vector files cannot be written: {(error.strerror or str(error)).lower()}{place}"
        hint = MEANINGS.get(_code_of(error), ("", "check the disk"))[1]
    elif isinstance(error, MemoryError):
        cause, hint = "there is not enough memory for the vector files", "close other programs"
    try:
        make_private(folder / FAILURE)
        (folder / FAILURE).write_text(json.dumps({"cause": cause, "hint": hint}), encoding="utf-8")
    except OSError:
        return False
    return True


NO_ROOM, NO_RIGHT = 73, 77  # exit codes, as <sysexits.h> has them
MEANINGS = {
    NO_ROOM: ("the disk is full", "free some space"),
    NO_RIGHT: ("the index folder cannot be written", "check its permissions"),
}
ERRNOS = {errno.ENOSPC: NO_ROOM, errno.EDQUOT: NO_ROOM} | dict.fromkeys(
    (errno.EACCES, errno.EPERM, errno.EROFS), NO_RIGHT
)


def _code_of(error: BaseException) -> int:
    """The exit code for an error of the system, which may be behind one of ours; 0 for any other."""
    while not isinstance(error, OSError):
        if error.__cause__ is None:
            return 0
        error = error.__cause__
    return ERRNOS.get(error.errno or 0, 0)


def _meaning(code: int) -> str:
    """What an exit code other than 0 says."""
    if code in MEANINGS:
        return "; ".join(MEANINGS[code])
    return f"Chroma was killed by signal {-code}" if code < 0 else f"Chroma ended with code {code}"
