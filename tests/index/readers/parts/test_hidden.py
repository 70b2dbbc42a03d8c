"""Hidden texts: the remark on them, and how they are put back."""

from __future__ import annotations

from index.readers.builder import TextBuilder
from index.readers.parts.hidden import counts, settled
from index.types import Reading, Span
from tests.support.readings import check_reading, texts


def built() -> Reading:
    """Two pages, a table on the first, hidden text at the beginning, between, and on a page of its own."""
    builder = TextBuilder()
    builder.hide("before all", "not displayed")
    builder.add("paragraph", "First.")
    builder.hide("in between", "off the page")
    builder.add_table([["A", "B"], ["1", "2"]], headings=1)
    builder.end_page(1)
    builder.hide("a page of its own", "on a hidden slide")
    builder.end_page(2)
    builder.add("paragraph", "Last.")
    builder.end_page(3)
    builder.hide_on(0, "late", "covered")
    return builder.reading()


def test_the_remark_counts_and_names() -> None:
    """Characters, places, by what means, on which pages; and it can be counted up."""
    (note,) = settled(built(), include=False).notes
    assert note == (
        "hidden text left out: 41 characters in 4 places "
        "(not displayed 1, off the page 1, on a hidden slide 1, covered 1), pages 1, 2"
    )
    assert counts(note) == (41, 4)
    assert counts("3 comments were not read") is None


def test_texts_are_put_where_they_stood() -> None:
    """Blocks, tables and pages keep what they had; each text is on its page."""
    plain, whole = settled(built(), include=False), settled(built(), include=True)
    check_reading(whole)
    assert texts(plain) == ["First.", "A | B", "1 | 2", "Last."]
    assert texts(whole) == [
        *("before all", "First.", "in between", "A | B", "1 | 2", "late", "a page of its own", "Last.")
    ]
    assert [span.of(whole.text) for span in whole.hidden] == [
        *("before all", "in between", "late", "a page of its own")
    ]
    assert whole.tables[0].span.of(whole.text) == plain.tables[0].span.of(plain.text)
    assert whole.text[whole.tables[0].body :].startswith("1 | 2")
    assert [page.span.of(whole.text).split("\n\n")[0] for page in whole.pages] == [
        *("before all", "a page of its own", "Last.")
    ]


def test_a_text_of_hidden_parts_alone() -> None:
    """There is nothing else to set them apart from."""
    builder = TextBuilder()
    builder.hide("one", "covered")
    builder.hide("two", "covered")
    whole = settled(builder.reading(), include=True)
    assert whole.text == "one\n\ntwo"
    assert whole.hidden == (Span(0, 3), Span(5, 8))


def test_a_reading_without_hidden_text_is_the_same() -> None:
    """Not a byte is changed."""
    builder = TextBuilder()
    builder.add("paragraph", "words")
    assert settled(builder.reading(), include=True) == builder.reading()
