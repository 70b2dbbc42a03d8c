"""One file read whole or not at all, and what becomes of it."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from index.errors import ReadError
from index.storage.records import FileStat, Prepared
from index.sync.prepare import RACY_NS, UNKNOWN_TIME, is_settled, prepare, prepare_file, read_whole
from index.sync.scan.walk import found_file
from index.sync.tasks import Result, Task, Unchanged, Unreadable, too_large
from index.types import Dated
from tests.support.timeouts import PATIENCE

TEXT = "# The summit\n\nIt was held in Budapest. It rained.\n"
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def task_of(path: Path, **changes: object) -> Task:
    """The task a walk would make of the file, with some of it changed."""
    one = found_file(str(path), path.name, path.lstat())
    task = Task(one.path, one.location, one.name, "0" * 16, one.stat, one.file, one.links)
    return replace(task, **changes)  # type: ignore[arg-type]  # the tests' own keywords


def age(path: Path, seconds: float = 3600) -> None:
    """Make the file as old as that."""
    then = time.time() - seconds
    os.utime(path, (then, then))


def prepared(result: Result) -> Prepared:
    assert isinstance(result, Prepared), result
    return result


def refused(result: Result) -> Unreadable:
    assert isinstance(result, Unreadable), result
    return result


def test_a_file_becomes_a_source_with_chunks(tmp_path: Path) -> None:
    """What the catalog stores says where every chunk stands, and each has the key of its vector."""
    path = tmp_path / "a.md"
    path.write_text(TEXT, encoding="utf-8")
    one = prepared(prepare_file(task_of(path)))
    assert (one.source.name, one.source.location) == ("a.md", str(path))
    assert one.source.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert one.source.title == "The summit"
    assert one.source.length == len(one.text)
    assert len(one.keys) == len(one.chunks) > 0
    assert all(chunk.span.of(one.text) == chunk.text for chunk in one.chunks)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=300))
def test_every_chunk_is_a_slice_of_the_text(text: str) -> None:
    """Whatever stands in a text file, chunks and sentences are exact slices of what was decoded."""
    try:
        result = prepare(text.encode(), Task("-", None, "a.txt", "0" * 16, FileStat(0, 0)))
    except ReadError:
        return
    if isinstance(result, Prepared):
        for chunk in result.chunks:
            assert chunk.span.of(result.text) == chunk.text
            assert all(chunk.span.contains(sentence) for sentence in chunk.sentences)


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b" \n\t\r\n", "no text in it"), (b"\xef\xbb\xbf\n", "no text in it")],
)
def test_a_file_without_text_is_empty(tmp_path: Path, data: bytes, reason: str) -> None:
    """Nothing, white space and a lone byte-order mark are no text (F1, F2)."""
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    result = refused(prepare_file(task_of(path)))
    assert (result.reason, result.empty) == (reason, True)


def test_the_same_bytes_are_not_cut_again(tmp_path: Path) -> None:
    """A file that was only touched costs its hash."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    age(path)
    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    result = prepare_file(task_of(path, known=sha256))
    assert isinstance(result, Unchanged)
    assert result.stat.mtime_ns == path.stat().st_mtime_ns


def test_a_date_falls_back_to_the_files_own(tmp_path: Path) -> None:
    """Where neither metadata nor text say when, the file's time of change does, and says so."""
    path = tmp_path / "a.txt"
    path.write_text("It rained all day.", encoding="utf-8")
    noon = time.mktime((2024, 2, 29, 12, 0, 0, 0, 0, -1))
    os.utime(path, (noon, noon))
    assert prepared(prepare_file(task_of(path))).source.date == Dated("2024-02-29", "modified")


def test_a_date_in_the_files_name_is_the_documents(tmp_path: Path) -> None:
    """It goes before the time of change, and a line in the text before both."""
    path = tmp_path / "minutes 2024-03-05.txt"
    path.write_text("It rained all day.", encoding="utf-8")
    assert prepared(prepare_file(task_of(path))).source.date == Dated("2024-03-05", "file name")
    path.write_text("Date: 5 May 2024\n\nIt rained all day.", encoding="utf-8")
    assert prepared(prepare_file(task_of(path))).source.date == Dated("2024-05-05", "text")


