"""Python child processes: starting them, their pipes, and messages framed by length."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from index.concurrency import lifeline
from index.errors import StorageError

DETACHED = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
CPU_MAX = Path("/sys/fs/cgroup/cpu.max")  # microseconds granted in each period of so many; docs of cgroup v2
HEADER = 8  # bytes before every message: its length
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, of `ru_maxrss`


def cores() -> int:
    """How many cores this process may use: a container can have a share of those that it sees."""
    seen = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(seen, _quota(CPU_MAX) or seen))


def _quota(cpu_max: Path) -> int | None:
    """The cores, rounded up, that a control group of Linux (version 2) grants; None if it sets no limit."""
    try:
        granted, period = map(int, cpu_max.read_text(encoding="ascii").split())
    except (OSError, ValueError):  # no such group; "max 100000"
        return None
    return -(-granted // period)


def own_channels() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the parent, moved away from where a library may print or read; ^C is the parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    results = os.fdopen(os.dup(1), "wb")
    tasks = os.fdopen(os.dup(0), "rb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return results, tasks


def write_message(stream: IO[bytes], payload: bytes) -> None:
    """One message. Raises OSError if nobody is there to read it."""
    stream.write(len(payload).to_bytes(HEADER, "big"))
    stream.write(payload)
    stream.flush()


def read_message(stream: IO[bytes]) -> bytes | None:
    """The next message, waited for; None if there is none, or only the beginning of one."""
    header = stream.read(HEADER)
    length = int.from_bytes(header, "big")
    message = stream.read(length) if len(header) == HEADER else b""
    return message if len(header) == HEADER and len(message) == length else None


def python_child(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A fresh Python that runs `code` with `arguments` in `sys.argv[2:]`, and finds what this one finds.

    It reads no `PYTHON…` variables and imports nothing from the working directory as such. What it prints on
    standard error is dropped. It ends with this process, or when what is returned is collected. Raises
    StorageError if the system allows no more processes.
    """
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    if not lifeline.AVAILABLE:
        return _started(code, arguments, **streams)
    end, held = os.pipe()
    boot = f"from index.concurrency.lifeline import end_with; end_with({end}); {code}"
    try:
        child = _started(boot, arguments, pass_fds=(end,), **streams)
    except BaseException:
        os.close(held)
        raise
    finally:
        os.close(end)
    weakref.finalize(child, os.close, held)
    return child


def lasting_python(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    """The same as a process that outlives this one: of no terminal, of no folder, and nobody hears it.

    It is waited for in a thread, so that it leaves nothing behind where this process goes on for longer.
    """
    nowhere = subprocess.DEVNULL
    own = {"start_new_session": True} if os.name == "posix" else {"creationflags": DETACHED}
    process = _started(
        code, arguments, stdin=nowhere, stdout=nowhere, stderr=nowhere, cwd=Path(sys.executable).anchor, **own
    )
    threading.Thread(target=process.wait, daemon=True).start()
    return process


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A folder for its owner alone, removed at the end, also if this process is killed in the middle.

    Another one makes it and takes it away, once this one ends or has done with it. Raises StorageError.
    """
    pipe, own = subprocess.PIPE, {"start_new_session": True} if os.name == "posix" else {}
    with _started(_KEEPER, (prefix,), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, **own) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        folder = keeper.stdout.readline().decode().strip()
        if not folder:
            raise StorageError("no temporary folder can be made", "make room on the disk, or set TMPDIR")
        yield Path(json.loads(folder))


_KEEPER = """import shutil, tempfile
folder = tempfile.mkdtemp(prefix=sys.argv[2])
print(json.dumps(folder), flush=True)
sys.stdin.read()
shutil.rmtree(folder, ignore_errors=True)
"""


def _started(code: str, arguments: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    here = str(Path(__file__).resolve().parents[2])
    path = [here, *(str(Path(entry).absolute()) for entry in sys.path if entry and entry != here)]
    boot = f"import json, sys; sys.path[:] = json.loads(sys.argv[1]); {code}"
    words = [sys.executable, "-I", "-c", boot, json.dumps(path), *arguments]
    try:
        return subprocess.Popen(words, **options)  # noqa: S603 - this very Python, with our own words
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(f"no further process can be started: {reason}", "close other programs") from error


def peak_memory() -> int:
    """Bytes of memory that this process had at its peak, 0 where that is not known."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT


def kill_unwaited(process: subprocess.Popen[bytes]) -> None:
    """End a process at once. One that has ended can still be waited for, which `Popen.kill` may prevent."""
    if sys.platform == "win32":
        process.kill()
    elif process.returncode is None:
        os.kill(process.pid, signal.SIGKILL)


def wait_for_end(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    """A process waited for: its exit code, and its memory in bytes at the peak, 0 where that is not known.

    On Linux that is at least the peak of whoever started it, by then: it was made as a copy of that process.
    """
    if sys.platform != "win32":
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except ChildProcessError:
            return process.wait(), 0  # another thread has waited for it
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, usage.ru_maxrss * MAXRSS_UNIT
    return process.wait(), 0


def run_python(code: str, *arguments: str, data: bytes, seconds: float) -> bytes | None:
    """Standard output of a `python_child` that was given `data`; None if it failed or took more `seconds`."""
    with python_child(code, *arguments) as child:
        try:
            printed, _ = child.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            child.kill()
    return printed if child.returncode == 0 else None
