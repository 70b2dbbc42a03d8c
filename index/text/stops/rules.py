"""Syntok's rules: where sentences begin in a run of tokens, decided one token after the other.

The same as those of syntok 1.4.4's `segment` (MIT License, © 2018–2022 Florian Leitner; the licence stands in
`syntok_words.py`), over lists instead of objects and several times faster. A test compares both.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.text.stops.syntok_words import ABBREVIATIONS, MONTHS, ROMAN_NUMERALS, STARTERS
from index.text.stops.tokens import tokenize

_OPENING = frozenset("([{\uff5f\uff5b\uff3b\uff08\ufe5d\ufe5b\ufe59\ufd3e\u301a\u3018\u2985\u2983\u2329")
_CLOSING = frozenset(")]}\uff60\uff5d\uff3d\uff09\ufe5e\ufe5c\ufe5a\ufd3f\u301b\u3019\u2986\u2984\u232a")
_CLOSING_QUOTES = frozenset("'\"\xb4\u2019\u201d\u232a\u27e9\u27eb\u2e29\u3009\u300b\u301e")
_TERMINALS = frozenset(
    ("...", *".!?;\u203c\u203d\u2047\u2048\u2049\u3002\ufe52\ufe57\uff01\uff0e\uff1f\uff61")
)
_STOPS = _TERMINALS | _OPENING
_FIRST_STOPS = _TERMINALS | {"("}
_AFTER_TERMINAL = _TERMINALS | _CLOSING
_GOES_ON = frozenset(",;:")
_VOWELS = frozenset("aeiouáéííóúäëïöüåæøAEIOUÁÉÍÍÓÚÄËÏÖÜÅÆØ")
_BEFORE_NUMBER = ("no", "No", "NO")
_LONGEST_ASIDE = 70  # characters: a bracket up to that length is passed over
_MOST_TOKENS = 50  # of a bracket


def starts_by_rules(text: str) -> Iterator[int]:
    """Where each sentence of `text` but the first begins."""
    return _Segmenter(text).starts()


class _Segmenter:
    """The tokens of a text, as far as they were passed: a sentence from `begin` on, `at` is the next one."""

    def __init__(self, text: str) -> None:
        self.values, self.offsets, self.spaced = tokenize(text)
        self.count = len(self.values)
        self.begin = self.at = 0
        self._closing = 0  # no closing bracket stands between `at` and here

    def starts(self) -> Iterator[int]:
        """The offsets of the sentences but the first. An empty token alone is none."""
        found = False
        while self.at < self.count:
            self._pass_sentence()
            if self.at - self.begin > 1 or self.values[self.begin]:
                if found:
                    yield self.offsets[self.begin]
                found = True
            self.begin = self.at

    def _pass_sentence(self) -> None:
        """Up to the first token of the next one."""
        while self.at < self.count:
            if self._is_aside_alone():
                return
            if self.at == self.count:
                return
            self.at += 1
            if self._next() not in _FIRST_STOPS:
                break
            if self._ends(first=True):
                return
        while self.at < self.count:
            self._pass_words()
            if self._next() in _OPENING:
                self._pass_aside()
            if self._next() in _STOPS and self._ends(first=False):
                return

    def _is_aside_alone(self) -> bool:
        """True if the next token opened a bracket, which was passed, and is a sentence of its own."""
        if self._next() not in _OPENING or not self._pass_aside() or self.at - self.begin <= 3:
            return False
        return not self._next()[:1].islower()

    def _pass_words(self) -> None:
        """The next token, and all after it that are no stop and open no bracket."""
        values, at, count = self.values, self.at + 1, self.count
        while at < count and values[at] not in _STOPS:
            at += 1
        self.at = at

    def _next(self) -> str:
        return self.values[self.at] if self.at < self.count else ""

    def _pass_aside(self) -> bool:
        """Pass the bracket that opens here, if it is short or holds no sentence; whether it was."""
        size, holds_sentence = self._bracket()
        if not size:
            return False
        last = self.at + size
        end = self.offsets[last] + len(self.values[last])
        if end - self.offsets[self.at] >= _LONGEST_ASIDE and holds_sentence:
            return False
        self.at = last + 1
        return True

    def _bracket(self) -> tuple[int, bool]:
        """After how many tokens the bracket closes that opens here, or 0; and if it holds a sentence."""
        values = self.values
        if not self._closes():
            return 0, False
        depth = 1
        titled: bool | None = None
        stopped = False
        for place in range(self.at + 1, min(self.at + _MOST_TOKENS, self.count)):
            value = values[place]
            if titled is None and value.isalnum():
                titled = value.istitle()
            elif titled and value.isalnum():
                stopped = place + 1 < self.count and values[place + 1] in _TERMINALS
            if value in _OPENING:
                depth += 1
            elif value in _CLOSING:
                depth -= 1
                if not depth:
                    return place - self.at, bool(titled and stopped)
        return 0, bool(titled and stopped)

    def _closes(self) -> bool:
        """True if a bracket that opens here may close: of many that do not, each is not looked through."""
        self._closing = max(self._closing, self.at + 1)
        while self._closing < self.count and self.values[self._closing] not in _CLOSING:
            self._closing += 1
        return self._closing < min(self.at + _MOST_TOKENS, self.count)

    def _ends(self, *, first: bool) -> bool:
        """True if a sentence ends at the stop or before the bracket that is next; passes what belongs to it.

        `first`: only one token stands before it.
        """
        before = self.values[self.at - 1] if self.at > self.begin else ""
        if self._next() not in _OPENING:
            self.at += 1
        after = self._pass_terminal()
        following = self._next()
        close = self.at < self.count and not self.spaced[self.at]
        if following[:1].islower() or following in _GOES_ON:
            return False
        letter = len(before) == 1 or before in ROMAN_NUMERALS
        if following in STARTERS and not (first and letter):
            return True
        if (
            (before in ABBREVIATIONS and after not in _CLOSING)
            or (close and _is_glued(following, after))
            or _is_number_of(before, following)
            or ("." in before and after != ".")
            or (letter and (first or before.isupper()))
            or (len(before) == 1 and before.isalpha() and before not in _VOWELS)
        ):
            return False
        return after not in _OPENING or self._bracket_begins_sentence()

    def _pass_terminal(self) -> str:
        """Pass further stops, closing brackets and a quote; the token after the stop, or ""."""
        token = ""
        last = self.values[self.at - 1] if self.at > self.begin else ""
        if self._next() in _OPENING and last not in _TERMINALS:
            self._pass_aside()
        else:
            token = self._pass_all(token)
            if self._next() in _CLOSING_QUOTES and not self.spaced[self.at]:
                self.at += 1
                token = token or (self.values[self.at - 1] if self.at < self.count else "")
            token = self._pass_all(token)
            if self._next() in _OPENING:
                return self._next()
        return token or self._next()

    def _pass_all(self, token: str) -> str:
        """Pass stops and closing brackets; the first of them, if `token` is none and more follows."""
        while self._next() in _AFTER_TERMINAL:
            self.at += 1
            if self.at == self.count:
                break
            token = token or self.values[self.at - 1]
        return token

    def _bracket_begins_sentence(self) -> bool:
        """True unless the text goes on after the bracket that opens here."""
        size, holds_sentence = self._bracket()
        beyond = self.at + size + 1
        behind = self.values[beyond] if size and not holds_sentence and beyond < self.count else ""
        if behind in _GOES_ON:
            return False
        inside = self.values[self.at + 1] if self.at + 1 < self.count else ""
        return inside.istitle() or not behind[:1].islower()


def _is_glued(following: str, after: str) -> bool:
    """True if the token right behind a stop is no word with a capital: the stop is within something."""
    return following.isnumeric() or not (after.istitle() and after.isalpha()) or len(after) == 1


def _is_number_of(before: str, following: str) -> bool:
    """True for "No. 5", a large number, "5. Oct" and "Jan. 5"."""
    if before in _BEFORE_NUMBER and following.isalnum() and any(map(str.isnumeric, following)):
        return True
    if following.isnumeric():
        return len(following) > 2 or before in MONTHS
    return before.isnumeric() and following in MONTHS
