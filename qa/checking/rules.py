"""Reasons to doubt that cited text supports a claim, by rules on numbers, dates, names, negations.

Numbers, units, dates, names and negations are compared. What is found is a reason to look, in plain words;
what is not found proves nothing: a claim with the right figures can still be wrong. Tolerant of formats and
roundings, and quiet where it cannot tell: numbers and dates are read in every script, names where capitals
mark them, negations in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from heapq import nsmallest

from qa.checking.arithmetic import that_follow
from qa.checking.dates import Dates, Day, dates, days_counted, weekdays
from qa.checking.matching import ANY_SCALE, differ_in_unit, numbers_of_rows, same, scaled
from qa.checking.names import missing_names
from qa.checking.negation import contradictions
from qa.checking.quantities import Quantity, quantities
from qa.checking.words.english import PERSONS
from qa.checking.words.floor import LEAST, LEAST_OF_OTHERS, Similarity, missing_support
from qa.checking.words.in_english import in_english
from qa.checking.words.languages import comparable, language
from qa.checking.words.roles import turned_round
from qa.checking.words.scales import stated_scales

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc\u02b9\u2032\u00b4\uff07\u201b", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\uff02", '"'),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
        "\uff0c": ",",
        "\uff0e": ".",
        "\uff05": "%",
        "\t": " ",
    }
)
# The space in "did n't" and "it 's", as tokenised text has it.
_PARTED_CONTRACTION = re.compile(r"(?<=\w) (?=(?:n't|'s|'re|'ve|'ll|'d|'m)\b)", re.IGNORECASE)
_QUOTES = re.compile("``|''")
# What a date behind it, or before it, is the date of: "a briefing of 27 October", "the 27 October briefing".
_DOCUMENTS = (
    r"(?:briefings?|minutes|reports?|letters?|memos?|memorandum|e-?mails?|messages?|articles?|notes?|documents?"
    r"|sources?|statements?|releases?|records?|transcripts?|posts?|bulletins?|newsletters?|summar(?:y|ies)|accounts?"
    r"|entr(?:y|ies)|passages?|files?|updates?|analys[ei]s|assessments?|notices?|circulars?|polic(?:y|ies)|contracts?)"
)
_DOCUMENT_BEFORE = re.compile(
    rf"\b(?:{_DOCUMENTS}\b(?:[^\w.;]+(?!on\b)[\w'-]+){{0,4}}?[^\w.;]+(?:of|from|dated)"
    rf"|dated|as of|{_DOCUMENTS}[ ]?[(,])[ ]?\Z",
    re.IGNORECASE,
)
_DOCUMENT_BEHIND = re.compile(rf",?[ ](?:[\w'-]+[ ]){{0,2}}?{_DOCUMENTS}\b", re.IGNORECASE)
_SHOWN = 3  # figures of the cited text that a reason tells
LONGEST_CLAIM = 2_000  # characters of a claim that are looked at: a claim is a sentence
MOST_FIGURES = 40  # numbers and dates of a claim that are looked at


@dataclass(frozen=True, slots=True)
class Findings:
    """What speaks against a claim, and what was calculated for it from cited numbers."""

    reasons: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()


def doubts(
    claim: str,
    cited: Sequence[str],
    *,
    question: str = "",
    known: str = "",
    context: str = "",
    similarity: Similarity | None = None,
) -> tuple[str, ...]:
    """Reasons to doubt that the texts `cited` bear out `claim`; empty if nothing is wrong."""
    return examine(
        claim, cited, question=question, known=known, context=context, similarity=similarity
    ).reasons


def examine(
    claim: str,
    cited: Sequence[str],
    *,
    question: str = "",
    known: str = "",
    context: str = "",
    similarity: Similarity | None = None,
) -> Findings:
    """What is found of a claim beside the texts that it cites.

    `known` (title, headings, date and name of the source, what the head of a table says) is where a claim may
    also have a name, a date or a scale from, and `question` a name, a number word or a denial: words of the
    question are no news. `context` is what the passages say around the citations: whom "he" means there may
    be named, if the rest of the claim is borne out. Never raises; takes time linear in the texts.
    """
    claim_text = plain(claim)[:LONGEST_CLAIM]
    texts = sorted({plain(text) for text in cited})
    if not texts or plain(claim) in texts:
        return Findings()
    background, asked, around = plain(known), plain(question), plain(context)
    figures, checked = _quantity_reasons(claim_text, texts, background, f"{asked} {around}".strip())
    unnamed = _name_reasons(claim_text, texts, (asked, background))
    reasons = (
        *figures,
        *(_name_reasons(claim_text, texts, (asked, background, around)) if unnamed and around else unnamed),
        *contradictions(claim_text, texts, asked=asked),
        *turned_round(claim_text, texts),
    )
    if not reasons and not checked:  # whoever looks has a reason already; what was calculated is not there
        reasons = missing_support(
            claim_text,
            texts,
            question=asked,
            known=background,
            least=LEAST_OF_OTHERS if unnamed else LEAST,
            similarity=similarity,
        )
    return Findings(reasons, checked)


def plain(text: str) -> str:
    """`text` with one kind of dash, apostrophe and quote, and "do n't" made "don't"."""
    return _PARTED_CONTRACTION.sub("", _QUOTES.sub('"', text.translate(_PLAIN)))


def _name_reasons(claim: str, texts: Sequence[str], beside: Sequence[str]) -> list[str]:
    missing = missing_names(claim, texts, beside)
    return [f"the name {name} is not in the cited text" for name in missing]


def _quantity_reasons(
    claim: str, texts: Sequence[str], background: str, question: str
) -> tuple[list[str], tuple[str, ...]]:
    """What is wrong with the dates, days of the week and numbers of a claim, and what follows from others."""
    claimed = dates(claim)
    if language(" ".join(texts)) != "en" and language(claim) in ("en", ""):
        texts = [*texts, *map(in_english, texts)]
    cited = [dates(text) for text in texts]
    every = [day for dated in cited for readings in dated.readings for day in readings]
    days = list({_day_key(day): day for day in every}.values())
    numbers = [quantity for dated in cited for quantity in quantities(dated.rest)]
    numbers += [quantity for day in days for quantity in _as_quantities(day)]
    cited_numbers = list({replace(quantity, start=0, end=0): quantity for quantity in numbers}.values())
    dates_beside = dates(background)
    days_beside = [day for readings in dates_beside.readings for day in readings]
    years = {value for quantity in (*cited_numbers, *quantities(background)) for value in quantity.values}
    years |= {Decimal(day.year) for day in days_beside if day.year}
    reasons = _date_reasons(claimed, (days, days_beside), cited_numbers, years, texts, claim)
    reasons += _weekday_reasons(claim, texts, (*days, *days_beside), background)
    rest = claimed.rest
    asked = quantities(question)
    claimed_numbers = [
        quantity
        for quantity in quantities(rest)[:MOST_FIGURES]
        if not _stands_for_a_noun(quantity, rest) and not _is_asked(quantity, rest, asked, cited_numbers)
    ]
    if not comparable(claim, texts):
        claimed_numbers = [
            quantity for quantity in claimed_numbers if not quantity.spelt or _reads_words(texts)
        ]
    scales = stated_scales(background) or stated_scales(" ".join(text for text in texts if "|" in text))
    in_rows = set() if scales else numbers_of_rows(texts)
    numbers = [scaled(number, ANY_SCALE if number.text in in_rows else scales) for number in cited_numbers]
    numbers += [
        number for day in days_beside if day.year for number in _as_quantities(replace(day, day=None))
    ]
    wrong, checked = _number_reasons(claimed_numbers, numbers, years, claim)
    return list(dict.fromkeys((*reasons, *wrong))), checked


def _day_key(day: Day) -> tuple[int | None, int | None, int | None]:
    return (day.year, day.month, day.day)


def _as_quantities(day: Day) -> list[Quantity]:
    """The year and the day of a date, as numbers that a claim may name alone."""
    numbers = ((day.year, False), (day.day, True))
    return [
        Quantity(day.text, day.start, day.end, frozenset((Decimal(number),)), ordinal=ordinal)
        for number, ordinal in numbers
        if number is not None
    ]


# "three layers, not four": a number of the question that is denied.
_DENIED_BEFORE = re.compile(r"\b(?:not|rather than|instead of|never)(?: [$€£])? ?\Z", re.IGNORECASE)


def _is_asked(quantity: Quantity, text: str, asked: Sequence[Quantity], there: Sequence[Quantity]) -> bool:
    """True for a number of the question that the claim only repeats.

    That is one which it denies, and a number word ("the second summit") beside which the text has no other.
    """
    alike = [other for other in asked if same(quantity, other)]
    if alike and _DENIED_BEFORE.search(text[: quantity.start]):
        return True
    return (
        quantity.spelt
        and any(other.spelt for other in alike)
        and not any(other.spelt and other.ordinal == quantity.ordinal for other in there)
    )


def _reads_words(texts: Sequence[str]) -> bool:
    """True if the number words of all `texts` are read: their language is one that is known."""
    return all(language(text) in ("en", "de", "fr", "es", "it", "nl", "pt") for text in texts)


def _date_reasons(
    claimed: Dates,
    cited_and_beside: tuple[Sequence[Day], Sequence[Day]],
    there: Sequence[Quantity],
    years: set[Decimal],
    texts: Sequence[str],
    claim: str,
) -> list[str]:
    """Dates of the claim that neither the cited text has nor what stands beside it.

    The date of a document is no evidence for the day of something that its text gives another day for, unless
    it is the document that the claim dates: "a briefing of 27 October 2025 says".
    """
    days, beside = cited_and_beside
    said = [reading for readings in claimed.readings for reading in readings]
    of_documents = _dates_of_documents(claim)
    has_other_day = any(day.day and not any(day.agrees(one) for one in said) for day in days)
    counted = days_counted(texts, (*days, *beside))
    reasons = []
    for readings in claimed.readings[:MOST_FIGURES]:
        dates_event = has_other_day and readings[0].day and readings[0].start not in of_documents
        also = () if dates_event else beside
        if any(_is_dated(day, (*days, *also), there, years) for day in readings):
            continue
        if any(day.agrees(readings[0]) for day in counted):
            continue
        text = readings[0].text.rstrip(".")
        shown = _listed(day.text.rstrip(".") for day in (*days, *also) if day.month or day.day)
        reasons.append(f"the date {text} is not in the cited text{shown}")
    return reasons


def _dates_of_documents(claim: str) -> set[int]:
    """Where dates begin that are said of a document: "the minutes of 4 March", "dated 4 March"."""
    return {
        reading.start
        for readings in dates(claim).readings
        for reading in readings
        if _DOCUMENT_BEFORE.search(claim, max(0, reading.start - 60), reading.start)
        or _DOCUMENT_BEHIND.match(claim, reading.end)
    }


def _is_dated(day: Day, days: Sequence[Day], there: Sequence[Quantity], years: set[Decimal]) -> bool:
    """True if the cited text has a date that agrees in everything `day` says."""
    for other in days:
        if not day.agrees(other) or (day.month and not other.month):
            continue
        year_said = day.year is None or other.year is not None or Decimal(day.year) in years
        day_said = day.day is None or other.day is not None or _has_ordinal(day.day, there)
        if year_said and day_said:
            return True
    return day.month is None and day.year is not None and Decimal(day.year) in years


def _has_ordinal(number: int, there: Sequence[Quantity]) -> bool:
    return any(quantity.ordinal and Decimal(number) in quantity.values for quantity in there)


def _weekday_reasons(claim: str, texts: Sequence[str], days: Sequence[Day], background: str) -> list[str]:
    named = weekdays(claim)
    if not named:
        return []
    there = {number for text in (*texts, background) for number in weekdays(text)}
    there |= {number for day in days if (number := day.weekday()) is not None}
    return [
        f"the day {name} is not in the cited text" for number, name in named.items() if number not in there
    ]


def _number_reasons(
    claimed: Sequence[Quantity], there: Sequence[Quantity], years: set[Decimal], claim: str
) -> tuple[list[str], tuple[str, ...]]:
    """Numbers that are neither there nor follow from those that are, and how the others follow."""
    known = [_is_trivial(quantity) or _is_there(quantity, there) for quantity in claimed]
    follows = that_follow(claimed, there, known, claim)
    reasons = []
    for quantity, is_there in zip(claimed, known, strict=True):
        if (
            is_there
            or quantity in follows
            or (_is_year(quantity) and quantity.values & years)
            or _is_part(quantity, claimed, known)
            or _is_nothing(quantity, claim)
        ):
            continue
        other = next((other for other in there if differ_in_unit(quantity, other)), None)
        if other is not None:
            reasons.append(f"the claim says {quantity.text}, the cited text {other.text}")
        else:
            kind = "year" if _is_year(quantity) else "number"
            reasons.append(f"the {kind} {quantity.text} is not in the cited text{_nearest(quantity, there)}")
    return reasons, tuple(dict.fromkeys(follows.values()))


# "0: the statement has no line for it": a zero that says what the claim says in words.
_NOTHING = re.compile(r"\b(?:none|no|not|nil|nothing|without)\b", re.IGNORECASE)


def _is_nothing(quantity: Quantity, claim: str) -> bool:
    """True for a zero beside "none" or "not": what the text does not have cannot be in it."""
    return quantity.values == {Decimal(0)} and bool(_NOTHING.search(claim))


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
    if quantity.spelt and quantity.start and quantity.text[0].isupper():
        return True
    return quantity.spelt and quantity.scale == 1 and quantity.unit is None and min(quantity.values) <= 1


# "The two have met": what follows a number that counts nothing, but stands for those who were named.
_NO_NOUN_FOLLOWS = re.compile(
    r"\s*(?:$|[^\w\s-]|(?:and|are|at|by|did|for|had|has|have|in|is|met|never|of|or|to|was|were|will|with|would)\b)"
)


def _stands_for_a_noun(quantity: Quantity, text: str) -> bool:
    """True for "the two" and "these three" where no noun follows: they repeat names, and are no figures."""
    before = text[: quantity.start].rstrip().rpartition(" ")[2].lower()
    return (
        quantity.spelt
        and before in {"the", "these", "those"}
        and (bool(_NO_NOUN_FOLLOWS.match(text, quantity.end)) or _repeats(quantity, text))
    )


def _repeats(quantity: Quantity, text: str) -> bool:
    """True for "the two leaders" and the like: two who were named."""
    word = re.match(r"\s+([a-z]+)", text[quantity.end : quantity.end + 40])
    return quantity.values == {Decimal(2)} and bool(word and word[1] in PERSONS)


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
    return _listed(other.text for other in ordered)


def _listed(texts: Iterable[str]) -> str:
    shown = list(dict.fromkeys(texts))[:_SHOWN]
    return f" (which has {', '.join(shown)})" if shown else ""
