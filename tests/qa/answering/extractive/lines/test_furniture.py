"""Furniture of a page has no key, and content that looks like it has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.types import Span, Table
from qa.answering.extractive.lines.furniture import content_of
from tests.support.sentences import passage_of

STORY = "The bridge over the river is closed until June."


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Sign up to our daily newsletter for the best stories",
        "Share this article on Facebook",
        "Read more",
        "Related stories",
        "Skip to main content",
        "Follow us on Twitter",
        "— Advertisement —",
        "3 min read",
        "Lesen Sie auch",
        "Abonnez-vous à notre lettre",
    ],
)
def test_furniture_goes_wherever_it_stands(line: str) -> None:
    """On a line of its own."""
    text = f"{STORY}\n{line}\n{STORY}"
    assert [span.of(text) for span in content_of(passage_of(text).chunk)] == [STORY, STORY]


@pytest.mark.parametrize(
    "line",
    [
        "News of the closure spread.",
        "Share prices fell.",
        "Subscribers to the newsletter fell by 4 %.",
        "Read more books.",
        "- Read more",
        "1. Share this page",
        "Sign up to the army was compulsory.",
        "Print",
        "News",
        f"Read more. {STORY}",
    ],
)
def test_content_stays(line: str) -> None:
    """Steps of a list, sentences with something to say, a bare word far from the head."""
    text = f"{STORY * 6}\n{line}\n{STORY}"
    chunk = passage_of(text).chunk
    assert content_of(chunk) == chunk.sentences


def test_a_bare_name_of_a_part_of_a_site_goes_from_the_head_alone() -> None:
    """There it is where the page was found; and a row of a table is no furniture."""
    text = f"News\n{STORY}"
    chunk = passage_of(text).chunk
    assert [span.of(text) for span in content_of(chunk)] == [STORY]
    rows = replace(chunk, tables=(Table(Span(0, len(text)), 0),))
    assert content_of(rows) == chunk.sentences
