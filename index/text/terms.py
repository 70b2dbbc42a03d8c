"""Tokenization into search terms, for any language; shared by search, deduplication and extraction.

A term is a folded word (NFKC, casefold, no diacritics), a number without thousands separators, a compound
both in parts and joined, or, in scripts written without spaces, a pair of neighbouring characters. Terms are
not stemmed: FTS5 stems what it is given, and `stemmer.stem` does the same for comparisons in memory.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeVar

from index.text.stemmer import stem
from index.text.stop_words import QUESTION_WORDS, STOP_WORDS

__all__ = [
    "QUESTION_WORDS",
    "STOP_WORDS",
    "fold",
    "fts_query",
    "fts_text",
    "fts_token",
    "query_terms",
    "stem",
    "stems",
    "terms",
    "terms_between_blanks",
]


T = TypeVar("T")

_STRIPPED = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]+"
)
# What a word is made of besides letters and digits: the vowel signs of scripts that write them as marks.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0900-\u0963\u0966-\u0dff\u0e00-\u0fff\u1000-\u109f\u135d-\u135f\u1712-\u17d3"
)
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3"  # Thai, Lao, Myanmar, Khmer
    "\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"  # Hangul letters, Kana
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"  # Han, Hangul syllables
)
_HYPHENS = "-\u2010\u2011_"
_APOSTROPHES = "'\u2019\u02bc\u2032`"
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
_TERM = re.compile(
    rf"(?<!\w)(?:[^\W\d_]\.)+[^\W\d_](?!\w)\.?"  # U.S. and p.m
    rf"|\d{{1,3}}(?:,\d{{3}})+(?![\d])(?:\.\d+)?"  # 1,577.25
    rf"|\d+(?:\.\d+)+"  # 3.14 and 1.2.3
    rf"|[^\W_{_APOSTROPHES}](?:[\w{_MARKS}]++|[{_HYPHENS}{_APOSTROPHES}](?=[^\W_]))*"  # well-known, o'brien
)
_HYPHEN = re.compile(f"[{_HYPHENS}]+")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
# What French, Italian and English elide before an apostrophe (l'homme), and what English contracts after one.
_ELIDED = frozenset(
    ("l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "dell", "all", "nell", "dall")
)
_CONTRACTED = frozenset(("s", "ll", "re", "ve", "d", "m"))
_ACRONYM = re.compile(r"(?<![^\W_])[A-Z]{2,5}(?![^\W_])")
# "May" as a month or a name: with its capital letter after another word, or where only a month stands.
_MAY = re.compile(
    r"(?<=[^\W_] )May(?![^\W_])|May(?= \d)|\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring|[Ll]ast|[Nn]ext) may\b"
)
# Signs before and after a word that belong to no term and change none.
_AROUND = ".,;:!?()[]{}<>\"'`*/|&%$#+=-\u2010\u2011\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u00ab\u00bb"
LONGEST_JOINED = 40  # letters of a compound that is also indexed as one word
MOST_PARTS = 4
LONGEST_KEPT = 40  # characters between two blanks whose terms are remembered
MOST_KEPT = 1 << 17


def fold(text: str) -> str:
    """`text` as it is compared: NFKC, casefolded, accents and invisible characters gone. Lengths change."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _STRIPPED.sub("", unicodedata.normalize("NFD", folded)))


def terms(text: str) -> list[str]:
    """All search terms of `text` in order, stop words and repetitions included.

    >>> terms("The U.S. paid $1,577 for well-known Wörter: 東京都")
    ['the', 'us', 'paid', '1577', 'for', 'well', 'known', 'wellknown', 'worter', '東京', '京都']
    """
    return list(chain.from_iterable(map(_TERMS.__getitem__, text.split())))


def terms_between_blanks(run: str) -> tuple[str, ...]:
    """The terms of a text without white space: none reaches over a blank."""
    word = run.strip(_AROUND)
    if word.isascii() and word.isalnum():  # most of them are no more than that
        return (word.lower(),)
    return tuple(chain.from_iterable(map(_token_terms, _TERM.findall(fold(run)))))


def stems(text: str) -> list[str]:
    """The stems of all terms of `text`, in order: what two texts are compared by."""
    return list(map(stem, terms(text)))


