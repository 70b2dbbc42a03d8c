"""`qa index` killed, interrupted and run twice at once: what was committed stays, the rest is made up for.

Sixty small files. The same at any moment of the commit: `tests/index/sync/test_killed.py`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import QaError
from index.storage.catalog import Catalog
from index.storage.lock import writer_lock
from tests.support import starting
from tests.support.cli import environment
from tests.support.processes import FACT, QA, Done, assert_refused, assert_still_answers, assert_well_behaved
from tests.support.timeouts import FOREVER, PATIENCE, SLOWER

FILES = 60
# `qa index` that commits a few sources at a time and rests after each commit: whoever wants to meet it in the
# middle does, however late the machine lets them look.
SLOWLY = """
import sys, time
import index.sync.pipeline
from index.storage.catalog import Catalog
from qa.cli.app import main
index.sync.pipeline.GROUP_CHUNKS = 30
replace = Catalog.replace
def slowly(*arguments, **options):
    replace(*arguments, **options)
    time.sleep(1.5)
Catalog.replace = slowly
sys.exit(main(sys.argv[1:]))
"""
# `qa index` that waits for the lock as long as its first argument says, and tells when it begins to.
WAITING = """
import sys
import index.sync.sync
from qa.cli.app import main
index.sync.sync.LOCK_SECONDS = float(sys.argv.pop(1))
writer_lock = index.sync.sync.writer_lock
def telling(*arguments):
    print("waiting", file=sys.stderr, flush=True)
    return writer_lock(*arguments)
index.sync.sync.writer_lock = telling
sys.exit(main(sys.argv[1:]))
"""
Index = dict[str, tuple[str, tuple[str, ...]]]  # by name: the source's id and those of its chunks


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of that many documents, each of several chunks."""
    docs = tmp_path_factory.mktemp("many") / "docs"
    docs.mkdir()
    (docs / "a-good.txt").write_text(FACT + "\n", encoding="utf-8")
    for n in range(1, FILES):
        lines = (f"Lighthouse keeper {n} wrote on day {day} that the lamp burned well." for day in range(60))
        (docs / f"log-{n:03}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return docs


def start(docs: Path, home: Path, *before: str, command: Sequence[str] = QA) -> subprocess.Popen[bytes]:
    """`qa index` of `docs` into the index of `home`, in a process group of its own."""
    home.mkdir(exist_ok=True)
    words = [*before, *command, "index", str(docs), "--index", str(home / ".qa"), "--json"]
    return starting.start(words, at=home, env=environment(home), new_session=True)


def finished(process: subprocess.Popen[bytes]) -> Done:
    """How it ended, and that nothing of it lives on (R9)."""
    out, err = process.communicate(timeout=PATIENCE)
    wait_until(lambda: not group_lives(process.pid))
    return assert_well_behaved(process.returncode, out, err)


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return any(
        stat.rpartition(")")[2].split()[0] != "Z"
        for stat in map(_stat, Path("/proc").glob("[0-9]*/stat"))
        if stat and stat.rpartition(")")[2].split()[2] == str(group)
    )


def _stat(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended in between
        return ""


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def indexed(home: Path) -> int:
    """How many sources are committed."""
    try:
        with closing(Catalog.open(home / ".qa")) as catalog:
            return catalog.counts().sources
    except QaError:  # not made yet
        return 0


def content(home: Path) -> Index:
    """Everything that two runs of the same must agree on."""
    with closing(Catalog.open(home / ".qa")) as catalog:
        assert catalog._db.rows("PRAGMA integrity_check") == [("ok",)]
        stored = {source.name: catalog.prepared(source.id) for source in catalog.sources()}
        return {
            name: (one.source.id, tuple(chunk.id for chunk in one.chunks)) for name, one in stored.items()
        }


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_run_that_was_stopped_is_made_up_for(many: Path, tmp_path: Path) -> None:
    """S1, S12, C6, R9: after ^C and kill -9 the index answers; the next run ends as if nothing had been.

    C1 to C3, R3: the undisturbed run has 64 file descriptors, one beside it that begins the same index, and
    is asked meanwhile.
    """
    cut, whole = tmp_path / "cut", tmp_path / "whole"
    slowly = (sys.executable, "-P", "-c", SLOWLY)
    process = start(many, cut, command=slowly)
    wait_until(lambda: indexed(cut) > 0)
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    done = finished(process)
    assert time.monotonic() - sent < 1 * SLOWER
    assert (done.code, done.out) == (130, "")
    assert "run the same command to go on" in done.err
    before = indexed(cut)
    assert 0 < before < FILES
    assert_still_answers(cut)

    process = start(many, cut, command=slowly)
    wait_until(lambda: indexed(cut) > before)
    process.kill()
    finished(process)
    assert before < indexed(cut) < FILES

    runs = [start(many, whole, "prlimit", "--nofile=64"), start(many, whole), start(many, cut)]
    assert_still_answers(cut)
    for done in (ended := [finished(process) for process in runs]):
        if done.code == 6:
            assert_refused(done, 6, "index is being written by process")
        else:
            assert (done.code, done.shown["failed"]) == (0, [])
    assert 0 in {ended[0].code, ended[1].code}
    assert ended[2].code == 0
    assert content(cut) == content(whole)
    assert len(content(whole)) == FILES


def test_while_another_writes(copied: Path) -> None:
    """C1, C3, C8: questions are answered; a second writer waits and says for whom; ^C ends its waiting."""
    with writer_lock(copied / ".qa"):
        patient, hasty = (
            start(copied / "docs", copied, command=(sys.executable, "-P", "-c", WAITING, str(seconds)))
            for seconds in (2, FOREVER)
        )
        for process in (patient, hasty):
            assert process.stderr is not None
            assert process.stderr.readline() == b"waiting\n"
        assert_still_answers(copied)
        hasty.send_signal(signal.SIGINT)
        sent = time.monotonic()
        assert finished(hasty).code == 130
        assert time.monotonic() - sent < 2 * SLOWER
        assert_refused(finished(patient), 6, f"index is being written by process {os.getpid()} since")
