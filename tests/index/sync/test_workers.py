"""What a child process may do to us (nothing), and what one bad file costs (itself)."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import is_dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from index.errors import StorageError
from index.readers.formats import ReadingOptions
from index.readers.limits.limits import BY_THE_CLOCK, DEFAULT_LIMITS, Limits
from index.storage.records import FileStat, Prepared
from index.sync.prepare import prepare
from index.sync.tasks import Result, Task, Unreadable
from index.sync.workers.pool import Workers, default_count
from index.sync.workers.results import RESULT_CLASSES, pack, unpack
from index.types import Table
from tests.support.alive import ends_within, is_alive
from tests.support.timeouts import PATIENCE

ODD_READER = '''
import os, signal, sys, time
from index.errors import StorageError
from index.sync.tasks import Task, Unreadable
from index.storage.records import FileStat, Prepared
from index.types import Source

class Foreign:
    """Not one of the values a child may send."""

def read(task):
    """Do what the file's name says."""
    word = task.name.split("-")[0]
    if word == "sleep":
        time.sleep(3000)  # FOREVER
    if word == "spin":
        while True:
            pass
    if word == "abort":
        os.abort()
    if word == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
    if word == "leave":
        os._exit(7)
    if word == "raise":
        raise ZeroDivisionError("a\\nb")
    if word == "deep":
        return read(task)
    if word == "memory":
        return len(bytearray(250_000_000))
    if word == "huge":
        os.write(3, (2**60).to_bytes(8, "big"))
        time.sleep(3000)  # FOREVER
    if word == "full":
        held = bytearray(b"x") * 170_000_000
        os.abort()
    if word == "foreign":
        return Foreign()
    if word == "print":
        print("not a message", flush=True)
        os.write(1, b"nor this")
        sys.stdin.read()
    if word == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
    if word == "pid":
        return Unreadable(str(os.getpid()))
    text = "x" * (120_000_000 if word == "long" else 10)
    return Prepared(Source(task.name, task.name, None, "0" * 64, "fake/1", len(text)), text, (), ())
