"""Reasons to doubt that cited text supports a claim, by rules on numbers, dates, names, negations.

Numbers, units, dates, names and negations are compared. What is found is a reason to look, in plain words;
what is not found proves nothing: a claim with the right figures can still be wrong. Tolerant of formats and
roundings, and quiet where it cannot tell: numbers and dates are read in every script, names where capitals
mark them, negations in English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.text.patterns import lazy_compile
from qa.checking.arithmetic.cited import read_cited
from qa.checking.arithmetic.designators import designators, other_names, without_words
from qa.checking.arithmetic.directions import wrong_directions
from qa.checking.arithmetic.numbers import (
    is_asked,
    listed,
    number_reasons,
    says_unchanged,
    stands_for_a_noun,
)
from qa.checking.dates import Dates, Day, dates, days_counted, days_named, weekdays
from qa.checking.matching import ANY_SCALE, numbers_of_rows, scaled
from qa.checking.names import missing_addresses, missing_names
from qa.checking.negation import contradictions
from qa.checking.quantities import Quantity, quantities
from qa.checking.words.empty_cells import denials, names_an_empty_row, none_in_years
from qa.checking.words.floor import Similarity, missing_support
from qa.checking.words.in_english import in_english
from qa.checking.words.languages import comparable, language
from qa.checking.words.roles.turned import turned_round
from qa.checking.words.scales import stated_scales
from qa.checking.words.withheld import is_denied

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
_PARTED_CONTRACTION = lazy_compile(r"(?<=\w) (?=(?:n't|'s|'re|'ve|'ll|'d|'m)\b)", re.IGNORECASE)
_QUOTES = lazy_compile("``|''")
# What a date behind it, or before it, is the date of: "a briefing of 27 October", "the 27 October briefing".
_DOCUMENTS = (
    r"(?:briefings?|minutes|reports?|letters?|memos?|memorandum|e-?mails?|messages?|articles?|notes?|documents?"
    r"|sources?|statements?|releases?|records?|transcripts?|posts?|bulletins?|newsletters?|summar(?:y|ies)|accounts?"
    r"|entr(?:y|ies)|passages?|files?|updates?|analys[ei]s|assessments?|notices?|circulars?|polic(?:y|ies)|contracts?)"
)
_DOCUMENT_BEFORE = lazy_compile(
    rf"\b(?:{_DOCUMENTS}\b(?:[^\w.;]+(?!on\b)[\w'-]+){{0,4}}?[^\w.;]+(?:of|from|dated)"
    rf"|dated|as of|{_DOCUMENTS}[ ]?[(,])[ ]?\Z",
    re.IGNORECASE,
)
_DOCUMENT_BEHIND = lazy_compile(rf",?[ ](?:[\w'-]+[ ]){{0,2}}?{_DOCUMENTS}\b", re.IGNORECASE)
LONGEST_CLAIM = 2_000  # characters of a claim that are looked at: a claim is a sentence
MOST_FIGURES = 40  # numbers and dates of a claim that are looked at


@dataclass(frozen=True, slots=True)
class Findings:
    """What speaks against a claim, what was calculated for it from cited numbers, and its results."""

    reasons: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()
    results: tuple[Quantity, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What a claim is looked at with, besides what it cites.

    `known` (title, headings, date and name of the source, what the head of a table says) is where a claim may
    also have a name, a date or a scale from, and `question` a name, a number word or a denial: words of the
    question are no news. `context` is what the passages say around the citations: whom "he" means there may
    be named, if the rest of the claim is borne out. `others` are sentences that might have been cited
    instead, and `similarity` is a measure of meaning, if there is one. `lent` are results of other claims,
    with which this one may calculate on.
    """

    question: str = ""
    known: str = ""
    context: str = ""
    others: Sequence[str] = ()
    similarity: Similarity | None = None
    lent: Sequence[Quantity] = ()


def doubts(
    claim: str,
    cited: Sequence[str],
    *,
    question: str = "",
    known: str = "",
    context: str = "",
    others: Sequence[str] = (),
    similarity: Similarity | None = None,
) -> tuple[str, ...]:
    """Reasons to doubt that the texts `cited` bear out `claim`; empty if nothing is wrong."""
    beside = Beside(question, known, context, others, similarity)
    return examine(claim, cited, beside).reasons


_ALONE = Beside()


