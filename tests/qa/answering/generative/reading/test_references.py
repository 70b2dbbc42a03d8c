"""What the first sentence of a chunk points back to."""

from __future__ import annotations

import pytest

from qa.answering.generative.reading.references import points_back, referred_to
from tests.support.sentences import passage_of

TEXT = "The mayor resigned. He gave no reason. He left a day later. The council met."


@pytest.mark.parametrize(
    "text",
    [
        "He left.",
        "That was the case in May.",
        "A day later, the bridge closed.",
        "“This is wrong,” she said.",
        "However, it rained.",
        "Er ging.",
        "Danach war Ruhe.",
        "Elle est partie.",
        "Sin embargo, llovió.",
    ],
)
def test_a_sentence_that_joins_on_points_back(text: str) -> None:
    """By its first word or words."""
    assert points_back(text)


@pytest.mark.parametrize("text", ["The bridge closed.", "Hermann left.", "Italy won.", "1 day was lost.", ""])
def test_one_that_names_what_it_is_about_does_not(text: str) -> None:
    """A word that only begins like a pronoun is none."""
    assert not points_back(text)


def test_sentences_are_brought_until_one_stands_alone() -> None:
    """Two at most, in order, and none where nothing points back."""
    before = passage_of(TEXT, start=0, end=38).chunk
    chunk = passage_of(TEXT, start=39).chunk
    assert [span.of(TEXT) for span in referred_to(chunk, before)] == [
        "The mayor resigned.",
        "He gave no reason.",
    ]
    assert referred_to(passage_of(TEXT, start=60).chunk, before) == ()
    assert referred_to(chunk, None) == ()


def test_another_section_is_not_what_is_meant() -> None:
    """Its headings say so."""
    before = passage_of(TEXT, start=0, end=38, headings=("The mayor",)).chunk
    assert referred_to(passage_of(TEXT, start=39, headings=("The council",)).chunk, before) == ()
