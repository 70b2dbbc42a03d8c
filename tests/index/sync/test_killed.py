"""Writers killed at any moment, or two at once: no committed source is lost or torn, and Chroma follows.

Ten seeded kills by default, of which four fall into a window: `QA_KILLS=500` for a long run, `QA_KILL_SEED`
for other moments.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

from index.storage.catalog import Catalog
from index.storage.database import Database
from index.storage.lock import writer_lock
from index.storage.records import Prepared
from index.vectors import mirror
from index.vectors.chroma import GRAPH, ChromaVectors
from index.vectors.writer_process import serve
from tests.support.alive import ends_within
from tests.support.catalogs import open_catalog, prepared, row_of, store, vectors_of
from tests.support.timeouts import PATIENCE
from tests.support.vectors import assert_whole, update_chroma

KILLS = int(os.environ.get("QA_KILLS", "10"))
SEED = int(os.environ.get("QA_KILL_SEED", "2026"))
CODE = Path(__file__).resolve().parents[3]
NAMES = [f"{n}.txt" for n in range(6)]
LINES = 40
# Who is killed: at any moment; or in the middle of committing, of writing to Chroma, of sealing its files.
WHOM = (
    *("writer", "chroma", "committing", "writing", "writer"),
    *("chroma", "sealing", "committing", "writer", "chroma"),
)

# Imports everything once and then forks one writer for each line, before anything was opened: an import of
# Chroma takes longer than all the writing.
FORKING = """
import os, signal, sys
from pathlib import Path
import chromadb
from tests.index.sync.test_killed import write_for_ever

print("ready", flush=True)
for line in sys.stdin:
    writer = os.fork()
    if not writer:
        whom, seconds = line.split()
        write_for_ever(Path(sys.argv[1]), whom, float(seconds))
    os.waitpid(writer, 0)
    print("ended", flush=True)
"""


def version_of(folder: Path, name: str, version: int) -> Prepared:
    """A source all of whose lines bear the version; one in three is the same in every version."""
    lines = (f"{name} line {n} {'kept' if n % 3 else version}\n" for n in range(LINES))
    return prepared(folder, name, f"version {version}\n" + "".join(lines))


def write_for_ever(folder: Path, whom: str, seconds: float) -> None:
    """New versions of all sources, two in a transaction; after each round Chroma in the background.

    One of a window is killed so many seconds into it, the first time, at the latest at its end.
    """
    GRAPH["sync_threshold"] = 50  # Chroma's vector files are written all the time
    mirror.CHUNKS_AT_ONCE = 60
    mirror.BUILT_ANEW_UP_TO = 0
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    say(f"writer {os.getpid()}")
    parent = os.getppid()
    if whom == "committing":
        die_in(Database, "run", seconds, only="COMMIT")
    while os.getppid() == parent:  # a test that failed leaves nobody behind
        with writer_lock(folder, PATIENCE), Catalog.open(folder) as catalog:
            version = 1 + max(version_in(catalog.text(source.id)) for source in catalog.sources())
            for first, second in zip(NAMES[::2], NAMES[1::2], strict=True):
                store(catalog, version_of(folder, first, version), version_of(folder, second, version))
                say(f"{first} {version}", f"{second} {version}")
        background = os.fork()
        if not background:
            os.setsid()
            if whom == "writing":
                die_in(ChromaVectors, "write", seconds)
            elif whom == "sealing":
                die_in(mirror, "seal", seconds)
            serve(str(folder))
            os._exit(0)
        say(f"chroma {background}")


def die_in(owner: type | ModuleType, name: str, seconds: float, only: str = "") -> None:
    """See that this process is killed within a function, however fast it is; if `only` is among its words."""
    function = getattr(owner, name)

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def dying(*words: object, **options: object) -> object:
        if only and only not in words:
            return function(*words, **options)
        threading.Timer(seconds, die).start()
        result = function(*words, **options)
        die()
        return result

    setattr(owner, name, dying)


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def version_in(text: str) -> int:
    return int(text.split(maxsplit=2)[1])


class Victims:
    """Writers, the processes that they leave in the background, and what was said to be committed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._pids: dict[str, int] = {}
        self.committed: dict[str, int] = {}
        assert process.stdin is not None
        assert process.stdout is not None
        self._words, self._lines = process.stdin, process.stdout
        assert self._lines.readline() == "ready\n"

    def begin(self, whom: str, seconds: float) -> None:
        """Another writer; see write_for_ever."""
        self._words.write(f"{whom} {seconds}\n")
        self._words.flush()
        self.until("writer")

    def until(self, what: str) -> None:
        """Hear what they say, up to the next line that begins so."""
        word = ""
        while word != what:
            line = self._lines.readline()
            assert line, "the writer's parent died"
            word, _, number = line.strip().partition(" ")
            if word in {"writer", "chroma"}:
                self._pids[word] = int(number)
            elif word != "ended":
                self.committed[word] = int(number)

    def pid(self, what: str) -> int:
        """That of the last one of these."""
        return self._pids[what]

    def kill(self, what: str) -> None:
        """Kill the last one of these."""
        with suppress(ProcessLookupError):
            os.kill(self._pids[what], signal.SIGKILL)


