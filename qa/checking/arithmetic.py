"""Numbers of a claim that follow from cited ones: sums, differences, percentages, years between.

Only what a claim says that it calculates ("in total", "up 12 %", "four years later") is looked for, and only
from numbers that the claim names too, or where the cited text has few: with many numbers any figure is the
sum or the ratio of some. A calculation that the claim writes out ("$7,230 million less $348 million") is
followed term by term, results of one as terms of the next. What is found is shown as it was calculated, for a
reader to follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations

from qa.checking.matching import same
from qa.checking.quantities import Quantity

MOST_OPERANDS = 6  # numbers of one kind in the cited text, beyond which chance finds a result
_MOST_SUMMED = 4
_LARGEST_RATIO = 1000
_LEAST_BY_CHANCE = 10  # below it, any two small numbers make a third
_FEW = 3  # numbers from which a result is looked for that the claim does not name
_CALCULATES = {
    "sum": re.compile(
        r"\b(?:totals?|totall?ed|together|combined|altogether|in all|all told|insgesamt|zusammen)\b",
        re.IGNORECASE,
    ),
    "difference": re.compile(
        r"\b(?:higher|lower|rose|rise[sn]?|fell|fall(?:s|en)?|gr[eo]wn?|growth|increas\w+|decreas\w+|declin\w+|"
        r"drop(?:s|ped)?|gained|differ\w*|gap|up|down|remain\w*|leaving|before that|stieg|sank)\b",
        re.IGNORECASE,
    ),
    "share": re.compile(r"\b(?:share|percent\w*|per cent|proportion|ratio|margin)\b|%", re.IGNORECASE),
    "years": re.compile(r"\b(?:years?|decades?) (?:later|earlier|after|before)\b|\baged?\b", re.IGNORECASE),
}
_YEAR = Decimal(31556952)  # seconds
# What stands between two terms of a calculation that is written out, and what follows of both.
_WRITTEN = {
    "+": re.compile(r"\b(?:plus|added to)\b|(?<!\w)\+(?!\w)", re.IGNORECASE),
    "−": re.compile(
        r"\b(?:less(?! than)|minus|net of|reduced by|after deducting)\b|(?<=\s)[-\u2212](?=\s)", re.IGNORECASE
    ),
    "/": re.compile(r"\bdivided by\b|[÷/]|\bas a (?:share|percentage|proportion) of\b", re.IGNORECASE),
    "=": re.compile(
        r"=|\b(?:gives?|giving|makes?|making|equals?|yields?|is|are|was|were|for a total of)\b", re.IGNORECASE
    ),
}
_SIGNS = ("+", "−", "/")
_BRACKET = re.compile(r"\([^()]*\)")
_SENTENCE_ENDS = re.compile(r"[;.?!]\s")
_MOST_TERMS = 8  # of a calculation that is written out
_FARTHEST = 120  # characters between two of its terms


def that_follow(
    claimed: Sequence[Quantity], there: Sequence[Quantity], known: Sequence[bool], claim: str
) -> dict[Quantity, str]:
    """The numbers of a claim that are calculated from cited ones or from each other, and how."""
    named = [quantity for quantity, is_there in zip(claimed, known, strict=True) if is_there]
    pending = [quantity for quantity, is_there in zip(claimed, known, strict=True) if not is_there]
    follows: dict[Quantity, str] = {}
    found = bool(pending)
    while found:  # as long as one more number is found, another may follow from it
        steps = written_out(claim, claimed, [*named, *follows])
        found = False
        for quantity in [each for each in pending if each not in follows]:
            shown = next((f"{step.shown} = {quantity.text}" for step in steps if step.gives(quantity)), "")
            shown = shown or derivation(quantity, claim, [*named, *follows], there)
            if shown:
                follows[quantity] = shown
                found = True
    return follows


def derivation(quantity: Quantity, claim: str, named: Sequence[Quantity], there: Sequence[Quantity]) -> str:
    """How `quantity` of `claim` follows from numbers `there`; empty if it does not, or nothing says so.

    `named` are the numbers of the claim that the cited text has.
    """
    kinds = {kind for kind, words in _CALCULATES.items() if words.search(claim)}
    if quantity.ordinal or not kinds:
        return ""
    if quantity.unit == "time":
        years = "years" in kinds and quantity.size >= _YEAR
        return _years_between(quantity, named, there) if years else ""
    for operands in _operands(named, there, few=min(quantity.values) >= _LEAST_BY_CHANCE):
        if found := next(_results(quantity, operands, kinds), ""):
            return found
    return ""


def written_out(claim: str, claimed: Sequence[Quantity], known: Sequence[Quantity]) -> list[Calculated]:
    """What the calculations that `claim` writes out come to, step by step, from left to right.

    `claimed` are its numbers, of which `known` are in the cited text or follow from it. A calculation is read
    as far as its terms are known; what stands in brackets is one of its own, and is left out around them.
    """
    terms = sorted((each for each in claimed if not _is_year(each)), key=lambda each: each.start)
    results: list[Calculated] = []
    for level in _levels(claim, terms):
        so_far: Calculated | None = None
        for between, term in level:
            sign = _sign(between)
            if sign == "=" and so_far and so_far.terms > 1:
                continue  # the result, by which the calculation goes on
            if term not in known or term.ordinal or term.width > 1:
                so_far = None
                continue
            more = so_far.then(sign, term) if so_far else None
            if more:
                results.append(more)
            so_far = more or Calculated(_value(term), _shown(term), term.unit)
    return results


@dataclass(frozen=True, slots=True)
class Calculated:
    """A value that a claim calculates from so many `terms`, and how; a `ratio` may be told in percent."""

    value: Decimal
    shown: str
    unit: str | None = None
    terms: int = 1
    ratio: bool = False

    def then(self, sign: str, term: Quantity) -> Calculated | None:
        """The value after one more term; None if that cannot be calculated."""
        other, terms = _value(term), self.terms + 1
        if sign not in _SIGNS or terms > _MOST_TERMS or (self.unit and term.unit not in (None, self.unit)):
            return None
        if sign == "/":
            shown = f"({self.shown})" if self.terms > 1 else self.shown
            shown = f"{shown} / {_shown(term)}"
            return Calculated(self.value / other, shown, None, terms, ratio=True) if other else None
        value = self.value + other if sign == "+" else self.value - other
        return Calculated(value, f"{self.shown} {sign} {_shown(term)}", self.unit or term.unit, terms)

    def gives(self, quantity: Quantity) -> bool:
        """True if `quantity` is the value, rounded as it is written."""
        in_percent = self.ratio and quantity.unit == "percent"
        if not in_percent and quantity.unit not in (None, self.unit) and self.unit:
            return False
        value = abs(self.value) * (100 if in_percent else 1)
        slack = _last_digit(quantity) / 2
        return any(abs(written - value) <= slack for written in quantity.values)


def _last_digit(quantity: Quantity) -> Decimal:
    """What the last digit written is worth: "7,230 million" is given to the million."""
    return min(quantity.step, quantity.scale)


def _levels(claim: str, terms: Sequence[Quantity]) -> Iterator[list[tuple[str, Quantity]]]:
    """The terms outside brackets, and those in each bracket, each with the text between it and the last."""
    brackets = [match.span() for match in _BRACKET.finditer(claim)]
    inside = [[each for each in terms if start <= each.start < end] for start, end in brackets]
    outside = [each for each in terms if not any(each in group for group in inside)]
    blotted = _BRACKET.sub(lambda match: " " * len(match[0]), claim)
    for text, group in ((blotted, outside), *((claim, group) for group in inside)):
        ends = [0, *(each.end for each in group)]
        between = [text[end : each.start] for end, each in zip(ends, group, strict=False)]
        yield list(zip(between, group, strict=True))


def _sign(between: str) -> str:
    """The sign that the words between two terms stand for; empty if they are of no calculation."""
    text = f" {' '.join(between.split())} "
    if len(text) > _FARTHEST or _SENTENCE_ENDS.search(text):
        return ""
    return next((sign for sign, words in _WRITTEN.items() if words.search(text)), "")


def _operands(named: Sequence[Quantity], there: Sequence[Quantity], *, few: bool) -> Iterator[list[Quantity]]:
    """The numbers to calculate with: those that the claim names; if `few`, all, where there are but few."""
    cited = [_cited_as(number, there) for number in named]
    yield _plain(cited)
    every = _plain(there)
    if few and len(every) <= _FEW:
        yield every


def _cited_as(number: Quantity, there: Sequence[Quantity]) -> Quantity:
    """The number as the cited text has it: more exact, if the claim rounds it."""
    return next((other for other in there if same(number, other)), number)


def _plain(numbers: Iterable[Quantity]) -> list[Quantity]:
    """Amounts, each once: no years, ordinals, times of day or numbers of several readings."""
    amounts = {
        _value(number): number
        for number in numbers
        if not number.ordinal and number.unit != "clock" and number.width == 1 and not _is_year(number)
    }
    return list(amounts.values())[: MOST_OPERANDS + 1]


def _results(quantity: Quantity, operands: Sequence[Quantity], kinds: set[str]) -> Iterator[str]:
    """Every way to calculate `quantity` from `operands`, written out."""
    if len(operands) < 2 or len(operands) > MOST_OPERANDS:
        return
    if quantity.unit in ("percent", "points"):
        yield from _percentages(quantity, operands, kinds)
        return
    if "sum" in kinds:
        yield from _sums(quantity, operands)
    for one, other in permutations(operands, 2):
        if not _agree((one, other)):
            continue
        if "difference" in kinds and _is(quantity, _value(one) - _value(other), (one, other)):
            yield f"{_shown(one)} − {_shown(other)} = {_shown(quantity)}"
        ratio = "share" in kinds and quantity.unit is None and _value(other) != 0
        if ratio and min(quantity.values) < _LARGEST_RATIO and _is(quantity, _value(one) / _value(other), ()):
            yield f"{_shown(one)} / {_shown(other)} = {_shown(quantity)}"


def _sums(quantity: Quantity, operands: Sequence[Quantity]) -> Iterator[str]:
    for size in range(2, min(_MOST_SUMMED, len(operands)) + 1):
        for terms in combinations(operands, size):
            if _agree(terms) and _is(quantity, sum(map(_value, terms), Decimal(0)), terms):
                yield f"{' + '.join(map(_shown, terms))} = {_shown(quantity)}"


def _percentages(quantity: Quantity, operands: Sequence[Quantity], kinds: set[str]) -> Iterator[str]:
    for one, other in permutations(operands, 2):
        new, old = _value(one), _value(other)
        if not _agree((one, other)) or old == 0:
            continue
        if "difference" in kinds and one.unit in ("percent", "points"):
            if _is(quantity, abs(new - old), ()):
                yield f"{_shown(one)} − {_shown(other)} = {_shown(quantity)}"
            continue
        if "difference" in kinds and _is(quantity, abs(new - old) / abs(old) * 100, ()):
            yield f"({_shown(one)} − {_shown(other)}) / {_shown(other)} = {_shown(quantity)}"
        of_amounts = quantity.unit == "percent" and "percent" not in (one.unit, other.unit)
        if "share" in kinds and of_amounts and _is(quantity, new / old * 100, ()):
            yield f"{_shown(one)} / {_shown(other)} = {_shown(quantity)}"


def _years_between(quantity: Quantity, named: Sequence[Quantity], there: Sequence[Quantity]) -> str:
    """The years from one year to another, where the claim names one of them or the text has but two."""
    years = sorted({_value(number): number for number in there if _is_year(number)}.items())
    said = {_value(number) for number in named if _is_year(number)}
    for (first, one), (last, other) in combinations(years, 2):
        if (len(years) == 2 or {first, last} & said) and _is(quantity, last - first, (), _YEAR):
            return f"{_shown(other)} − {_shown(one)} = {_shown(quantity)}"
    return ""


def _is(quantity: Quantity, value: Decimal, terms: Sequence[Quantity], size: Decimal = Decimal(1)) -> bool:
    """True if `quantity` is `value`, rounded as it is written."""
    if terms and quantity.unit and any(term.unit not in (None, quantity.unit) for term in terms):
        return False
    factor = quantity.size / size
    slack = quantity.step / 2
    if quantity.rounding in ("about", "over", "under"):
        # "about 5.4 %" means its last digit.
        slack = max(slack, abs(value) / 20) if quantity.step >= 1 else slack
    elif quantity.step > 1 and quantity.scale == 1:  # a whole number with zeros at its end
        slack = Decimal("0.5")
    return any(abs(written * factor - value) <= slack for written in quantity.values)


def _agree(terms: Sequence[Quantity]) -> bool:
    """True if numbers can be added: one unit, or none said."""
    return len({term.unit for term in terms if term.unit}) <= 1


def _value(quantity: Quantity) -> Decimal:
    return max(quantity.values)


def _is_year(quantity: Quantity) -> bool:
    plain = quantity.unit is None and quantity.scale == 1 and "," not in quantity.text
    return (
        plain and len(quantity.values) == 1 and 1000 <= _value(quantity) <= 2100 and _value(quantity) % 1 == 0
    )


def _shown(quantity: Quantity) -> str:
    return quantity.text.strip()
