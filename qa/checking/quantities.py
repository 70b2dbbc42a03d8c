"""Parses the numbers in a text, with their scale and unit.

In digits of any script and in English, German, French and Spanish words: 1,577 · 1.577 billion · twenty-eight
· 5–10 km · the 1990s · 1998–99. Whether two numbers are the same figure is decided in `matching.py`. Every
expression is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from index.text.patterns import lazy_compile
from qa.checking.words.languages import language
from qa.checking.words.number_words import CARDINALS, LARGE, ORDINALS, NumberWord, number_word
from qa.checking.words.units import COUNTS, PART_STEP, PARTS, ROUNDINGS, SCALES, UNITS, Rounding

LONGEST_NUMBER = 40  # characters of a number; what is longer is no quantity
# What numbers are read from, one token at a time: "12:30", "1,577.25", a word, a sign.
_TOKEN = lazy_compile(
    r"(?P<clock>(?<!\d)\d\d?:\d\d(?!\d))|(?P<number>\d++(?:[.,'\u00a0\u202f\u2009]\d++)*+)|(?P<word>[^\W\d_]++)|(?P<sign>[%‰$€£¥₹½¼¾])"
)
# Thousands parted by spaces: "12 000 000".
_SPACED = lazy_compile(r"(?<![\d.,])\d{1,3}(?:[ ]\d{3})++(?![.,]?\d)")
_SEPARATORS = lazy_compile(r"[.,'\u00a0\u202f\u2009]")  # also apostrophe (1'577), the narrow spaces of print
_SPACES = lazy_compile(r"['\u00a0\u202f\u2009]")
_MONEY = frozenset("$€£¥₹")
# Between two numbers that share scale or unit: "5-10 km", "$5 to $10 million", "3 and 4 percent".
_JOINER = lazy_compile(r"\s?(?:[-/,]|to|and|or)\s?(?:[$€£¥₹]\s?)?\Z")
# Between a sign of money and its number: "$5", "$ 5", "$-5", and "$ (5)", which is below zero.
_MONEY_GAP = lazy_compile(r"\s?[-(]?\s?")
# What says how exact a number is, before it: "about ", "more than $", "ca. ", "close to the ", "~".
_ROUND_AT = lazy_compile(r"(?:([^\W\d_]++)\.?(?:[ ](?:than|to|at|of|an?|the))?[ ]?|([~≈])[ ]?)[$€£¥₹]?[ ]?\Z")
_LOOK_BACK = 30  # characters before a number that may say how exact it is
_WITH_THAN = frozenset(("more", "less", "fewer"))
_SPAN_WORDS = {"century": 100, "centuries": 100}


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as written: `text` at `[start, end)`, its unit included.

    `values` holds every value it may have, scaled ("1.577 billion" is 1577000000), more than one where the
    writing is ambiguous ("1.577" is 1577 in German). `unit` is a dimension or None, `size` its unit in the
    dimension's base unit. `width` is 10 for a decade, 100 for a century, else 1. `step` is the value of the
    last digit written, for rounding. `spelt`: in words. `part`: a part of a whole in words, "two thirds", as
    percent.
    """

    text: str
    start: int
    end: int
    values: frozenset[Decimal]
    unit: str | None = None
    size: Decimal = Decimal(1)
    scale: Decimal = Decimal(1)
    step: Decimal = Decimal(1)
    width: int = 1
    spelt: bool = False
    ordinal: bool = False
    rounding: Rounding = ""
    part: bool = False


def quantities(text: str) -> tuple[Quantity, ...]:
    """All numbers of `text`, in order. Dashes and apostrophes of `text` must be plain ones."""
    tokens = [_Token(str(result.lastgroup), result[0], *result.span()) for result in _TOKEN.finditer(text)]
    result: list[Quantity] = []
    at, spoken = 0, language(text)
    while at < len(tokens):
        quantity, used = _read(text, tokens, at, spoken)
        if quantity is not None:
            result.append(quantity)
        at += used
    return tuple(_with_shared_units(text, result)) + _spaced(text)


def _spaced(text: str) -> tuple[Quantity, ...]:
    """Thousands parted by plain spaces: "12 000" is read as one number besides as two."""
    return tuple(
        Quantity(match[0], *match.span(), frozenset((Decimal(match[0].replace(" ", "")),)))
        for match in _SPACED.finditer(text)
        if len(match[0]) <= LONGEST_NUMBER
    )


