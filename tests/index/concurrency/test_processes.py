"""What a process leaves behind when it is killed: nothing."""

from __future__ import annotations

import gc
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.concurrency.processes import python_child, temporary_folder
from tests.support.timeouts import PATIENCE

CODE = Path(__file__).resolve().parents[3]
USER = """
import sys
sys.path.insert(0, sys.argv[1])
from index.concurrency.processes import temporary_folder

with temporary_folder("qa-test-") as folder:
    (folder / "sub").mkdir()
    (folder / "sub" / "file").write_bytes(bytes(9))
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_a_temporary_folder_is_its_owners_and_goes() -> None:
    """At the end of its block, with all that is in it, and if that fails."""
    folders = []

    def use() -> None:
        with temporary_folder("qa-test-") as folder:
            folders.append(folder)
            assert folder.name.startswith("qa-test-")
            assert sys.platform == "win32" or stat.S_IMODE(folder.stat().st_mode) == 0o700
            (folder / "file").write_bytes(b"x")
            raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        use()
    assert not folders[0].exists()


def test_it_goes_if_its_process_is_killed() -> None:
    """Nothing is left to be taken away later."""
    words = [sys.executable, "-c", USER, str(CODE)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as user:
        assert user.stdout is not None
        folder = Path(user.stdout.readline().decode().strip())
        assert (folder / "sub" / "file").exists()
        user.kill()
    deadline = time.monotonic() + PATIENCE
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_child_that_is_forgotten_leaves_no_pipe_open() -> None:
    """Each has one by which it ends with its parent."""
    gc.collect()  # what other tests left
    before = len(list(Path("/proc/self/fd").iterdir()))
    child = python_child("sys.stdin.read()")
    child.communicate(timeout=PATIENCE)
    assert child.returncode == 0
    del child
    assert len(list(Path("/proc/self/fd").iterdir())) == before
