"""What giant and hostile files cost: 95 of them, each indexed alone, as `qa index FILE` does it. Linux only.

`python benchmarks/giants.py [NAME …] [--table]`

Each file is made in a temporary folder, indexed by a process of its own with `qa`'s defaults (but for
`max_file_size`, which is 250 MB, and OCR, which is on for what is called a scan), and deleted. Of each: CPU
seconds and peak resident memory of the process that read it and of the one that kept the index, and how it
ended: read, read in part (with a remark), or not read, for which reason. A file is over the limits where the
reading took more than 1 GiB or 60 CPU seconds. NAME is a part of a file's name. `--table` prints Markdown.

Chroma is left out: its process tells nothing of files.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.giant_files import mail, markup, office, pdf, plain
from benchmarks.giant_files.writing import Maker

MAKERS: dict[str, Maker] = {
    name: maker for kind in (plain, markup, mail, office, pdf) for name, maker in kind.MAKERS.items()
}
MIB = 2**20
MOST_MEMORY, MOST_SECONDS = 1024, 60.0  # of the process that reads
SCANS = ("scanned", ".png")
LONGEST = 1_200  # seconds after which a file is given up, with all that reads it


@dataclass(frozen=True, slots=True)
class Cost:
    """One file: CPU seconds and MiB at the peak, of the reading and of what called it, and how it ended."""

    name: str
    size_mb: float
    outcome: str
    reading_s: float = 0.0
    reading_mib: float = 0.0
    calling_s: float = 0.0
    calling_mib: float = 0.0

    @property
    def over(self) -> bool:
        """True if reading it took more than one file may take."""
        return self.reading_mib > MOST_MEMORY or self.reading_s > MOST_SECONDS or self.outcome == "no end"


def index_one(path: Path) -> Cost:
    """Index a file, in this process and its children, and say what that cost."""
    from qa import Index

    ocr = any(mark in path.name for mark in SCANS)
    os.environ.update(QA_CHROMA="0", QA_MAX_FILE_SIZE="250MB", QA_OCR="1" if ocr else "0")
    with tempfile.TemporaryDirectory() as folder, Index(Path(folder) / ".qa") as index:
        report = index.sync(path)
    reasons = [reason for _, reason in (*report.failed, *report.skipped)]
    notes = [note for _, note in report.notes]
    outcome = f"not read: {reasons[0]}" if reasons else f"in part: {'; '.join(notes)}" if notes else "read"
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Cost(
        path.name,
        round(path.stat().st_size / 1e6, 1),
        outcome,
        round(children.ru_utime + children.ru_stime, 1),
        round(children.ru_maxrss / 1024),
        round(own.ru_utime + own.ru_stime, 1),
        round(own.ru_maxrss / 1024),
    )


def cost_of(name: str, folder: Path) -> Cost:
    """Make a file, have it indexed by a process of its own, and delete it."""
    path = folder / name
    us = [sys.executable, __file__]
    subprocess.run([*us, "--make", str(path)], check=True)  # not here: who is started inherits our peak
    size = round(path.stat().st_size / 1e6, 1)
    try:
        done = subprocess.run(
            [*us, "--one", str(path)], capture_output=True, encoding="utf-8", timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return Cost(name, size, "no end")
    finally:
        path.unlink()
    if done.returncode:
        return Cost(name, size, f"error: {done.stderr.strip().splitlines()[-1:]}")
    return Cost(**json.loads(done.stdout))


def costs(names: list[str]) -> Iterator[Cost]:
    """The cost of every file whose name holds one of `names`; of all, if there are none."""
    with tempfile.TemporaryDirectory() as folder:
        for name in MAKERS:
            if not names or any(part in name for part in names):
                yield cost_of(name, Path(folder))


def main() -> None:
    """Print a line for each file, and how many are over the limits."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.make:
        MAKERS[asked.make.name](asked.make)
        return
    if asked.one:
        print(json.dumps(asdict(index_one(asked.one))))
        return
    row = (
        "| {} | {:.1f} | {:.1f} | {:.0f} | {:.1f} | {:.0f} | {} |"
        if asked.table
        else "{:36} {:6.1f} MB  {:6.1f} s {:5.0f} MiB  {:6.1f} s {:5.0f} MiB  {}"
    )
    if asked.table:
        print("| file | MB | reading s | MiB | index s | MiB | |", "|---|---|---|---|---|---|---|", sep="\n")
    started, seen = time.monotonic(), []
    for cost in costs(asked.names):
        seen.append(cost)
        mark = "**" if cost.over else ""
        print(
            row.format(
                cost.name,
                cost.size_mb,
                cost.reading_s,
                cost.reading_mib,
                cost.calling_s,
                cost.calling_mib,
                mark + cost.outcome[:150] + mark,
            ),
            flush=True,
        )
    over = sum(cost.over for cost in seen)
    print(f"\n{over} of {len(seen)} over the limits ({time.monotonic() - started:.0f} s)")


if __name__ == "__main__":
    main()