'''

PARENT = """
import sys
from index.errors import StorageError
from index.sync.tasks import Task
from index.storage.records import FileStat
from index.sync.workers.pool import Workers
with Workers(1, function="odd_reader:read") as workers:
    tasks = [Task("-", None, name, name, FileStat(0, 0)) for name in ("pid", "sleep")]
    for _, result in workers.results(tasks):
        print(result.reason, flush=True)
"""


@pytest.fixture(scope="module", autouse=True)
def odd_reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A reader that children import and that does everything wrong; the folder of its module."""
    folder = tmp_path_factory.mktemp("odd_reader")
    (folder / "odd_reader.py").write_text(ODD_READER, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield folder


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """One child and its successors: what one test did to it costs no other."""
    with Workers(1, function="odd_reader:read") as pool:
        yield pool


def task(name: str, limits: Limits = DEFAULT_LIMITS) -> Task:
    return Task("-", None, name, name, FileStat(0, 0), reading=ReadingOptions(limits=limits))


def outcomes(pool: Workers, *names: str, limits: Limits = DEFAULT_LIMITS) -> dict[str, str]:
    """What each file came to: "read", or why not."""
    results = pool.results([task(name, limits) for name in names])
    return {one.name: result.reason if isinstance(result, Unreadable) else "read" for one, result in results}


posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and a limit on address space")


@posix
def test_a_child_that_dies_costs_one_file(workers: Workers) -> None:
    """The file it was at is named with the reason; those before and after are read (P5)."""
    assert outcomes(workers, "a", "abort", "b", "segv", "c", "leave", "d") == {
        "a": "read",
        "abort": "its reader crashed (SIGABRT)",
        "b": "read",
        "segv": "its reader crashed (SIGSEGV)",
        "c": "read",
        "leave": "its reader ended the process (exit code 7)",
        "d": "read",
    }


def test_a_reader_may_raise_anything(workers: Workers) -> None:
    """An exception is that file's reason, in one line, and the child goes on."""
    assert outcomes(workers, "raise", "deep", "a") == {
        "raise": "the reader failed: ZeroDivisionError: a b",
        "deep": "it is nested too deeply",
        "a": "read",
    }


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether its reader sleeps or spins, the next file is read (R2): late by the clock, or by its CPU."""
    late = "it took longer than 1 s (raise read_seconds to read it)"
    with Workers(1, function="odd_reader:read") as pool:
        assert outcomes(pool, "a") == {"a": "read"}
        for kind, by_the_clock in (("sleep", 0.2), ("spin", BY_THE_CLOCK)):
            monkeypatch.setattr("index.sync.workers.child.BY_THE_CLOCK", by_the_clock)
            started = time.monotonic()
            assert outcomes(pool, kind, limits=Limits(seconds=1)) == {kind: late}
            assert time.monotonic() - started < PATIENCE
            assert outcomes(pool, "b") == {"b": "read"}


def test_larger_files_may_take_longer() -> None:
    """The time grows with the size, so that a limit for pests does not hit large books."""
    assert Limits(seconds=60).seconds_for(0) == 60
    assert Limits(seconds=60).seconds_for(50_000_000) == 110


@linux
def test_a_file_that_needs_too_much_memory_is_given_up(workers: Workers) -> None:
    """The reader that wants more than it may have gets an error, we do not (R1)."""
    assert outcomes(workers, "memory", "a", limits=Limits(memory=200_000_000)) == {
        "memory": "it needs more than 200 MB of memory (raise read_memory to read it)",
        "a": "read",
    }


@linux
def test_native_code_that_gets_no_memory_is_told_from_one_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends the whole process, as pdfium does: what it had taken says why, if its parent had less."""
    for before, said in (
        (0, "it needs more than 200 MB of memory (raise read_memory to read it)"),
        (2**40, "its reader crashed (SIGABRT)"),
    ):
        monkeypatch.setattr("index.sync.workers.child.peak_memory", lambda before=before: before)
        with Workers(1, function="odd_reader:read") as pool:
            found = outcomes(pool, "full", "a", limits=Limits(memory=200_000_000))
        assert found == {"full": said, "a": "read"}


@linux
def test_a_result_that_cannot_be_packed_is_refused(workers: Workers) -> None:
    """A bomb that unpacks to endless text stays in the child."""
    assert outcomes(workers, "long", "a", limits=Limits(memory=200_000_000)) == {
        "long": "it needs more than 200 MB of memory (raise read_memory to read it)",
        "a": "read",
    }


@linux
def test_a_message_longer_than_memory_allows_is_none(workers: Workers) -> None:
    """A child that was taken over cannot make us take more memory than it may have itself."""
    assert outcomes(workers, "huge", "a") == {
        "huge": "its reader gave no usable result",
        "a": "read",
    }


def test_only_our_own_values_come_out_of_a_child(workers: Workers) -> None:
    """A child that was taken over cannot make us load a class of its choice."""
    assert outcomes(workers, "foreign", "a") == {
        "foreign": "its reader gave no usable result",
        "a": "read",
    }


def test_every_value_of_a_result_comes_out_of_a_child() -> None:
    """Whatever a source that was read may hold, its chunks' tables included, is let through."""
    found: set[type] = set()
    waiting: list[object] = [Prepared]
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if isinstance(kind, type) and is_dataclass(kind) and kind not in found:
            found.add(kind)
            waiting += get_type_hints(kind).values()
    assert Table in found
    assert found <= set(RESULT_CLASSES)


def test_a_result_is_unpacked_as_it_was_packed() -> None:
    """A source with tables, headings and several sentences a chunk; and a result without a source."""
    text = "# Rooms\n\nWe have two. Both face the sea.\n\n| Room | Price |\n|---|---|\n| Blue | 120 |\n"
    read = prepare(text.encode(), Task("-", None, "rooms.md", "0" * 16, FileStat(1, 2)))
    assert isinstance(read, Prepared)
    assert read.chunks[0].tables
    for result in (read, Unreadable("no text in it", empty=True)):
        assert unpack(b"".join(pack(result))) == result


@pytest.mark.parametrize(
    "message", [b"", b"x", pickle.dumps(7), pickle.dumps((1, 2, 3)), pickle.dumps((Path, []))]
)
def test_a_message_that_holds_no_result_costs_its_file(message: bytes) -> None:
    """Whatever a child that went wrong has sent."""
    assert unpack(message) == Unreadable("its reader gave no usable result")


def test_what_a_reader_prints_is_no_message(workers: Workers) -> None:
    """Standard input and output of a child are not the pipes to us."""
    assert outcomes(workers, "print", "a") == {"print": "read", "a": "read"}


@posix
def test_an_interrupt_is_the_parents_business(workers: Workers) -> None:
    """^C reaches every process of a terminal; the children wait for what we make of it."""
    assert outcomes(workers, "interrupt") == {"interrupt": "read"}


def test_every_task_comes_back_once_and_the_rest_passes_by() -> None:
    """With several children nothing is lost, doubled or mixed up."""
    given: list[Task | str] = [task(f"{n}") if n % 5 else f"word {n}" for n in range(60)]
    passed: list[str] = []
    done: list[tuple[Task, Result]] = []
    with Workers(3, function="odd_reader:read") as pool:
        for one in pool.results(given):
            passed.append(one) if isinstance(one, str) else done.append(one)
    assert passed == [one for one in given if isinstance(one, str)]
    assert sorted(one.name for one, _ in done) == sorted(one.name for one in given if isinstance(one, Task))
    assert all(isinstance(result, Prepared) and result.source.id == one.name for one, result in done)


def test_tasks_are_drawn_as_there_is_room() -> None:
    """Memory stays flat: the list of files is not read ahead of the children."""
    drawn = 0

    def tasks() -> Iterator[Task]:
        nonlocal drawn
        for n in range(1000):
            drawn += 1
            yield task(str(n))

    with Workers(1, function="odd_reader:read") as pool:
        results = pool.results(tasks())
        for _ in range(5):
            next(results)
        assert drawn <= 5 + 3


def test_no_child_is_started_for_nothing() -> None:
    """Where nothing has to be read, no process is."""
    with Workers(1, function="odd_reader:read") as pool:
        assert list(pool.results(["a", "b"])) == ["a", "b"]
        assert pool.running == ()


@linux
def test_no_child_outlives_the_pool() -> None:
    """Leaving the pool in the middle of a file ends its child at once (R9)."""
    with Workers(1, function="odd_reader:read") as pool:
        _, first = next(pool.results([task("pid"), task("sleep")]))
        assert isinstance(first, Unreadable)
        started = time.monotonic()
    assert time.monotonic() - started < PATIENCE
    assert ends_within(PATIENCE, int(first.reason))


def test_a_pool_may_be_closed_while_it_is_starting() -> None:
    """Whoever waits for results waits no longer, at whatever moment another thread closes the pool."""
    for moment in range(20):
        pool = Workers(2, function="odd_reader:read")

        def read(pool: Workers = pool) -> None:
            with suppress(RuntimeError, StorageError):
                list(pool.results([task("sleep"), task("sleep")]))

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        time.sleep(moment * 0.001)
        pool.close()
        reader.join(timeout=PATIENCE)
        assert not reader.is_alive()


@linux
@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_child_outlives_its_parent(tmp_path: Path, odd_reader: Path, signal_number: int) -> None:
    """However the parent ends, the child ends too, in the middle of a file (R9)."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    path = os.pathsep.join([str(odd_reader), *filter(None, sys.path)])
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.send_signal(signal_number)
        parent.wait(timeout=PATIENCE)
        assert ends_within(PATIENCE, child)


def test_children_that_do_not_start_are_our_failure() -> None:
    """Where no child can work, the install is broken: no file is blamed for it."""
    with Workers(1, function="no_such_module:read") as pool, pytest.raises(StorageError, match="not start"):
        list(pool.results([task("a")]))


def test_one_core_is_left_to_the_parent() -> None:
    """At least one child, at most four."""
    assert 1 <= default_count() <= 4
