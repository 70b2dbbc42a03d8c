"""The inside of a process that reads changed files of one format, one after the other.

A file that takes a branch which no other took is kept, and changed further. What goes wrong is printed, as a
line of JSON a finding; a file that ends the process is in `now` of the folder.
"""

from __future__ import annotations

import ast
import json
import random
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.soak.branches import Branches
from benchmarks.soak.invariants import check
from benchmarks.soak.mutate import Chance, mutate
from benchmarks.soak.parts import put_together, take_apart
from index.errors import ReadError
from index.readers import formats
from index.storage.records import FileStat, Prepared
from index.sync.prepare import prepare
from index.sync.tasks import Task
from index.types import Reading

ROOT = Path(__file__).resolve().parents[2]
LONGEST_WORD = 40  # characters of a word of the readers
MEMORY = 2_000_000_000  # bytes of address space, as a reader has
SLOW = 2.0  # CPU seconds: a file of at most a few hundred KB has no business to take them
FATAL = 20  # CPU seconds after which the process ends
RECENT = 30  # files that were kept last are changed more often


@dataclass
class Fuzz:
    """One format: its files, and which branches they took."""

    row: formats.Format
    folder: Path
    branches: Branches
    draw: random.Random
    kept: list[bytes] = field(default_factory=list)
    known: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0  # CPU seconds
    findings: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.task = Task("", None, f"a{self.row.suffixes[-1]}", "source", FileStat(0, 0, 0))
        self.last: list[Reading] = []
        whole = formats.read

        def remembering(*arguments: object, **options: object) -> Reading:
            self.last[:] = [whole(*arguments, **options)]  # type: ignore[arg-type]  # as it is called
            return self.last[0]

        formats.read = remembering  # prepare asks for it by its name
        self.words = list(_words_of_readers(self.row.module.split(".", maxsplit=1)[0]))

    def seed(self, data: bytes) -> None:
        """Keep a file if it takes a branch of its own, without the parts that make no difference."""
        if self._takes_new_branches(data):
            self.kept.append(self._lean(data))

    def _lean(self, data: bytes) -> bytes:
        parts = take_apart(data)
        if len(parts) < 2:
            return data
        whole = self._branches_of(data)
        for name in list(parts):
            fewer = {other: part for other, part in parts.items() if other != name}
            if fewer and self._branches_of(put_together(fewer, data)) == whole:
                parts = fewer
        return put_together(parts, data)

    def _branches_of(self, data: bytes) -> int:
        self.branches.taken()
        self._outcome(data)
        return self.branches.taken()

    def step(self) -> None:
        """One changed file."""
        draw = self.draw
        recent = draw.random() < 0.3
        parent = draw.choice(self.kept[-RECENT:] if recent else self.kept)
        data = mutate(parent, Chance(draw, self.words, self.kept))
        self.branches.taken()  # taking files apart may use code of the readers
        if self._takes_new_branches(data):
            self.kept.append(data)
            (self.folder / "kept" / f"{len(self.kept) - 1:06}").write_bytes(data)

    def _takes_new_branches(self, data: bytes) -> bool:
        (self.folder / "now").write_bytes(data)
        begun = time.process_time()
        _limit_cpu()
        kind = self._outcome(data)
        seconds = time.process_time() - begun
        self.slowest = max(self.slowest, seconds)
        if kind is None and seconds > SLOW:
            kind = f"took {seconds:.0f} s"
        if kind and kind not in self.findings:
            self.findings.add(kind)
            name = f"finding-{len(list(self.folder.glob('finding-*')))}"
            (self.folder / name).write_bytes(data)
            print(
                json.dumps({"finding": kind, "file": str(self.folder / name), "bytes": len(data)}), flush=True
            )
        taken = self.branches.taken()
        new = taken & ~self.known
        self.known |= taken
        return bool(new) and kind is None

    def _outcome(self, data: bytes) -> str | None:
        """What is wrong with what came of a file, if anything."""
        try:
            result = prepare(data, self.task)
            if isinstance(result, Prepared):
                self.read += 1
                check(self.last[0], result)
            else:
                self.refused += 1
        except ReadError as error:
            self.refused += 1
            return None if error.cause and error.hint else f"an error that says nothing: {error!r}"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            return _where(error)
        return None


def _where(error: Exception) -> str:
    """The error, and the line of ours that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/index/" in frame.filename] or frames
    place = f"{Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].name}"
    detail = str(error).splitlines()[0][:60] if isinstance(error, AssertionError) and str(error) else ""
    if isinstance(error, AssertionError):
        last = frames[-1]
        place, detail = f"{Path(last.filename).name}:{last.name}", (detail or (last.line or ""))[:45]
    return f"{type(error).__name__} at {place} {detail}".strip()


def _words_of_readers(package: str) -> Iterator[bytes]:
    """The texts in the modules of the format: what it looks for."""
    for path in sorted((ROOT / "index" / "readers" / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                word = node.value if isinstance(node.value, bytes) else node.value.encode("utf-8", "replace")
                if 0 < len(word) <= LONGEST_WORD:
                    yield word


def _limit_cpu() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + FATAL
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def run(branches: Branches) -> None:
    """Read the seeds, or what was kept of them and their descendants; then so many changed files."""
    order = json.loads(sys.argv[1])
    folder = Path(order["folder"])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    row = next(one for one in formats.FORMATS if one.name == order["format"])
    fuzz = Fuzz(row, folder, branches, random.Random(order["seed"]))
    fuzz.findings.update(order["findings"])
    kept = sorted((folder / "kept").iterdir())
    for path in kept or sorted(Path(order["seeds"]).iterdir()):
        fuzz.seed(path.read_bytes())
    for number, data in enumerate(() if kept else fuzz.kept):
        (folder / "kept" / f"{number:06}").write_bytes(data)
    begun = {"seeds": len(fuzz.kept), "branches": fuzz.known.bit_count()}
    fuzz.read = fuzz.refused = 0
    for done in range(order["count"]):
        (folder / "done").write_text(str(done), encoding="utf-8")
        fuzz.step()
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = {
        "read": fuzz.read,
        "refused": fuzz.refused,
        "kept": len(fuzz.kept),
        "slowest": round(fuzz.slowest, 2),
        "reached": fuzz.known.bit_count(),
        "all": branches.count,
        "cpu": round(used.ru_utime + used.ru_stime),
    }
    print(json.dumps({**begun, **end}))
