"""Writers killed at any moment, or two at once: no committed source is lost or torn, and Chroma follows.

Twelve seeded kills by default; `QA_KILLS=100` for a long run, `QA_KILL_SEED` for other moments.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.storage.catalog import Catalog
from index.storage.lock import writer_lock
from index.storage.records import Prepared
from index.vectors.chroma import GRAPH, ChromaVectors
from index.vectors.stamp import CHROMA
from tests.support.catalogs import open_catalog, prepared, row_of, store, vectors_of
from tests.support.timeouts import PATIENCE
from tests.support.vectors import update_chroma

KILLS = int(os.environ.get("QA_KILLS", "12"))
SEED = int(os.environ.get("QA_KILL_SEED", "2026"))
CODE = Path(__file__).resolve().parents[3]
NAMES = [f"{n}.txt" for n in range(6)]
LINES = 40

# Imports everything once and then forks one writer after another, before anything was opened: an import of
# Chroma takes longer than all the writing. A line is a mark to wait for, or "-", and the
# seconds from then on until the writer is killed.
KILLER = """
import os, signal, sys, time
from pathlib import Path
import chromadb
from index.storage.catalog import Catalog
from tests.index.sync.test_killed import write_for_ever

def mark(folder):
    with Catalog.open(folder) as catalog:
        return catalog.chroma.state().mark

print("ready", flush=True)
for line in sys.stdin:
    (wanted, seconds), folder, ended = line.split(), Path(sys.argv[1]), 0
    writer = os.fork()
    if not writer:
        write_for_ever(folder)
    while wanted != "-" and not ended and mark(folder) != wanted:
        time.sleep(0.001)
        ended, _ = os.waitpid(writer, os.WNOHANG)
    if not ended:
        time.sleep(float(seconds))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
    print("killed", flush=True)
"""


def version_of(folder: Path, name: str, version: int) -> Prepared:
    """A source all of whose lines bear the version; one in three is the same in every version."""
    lines = (f"{name} line {n} {'kept' if n % 3 else version}\n" for n in range(LINES))
    return prepared(folder, name, f"version {version}\n" + "".join(lines))


def write_for_ever(folder: Path) -> None:
    """New versions of all sources, two in a transaction, with Chroma told and closed after each round."""
    parent = os.getppid()
    GRAPH["sync_threshold"] = 50  # Chroma's vector files are written all the time
    from index.vectors.mirror import ChromaWriter

    with writer_lock(folder), Catalog.open(folder) as catalog:
        version = 1 + max(version_in(catalog.text(source.id)) for source in catalog.sources())
        update_chroma(catalog)
        while os.getppid() == parent:  # a test that failed leaves nobody behind
            with ChromaWriter(catalog) as chroma:
                for first, second in zip(NAMES[::2], NAMES[1::2], strict=True):
                    store(catalog, version_of(folder, first, version), version_of(folder, second, version))
                    sys.stdout.write(f"{first} {version}\n{second} {version}\n")
                    sys.stdout.flush()
                    chroma.flush(60)
                while chroma.flush(60):
                    pass
            version += 1


def version_in(text: str) -> int:
    return int(text.split(maxsplit=2)[1])


@pytest.fixture
def killer(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    folder = tmp_path / ".qa"
    with open_catalog(folder) as catalog:
        store(catalog, *(version_of(folder, name, 0) for name in NAMES))
    with subprocess.Popen(
        [sys.executable, "-P", "-c", KILLER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CODE)},
        encoding="utf-8",
    ) as process:
        yield process
        process.kill()


def write_and_kill(process: subprocess.Popen[str], moment: str) -> dict[str, int]:
    """Let a writer work until that moment and kill it; the versions it said were committed, by source."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{moment}\n")
    process.stdin.flush()
    committed = {}
    while (line := process.stdout.readline()) != "killed\n":
        assert line, "the writer's parent died"
        name, version = line.split()
        committed[name] = int(version)
    return committed


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


def assert_chroma_whole(catalog: Catalog) -> None:
    """Chroma has exactly the catalog's chunks, and each is found by its own vector."""
    chroma = ChromaVectors.open(catalog.folder / CHROMA)
    try:
        assert chroma.count() == catalog.counts().vectors
        assert chroma.misses(np.asarray(catalog.vectors().matrix)) == 0
    finally:
        chroma.close()
    assert catalog.chroma.state()[::2] == ("clean", 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_writer_killed_at_any_moment_loses_nothing(
    killer: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each kill everything committed is there and whole, and the next run brings Chroma up to date."""
    monkeypatch.setitem(GRAPH, "sync_threshold", 50)
    assert killer.stdout is not None
    assert killer.stdout.readline() == "ready\n"
    moments = random.Random(SEED)
    marks: list[str] = []
    for kill in range(KILLS):
        # One in three while Chroma is written, which on a slow machine is long after the start.
        at = f"dirty {moments.uniform(0, 0.02)}" if kill % 3 == 2 else f"- {moments.uniform(0.02, 0.9)}"
        committed = write_and_kill(killer, at)
        with writer_lock(tmp_path / ".qa", wait=0), Catalog.open(tmp_path / ".qa") as catalog:
            assert_sources_whole(catalog, committed)
            marks.append(catalog.chroma.state().mark)
            update_chroma(catalog)
            assert_sources_whole(catalog, committed)
            assert_chroma_whole(catalog)
    assert "dirty" in marks, marks


WRITER = """
import sys
from pathlib import Path
from index.storage.catalog import Catalog
from index.storage.lock import writer_lock
from tests.support.vectors import update_chroma
from tests.support.catalogs import prepared, store
folder = Path(sys.argv[1])
for n in range(4):
    with writer_lock(folder, wait=3000), Catalog.open(folder) as catalog:
        text = "".join(f"{sys.argv[2]} {n} line {line * 31 % 101}\\n" for line in range(30))
        store(catalog, prepared(folder, f"{sys.argv[2]}-{n}.txt", text))
        update_chroma(catalog)
"""


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    """Two processes that take turns under the lock: nothing is missing in either store."""
    folder = tmp_path / ".qa"
    with open_catalog(folder) as catalog:
        environment = {**os.environ, "PYTHONPATH": str(CODE)}
        writers = [
            subprocess.Popen([sys.executable, "-P", "-c", WRITER, str(folder), who], env=environment)
            for who in ("left", "right")
        ]
        assert [writer.wait(timeout=PATIENCE) for writer in writers] == [0, 0]
        names = [f"{who}-{n}.txt" for who in ("left", "right") for n in range(4)]
        assert [source.name for source in catalog.sources()] == names
        assert catalog.generation() == 8
        assert catalog.counts() == (8, 240, 240)
        assert_chroma_whole(catalog)
