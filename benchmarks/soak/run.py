"""The long forms of the tests of faults, one after the other, and one table of what they found.

`make soak`, or `python benchmarks/soak/run.py`. How long they are is set by variables of the environment:

- `QA_SOAK_KILLS`: writers killed (500), two fifths while they commit, write to Chroma or seal its files;
  evaluations killed are a fifth as many of each kind
- `QA_SOAK_INPUTS`: changed files, over all formats that are read (70,000)
- `QA_SOAK_MINUTES`: of questions beside writers (60)
- `QA_SOAK_FOLDER`: where changed files are kept that are worth changing further (a new folder)
- `QA_SOAK=short`: 20, 2,500 and 1, for whoever wants to see whether it works

Exit code 1 if anything was found.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.soak.beside import READERS, beside, failed
from benchmarks.soak.fuzz import fuzz, table as fuzz_table
from index.readers.formats import FORMATS

ROOT = Path(__file__).resolve().parents[2]
LONG = {"KILLS": 500.0, "INPUTS": 70_000.0, "MINUTES": 60.0}
SHORT = {"KILLS": 20.0, "INPUTS": 2_500.0, "MINUTES": 1.0}
SEED = 2026
KILLED = {
    "writers killed": ("tests/index/sync/test_killed.py", 1),
    "evaluations killed": ("tests/qa/evaluation/running/test_killed.py", 5),
}
DAMAGE = ROOT / "benchmarks" / "damage.py"


@dataclass(frozen=True, slots=True)
class Row:
    """One form: how much of it there was, what came of it, and whether that is as it must be."""

    what: str
    much: str
    found: str
    good: bool
    cpu_s: float = 0.0


def kills(what: str, count: int) -> Row:
    """The test of killed processes, with so many kills."""
    path, share = KILLED[what]
    environment = {**os.environ, "QA_KILLS": str(max(1, count // share)), "PYTHONDONTWRITEBYTECODE": ""}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-s",
        "-o",
        "faulthandler_timeout=0",
        path,
        "-k",
        "killed",
    ]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    told = re.findall(r"^\.?(\d+ kills.*)$", done.stdout, re.MULTILINE)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    found = "nothing lost" if done.returncode == 0 else "a test failed: see above"
    return Row(what, "; ".join(told) or environment["QA_KILLS"], found, done.returncode == 0)


def changed_files(folder: Path, inputs: int) -> Row:
    """Changed files of every format."""
    rows = []
    for row in fuzz(folder, inputs, [one.name for one in FORMATS], SEED):
        print("\n".join(fuzz_table([row])[2:]), file=sys.stderr, flush=True)
        rows.append(row)
    findings = [f"{row.format}: {kind} ({path})" for row in rows for kind, path in row.findings.items()]
    total = sum(row.inputs for row in rows)
    much = f"{total:,} over {len(rows)} formats"
    return Row("changed files", much, "; ".join(findings) or "0 findings", not findings)


def readers_beside_writers(minutes: float) -> Row:
    """Questions while others write."""
    with tempfile.TemporaryDirectory(prefix="qa-soak-") as folder:
        counts = beside(Path(folder) / "home", minutes, READERS)
    answers, commits = counts.pop("answers", 0), counts.pop("commits", 0)
    much = f"{minutes:g} minutes, {READERS} readers: {answers:,} answers beside {commits:,} commits"
    return Row("readers beside writers", much, _listed(counts), not failed(counts))


def flipped_bits() -> Row:
    """Damage to the catalog, by its own script; the last line that it prints says what came of it."""
    done = subprocess.run(
        [sys.executable, str(DAMAGE)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    lines = done.stdout.split("\n\n")[-1].strip().splitlines() or [""]
    return Row("flipped bits", "benchmarks/damage.py", lines[-1], done.returncode == 0)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items()))


def forms() -> Iterator[Callable[[], Row]]:
    """What is to be done, as the environment has it."""
    lengths = SHORT if os.environ.get("QA_SOAK") == "short" else LONG
    length = {name: float(os.environ.get(f"QA_SOAK_{name}", usual)) for name, usual in lengths.items()}
    folder = Path(os.environ.get("QA_SOAK_FOLDER") or tempfile.mkdtemp(prefix="qa-soak-"))
    for what in KILLED:
        yield lambda what=what: kills(what, int(length["KILLS"]))  # type: ignore[misc]  # mypy cannot infer it
    yield lambda: changed_files(folder, int(length["INPUTS"]))
    yield lambda: readers_beside_writers(length["MINUTES"])
    if DAMAGE.exists():
        yield flipped_bits


def main() -> None:
    """Run all of it, and print the table."""
    lines = ["| what | how much | found | CPU s |", "|---|---|---|--:|"]
    good = True
    for form in forms():
        before = _cpu()
        row = form()
        good &= row.good
        lines.append(f"| {row.what} | {row.much} | {row.found} | {_cpu() - before:,.0f} |")
        print(lines[-1], file=sys.stderr, flush=True)
    print("\n".join(lines))
    sys.exit(not good)


def _cpu() -> float:
    """Seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
