"""Chroma is written in the background: nobody waits for it, and it is in nobody's way."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import IndexLocked, VectorsFailed
from index.storage.catalog import FILE_NAME, Catalog
from index.storage.lock import is_held, is_wanted, take, writer_lock
from index.storage.records import ChromaState
from index.vectors import writer_process
from index.vectors.writer_process import (
    AT_WORK,
    FAILURE,
    ChromaStatus,
    catch_up,
    serve,
    status,
    wait_for,
    work,
)
from tests.support.catalogs import open_catalog, prepared, store
from tests.support.timeouts import PATIENCE
from tests.support.vectors import assert_whole


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An index of one source of three chunks, of which Chroma knows nothing yet."""
    with open_catalog(tmp_path / ".qa") as opened:
        store(opened, prepared(opened.folder, "a.txt", "the summit\nin Budapest\nwas cancelled\n"))
        yield opened


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock that a test holds."""
    monkeypatch.setattr(writer_process, "CHANGE_SECONDS", 0.0)
    monkeypatch.setattr(writer_process, "LOCK_SECONDS", 0.0)
    monkeypatch.setattr(writer_process, "POLL_SECONDS", 0.0)
    monkeypatch.setattr(os, "nice", lambda _: 0)


@pytest.fixture(autouse=True)
def _undisturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `serve` does to its own process is not done to this one."""
    monkeypatch.setattr(writer_process, "_Over", Undisturbed)


class Undisturbed:
    """Gives way to who waits, and ends after so many tries."""

    def __init__(self, folder: Path, tries: int = 3) -> None:
        self._folder = folder
        self._tries = tries

    def __call__(self) -> bool:
        return is_wanted(self._folder)

    def ends(self) -> bool:
        self._tries -= 1
        return self._tries < 0


def test_it_outlives_who_started_it_and_is_waited_for(catalog: Catalog) -> None:
    """In a process of its own, of its own session; what nobody waits for ends as well."""
    seen: list[ChromaStatus] = []
    assert status(catalog) == (True, 3, False, None)
    now = wait_for(catalog.folder, seen.append)
    assert now == ChromaStatus(False, 0, False, None)
    assert seen[0].pending == 3
    assert_whole(catalog)
    assert catch_up(catalog.folder, now) == now  # nothing is started
    assert not is_held(catalog.folder, AT_WORK)


