"""Raised and lowered text keeps its meaning on one line."""

from __future__ import annotations

import pytest

from index.readers.markup.html import read_html
from index.text.scripts import lowered, raised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8", "⁸"),
        ("-19", "⁻¹⁹"),
        ("2+", "²⁺"),
        ("+", "⁺"),
        ("n", "ⁿ"),
        ("2n", "²ⁿ"),
        ("3.5", "³.⁵"),
        ("1,2", "¹,²"),
        ("x+1", "^(x+1)"),
        ("1/2", "^(1/2)"),
        ("2k", "^(2k)"),
        ("th", "th"),
        ("1st", "1st"),
        ("me", "me"),
        ("TM", "TM"),
        ("[12]", "[12]"),
        ("a longer remark 1", "a longer remark 1"),
        ("", ""),
    ],
)
def test_raised(text: str, expected: str) -> None:
    """No digit of an exponent joins the number before it."""
    assert raised(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2", "₂"), ("2eq", "₂eq"), ("max", "max"), ("i+1", "_(i+1)"), ("i", "i"), ("10", "₁₀")],
)
def test_lowered(text: str, expected: str) -> None:
    """Digits are signs of their own; words stay."""
    assert lowered(text) == expected


def test_in_a_page() -> None:
    """The tags of HTML, one inside the other."""
    reading = read_html(b"<p>CO<sub>2</sub> 10<sup>3</sup> x<sub>1<sup>2</sup></sub> m<sup>2</sup></p>", "a")
    assert reading.text == "CO₂ 10³ x₁² m²"
