"""An index that an older version made is converted by whatever asks it first, and that is said."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from qa.cli.app import main
from qa.cli.context import convert
from qa.output import progress
from qa.output.console import Console
from tests.support.catalogs import prepared
from tests.support.old_catalogs import old_catalog
from tests.support.terminals import Terminal

SAID = "converting the index to the present format, once: "


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An old index, whose conversion is taken for one that lasts."""
    monkeypatch.setattr(progress, "_FIRST_LINE", 0)
    monkeypatch.setattr(progress, "_BAR_AFTER", 0)
    monkeypatch.setenv("TERM", "xterm")
    folder = tmp_path / ".qa"
    old_catalog(folder, 2, prepared(folder, "a.txt", "words\n"))
    return folder


def test_a_log_gets_a_line(old: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """On stderr; what a program reads on stdout is whole. The next command finds nothing to convert."""
    for said in (1, 0):
        assert main(["sources", "--json", "--index", str(old)]) == 0
        out, err = capfd.readouterr()
        assert [source["name"] for source in json.loads(out)["sources"]] == ["a.txt"]
        assert err.count("\n") == err.count(SAID) == said


def test_a_terminal_gets_a_line_that_gives_way(old: Path) -> None:
    """It is taken away when the conversion is done."""
    out, err = io.StringIO(), Terminal()
    convert(old, Console(out, err))
    assert SAID in err.getvalue()
    assert err.getvalue().endswith("\x1b[2K")
    assert out.getvalue() == ""


def test_a_command_that_writes_says_it_too(old: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Before it asks or reads anything."""
    (old.parent / "b.txt").write_text("others\n", encoding="utf-8")
    main(["index", str(old.parent / "b.txt"), "--index", str(old), "--no-chroma", "--offline", "--json"])
    out, err = capfd.readouterr()
    assert err.startswith(SAID)
    assert SAID not in out