def examine(claim: str, cited: Sequence[str], beside: Beside = _ALONE) -> Findings:
    """What is found of a claim beside the texts that it cites, and what stands beside these.

    Raises only what the similarity does; takes time linear in the texts.
    """
    claim_text = plain(claim)[:LONGEST_CLAIM]
    texts = sorted({plain(text) for text in cited})
    if not texts or plain(claim) in texts:
        return Findings()
    background, asked, around = plain(beside.known), plain(beside.question), plain(beside.context)
    figures, follows = _quantity_reasons(claim_text, texts, (background, asked, around), beside.lent)
    unnamed = _name_reasons(claim_text, texts, (asked, background))
    empty, not_empty = none_in_years(claim_text, texts)
    reasons = (
        *figures,
        *not_empty,
        *(_name_reasons(claim_text, texts, (asked, background, around)) if unnamed and around else unnamed),
        *(
            f"the address {host} is not in the cited text"
            for host in missing_addresses(claim_text, (*texts, asked, background))
        ),
        *contradictions(claim_text, [*texts, *denials(texts), *empty], asked=asked),
        *turned_round(claim_text, texts),
        *wrong_directions(claim_text),
    )
    if not reasons and not follows:  # whoever looks has a reason already; what was calculated is not there
        reasons = missing_support(
            claim_text,
            texts,
            question=asked,
            known=background,
            named=not unnamed,
            others=beside.others,
            similarity=beside.similarity,
        )
    return Findings(reasons, tuple(dict.fromkeys(follows.values())), tuple(follows))


def plain(text: str) -> str:
    """`text` with one kind of dash, apostrophe and quote, and "do n't" made "don't"."""
    return _PARTED_CONTRACTION.sub("", _QUOTES.sub('"', text.translate(_PLAIN)))


def _name_reasons(claim: str, texts: Sequence[str], beside: Sequence[str]) -> list[str]:
    missing = missing_names(without_words(claim), texts, beside)
    return [f"the name {name} is not in the cited text" for name in missing]


def _quantity_reasons(
    claim: str, texts: Sequence[str], beside: tuple[str, str, str], lent: Sequence[Quantity]
) -> tuple[list[str], dict[Quantity, str]]:
    """What is wrong with the dates, days of the week and numbers of a claim, and what follows from others."""
    claimed, own_texts = dates(claim), texts
    background, question, around = beside
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
    claimed = _without_denied(claimed, dates(question), claim)
    reasons = _date_reasons(claimed, (days, days_beside), cited_numbers, years, texts, claim)
    reasons += _weekday_reasons(claim, texts, (*days, *days_beside), background)
    rest = claimed.rest
    numbers_beside = quantities(f"{question} {around}")
    named = list(designators(rest))
    reasons += other_names(named, own_texts, (question, background, around), cited_numbers)
    claimed_numbers = [
        quantity
        for quantity in quantities(rest)[:MOST_FIGURES]
        if not any(name.holds(quantity) for name in named)
        and not stands_for_a_noun(quantity, rest, own_texts)
        and not is_asked(quantity, rest, numbers_beside, cited_numbers)
    ]
    if not comparable(claim, texts):
        claimed_numbers = [
            quantity for quantity in claimed_numbers if not quantity.spelt or _reads_words(texts)
        ]
    scales = stated_scales(background) or stated_scales(" ".join(text for text in texts if "|" in text))
    in_rows = set() if scales else numbers_of_rows(texts)
    in_scale = [scaled(number, ANY_SCALE if number.text in in_rows else scales) for number in cited_numbers]
    numbers = [*in_scale, *_halves(cited_numbers)]
    numbers += [
        number for day in days_beside if day.year for number in _as_quantities(replace(day, day=None))
    ]
    numbers += [
        number for day in days_counted(own_texts, (*days, *days_beside)) for number in _as_quantities(day)
    ]
    wrong, follows = number_reasons(
        claimed_numbers,
        numbers,
        years,
        claim,
        lambda: read_cited(own_texts, cited_numbers, in_scale, ANY_SCALE if in_rows else scales, lent),
        question=question,
        has_nothing=names_an_empty_row(claim, own_texts) or says_unchanged(own_texts),
    )
    return list(dict.fromkeys((*reasons, *wrong))), follows


def _halves(numbers: Sequence[Quantity]) -> list[Quantity]:
    """The halves of `numbers`, as the 50 percent that a claim may say for them."""
    return [
        replace(number, values=frozenset((Decimal(50),)), unit="percent", part=True)
        for number in numbers
        if number.spelt and number.values == {Decimal("0.5")}
    ]


def _without_denied(claimed: Dates, asked: Dates, claim: str) -> Dates:
    """The dates of a claim but those of the question that it denies, or says that nothing is told of."""
    days = [day for readings in asked.readings for day in readings]
    kept = tuple(
        readings
        for readings in claimed.readings
        if not any(day.agrees(readings[0]) for day in days)
        or not is_denied(claim, readings[0].start, readings[0].end)
    )
    return claimed._replace(readings=kept)


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
    counted = (*days_counted(texts, (*days, *beside)), *days_named(texts, beside))
    reasons = []
    for readings in claimed.readings[:MOST_FIGURES]:
        dates_event = has_other_day and readings[0].day and readings[0].start not in of_documents
        also = () if dates_event else beside
        if any(_is_dated(day, (*days, *also), there, years) for day in readings):
            continue
        if any(day.agrees(readings[0]) for day in counted):
            continue
        text = readings[0].text.rstrip(".")
        shown = listed(day.text.rstrip(".") for day in (*days, *also) if day.month or day.day)
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
