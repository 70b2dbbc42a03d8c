"""Lines around and above a place are those of the whole text, and nothing far away is looked at for them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from index.text import lines
from index.text.lines import is_blank, line_around, lines_above
from index.types import Span

TEXT = st.text(st.sampled_from("ab \n\r"), max_size=60)


class Watched:
    """A text that keeps the furthest places that were looked at."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.seen: set[int] = set()

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, part: slice) -> str:
        self.seen.update(range(*part.indices(len(self.text))))
        return self.text[part]


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short steps, so that short texts take several."""
    monkeypatch.setattr(lines, "NEAR", 2)


@given(TEXT, st.data())
def test_a_line_is_that_of_the_whole_text(text: str, data: st.DataObject) -> None:
    """From one line end to the next."""
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    around = line_around(text, span)
    assert around.start == 1 + max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start))
    rest = re.compile(r"[^\r\n]*").match(text, span.end)
    assert rest
    assert around.end == rest.end()


@given(TEXT, st.data())
def test_lines_above_are_those_of_the_whole_text(text: str, data: st.DataObject) -> None:
    """All of them, each once, nearest first."""
    offset = data.draw(st.integers(0, len(text)))
    top = data.draw(st.integers(0, len(text)))
    expected = text[top:offset].splitlines()[:-1][::-1] if offset > top else []
    assert list(lines_above(text, top, offset)) == expected


@given(TEXT, st.data())
def test_blank_is_what_has_only_white_space(text: str, data: st.DataObject) -> None:
    """However long it is."""
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    assert is_blank(text, span) == (not span.of(text).strip())


def test_nothing_far_away_is_looked_at() -> None:
    """A long text costs no more than a short one."""
    text = Watched("a line\n" * 1000)
    assert line_around(text, Span(3502, 3503)).of(text) == "a line"
    assert next(lines_above(text, 0, 3502)) == "a line"
    assert not is_blank(text, Span(3502, 7000))
    assert len(text.seen) < 50
