"""Rises and falls that a claim tells with the numbers before and after: "rose to 5 from 8" is no rise."""

from __future__ import annotations

import re
from itertools import pairwise

from index.text.patterns import lazy_compile
from qa.checking.arithmetic.amounts import amounts, value_of
from qa.checking.arithmetic.said import is_negative
from qa.checking.dates import dates
from qa.checking.quantities import Quantity, quantities

_UP = r"(?:ris(?:en|es?)|rose|increas(?:ed|es)|gr(?:ew|own|ows)|gain(?:ed|s)|climb(?:ed|s)|went up)"
_DOWN = (
    r"(?:fall(?:en|s)|fell|declin(?:ed|es)|decreas(?:ed|es)|drop(?:ped|s)|sh(?:rank|runk|rinks)|went down"
    r"|narrow(?:ed|s))"
)
# Only of what is the better, the more there is of it.
_BETTER = r"(?:improv(?:ed|es))"
_WORSE = r"(?:worsen(?:ed|s)|deteriorat(?:ed|es))"
_GOOD = lazy_compile(
    r"\b(?:margins?|profits?|profitability|revenues?|sales|income|earnings|cash flows?)\b", re.IGNORECASE
)
_BAD = lazy_compile(r"\b(?:loss(?:es)?|costs?|expenses?|debt|outflows?)\b", re.IGNORECASE)
_VERB = lazy_compile(
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<better>{_BETTER})|(?P<worse>{_WORSE}))\b", re.IGNORECASE
)
_DENIED = lazy_compile(
    r"\b(?:not|never|neither|nor|hardly|no longer|rather than|instead of)\b|n't\b", re.IGNORECASE
)
_YEAR = r"(?: (?:in|for) (?:fiscal |the (?:fiscal )?year )?(?:FY ?)?(?:19|20)\d\d)?"
_AGAINST = rf"{_YEAR},? \(?(?:against|from|compared (?:with|to)|versus|up from|down from) "
# What stands between the verb and the first number, and between the two, which of them is the later one.
_FORMS = (
    (lazy_compile(r" (?:\w+ )?to "), lazy_compile(_AGAINST), 0),  # rose to 8 from 5
    (lazy_compile(r" (?:\w+ )?from "), lazy_compile(rf"{_YEAR},? to "), 1),  # rose from 5 to 8
    (
        lazy_compile(r": (?:[^\W\d]+ ){1,14}?", re.ASCII),
        lazy_compile(_AGAINST),
        0,
    ),  # has risen: it was 8, against 5
)
_IS_YEAR = lazy_compile(r"(?:19|20)\d\d")  # also in "2022 to 18 %", which share a unit
# Where the lower number is the higher place: "rose from 23 to 5 in the charts".
_PLACES = lazy_compile(
    r"\b(?:rank(?:s|ed|ing|ings)?|charts?|places?|positions?|numbers?|no\.|standings|league|seed(?:ed)?|table|spots?)\b",
    re.IGNORECASE,
)
_BACK = 30  # characters before the verb in which it may be denied


def wrong_directions(claim: str) -> list[str]:
    """Reasons against the rises and falls of `claim` whose two numbers say the opposite.

    >>> wrong_directions("The margin has improved: it was 18.5 % in 2023, against 19.4 % in 2022.")
    ['the claim says “improved”, and its numbers go from 19.4 % to 18.5 %']
    """
    verbs = list(_VERB.finditer(claim))
    if len(verbs) != 1 or _DENIED.search(claim, max(0, verbs[0].start() - _BACK), verbs[0].start()):
        return []
    if _PLACES.search(claim):
        return []
    verb = verbs[0]
    rises = verb["up"] or verb["better"]
    if (verb["better"] or verb["worse"]) and (not _GOOD.search(claim) or _BAD.search(claim)):
        return []
    found = [
        each
        for each in amounts(quantities(dates(claim).rest))
        if each.start >= verb.end() and not _IS_YEAR.fullmatch(each.text)
    ]
    for first, second in pairwise(found):
        for lead, between, later in _FORMS:
            if not (
                lead.fullmatch(claim, verb.end(), first.start)
                and between.fullmatch(claim, first.end, second.start)
            ):
                continue
            new, old = (first, second) if later == 0 else (second, first)
            if _comparable(claim, new, old) and _goes(new, old) == (-1 if rises else 1):
                return [f"the claim says “{verb[0]}”, and its numbers go from {old.text} to {new.text}"]
    return []


def _comparable(claim: str, new: Quantity, old: Quantity) -> bool:
    """True for two numbers above zero of one unit and scale."""
    alike = new.unit == old.unit and new.scale == old.scale and not (new.spelt or old.spelt)
    return alike and not (is_negative(claim, new) or is_negative(claim, old))


def _goes(new: Quantity, old: Quantity) -> int:
    """1 if `new` is more than `old`, -1 if it is less, else 0."""
    left, right = value_of(new) * new.size, value_of(old) * old.size
    return (left > right) - (left < right)