def _read(text: str, tokens: list[_Token], at: int, spoken: str) -> tuple[Quantity | None, int]:
    """The quantity that begins at token `at`, if one does, and how many tokens were read.

    `spoken` is the language of `text`, "" if that cannot be told.
    """
    token = tokens[at]
    if token.kind == "clock":
        return _clock(token), 1
    if token.kind == "number":
        glued = at > 0 and tokens[at - 1].kind == "word" and tokens[at - 1].end == token.start
        if glued or len(token.text) > LONGEST_NUMBER:  # A380 is a name
            return None, 1
        values, step = _readings(token.text)
        base = Quantity(token.text, token.start, token.end, values, step=step)
        used = 1
    else:
        spelt = _spelt(text, tokens, at) or _quarter(text, token)
        spelt = spelt or _spelt_elsewhere(text, tokens, at, spoken)
        if spelt is None:
            return None, 1
        base, used = spelt
    first = tokens[at - 1] if at else None
    if first and first.text in _MONEY and _MONEY_GAP.fullmatch(text, first.end, token.start):
        base = replace(base, unit=UNITS[first.text][0], start=first.start)
    base, more = _part(text, tokens, at, base, used) or _in_brackets(text, tokens, at + used, base)
    way = _ROUND_AT.search(text, max(0, base.start - _LOOK_BACK), base.start)
    rounding: Rounding = "" if way is None else "about" if way[2] else _rounding(way[0], way[1].lower())
    return replace(base, text=text[base.start : base.end], rounding=rounding), used + more


def _rounding(said: str, word: str) -> Rounding:
    """What the words before a number say of how exact it is: "less than 5" does, "40 less 5" does not."""
    return "" if word in _WITH_THAN and " than" not in said.lower() else ROUNDINGS.get(word, "")


def _clock(token: _Token) -> Quantity:
    """A time of day in minutes, with and without the twelve hours that "pm" may add."""
    hours, minutes = token.text.split(":")
    total = 60 * int(hours) + int(minutes)
    values = frozenset(Decimal(value) for value in (total, total + 720, total - 720))
    return Quantity(token.text, token.start, token.end, values, unit="clock")


def _readings(raw: str) -> tuple[frozenset[Decimal], Decimal]:
    """What the figures `raw` may mean, and the value of their last digit.

    >>> sorted(_readings("1.577")[0]) == [Decimal("1.577"), Decimal(1577)]
    True
    """
    raw = _SPACES.sub("", raw)
    parts = _SEPARATORS.split(raw)
    signs = _SEPARATORS.findall(raw)
    whole = Decimal("".join(parts))
    if not signs:
        zeros = len(raw) - len(raw.rstrip("0")) if raw.isascii() else 0
        return frozenset((whole,)), Decimal(10) ** zeros
    thousands = 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:]) and whole != 0
    decimal = Decimal("".join(parts[:-1]) + "." + parts[-1])
    step = Decimal(10) ** -len(parts[-1])
    if len(signs) == 1 and not (thousands and raw[len(parts[0])] == ","):
        return frozenset((whole, decimal) if thousands and parts[0] != "0" else (decimal,)), step
    if len(set(signs)) == 1:
        zeros = len(raw) - len(raw.rstrip("0,."))
        return frozenset((whole,) if thousands else (whole, *map(Decimal, parts))), Decimal(10) ** (
            raw[-zeros:].count("0") if zeros else 0
        )
    return frozenset((decimal,)), step


def _spelt(text: str, tokens: list[_Token], at: int) -> tuple[Quantity, int] | None:
    """A number in English words: "twenty-eight", "two hundred and five", "third"; and how many tokens."""
    total, used, last_end, ordinal = Decimal(0), 0, tokens[at].start, False
    started = False
    while at + used < len(tokens):
        token = tokens[at + used]
        if used and (token.start - last_end > 3 or "." in text[last_end : token.start]):
            break
        word = token.text.lower()
        value = CARDINALS.get(word, ORDINALS.get(word))
        if word == "hundred" and started and total % 100 == total:
            total *= 100
        elif value is not None and (not started or _continues(total, value)):
            total += value
            ordinal = word in ORDINALS
        elif word != "and" or not started or total % 100 or not _number_follows(tokens, at + used):
            break
        started = True
        used += 1
        last_end = token.end
        if ordinal:
            break
    if not started:
        word = tokens[at].text.lower()
        count = COUNTS.get(word, SCALES.get(word) if word in LARGE else None)
        if count is None:
            return None
        total, used, last_end = count, 1, tokens[at].end
    start = tokens[at].start
    return (
        Quantity(text[start:last_end], start, last_end, frozenset((total,)), spelt=True, ordinal=ordinal),
        used,
    )


