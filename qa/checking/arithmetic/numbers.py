"""The numbers of a claim beside those of its cited texts: which are missing, which follow from others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from heapq import nsmallest

from qa.checking.arithmetic.cited import Cited
from qa.checking.arithmetic.follow import that_follow
from qa.checking.matching import differ_in_unit, same
from qa.checking.quantities import Quantity
from qa.checking.words.english import PERSONS
from qa.checking.words.withheld import is_denied

_SHOWN = 3  # figures of the cited text that a reason tells


def number_reasons(
    claimed: Sequence[Quantity],
    there: Sequence[Quantity],
    years: set[Decimal],
    claim: str,
    cited: Callable[[], Cited],
    *,
    question: str = "",
    has_nothing: bool = False,
) -> tuple[list[str], dict[Quantity, str]]:
    """What is wrong with the numbers of a claim, and how those that are not there follow from others.

    `years` are those that stand in or beside the cited text; `cited` reads what can be calculated with, and
    is asked only where a number is not there. `has_nothing`: a cell of a table that the claim names is empty,
    or the text says that nothing changed.
    """
    known = [_is_trivial(quantity) or _is_there(quantity, there) for quantity in claimed]
    follows = that_follow(claimed, known, claim, cited, question=question)
    reasons = []
    for quantity, is_there in zip(claimed, known, strict=True):
        if (
            is_there
            or quantity in follows
            or (_is_year(quantity) and quantity.values & years)
            or _is_part(quantity, claimed, known)
            or _is_nothing(quantity, claim, has_nothing=has_nothing)
        ):
            continue
        other = next((other for other in there if differ_in_unit(quantity, other)), None)
        if other is not None:
            reasons.append(f"the claim says {quantity.text}, the cited text {other.text}")
        else:
            kind = "year" if _is_year(quantity) else "number"
            reasons.append(f"the {kind} {quantity.text} is not in the cited text{_nearest(quantity, there)}")
    return reasons, {quantity: how for quantity, how in follows.items() if how}


def is_asked(quantity: Quantity, text: str, asked: Sequence[Quantity], there: Sequence[Quantity]) -> bool:
    """True for a number of the question that the claim only repeats.

    That is one which it denies or says that nothing is told of, and a number word ("the second summit")
    beside which the text has no other.
    """
    alike = [other for other in asked if same(quantity, other)]
    if alike and is_denied(text, quantity.start, quantity.end):
        return True
    return (
        quantity.spelt
        and any(other.spelt for other in alike)
        and not any(other.spelt and other.ordinal == quantity.ordinal for other in there)
    )


# "0: the statement has no line for it": a zero that says what the claim says in words.
_NOTHING = re.compile(r"\b(?:none|no|not|nil|nothing|without)\b", re.IGNORECASE)


# What says that nothing changed, for which a claim may say "0 %".
_UNCHANGED = re.compile(
    r"\b(?:flat|unchanged|no change|(?:in line with|the same as|level with) (?:the |that of (?:the )?)?"
    r"(?:prior|previous|last|preceding|year)|unverändert|inchangée?s?|stable)\b",
    re.IGNORECASE,
)


def says_unchanged(texts: Sequence[str]) -> bool:
    """True if one of `texts` says that something is as it was: "in line with the prior year"."""
    return any(map(_UNCHANGED.search, texts))


def _is_nothing(quantity: Quantity, claim: str, *, has_nothing: bool) -> bool:
    """True for a zero beside "none" or "not", or for an empty cell: for what is not there is no number."""
    return quantity.values == {Decimal(0)} and (has_nothing or bool(_NOTHING.search(claim)))


def _is_there(quantity: Quantity, there: Sequence[Quantity]) -> bool:
    """True if `there` has the figure, and not only without its unit beside the same with another."""
    if quantity.unit == "clock" and not any(other.unit == "clock" for other in there):
        # A verse, a ratio or a score: "26:11" of a text that has "26 : 11" or "chapter 26, verse 11".
        values = {value for other in there for value in other.values}
        return values.issuperset(map(Decimal, quantity.text.split(":")))
    alike = [other for other in there if same(quantity, other)]
    if quantity.unit is None or any(other.unit for other in alike):
        return bool(alike)
    return bool(alike) and not any(differ_in_unit(quantity, other) for other in there)


def _is_trivial(quantity: Quantity) -> bool:
    """True for words that are numbers only by the way: one, first, both, half; and for the Six-Day War."""
    if quantity.part:
        return False
    if quantity.spelt and quantity.start and quantity.text[0].isupper():
        return True
    small = quantity.scale == 1 and quantity.unit is None and min(quantity.values) <= 1
    return quantity.spelt and (small or quantity.text.lower() == "both")


# "The two have met": what follows a number that counts nothing, but stands for those who were named.
_NO_NOUN_FOLLOWS = re.compile(
    r"\s*(?:$|[^\w\s-]|(?:and|are|at|by|did|for|had|has|have|in|is|met|never|of|or|to|was|were|will|with|would)\b)"
)
_NOUNS = re.compile(r"\s+((?:[\w-]+\s+){0,4}?[a-z]{3,}s)\b")


def stands_for_a_noun(quantity: Quantity, text: str, texts: Sequence[str] = ()) -> bool:
    """True for "the two" and "these three" that repeat what was named, and are no figures.

    Either no noun follows, or each of as many cited `texts` has it, even without "the": "two agreements" of
    two texts, each about an agreement.
    """
    before = text[: quantity.start].rstrip().rpartition(" ")[2].lower()
    if not quantity.spelt or quantity.ordinal:
        return False
    named = before in {"the", "these", "those", "all"} and (
        bool(_NO_NOUN_FOLLOWS.match(text, quantity.end)) or _repeats(quantity, text)
    )
    return named or _counts_texts(quantity, text, texts)


def _repeats(quantity: Quantity, text: str) -> bool:
    """True for "the two leaders" and the like: two who were named."""
    word = re.match(r"\s+([a-z]+)", text[quantity.end : quantity.end + 40])
    return quantity.values == {Decimal(2)} and bool(word and word[1] in PERSONS)


def _counts_texts(quantity: Quantity, text: str, texts: Sequence[str]) -> bool:
    """True if as many cited texts as `quantity` says name one of what is counted."""
    nouns = _NOUNS.match(text, quantity.end, quantity.end + 80)
    if nouns is None or len(texts) < 2:
        return False
    singular = nouns[1].rpartition(" ")[2].removesuffix("s").removesuffix("ie")
    one = re.compile(rf"\b(?:a|an|one|another|the|its)(?: [\w$€£,.'()-]+){{0,10}}? {singular}", re.IGNORECASE)
    return quantity.values == {Decimal(sum(bool(one.search(cited)) for cited in texts))}


def _is_year(quantity: Quantity) -> bool:
    value = min(quantity.values)
    return (
        quantity.text[:4].isdigit()
        and quantity.unit is None
        and quantity.scale == 1
        and 1000 <= value <= 2100
    )


def _is_part(quantity: Quantity, claimed: Sequence[Quantity], known: Sequence[bool]) -> bool:
    """True if "12 000" was read as two numbers and as one, and the other reading is in the cited text."""
    inside = [
        is_there
        for other, is_there in zip(claimed, known, strict=True)
        if other is not quantity and other.start < quantity.end and quantity.start < other.end
    ]
    return bool(inside) and all(inside)


def _nearest(quantity: Quantity, there: Sequence[Quantity]) -> str:
    """The figures of the cited text that the claim most likely means, in brackets."""
    alike = [other for other in there if other.unit == quantity.unit and other.spelt == quantity.spelt]
    value = min(quantity.values)
    ordered = nsmallest(
        3 * _SHOWN, alike or there, key=lambda other: (abs(min(other.values) - value), other.text)
    )
    return listed(other.text for other in ordered)


def listed(texts: Iterable[str]) -> str:
    """What the cited text has instead, in brackets; empty if there is nothing."""
    there = list(dict.fromkeys(texts))[:_SHOWN]
    return f" (which has {', '.join(there)})" if there else ""
