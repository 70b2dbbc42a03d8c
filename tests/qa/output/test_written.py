"""What a person names for a result is written whole, privately, and over nothing of others."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from index.errors import StorageError, UsageError
from qa.output.written import append_output, check_output, write_output

OURS = (
    b'{"schema": "qa.answer/1", "question": "?"}\n',
    b"run,id,repeat,question,status,failing,answer,x\r\n",
    b"<!-- qa.report/1 -->\n\n## run\n",
    b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="qa eval" tests="1">\n',
    b"",
    b" \n",
)
OTHERS = (
    b"my notes\n",
    b"PK\x03\x04",
    b'{"question": "?"}\n',
    b'<?xml version="1.0"?>\n<testsuites name="pytest">\n',
)


@pytest.mark.parametrize("before", OURS)
def test_what_is_ours_is_replaced(tmp_path: Path, before: bytes) -> None:
    """A second run takes the place of the first; permissions that somebody gave it stay."""
    path = tmp_path / "file"
    path.write_bytes(before)
    path.chmod(0o640)
    write_output(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208 - nothing of the writing is left


@pytest.mark.parametrize("before", OTHERS)
def test_what_is_not_ours_is_kept_without_force(tmp_path: Path, before: bytes) -> None:
    """It is said before the work is done, too."""
    path = tmp_path / "file"
    path.write_bytes(before)
    with pytest.raises(UsageError, match="was not written by qa") as caught:
        check_output(path)
    assert caught.value.options == ("force",)
    with pytest.raises(UsageError):
        write_output(path, b"new")
    assert path.read_bytes() == before
    write_output(path, b"new", force=True)
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_new_file_is_for_its_owner_whatever_the_mask(tmp_path: Path) -> None:
    """Written or appended to."""
    before = os.umask(0)
    try:
        write_output(tmp_path / "a", b"a")
        append_output(tmp_path / "b", b"b")
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_link_stays_one_and_a_device_is_written_to(tmp_path: Path) -> None:
    """What the link leads to is replaced."""
    link, target = tmp_path / "link", tmp_path / "target"
    target.write_bytes(b"")
    link.symlink_to(target)
    write_output(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    write_output(Path(os.devnull), b"new")
    assert not Path(os.devnull).is_file()


def test_lines_are_added_after_whole_lines(tmp_path: Path) -> None:
    """Also where a line was cut off by a kill."""
    path = tmp_path / "file"
    append_output(path, b"one\n")
    append_output(path, b"two")
    append_output(path, b"three\n")
    assert path.read_bytes() == b"one\ntwo\nthree\n"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A missing folder, a folder, a file in place of one."""
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "none" / "a", tmp_path, tmp_path / "file" / "a"):
        with pytest.raises(StorageError):
            write_output(path, b"new")
    with pytest.raises(StorageError, match="cannot write"):
        append_output(tmp_path, b"new")
