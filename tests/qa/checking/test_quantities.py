"""Numbers are read as people write them, and compared as people mean them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from qa.checking.matching import differ_in_unit, same
from qa.checking.quantities import Quantity, quantities


def only(text: str) -> Quantity:
    """The one number of `text`."""
    (quantity,) = quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,577 people", 1577),
        ("$1.577 billion", 1_577_000_000),
        ("1577 million", 1_577_000_000),
        ("twenty-eight points", 28),
        ("two hundred and five", 205),
        ("a dozen eggs", 12),
        ("$5m", 5_000_000),
        ("10k", 10_000),
        ("3万", 30_000),
        ("the 21st", 21),
        ("٤٢", 42),
        ("1.577", 1577),  # German thousands; 1.577 is read as well
        ("12\u202f000", 12_000),
    ],
)
def test_reads(text: str, value: int) -> None:
    """Figures, words, scales and digits of other scripts have their value."""
    assert Decimal(value) in only(text).values


@pytest.mark.parametrize(
    ("claimed", "cited"),
    [
        ("5 percent", "5%"),
        ("5 per cent", "five percent"),
        ("$1.577 billion", "1577 million dollars"),
        ("$1.58 billion", "$1,577 million"),
        ("about 1,600", "1,577"),
        ("over 1,500", "1,577"),
        ("nearly 1,600 people", "1,577 people"),
        ("8 km", "8,000 metres"),
        ("90 minutes", "1.5 hours"),
        ("the 1990s", "1994"),
        ("the 19th century", "1850"),
        ("21st", "twenty-first"),
        ("several hundred", "400"),
    ],
)
def test_same(claimed: str, cited: str) -> None:
    """Another writing, unit or rounding is the same figure."""
    assert same(only(claimed), only(cited))


@pytest.mark.parametrize(
    ("claimed", "cited"),
    [
        ("1,577", "1,557"),
        ("28 million", "28 billion"),
        ("5 miles", "5 km"),
        ("5 points", "5%"),
        ("$5", "€5"),
        ("over 1,600", "1,577"),
        ("about 1,602", "1,577"),
        ("1,600", "1,577"),
        ("about 1998", "1994"),
        ("1958", "the 1950s"),
        ("three years", "the third year"),
    ],
)
def test_not_same(claimed: str, cited: str) -> None:
    """Another digit, scale or unit is another figure, and so is a rounding the wrong way."""
    assert not same(only(claimed), only(cited))


def test_unit() -> None:
    """The same figure in another unit is told apart from another figure."""
    assert differ_in_unit(only("5 miles"), only("5 km"))
    assert not differ_in_unit(only("5 miles"), only("6 km"))


def test_shared_scale() -> None:
    """The first of two joined numbers has the scale of the second, and may have it not."""
    first, second = quantities("$5-10 million")
    assert {Decimal(5), Decimal(5_000_000)} <= first.values
    assert second.values == {Decimal(10_000_000)}
    assert Decimal(1999) in quantities("1998-99")[1].values


@pytest.mark.parametrize("text", ["the A380", "9" * 41, "no number here", ""])
def test_no_number(text: str) -> None:
    """A name with figures is a name, and what no person writes is no number."""
    assert quantities(text) == ()


@given(st.integers(0, 10**15))
def test_separators(number: int) -> None:
    """A number with thousands separators is the number."""
    assert same(only(f"{number:,}"), only(str(number)))
    assert only(f"{number:,}").values == {Decimal(number)}


@given(st.text())
def test_spans(text: str) -> None:
    """A number's text is its slice."""
    assert all(quantity.text == text[quantity.start : quantity.end] for quantity in quantities(text))
