"""Sentence boundaries in prose: the same as syntok's, several times faster.

syntok's rules (`rules.py`) go over every token. Most stops are plain, though: a word that is no abbreviation,
a stop, white space and a capital. This module decides the stops that the rules decide in one way whatever
stands around them, and asks them only about the stretches between those that hold any other. A test compares
it with syntok itself. `lowercase_starts` is for text without capitals, which syntok leaves in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.stops.rules import starts_by_rules
from index.text.stops.syntok_words import ABBREVIATIONS, MONTHS, ROMAN_NUMERALS, STARTERS

# Every sign that ends a sentence for syntok, full-width and other scripts' included.
_STOP = re.compile("[.!?;\u203c\u203d\u2047-\u2049\u3002\ufe52\ufe57\uff01\uff0e\uff1f\uff61]")
# Brackets and stops beyond ASCII that syntok knows: text with one of them is left to it altogether.
_RARE = re.compile(
    "[\u200b\u203c\u203d\u2047-\u2049\u2329\u232a\u2983-\u2986\u3002\u3018-\u301b\ufd3e\ufd3f\ufe52\ufe57"
    "\ufe59-\ufe5e\uff01\uff08\uff09\uff0e\uff1f\uff3b\uff3d\uff5b\uff5d\uff5f-\uff61]"
)
# Where a decision may be due.
_EVENT = re.compile(
    r"[.!?;()\[\]{}](?:"  # first, so that all other characters are passed quickly
    r"(?<=[.!?;])(?![.!?]{0,4}\s++[a-z])"  # a stop, unless a small letter follows: not that of "approx. five"
    # A short aside: a bracket after a space, up to 48 characters with neither bracket nor stop, and closed so
    # that words go on or the sentence ends: "(see below) and", "(NATO), which", "(1960)."
    r"|(?<=\()(?<![^\w\s]\()(?=[^\W_]|\s)[^()\[\]{}.!?;]{1,48}(?:(?<=[^\W_])\)|(?<=\s)\)(?=\s))"
    r"(?=\s++[^\W_]|[,:.]\s|\s[,.])"
    r"|(?<=[()\[\]{}]))"  # any other bracket
)
# After a stop: further stops, a closing quote, white space, and then a capital, an opening quote or a dash:
# the rest of "He left?!” Then" after the first stop.
_NEW_SENTENCE = re.compile(r"[.!?]{0,4}[\"'”’]?\s++(?=[A-ZÀ-ÖØ-Þ\"'“‘`«„–—])")
_NUMBER = re.compile(r"\s++(\d++)(?=\s)")  # the 5 of "No. 5 is"
_WORD = re.compile(r"[^\W_]+")
_TAIL = re.compile(r"[^\W_]*$")  # the last letters before a stop: "known" of "well-known"
_SIGN_INSIDE = re.compile(r"[.!?;()\[\]{}]")  # "U.S", "word)": more than a word before the stop
_ACRONYM = re.compile(r"(?:[A-Z]\.)+[A-Z]")  # "U.S" before its last full stop
_CAMEL_CASE = re.compile(r"[^\W\d_A-ZÀ-ÖØ-Þ][^\W\d_a-zß-öø-ÿ]")  # syntok parts "camelCase" in two
# In text without capitals: a stop with quotes and brackets behind it, white space and more text: that of
# "fell). why", "3.4 percent. costs".
_LOWERCASE_STOP = re.compile(r"[.!?]++[)\"'”’]*+\s++(?=\S)")
_CLOSERS = ")\"'”’%"
_GOES_ON = re.compile(r"\s+[a-z]|\s?[,:]")  # after an aside: "(…) and", "(…),"
# The last three words before a place (the group) and the end of a fourth, with no stop or bracket in them.
_THREE_WORDS = re.compile(r"[^\s.!?;()\[\]{}]\s((?:[^\s.!?;()\[\]{}]++\s++){2}[^\s.!?;()\[\]{}]*+\s*+)\Z")
_SIGNS_AFTER = re.compile(r"(?:[^\w\s]|_){1,60}")  # signs without a letter between: one token to syntok
_LONGEST_BRACKET = re.compile(r"(?:\s++\S++){49}")  # as many words are that many tokens, or more
_REST_OF_WORD = re.compile(r"\S*+")
_EIGHT_WORDS = re.compile(r"(?:\s*+[^\s()\[\]{}]++){8}(?=\s)")  # how far syntok may look beyond a stop
_LOOK_BACK = 60  # characters before a stop or bracket that are looked at

_NOTHING_FOLLOWS = re.compile(r"[.!?]{0,4}[\"'”’]?\s*+\Z")  # after the last stop of a text

_UNKNOWN = -1
_NO_BREAK = 0


# Words after which a stop may mean nothing: abbreviations, months, Roman numerals, "No. 5".
_DELICATE = ABBREVIATIONS | MONTHS | ROMAN_NUMERALS | {"no", "No", "NO"}


def sentence_starts(text: str, start: int, end: int) -> Iterator[int]:
    """Where each sentence of `text[start:end]` but the first begins; its rules are asked only where needed.

    Text without a stop is one sentence; syntok would part some of it at brackets.
    """
    if not _STOP.search(text, start, end):
        return iter(())
    if not text.isascii() and _RARE.search(text, start, end):
        return _starts_within(text, start, end)
    return _fast_starts(text, start, end)


def _fast_starts(text: str, start: int, end: int) -> Iterator[int]:
    region = start  # a sentence begins here
    first = last = 0  # from where to where syntok has to decide, since `region`; nothing while last is 0
    depth = beyond = 0  # of brackets that are more than a short aside, and where they have surely ended
    word_end = 0  # of the last word with an opening bracket
    aside = -1  # the end of the last short aside deep in a sentence
    for event in _EVENT.finditer(text, start, end):
        at = event.start()
        if at < region:
            continue
        verdict = _UNKNOWN
        if event.end() - at > 1:
            settled = _three_plain_words_before(text, region, at) >= 0
            aside = event.end() if settled else -1
            verdict = _NO_BREAK if settled or _GOES_ON.match(text, event.end(), end) else _UNKNOWN
        elif text[at] in "()[]{}":
            step = 0 if _is_lone_bracket(text, at) else 1 if text[at] in "([{" else -1
            depth = max(0, depth + step)
            if step > 0 and at >= word_end:
                word_end = _end_of_word(text, at, end)
                far = _LONGEST_BRACKET.match(text, word_end, end)
                beyond = far.end() if far else end
        elif not depth or at >= beyond:
            depth = 0
            verdict = _verdict(text, region, at, end, aside)
        if verdict == _UNKNOWN:
            first, last = first if last else at, event.end()
        elif verdict != _NO_BREAK:
            if last:
                yield from _starts_around(text, region, first, last, verdict)
            yield verdict
            region, last = verdict, 0
    if last:
        yield from _starts_around(text, region, first, last, end)


def _end_of_word(text: str, at: int, end: int) -> int:
    found = _REST_OF_WORD.match(text, at, end)
    return found.end() if found else at


def lowercase_starts(text: str, start: int, end: int) -> Iterator[int]:
    """Where sentences begin in text without a capital: after every stop but those of abbreviations."""
    for stop in _LOWERCASE_STOP.finditer(text, start, end):
        word = _whole_word_before(text, start, stop.start())
        if len(word) > 2 and word not in _DELICATE and word.capitalize() not in _DELICATE:
            yield stop.end()


def _whole_word_before(text: str, start: int, at: int) -> str:
    """The word before `at`, quotes and brackets left out; "" where other signs than "(-" stand before it."""
    while at > start and text[at - 1] in _CLOSERS:
        at -= 1
    first = at
    while first > start and text[first - 1].isalnum():
        first -= 1
    apart = not first or text[first - 1].isspace() or text[first - 1] in "(-"
    return text[first:at] if apart else ""


def _starts_within(text: str, start: int, end: int) -> Iterator[int]:
    return (start + at for at in starts_by_rules(text[start:end]))


def _starts_around(text: str, region: int, first: int, last: int, end: int) -> Iterator[int]:
    """The starts in a sentence from `region` to `end` that is doubtful from `first` to `last` only.

    syntok looks one word back, and at most a few words beyond a stop or a closed bracket.
    """
    ahead = _EIGHT_WORDS.match(text, last, end)
    low = _three_plain_words_before(text, region, first)
    return _starts_within(text, low if low >= 0 else region, ahead.end() if ahead else end)


def _is_lone_bracket(text: str, at: int) -> bool:
    """True if the bracket at `at` stands among other signs and no letter: one token to syntok, no bracket."""
    signs = _SIGNS_AFTER.match(text, at)
    right = signs.end() if signs else at + 1
    if right < len(text) and not text[right].isspace():
        return False
    left, low = at, max(0, at - _LOOK_BACK)
    while left > low and not (text[left - 1].isalnum() or text[left - 1].isspace()):
        left -= 1
    return right - left > 1 and (not left or text[left - 1].isspace())


def _verdict(text: str, region: int, at: int, end: int, aside: int) -> int:
    """Where the next sentence begins if the stop at `at` ends one; else `_NO_BREAK` or `_UNKNOWN`.

    The order of the questions is that of syntok's own rules.
    """
    fresh = _NEW_SENTENCE.match(text, at + 1, end)
    if fresh is None:
        return _without_capital(text, at, end)
    apart = at > region and text[at - 1] == " "  # as in tokenised text
    if apart and not text[at + 1].isspace():
        return _UNKNOWN  # several signs without a letter are one token to syntok, and no stop
    before = at - 1 if apart else at
    if before == aside:
        return fresh.end()
    low = max(region, before - _LOOK_BACK)
    gap = max(text.rfind(" ", low, before), text.rfind("\n", low, before))
    if gap < 0 and low > region:
        return _UNKNOWN
    word = text[gap + 1 if gap >= 0 else region : before]
    if word.isalnum():
        return _after_word(text, at, fresh.end(), word)
    return _after_word_with_signs(text, at, fresh.end(), word)


def _after_word_with_signs(text: str, at: int, following: int, word: str) -> int:
    """The verdict on a stop after a word with other signs in it: U.S, well-known, peace”."""
    if _SIGN_INSIDE.search(word):
        initials = _ACRONYM.fullmatch(word) and text[at + 1].isspace()
        return _NO_BREAK if initials and not _may_start(text, following) else _UNKNOWN
    tail = _TAIL.search(word)
    if tail is None or not tail.group():
        return following if word[:1].isalnum() else _UNKNOWN
    return _after_word(text, at, following, tail.group())


def _after_word(text: str, at: int, following: int, word: str) -> int:
    """The verdict on a stop after a plain `word`."""
    if len(word) < 2 or word in _DELICATE:
        shortened = (len(word) == 1 and word.isupper()) or word in ABBREVIATIONS
        certain = shortened and text[at - len(word) - 1 : at - len(word)].isspace() and text[at + 1].isspace()
        return _NO_BREAK if certain and not _may_start(text, following) else _UNKNOWN
    if _CAMEL_CASE.search(word) or (word.isnumeric() and _next_word(text, following) in MONTHS):
        return _UNKNOWN
    return following


def _without_capital(text: str, at: int, end: int) -> int:
    """The verdict on a stop that no capital follows: in a number or name, before a number, or at the end."""
    around = text[at - 1 : at + 2] if at else ""
    if text[at] == "." and around.isascii() and around[:1].isalnum() and around[2:].isalnum():
        return _UNKNOWN if around[0].islower() and around[2].isupper() else _NO_BREAK
    number = _NUMBER.match(text, at + 1, end)
    if (number and len(number.group(1)) > 2) or _NOTHING_FOLLOWS.match(text, at + 1, end):
        return _NO_BREAK
    return _UNKNOWN


def _next_word(text: str, at: int) -> str:
    word = _WORD.match(text, at)
    return word.group() if word else ""


def _may_start(text: str, at: int) -> bool:
    """True if the word at `at` may be one of those that begin a sentence even after an abbreviation."""
    word = _next_word(text, at)
    return word in STARTERS or _CAMEL_CASE.search(word) is not None


def _three_plain_words_before(text: str, region: int, at: int) -> int:
    """Where the last three words before `at` begin, if they are plain and more stands before them; else -1.

    Then syntok has settled into the sentence that begins at `region`: its rules for first words are past.
    """
    before = _THREE_WORDS.search(text, max(region, at - _LOOK_BACK), at)
    return before.start(1) if before else -1
