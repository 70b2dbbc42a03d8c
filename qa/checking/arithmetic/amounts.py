"""Amounts: numbers that can be calculated with, and whether a result is the number that is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from qa.checking.quantities import MONEY_OR_NONE, Quantity

_PART_SLACK = Decimal(8)  # points of a hundred that "more than a third" may be away from a third


def amounts(numbers: Iterable[Quantity]) -> list[Quantity]:
    """Those of `numbers` that can be calculated with: no years, ordinals, times of day, decades."""
    return [
        number
        for number in numbers
        if not number.ordinal and number.unit != "clock" and number.width == 1 and not is_year(number)
    ]


def value_of(quantity: Quantity) -> Decimal:
    """The value that is calculated with, of all that `quantity` may have."""
    return max(quantity.values)


def is_year(quantity: Quantity) -> bool:
    """True for 1000 to 2100 in four digits, alone or of a date, with no unit or scale."""
    plain = quantity.unit is None and quantity.scale == 1 and not quantity.spelt and quantity.width == 1
    value = value_of(quantity)
    figures = quantity.text.isdigit() or not quantity.text.replace(",", "").replace(".", "").isdigit()
    return plain and figures and 1000 <= value <= 2100 and value % 1 == 0


def agree(terms: Iterable[Quantity]) -> bool:
    """True if numbers can be added: one unit, or none; of money or points one may go without."""
    units = {term.unit for term in terms} - {"points"}
    return len(units) < 2 or (len(units) == 2 and units <= MONEY_OR_NONE and None in units)


def shown(quantity: Quantity) -> str:
    """The number as written."""
    return quantity.text.strip()


def is_value(
    quantity: Quantity, value: Decimal, terms: Sequence[Quantity] = (), size: Decimal = Decimal(1)
) -> bool:
    """True if `quantity` is `value`, rounded as it is written; `terms` are what it was calculated from."""
    if quantity.unit and any(not _fits(quantity, term) for term in terms):
        return False
    factor = quantity.size / size
    slack = quantity.step / 2
    if quantity.part:
        slack = _PART_SLACK if quantity.rounding in ("over", "under") else slack
    elif quantity.rounding in ("about", "over", "under"):
        # "about 5.4 %" means its last digit.
        slack = max(slack, abs(value) / 20) if quantity.step >= 1 else slack
    elif quantity.step > quantity.scale:  # zeros at its end: "1,200 million" is given to the million
        slack = quantity.scale / 2
    return any(
        _is_near(written * factor, value, slack) and _on_its_side(quantity, written * factor, value)
        for written in quantity.values
    )


def _is_near(written: Decimal, value: Decimal, slack: Decimal) -> bool:
    """True if `value` is rounded to `written`: half of the last digit is rounded up."""
    return abs(written - value) < slack or written == value or (written - value) == slack


def _fits(quantity: Quantity, term: Quantity) -> bool:
    """True if a term can be added for `quantity`, which has a unit: it has the same, or is in digits."""
    return term.unit == quantity.unit or (term.unit is None and not term.spelt)


def _on_its_side(quantity: Quantity, written: Decimal, value: Decimal) -> bool:
    """False for "more than a third" of what is less, and for "less than a third" of what is more."""
    if not quantity.part:
        return True
    too_little, too_much = value < written, value > written
    return not ((quantity.rounding == "over" and too_little) or (quantity.rounding == "under" and too_much))
