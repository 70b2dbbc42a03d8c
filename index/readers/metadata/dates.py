"""The date that a document states for itself, as ISO 8601.

It is looked for in metadata, front matter, labels ("Published: …"), datelines, bylines, the title line and
the file's name. Nothing is guessed: 03/04/2025 is two dates and so none; a year of two digits is none; a date
in a sentence is about the sentence, not the file. Dates in sentences are read by `qa/checking/dates.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from pathlib import PurePath

from index.readers.paragraphs import text_lines
from index.readers.parts.tables import DELIMITER
from index.text.months import ENGLISH_SHORT, FOREIGN_SHORT, FULL_MONTHS, FURTHER_MONTHS
from index.text.patterns import lazy_compile
from index.types import Block, Dated, Reading, Span

_MONTH_NUMBER = FURTHER_MONTHS | FULL_MONTHS | ENGLISH_SHORT | FOREIGN_SHORT
_DAY_NAME = r"(?:[^\W\d_]{2,10}\.?,?[ ]{1,3})?"  # "Tue, ", "Dienstag, ", "Monday "
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"  # any word; `_MONTH_NUMBER` decides
_YEAR = r"(?P<year>[12]\d{3})(?!\d)"
_DAY = r"(?P<day>\d{1,2})"
_OF = r"(?:[ ]{1,3}(?:of|de|del)(?=[ ]))?"  # "21 de octubre de 2025"
# Dates to the day, tried in this order.
_FORMS = tuple(
    lazy_compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>[12]\d{3})-(?P<number>\d{2})-(?P<day>\d{2})(?!\d)",  # 2025-10-21
        r"(?P<year>[12]\d{3})[./](?P<number>\d{1,2})[./](?P<day>\d{1,2})(?!\d)",  # 2025/10/21, 2025.10.21
        # 20251021, PDF's D:20251021101500 and 20251021T1015
        r"(?:D:)?(?P<year>[12]\d{3})(?P<number>0\d|1[0-2])(?P<day>[0-3]\d)(?:(?=\D|\Z)|(?=T?\d{4,6}))",
        r"(?P<year>[12]\d{3})[ ]?年[ ]?(?P<number>\d{1,2})[ ]?月[ ]?(?P<day>\d{1,2})[ ]?日",
        r"(?P<year>[12]\d{3})[ ]?년[ ]?(?P<number>\d{1,2})[ ]?월[ ]?(?P<day>\d{1,2})[ ]?일",
        # Tue, 21 October 2025; 21st of October, 2025; 21. Oktober 2025; 21-Oct-2025
        rf"{_DAY_NAME}{_DAY}(?:st|nd|rd|th|\.|º)?{_OF}[ -]{{1,3}}{_MONTH}{_OF}[ ,-]{{1,3}}{_YEAR}",
        rf"{_DAY_NAME}{_MONTH}[ ]{{1,3}}{_DAY}(?:st|nd|rd|th)?,?[ ]{{1,3}}{_YEAR}",  # October 21, 2025
        rf"(?P<year>[12]\d{{3}})\.[ ]{{1,3}}{_MONTH}[ ]{{1,3}}{_DAY}(?!\d)\.?",  # 2025. október 21.
        # C's asctime and Unix's date: Tue Oct 21 10:15:00 CEST 2025
        rf"{_DAY_NAME}{_MONTH}[ ]{{1,3}}{_DAY}[ ]{{1,3}}\d\d:\d\d(?::\d\d)?(?:[ ][A-Z]{{3,4}})?[ ]{_YEAR}",
        # 21.10.2025, 10/21/2025: whichever order gives the only day there is
        r"(?P<first>\d{1,2})(?P<sign>[./-])[ ]?(?P<second>\d{1,2})(?P=sign)[ ]?(?P<year>[12]\d{3})(?!\d)",
    )
)
# To the month or the year: 2025-10, October 2025, 2025.
_COARSE = tuple(
    lazy_compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>[12]\d{3})-(?P<number>0[1-9]|1[0-2])(?![\d-])",
        rf"{_MONTH},?[ ]{{1,3}}{_YEAR}",
        r"(?P<year>[12]\d{3})(?![\d/.-])",
    )
)
# Dates in the names of files.
_NAME_YEAR = r"(?P<year>19\d\d|20\d\d)"
_NAME_MONTH = r"(?P<month>[^\W\d_]{3,12})"
_NAME_FORMS = tuple(
    lazy_compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d){_NAME_YEAR}(?P<sign>[-_. ])(?P<number>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})(?!\d)",
        # 20240312, also with a time of day after it
        rf"(?<!\d){_NAME_YEAR}(?P<number>0\d|1[0-2])(?P<day>[0-3]\d)(?=(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d))",
        # 13.04.2017
        (
            r"(?<![\dv])(?<!\d[.-])(?P<first>\d{1,2})(?P<sign>[-_.])(?P<second>\d{1,2})(?P=sign)"
            rf"{_NAME_YEAR}(?![\d-]|\.\d)"
        ),
        rf"(?<!\d)(?<!\d[.-]){_NAME_YEAR}[-_.](?P<number>0[1-9]|1[0-2])(?![^\W_]|[-_.]\d)",  # 2024-03
        rf"(?<![^\W_])(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[-_ ]+{_NAME_MONTH}[-_ .]+{_NAME_YEAR}(?!\d)",
        rf"(?<![^\W_]){_NAME_MONTH}[-_ ](?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[-_ ]{_NAME_YEAR}(?!\d)",
        rf"(?<!\d){_NAME_YEAR}[-_ ]{_NAME_MONTH}[-_ ](?P<day>\d{{1,2}})(?!\d)",
        rf"(?<![^\W_]){_NAME_MONTH}[-_ .]{{1,2}}{_NAME_YEAR}(?!\d)",  # march 2024
    )
)
# A time of day after a date, and what may follow it: "T10:15:00Z", " at 10:15", "101500+02'00'".
_TIME = lazy_compile(
    r"[ T,;]{0,3}(?:\(|(?:at|um|à)[ ])?"
    r"(?:\d{1,2}[:.h]\d{2}|\d{4,6}(?:[Z+-]|\Z)|\d{1,2}[ ]?[ap]\.?m).{0,40}",
    re.IGNORECASE,
)
_HEAD = 3_000  # code points in which a text says when it is from
_HEAD_LINES = 25  # lines that are not empty
_PUBLISHED = (
    "publication date|date published|date of (?:report|issue|publication|meeting|letter|invoice)"
    "|(?:report|meeting|invoice|letter|filing|issue|release) date"
    "|published|date|dated|posted|issued|released|created"
    "|(?:rechnungs|berichts|sitzungs|ausgabe|erscheinungs)?datum|veröffentlicht"
    "|date de (?:publication|parution|la réunion|facture)|publié"
    "|fecha(?: de (?:publicación|emisión))?|publicado|data(?: di (?:pubblicazione|emissione))?|pubblicato"
    "|dato|dátum|kelt|päivämäärä|päiväys|дата"
)
# "Published on: ", "**Date** ", "Datum: ", "Date of report (earliest event): "; the date follows.
_LABEL = lazy_compile(
    rf"\W{{0,4}}(?P<label>{_PUBLISHED})(?:[ ](?:on|at|am|le|el|il))?(?![^\W_])(?:[ ]\([^()\n]{{1,60}}\))?"
    r"[ ]{0,3}\W{0,3}[ ]{0,3}",
    re.IGNORECASE,
)
# The period a report is about, up to the day it ends on.
_PERIOD = lazy_compile(
    r"for[ ]the[ ](?:(?:fiscal|financial|quarterly|annual|transition|reporting|half)[ -])?"
    r"(?:year|period|quarter|half-year)[ ](?:ended|ending)[ ]{0,3}"
    r"|(?:as[ ](?:of|at)|stand:?|stand[ ]vom|exercice[ ]clos[ ]le|esercizio[ ]chiuso[ ]al)[ ]{1,3}",
    re.IGNORECASE,
)
_LONGEST_PERIOD = 80  # code points of what `_PERIOD` matches, and more
_LONGEST_TITLE = 120  # code points of a line that may end in its date
_SMALL = lazy_compile(r"[^\W\d_A-Z]{2}")  # two small letters: a sentence, not a heading in capitals
# What is of a day: the line that names it may end in the date.
_DAILY_WORDS = """
    minutes agenda meeting session sitting report memo memorandum letter newsletter bulletin statement
    notice decision judgment invoice release protokoll sitzung tagesordnung bericht rechnung beschluss
    urteil schreiben bescheid procès-verbal réunion rapport facture arrêt acta reunión informe factura
    verbale riunione relazione fattura notulen vergadering verslag jegyzőkönyv zápis protokół referat
