"""Dates that are stated outright are found; the others are left alone."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from index.readers.dates import date_in_head, parse_date
from index.types import Dated


@pytest.mark.parametrize(
    "written",
    [
        "2025-10-21",
        "2025-10-21T10:00:00Z",
        "2025-10-21T23:59:00.123-08:00",
        "20251021",
        "20251021T120000Z",
        "D:20251021120000+02'00'",
        "2025/10/21",
        "Tue, 21 Oct 2025 10:00:00 +0000",
        "Fri Oct 21 10:00:00 2025",
        "21 October 2025",
        "21st of October, 2025",
        "21-Oct-2025",
        "October 21, 2025",
        "Oct. 21, 2025",
        "Tuesday, October 21, 2025 at 5:00 PM EDT",
        "10/21/2025",
        "21.10.2025",
        "21. Oktober 2025",
        "21 octobre 2025",
        "21 de octubre de 2025",
        "2025年10月21日",
    ],
)
def test_one_day_written_in_many_ways(written: str) -> None:
    """Each of these is the twenty-first of October 2025."""
    assert parse_date(f" {written} ") == "2025-10-21"


@pytest.mark.parametrize(
    ("written", "value"),
    [("2025-10", "2025-10"), ("October 2025", "2025-10"), ("2025", "2025"), ("05/05/2025", "2025-05-05")],
)
def test_coarse_dates_and_twins(written: str, value: str) -> None:
    """A month or a year is as much as is known; the fifth of May is the same either way."""
    assert parse_date(written) == value


@pytest.mark.parametrize(
    "written",
    [
        "",
        "03/04/2025",
        "3.4.2025",
        "32 October 2025",
        "2025-13-01",
        "2025-02-29",
        "21 Oct 25",
        "12345",
        "about 2025",
        "21 October 2025 and after",
        "October 21 2025, updated October 22 2025",
        "May be 2025",
        "2025-W10",
        "a" * 500,
    ],
)
def test_what_is_not_plainly_a_date_is_none(written: str) -> None:
    """An ambiguous, impossible or embedded date is no date."""
    assert parse_date(written) is None


@pytest.mark.parametrize(
    "head",
    [
        "Summit off\n\nPublished: 21 October 2025\n\nText.",
        "Date: 2025-10-21",
        "Date:\n2025-10-21\n",
        " date 2025-10-21 US Secretary of State Marco Rubio is now responsible for the negotiations.",
        "**Published:** October 21, 2025",
        "21 October 2025\n\nText.",
        "Oct 21, 2025 10:30 AM ET",
        "BUDAPEST, 21 October 2025 — The summit is off.",
        "BUDAPEST, October 21, 2025 (Reuters) - The summit is off.",
        "Washington, D.C., October 21, 2025 – The summit is off.",
        "KYIV (21 October 2025) — The summit is off.",
        "# Off\n\n*Moscow, 21 October 2025*\n\nThe summit is off.",
        "By Jane Doe | 21 October 2025",
        "Posted on Oct 21, 2025 by admin",
        "Last updated on 2025-10-21",
        "Updated: 3 November 2025\nPublished: 21 October 2025",
    ],
)
def test_dates_that_a_text_gives_itself(head: str) -> None:
    """Labels, lone dates, datelines and bylines date a text; when it was published goes before updates."""
    assert date_in_head(head) == Dated("2025-10-21", "text")


@pytest.mark.parametrize(
    "head",
    [
        "The summit of 21 October 2025 was cancelled.",
        "Budapest, 21 October 2025 was a bad day.",
        "Published on 3 May 1999, the book tells a long story of people who went home at last.",
        "As of December 31, 2017, the company had income.",
        "Date of birth: 3 May 1980",
        "Published: 03/04/2025",
        "Annual report\n\n2024\n",
        "Text.\n" * 40 + "Date: 2025-10-21",
    ],
)
def test_dates_of_other_things_are_left_alone(head: str) -> None:
    """A date in a sentence, of a birth, or deep in the text is not the text's own."""
    assert date_in_head(head) is None


@settings(deadline=None, derandomize=True)
@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_iso_dates_round_trip(day: date) -> None:
    """Every day of two thousand years, written as ISO, is read as itself."""
    assert parse_date(day.isoformat()) == day.isoformat()


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    """No text makes either function fail, and a value is always an ISO date."""
    for value in (parse_date(text), getattr(date_in_head(text), "value", None)):
        assert value is None or len(value) in {4, 7, 10}


def test_long_lines_take_no_time() -> None:
    """A hundred thousand equal signs are passed over at once."""
    began = time.process_time()
    for sign in ("a", " ", "1", "1 ", "by 1 ", "-", "(", "Jan "):
        date_in_head(sign * 100_000)
        parse_date(sign * 100_000)
    assert time.process_time() - began < 2
