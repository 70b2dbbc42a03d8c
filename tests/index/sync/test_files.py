"""What has become of an indexed file: looked at, and read only where its size alone is as it was."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.storage.records import FileRow, FileStat
from index.sync import files
from index.sync.files import file_state
from index.types import FileState

TEXT = "The summit was cancelled on 21 October.\n"


def indexed(path: Path) -> FileRow:
    """A file as the catalog would have it."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEXT, encoding="utf-8")
    status = path.stat()
    stat = FileStat(status.st_size, status.st_mtime_ns, status.st_ino)
    return FileRow("id", path.name, str(path), stat, hashlib.sha256(path.read_bytes()).hexdigest(), "", "")


def touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def edit(path: Path) -> None:
    """Another text of the same size, and of the same time."""
    stamp = path.stat().st_mtime_ns
    path.write_text(TEXT.replace("21", "22"), encoding="utf-8")
    os.utime(path, ns=(stamp, stamp + 1))


def replace_by_copy(path: Path) -> None:
    copy = path.with_suffix(".new")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def put_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def lose_folder(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()


CHANGES: list[tuple[Callable[[Path], object], FileState]] = [
    (lambda _path: None, "current"),
    (touch, "current"),
    (replace_by_copy, "current"),
    (edit, "changed"),
    (lambda path: path.write_text(TEXT * 2, encoding="utf-8"), "changed"),
    (lambda path: path.write_bytes(b""), "changed"),
    (Path.unlink, "gone"),
    (lose_folder, "gone"),
    (put_folder, "changed"),
    (put_pipe, "changed"),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_a_file_is_compared_with_what_was_indexed(
    tmp_path: Path, change: Callable[[Path], object], expected: FileState
) -> None:
    """By its bytes: one that was only touched or copied is what it was."""
    path = tmp_path / "notes" / "a.txt"
    row = indexed(path)
    if change is put_pipe and not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    change(path)
    assert file_state(row) == expected


def test_a_file_that_did_not_change_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at its directory entry is all that it costs."""
    row = indexed(tmp_path / "a.txt")
    monkeypatch.setattr(files, "open_regular", None)
    assert file_state(row) == "current"


def test_a_file_that_may_not_be_looked_at_is_not_called_gone(tmp_path: Path) -> None:
    """Its folder is closed, or a disk does not answer."""
    path = tmp_path / "loop.txt"
    row = indexed(path)
    path.unlink()
    path.symlink_to(path.name)  # the system refuses to follow it, whoever asks
    assert file_state(row) == "unreadable"
