"""A damaged index at the command line: two lines and exit code 6, never an answer."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.cli import QUESTION, Run

COMMANDS = (("ask", QUESTION), ("ask", "--json", QUESTION), ("show", "deep/boats.md"), ("sources", "--json"))
SECRET = "too many cannons"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE sources SET title = 'On other boats' WHERE name LIKE '%boats.md'",
        "UPDATE sources SET pages = x'00'",
        "UPDATE chunks SET text = replace(text, 'cannons', 'canons'), line = line + 1",
    ],
)
def test_a_damaged_source_is_named(
    run: Run, library: Path, tmp_path: Path, command: tuple[str, ...], damage: str
) -> None:
    """Whatever of it is asked for; what a question does not need of it is not read."""
    copy = shutil.copytree(library, tmp_path / "copy")
    with closing(sqlite3.connect(copy / ".qa/catalog.sqlite3")) as db, db:
        db.execute(damage)
    done = run(*command, at=copy)
    if command[0] == "sources" and "chunks" in damage:
        assert done.code == 0
        return
    cause, hint = done.err.splitlines()
    assert (done.code, done.out) == (6, "")
    assert "damaged" in cause
    assert "qa doctor" in hint
    assert SECRET not in done.err