def _spelt_elsewhere(text: str, tokens: list[_Token], at: int, spoken: str) -> tuple[Quantity, int] | None:
    """A number in German, French or Spanish words: "dreimonatige", "quatre-vingt-dix", "treinta y cinco"."""
    if spoken == "en":  # a word or a name that only looks like a number: "quince jelly"
        return None
    first = _number_word(tokens[at].text, spoken)
    if first is None:
        return None
    total, used, ordinal = first.value, 1, first.ordinal
    while (
        at + used < len(tokens) and not ordinal and tokens[at + used].start - tokens[at + used - 1].end <= 1
    ):
        word = tokens[at + used].text.lower()
        linked = word in ("et", "y") and at + used + 1 < len(tokens)
        following = _number_word(tokens[at + used + linked].text, spoken)
        joined = _joined(total, following)
        if following is None or joined is None:
            break
        total, used, ordinal = joined, used + 1 + linked, following.ordinal
    start, end = tokens[at].start, tokens[at + used - 1].end
    kind, size = UNITS[first.unit] if first.unit else (None, Decimal(1))
    values = frozenset((Decimal(total),))
    quantity = Quantity(text[start:end], start, end, values, kind, size, spelt=True, ordinal=ordinal)
    return quantity, used


def _number_word(word: str, spoken: str) -> NumberWord | None:
    return number_word(word.lower(), spoken) or number_word(word.lower())


def _joined(total: int, following: NumberWord | None) -> int | None:
    """The value of two number words after each other, None if they are two numbers."""
    if following is None:
        return None
    value = following.value
    if value == 100 and 1 < total < 10:  # deux cents
        return total * 100
    if value == 20 and total % 100 == 4:  # quatre-vingt
        return total - 4 + 80
    if (total % 100 in (60, 80) and 0 < value < 20) or _continues(Decimal(total), value):
        return total + value
    return None


def _continues(total: Decimal, value: int) -> bool:
    """True for a unit after tens ("twenty-eight") or less than a hundred after hundreds."""
    return (total % 100 >= 20 and total % 10 == 0 and 0 < value < 10) or (total >= 100 and total % 100 == 0)


def _number_follows(tokens: list[_Token], at: int) -> bool:
    """True if the word after "and" is a number word."""
    return at + 1 < len(tokens) and tokens[at + 1].text.lower() in CARDINALS


def _with_suffixes(text: str, tokens: list[_Token], at: int, base: Quantity) -> tuple[Quantity, int]:
    """`base` with the scale, the ordinal or decade ending and the unit that follow it; how many tokens."""
    used = 0
    while at + used < len(tokens) and used < 4:
        token = tokens[at + used]
        gap = text[base.end : token.start]
        word = token.text.lower()
        if len(gap) > 3 or gap.strip(" -\u00a0\u202f'"):
            break
        glued = not gap.strip("'")
        if glued and not used and not base.spelt and word in ("st", "nd", "rd", "th"):
            base = replace(base, ordinal=True, end=token.end)
        elif glued and not used and word == "s" and not base.spelt:
            width = 100 if all(value % 100 == 0 for value in base.values) else 10
            base = replace(base, width=width, end=token.end)
        elif word in SCALES and base.unit in (None, *_MONEY_KINDS) and base.scale == 1:
            scale = SCALES[word]
            values = frozenset(value * scale for value in base.values)
            base = replace(base, values=values, scale=scale, step=base.step * scale, end=token.end)
        elif base.ordinal and word in _SPAN_WORDS:
            values = frozenset((value - 1) * 100 for value in base.values) | base.values
            base = replace(base, values=values, width=100, end=token.end)
        elif word == "per" and at + used + 1 < len(tokens) and tokens[at + used + 1].text.lower() == "cent":
            return replace(base, unit="percent", end=tokens[at + used + 1].end), used + 2
        elif glued and word == "m" and base.unit in _MONEY_KINDS:
            values = frozenset(value * 1_000_000 for value in base.values)
            base = replace(base, values=values, scale=SCALES["million"], end=token.end)
        elif (word in UNITS and base.unit is None) or (
            word in ("points", "point") and base.unit == "percent"
        ):
            if word in _MONEY or (len(word) == 1 and base.spelt):
                break
            kind, size = UNITS[word]
            values = base.values | frozenset(
                value * 1_000_000 for value in base.values if glued and word == "m"
            )
            base = replace(base, values=values, unit=kind, size=size, end=token.end)
        elif word == "percentage" and base.unit is None:
            base = replace(base, end=token.end)
        else:
            break
        used += 1
    return base, used


