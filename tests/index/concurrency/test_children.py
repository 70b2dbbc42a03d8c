"""Calls in child processes: each gets its result, one that dies costs one call, none outlives anybody."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.concurrency import children as children_module
from index.concurrency.children import Children
from index.errors import NoIndex, ProcessDied, StorageError
from index.storage.location import find_index
from tests.support.alive import ends_within, is_alive
from tests.support.timeouts import FOREVER, PATIENCE

CODE = Path(__file__).resolve().parents[3]
PARENT = """
import re, sys, threading, time
sys.path.insert(0, sys.argv[1])
from index.concurrency.children import Children

seconds = float(sys.argv[2])
if sys.argv[3] == "asleep":
    children, call = Children(1, float, seconds), (time.sleep,)
else:
    children, call = Children(1, re.compile, "(a*)*b"), (re.Pattern.match, "a" * 99)
children.run(id)
threading.Thread(target=children.run, args=call, daemon=True).start()
print(*children.running, flush=True)
time.sleep(seconds)
"""

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def test_threads_share_processes_that_keep_their_state() -> None:
    """The state is made once in each; as many are started as there are calls at a time, and no more."""
    with Children(2, os.getpid) as children, ThreadPoolExecutor(4) as threads:
        assert children.running == ()
        alone = {children.run(int) for _ in range(4)}
        assert alone == set(children.running)
        assert set(threads.map(lambda _: children.run(int), range(8))) <= set(children.running)
        assert len(children.running) <= 2
        assert os.getpid() not in children.running


def test_what_is_raised_there_is_raised_here() -> None:
    """With the traceback of there; and the process goes on."""
    with Children(1, int, 7) as children:
        with pytest.raises(ZeroDivisionError) as caught:
            children.run(divmod, 0)
        assert "calls.py" in caught.value.__notes__[0]
        with pytest.raises(TypeError):
            children.run(threading.Semaphore)  # a result that cannot travel
        (pid,) = children.running
        assert children.run(divmod, 2) == (3, 1)
        assert children.running == (pid,)


def test_an_error_of_ours_keeps_its_words(tmp_path: Path) -> None:
    """One in the making of the state is that of every call."""
    with Children(1, find_index, tmp_path, tmp_path / "none") as children:
        for _ in range(2):
            with pytest.raises(NoIndex) as caught:
                children.run(Path.exists)
            assert str(tmp_path) in caught.value.cause
            assert caught.value.hint
        assert children.running == ()


@posix
def test_a_process_that_dies_costs_one_call() -> None:
    """The error says how it died; the next call gets another process."""
    with Children(1, os.getpid) as children:
        first = children.run(int)
        with pytest.raises(ProcessDied, match="SIGKILL"):
            children.run(os.kill, signal.SIGKILL)
        assert children.running == ()
        assert children.run(int) not in (first, os.getpid())
    with Children(1, int, 3) as children, pytest.raises(ProcessDied, match="exit code 3"):
        children.run(os._exit)


@posix
def test_an_interrupt_is_the_parents_business() -> None:
    """A terminal sends ^C to all of them."""
    with Children(1, os.getpid) as children:
        pid = children.run(int)
        os.kill(pid, signal.SIGINT)
        assert children.run(int) == pid


@linux
def test_no_process_outlives_the_pool() -> None:
    """Whoever waits for a call, or for his turn, waits no longer; and nothing is called any more."""
    children = Children(1, float, FOREVER)
    with ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(children.run, time.sleep) for _ in range(2)]
        while not children.running:
            time.sleep(0.005)
        (pid,) = children.running
        children.close()
        for call in calls:
            with pytest.raises(RuntimeError, match="closed"):
                call.result(PATIENCE)
    assert not is_alive(pid)
    assert children.running == ()
    with pytest.raises(RuntimeError, match="closed"):
        children.run(time.sleep)
    children.close()


@linux
def test_a_call_under_way_may_be_waited_for() -> None:
    """Closing with patience ends a process that is idle at once."""
    children = Children(2, os.getpid)
    pid = children.run(int)
    children.close(PATIENCE)
    assert not is_alive(pid)


@linux
def test_one_that_is_forgotten_ends_its_processes() -> None:
    """As in an application that made one for a question, and let go of it."""
    children = Children(1, os.getpid)
    pid = children.run(int)
    del children
    gc.collect()
    assert not is_alive(pid)


@linux
@pytest.mark.parametrize("call", ["asleep", "in C code that lets no other thread run"])
def test_no_process_outlives_its_parent(call: str) -> None:
    """Killed, the parent takes along a process in the middle of a call, whatever that is at."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, *map(str, (CODE, FOREVER)), call], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
    assert ends_within(PATIENCE, child)


@pytest.mark.parametrize("broken", ["raise SystemExit(7)", "os.kill(os.getpid(), 9)"])
@posix
def test_processes_that_do_not_start_are_our_failure(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    """No question is blamed for it."""
    monkeypatch.setattr(children_module, "_BOOT", f"import os; {broken}")
    with Children(1, int) as children, pytest.raises(StorageError, match="does not start"):
        children.run(divmod, 2)