def test_what_fails_is_kept_until_it_goes_well(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next command says it; a process that succeeds takes it back."""

    def fail(*_: object) -> bool:
        raise VectorsFailed("the disk is full", "free some space")

    with monkeypatch.context() as patch:
        patch.setattr(writer_process, "update", fail)
        with pytest.raises(VectorsFailed):
            serve(str(catalog.folder))
    assert status(catalog) == (True, 3, False, "the disk is full; free some space")
    (catalog.folder / FAILURE).write_text("[]", encoding="utf-8")  # no file of ours
    assert status(catalog).failure is None
    serve(str(catalog.folder))
    assert status(catalog) == (False, 0, False, None)
    assert not (catalog.folder / FAILURE).exists()


def test_a_defect_is_kept_as_well(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody hears a process in the background."""
    monkeypatch.setattr(writer_process, "update", lambda *_: dict[str, bool]()["missing"])
    with pytest.raises(KeyError):
        serve(str(catalog.folder))
    assert status(catalog).failure == "KeyError: 'missing'"


def test_there_is_one_at_a_time(catalog: Catalog) -> None:
    """A second one leaves it to the first; one that is to end does not wait for the writer lock."""
    release = take(catalog.folder, AT_WORK)
    assert release is not None
    serve(str(catalog.folder))
    assert status(catalog) == (True, 3, True, None)
    release()
    with writer_lock(catalog.folder):
        serve(str(catalog.folder))
        assert not is_held(catalog.folder, AT_WORK)
    assert status(catalog) == (True, 3, False, None)
    serve(str(catalog.folder))
    assert_whole(catalog)


def test_it_gives_way_to_the_next_writer(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two batches it ends as soon as somebody waits for the lock, who need not wait for more."""
    monkeypatch.setattr("index.vectors.mirror.CHUNKS_AT_ONCE", 1)
    folder = catalog.folder

    def next_writer() -> None:
        with writer_lock(folder, PATIENCE), Catalog.open(folder) as found:
            states.append(found.chroma.state())

    states: list[ChromaState] = []
    waiting = threading.Thread(target=next_writer)

    class Wanted(Undisturbed):
        def __call__(self) -> bool:
            with Catalog.open(folder) as own:
                if own.chroma.state().pending == 2:
                    waiting.start()
                    while not is_wanted(folder):
                        time.sleep(0.001)
            return is_wanted(folder)

    work(folder, Wanted(folder))
    waiting.join(PATIENCE)
    assert states == [("clean", 1, 2)]
    assert status(catalog) == (True, 2, False, None)


def test_it_waits_for_a_writer_however_long(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is tried again until the writer has given it up, who finds somebody at work."""
    writer = writer_lock(catalog.folder)
    writer.__enter__()
    tried = 0

    def sleep(_: float) -> None:
        nonlocal tried
        tried += 1
        assert status(catalog).is_written
        if tried == 5:
            writer.__exit__(None, None, None)

    monkeypatch.setattr(time, "sleep", sleep)
    work(catalog.folder, Undisturbed(catalog.folder, tries=100))
    assert tried == 5
    assert_whole(catalog)


def test_a_long_commit_of_others_is_waited_for(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of who has not the writer lock, in the middle of an update: nothing stays untold."""
    monkeypatch.setattr(writer_process, "COMMIT_SECONDS", 0.0)
    monkeypatch.setattr("index.vectors.mirror.CHUNKS_AT_ONCE", 1)
    other = sqlite3.connect(catalog.folder / FILE_NAME, isolation_level=None)

    class Disturbed(Undisturbed):
        begun = False

        def __call__(self) -> bool:
            if not self.begun:
                self.begun = bool(other.execute("BEGIN IMMEDIATE"))
            return False

        def ends(self) -> bool:
            if other.in_transaction:
                other.execute("COMMIT")
            return super().ends()

    work(catalog.folder, Disturbed(catalog.folder, tries=9))
    other.close()
    assert status(catalog) == (False, 0, False, None)
    assert_whole(catalog)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "no space left on device: /x/y; free some space"),
        (errno.EACCES, "permission denied: /x/y; check its permissions"),
        (errno.EIO, "input/output error: /x/y; check the disk"),
    ],
)
def test_what_the_system_refuses_is_told(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    """With its cause, the file, and what to do."""

    def refuse(*_: object) -> bool:
        raise OSError(number, os.strerror(number), "/x/y")

    monkeypatch.setattr(writer_process, "update", refuse)
    with pytest.raises(OSError, match="/x/y"):
        serve(str(catalog.folder))
    assert status(catalog).failure == f"the vector files cannot be written: {told}"


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, 73), (errno.EROFS, 77), (errno.EIO, None)])
def test_a_disk_that_takes_no_note_is_told_by_the_exit_code(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, number: int, code: int | None
) -> None:
    """Whoever waits for it learns the cause all the same."""

    def refuse(*_: object) -> bool:
        try:
            raise OSError(number, os.strerror(number))
        except OSError as error:
            raise VectorsFailed("Chroma failed", "check the free space") from error

    monkeypatch.setattr(writer_process, "update", refuse)
    (catalog.folder / FAILURE).mkdir()
    with pytest.raises(SystemExit if code else VectorsFailed) as ended:
        serve(str(catalog.folder))
    assert code is None or ended.value.args == (code,)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("os._exit(3)", "Chroma ended with code 3"),
        ("os._exit(73)", "the disk is full; free some space"),
        ("os.kill(os.getpid(), 9)", "Chroma was killed by signal 9"),
    ],
)
def test_a_process_that_dies_is_told_of(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, code: str, told: str
) -> None:
    """Whoever waits learns that it is not done, and why."""
    monkeypatch.setattr(writer_process, "_BOOT", f"import os; {code}")
    assert wait_for(catalog.folder) == (True, 3, False, told)


@pytest.mark.parametrize(("wait", "modest"), [(0.0, False), (0.2, True)])
def test_work_goes_on_for_who_does_not_wait_or_is_modest(tmp_path: Path, wait: float, modest: bool) -> None:
    """A reader that looks whether the lock is free, and the process of a later command."""
    seen = []
    with writer_lock(tmp_path):
        waiting = threading.Thread(target=_refused, args=(tmp_path, wait, modest))
        waiting.start()
        while waiting.is_alive():
            seen.append(is_wanted(tmp_path))
    assert not any(seen)


def _refused(folder: Path, wait: float, modest: bool) -> None:
    with pytest.raises(IndexLocked), writer_lock(folder, wait, modest=modest):
        """It is held."""


@pytest.mark.parametrize("moment", ["before", "meanwhile"])
def test_an_index_that_is_deleted_ends_it_silently(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """And nothing is made in its place."""
    folder = catalog.folder
    if moment == "before":
        shutil.rmtree(folder)
    else:
        monkeypatch.setattr(writer_process, "load_chroma", lambda: shutil.rmtree(folder))
    serve(str(folder))
    assert not folder.exists()


def test_nobody_waits_for_ever(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a process at which nothing moves."""
    monkeypatch.setattr(writer_process, "start", lambda _: sys.exit("a second one was started"))
    release = take(catalog.folder, AT_WORK)
    assert release is not None
    assert wait_for(catalog.folder, patience=0.0).is_behind
    release()
