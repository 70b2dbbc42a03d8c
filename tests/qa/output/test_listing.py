"""Tables of what is indexed and what is set, for people and for programs."""

from __future__ import annotations

import io
import json

import pytest

from qa.output.console import Console
from qa.output.listing import print_settings, print_sources, settings_json, sources_json
from qa.output.text import cells
from tests.support.answers import source
from tests.support.terminals import Terminal

SOURCES = (source("a/long/name/of/a/file.txt", title="A title [/bold]\x1b"), source("b.pdf", date=None))


@pytest.mark.parametrize("width", [40, 75, 80, 200])
def test_a_person_gets_columns_that_fit(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the width, no line is longer, and names stay whole where there is room for them."""
    monkeypatch.setenv("LINES", "50")
    out = Terminal()
    print_sources(SOURCES, Console(out, io.StringIO(), width=width))
    lines = out.getvalue().splitlines()
    assert max(map(cells, lines)) <= width
    assert len(lines) == 3
    assert ("a/long/name/of/a/file.txt" in lines[1]) is (width > 40)
    assert "\x1b" not in out.getvalue()


def test_a_program_gets_tabs() -> None:
    """One line a source, cells clean, the head first."""
    out = io.StringIO()
    print_sources(SOURCES, Console(out, io.StringIO()))
    assert [line.split("\t") for line in out.getvalue().splitlines()] == [
        ["name", "title", "date", "from", "reader", "characters"],
        ["a/long/name/of/a/file.txt", "A title [/bold]\\x1b", "2025-10-21", "text", "text/1", "60"],
        ["b.pdf", "", "", "", "text/1", "60"],
    ]


def test_sources_as_json_have_the_origin_of_their_date() -> None:
    """An unknown date is null, and so is its origin."""
    first, second = json.loads(sources_json(SOURCES))["sources"]
    assert (first["date"], first["date_origin"]) == ("2025-10-21", "text")
    assert (second["date"], second["date_origin"]) == (None, None)


def test_settings_are_written_as_in_a_file() -> None:
    """A string in quotes, a list in brackets, nothing for what is not set."""
    rows: list[tuple[str, object, str]] = [("color", "auto", "default"), ("index", None, "default")]
    out = io.StringIO()
    print_settings(rows, Console(out, io.StringIO()))
    assert out.getvalue().splitlines()[1:] == ['color\t"auto"\tdefault', "index\t\tdefault"]
    shown = json.loads(settings_json(rows, index="/x/.qa", user_file="/u"))
    assert shown["settings"]["color"] == {"value": "auto", "origin": "default"}
    assert shown["index"] == "/x/.qa"
