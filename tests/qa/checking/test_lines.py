"""Which lines are compared between sources: not those that tell of their text only."""

from __future__ import annotations

import pytest

from index.types import Span
from qa.checking.sources.statements import Statement, asserts
from tests.support.sentences import passage_of


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Harbour Desk, 27 October 2025", False),
        ("By Anna Adams and Karl Brodno", False),
        ("Published: 27 October 2025", False),
        ("Last updated 27 October 2025", False),
        ("27 October 2025", False),
        ("# The ferry sank on Sunday", False),
        ("Deadline: 27 October 2025", True),
        ("The ferry sank on 27 October 2025.", True),
        ("2025-10-27,The ferry sank,Brodno", True),
        ("Marlow | 27 October 2025", True),
        ("Passengers 48", True),
    ],
)
def test_a_line_about_its_text_asserts_nothing(line: str, *, is_one: bool) -> None:
    """Datelines, bylines, dates and headings."""
    passage = passage_of(f"{line}\n", "a.txt")
    assert asserts(Statement(passage.source, passage.chunk, Span(0, len(line)), line, passage)) is is_one
