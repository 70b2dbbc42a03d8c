"""Sentences as names, words and signs, for telling who did what to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.text.stop_words import QUESTION_WORDS, STOP_WORDS
from index.text.terms import fold
from qa.checking.words.english import DATES, OPENERS

_WORD = r"[A-Z][\w'-]{1,30}+"
_TOKEN = re.compile(
    rf"(?P<name>(?<![\w.'-]){_WORD}(?: (?:of |the |de |von |van )?{_WORD}){{0,3}})"
    r"|(?P<word>[^\W_][\w'-]*+)|(?P<sign>[.;:!?,()\n\"])"
)
_FIRMS = frozenset(("inc", "ltd", "corp", "co", "plc", "gmbh", "ag", "llc", "company", "group", "limited"))
_ENDS = frozenset(".!?\n")
_MOST_TOKENS = 120  # of a sentence that are looked at


class SentenceToken(NamedTuple):
    """A name by its last word, a word in small letters, or a sign; of whom something is, if `possessive`."""

    kind: str
    text: str
    possessive: bool = False

    @property
    def is_name(self) -> bool:
        """True for a run of capitalised words that is no date and no opener of a sentence."""
        return self.kind == "name"


def sentences(text: str) -> Iterator[list[SentenceToken]]:
    """The sentences of `text`, each as its tokens."""
    sentence: list[SentenceToken] = []
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "sign" and match[0] in _ENDS:
            if sentence:
                yield sentence[:_MOST_TOKENS]
            sentence = []
        elif kind == "name":
            sentence += _of_name(match[0])
        else:
            sentence.append(SentenceToken(kind, fold(match[0])))
    if sentence:
        yield sentence[:_MOST_TOKENS]


def _of_name(run: str) -> list[SentenceToken]:
    """The name in a run of capitalised words, behind the words that only open the sentence."""
    words = run.split()
    opening: list[SentenceToken] = []
    while words and _is_no_name(fold(words[0])):
        opening.append(SentenceToken("word", fold(words.pop(0))))
    if words and opening and opening[-1].text in DATES:  # "On Friday Marta asked": not on Marta
        opening.append(SentenceToken("sign", "|"))
    while len(words) > 1 and (fold(words[-1]) in _FIRMS or fold(words[-1]) in DATES):
        words.pop()
    if not words:
        return opening
    last = fold(words[-1])
    return [*opening, SentenceToken("name", last.removesuffix("'s").rstrip("'"), last.endswith(("'s", "'")))]


def _is_no_name(word: str) -> bool:
    return word in STOP_WORDS or word in QUESTION_WORDS or word in OPENERS or word in DATES
