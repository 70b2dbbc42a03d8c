"""Changed files of every format, by the thousand, in child processes with limits: what goes wrong.

`python benchmarks/soak/fuzz.py [--inputs N] [--formats csv …] [--seed N] [--folder FOLDER]`

The files are seeded by what the tests of the readers read, and by those of `tests/support/written_files.py`;
a changed file that takes a branch no other took is changed further. What goes wrong is in the folder.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.soak.harvest import VARIABLE
from index.readers.formats import FORMATS, reader_name
from tests.support.written_files import WRITERS, made_up

ROOT = Path(__file__).resolve().parents[2]
INPUTS = 70_000
CHILD = Path(__file__).with_name("fuzz_child.py")


@dataclass
class Fuzzed:
    """What came of the files of one format."""

    format: str
    inputs: int = 0
    figures: dict[str, float] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)  # what is wrong, and the file that shows it


def make_seeds(folder: Path) -> None:
    """A folder for each format, with what its tests read and what is written for all."""
    if not folder.exists():
        words = ("-m", "pytest", "-q", "-p", "benchmarks.soak.harvest", "tests/index/readers")
        environment = {**os.environ, VARIABLE: str(folder)}
        subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
    for name, write in WRITERS.items():
        row = reader_name(name).rpartition("/")[0]
        (folder / row / f"written-{name}").write_bytes(write(made_up(1)))


def fuzz(folder: Path, inputs: int, formats: Sequence[str], seed: int) -> Iterator[Fuzzed]:
    """`inputs` changed files, the same number of each format."""
    seeds = folder / "seeds"
    make_seeds(seeds)
    for name in formats:
        yield _one_format(folder / name, seeds / name, inputs // len(formats), seed)


def _one_format(folder: Path, seeds: Path, inputs: int, seed: int) -> Fuzzed:
    """A process for the files, and another one after each file that ended it."""
    (folder / "kept").mkdir(parents=True, exist_ok=True)
    fuzzed = Fuzzed(folder.name)
    while fuzzed.inputs < inputs:
        order = {
            "folder": str(folder),
            "format": folder.name,
            "seeds": str(seeds),
            "seed": f"{seed} {fuzzed.inputs}",
            "count": inputs - fuzzed.inputs,
            "findings": list(fuzzed.findings),
        }
        (folder / "done").write_text("0", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(CHILD), json.dumps(order)],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
        for line in map(json.loads, done.stdout.splitlines()):
            if "finding" in line:
                fuzzed.findings[line["finding"]] = line["file"]
            else:
                fuzzed.figures = _added(fuzzed.figures, line)
        fuzzed.inputs += 1 + int((folder / "done").read_text(encoding="utf-8"))
        if done.returncode:
            kind = _death(done.returncode)
            path = folder / f"finding-{len(list(folder.glob('finding-*')))}"
            path.write_bytes((folder / "now").read_bytes())
            fuzzed.findings.setdefault(kind, str(path))
    return fuzzed


def _added(figures: dict[str, float], more: dict[str, float]) -> dict[str, float]:
    """Of a format whose process had to be started again: sums, but what is known at the end."""
    summed = {name: figures.get(name, 0) + more[name] for name in ("read", "refused", "cpu")}
    most = {"slowest": max(figures.get("slowest", 0), more["slowest"])}
    first = {name: figures.get(name, more[name]) for name in ("seeds", "branches")}
    return {**more, **first, **summed, **most}


def _death(code: int) -> str:
    if code == -signal.SIGXCPU:
        return "took all of its CPU seconds"
    return f"ended the process ({signal.Signals(-code).name})" if code < 0 else f"ended the process ({code})"


COLUMNS = ("seeds", "branches", "reached", "all", "kept", "read", "refused", "cpu", "slowest")


def table(rows: Sequence[Fuzzed]) -> list[str]:
    """A Markdown table, and the findings below it."""
    names = (
        "inputs | seeds | their branches | reached | of | kept | read | refused | CPU s | slowest | findings"
    )
    lines = [f"| format | {names} |", "|---|" + "--:|" * 11]
    for row in rows:
        figures = " | ".join(f"{row.figures.get(name, 0):,}" for name in COLUMNS)
        lines.append(f"| {row.format} | {row.inputs:,} | {figures} | {len(row.findings)} |")
    total = sum(row.inputs for row in rows)
    found = sum(len(row.findings) for row in rows)
    lines += ["", f"{total:,} inputs over {len(rows)} formats, {found} findings"]
    return [
        *lines,
        *(f"- {row.format}: {kind}: {path}" for row in rows for kind, path in row.findings.items()),
    ]


def main() -> None:
    """Fuzz, and print the table; exit code 1 if anything was found."""
    names = [row.name for row in FORMATS]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=int, default=INPUTS)
    parser.add_argument("--formats", nargs="+", choices=names, default=names)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument(
        "--folder", type=Path, default=None, help="what is kept, to go on from; else a new one"
    )
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="qa-soak-"))
    rows = []
    for row in fuzz(folder, given.inputs, given.formats, given.seed):
        print("\n".join(table([row])[2:]), file=sys.stderr, flush=True)
        rows.append(row)
    print("\n".join(table(rows)))
    sys.exit(any(row.findings for row in rows))


if __name__ == "__main__":
    main()