@pytest.fixture
def victims(tmp_path: Path) -> Iterator[Victims]:
    folder = tmp_path / ".qa"
    with open_catalog(folder) as catalog:
        store(catalog, *(version_of(folder, name, 0) for name in NAMES))
    with subprocess.Popen(
        [sys.executable, "-P", "-c", FORKING, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CODE)},
        encoding="utf-8",
    ) as process:
        killed = Victims(process)
        yield killed
        for what in ("writer", "chroma"):
            killed.kill(what)
        process.kill()


def assert_sources_whole(catalog: Catalog, committed: dict[str, int]) -> None:
    """Every source is one whole version, not older than what was committed, found by words and by vectors."""
    hashes: dict[str, str] = dict(catalog._db.rows("SELECT name, text_sha256 FROM sources"))
    assert sorted(hashes) == NAMES
    expected: dict[str, bytes] = {}
    for source in catalog.sources():
        stored = catalog.prepared(source.id)
        version = version_in(stored.text)
        assert version >= committed.get(source.name, 0)
        assert stored == version_of(catalog.folder, source.name, version)
        assert hashes[source.name] == hashlib.sha256(stored.text.encode()).hexdigest()
        keyed = vectors_of(stored)
        expected.update({chunk.id: keyed[key] for chunk, key in zip(stored.chunks, stored.keys, strict=True)})
        assert (
            len(
                catalog.match(
                    "line", limit=9999, within=catalog.chunk_rows_within([row_of(catalog, source.name)])
                )
            )
            == LINES
        )
    assert catalog.counts() == (len(NAMES), len(expected), len(expected))
    rows, matrix = catalog.vectors()
    chunks = catalog.chunks(rows.tolist())
    assert {
        chunks[row][0].id: one.tobytes() for row, one in zip(rows.tolist(), matrix, strict=True)
    } == expected
    for check in ("integrity_check", "foreign_key_check"):
        assert catalog._db.rows(f"PRAGMA {check}") in ([("ok",)], [])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_processes_killed_at_any_moment_lose_nothing(
    victims: Victims, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer, or the one that it left in the background, which gives way to whoever comes next.

    After each kill everything committed is there and whole, and the next update brings Chroma up to date:
    nobody writes to it without the lock.
    """
    monkeypatch.setitem(GRAPH, "sync_threshold", 50)
    folder = tmp_path / ".qa"
    moments = random.Random(SEED)
    marks: Counter[str] = Counter()
    for kill in range(KILLS):
        whom = WHOM[kill % len(WHOM)]
        victims.begin(whom, moments.uniform(0.0001, 0.05 if whom == "writing" else 0.004))
        if whom != "committing":
            victims.until("chroma")
        if whom in {"writing", "sealing"}:
            assert ends_within(PATIENCE, victims.pid("chroma"))
        if whom in {"writer", "chroma"}:
            time.sleep(moments.uniform(0, 0.6))
            victims.kill(whom)
            time.sleep(moments.uniform(0, 0.2))
        if whom != "committing":
            victims.kill("writer")
        victims.until("ended")
        with writer_lock(folder, PATIENCE), Catalog.open(folder) as catalog:
            assert_sources_whole(catalog, victims.committed)
            marks[catalog.chroma.state().mark] += 1
            update_chroma(catalog)
            assert_sources_whole(catalog, victims.committed)
            assert_whole(catalog)
    assert marks["dirty"], marks  # not always: one left by an earlier writer can come in between
    sys.stdout.write(f"{KILLS} kills left Chroma {dict(marks)}\n")


def write_turns(folder: Path, who: str) -> None:
    """Four sources, each under the lock, which is let go in between."""
    for n in range(4):
        with writer_lock(folder, wait=3000), Catalog.open(folder) as catalog:
            text = "".join(f"{who} {n} line {line * 31 % 101}\n" for line in range(30))
            store(catalog, prepared(folder, f"{who}-{n}.txt", text))
            update_chroma(catalog)


WRITER = """
import sys
from pathlib import Path
import chromadb
from tests.index.sync.test_killed import write_turns

print("ready", flush=True)
write_turns(Path(sys.argv[1]), "left")
"""


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    """Two processes that take turns under the lock: nothing is missing in either store."""
    folder = tmp_path / ".qa"
    with (
        open_catalog(folder) as catalog,
        subprocess.Popen(
            [sys.executable, "-P", "-c", WRITER, str(folder)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(CODE)},
        ) as left,
    ):
        assert left.stdout is not None
        assert left.stdout.readline().split() == [b"ready"]
        write_turns(folder, "right")
        assert left.wait(timeout=PATIENCE) == 0
        names = [f"{who}-{n}.txt" for who in ("left", "right") for n in range(4)]
        assert [source.name for source in catalog.sources()] == names
        assert catalog.generation() == 8
        assert catalog.counts() == (8, 240, 240)
        assert_whole(catalog)
