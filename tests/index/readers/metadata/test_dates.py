"""Dates that are stated outright are found; the others are left alone."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from index.readers.metadata.dates import date_in_head, date_in_name, document_date, parse_date
from index.types import Block, Dated, DateOrigin, Reading, Span


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
        "21. října 2025",
        "21 października 2025",
        "2025. október 21.",
        "21. lokakuuta 2025",
        "21 октября 2025",
        "den 21. oktober 2025",
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
        "Date of Report (Date of earliest event reported): October 21, 2025 (October 18, 2025)",
        "Sitzungsdatum: 21. Oktober 2025",
        "Kelt: 2025. október 21.",
        "Protokoll der Sitzung vom 21. Oktober 2025\n\nAnwesend: alle",
        "Minutes of the meeting of 21 October 2025\n\nPresent: all",
        "ANNUAL REPORT OF 1934 For the fiscal year ended October 21, 2025",
        "For the Quarterly Period Ended October 21, 2025 or",
        "For the fiscal year ended\nOctober 21, 2025\nCommission file number 1-5805",
        "Balance sheet\n\nAs of October 21, 2025\n\nAssets",
        "Exercice clos le 21 octobre 2025",
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
        "We lost money. For the year ended December 31, 2017, it was more.",
        "The history of the battle of 3 October 1993",
        "Published: 03/04/2025",
        "Annual report\n\n2024\n",
        "Text.\n" * 40 + "Date: 2025-10-21",
    ],
)
def test_dates_of_other_things_are_left_alone(head: str) -> None:
    """A date in a sentence, of a birth, or deep in the text is not the text's own."""
    assert date_in_head(head) is None


def test_rows_and_code_date_a_text_by_a_label_only() -> None:
    """A day in a table is about its row; "Date | 21 October 2025" over a letter is the letter's."""
    table = "Paid | 2025\n2025-10-21\nDate | 3 May 2024 | 5"
    rows = (Block("row", Span(0, 11)), Block("row", Span(12, 22)), Block("row", Span(23, len(table))))
    assert date_in_head(table, rows) is None
    period = "For the fiscal year ended December 31, 2019 or"
    assert date_in_head(period, (Block("row", Span(0, len(period))),)) == Dated("2019-12-31", "text")
    head = "Date | 21 October 2025"
    assert date_in_head(head, (Block("row", Span(0, len(head))),)) == Dated("2025-10-21", "text")
    assert date_in_head("2025-10-21", (Block("code", Span(0, 10)),)) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("2017-03-05 Protokoll.docx", "2017-03-05"),
        ("report_2016-10-01.pdf", "2016-10-01"),
        ("20240312-minutes.md", "2024-03-12"),
        ("photo_20240312_123456.jpg", "2024-03-12"),
        ("IMG20240312123456.png", "2024-03-12"),
        ("13.04.2017 Notes.pdf", "2017-04-13"),
        ("Protokoll 5. März 2017.docx", "2017-03-05"),
        ("Letter-3rd-Oct-2025.docx", "2025-10-03"),
        ("March 5, 2017.txt", "2017-03-05"),
        ("2025_Oct_03.txt", "2025-10-03"),
        ("minutes-2024-03.txt", "2024-03"),
        ("minutes_march_2024.pdf", "2024-03"),
        ("budget-2024-03-final.xlsx", "2024-03"),
        ("2019-05-01/2017-03-05.txt", "2017-03-05"),
        ("03.04.2017 Notes.pdf", None),
        ("a-2016-01-01_2016-12-31.csv", None),
        ("19870101-19871231.csv", None),
        ("2011-12 season.md", None),
        ("3M_2018_10K.pdf", None),
        ("v1.13.2024.md", None),
        ("app-1.2.2024-beta.txt", None),
        ("0620123456 call.txt", None),
        ("12345678.txt", None),
        ("Invoice 20241301.pdf", None),
        ("data set 2021.csv", None),
        ("report 2016.pdf", None),
        ("notes.txt", None),
    ],
)
def test_dates_in_the_names_of_files(name: str, value: str | None) -> None:
    """One day or month that the name can only mean so; no version, telephone number, season or range."""
    assert date_in_name(name) == (None if value is None else Dated(value, "file name"))


@pytest.mark.parametrize(
    ("origin", "head", "name", "expected"),
    [
        ("metadata", "Date: 2025-10-21", "2024-01-01.html", "metadata"),
        ("front matter", "Date: 2025-10-21", "2024-01-01.md", "front matter"),
        ("created", "Date: 2025-10-21", "2024-01-01.pdf", "text"),
        ("created", "It rained.", "2024-01-01.pdf", "file name"),
        ("created", "It rained.", "rain.pdf", "created"),
        (None, "Date: 2025-10-21", "2024-01-01.html", "text"),
        (None, "It rained.", "2024-01-01.txt", "file name"),
        (None, "It rained.", "rain.txt", None),
    ],
)
def test_what_says_when_a_document_is_from(
    origin: DateOrigin | None, head: str, name: str, expected: str | None
) -> None:
    """Publication before the text's head, that before the file's name, that before when the file was made."""
    stated = Dated("2019-02-03", origin) if origin else None
    reading = Reading(head, (Block("paragraph", Span(0, len(head))),), date=stated)
    found = document_date(reading, name)
    assert (found.origin if found else None) == expected


@settings(deadline=None, derandomize=True)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["-", "_", ".", ""]))
def test_every_day_is_read_from_a_name(day: date, sign: str) -> None:
    """Year, month and day, in the ways that sort."""
    name = f"minutes {day.isoformat().replace('-', sign)} final.txt"
    assert date_in_name(name) == Dated(day.isoformat(), "file name")


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
        date_in_name(sign * 10_000)
        parse_date(sign * 100_000)
    assert time.process_time() - began < 2
