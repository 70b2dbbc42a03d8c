"""Whether two numbers are the same figure: written differently, in another unit, or rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from qa.checking.quantities import MONEY_OR_NONE, Quantity, quantities
from qa.checking.words.units import PART_STEP

ROUGHLY = Decimal("0.1")  # how far "about 1,600" may be from the figure it rounds
CONVERTED = Decimal("0.01")  # how far a converted unit may be
# What a number in a table may be multiplied with, where nothing states its scale.
ANY_SCALE = (Decimal(1_000), Decimal(1_000_000), Decimal(1_000_000_000))


def numbers_of_rows(texts: Sequence[str]) -> set[str]:
    """The numbers, as written, in the rows of tables; of what scale they are, their head would say."""
    rows = (line for text in texts for line in text.split("\n") if "|" in line)
    return {number.text for row in rows for number in quantities(row)}


def scaled(number: Quantity, scales: Sequence[Decimal]) -> Quantity:
    """A number that may also be meant in the scale of its table: "1,577" under "in millions"."""
    if not scales or number.scale != 1 or number.ordinal or number.spelt or number.unit not in MONEY_OR_NONE:
        return number
    more = {value * scale for value in number.values for scale in scales}
    return replace(number, values=number.values | more)


def same(claimed: Quantity, cited: Quantity) -> bool:
    """True if the two may be the same figure, in whatever writing, rounding or unit."""
    if claimed.unit and cited.unit and claimed.unit != cited.unit:
        return False
    converts = bool(claimed.unit and cited.unit) and claimed.size != cited.size
    return any(
        _near(left * claimed.size, right * cited.size, CONVERTED)
        if converts
        else _is_figure(claimed, cited, left, right)
        for left in claimed.values
        for right in cited.values
    )


def differ_in_unit(claimed: Quantity, cited: Quantity) -> bool:
    """True if the figures are the same and the units are not."""
    return bool(claimed.values & cited.values) and not same(claimed, cited)


def _is_figure(claimed: Quantity, cited: Quantity, left: Decimal, right: Decimal) -> bool:
    """True if the value `left` of a claim is `right`, or what a careful writer would round `right` to."""
    if claimed.part or cited.part:
        return _is_part(claimed, cited, left, right)
    if claimed.ordinal != cited.ordinal and (claimed.unit or cited.unit):
        return False
    if claimed.width > cited.width:  # the 1990s, for 1994
        return left <= right < left + claimed.width
    if claimed.width == cited.width and left == right:
        return True
    return (
        max(claimed.width, cited.width) == 1 and not claimed.ordinal and _rounds(claimed, cited, left, right)
    )


def _is_part(claimed: Quantity, cited: Quantity, left: Decimal, right: Decimal) -> bool:
    """True if a part in words is a share in percent, or the other way round: "a third" for 34 %."""
    if (claimed.unit, cited.unit) != ("percent", "percent"):
        return False
    if claimed.part and claimed.rounding in ("over", "under") and not cited.part:
        beyond = right - left if claimed.rounding == "over" else left - right
        return 0 <= beyond <= 2 * PART_STEP
    if claimed.part and cited.part:
        return abs(left - right) < Decimal("0.1")
    return abs(left - right) <= (PART_STEP if claimed.part else claimed.step) / 2


def _rounds(claimed: Quantity, cited: Quantity, left: Decimal, right: Decimal) -> bool:
    """True if `left` is `right` with fewer digits, as a word of the claim or its last digit allows."""
    if claimed.rounding == "several":
        return left <= right < 10 * left
    if claimed.step <= cited.step or _is_year(claimed, left):  # nobody rounds to more digits
        return False
    if claimed.rounding:
        fits = {"about": True, "over": right >= left, "under": right <= left}[claimed.rounding]
        return fits and right > 20 and _near(left, right, ROUGHLY)
    # 1.58 billion for 1,577 million: the claim has fewer digits, and its last one is right.
    exact = claimed.scale == 1 and claimed.step >= 1 and left < 10_000
    return not exact and left >= 10 * claimed.step and abs(left - right) * 2 <= claimed.step


def _is_year(quantity: Quantity, value: Decimal) -> bool:
    plain = quantity.scale == 1 and quantity.unit is None and quantity.text.isdigit()
    return plain and 1000 <= value <= 2100


def _near(left: Decimal, right: Decimal, share: Decimal) -> bool:
    return abs(left - right) <= share * max(abs(left), abs(right))
