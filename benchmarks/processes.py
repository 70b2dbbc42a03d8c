"""Runs a command and says what it and everything that it left running cost; not a command. Linux only.

CPU seconds are those that the kernel accounts to each process when it ends, so that other work on the machine
does not count. A process that outlives the command is waited for, too.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

PROC = Path("/proc")
SAMPLED = 0.1  # seconds between two looks at the processes
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2): orphans become our children
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command cost. Memory is resident memory at its peak, in MiB."""

    output: str
    cpu_s: float  # of the command and all its descendants
    wall_s: float  # until the command ended
    all_wall_s: float  # until everything that it left running had ended
    largest_mib: float  # of the largest process
    together_mib: float  # of all processes at one moment, what they share counted in each
    by_role: Mapping[str, float]  # CPU seconds by what a process does; empty if it was not watched


@dataclass(slots=True)
class Watched:
    """What was seen of a tree of processes while it ran."""

    root: int
    roles: dict[int, str] = field(default_factory=dict)
    cpu: dict[int, float] = field(default_factory=dict)
    together: int = 0  # bytes

    def look(self) -> None:
        """Look at all processes of the tree."""
        resident = 0
        for pid in _tree(os.getpid()):
            try:
                fields = (PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                pages = int((PROC / str(pid) / "statm").read_text(encoding="utf-8").split()[1])
                role = self._role(pid)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended
            self.roles[pid] = role
            self.cpu[pid] = (int(fields[11]) + int(fields[12])) / TICKS
            resident += pages * PAGE
        self.together = max(self.together, resident)

    def _role(self, pid: int) -> str:
        """What a process does: told by the libraries it has loaded, which no renamed module changes."""
        if pid == self.root:
            return "main"
        known = self.roles.get(pid, "reading")
        if known == "reading" and "chromadb_rust" in (PROC / str(pid) / "maps").read_text(encoding="utf-8"):
            return "Chroma"
        return known

    def by_role(self, total: float) -> dict[str, float]:
        """CPU seconds by role; what `total` has more was spent between two looks."""
        seconds: dict[str, float] = {}
        for pid, cpu in self.cpu.items():
            seconds[self.roles[pid]] = seconds.get(self.roles[pid], 0.0) + cpu
        return {**seconds, "unseen": max(total - sum(seconds.values()), 0.0)}


def run(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None, watch: bool = False
) -> Usage:
    """Run a command to its end, and that of whatever it left running; what it prints is in `output`.

    With `watch`, its processes are looked at ten times a second, for `together_mib` and `by_role`. Raises
    SystemExit with the command's errors if it fails.

    It is started by a small process of its own: the kernel counts the memory of the process that forks as
    that of the one that is forked.
    """
    order = json.dumps({"arguments": list(arguments), "watch": watch})
    done = subprocess.run(
        [sys.executable, "-I", "-S", __file__, order],
        cwd=cwd,
        env=None if env is None else {**env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {done.returncode}\n{done.stderr}")
    return Usage(**json.loads(done.stdout))


def _run_here(arguments: Sequence[str], *, watch: bool) -> Usage:
    """Run a command as the only child of this process."""
    if ctypes.CDLL(None, use_errno=True).prctl(SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        start = time.perf_counter()
        process = subprocess.Popen(arguments, stdout=out)
        watched = Watched(process.pid)
        cpu = largest = wall = 0.0
        while True:
            try:
                pid, status, used = os.wait4(-1, os.WNOHANG if watch else 0)
            except ChildProcessError:  # there is none left
                break
            if not pid:
                watched.look()
                time.sleep(SAMPLED)
                continue
            cpu += used.ru_utime + used.ru_stime
            largest = max(largest, used.ru_maxrss / 1024)
            if pid == process.pid:
                wall = time.perf_counter() - start
                process.returncode = os.waitstatus_to_exitcode(status)
        all_wall = time.perf_counter() - start
        if process.returncode:
            sys.exit(process.returncode)
        out.seek(0)
        together = max(watched.together / MIB, largest)
        by_role = watched.by_role(cpu) if watch else {}
        return Usage(out.read(), cpu, wall, all_wall, largest, together, by_role)


def _tree(root: int) -> list[int]:
    """All living descendants of a process."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(encoding="utf-8")
            except (FileNotFoundError, ProcessLookupError):
                continue
            parent = int(stat.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    print(json.dumps(asdict(_run_here(order["arguments"], watch=order["watch"]))))
