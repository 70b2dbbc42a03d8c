"""PDF: what a character is by its code alone."""

from __future__ import annotations

import numpy as np
import pytest

from index.readers.pdf.content.characters import HYPHEN, breaks, one_of, spans


def test_what_ends_a_line() -> None:
    """Line feeds, form feeds, separators of lines and paragraphs, and a hyphen that pdfium took away."""
    codes = np.array([0x0A, 0x0C, 0x0D, 0x2028, 0x2029, HYPHEN, 0x20, 0x41, 0x2027, 0x1F600], np.uint32)
    assert breaks(codes).tolist() == [True] * 6 + [False] * 4


@pytest.mark.parametrize(
    ("text", "expected"), [("a1b", [False, True, False]), ("", []), ("’x’", [True, False, True])]
)
def test_one_of_a_few_codes(text: str, expected: list[bool]) -> None:
    """Each code is looked for among a few."""
    assert one_of(np.array(list(map(ord, text)), np.uint32), [ord("1"), ord("’")]).tolist() == expected


def test_runs_of_characters() -> None:
    """Each run without white space has a start and an end."""
    starts, ends = spans(np.array([True, False, False, True, False]))
    assert (starts.tolist(), ends.tolist()) == ([1, 4], [3, 5])
