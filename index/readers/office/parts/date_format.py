"""Dates and times of a spreadsheet: dates in ISO form, times and durations as their format shows them.

The module also has what number formats and date formats share: the literal text between their signs.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
TIME_LETTERS = frozenset("ymdhsge")
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
        return f"{value:.15g}"
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
    day = moment.date().isoformat()
    clock = moment.time()
    if not shows_time and clock == dt.time():
        return day
    if clock == dt.time():
        return day
    return f"{day} {clock.isoformat(timespec='seconds')}"


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
