"""Dates and weekdays in a sentence, and whether two dates can be the same.

Dates in figures, in English and, with the month in full, in German, French, Spanish, Italian, Portuguese and
Dutch. An ambiguous one (4/5/2025) is read in every way instead of guessing. The date that a file states of
itself is read by `index/readers/metadata/dates.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from index.text.months import ENGLISH_SHORT, FULL_MONTHS, WEEKDAYS, any_of
from index.text.patterns import lazy_compile
from qa.checking.words.number_words import CARDINALS

# Short forms of other languages are left out: set, out, ago, mar are words of sentences.
_MONTHS = FULL_MONTHS | ENGLISH_SHORT
# Months that can stand without a day or a year, if capitalised. The others are first of all something else:
# short forms, "a march", the planet, a name.
_ALONE = {word for word in _MONTHS if len(word) > 3} - {"march", "mars", "maio"}
_MONTH = rf"(?P<month>{any_of(_MONTHS)})(?![^\W\d_])\.?"
_YEAR = r"(?P<year>[12]\d{3})(?!\d)"
_DAY = r"(?<!\d)(?<![\d.,]\d)(?P<day>[0-3]?\d)(?:[ ]?(?:st|nd|rd|th)(?![^\W\d_]))?"
# The second day of "5-7 June", "5 and 7 June", "June 5/6".
_OTHER = r"(?:[ ]?(?:-|to|and|or|/)[ ]?(?P<other>[0-3]?\d)(?:(?:st|nd|rd|th)(?![^\W\d_]))?(?![\d.]))?"
# 2025年10月21日, 2025년 10월, 2025年
_CJK = (
    r"(?P<year>[12]\d{3})[ ]?[年년][ ]?(?:(?P<number>\d{1,2})[ ]?[月월])?"
    r"(?:[ ]?(?P<day>\d{1,2})[ ]?[日일])?"
)
# "21 October 2025", "21st of October", "5-7 June", "21 de octubre de 2025", "21. Oktober".
_DAY_FIRST = (
    rf"{_DAY}{_OTHER}\.?[ -]{{1,2}}(?:(?:of|de|del|day of)[ ])?{_MONTH}"
    rf"(?:,?[ -]{{1,2}}(?:de[ ]|del[ ])?{_YEAR})?"
)
_FORMS = tuple(
    lazy_compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<year>[12]\d{3})-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?!\d)",  # 2025-10-21
        # 2025/10/21
        r"(?<!\d)(?P<year>[12]\d{3})[./](?P<number>[01]?\d)[./](?P<day>[0-3]?\d)(?!\d)",
        _CJK,
        # 21.10.2025, 10/21/2025
        r"(?<!\d)(?P<first>[0-3]?\d)(?P<sign>[./-])[ ]?(?P<second>[0-3]?\d)(?P=sign)[ ]?" + _YEAR,
        _DAY_FIRST,
        # October 21, 2025; October the 21st; June 5-7
        rf"(?<![^\W\d_]){_MONTH}[ ]{{1,2}}(?:the[ ])?{_DAY}(?!\d|[.:]\d){_OTHER}(?:[ ]?,?[ ]{{1,2}}{_YEAR})?",
        # October 2025, octubre de 2025
        rf"(?<![^\W\d_]){_MONTH}[ ]?,?[ ]{{1,2}}(?:(?:of|de)[ ])?{_YEAR}",
    )
)
_DIGIT = lazy_compile(r"\d")
_CAPITALISED = lazy_compile(r"(?<![^\W_])[A-Z][^\W\d_]++")
_BLOT = "\u0001"
# What makes a month of a lone "May" or "Mar": "in May", "since late Mar".
_BEFORE_MONTH = lazy_compile(
    r"\b(?:in|since|of|by|until|till|from|to|early|late|mid|last|next|this|during|and|through|between|"
    r"before|after)[ -]\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Day:
    """One date as written at `[start, end)`, each part None where it is not said."""

    text: str
    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None

    def agrees(self, other: Day) -> bool:
        """True if no part that both say differs."""
        parts = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(left is None or right is None or left == right for left, right in parts)

    def weekday(self) -> int | None:
        """The day of the week from Monday = 0, of a full date that exists."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day).weekday()
        except ValueError:
            return None


class Dates(NamedTuple):
    """The dates of a text in order, each as its possible readings, and the text with them blotted out."""

    readings: tuple[tuple[Day, ...], ...]
    rest: str


