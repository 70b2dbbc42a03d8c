"""Which program opens a source, and how it is told the line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from qa.chat.editor import open_place, opening_command


@pytest.fixture
def programs(tmp_path: Path) -> dict[str, str]:
    """An environment whose PATH holds some programs and no others."""
    for name in ("vi", "code", "hx", "cat", "less", "xdg-open"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/called\n', encoding="utf-8")
        program.chmod(0o755)
    return {"PATH": f"{tmp_path / 'bin'}{os.pathsep}/bin"}


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"EDITOR": "vi"}, ["vi", "+12", "/x/-a.txt"]),
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, ["code", "--wait", "--goto", "/x/-a.txt:12"]),
        ({"EDITOR": "hx"}, ["hx", "/x/-a.txt:12"]),
        ({"PAGER": "cat"}, ["cat", "/x/-a.txt"]),
        ({}, ["less", "+12", "/x/-a.txt"]),
        ({"EDITOR": "missing"}, None),
        ({"EDITOR": "vi 'x"}, ["vi", "'x", "+12", "/x/-a.txt"]),
        ({"VISUAL": "   ", "EDITOR": "vi"}, None),
        ({"PAGER": '"'}, None),
    ],
)
def test_text_goes_to_the_editor_at_its_line(
    programs: dict[str, str], variables: dict[str, str], expected: list[str] | None
) -> None:
    """VISUAL, EDITOR, PAGER, less: the first that is set; a name that looks like an option cannot be one."""
    assert opening_command(Path("/x/-a.txt"), 12, programs | variables) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="desktops differ")
def test_other_formats_go_to_the_desktop(programs: dict[str, str]) -> None:
    """A PDF is nothing for an editor; without a desktop nothing opens it."""
    command = opening_command(Path("/x/a.pdf"), 3, programs | {"EDITOR": "vi", "DISPLAY": ":0"})
    assert command is not None
    assert Path(command[0]).name == "xdg-open"
    assert command[1:] == ["/x/a.pdf"]
    assert opening_command(Path("/x/a.pdf"), 3, programs | {"EDITOR": "vi"}) is None


def test_opening_says_whether_it_worked(programs: dict[str, str], tmp_path: Path) -> None:
    """The program is run with the line and the file, and its failure is told."""
    editor = str(tmp_path / "bin" / "vi")
    assert open_place(tmp_path / "a.txt", 7, programs | {"EDITOR": editor})
    assert (tmp_path / "called").read_text(encoding="utf-8") == f"+7 {tmp_path / 'a.txt'}\n"
    assert not open_place(tmp_path / "a.txt", 7, programs | {"EDITOR": "/bin/false"})
    assert not open_place(tmp_path / "a.pdf", 7, programs | {"EDITOR": editor})
