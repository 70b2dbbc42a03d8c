"""Readers that are named on the command line, in the environment and in the user's own file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.cli import Run
from tests.support.fake_readers import PATH


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder of documents that only a LlamaIndex reader can read."""
    folder = tmp_path / "docs"
    folder.mkdir()
    text = "The Vasa was lost in 1628.\n%%\nShe carried too many cannons.\n"
    (folder / "ships.slides").write_text(text, encoding="utf-8")
    return folder


def test_a_flag_names_a_reader(run: Run, docs: Path) -> None:
    """What it reads is answered with, page and all."""
    done = run("index", "docs", "--reader", f".slides={PATH}:SlidesReader", "--json", at=docs.parent)
    assert (done.code, json.loads(done.out)["added"]) == (0, 1)
    (listed,) = json.loads(run("sources", "--json", at=docs.parent).out)["sources"]
    assert listed["reader"].startswith(f"{PATH}:SlidesReader/")
    assert listed["pages"] == 2
    asked = json.loads(run("ask", "--json", "What did she carry?", at=docs.parent).out)
    assert (asked["citations"][0]["page"], asked["citations"][0]["source"]) == (2, "ships.slides")


@pytest.mark.parametrize(
    ("arguments", "code", "cause"),
    [
        (["--reader", ".slides"], 2, "--reader takes readers by suffix"),
        (["--reader", ".slides=no.such.module:Reader"], 4, "there is no module no.such.module"),
        (["--reader", f".slides={PATH}:NoReader"], 4, "NoReader is no BaseReader"),
        (["--reader", f".slides={PATH}:PathReader", "--offline"], 4, "which --offline forbids"),
    ],
)
def test_a_reader_that_cannot_be_had_stops_it(
    run: Run, docs: Path, arguments: list[str], code: int, cause: str
) -> None:
    """Nothing is read then: two lines on stderr."""
    done = run("index", "docs", *arguments, at=docs.parent)
    assert (done.code, done.out) == (code, "")
    assert cause in done.err
