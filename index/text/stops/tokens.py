"""The tokens that syntok's rules are about: words, signs, brackets, and what stands between them.

The same as those of syntok 1.4.4's `Tokenizer` (MIT License, © 2018–2022 Florian Leitner; the licence stands
in `syntok_words.py`), cut by the shape of the text: every character is replaced by one that stands for its
kind, so that few and plain patterns do.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_SPACE = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000]")
# Shapes of characters: white space " ", letters l (small), u (capital), m (those that are apostrophes, too)
# and o (others), digits 9, other numbers n, brackets (, hyphens -, apostrophes ', some signs as they are, all
# else *.
_SIGNS = {
    **dict.fromkeys("-\xad\u058a\u05be\u0f0c\u1400\u1806\u2010\u2011\u2012\u2e17\u30a0", "-"),
    **dict.fromkeys("'\xb4\u2019\u2032", "'"),
    **dict.fromkeys("\u02b9\u02bc", "m"),
    **{sign: sign for sign in ".!?,;_"},
}
_CATEGORIES = {"Ll": "l", "Lu": "u", "Nd": "9", "Ps": "(", "Pe": "("}

# What stands between white space: mostly a plain word, and at most one sign behind it.
_CHUNK = re.compile(r"(?:(u?l++|u++|9++)(?![luom9n])(?=[^ ]?(?: |\Z))[^ ]?)|[^ ]++")
_PARTS = re.compile(r"[^luom9n ]*+([luom9n](?:[^ ]*[luom9n])?)?[^luom9n ]*")
# Where a word is parted: "camelCase", "end.Next", "it's", "word)", "a...b", "well-known" but not "5-6".
_WITHIN_WORD = re.compile(
    r"(?<=l)[.!?]?(?=u)|['m][luom]+|\(|\.\.\.|(?<=[luom])[,;_-](?=[luom9])|(?<=[luom9])[,;_-](?=[luom])"
)


class TokenLists(NamedTuple):
    """The tokens of a text: their values, where they begin, and whether anything stands before each."""

    values: list[str]
    offsets: list[int]
    spaced: list[bool]

    def add(self, value: str, offset: int, spaced: bool) -> None:
        """One more."""
        self.values.append(value)
        self.offsets.append(offset)
        self.spaced.append(spaced)


class _Shapes(dict[int, str]):
    """The shape of each character, by its code point, found when it is first met."""

    def __missing__(self, code: int) -> str:
        shape = self[code] = _shape(chr(code))
        return shape


def _shape(sign: str) -> str:
    category = unicodedata.category(sign)
    known = _SIGNS.get(sign) or _CATEGORIES.get(category)
    if known is not None:
        return known
    if _SPACE.match(sign):
        return " "
    if category[0] == "L":
        return "o"
    return "n" if sign.isalnum() else "*"


_SHAPES = _Shapes()


def tokenize(text: str) -> TokenLists:
    """The tokens of `text`, in order; white space at its end is an empty one."""
    tokens = TokenLists([], [], [])
    shape = text.translate(_SHAPES)
    add_value, add_offset, add_spaced = tokens.values.append, tokens.offsets.append, tokens.spaced.append
    for chunk in _CHUNK.finditer(shape):
        start, end = chunk.span()
        last = chunk.end(1)
        if last < 0:
            _add_parts(tokens, text, shape, start, end)
            continue
        add_value(text[start:last])
        add_offset(start)
        add_spaced(start > 0)
        if last < end:
            tokens.add(text[last], last, False)
    if shape.endswith(" "):
        tokens.add("", len(text), True)
    return tokens


def _add_parts(tokens: TokenLists, text: str, shape: str, start: int, end: int) -> None:
    """The parts of what stands between white space: signs, a word, signs."""
    parts = _PARTS.match(shape, start, end)
    first, last = parts.span(1) if parts else (-1, -1)
    if first < 0:  # signs without a letter or digit are one token
        tokens.add(text[start:end], start, start > 0)
        return
    for at in range(start, first):
        tokens.add(text[at], at, 0 < at == start)
    _add_word(tokens, text, shape, first, last, spaced=0 < first == start)
    if shape.startswith("...", last, end):
        tokens.add("...", last, False)
        last += 3
    for at in range(last, end):
        tokens.add(text[at], at, False)


def _add_word(tokens: TokenLists, text: str, shape: str, first: int, last: int, *, spaced: bool) -> None:
    """The parts of the word `text[first:last]`, which begins and ends with a letter or digit."""
    done = first
    for separator in _WITHIN_WORD.finditer(shape, first, last):
        start, end = separator.span()
        if start > done:
            contracted = end - start == 2 and text[start - 1] == "n" and text[start + 1] == "t"
            if contracted and shape[start] in "'m":  # "n't" is one token
                start -= 1
            if start > done:
                tokens.add(text[done:start], done, spaced)
                spaced = False
        if end > start:
            if shape[start] in "-_":
                spaced = True
            else:
                tokens.add(text[start:end], start, spaced)
                spaced = False
        done = end
    if done < last:
        tokens.add(text[done:last], done, spaced)
