"""Calendars and invitations (.ics) to text: of each entry what it is, when, where and with whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.errors import ReadError
from index.readers.builder import TextBuilder
from index.readers.encoding import decode
from index.types import Reading

_ENTRIES = frozenset(("VEVENT", "VTODO", "VJOURNAL"))
_FOLDED = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[^:;"]*(?:"[^"]*"[^:;"]*)*)*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=(?:"([^"]*)"|([^;"]*))')
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_ESCAPED = re.compile(r"\\([nN,;\\])")
# What is shown of an entry, in this order; the summary stands above it.
_SHOWN = {
    "DTSTART": "Begins",
    "DTEND": "Ends",
    "DUE": "Due",
    "DURATION": "Lasts",
    "RRULE": "Repeats",
    "LOCATION": "Place",
    "ORGANIZER": "Organizer",
    "ATTENDEE": "Attendee",
    "STATUS": "Status",
    "DESCRIPTION": "",
    "COMMENT": "",
}


def read_calendar(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The entries of a calendar, in the order of the file. Raises `ReadError` if it has none."""
    decoded = decode(data)
    builder = TextBuilder(notes=list(decoded.notes))
    title = add_calendar(builder, decoded.text, 1)
    if not builder.length:
        raise ReadError("no entry in this calendar", "export it again from the calendar program")
    return builder.reading(title=title or builder.first_heading(), encoding=decoded.encoding)


def add_calendar(builder: TextBuilder, text: str, level: int) -> str:
    """Append the entries of a calendar under headings of `level`; gives the calendar's own name."""
    title = ""
    fields: dict[str, list[str]] = {}
    inside: list[str] = []
    for key, parameters, value in _lines(text):
        if key == "BEGIN":
            inside.append(value.upper())
            fields = {} if inside[-1] in _ENTRIES else fields
        elif key == "END" and inside:
            if inside.pop() in _ENTRIES:
                _add_entry(builder, fields, level)
        elif inside and inside[-1] in _ENTRIES:
            fields.setdefault(key, []).append(_shown(key, parameters, value))
        elif key in {"X-WR-CALNAME", "NAME"}:
            title = title or value
    return title


def _lines(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each line of the file: its name, its parameters and its value, all that was folded unfolded."""
    for line in re.split(r"\r?\n|\r", _FOLDED.sub("", text)):
        match = _LINE.fullmatch(line)
        if match is not None:
            found = _PARAMETER.findall(match[2])
            parameters = {key.upper(): quoted or plain for key, quoted, plain in found}
            yield match[1].upper(), parameters, _ESCAPED.sub(_unescaped, match[3]).strip()


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def _shown(key: str, parameters: dict[str, str], value: str) -> str:
    """A value as a person reads it: "2025-03-04 09:00 UTC", "Anna Berg <anna@x.example>"."""
    if key in {"DTSTART", "DTEND", "DUE"} and (time := _TIME.fullmatch(value)):
        year, month, day, hour, minute, universal = time.groups()
        zone = " UTC" if universal else f" ({parameters['TZID']})" if "TZID" in parameters else ""
        return f"{year}-{month}-{day} {hour}:{minute}{zone}" if hour else f"{year}-{month}-{day}"
    if key in {"ORGANIZER", "ATTENDEE"}:
        address = re.sub(r"(?i)\Amailto:", "", value)
        name = parameters.get("CN", "")
        return f"{name} <{address}>" if name and name != address else address
    return value


def _add_entry(builder: TextBuilder, fields: dict[str, list[str]], level: int) -> None:
    for summary in fields.get("SUMMARY", ())[:1]:
        builder.add("heading", " ".join(summary.split()), level)
    for key, name in _SHOWN.items():
        values = fields.get(key, [])
        if name:
            label = f"{name}s" if key == "ATTENDEE" and len(values) > 1 else name
            builder.add("row", f"{label}: {', '.join(values)}" if any(values) else "")
            continue
        for paragraph in "\n".join(values).split("\n"):
            builder.add("paragraph", paragraph)
