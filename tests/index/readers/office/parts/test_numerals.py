"""Numerals of list items."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from index.readers.office.parts.numerals import numeral, spreadsheet_letters


@pytest.mark.parametrize(
    ("number", "name", "expected"),
    [
        (7, "decimal", "7"),
        (7, "decimalZero", "07"),
        (1994, "upperRoman", "MCMXCIV"),
        (0, "lowerRoman", "0"),
        (26, "lowerLetter", "z"),
        (28, "upperLetter", "BB"),
        (21, "cardinalText", "Twenty-one"),
        (22, "ordinalText", "Twenty-second"),
        (30, "ordinalText", "Thirtieth"),
        (12, "ordinalText", "Twelfth"),
        (113, "ordinal", "113th"),
        (3, "decimalEnclosedCircle", "③"),
        (15, "chineseCounting", "十五"),
        (204, "chineseCountingThousand", "二百零四"),
        (4, "russianLower", "г"),
        (2, "aiueo", "イ"),
        (4, "chicago", "§"),
        (5, "none", ""),
        (5, "unheard of", "5"),
    ],
)
def test_a_numeral(number: int, name: str, expected: str) -> None:
    """What word processors write for a number."""
    assert numeral(number, name) == expected


@given(
    st.integers(-5, 100_000), st.sampled_from(["upperRoman", "lowerLetter", "ordinalText", "chineseCounting"])
)
def test_every_number_has_a_numeral(number: int, name: str) -> None:
    """Where a numeral ends, decimal digits go on."""
    assert numeral(number, name)


def test_letters_of_columns() -> None:
    """After z comes aa, then ab."""
    assert [spreadsheet_letters(number) for number in (1, 26, 27, 28, 703)] == ["a", "z", "aa", "ab", "aaa"]