def dates(text: str) -> Dates:
    """All dates of `text`, whose dashes must be plain ones."""
    every_reading: list[tuple[Day, ...]] = []
    rest = text
    if _DIGIT.search(text):
        for form in _FORMS:
            matches = [match for match in form.finditer(rest) if _readings(match)]
            for match in matches:
                every_reading.extend(_readings(match))
            rest = _blot_out(rest, [match.span() for match in matches])
    months = list(_lone_months(rest))
    every_reading.extend((day,) for day in months)
    rest = _blot_out(rest, [(day.start, day.end) for day in months])
    return Dates(tuple(sorted(every_reading, key=lambda readings: readings[0].start)), rest)


def weekdays(text: str) -> dict[int, str]:
    """The days of the week that `text` names, from Monday = 0, each as first written."""
    named: dict[int, str] = {}
    for match in _CAPITALISED.finditer(text):
        number = WEEKDAYS.get(match[0].lower())
        if number is not None:
            named.setdefault(number, match[0])
    return named


_COUNTED = lazy_compile(
    r"\b(?P<number>\d{1,2}|a|one|two|three|four|five|six|seven|eight|nine|ten|next|following|the)\s+"
    r"(?P<unit>days?|weeks?|night|evening|morning)?\s*(?P<way>later|after|earlier|before|ago|day)\b"
    r"|\b(?:(?P<back>yesterday)|tomorrow)\b",
    re.IGNORECASE,
)


def days_counted(texts: Iterable[str], days: Iterable[Day]) -> tuple[Day, ...]:
    """The days that `texts` count from full ones: "three days later" beside 15 August 2025 is 18 August."""
    full = [day for day in days if day.weekday() is not None]
    found = []
    for match in (match for text in texts for match in _COUNTED.finditer(text)):
        number = (match["number"] or "one").lower()
        count = int(number) if number.isdigit() else CARDINALS.get(number, 1)
        count *= 7 if (match["unit"] or "").lower().startswith("week") else 1
        if match["back"] or (match["way"] or "").lower() in ("earlier", "before", "ago"):
            count = -count
        for day in full:
            ordinal = date(day.year or 1, day.month or 1, day.day or 1).toordinal() + count
            if 1 <= ordinal <= date.max.toordinal():
                other = date.fromordinal(ordinal)
                found.append(Day(match[0], *match.span(), other.year, other.month, other.day))
    return tuple(found)


def days_named(texts: Iterable[str], written: Iterable[Day]) -> tuple[Day, ...]:
    """The days that `texts` name by their weekday, counted from the days on which they were `written`.

    "On Sunday" in a text of Monday, 24 November 2025 is the 23rd, or the 30th: the last such day, that day
    itself, or the next.
    """
    named = {number: name for text in texts for number, name in weekdays(text).items()}
    found = []
    for day in written:
        today = day.weekday()
        if today is None:
            continue
        for number, name in named.items():
            since = (today - number) % 7
            for count in {-since, 7 - since} if since else {0}:
                ordinal = date(day.year or 1, day.month or 1, day.day or 1).toordinal() + count
                if 1 <= ordinal <= date.max.toordinal():
                    other = date.fromordinal(ordinal)
                    found.append(Day(name, 0, 0, other.year, other.month, other.day))
    return tuple(found)


def _blot_out(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with a mark in place of every character of `spans`, so that offsets stay."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], _BLOT * (end - start)]
        at = end
    return "".join((*pieces, text[at:]))


def _readings(match: re.Match[str]) -> list[tuple[Day, ...]]:
    """The dates of one match, one or, for "5-7 June", two; none if a part is out of range."""
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else None
    if groups.get("first"):
        pair = (int(groups["first"]), int(groups["second"]))
        orders = dict.fromkeys(((pair[1], pair[0]), pair))
        read = tuple(Day(match[0], *match.span(), year, m, d) for m, d in orders if _valid(m, d))
        return [read] if read else []
    month = (
        _MONTHS[groups["month"].lower()] if groups.get("month") else int(groups.get("number") or 0) or None
    )
    days = [groups.get("day"), *([groups["other"]] if groups.get("other") else [])]
    numbers = [int(day) if day else None for day in days]
    if not all(_valid(month, number) for number in numbers):
        return []
    return [(Day(match[0], *match.span(), year, month, number),) for number in numbers]


def _valid(month: int | None, day: int | None) -> bool:
    return (month is None or 1 <= month <= 12) and (day is None or 1 <= day <= 31)


def _lone_months(text: str) -> Iterator[Day]:
    """Months with neither day nor year: "in April", but not "you may" or "the march"."""
    for match in _CAPITALISED.finditer(text):
        word = match[0].lower()
        number = _MONTHS.get(word)
        if number is None:
            continue
        before = text[max(0, match.start() - 10) : match.start()]
        if word in _ALONE or _BEFORE_MONTH.search(before):
            yield Day(match[0], *match.span(), None, number, None)
