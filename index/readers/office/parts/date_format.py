"""Dates and times of a spreadsheet: dates in ISO form, times and durations as their format shows them.

A format that leaves out the day, the month or the year is followed: "March 2025", "2025", "5-Mar". The
module also has what number formats and date formats share: the literal text between their signs.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
TIME_LETTERS = frozenset("ymdhsge")
_LANGUAGE = re.compile(r"\[\$[^\]-]*-([0-9A-F]+)[^\]]*\]", re.IGNORECASE)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH = frozenset((0x09, 0x00))  # the last byte of a language's number; 0x00 is the reader's own
_FIRST_DAY, _FIRST_DAY_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)


def general(value: float) -> str:
    """A number as it is shown without a format: up to 15 digits, no needless zeros.

    >>> general(3.0), general(0.1 + 0.2), general(12345678901234567890)
    ('3', '0.3', '12345678901234567890')
    """
    text = f"{value:.15g}"
    return text if "e" not in text else _plain(value)


def _plain(value: float) -> str:
    if abs(value) < 1:
        return f"{value:.15g}".upper()
    return str(value).removesuffix(".0")


def literal(token: str) -> str:
    """What a token shows that stands for no digit; "" for fillings, a space for a gap."""
    if token[0] == '"':
        return token.strip('"')
    if token[0] == "\\" and len(token) > 1:
        return token[1:]
    if token[0] == "_":
        return " "
    if token[0] == "*":
        return (
            "\f" if len(token) > 1 else ""
        )  # the cell is filled up here: what is on either side stays apart
    currency = CURRENCY.fullmatch(token)
    return (currency[1] or "") if currency else token


def tidy(text: str) -> str:
    """Without gaps and fillings at the ends; a sign of money stays with its number."""
    text = re.sub(r"\s*\f\s*", "", text) if "\f" in text else text
    return " ".join(text.split(" ")).strip() if "  " not in text else " ".join(text.split())


def shown_date(value: float, tokens: tuple[str, ...], *, from_1904: bool) -> str:
    """A date in ISO form, a time as the tokens show it, or both."""
    letters = {token[0].lower() for token in tokens if token[0].isalpha()}
    elapsed = next((match[1].lower() for t in tokens if (match := ELAPSED.fullmatch(t))), None)
    decimals = _second_decimals(tokens)
    if elapsed:
        return _clock(value, tokens, decimals)
    shows_day = bool(letters & set("ydge")) or ("m" in letters and not letters & set("hs"))
    moment = _moment(value, from_1904=from_1904)
    if moment is None:
        return general(value)
    shows_time = bool(letters & set("hs"))
    if not shows_day:
        return _clock(value % 1, tokens, decimals) if value >= 0 else general(value)
    if not shows_time:
        return _day(moment.date(), tokens)
    day, clock = moment.date().isoformat(), moment.time()
    return day if clock == dt.time() else f"{day} {clock.isoformat(timespec='seconds')}"


def _day(day: dt.date, tokens: Sequence[str]) -> str:
    """A day in ISO form, with its weekday if that is shown; what is shown of it where that is not all."""
    named = {token.lower() for token in tokens if token[0] in "yYmMdDgGeE" and token.isalpha()}
    languages = [int(match[1], 16) & 0xFF for token in tokens if (match := _LANGUAGE.fullmatch(token))]
    english = all(language in _ENGLISH for language in languages)
    kinds = {token[0] for token in named}
    weekday = next((_day_part(day, token) for token in named if token in {"ddd", "dddd"}), "")
    if kinds & {"g", "e"} or not kinds:
        return day.isoformat()
    if "y" in kinds and "m" in kinds and named & {"d", "dd"}:
        return f"{weekday}, {day.isoformat()}" if weekday and english else day.isoformat()
    if english or not any(len(token) > 2 and token[0] in "md" for token in named):
        return tidy("".join(_day_part(day, token.lower()) or literal(token) for token in tokens))
    return f"{day:%Y-%m}" if kinds == {"y", "m"} else day.isoformat()


def _day_part(day: dt.date, token: str) -> str:
    """What one token shows of a day, in English; "" for a token that stands for no part of it."""
    month, weekday = _MONTHS[day.month - 1], _WEEKDAYS[day.weekday()]
    return {
        "y": f"{day.year % 100:02d}",
        "yy": f"{day.year % 100:02d}",
        "yyy": f"{day.year:04d}",
        "yyyy": f"{day.year:04d}",
        "m": str(day.month),
        "mm": f"{day.month:02d}",
        "mmm": month[:3],
        "mmmm": month,
        "mmmmm": month[:1],
        "d": str(day.day),
        "dd": f"{day.day:02d}",
        "ddd": weekday[:3],
        "dddd": weekday,
    }.get(token, "")


def _moment(value: float, *, from_1904: bool) -> dt.datetime | None:
    """The day and time that a number stands for; None for what is no date."""
    first = _FIRST_DAY_1904 if from_1904 else _FIRST_DAY
    days, rest = divmod(value, 1)
    if not from_1904 and 0 < days < 60:
        days += 1  # Excel counts a 29 February 1900 that never was
    try:
        start = dt.datetime.combine(first, dt.time())
        return start + dt.timedelta(days=days, seconds=round(rest * 86_400)) if value >= 0 else None
    except OverflowError:
        return None


def _second_decimals(tokens: tuple[str, ...]) -> int:
    """The decimals of the seconds: ss.00 has two."""
    after = next((b for a, b in pairwise(tokens) if a == "." and set(b) == {"0"}), "")
    return len(after)


def _clock(value: float, tokens: tuple[str, ...], decimals: int) -> str:
    """A time or a duration in hours, minutes and seconds, as the tokens want it."""
    unit = Decimal(1).scaleb(-decimals)
    total = (Decimal(repr(float(abs(value)))) * 86_400).quantize(unit, ROUND_HALF_UP)
    if not any(t.strip("[]").lower().startswith("s") for t in tokens):
        total = Decimal(int(total))
    hours, minutes, seconds = int(total // 3600), int(total // 60 % 60), total % 60
    half = any(t.upper() in {"AM/PM", "A/P"} or ("/" in t and len(t) > 1) for t in tokens)
    out = []
    before = ""
    for token in tokens:
        name = token.strip("[]").lower()
        if ELAPSED.fullmatch(token):
            amount = {"h": hours, "m": int(total // 60), "s": int(total)}[name[0]]
            out.append(f"{amount:0{len(name)}d}")
        elif name[0] == "h":
            shown = (hours % 24 + 11) % 12 + 1 if half else hours % 24
            out.append(f"{shown:0{min(len(name), 2)}d}")
        elif name[0] == "m" and len(name) <= 2:
            out.append(f"{minutes:0{len(name)}d}")
        elif name[0] == "s":
            out.append(f"{int(seconds):0{min(len(name), 2)}d}")
        elif token.upper() in {"AM/PM", "A/P"} or (len(token) > 1 and "/" in token):
            morning, evening = token.split("/", 1)
            out.append(morning if hours % 24 < 12 else evening)
        elif set(token) == {"0"} and before == ".":
            out.append(f"{seconds % 1:.{decimals}f}"[2:])
        else:
            out.append(literal(token))
        before = token
    sign = "-" if value < 0 else ""
    return tidy(sign + "".join(out))
