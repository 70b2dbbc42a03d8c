"""One writer at a time: the second waits, or is told who it waits for; a killed holder holds nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from index.errors import IndexLocked, StorageError
from index.storage.lock import LOCK, writer_lock
from tests.support.timeouts import FOREVER, PATIENCE, SLOWER

CODE = Path(__file__).resolve().parents[3]
HOLD = """
import sys, time
from pathlib import Path
from index.storage.lock import writer_lock
with writer_lock(Path(sys.argv[1]), wait=float(sys.argv[2])):
    print("held", flush=True)
    time.sleep(float(sys.argv[3]))
"""


@contextmanager
def holder(folder: Path, *, wait: float = 0, seconds: float = FOREVER) -> Iterator[subprocess.Popen[str]]:
    """A process that takes the lock, says so, and keeps it."""
    with subprocess.Popen(
        [sys.executable, "-P", "-c", HOLD, str(folder), str(wait), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CODE)},
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"


def test_the_holder_is_named(tmp_path: Path) -> None:
    """The second writer learns the process, the time and the command, and that nothing happened."""
    with holder(tmp_path) as process:
        wait_for(process)
        with pytest.raises(IndexLocked) as caught, writer_lock(tmp_path, wait=0):
            pass
    since = r"(?:\d{4}-\d\d-\d\d )?\d\d:\d\d"  # with the date if midnight has passed meanwhile
    said = re.fullmatch(rf"index is being written by process (\d+) since {since} \(.*\)", caught.value.cause)
    assert said is not None
    assert int(said[1]) == process.pid
    assert caught.value.hint
    assert caught.value.exit_code == 6


def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    """SIGKILL leaves files behind, and no lock."""
    with holder(tmp_path) as process:
        wait_for(process)
        process.kill()
        process.wait()
        with writer_lock(tmp_path, wait=PATIENCE):
            assert (tmp_path / LOCK).exists()


def test_a_waiting_writer_goes_on_when_the_lock_is_free(tmp_path: Path) -> None:
    """Waiting is not failing."""
    with ExitStack() as stack:
        with writer_lock(tmp_path):
            process = stack.enter_context(holder(tmp_path, wait=PATIENCE))
            time.sleep(0.5)
            assert process.poll() is None
        wait_for(process)


def test_waiting_ends_at_once_on_interrupt(tmp_path: Path) -> None:
    """^C while waiting for a lock takes effect within a second."""
    script = HOLD.replace("with writer_lock", "print('waiting', flush=True)\nwith writer_lock")
    with (
        writer_lock(tmp_path),
        subprocess.Popen(
            [sys.executable, "-P", "-c", script, str(tmp_path), str(FOREVER), "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(CODE)},
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == b"waiting\n"
        time.sleep(0.3)
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        assert time.monotonic() - asked < 1 * SLOWER
        assert process.returncode == -signal.SIGINT


def test_the_lock_is_released_after_an_error(tmp_path: Path) -> None:
    """An exception inside is passed on, and the lock is free."""
    with pytest.raises(KeyError), writer_lock(tmp_path):
        raise KeyError
    with writer_lock(tmp_path, wait=0):
        pass


def test_a_torn_owner_file_is_no_reason_to_fail(tmp_path: Path) -> None:
    """Who holds it is then simply not known."""
    with holder(tmp_path) as process:
        wait_for(process)
        (tmp_path / "writer.json").write_text('{"pid": ', encoding="utf-8")
        with (
            pytest.raises(IndexLocked, match="index is being written by another process"),
            writer_lock(tmp_path, wait=0),
        ):
            pass


def test_a_folder_without_locks_is_named(tmp_path: Path) -> None:
    """Where no lock can be taken, nothing is written, and the path is named."""
    (tmp_path / LOCK).mkdir()
    with pytest.raises(StorageError, match="cannot be locked for writing"), writer_lock(tmp_path, wait=0):
        pass
