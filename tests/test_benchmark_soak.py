"""What `make soak` is made of: files are changed as meant, branches are seen, and faults are noticed."""

from __future__ import annotations

import importlib
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.soak.branches import Branches
from benchmarks.soak.fuzz import Fuzzed, table
from benchmarks.soak.invariants import check
from benchmarks.soak.mutate import Chance, mutate
from benchmarks.soak.parts import WHOLE, put_together, take_apart
from index.readers.formats import read
from index.storage.records import FileStat, Prepared
from index.sync.prepare import prepare
from index.sync.tasks import Task
from index.types import Reading, Span
from tests.support.compound import compound_file
from tests.support.written_files import WRITERS, made_up

WRITTEN = made_up(1)
CODE = """
def choose(n):
    "Some number."
    if n > 1:
        return "many" if n > 9 else "few"
    return n
"""


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_is_taken_apart_and_put_together_says_the_same(name: str) -> None:
    """Checksums and offsets are right, so that only what is changed afterwards is wrong."""
    data = WRITERS[name](WRITTEN)
    parts = take_apart(data)
    assert (WHOLE in parts) == (not data.startswith((b"PK", b"%PDF")))
    assert read(put_together(parts, data), name).text == read(data, name).text


def test_streams_of_a_compound_file_are_parts() -> None:
    """They come back as they were."""
    streams = {"a": b"one", "b/c": b"two" * 2000}
    assert take_apart(compound_file(streams)) == streams
    assert take_apart(put_together(streams, compound_file(streams))) == streams


@pytest.mark.parametrize("name", ["a.json", "a.html", "a.docx", "a.pdf"])
def test_changes_depend_on_the_seed_alone(name: str) -> None:
    """The same again for the same seed; and hardly any file is left as it was."""
    data = WRITERS[name](WRITTEN)

    def changed() -> list[bytes]:
        chance = Chance(random.Random(3), (b"word",), (data,))
        return [mutate(data, chance) for _ in range(20)]

    first = changed()
    assert first == changed()
    assert len(set(first)) > 15


def test_every_branch_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Functions, both sides of conditions and of expressions; what is marked works as before."""
    (tmp_path / "marked_for_a_test.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    branches = Branches(("marked_for_a_test",))
    choose = importlib.import_module("marked_for_a_test").choose
    branches.taken()
    seen = []
    for n, expected in ((1, 1), (5, "few"), (20, "many"), (1, 1)):
        assert choose(n) == expected
        seen.append(branches.taken())
    assert choose.__doc__ == "Some number."
    assert seen[0] == seen[3]
    assert len(set(seen)) == 3


def both(text: str) -> tuple[Reading, Prepared]:
    """What is read of a text file, and what is made of it."""
    result = prepare(text.encode(), Task("", None, "a.txt", "source", FileStat(0, 0, 0)))
    assert isinstance(result, Prepared)
    return read(text.encode(), "a.txt"), result


def test_what_must_hold_is_checked() -> None:
    """A sound file passes; a title with a control character and a chunk that is not its slice do not."""
    reading, prepared = both("The harbour of Zadar is deep.\n\nIt freezes in January.\n")
    check(reading, prepared)
    titled = replace(prepared, source=replace(prepared.source, title="a\x1bb"))
    with pytest.raises(AssertionError, match="title"):
        check(reading, titled)
    chunk = prepared.chunks[0]
    moved = replace(prepared, chunks=(replace(chunk, span=Span(chunk.span.start + 1, chunk.span.end)),))
    with pytest.raises(AssertionError, match="slice"):
        check(reading, moved)


def test_findings_stand_below_the_table() -> None:
    """With the file that shows each."""
    rows = [Fuzzed("csv", 10, {"read": 9}, {}), Fuzzed("pdf", 10, {}, {"took 9 s": "/tmp/finding-0"})]
    lines = table(rows)
    assert "20 inputs over 2 formats, 1 findings" in lines
    assert lines[-1] == "- pdf: took 9 s: /tmp/finding-0"