"""
_DAILY = lazy_compile("|".join(_DAILY_WORDS.split()), re.IGNORECASE)
_UPDATED = lazy_compile(
    r"\W{0,4}(?P<label>(?:last[ -])?(?:updated?|modified|revised|revision|aktualisiert|stand))"
    r"(?:[ ](?:on|at|am))?(?![^\W_])[ ]{0,3}\W{0,3}[ ]{0,3}",
    re.IGNORECASE,
)
_TAIL = 40  # code points behind a date on a line that is still about the date, not a sentence
# The place of a dateline, up to its date: "BUDAPEST, ", "**Paris, France** (", "Kyiv – ".
_PLACE = lazy_compile(r"[*_]{0,3}(?=[^\W\d_])[^\n\d(),—]{2,40}(?:,[^\n\d(),—]{2,30})?[,(—–-]{1,2}[ ]{0,3}\(?")
# What ends a dateline behind its date: " —", ") –", " (Reuters) -", ":".
_AFTER_DATELINE = lazy_compile(r"[)]?[ ]{0,3}(?:\([^()\n]{1,40}\)[ ]{0,3})?[—–:)-]|\)")
_BYLINE = lazy_compile(r"(?:by|posted|published|written|from|von|par|por)\b", re.IGNORECASE)


def parse_date(text: str) -> str | None:
    """The date that is all of `text`, as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; None if it is not plainly one.

    Takes ISO 8601, RFC 2822, PDF's `D:20251021…`, "21 October 2025", "Oct. 21, 2025", 21.10.2025 and the
    like, with or without a time of day. The day is the one written: no time zone is converted.
    """
    text = text.strip()
    if len(text) > 100:
        return None
    match = _date_at(text, 0, coarse=True)
    if match is None:
        return None
    value, end = match
    rest = text[end:].strip()
    return value if not rest or rest in ".,;Z" or _TIME.fullmatch(text, end) else None


def document_date(reading: Reading, name: str) -> Dated | None:
    """The date of a document read from the file `name`: the one that says most surely when it is from.

    In order: metadata of publication, front matter; the head of the text; the file's name; and, for a PDF or
    an office file, the day that the file was made.
    """
    stated = reading.date
    if stated is not None and stated.origin != "created":
        return stated
    return date_in_head(reading.text, reading.blocks) or date_in_name(name) or stated


def date_in_name(name: str) -> Dated | None:
    """The date in a file's name: "2017-03-05 minutes.docx", "IMG_20240312_123456.jpg", "minutes-2024-03.txt".

    None for two dates, a version ("1.2.2024-beta"), a season ("2011-12"), a year alone or a longer number.
    """
    stem = PurePath(name).stem
    found = {_value_in_name(match) for form in _NAME_FORMS for match in form.finditer(stem)} - {None}
    days = {value for value in found if value and len(value) == len("2025-10-21")}
    value = (days or found).pop() if len(days or found) == 1 else None
    return Dated(value, "file name") if value else None


def _value_in_name(match: re.Match[str]) -> str | None:
    """ISO 8601 of a match; None for "2011-12", which may be a season, and for "data set 2021"."""
    parts = match.groupdict()
    if "day" not in parts and "first" not in parts:
        if "number" in parts and int(parts["number"]) == (int(parts["year"]) + 1) % 100:
            return None
        if parts.get("month", "").lower() in FOREIGN_SHORT:
            return None
    return _value(match)


def is_dateline(line: str) -> bool:
    """True if `line` says only where and when a text was written: "Köln, den 5. März 2021"."""
    place = _PLACE.match(line)
    written = _date_at(line, place.end(), coarse=False) if place else None
    return written is not None and not line[written[1] :].strip(" *_.)")


def date_in_head(text: str, blocks: Sequence[Block] = ()) -> Dated | None:
    """The date a text gives itself in its first lines, or None.

    In order of trust: a label ("Published: 21 October 2025"), a line that is a date and nothing else, a
    dateline ("BUDAPEST, 21 October 2025 —"), a byline that ends in a date, a title of something that is of a
    day ("Minutes of 21 October 2025"), the end of the period reported, and "Updated:". Rows of tables and
    code, where `blocks` tell of them, have no date but that of a label or a period.
    """
    head = [line for line in text_lines(text, 0, min(len(text), _HEAD)) if line.start < line.end][
        :_HEAD_LINES
    ]
    first = takewhile(lambda block: block.span.start < _HEAD, blocks)
    cells = [block.span for block in first if block.kind in ("row", "code")]
    lines = [(line.start, line.end) for line in head]
    prose = [line for line in lines if not _inside(line[0], cells)]
    for rule in (_labelled, _alone, _datelined, _bylined, _titled, _period, _updated):
        for index, line in enumerate(prose):
            following = prose[index + 1] if index + 1 < len(prose) else None
            value = rule(text, line, following)
            if value is not None:
                return Dated(value, "text")
    rows = [line for line in lines if line not in prose]
    values = (_labelled_row(text, line) or _period_row(text, line) for line in rows)
    return next((Dated(value, "text") for value in values if value), None)


Bounds = tuple[int, int]


def _inside(offset: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= offset < span.end for span in spans)


def _labelled(text: str, line: Bounds, following: Bounds | None) -> str | None:
    return _date_after(_LABEL, text, line, following)


def _labelled_row(text: str, line: Bounds) -> str | None:
    """The date of a row that is a label and a date and nothing else: "Date | 21 October 2025"."""
    match = _LABEL.match(text, *line)
    return parse_date(text[match.end() : line[1]]) if match else None


def _period_row(text: str, line: Bounds) -> str | None:
    """The end of the period that a row of one cell says the text is about."""
    return None if DELIMITER in text[line[0] : line[1]] else _period(text, line, None)


def _updated(text: str, line: Bounds, following: Bounds | None) -> str | None:
    return _date_after(_UPDATED, text, line, following)


def _date_after(label: re.Pattern[str], text: str, line: Bounds, following: Bounds | None) -> str | None:
    """The date behind a label, or, if the label ends its line, the line below if that is a date."""
    match = label.match(text, *line)
    if match is None:
        return None
    if match.end() == line[1]:
        return None if following is None else _whole_line(text, following)
    named = ":" in match[0] or "：" in match[0] or match["label"].lower() == "date"
    written = _date_at(text, match.end(), coarse=False)
    if written is not None and written[1] <= line[1]:
        return written[0] if named or line[1] - written[1] <= _TAIL else None
    return parse_date(text[match.end() : line[1]]) if named else None


def _alone(text: str, line: Bounds, following: Bounds | None) -> str | None:  # noqa: ARG001  one shape for all rules
    return _whole_line(text, line)


def _whole_line(text: str, line: Bounds) -> str | None:
    """The date that is the whole line, to the day: a year alone may be anything."""
    value = parse_date(text[line[0] : min(line[1], line[0] + 101)])
    return value if value is not None and len(value) == len("2025-10-21") else None


def _datelined(text: str, line: Bounds, following: Bounds | None) -> str | None:  # noqa: ARG001  as above
    place = _PLACE.match(text, *line)
    if place is None:
        return None
    written = _date_at(text, place.end(), coarse=False)
    if written is None or written[1] > line[1]:
        return None
    ended = not text[written[1] : min(written[1] + 5, line[1])].strip(" *_.)")
    return written[0] if ended or _AFTER_DATELINE.match(text, written[1], line[1]) else None


def _bylined(text: str, line: Bounds, following: Bounds | None) -> str | None:  # noqa: ARG001  as above
    """A short line that opens like a byline and holds exactly one date, at its end."""
    return _date_at_end(text, line) if _BYLINE.match(text, *line) else None


def _titled(text: str, line: Bounds, following: Bounds | None) -> str | None:  # noqa: ARG001  as above
    """A short line that names minutes, a report, a letter …, and ends in its date."""
    short = line[1] - line[0] <= _LONGEST_TITLE  # looked at first: prose is long
    return _date_at_end(text, line) if short and _DAILY.search(text, *line) else None


def _period(text: str, line: Bounds, following: Bounds | None) -> str | None:
    """The end of the period that a line of its own, or after words in capitals, says the text is about."""
    small = _SMALL.search(text, *line)
    begin = small.start() + 1 if small else line[1]  # the last place where it may begin
    match = _PERIOD.search(text, line[0], min(begin + _LONGEST_PERIOD, line[1]))
    if match is None or match.start() > begin:
        return None
    if match.end() == line[1]:
        return None if following is None else _whole_line(text, following)
    written = _date_at(text, match.end(), coarse=False)
    ended = written is not None and text[written[1] : line[1]].strip(" .,)").lower() in ("", "or")
    return written[0] if written is not None and ended else None


def _date_at_end(text: str, line: Bounds) -> str | None:
    """The day that ends a short line."""
    start, end = line
    if end - start > _LONGEST_TITLE:
        return None
    for at in range(start, end):
        if text[at - 1].isspace() or text[at - 1] in "|·•,(" if at > start else False:
            value = parse_date(text[at:end].rstrip(")"))
            if value is not None and len(value) == len("2025-10-21"):
                return value
    return None


def _date_at(text: str, at: int, *, coarse: bool) -> tuple[str, int] | None:
    """The date written at an offset, and where it ends; `coarse` allows a month or a year as well."""
    for form in (*_FORMS, *_COARSE) if coarse else _FORMS:
        match = form.match(text, at)
        value = None if match is None else _value(match)
        if match is not None and value is not None:
            return value, match.end()
    return None


def _value(match: re.Match[str]) -> str | None:
    """ISO 8601 of a match, or None if it names no day of the calendar or could be two."""
    parts = match.groupdict()
    year = int(parts["year"])
    if "first" in parts:
        days = {
            _iso(year, int(parts["second"]), int(parts["first"])),
            _iso(year, int(parts["first"]), int(parts["second"])),
        }
        known = days - {None}
        return known.pop() if len(known) == 1 else None
    month = int(parts["number"]) if "number" in parts else 0
    if "month" in parts:
        month = _MONTH_NUMBER.get(parts["month"].lower(), 0)
        if not month:
            return None
    if parts.get("day") is not None:
        return _iso(year, month, int(parts["day"]))
    return f"{year}-{month:02}" if month else str(year)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
