"""Questions asked beside writers for a while: errors, answers older than the last commit, and what is left.

`python benchmarks/soak/beside.py [--minutes N] [--readers N]`

Two processes edit documents and bring the index up to date; the others ask, in conversations that stay open
and in processes of their own. Each document says its version, so that a stale answer is seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import qa
from index.storage.catalog import FILE_NAME, Catalog
from index.storage.lock import writer_lock
from qa.errors import IndexLocked
from tests.support.vectors import assert_whole, update_chroma

PLACES = ("Zadar", "Brest", "Skagen", "Turku", "Porto", "Genoa", "Kotor", "Visby", "Emden", "Cadiz")
WRITERS = 2
READERS = 8  # every fourth starts a process for each question
MINUTES = 60.0
FILLER = "".join(
    f"On day {day} of that year the lamp burned well, and nothing was seen.\n" for day in range(60)
)
_SHIPS = re.compile(r"counted (\d+) ships")
Counts = dict[str, int]


def text_of(place: str, version: int) -> str:
    """A document that says its version."""
    return f"The keeper of {place}\n\nThe keeper of {place} counted {version} ships in all.\n\n{FILLER}"


class Versions:
    """Which version of each document somebody has begun to write, and which is committed."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "versions"
        self._folder.mkdir(exist_ok=True)

    def note(self, state: str, place: str, version: int) -> None:
        """Write it down in one piece."""
        fresh = self._folder / f"{state}-{place}-{os.getpid()}"
        fresh.write_text(str(version), encoding="utf-8")
        fresh.replace(self._folder / f"{state}-{place}")

    def known(self, state: str, place: str) -> int:
        """The last one."""
        return int((self._folder / f"{state}-{place}").read_text(encoding="utf-8"))


def write(home: Path, number: int, until: float) -> Counts:
    """New versions of every document whose turn it is with this writer, one after the other."""
    versions, counts = Versions(home), Counter[str]()
    mine = PLACES[number::WRITERS]
    index = qa.Index(home / ".qa")
    chance = random.Random(number)
    while time.monotonic() < until:
        place = chance.choice(mine)
        version = versions.known("begun", place) + 1
        versions.note("begun", place, version)
        (home / "docs" / f"{place}.txt").write_text(text_of(place, version), encoding="utf-8")
        while True:
            try:
                report = index.sync(home / "docs" / f"{place}.txt")
            except IndexLocked:
                counts["waited in vain"] += 1
                continue
            break
        counts["errors"] += len(report.failed)
        versions.note("committed", place, version)
        counts["commits"] += 1
    return counts


def read(home: Path, number: int, until: float) -> Counts:
    """Questions about documents by chance, each answer compared with what is committed."""
    versions, counts = Versions(home), Counter[str]()
    chance = random.Random(1000 + number)
    ask = ask_in_a_process(home) if number % 4 == 3 else ask_in_a_conversation(home)
    while time.monotonic() < until:
        place = chance.choice(PLACES)
        least = versions.known("committed", place)
        try:
            said = ask(f"How many ships did the keeper of {place} count?")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            counts["errors"] += 1
            continue
        counts["answers"] += 1
        found = [int(ships) for text in said if f"of {place} " in text for ships in _SHIPS.findall(text)]
        counts["without the fact"] += not found
        counts["stale"] += any(not least <= ships <= versions.known("begun", place) for ships in found)
    return counts


def ask_in_a_conversation(home: Path) -> Callable[[str], list[str]]:
    """One index that stays open."""
    index = qa.Index(home / ".qa", create=False)
    return lambda question: [citation.text for citation in index.ask(question).citations]


def ask_in_a_process(home: Path) -> Callable[[str], list[str]]:
    """`qa ask`, anew for each question."""

    def ask(question: str) -> list[str]:
        command = [sys.executable, "-P", "-m", "qa", "ask", "--json", "--index", str(home / ".qa"), question]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise RuntimeError(f"exit code {done.returncode}: {done.stderr}")
        return [citation["text"] for citation in json.loads(done.stdout)["citations"]]

    return ask


def beside(home: Path, minutes: float, readers: int) -> Counts:
    """All of them, for so long; then what the catalog and Chroma must keep."""
    (home / "docs").mkdir(parents=True)
    versions = Versions(home)
    for place in PLACES:
        (home / "docs" / f"{place}.txt").write_text(text_of(place, 1), encoding="utf-8")
        versions.note("begun", place, 1)
        versions.note("committed", place, 1)
    qa.Index(home / ".qa").sync(home / "docs", wait=True)
    until = str(time.monotonic() + 60 * minutes)
    roles = [("write", number) for number in range(WRITERS)] + [("read", number) for number in range(readers)]
    processes = [
        subprocess.Popen(
            [sys.executable, __file__, "--as", role, str(number), str(home), until],
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for role, number in roles
    ]
    counts = Counter[str]()
    for process in processes:
        out, _ = process.communicate()
        counts.update(json.loads(out) if process.returncode == 0 else {"died": 1})
    check_whole(home)
    return counts


def check_whole(home: Path) -> None:
    """Every source is as it was committed, and Chroma has its chunks. Raises AssertionError."""
    versions = Versions(home)
    database = sqlite3.connect(home / ".qa" / FILE_NAME)
    with writer_lock(home / ".qa", 60), closing(database), Catalog.open(home / ".qa") as catalog:
        hashes: dict[str, str] = dict(database.execute("SELECT name, text_sha256 FROM sources").fetchall())
        for source in catalog.sources():
            stored = catalog.prepared(source.id)
            place = Path(source.name).stem
            assert stored.text == text_of(place, versions.known("committed", place)), source.name
            assert hashes[source.name] == hashlib.sha256(stored.text.encode()).hexdigest()
            assert all(chunk.span.of(stored.text) == chunk.text for chunk in stored.chunks)
        assert catalog.counts().sources == len(PLACES)
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        update_chroma(catalog)
        assert_whole(catalog)


def table(counts: Counts) -> list[str]:
    """What was counted, one kind a line."""
    return ["| | |", "|---|--:|", *(f"| {kind} | {count:,} |" for kind, count in sorted(counts.items()))]


def failed(counts: Counts) -> bool:
    """True if anything was counted that must not be."""
    return any(counts.get(kind) for kind in ("errors", "stale", "died", "without the fact"))


def main(words: Sequence[str]) -> None:
    """Run it, or one of its processes."""
    if words[:1] == ["--as"]:
        role, number, home, until = words[1:]
        act = write if role == "write" else read
        print(json.dumps(act(Path(home), int(number), float(until))))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--readers", type=int, default=READERS)
    given = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="qa-soak-") as folder:
        counts = beside(Path(folder) / "home", given.minutes, given.readers)
    print("\n".join(table(counts)))
    sys.exit(failed(counts))


if __name__ == "__main__":
    main(sys.argv[1:])
