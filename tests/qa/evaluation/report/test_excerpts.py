"""Excerpts of sources share their text, and their marks stand where a browser counts them."""

from __future__ import annotations

from hypothesis import given, strategies as st

from qa.evaluation.report.html.excerpts import Excerpt, Pieces, merged
from qa.output.text import clean
from tests.support import report_runs as reporting

LETTERS = st.text(alphabet="ab \r\n\u202e\U0001f600\ud800é\t", max_size=40)


@given(LETTERS, st.data())
def test_marks_stand_where_a_browser_counts_them(text: str, data: st.DataObject) -> None:
    """Whatever the characters, a mark covers its text as it is shown, in UTF-16 units."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    left = data.draw(st.integers(0, start))
    whole, part = Excerpt("a", 0, text), Excerpt("a", left, text[left:])
    pieces = Pieces([part, whole])
    for one in (whole, part):
        window = pieces.window(one, start, end)
        units = pieces.texts[window.piece].encode("utf-16-le")[2 * window.start : 2 * window.end]
        if "\r\n" not in (text[start - 1 : start + 1], text[end - 1 : end + 1]):  # no line end is cut in two
            assert units.decode("utf-16-le") == clean(text[start:end])


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 30)), min_size=1, max_size=12))
def test_excerpts_share_their_text(spans: list[tuple[int, int]]) -> None:
    """Stretches that overlap or adjoin become one piece, and every one is found in a piece again."""
    text = reporting.TEXT[:120]
    excerpts = [Excerpt("a", start, text[start : start + size]) for start, size in spans]
    pieces = Pieces(excerpts)
    for one in excerpts:
        window = pieces.window(one, one.start, one.end)
        assert pieces.texts[window.piece][window.start : window.end] == one.text
    covered = {at for one in excerpts for at in range(one.start, one.end)}
    assert sum(map(len, pieces.texts)) == len(covered)


def test_a_source_that_changed_is_not_mixed() -> None:
    """Two runs that read a source differently keep both readings apart."""
    old, new = Excerpt("a", 0, "one two"), Excerpt("a", 4, "three")
    pieces = Pieces([old, new])
    assert set(pieces.texts) == {"one two", "three"}


def test_windows_that_touch_are_one() -> None:
    """Cited and gold passages that connect are shown in one text, distant ones apart."""
    text = "x" * 50
    near, far = [Excerpt("a", 0, text[:10]), Excerpt("a", 10, text[10:20])], Excerpt("a", 40, text[40:])
    pieces = Pieces([*near, far, Excerpt("a", 20, text[20:40])])
    windows = merged(pieces.window(one, one.start, one.end) for one in [*near, far])
    assert [(one.start, one.end) for one in windows] == [(0, 20), (40, 50)]
