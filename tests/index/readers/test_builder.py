"""Text built block by block: what is cleaned away, what stays, and how raised digits are written."""

from __future__ import annotations

import pytest

from index.readers.builder import clean
from index.text.scripts import subscript, superscript


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Setup\u200b", "Setup"),
        ("a\u200bb\u2060c\ufeffd", "abcd"),
        ("กข\u200bคง", "กข\u200bคง"),
        ("ខ្មែរ\u200b", "ខ្មែរ"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("so\u00adft\x1b[0m\r\nx\x00", "soft[0m\nx"),
    ],
)
def test_signs_that_are_never_seen(text: str, expected: str) -> None:
    """They go, but for those that part words of scripts without spaces, or shape letters and emoji."""
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "raised", "lowered"),
    [
        ("6", "⁶", "₆"),
        ("-12", "⁻¹²", "₋₁₂"),
        ("2+", "²⁺", "₂₊"),
        ("1,2", "¹,²", "₁,₂"),
        ("n", "ⁿ", "ₙ"),
    ],
)
def test_raised_and_lowered_digits(text: str, raised: str, lowered: str) -> None:
    """Exponents, charges, lists of footnotes and n are written as such."""
    assert (superscript(text), subscript(text)) == (raised, lowered)


@pytest.mark.parametrize("text", ["st", "TM", "2e", "1234", "(a)", ""])
def test_raised_letters_stay(text: str) -> None:
    """Ordinals and trade marks keep their letters."""
    assert superscript(text) == subscript(text) == text
