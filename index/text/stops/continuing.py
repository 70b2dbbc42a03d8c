"""Full stops of abbreviations, ordinals and dates: they end no sentence, whatever follows."""

from __future__ import annotations

import re

from index.text.months import EVERY_MONTH
from index.text.stops.abbreviations import BEFORE_NUMBER, GOES_ON, is_vowelless
from index.text.stops.languages import is_ordinal, languages_of, write_ordinals

_LAST_NUMBER = re.compile(r"(?:(?P<before>[^\W\d_]+)\s+|(?P<edge>(?:\A|[,(/–-])\s*))(?P<number>\d{1,3})\.\Z")
_NUMBER = re.compile(r"(?:\d|(?!I\b)[IVXLC]+\b|[A-Z]\.?(?:\s|-)?\d)")  # 12, XIX, L. 121-3; but "I"
_MONTH_NUMBER = re.compile(r"(?P<month>\d{1,2})\.")
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_YEAR_FOLLOWS = re.compile(r"[.,]?\s+\d{4}\b")
_DOUBLED = re.compile(r"([A-Z])\1\.?")  # EE. UU., CC. OO.
_BEFORE_WORD = re.compile(r".*[(\[„“\"«/]|\w{1,4}['’](?=\w\w)")  # the bracket or article of "(ca" and "l'art"
# A number that is followed by a stop and a capital, where syntok takes it for that of a list item.
_NUMBER_ENDS = re.compile(r"[^\s.!?]*\d[.]\s+(?=[^\W\d_a-zß-öø-ÿ])")
# The parts of a citation at law before its next part: "Fed. R. Civ. P. 12", "F. Supp. 3d 45".
_LEGAL = frozenset(("App", "Cir", "Civ", "Crim", "Ct", "Evid", "Fed", "Supp"))
_NEXT_LEGAL = re.compile(r"(?:[A-Z]|App|Cir|Civ|Crim|Ct|Evid|Reg|Supp)\.|\d[dth]{1,2}\b")
_OPENS_SENTENCE = re.compile(r"(?:A|An|And|But|He|His|Her|I|In|It|On|She|That|The|They|This|We)\b(?!\.)")
_INNER = re.compile(r"(?:\A|\W)[^\W\d_]\.[^\W\d_]\.\Z")
_LOOK_BACK = 48  # characters before a cut that are looked at
_WINDOW = 200  # characters on either side that show the language


def goes_on(text: str, start: int, cut: int, end: int) -> bool:
    """True if the full stop before `cut` ends no sentence of `text[start:end]`."""
    before = text[max(start, cut - _LOOK_BACK) : cut].rstrip()
    if not before.endswith("."):
        return False
    *others, word = before[:-1].rsplit(None, 2)[-2:] or [""]
    if word.isdecimal() and len(word) < 4:
        return _within_date(text, int(word), cut, start, end) or _after_ordinal(text, before, cut, start, end)
    if before[-3:-2] == "." and _INNER.search(before) and not text[cut - 1].isspace():
        return True  # the first two letters of "S.p.A."
    measured = others[-1:] != [] and others[-1][-1].isdigit()  # "5 km.", "3 hrs.": a unit, after its number
    word = word if word.isalnum() else _BEFORE_WORD.sub("", word)
    if word in _LEGAL and _NEXT_LEGAL.match(text, cut):
        return True
    if others:  # "u. a.", "ex rel."
        spaced = (others[-1] if others[-1].isalnum() else _BEFORE_WORD.sub("", others[-1])) + word
        word = spaced if spaced in GOES_ON else word
    return _after_abbreviation(text, word, cut, measured=measured)


def number_ends(text: str, cut: int, end: int) -> int:
    """Where the next sentence begins if a number at `cut` ends one, else -1."""
    match = _NUMBER_ENDS.match(text, cut, end)
    return match.end() if match else -1


def _after_abbreviation(text: str, word: str, cut: int, *, measured: bool) -> bool:
    if word in GOES_ON and not (measured and word in BEFORE_NUMBER):  # "120 str." are pages
        return _OPENS_SENTENCE.match(text, cut) is None
    if len(word) == 2 and _DOUBLED.match(word):
        return _DOUBLED.match(text, cut) is not None
    if _NUMBER.match(text, cut) is None and not text.startswith("§", cut):
        return False
    short = is_vowelless(word) or (len(word) == 1 and word.islower())
    return (
        word == "No" or word.casefold() in BEFORE_NUMBER or word.endswith("str") or (short and not measured)
    )


def _within_date(text: str, day: int, cut: int, start: int, end: int) -> bool:
    """True for "3. Oktober" and "1. 5. 2020"."""
    if not 1 <= day <= 31:
        return False
    number = _MONTH_NUMBER.match(text, cut)
    if number is not None:
        return 1 <= int(number["month"]) <= 12
    word = _NEXT_WORD.match(text, cut)
    if word is None or word[0].casefold() not in EVERY_MONTH:
        return False
    written_so = write_ordinals(_languages(text, cut, start, end))
    return bool(written_so) or _YEAR_FOLLOWS.match(text, word.end()) is not None


def _after_ordinal(text: str, before: str, cut: int, start: int, end: int) -> bool:
    """True for "der 2. Weltkrieg" and "a 5. §"."""
    number = _LAST_NUMBER.search(before)
    if number is None:
        return False
    following = _NEXT_WORD.match(text, cut)
    if following is None:
        return text[cut : cut + 2] in ("§-", "§ ") and "Hungarian" in _languages(text, cut, start, end)
    return is_ordinal(number["before"] or "", following[0], _languages(text, cut, start, end))


def _languages(text: str, cut: int, start: int, end: int) -> frozenset[str]:
    return languages_of(text[max(start, cut - _WINDOW) : min(end, cut + _WINDOW)])
