"""A span in its context: lines as citations count them, pages where they begin."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, strategies as st

from index.text.lines import line_at, line_spans
from index.types import Dated, Page, Span
from qa.output.excerpt import excerpt_json, excerpt_lines
from tests.support.answers import source

LINES = st.text(alphabet=st.sampled_from("ab \r\n"))


@given(LINES)
def test_lines_are_counted_as_citations_count_them(text: str) -> None:
    """The n-th line is where `line_at` says that its characters are."""
    for number, span in enumerate(line_spans(text), start=1):
        assert all(line_at(text, at) == number for at in range(span.start, span.end))
        assert "\n" not in span.of(text)
        assert "\r" not in span.of(text)


@given(LINES.filter(bool), st.data())
def test_every_line_of_a_span_is_marked(text: str, data: st.DataObject) -> None:
    """Whatever the span, its lines are shown and marked, and no others are marked."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = excerpt_lines(source(), Span(start, end), text, context=1, colour=False)[1:]
    marked = [int(line[2:].split()[0]) for line in shown if line.startswith(">")]
    assert marked == list(range(line_at(text, start), line_at(text, end - 1) + 1))


def test_pages_are_named_where_they_begin() -> None:
    """A worked example: a span on the second page, with one line around it."""
    text = "one\ntwo\n\nthree\nfour"
    pages = (Page(1, Span(0, 7)), Page(2, Span(9, 19)))
    shown = excerpt_lines(source("a.pdf", pages=pages), Span(9, 14), text, context=2, colour=False)
    assert shown == [
        "a.pdf:9-14  2025-10-21",
        "-- page 1 --",
        "  2  two",
        "  3  ",
        "-- page 2 --",
        "> 4  three",
        "  5  four",
    ]


def test_a_date_is_shown_with_what_it_is() -> None:
    """The day a file was made or changed is said to be that, and JSON names the origin."""
    made = replace(source(), date=Dated("2019-02-03", "created"))
    assert excerpt_lines(made, None, "one", context=0, colour=False)[0] == "docs/a.txt  created 2019-02-03"
    shown = json.loads(excerpt_json(made, None, "one"))
    assert (shown["date"], shown["date_origin"]) == ("2019-02-03", "created")


def test_a_whole_source_comes_with_its_remarks() -> None:
    """Above its text and in JSON; an excerpt has none."""
    read = replace(source(), notes=("scanned, no text layer: page 1",))
    assert excerpt_lines(read, None, "one", context=0, colour=False)[1] == (
        "remark: scanned, no text layer: page 1"
    )
    assert not any(
        "remark" in line for line in excerpt_lines(read, Span(0, 3), "one", context=0, colour=False)
    )
    assert json.loads(excerpt_json(read, None, "one"))["notes"] == ["scanned, no text layer: page 1"]


def test_the_span_is_bold_and_nothing_else_of_its_line() -> None:
    """Colour shows which part of the line was meant."""
    shown = excerpt_lines(source(), Span(2, 5), "a bcd e", context=0, colour=True)
    assert shown[1].endswith("a \x1b[1mbcd\x1b[0m e")
