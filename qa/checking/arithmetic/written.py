"""Calculations that a claim writes out: "$7,230 million less $348 million", "(410 + 390) / 2 = 400".

They are followed term by term, brackets first, results of one as terms of the next, and where they can be
read in two ways in both: from left to right, as words are, and products first, as signs are; "40 less 5 and
6" as one calculation, and as one that ends before the "and". A bracket right behind a number says how that
number came about, and is left out around it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from index.text.patterns import lazy_compile
from qa.checking.arithmetic.amounts import is_year, shown, value_of
from qa.checking.arithmetic.said import is_negative
from qa.checking.quantities import MONEY_OR_NONE, Quantity

# What stands between two terms of a calculation that is written out, and what follows of both.
_WRITTEN = {
    "+": lazy_compile(r"\b(?:plus|added to)\b|(?<!\w)\+(?!\w)", re.IGNORECASE),
    "−": lazy_compile(
        r"\b(?:less(?! than)|minus|net of|reduced by|after deducting)\b|(?<=\s)[-\u2212](?=\s)", re.IGNORECASE
    ),
    "/": lazy_compile(
        r"\b(?:divided by|over(?! the)|relative to)\b|[÷/]|\bas a (?:share|percentage|proportion) of\b",
        re.IGNORECASE,
    ),
    "×": lazy_compile(r"[×*]|(?<=\s)x(?=\s)|\b(?:times|multiplied by)\b", re.IGNORECASE),
    "=": lazy_compile(
        r"=|\b(?:gives?|giving|makes?|making|equals?|yields?|is|are|was|were|for a total of)\b", re.IGNORECASE
    ),
}
_SIGNS = ("+", "−", "/", "×")
_SYMBOL_BEHIND = lazy_compile(
    r"\s*(?:[-+\u2212*×÷/=]|(?:divided|multiplied) by\b|times\b|relative to\b"
    r"|as a (?:share|percentage|proportion) of\b)"
)
# What goes on with the sign before: "40 less 5 and 6", "40 plus 5, 6 and 7".
_GOES_ON = lazy_compile(r"\s*(?:,|,?\s*and\b|,?\s*as well as\b)", re.IGNORECASE)
_LEADS = lazy_compile(r"\s*[;,.]\s+(?=(?:divided by|multiplied by|plus|minus|less)\b)")
_ANNOUNCED = lazy_compile(r"[:(=]|\b(?:is|are|was|were|as|since|because)\b")
# What follows the 1 of "1 - 30 / 40".
_LESS_RATIO = lazy_compile(r"\s+[-\u2212]\s+\(?[$€£]?\d[\d,.]*(?: (?:thousand|million|billion))?\s*[/÷]")
_SENTENCE_ENDS = lazy_compile(r"[;.?!]\s")
_BRACKETS = lazy_compile(r"[()]")
# Numbers that a calculation may have of itself: months, weeks and days of a year, percent.
_CONSTANTS = frozenset(map(Decimal, (12, 52, 100, 360, 365, 366, 1000)))
_MOST_TERMS = 8  # of a calculation that is written out
_FARTHEST = 120  # characters between two of its terms
_DEEPEST = 4  # brackets in brackets
_MOST_READINGS = 4  # of one calculation


@dataclass(frozen=True, slots=True)
class Calculated:
    """A value that a claim calculates from so many `terms` at `[start, end)`, and how.

    A `ratio` may be told in percent. `sign` is the last one, and `before` and `last` are what stand on its
    two sides, by which a product that follows is read first.
    """

    value: Decimal
    shown: str
    unit: str | None = None
    terms: int = 1
    ratio: bool = False
    start: int = 0
    end: int = 0
    sign: str = ""
    before: Calculated | None = None
    last: Calculated | None = None

    def then(self, sign: str, other: Calculated) -> Calculated | None:
        """The value after one more term; None if that cannot be calculated."""
        after = self._after(sign, other)
        return after and replace(after, start=self.start, end=other.end, sign=sign, before=self, last=other)

    def product_first(self, sign: str, other: Calculated) -> Calculated | None:
        """The value after one more term, if that belongs to the last: "1 - 30 / 40" is "1 - (30 / 40)"."""
        if sign not in ("/", "×") or self.sign not in ("+", "−") or not (self.before and self.last):
            return None
        product = self.last.then(sign, other)
        return product and self.before.then(self.sign, product)

    def _after(self, sign: str, other: Calculated) -> Calculated | None:
        terms = self.terms + other.terms
        if sign not in _SIGNS or terms > _MOST_TERMS:
            return None
        right = f"({other.shown})" if other.terms > 1 else other.shown
        if sign in ("+", "−"):
            if self.unit and other.unit not in (None, self.unit):
                return None
            value = self.value + other.value if sign == "+" else self.value - other.value
            rate = (self.ratio and other.is_whole) or (self.is_whole and other.ratio)  # a / b - 1, 1 - a / b
            return Calculated(value, f"{self.shown} {sign} {right}", self.unit or other.unit, terms, rate)
        left = f"({self.shown})" if self.terms > 1 else self.shown
        steps = f"{left} {sign} {right}"
        if sign == "×":
            return self._times(other, steps, terms)
        if other.value == 0 or (self.unit and other.unit not in (None, self.unit)):
            return None
        return Calculated(self.value / other.value, steps, None, terms, ratio=True)

    def _times(self, other: Calculated, steps: str, terms: int) -> Calculated:
        if self.ratio and other.value == 100 and other.unit is None:
            return Calculated(self.value * 100, steps, "percent", terms)
        if self.ratio and other.is_whole:  # × 100 %
            return Calculated(self.value, steps, None, terms, ratio=True)
        percent = "percent" in (self.unit, other.unit)
        unit = next((unit for unit in (self.unit, other.unit) if unit not in (None, "percent")), None)
        return Calculated(self.value * other.value / (100 if percent else 1), steps, unit, terms)

    @property
    def is_whole(self) -> bool:
        """True for the one, or the 100 %, that a rate of growth is counted from."""
        return self.terms == 1 and self.value == 1 and self.unit is None

    def gives(self, quantity: Quantity, scale: Decimal = Decimal(1)) -> bool:
        """True if `quantity` is the value, rounded as it is written; `scale` is that of bare numbers."""
        in_percent = self.ratio and quantity.unit == "percent"
        if not in_percent and quantity.unit not in (None, self.unit) and self.unit:
            return False
        value = abs(self.value) * (100 if in_percent else 1)
        if quantity.unit is None and quantity.scale == 1 and not self.ratio:
            value /= scale
        slack = min(quantity.step, quantity.scale) / 2  # "7,230 million" is given to the million
        return any(abs(written - value) <= slack for written in quantity.values)


def is_result(step: Calculated, quantity: Quantity, claim: str) -> bool:
    """True if `claim` says that `quantity` is what `step` comes to: "64 / 9 = 7", "7 (64 / 9)"."""
    if step.end <= quantity.start:
        return _sign(claim[step.end : quantity.start]) == "="
    return quantity.end <= step.start and bool(_ANNOUNCED.search(claim, quantity.end, step.start))


@dataclass(slots=True)
class _Group:
    """The terms at `[start, end)` of a claim that stand in one bracket, with the brackets among them."""

    start: int
    end: int
    items: list[Quantity | _Group] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """What the calculations of a claim come to, step by step, and the constants that they bring along.

    `scale` is that of its bare numbers.
    """

    steps: tuple[Calculated, ...]
    constants: tuple[Quantity, ...]
    scale: Decimal = Decimal(1)


def written_out(
    claim: str, claimed: Sequence[Quantity], known: Container[Quantity], scale: Decimal = Decimal(1)
) -> Written:
    """What the calculations that `claim` writes out come to.

    `claimed` are its numbers, of which `known` are in the cited text or follow from it. A calculation is read
    as far as its terms are known. Bare numbers are read in `scale`: "$6 million (15 - 9)".
    """
    reading = _Reading(claim, known, scale)
    terms = sorted((each for each in claimed if not is_year(each)), key=lambda each: each.start)
    reading.evaluate(_grouped(claim, terms))
    return Written(tuple(reading.steps), tuple(reading.constants), scale)


def _grouped(claim: str, terms: Sequence[Quantity]) -> _Group:
    """The terms as they stand in the brackets of `claim`; a bracket that nothing closes is none."""
    whole = _Group(-1, len(claim))
    stack, pending = [whole], list(terms)
    brackets = [
        sign
        for sign in _BRACKETS.finditer(claim)
        if not any(term.start <= sign.start() < term.end for term in terms)  # "$(40) million"
    ]
    for sign in (*brackets, None):
        here = sign.start() if sign else len(claim)
        while pending and pending[0].start < here:
            stack[-1].items.append(pending.pop(0))
        if sign and sign[0] == "(" and len(stack) <= _DEEPEST:
            stack.append(_Group(here, here))
        elif sign and sign[0] == ")" and len(stack) > 1:
            group = stack.pop()
            group.end = here + 1
            stack[-1].items.append(group)
    while len(stack) > 1:
        group = stack.pop()
        stack[-1].items += group.items
    return whole


class _Reading:
    """One claim as it is calculated through."""

    def __init__(self, claim: str, known: Container[Quantity], scale: Decimal) -> None:
        self.claim = claim
        self.known = known
        self.scale = scale
        self.steps: list[Calculated] = []
        self.constants: list[Quantity] = []

    def evaluate(self, group: _Group) -> tuple[Calculated, ...]:
        """What the calculation at the end of `group` comes to, every step noted, in each of its readings."""
        so_far: tuple[Calculated, ...] = ()
        last_end, carried = group.start + 1, ""
        for at, item in enumerate(group.items):
            between = carried + self.claim[last_end : item.start]
            last_end, carried = item.end, ""
            sign = _sign(between)
            if isinstance(item, _Group):
                terms = tuple(
                    replace(term, start=item.start, end=item.end, sign="")
                    for term in self.evaluate(item)
                    if term.terms > 1
                )
                if not terms or not self._is_term(item, between, at):
                    carried = between
                    continue
            elif sign == "=" and any(each.terms > 1 for each in so_far):
                so_far = tuple(replace(each, sign="") for each in so_far)
                continue  # the result, by which the calculation goes on
            else:
                term = self._term(item, sign, so_far)
                terms = (term,) if term else ()
            so_far = self._joined(so_far, between, sign, terms)
        return so_far

    def _joined(
        self, so_far: Sequence[Calculated], between: str, sign: str, terms: Sequence[Calculated]
    ) -> tuple[Calculated, ...]:
        """The readings after one more term; those of a calculation that begins with it if it is none."""
        goes_on = not sign and len(between) <= _FARTHEST and bool(_GOES_ON.match(between))
        found = []
        for before in so_far:
            way = before.sign if goes_on and before.sign in ("+", "−") else sign
            for term in terms:
                found += [before.then(way, term), before.product_first(way, term)]
        more = [each for each in found if each]
        self.steps += more
        return tuple(([] if goes_on else more) or [*terms, *more])[:_MOST_READINGS]

    def _is_term(self, group: _Group, between: str, at: int) -> bool:
        """True if a bracket is calculated with: not if it stands right behind a number and explains it."""
        if not between.strip():
            return at == 0
        return _sign(between) in _SIGNS or bool(_SYMBOL_BEHIND.match(self.claim, group.end))

    def _term(self, item: Quantity, sign: str, so_far: Sequence[Calculated]) -> Calculated | None:
        if item.ordinal or item.width > 1:
            return None
        value = value_of(item)
        if item not in self.known:
            if not self._is_constant(item, sign, so_far):
                return None
            self.constants.append(item)
            unit = None if item.unit == "percent" else item.unit
            value = value / 100 if item.unit == "percent" else value
            return Calculated(value, shown(item), unit, start=item.start, end=item.end)
        if item.scale == 1 and item.unit in MONEY_OR_NONE and not item.spelt:
            value *= self.scale
        if is_negative(self.claim, item) and sign != "−":  # "outlays of 40 less (5)" takes them away once
            value = -value
        return Calculated(value, shown(item), item.unit, start=item.start, end=item.end)

    def _is_constant(self, item: Quantity, sign: str, so_far: Sequence[Calculated]) -> bool:
        """True for the 2 of an average of two, the 365 of a turnover, and the 1 of a rate of growth."""
        value = value_of(item)
        behind = self.claim[item.end : item.end + _FARTHEST]
        after_ratio = any(each.ratio for each in so_far)
        if item.unit == "percent":
            return value == 100 and ((after_ratio and sign in ("−", "×")) or bool(_LESS_RATIO.match(behind)))
        if value == 1 and not item.spelt:
            return (after_ratio and sign == "−") or bool(_LESS_RATIO.match(behind))
        if so_far and sign in ("/", "×"):
            terms = {each.terms for each in so_far}
            return value in _CONSTANTS or (sign == "/" and value > 1 and value in terms)
        return value in _CONSTANTS and bool(re.match(r"\s*(?:days? )?[×*÷/]", behind))


def _sign(between: str) -> str:
    """The sign that the words between two terms stand for; empty if they are of no calculation."""
    between = _LEADS.sub(" ", between, count=1)
    text = f" {' '.join(between.split())} "
    if len(text) > _FARTHEST or _SENTENCE_ENDS.search(text):
        return ""
    return next((sign for sign, words in _WRITTEN.items() if words.search(text)), "")
