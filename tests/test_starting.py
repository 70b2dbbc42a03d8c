"""A `qa` that is forked is a process as one that is started: streams, signals, variables, terminal, end."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support import starting
from tests.support.cli import environment
from tests.support.starting import Forked, run, start
from tests.support.timeouts import PATIENCE

SHOWN = """
import os, sys
print(sys.argv, os.getcwd(), os.environ["WHO"], os.getppid() != os.getpid(), sys.stdin.read(), __name__)
print("łódź", file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""
# In short sleeps: a ^C between the word and a long one would be noticed at its end only.
WAITS = """
import time
print('begun', flush=True)
while True: time.sleep(0.02)
"""
BOTH = pytest.mark.parametrize("fresh", [False, True], ids=["forked", "fresh"])


def script(text: str, *words: str) -> Sequence[str]:
    return (sys.executable, "-P", "-c", text, *words)


@BOTH
def test_what_it_is_given_and_gives(tmp_path: Path, fresh: bool) -> None:
    """Words, folder, variables and input go in; output, errors and exit code come out."""
    env = environment(tmp_path, WHO="ewa")
    done = run(script(SHOWN, "7", "ż"), at=tmp_path, env=env, stdin="ą".encode(), fresh=fresh)
    assert done.stdout.decode() == f"['-c', '7', 'ż'] {tmp_path} ewa True ą __main__\n"
    assert (done.stderr.decode(), done.returncode) == ("łódź\n", 7)


@BOTH
def test_an_exception_that_nobody_catches(tmp_path: Path, fresh: bool) -> None:
    """A traceback and exit code 1."""
    done = run(script("1 / 0"), at=tmp_path, env=environment(tmp_path), fresh=fresh)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.endswith(b"ZeroDivisionError: division by zero\n")


@BOTH
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_it(tmp_path: Path, number: signal.Signals, fresh: bool) -> None:
    """It is sent to the process itself, and `wait` and `poll` tell of it."""
    with start(script(WAITS), at=tmp_path, env=environment(tmp_path), fresh=fresh) as process:
        assert isinstance(process, Forked) == (not fresh and hasattr(os, "pidfd_open"))
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0)
        assert process.poll() is None
        process.send_signal(number)
        assert process.wait(PATIENCE) == process.poll() == -number
    process.send_signal(number)  # to nobody: it has ended


@BOTH
def test_a_session_with_its_terminal(tmp_path: Path, fresh: bool) -> None:
    """^C typed on the terminal reaches it, as the leader of a session of its own."""
    ours, theirs = pty.openpty()
    text = f"import os; assert os.getsid(0) == os.getpid() == os.tcgetpgrp(0)\n{WAITS}"
    env = environment(tmp_path)
    process = start(
        script(text), at=tmp_path, env=env, stdin=theirs, stdout=theirs, new_session=True, fresh=fresh
    )
    with process:
        os.close(theirs)
        with os.fdopen(os.dup(ours), "rb", buffering=0) as terminal:  # which may give a line in pieces
            assert terminal.readline() == b"begun\r\n"
        os.write(ours, b"\x03")
        assert process.wait(PATIENCE) == -signal.SIGINT
    os.close(ours)


def test_it_has_no_file_of_another(tmp_path: Path) -> None:
    """Nothing is open in it but its streams, while others run that have theirs."""
    listed = "import os; print([n for n in range(3, 50) if os.path.exists(f'/dev/fd/{n}')])"
    with start(script(WAITS), at=tmp_path, env=environment(tmp_path)) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"begun\n"
        assert run(script(listed), at=tmp_path, env=environment(tmp_path)).stdout == b"[]\n"
        other.kill()


@pytest.mark.parametrize(
    ("variables", "words"),
    [({"PYTHONHASHSEED": "1"}, ("-P", "-c")), ({"LC_ALL": "C"}, ("-P", "-c")), ({}, ("-I", "-c"))],
)
def test_what_an_interpreter_reads_at_its_start(
    tmp_path: Path, variables: dict[str, str], words: Sequence[str]
) -> None:
    """Where that differs, one is started."""
    command = [sys.executable, *words, "print(1)"]
    with start(command, at=tmp_path, env=environment(tmp_path, **variables)) as process:
        assert not isinstance(process, Forked)
        assert process.communicate(timeout=PATIENCE)[0] == b"1\n"


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="nobody forks on this system")
def test_without_the_process_that_forks_one_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it was killed, as if there never was one."""
    own = starting.forking.__wrapped__()
    monkeypatch.setattr(starting, "forking", lambda: own)
    own.process.kill()
    own.process.wait(PATIENCE)
    shutil.rmtree(Path(own.address).parent)  # which it had no time for
    with start(script("print(1)"), at=tmp_path, env=environment(tmp_path)) as process:
        assert not isinstance(process, Forked)
        assert process.communicate(timeout=PATIENCE)[0] == b"1\n"