def test_standard_input_has_neither_place_nor_date_of_change() -> None:
    """Bytes that are no file have no stat to be compared with."""
    one = prepared(prepare(b"It rained.", Task("-", None, "notes.txt", "0" * 16, FileStat(10, 0))))
    assert (one.source.location, one.source.date, one.stat) == (None, None, None)


def test_a_file_changed_a_moment_ago_is_hashed_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write within the same tick of the clock would not show: the stored time matches no file."""
    monkeypatch.setattr("index.sync.prepare.RACY_NS", PATIENCE * 1e9)  # a moment of a slow machine
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    one = prepared(prepare_file(task_of(path)))
    assert one.stat is not None
    assert one.stat.mtime_ns == UNKNOWN_TIME
    age(path)
    one = prepared(prepare_file(task_of(path)))
    assert one.stat is not None
    assert one.stat.mtime_ns == path.stat().st_mtime_ns


def test_a_time_in_the_future_is_not_settled() -> None:
    """After a clock was set back, the hash decides (S16)."""
    now = 10 * RACY_NS
    assert is_settled(FileStat(1, now - 2 * RACY_NS), now)
    assert not is_settled(FileStat(1, now), now)
    assert not is_settled(FileStat(1, now + RACY_NS), now)


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    """A file that grew since the walk is read no further than the limit, and the option is named (F10)."""
    path = tmp_path / "a.txt"
    path.write_text("x" * 2000, encoding="utf-8")
    result = refused(prepare_file(task_of(path, limit=1000)))
    assert result.reason == "larger than 1,000 bytes (raise max_file_size to read it)"
    assert too_large(100_000_000).startswith("larger than 100 MB")


def test_a_file_that_vanished_is_gone(tmp_path: Path) -> None:
    """Between the walk and the reading a file may be deleted (F6)."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    task = task_of(path)
    path.unlink()
    result = refused(prepare_file(task))
    assert (result.reason, result.gone) == ("it vanished while it was being read", True)


@posix
def test_a_file_that_was_replaced_is_not_read(tmp_path: Path) -> None:
    """The file opened must be the one the walk saw (D6)."""
    path, other = tmp_path / "a.txt", tmp_path / "b.txt"
    path.write_text(TEXT, encoding="utf-8")
    other.write_text("another file", encoding="utf-8")
    task = task_of(path)
    other.replace(path)
    assert "replaced" in refused(prepare_file(task)).reason


class Growing:
    """`os.fstat`, but that somebody writes to the file just before each of the first `times` looks at it."""

    def __init__(self, path: Path, times: int) -> None:
        self.path = path
        self.times = times
        self.look = os.fstat

    def __call__(self, descriptor: int) -> os.stat_result:
        if self.times:
            self.times -= 1
            with self.path.open("ab") as file:
                file.write(b"word ")
        return self.look(descriptor)


def test_a_file_that_goes_on_growing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text is of one moment or not at all (F5)."""
    path = tmp_path / "a.txt"
    path.write_text("word ", encoding="utf-8")
    task = task_of(path)
    monkeypatch.setattr(os, "fstat", Growing(path, times=100))
    with pytest.raises(ReadError, match="changed while it was being read"):
        read_whole(task)


def test_a_file_that_grew_once_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One change while reading is nothing to report: the second look is whole (F5)."""
    path = tmp_path / "a.txt"
    path.write_text("word ", encoding="utf-8")
    task = task_of(path)
    monkeypatch.setattr(os, "fstat", Growing(path, times=3))  # on opening, before and after the first reading
    data, stat = read_whole(task)
    assert data == b"word " * 4
    assert len(data) == stat.size == path.stat().st_size


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file whose first byte cannot be read")
def test_a_read_error_is_named() -> None:
    """What the system says is passed on in words (F8)."""
    assert refused(prepare_file(task_of(Path("/proc/self/mem")))).reason == "input/output error (EIO)"


@posix
def test_a_hard_link_is_noted(tmp_path: Path) -> None:
    """A file with two names says so: it may be changed from elsewhere (D4)."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    os.link(path, tmp_path / "b.txt")
    (note,) = prepared(prepare_file(task_of(path))).source.notes
    assert note == "a hard link: this file has 2 names on its disk"


def test_a_broken_file_is_refused_with_its_reason(tmp_path: Path) -> None:
    """Random bytes under a text name are no text (F3)."""
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(range(256)) * 8)
    result = refused(prepare_file(task_of(path)))
    assert result.reason
    assert not result.empty