def _in_brackets(text: str, tokens: list[_Token], at: int, base: Quantity) -> tuple[Quantity, int]:
    """`base` with what follows it, also behind the bracket of a number below zero: "$(40) million"."""
    opened = text.rfind("(", max(0, base.start - 2), base.end)
    if base.spelt or opened < 0 or text[base.end : base.end + 1] != ")":
        return _with_suffixes(text, tokens, at, base)
    closed = replace(base, start=min(base.start, opened), end=base.end + 1)
    with_scale, used = _with_suffixes(text, tokens, at, closed)
    if used and (with_scale.scale != 1 or with_scale.unit == "percent"):
        return with_scale, used
    return (closed if base.start < opened else base), 0


# What makes a part of the third behind it: "a third of it", "by a third", not "a third attempt".
_ARTICLE = lazy_compile(r"\b(?:a|one|another) \Z", re.IGNORECASE)
_BY_A = lazy_compile(r"\bby (?:about |around |nearly |almost |more than |over )?(?:a|one) \Z", re.IGNORECASE)
_OF_IT = lazy_compile(r"\s+(?:of|from)\b")
_NO_PART = lazy_compile(
    r"[\s-]+(?:part(?:y|ies)|person|place|world|countr\w+|dimension|reich|class)\b", re.IGNORECASE
)


def _part(text: str, tokens: list[_Token], at: int, base: Quantity, used: int) -> tuple[Quantity, int] | None:
    """A part of a whole, as percent, and how many more tokens it takes: "two thirds", "a third of"."""
    token = tokens[at]
    if base.ordinal and used == 1 and token.text.lower() in PARTS:
        before = text[max(0, token.start - _LOOK_BACK) : token.start]
        told = _OF_IT.match(text, token.end) if _ARTICLE.search(before) else None
        if not told and not (_BY_A.search(before) and not _NO_PART.match(text, token.end)):
            return None
        return _as_part(base, Decimal(1), token.text, token.end), 0
    if base.ordinal or base.unit or at + used >= len(tokens):
        return None
    word, count = tokens[at + used], min(base.values)
    size = PARTS.get(word.text.lower().removesuffix("s"))
    gap = text[base.end : word.start]
    if size is None or gap not in (" ", "-") or not 0 < count < size or _NO_PART.match(text, word.end):
        return None
    if (
        word.text.lower().startswith("quarter") and gap == " " and not _OF_IT.match(text, word.end)
    ):  # quarters of a year
        return None
    return _as_part(base, count, word.text, word.end), 1


def _as_part(base: Quantity, count: Decimal, word: str, end: int) -> Quantity:
    share = count * 100 / PARTS[word.lower().removesuffix("s")]
    return replace(
        base,
        end=end,
        values=frozenset((share,)),
        unit="percent",
        step=PART_STEP,
        spelt=True,
        ordinal=False,
        part=True,
    )


def _quarter(text: str, token: _Token) -> tuple[Quantity, int] | None:
    """The quarter of "a quarter of it", which is no ordinal, as one."""
    if token.text.lower() != "quarter" or not _OF_IT.match(text, token.end):
        return None
    if not _ARTICLE.search(text[max(0, token.start - _LOOK_BACK) : token.start]):
        return None
    return Quantity("quarter", token.start, token.end, frozenset((Decimal(4),)), spelt=True, ordinal=True), 1


_MONEY_KINDS = frozenset(("dollars", "euros", "pounds", "yen", "rupees"))
MONEY_OR_NONE = frozenset((None, *_MONEY_KINDS))


def _with_shared_units(text: str, quantities_read: list[Quantity]) -> list[Quantity]:
    """Scale and unit of the second of two joined numbers given to the first, and 1998-99 made 1998-1999."""
    result = list(quantities_read)
    for at in range(len(quantities_read) - 1, 0, -1):
        left, right = result[at - 1], result[at]
        gap = text[left.end : right.start]
        if len(gap) > 6 or not _JOINER.match(" " + gap if not gap[:1].isspace() else gap):
            continue
        if left.scale == 1 and right.scale != 1:
            more = frozenset(value * right.scale for value in left.values)
            left = replace(left, values=left.values | more)
        if left.unit is None and right.unit is not None:
            left = replace(left, unit=right.unit, size=right.size)
        result[at - 1] = left
    for at, (left, right) in enumerate(pairwise(result)):
        if text[left.end : right.start] in ("-", "/") and right.unit is None:
            result[at + 1] = replace(right, values=right.values | _full_years(left, right))
    return result


def _full_years(left: Quantity, right: Quantity) -> frozenset[Decimal]:
    """The year that the 99 of 1998-99 is."""
    years = [value for value in left.values if 1000 <= value <= 2100]
    if not years or len(right.text) != 2 or not right.text.isdigit():
        return frozenset()
    return frozenset(years[0] // 100 * 100 + value for value in right.values)
