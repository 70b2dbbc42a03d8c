"""Quotations found in a text: word for word, nearly, or not."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from index.types import Span
from qa.evaluation.sets.quotations import MOST_PLACES, bare, find_quotation

TEXT = (
    "The port of Lund opened in 1904.\nIts  keeper’s house – a ruin – was sold. Nobody bought it twice. "
    "The harbour master kept a diary of every ship that came in from the north during the war. "
    "Nobody read it."
)


@pytest.mark.parametrize(
    ("quotation", "found"),
    [
        ("opened in 1904", "opened in 1904"),
        ("Its keeper's house - a ruin - was sold", "Its  keeper’s house – a ruin – was sold"),
        ("“the PORT of lund opened”", "The port of Lund opened"),
        ("... a ruin – was sold. [...]", "a ruin – was sold."),
        ("1904. Its keeper’s", "1904.\nIts  keeper’s"),
    ],
)
def test_looks_do_not_matter(quotation: str, found: str) -> None:
    """White space, case, quotes, dashes, and what people put around a quotation."""
    match = find_quotation(TEXT, quotation)
    assert match.likeness == 1
    assert [span.of(TEXT) for span in match.spans] == [found]


def test_every_place_is_found() -> None:
    """In order, up to a limit."""
    assert find_quotation(TEXT, "Nobody").spans == (Span(74, 80), Span(188, 194))
    assert len(find_quotation("so " * 100, "so").spans) == MOST_PLACES


@pytest.mark.parametrize(
    "quotation",
    [
        "The harbour master kept the diary of every ship that came in from the north during the war",
        "harbour master kept a diary of every vessel that came in from the north during the war",
        "The harbour master kept a diary of ship that came in from the north",
    ],
)
def test_a_place_that_is_nearly_the_quotation_is_found(quotation: str) -> None:
    """With how like it is; it begins and ends with words of it."""
    match = find_quotation(TEXT, quotation)
    assert match.found
    assert 0.8 <= match.likeness < 1
    (span,) = match.spans
    assert span.of(TEXT).lower().startswith(("the harbour", "harbour"))
    assert span.of(TEXT).endswith(("north", "war"))


@pytest.mark.parametrize("quotation", ["The queen opened a bridge on a sunny day", "xyzzy", "?!", ""])
def test_what_is_not_there_is_not_found(quotation: str) -> None:
    """The nearest place is given where there is any likeness."""
    assert not find_quotation(TEXT, quotation).found
    assert not find_quotation("", quotation).spans


def test_scripts_without_spaces_are_compared_by_character() -> None:
    """Where one of them differs, the place is still near."""
    text = "会议于三月四日在奥尔德举行。由于码头不安全，理事会取消了港口节。"
    match = find_quotation(text, "由于码头很不安全，理事会取消了港口节")
    assert match.found
    assert match.spans[0].of(text).startswith("由于码头")


def test_a_quotation_of_quotes_alone_stays() -> None:
    """Nothing is left of it otherwise."""
    assert bare(' "..." ') == '"..."'
    assert bare("“So it was …”") == "So it was"


@given(st.text(alphabet="ab .\n“-", max_size=60), st.integers(0, 50), st.integers(1, 20))
def test_what_is_in_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    """At a place with the same words."""
    quotation = text[start : start + length]
    if quotation.strip():
        match = find_quotation(text, quotation)
        assert match.likeness == 1
        assert all(0 <= span.start < span.end <= len(text) for span in match.spans)