def query_terms(question: str) -> tuple[str, ...]:
    """The terms of `question` worth searching, in order, each once.

    Stop words and question words are left out, unless they are written as an acronym among small letters
    ("Does the WHO …") or stand for the month of May, or nothing else is there.
    """
    all_terms = tuple(dict.fromkeys(terms(question)))
    acronyms = () if question.isupper() else _ACRONYM.findall(question)
    kept = {fold(word) for word in acronyms} | ({"may"} if _MAY.search(question) else set())
    content = tuple(
        term for term in all_terms if term in kept or not (term in STOP_WORDS or term in QUESTION_WORDS)
    )
    return content or all_terms


def fts_text(text: str) -> str:
    """What is written into an FTS5 column for `text`: its terms, in characters `unicode61` keeps together."""
    return " ".join(filter(None, map(_FTS_TEXTS.__getitem__, text.split())))


def fts_query(search_terms: Iterable[str]) -> str:
    """A MATCH expression for texts with any of the terms; matches nothing if there are none.

    Every term is a quoted string, so nothing in it can be an operator. A lone character of a script written
    without spaces also finds the pairs it begins.
    """
    alternatives = []
    for term in dict.fromkeys(search_terms):
        safe = _fts_safe(term).strip()
        if safe:
            prefix = "*" if len(safe) == 1 and _UNSPACED_RUN.match(safe) else ""
            alternatives.append(f'"{safe}"{prefix}')
    return " OR ".join(alternatives) or '""'


def fts_token(term: str) -> str | None:
    """The token that FTS5 makes of a term; None if `fts_query` looks for a phrase or for what begins so.

    >>> fts_token("connections"), fts_token("京")
    ('connect', None)
    """
    return (
        None
        if fts_query([term]) != f'"{_fts_safe(term)}"' or " " in _fts_safe(term)
        else stem(_fts_safe(term))
    )


class _Kept(dict[str, T]):
    """What `read` says of what stands between two blanks, which no term reaches over; most of it returns."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, run: str) -> T:
        found = self._read(run)
        if len(run) <= LONGEST_KEPT:
            if len(self) >= MOST_KEPT:
                self.clear()
            self[run] = found
        return found


def _fts_between_blanks(run: str) -> str:
    found = terms_between_blanks(run)
    return " ".join([term if term.isascii() and term.isalnum() else _fts_safe(term) for term in found])


_TERMS, _FTS_TEXTS = _Kept(terms_between_blanks), _Kept(_fts_between_blanks)


def _token_terms(token: str) -> tuple[str, ...]:
    """The terms of one match of `_TERM`."""
    if token.isascii() and token.isalnum():
        return (token,)
    if token[0].isdigit() and ("," in token or "." in token):
        return (token.replace(",", ""),)
    if "." in token:
        return (token.replace(".", ""),)
    if token.isascii() or not _UNSPACED_RUN.search(token):
        return _compound_terms(token)
    result: list[str] = []
    end = 0
    for run in _UNSPACED_RUN.finditer(token):
        result.extend(_compound_terms(token[end : run.start()]))
        result.extend(_bigrams(run.group()))
        end = run.end()
    return (*result, *_compound_terms(token[end:]))


def _bigrams(run: str) -> Sequence[str]:
    """Neighbouring characters two by two; a lone character is itself."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def _compound_terms(token: str) -> tuple[str, ...]:
    """A compound's parts, and itself joined if it is short enough; `well-known` to well, known, wellknown."""
    parts = [word for part in _HYPHEN.split(token) if (word := _without_apostrophes(part))]
    joined = "".join(parts)
    if 1 < len(parts) <= MOST_PARTS and len(joined) <= LONGEST_JOINED and not joined.isdigit():
        parts.append(joined)
    return tuple(parts)


def _without_apostrophes(word: str) -> str:
    """`president's` to president, `l'homme` to homme, `o'brien` to obrien, `don't` to dont."""
    pieces = _APOSTROPHE.split(word)
    if len(pieces) > 1 and pieces[-1] in _CONTRACTED:
        pieces.pop()
    if len(pieces) > 1 and pieces[0] in _ELIDED:
        pieces.pop(0)
    return "".join(pieces)


@lru_cache(maxsize=1 << 16)
def _fts_safe(term: str) -> str:
    """`term` with each mark, which `unicode61` would split at, as a private-use character, which it keeps.

    Characters beyond the basic plane are moved there too: which of them are letters depends on the SQLite.
    Anything that is neither letter, digit nor mark becomes a space; quoted, that makes the term a phrase.
    """
    return "".join(
        character
        if character < "\U00010000" and character.isalnum()
        else chr(0xF0000 + (ord(character) & 0xFFFF) % 0xFFFE)
        if character.isalnum() or unicodedata.category(character)[0] == "M"
        else " "
        for character in term
    )
