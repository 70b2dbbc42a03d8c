"""Numbers of a claim that follow from cited ones: sums, differences, shares, means, years between.

Only what a claim says that it calculates ("in total", "up 12 %", "four years later") is looked for, and only
from numbers that the claim names too, from the rows of a table that it names, from one number of each cited
text, or where the cited text has few: with many numbers any figure is the sum or the ratio of some. What is
found is shown as it was calculated, for a reader to follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations, pairwise, permutations, product
from math import prod

from qa.checking.arithmetic.amounts import agree, amounts, is_value, is_year, shown, value_of
from qa.checking.arithmetic.cited import Cited, TableLine, stated_shares
from qa.checking.arithmetic.said import (
    has_two_sides,
    kinds_asked,
    kinds_said,
    says_before,
    says_difference,
    word_behind,
)
from qa.checking.arithmetic.worded import in_words
from qa.checking.arithmetic.written import Written, is_result, written_out
from qa.checking.matching import differ_in_unit, same, scaled
from qa.checking.quantities import MONEY_OR_NONE, Quantity

MOST_OPERANDS = 6  # numbers of one kind in the cited text, beyond which chance finds a result
_MOST_SUMMED = 4
_LARGEST_RATIO = 1000
_LEAST_BY_CHANCE = 10  # below it, any two small numbers make a third
_FEW = 3  # numbers from which a result is looked for that the claim does not name
_COLUMNS = 4  # of a table that are looked at
_MOST_CHOICES = 36  # ways to take one number of each text, for a result of many digits
_FEW_CHOICES = 4  # the same for one of few
_MANY_DIGITS = 1000
_FEW_DIGITS = 100  # a number that is repeated has more
_BEFORE, _BEHIND = 3, 2  # so many numbers beside a result are looked at, where the claim has many
_YEAR = Decimal(31556952)  # seconds
_SHARE_SLACK = Decimal("2.5")  # points of a hundred that "four in ten" may be away


def that_follow(
    claimed: Sequence[Quantity],
    known: Sequence[bool],
    claim: str,
    cited: Callable[[], Cited],
    *,
    question: str = "",
) -> dict[Quantity, str]:
    """The numbers of a claim that are calculated from cited ones or from each other, and how.

    For a constant of a calculation ("/ 2", "× 365") and for the result of another claim nothing is shown: its
    text is empty.
    """
    named = [quantity for quantity, is_there in zip(claimed, known, strict=True) if is_there]
    pending = [quantity for quantity, is_there in zip(claimed, known, strict=True) if not is_there]
    if not pending:
        return {}
    texts = cited()
    pending = [quantity for quantity in pending if not _is_another(quantity, claim, texts)]
    follows: dict[Quantity, str] = dict(_shares_in_words(claim, claimed, pending, texts))
    told = dict(in_words(claim, texts.texts, texts.scales))
    follows |= {each: told[each] for each in pending if each in told and not _is_small(each)}
    borrowed = [each for each in pending if _is_lent(each, texts.lent, texts.scales)]
    found = True
    while found:  # as long as one more number is found, another may follow from it
        found = False
        known_now = [*named, *follows, *(each for each in borrowed if each not in follows)]
        written = [written_out(claim, claimed, known_now, scale) for scale in (Decimal(1), *texts.scales)]
        constants = {constant for each in written for constant in each.constants}
        for quantity in [each for each in pending if each not in follows]:
            how = _from_written(quantity, claim, written) or derivation(
                quantity, claim, known_now, texts, question=question
            )
            if how or quantity in constants or _repeats(quantity, known_now, texts.scales):
                follows[quantity] = how
                used = (each for each in borrowed if each not in follows and _is_shown(each, how))
                follows |= dict.fromkeys(used, "")
                found = True
    return follows


def _is_lent(quantity: Quantity, lent: Sequence[Quantity], scales: Sequence[Decimal]) -> bool:
    """True for a result of another claim, as that has it or in the scale of a table."""
    if _is_small(quantity) or quantity.ordinal:
        return False
    return any(same(quantity, scaled(other, scales)) for other in lent) or _is_in_scale(
        quantity, lent, scales
    )


def _is_shown(quantity: Quantity, how: str) -> bool:
    """True if `quantity` is a term of the calculation `how`."""
    terms = how.rpartition(" = ")[0]
    return bool(re.search(rf"(?<![\w.,]){re.escape(shown(quantity))}(?![\w%]|[.,]\d)", terms))


def _from_written(quantity: Quantity, claim: str, written: Sequence[Written]) -> str:
    """How `quantity` follows from a calculation that the claim writes out; empty if it does not."""
    steps = (
        f"{step.shown} = {quantity.text}"
        for each in written
        for step in each.steps
        if step.gives(quantity, each.scale)
        and (not _is_small(quantity) or is_result(step, quantity, claim))
        and (step.value >= 0 or "difference" in kinds_said(claim, quantity))
    )
    return next(steps, "")


def _repeats(quantity: Quantity, named: Sequence[Quantity], scales: Sequence[Decimal]) -> bool:
    """True for a number that the claim has, in the scale of a table: "$368 million (368 / 6,779)"."""
    return min(quantity.values) >= _FEW_DIGITS and _is_in_scale(quantity, named, scales)


def _is_in_scale(quantity: Quantity, others: Sequence[Quantity], scales: Sequence[Decimal]) -> bool:
    """True for a bare number that one of `others` is in the scale of a table: 368 for $368 million."""
    if quantity.unit not in MONEY_OR_NONE or quantity.spelt:
        return False
    return any(
        other.scale in scales
        and quantity.scale == 1
        and _in_scale(other, other.scale).values == quantity.values
        for other in others
        if other.unit in MONEY_OR_NONE
    )


def derivation(
    quantity: Quantity, claim: str, named: Sequence[Quantity], cited: Cited, *, question: str = ""
) -> str:
    """How `quantity` of `claim` follows from numbers `cited`; empty if it does not, or nothing says so.

    `named` are the numbers of the claim that the cited text has.
    """
    if quantity.ordinal or is_year(quantity):
        return ""
    if found := _counted(quantity, claim, cited) or _stated_share(quantity, cited):
        return found
    kinds = kinds_said(claim, quantity)
    if not _is_small(quantity):
        kinds |= {"sum"} if "several" in kinds else set()
    elif not says_difference(claim, quantity):
        kinds -= {"difference"}
    if quantity.unit == "percent" and says_difference(claim, quantity):
        kinds -= {"share"}
    if quantity.unit == "time" and "years" in kinds and quantity.size >= _YEAR:
        return _years_between(quantity, named, cited.numbers)
    rows = cited.named_rows(f"{claim} {question}")
    asked = kinds_asked(question) | ({"difference"} if says_difference(claim, quantity) else set())
    for wanted in (quantity, *(_in_scale(quantity, scale) for scale in cited.scales)):
        results = (
            *(_results(wanted, each, kinds | asked) for each in _in_sight(wanted, claim, named, cited)),
            *(_results(wanted, each, kinds) for each in _operands(wanted, cited, claim)),
            _over_rows(wanted, rows, kinds),
            _over_texts(wanted, claim, cited, kinds),
        )
        if first := next(chain.from_iterable(results), ""):
            return first
    return ""


def _stated_share(quantity: Quantity, cited: Cited) -> str:
    """How a percentage follows from "7 of 12"; empty if it does not."""
    for part, whole in cited.shares if quantity.unit == "percent" else ():
        if is_value(quantity, value_of(part) / value_of(whole) * 100):
            return f"{shown(part)} / {shown(whole)} = {shown(quantity)}"
    return ""


def _in_scale(quantity: Quantity, scale: Decimal) -> Quantity:
    """`quantity` as a table in the given scale has it: 3 for 3 million under "in millions"."""
    if quantity.unit in ("percent", "points"):
        return quantity
    values = frozenset(value / scale for value in quantity.values)
    left = max(quantity.scale / scale, Decimal(1))
    return replace(quantity, values=values, step=quantity.step / scale, scale=left)


def _in_sight(
    quantity: Quantity, claim: str, named: Sequence[Quantity], cited: Cited
) -> Iterator[list[Quantity]]:
    """The numbers that the claim names, to calculate with; where it names many, those beside `quantity`.

    As the cited text has them, as the claim writes them, and all in the one scale that it writes.
    """
    every = [number for number in amounts(named) if number is not quantity]
    if len(_each_once(every)) > MOST_OPERANDS:
        every = _beside(quantity, claim, every)
    yield _each_once([cited.as_written(number) for number in every])
    yield _each_once(every)
    scales = {number.scale for number in every if number.unit in MONEY_OR_NONE} - {Decimal(1)}
    if len(scales) == 1 and scales <= set(cited.scales):
        yield _each_once([_in_scale(number, number.scale) for number in every])


def _beside(quantity: Quantity, claim: str, numbers: Sequence[Quantity]) -> list[Quantity]:
    """Of `numbers`, some before and some behind `quantity` that are not in a bracket which it is not in."""
    bare = [number for number in numbers if not _is_explained(number, quantity, claim)]
    before = [number for number in bare if number.start < quantity.start]
    behind = [number for number in bare if number.start > quantity.start]
    return [
        *sorted(before, key=lambda each: each.start)[-_BEFORE:],
        *sorted(behind, key=lambda each: each.start)[:_BEHIND],
    ]


def _is_explained(number: Quantity, quantity: Quantity, claim: str) -> bool:
    """True if a bracket around `number`, but not around `quantity`, says how another number came about."""
    opened = claim.rfind("(", 0, number.start)
    closed = claim.find(")", number.end)
    inside = opened > claim.rfind(")", 0, number.start) and closed >= 0
    return inside and not opened < quantity.start < closed


def _operands(quantity: Quantity, cited: Cited, claim: str) -> Iterator[list[Quantity]]:
    """All numbers of the cited texts, to calculate with, where there are but few."""
    every = _each_once(cited.numbers)
    if not _is_small(quantity):
        if len(every) <= _FEW:
            yield every
    elif len(every) == 2 and says_difference(claim, quantity):
        yield every


def _counted(quantity: Quantity, claim: str, cited: Cited) -> str:
    """How many came before the eighth, or how many three on each side are."""
    for other in cited.numbers:
        if other.ordinal and says_before(claim, quantity) and value_of(quantity) == value_of(other) - 1:
            return f"{shown(other)} − 1 = {shown(quantity)}"
        pair = not other.ordinal and other.unit == quantity.unit and value_of(quantity) == 2 * value_of(other)
        if pair and any(has_two_sides(text) for text in cited.texts):
            return f"2 × {shown(other)} = {shown(quantity)}"
    return ""


def _is_another(quantity: Quantity, claim: str, cited: Cited) -> bool:
    """True if the cited text has the figure in another unit, or another figure between the same words.

    Then the claim contradicts it, whatever it could be calculated from.
    """
    return any(differ_in_unit(quantity, other) for other in cited.scaled) or cited.has_another(
        quantity, claim
    )


def _is_small(quantity: Quantity) -> bool:
    """True for a number that any two others make by chance."""
    return min(quantity.values) < _LEAST_BY_CHANCE and quantity.step >= 1


def _each_once(numbers: Sequence[Quantity]) -> list[Quantity]:
    """Amounts, each value once."""
    return list({value_of(number): number for number in amounts(numbers)}.values())[: MOST_OPERANDS + 1]


def _results(quantity: Quantity, operands: Sequence[Quantity], kinds: set[str]) -> Iterator[str]:
    """Every way to calculate `quantity` from `operands`, written out."""
    if len(operands) < 2 or len(operands) > MOST_OPERANDS:
        return
    if quantity.unit in ("percent", "points"):
        yield from _percentages(quantity, operands, kinds)
        return
    for size in range(2, min(_MOST_SUMMED, len(operands)) + 1):
        for terms in combinations(operands, size):
            yield from _together(quantity, terms, kinds)
    for one, other in permutations(operands, 2):
        if not agree((one, other)):
            continue
        if "difference" in kinds and is_value(quantity, value_of(one) - value_of(other), (one, other)):
            yield f"{shown(one)} − {shown(other)} = {shown(quantity)}"
        may_be_ratio = (
            quantity.unit is None and min(quantity.values) < _LARGEST_RATIO and value_of(other) != 0
        )
        if "ratio" in kinds and may_be_ratio and is_value(quantity, value_of(one) / value_of(other)):
            yield f"{shown(one)} / {shown(other)} = {shown(quantity)}"


def _together(quantity: Quantity, terms: Sequence[Quantity], kinds: set[str]) -> Iterator[str]:
    """The sum and the mean of `terms`, if one is `quantity`."""
    if not agree(terms):
        return
    total = sum(map(value_of, terms), Decimal(0))
    added = " + ".join(map(shown, terms))
    if "sum" in kinds and is_value(quantity, total, terms):
        yield f"{added} = {shown(quantity)}"
    if "mean" in kinds and is_value(quantity, total / len(terms), terms):
        yield f"({added}) / {len(terms)} = {shown(quantity)}"


def _percentages(quantity: Quantity, operands: Sequence[Quantity], kinds: set[str]) -> Iterator[str]:
    for one, other in permutations(operands, 2):
        new, old = value_of(one), value_of(other)
        if not agree((one, other)) or old == 0:
            continue
        if "difference" in kinds and one.unit in ("percent", "points"):
            if is_value(quantity, abs(new - old)):
                yield f"{shown(one)} − {shown(other)} = {shown(quantity)}"
            continue
        turned = "up" if abs(new) < abs(old) else "down"
        fits = turned not in kinds or {"up", "down"} <= kinds
        if "difference" in kinds and fits and is_value(quantity, abs(new - old) / abs(old) * 100):
            yield f"({shown(one)} − {shown(other)}) / {shown(other)} = {shown(quantity)}"
        of_amounts = quantity.unit == "percent" and "percent" not in (one.unit, other.unit)
        if "share" in kinds and of_amounts and is_value(quantity, new / old * 100):
            yield f"{shown(one)} / {shown(other)} = {shown(quantity)}"


def _over_rows(quantity: Quantity, rows: Sequence[TableLine], kinds: set[str]) -> Iterator[str]:
    """What follows from the same column of several rows, or from neighbouring columns of one."""
    if _is_small(quantity):
        return
    if len(rows) > 1:
        for column in range(min(_COLUMNS, *(len(row.numbers) for row in rows))):
            yield from _results(quantity, [row.numbers[column] for row in rows], kinds)
    for row in rows:
        for pair in pairwise(row.numbers[:_COLUMNS]):
            yield from _results(quantity, pair, kinds & {"difference", "mean", "sum", "up", "down"})


def _over_texts(quantity: Quantity, claim: str, cited: Cited, kinds: set[str]) -> Iterator[str]:
    """The sum or the mean of one number of each cited text, of those that count the same if there are any."""
    choices = [
        [number for number in numbers if number.unit in (None, quantity.unit)] for numbers in cited.by_text
    ]
    counted = word_behind(claim, quantity)
    alike = [
        [number for number in numbers if word_behind(text, number) == counted]
        for text, numbers in zip(cited.texts, choices, strict=True)
    ]
    choices = alike if counted and all(alike) else choices
    if not 2 <= len(choices) <= _MOST_SUMMED or not kinds & {"sum", "several", "mean"}:
        return
    many = _MOST_CHOICES if min(quantity.values) >= _MANY_DIGITS else _FEW_CHOICES
    if prod(map(len, choices)) > (1 if _is_small(quantity) else many):
        return
    for terms in product(*choices):
        yield from _together(quantity, terms, kinds | ({"sum"} if "several" in kinds else set()))


def _shares_in_words(
    claim: str, claimed: Sequence[Quantity], pending: Sequence[Quantity], cited: Cited
) -> Iterator[tuple[Quantity, str]]:
    """Both numbers of "four in ten", if the cited text has the share in percent or in other numbers."""
    for part, whole in stated_shares(claim, claimed):
        if part not in pending and whole not in pending:
            continue
        share = value_of(part) / value_of(whole) * 100
        slack = _SHARE_SLACK if value_of(whole) <= _LEAST_BY_CHANCE else Decimal("0.5")
        percents = [number for number in cited.numbers if number.unit == "percent"]
        same_share = [(value_of(each), shown(each)) for each in percents]
        same_share += [
            (value_of(one) / value_of(other) * 100, f"{shown(one)} / {shown(other)}")
            for one, other in cited.shares
        ]
        how = next((how for value, how in same_share if abs(value - share) <= slack), "")
        if how:
            text = f"{shown(part)} / {shown(whole)} = {how}"
            yield from ((number, text) for number in (part, whole) if number in pending)


def _years_between(quantity: Quantity, named: Sequence[Quantity], there: Sequence[Quantity]) -> str:
    """The years from one year to another, where the claim names one of them or the text has but two."""
    years = sorted({int(value_of(number)): number for number in there if is_year(number)}.items())
    said = {int(value_of(number)) for number in named if is_year(number)}
    for (first, one), (last, other) in combinations(years, 2):
        is_span = is_value(quantity, Decimal(last - first), (), _YEAR)
        if (len(years) == 2 or {first, last} & said) and is_span:
            return f"{shown(other)} − {shown(one)} = {shown(quantity)}"
    return ""
