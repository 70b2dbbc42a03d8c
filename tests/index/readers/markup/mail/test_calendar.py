"""Calendars: each entry with its time, place and people; lines unfolded, signs unescaped."""

from __future__ import annotations

import pytest

from index.errors import ReadError
from index.readers.markup.mail.calendar import read_calendar
from tests.support.readings import check_reading, texts

CALENDAR = """BEGIN:VCALENDAR
X-WR-CALNAME:Harbour
BEGIN:VTIMEZONE
TZID:Europe/Oslo
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Boat\\, meet
 ing
DTSTART;TZID=Europe/Oslo:20250304T093000
DTEND;VALUE=DATE:20250305
ORGANIZER;CN="Berg, Anna":mailto:anna@x.example
ATTENDEE;CN=Tom:mailto:tom@x.example
ATTENDEE:mailto:eva@x.example
DESCRIPTION:Bring oars.\\nAnd rope.
BEGIN:VALARM
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def test_an_entry() -> None:
    """The summary is a heading; alarms and rules of time zones are not shown."""
    reading = read_calendar(CALENDAR.replace("\n", "\r\n").encode(), "a.ics")
    check_reading(reading)
    assert reading.title == "Harbour"
    assert texts(reading) == [
        "Boat, meeting",
        "Begins: 2025-03-04 09:30 (Europe/Oslo)",
        "Ends: 2025-03-05",
        "Organizer: Berg, Anna <anna@x.example>",
        "Attendees: Tom <tom@x.example>, eva@x.example",
        "Bring oars.",
        "And rope.",
    ]


def test_no_entry() -> None:
    """A calendar without an entry fails by name."""
    with pytest.raises(ReadError, match="no entry in this calendar"):
        read_calendar(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "a.ics")
