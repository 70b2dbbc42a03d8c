"""Month and weekday names: complete, and the same in every place that reads them."""

from __future__ import annotations

import re

import pytest

from index.readers.metadata.dates import parse_date
from index.text.months import (
    ENGLISH_MONTHS,
    ENGLISH_SHORT,
    FOREIGN_SHORT,
    FULL_MONTHS,
    GERMAN_MONTHS,
    MONTHS_AS_WRITTEN,
    WEEKDAYS,
    any_of,
)
from qa.answering.extractive.question import find_expected, parse_question
from qa.checking.dates import dates


def test_every_language_has_twelve_months() -> None:
    """Each month has a name in each of seven languages, some of them shared; no name is two months."""
    assert list(ENGLISH_MONTHS.values()) == list(GERMAN_MONTHS.values()) == list(range(1, 13))
    assert set(ENGLISH_SHORT.values()) == set(FULL_MONTHS.values()) == set(range(1, 13))
    assert all(ENGLISH_MONTHS[name] == FULL_MONTHS[name] for name in ENGLISH_MONTHS)
    assert not FOREIGN_SHORT.keys() & (FULL_MONTHS.keys() | ENGLISH_SHORT.keys())
    assert {name.lower() for name in MONTHS_AS_WRITTEN} == FULL_MONTHS.keys()


@pytest.mark.parametrize("name", MONTHS_AS_WRITTEN)
def test_a_month_is_known_wherever_one_is_read(name: str) -> None:
    """Readers, checks and answers know the same full names."""
    number = FULL_MONTHS[name.lower()]
    assert parse_date(f"21 {name} 2025") == f"2025-{number:02}-21"
    ((day,),) = dates(f"It rained on 21 {name} 2025.")[0]
    assert (day.year, day.month, day.day) == (2025, number, 21)
    assert find_expected(parse_question("When did it rain?"), f"It was in {name}.") is not None


def test_short_forms_that_are_words_date_only_metadata() -> None:
    """The Portuguese "out" and "set" are months in a date alone, and words in a sentence."""
    assert parse_date("21 out 2025") == "2025-10-21"
    assert parse_date("3 set 2025") == "2025-09-03"
    assert not any(day.month for readings in dates("All 21 out of 2025 set out.")[0] for day in readings)


def test_the_longer_name_is_tried_first() -> None:
    """A worked example: "june" is not "jun" and an "e"."""
    match = re.match(any_of(("jun", "june")), "june")
    assert match is not None
    assert match[0] == "june"


def test_monday_is_day_zero() -> None:
    """As `datetime.date.weekday` counts."""
    assert (WEEKDAYS["monday"], WEEKDAYS["sunday"], len(WEEKDAYS)) == (0, 6, 7)
