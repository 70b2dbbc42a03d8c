"""The line that says what an answer took, and how much of the documents it read."""

from __future__ import annotations

import pytest

from qa.output.answers.usage import coverage_text, usage_line
from qa.types import Answer, Coverage, Usage


@pytest.mark.parametrize(
    ("coverage", "text"),
    [
        (Coverage(10, 21, 3, 5), "10 of 21 passages of 5 sources read"),
        (Coverage(21, 21, 5, 5), "all 21 passages of 5 sources read"),
        (Coverage(1, 1, 1, 1), "all 1 passage of 1 source read"),
        (Coverage(30, 8_202, 9, 1_000), "30 of 8,202 passages of 1,000 sources read"),
    ],
)
def test_how_much_was_read(coverage: Coverage, text: str) -> None:
    """Of all that might have been."""
    assert coverage_text(coverage) == text


def test_the_usage_line_ends_with_it() -> None:
    """Where it is known."""
    answer = Answer("?", "answered", "llm", "wise-1", "", (), (), (), usage=Usage(1_200, 40, 0.01))
    assert usage_line(answer) == "wise-1: 1,200 tokens in, 40 out, $0.01000"
    read = Answer(
        "?",
        "answered",
        "llm",
        "wise-1",
        "",
        (),
        (),
        (),
        usage=Usage(5, 4, 0.1),
        coverage=Coverage(1, 2, 1, 2),
    )
    assert usage_line(read) == "wise-1: 5 tokens in, 4 out, $0.10000; 1 of 2 passages of 2 sources read"
