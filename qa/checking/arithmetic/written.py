"""Calculations that a claim writes out: "$7,230 million less $348 million", "(410 + 390) / 2 = 400".

They are followed term by term, from left to right, brackets first, results of one as terms of the next. A
bracket right behind a number says how that number came about, and is left out around it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from qa.checking.arithmetic.amounts import is_year, shown, value_of
from qa.checking.quantities import Quantity

# What stands between two terms of a calculation that is written out, and what follows of both.
_WRITTEN = {
    "+": re.compile(r"\b(?:plus|added to)\b|(?<!\w)\+(?!\w)", re.IGNORECASE),
    "−": re.compile(
        r"\b(?:less(?! than)|minus|net of|reduced by|after deducting)\b|(?<=\s)[-\u2212](?=\s)", re.IGNORECASE
    ),
    "/": re.compile(r"\bdivided by\b|[÷/]|\bas a (?:share|percentage|proportion) of\b", re.IGNORECASE),
    "×": re.compile(r"[×*]|(?<=\s)x(?=\s)|\b(?:times|multiplied by)\b", re.IGNORECASE),
    "=": re.compile(
        r"=|\b(?:gives?|giving|makes?|making|equals?|yields?|is|are|was|were|for a total of)\b", re.IGNORECASE
    ),
}
_SIGNS = ("+", "−", "/", "×")
_SYMBOL_BEHIND = re.compile(r"\s*(?:[-+\u2212*×÷/=]|(?:divided|multiplied) by\b|times\b)")
_LEADS = re.compile(r"\s*[;,.]\s+(?=(?:divided by|multiplied by|plus|minus|less)\b)")
_ANNOUNCED = re.compile(r"[:(=]|\b(?:is|are|was|were|as|since|because)\b")
_SENTENCE_ENDS = re.compile(r"[;.?!]\s")
_BRACKETS = re.compile(r"[()]")
# Numbers that a calculation may have of itself: months, weeks and days of a year, percent.
_CONSTANTS = frozenset(map(Decimal, (12, 52, 100, 360, 365, 366, 1000)))
_MOST_TERMS = 8  # of a calculation that is written out
_FARTHEST = 120  # characters between two of its terms
_DEEPEST = 4  # brackets in brackets


@dataclass(frozen=True, slots=True)
class Calculated:
    """A value that a claim calculates from so many `terms` at `[start, end)`, and how.

    A `ratio` may be told in percent.
    """

    value: Decimal
    shown: str
    unit: str | None = None
    terms: int = 1
    ratio: bool = False
    start: int = 0
    end: int = 0

    def then(self, sign: str, other: Calculated) -> Calculated | None:
        """The value after one more term; None if that cannot be calculated."""
        after = self._after(sign, other)
        return after and replace(after, start=self.start, end=other.end)

    def _after(self, sign: str, other: Calculated) -> Calculated | None:
        terms = self.terms + other.terms
        if sign not in _SIGNS or terms > _MOST_TERMS:
            return None
        right = f"({other.shown})" if other.terms > 1 else other.shown
        if sign in ("+", "−"):
            if self.unit and other.unit not in (None, self.unit):
                return None
            value = self.value + other.value if sign == "+" else self.value - other.value
            return Calculated(value, f"{self.shown} {sign} {right}", self.unit or other.unit, terms)
        left = f"({self.shown})" if self.terms > 1 else self.shown
        steps = f"{left} {sign} {right}"
        if sign == "×":
            percent = "percent" in (self.unit, other.unit)
            unit = next((unit for unit in (self.unit, other.unit) if unit not in (None, "percent")), None)
            return Calculated(self.value * other.value / (100 if percent else 1), steps, unit, terms)
        if other.value == 0 or (self.unit and other.unit not in (None, self.unit)):
            return None
        return Calculated(self.value / other.value, steps, None, terms, ratio=True)

    def gives(self, quantity: Quantity) -> bool:
        """True if `quantity` is the value, rounded as it is written."""
        in_percent = self.ratio and quantity.unit == "percent"
        if not in_percent and quantity.unit not in (None, self.unit) and self.unit:
            return False
        value = abs(self.value) * (100 if in_percent else 1)
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
    """What the calculations of a claim come to, step by step, and the constants that they bring along."""

    steps: tuple[Calculated, ...]
    constants: tuple[Quantity, ...]


def written_out(claim: str, claimed: Sequence[Quantity], known: Container[Quantity]) -> Written:
    """What the calculations that `claim` writes out come to.

    `claimed` are its numbers, of which `known` are in the cited text or follow from it. A calculation is read
    as far as its terms are known.
    """
    reading = _Reading(claim, known)
    terms = sorted((each for each in claimed if not is_year(each)), key=lambda each: each.start)
    reading.evaluate(_grouped(claim, terms))
    return Written(tuple(reading.steps), tuple(reading.constants))


def _grouped(claim: str, terms: Sequence[Quantity]) -> _Group:
    """The terms as they stand in the brackets of `claim`; a bracket that nothing closes is none."""
    whole = _Group(-1, len(claim))
    stack, pending = [whole], list(terms)
    for sign in (*_BRACKETS.finditer(claim), None):
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

    def __init__(self, claim: str, known: Container[Quantity]) -> None:
        self.claim = claim
        self.known = known
        self.steps: list[Calculated] = []
        self.constants: list[Quantity] = []

    def evaluate(self, group: _Group) -> Calculated | None:
        """The value of the calculation at the end of `group`, every step noted; None if there is none."""
        so_far: Calculated | None = None
        last_end, carried = group.start + 1, ""
        for at, item in enumerate(group.items):
            between = carried + self.claim[last_end : item.start]
            last_end, carried = item.end, ""
            sign = _sign(between)
            if isinstance(item, _Group):
                term = self.evaluate(item)
                if term is None or term.terms < 2 or not self._is_term(item, between, at):
                    carried = between
                    continue
                term = replace(term, start=item.start, end=item.end)
            elif sign == "=" and so_far and so_far.terms > 1:
                continue  # the result, by which the calculation goes on
            else:
                term = self._term(item, sign, so_far)
            more = so_far.then(sign, term) if so_far and term else None
            if more:
                self.steps.append(more)
            so_far = more or term
        return so_far

    def _is_term(self, group: _Group, between: str, at: int) -> bool:
        """True if a bracket is calculated with: not if it stands right behind a number and explains it."""
        if not between.strip():
            return at == 0
        return _sign(between) in _SIGNS or bool(_SYMBOL_BEHIND.match(self.claim, group.end))

    def _term(self, item: Quantity, sign: str, so_far: Calculated | None) -> Calculated | None:
        if item.ordinal or item.width > 1:
            return None
        if item not in self.known:
            if not self._is_constant(item, sign, so_far):
                return None
            self.constants.append(item)
        return Calculated(value_of(item), shown(item), item.unit, start=item.start, end=item.end)

    def _is_constant(self, item: Quantity, sign: str, so_far: Calculated | None) -> bool:
        """True for the 2 of an average of two, and the 365 by which a turnover is divided."""
        value = value_of(item)
        if so_far and sign in ("/", "×"):
            return value in _CONSTANTS or (sign == "/" and value == so_far.terms > 1)
        behind = self.claim[item.end : item.end + _FARTHEST]
        return value in _CONSTANTS and bool(re.match(r"\s*(?:days? )?[×*÷/]", behind))


def _sign(between: str) -> str:
    """The sign that the words between two terms stand for; empty if they are of no calculation."""
    between = _LEADS.sub(" ", between, count=1)
    text = f" {' '.join(between.split())} "
    if len(text) > _FARTHEST or _SENTENCE_ENDS.search(text):
        return ""
    return next((sign for sign, words in _WRITTEN.items() if words.search(text)), "")
