"""Where a text says what was quoted from it."""

from __future__ import annotations

import pytest

from index.types import Span
from qa.checking.receipts.locate import find_quote, find_similar

SAID = "The summit was cancelled."


def places(marked: str) -> tuple[str, tuple[Span, ...]]:
    """A text without its bars, and the sentences between these."""
    spans, start = [], 0
    for part in marked.split("|"):
        if part.strip():
            spans.append(Span(start, start + len(part)))
        start += len(part)
    return marked.replace("|", ""), tuple(spans)


@pytest.mark.parametrize(
    ("marked", "near", "start"),
    [
        (f"|{SAID}| Nobody knew.", 0, 0),
        (f"Earlier.| |{SAID}|", 0, 9),
        (f"|{SAID}| |{SAID}| |{SAID}|", 26, 26),  # where it was, though it is said three times
        (f"|{SAID}| |Then this came.| |{SAID}|", 30, 42),  # the nearest
        ("|The summit\r\nwas   cancelled.|", 0, 0),
        ("|The summit\nwas cancelled.|", 3, 0),
        (f"|[00:00:03] {SAID}|", 0, 11),
        (f"|“{SAID}”|", 0, 1),
    ],
)
def test_a_quotation_is_found_as_a_whole_sentence(marked: str, near: int, start: int) -> None:
    """Where it was, else nearest to it, whatever white space stands between its words."""
    text, sentences = places(marked)
    found = find_quote(SAID, Span(near, near + len(SAID)), text, sentences)
    assert found is not None
    assert found.start == start
    assert found.of(text).split() == SAID.split()


@pytest.mark.parametrize(
    "marked",
    [
        "|It is not true that The summit was cancelled.|",
        "|The summit was cancelled.5 times over.|",
        "|The summit was cancelled|",
        "|The summit was not cancelled.|",
        "||",
        "|the summit was cancelled.|",
    ],
)
def test_within_another_sentence_it_does_not_say_the_same(marked: str) -> None:
    """Not even at the very place."""
    text, sentences = places(marked)
    assert find_quote(SAID, Span(0, len(SAID)), text, sentences) is None
    assert find_quote(SAID, Span(0, len(text)), text, sentences) is None


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("|Cats sleep.| |The summit was not cancelled.|", "The summit was not cancelled."),
        ("|The summit was postponed.| |Cats sleep.|", "The summit was postponed."),
        ("|Cats sleep.| |Dogs bark at the summit.|", None),
        ("||", None),
    ],
)
def test_a_sentence_that_was_changed_is_found(marked: str, expected: str | None) -> None:
    """The nearest one, if it is near."""
    text, sentences = places(marked)
    found = find_similar(SAID, text, sentences)
    assert (found and found.of(text)) == expected


def test_several_sentences_that_were_changed_are_found_together() -> None:
    """As one run, without what stands around it."""
    quote = "The summit was cancelled. Moscow had sent a memorandum of four pages."
    text, sentences = places(
        "|Cats sleep.| |The summit was held.| |Moscow had sent a memorandum of nine pages.| |Dogs bark.|"
    )
    found = find_similar(quote, text, sentences)
    assert found is not None
    assert found.of(text) == "The summit was held. Moscow had sent a memorandum of nine pages."
