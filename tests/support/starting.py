"""Starts `qa` as a process of its own, forked from one that has imported what it needs where that will do.

The imports of `qa` take most of a second, more than most of what is tested. A forked child has its own
streams, signals, folder, variables, session and end, as a fresh interpreter has. What that reads at its start
(`READ_AT_START`) a child has from the process that forked it, as it has the seed of hashes: where a command
line or a variable asks for another, an interpreter is started; as where a system cannot do this.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple

from tests.support.cli import environment
from tests.support.forking import NUMBER
from tests.support.timeouts import PATIENCE

READ_AT_START = re.compile(
    r"(PYTHON|LC_|LD_|MALLOC_|OMP_|OPENBLAS_|MKL_|RAYON_|TOKENIZERS_|TYPER_|PYDANTIC_|AIOHTTP_)"
    r".*|LANG|LANGUAGE"
)
TAKE_TERMINAL = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
SCRIPT = Path(__file__).with_name("forking.py")
Command = Sequence[str | bytes]


class NotForked(Exception):
    """Nobody forks, or what is asked for needs an interpreter of its own."""


class Forking(NamedTuple):
    """The process that forks: where it listens, and the variables with which it was started."""

    process: subprocess.Popen[bytes]
    address: str
    variables: Mapping[str, str]

    def end(self) -> None:
        """Let it end, which takes its socket away."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE)


@functools.cache
def forking() -> Forking:
    """The one of this process, which ends with it."""
    if not hasattr(os, "pidfd_open"):
        raise NotForked
    folder = Path(tempfile.mkdtemp(prefix="qa-"))  # a socket's path must be short
    variables = {**environment(folder), "OPENBLAS_NUM_THREADS": "1"}  # no thread, which no fork would have
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "s"))
        listener.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-P", str(SCRIPT), str(listener.fileno())],
            cwd=folder,
            env=variables,
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    begun = Forking(process, str(folder / "s"), _read_at_start(environment(folder)))
    atexit.register(begun.end)
    return begun


def _read_at_start(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if READ_AT_START.fullmatch(name)}


class Started(subprocess.Popen[bytes]):
    """As `Popen`; killed if its `with` fails, which would else wait for a child that nobody ends any more."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and self.poll() is None:
            self.kill()
        super().__exit__(kind, error, trace)


class Forked(Started):
    """As `Popen`, of a child that another process forks: that one tells its number and how it ended."""

    _close_pipe_fds: Callable[..., None]

    def _execute_child(self, args: Any, *given: Any) -> None:
        """Ask for it. Raises NotForked where it cannot be had so."""
        cwd, env = given[4], given[5]
        pipes = given[9:15]  # stdin, stdout, stderr: what the child reads or writes and what we do
        server = forking()
        if _read_at_start(env) != server.variables:
            raise NotForked
        words = [os.fsdecode(word) for word in args]
        cut = 1 + next((at for at, word in enumerate(words) if word in {"-m", "-c"}), 0)
        options = words[1 : cut + 1]
        if words[0] != sys.executable or options[:-1] not in (["-P", "-m"], ["-m"], ["-P", "-c"], ["-c"]):
            raise NotForked
        umask = os.umask(0o77)
        os.umask(umask)
        what = {
            "options": options,
            "words": words[cut + 1 :],
            "at": os.path.abspath(os.fspath(cwd)),  # noqa: PTH100 - as it is called, links and all
            "env": env,
            "umask": umask,
            "new_session": given[20],
        }
        data = json.dumps(what).encode()
        streams = [end if end != -1 else own for own, end in enumerate((pipes[0], pipes[3], pipes[5]))]
        self._answers = socket.socket(socket.AF_UNIX)
        try:
            self._answers.connect(server.address)
            socket.send_fds(self._answers, [NUMBER.pack(len(data))], streams)
            self._answers.sendall(data)
            number = self._answers.recv(NUMBER.size, socket.MSG_WAITALL)
        except OSError as exc:
            self._answers.close()
            raise NotForked from exc
        if not number:
            self._answers.close()
            raise NotForked
        (self.pid,) = NUMBER.unpack(number)
        self._child_created = True
        self._close_pipe_fds(*pipes)

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        """The child's number and wait status; twice 0 as long as it runs, if that is not waited for."""
        try:
            status = self._answers.recv(
                NUMBER.size, socket.MSG_DONTWAIT if wait_flags else socket.MSG_WAITALL
            )
        except BlockingIOError:
            return 0, 0
        self._answers.close()
        if not status:
            raise RuntimeError(f"the process that forked {self.pid} has ended")
        return self.pid, NUMBER.unpack(status)[0]

    def _internal_poll(self, _deadstate: int | None = None) -> int | None:
        if self.returncode is None:
            number, status = self._try_wait(os.WNOHANG)
            if number:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


Stream = int | IO[bytes] | None


def start(
    command: Command,
    *,
    at: Path,
    env: Mapping[str, str],
    stdin: Stream = None,
    stdout: Stream = subprocess.PIPE,
    stderr: Stream = subprocess.PIPE,
    new_session: bool = False,
    fresh: bool = False,
) -> subprocess.Popen[bytes]:
    """A command line, started. In a new session, a terminal on its standard input is the session's own."""
    how: dict[str, Any] = {"cwd": at, "env": env, "stdin": stdin, "stdout": stdout, "stderr": stderr}
    how["start_new_session"] = new_session
    try:
        if fresh:
            raise NotForked
        return Forked(command, **how)
    except NotForked:
        own = new_session and isinstance(stdin, int) and stdin > 0 and os.isatty(stdin)
        return Started([sys.executable, "-I", "-c", TAKE_TERMINAL, *command] if own else command, **how)


def run(
    command: Command,
    *,
    at: Path,
    env: Mapping[str, str],
    stdin: bytes = b"",
    timeout: float = PATIENCE,
    fresh: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """As `subprocess.run` with both streams captured."""
    with start(command, at=at, env=env, stdin=subprocess.PIPE, fresh=fresh) as process:
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)
