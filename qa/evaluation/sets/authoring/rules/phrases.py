"""Phrases that stand for themselves: names, and nouns that a name or a modifier tells apart."""

from __future__ import annotations

import re
from typing import Final

from index.text.months import ENGLISH_MONTHS, ENGLISH_SHORT, WEEKDAYS
from qa.evaluation.sets.authoring.rules.words import COMMON, UNIQUE

_SMALL = "of the and de van von der den la le di da del al bin for"
_PARTICLES: Final = frozenset(_SMALL.split())
_PRONOUNS: Final = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|we|us|our|i|me|my|you|your|this|that|these|those"
    r"|there|here|such|so|former|latter|same)\b",
    re.IGNORECASE,
)
# "the war": one that the sentences before have told of; "the war in Ukraine" and "the long war" say which.
_SAYS_WHICH = r"(?:of|in|between|for|at|with|against)\b|on (?!(?:the|a)\b|[A-Z]*[a-z]+day)|(?:from|to) [A-Z]"
_BARE_DEFINITE: Final = re.compile(
    rf"\bthe ([a-z][a-z'’-]*)(?=$|[,.;:?!)]| (?!{_SAYS_WHICH})(?![a-z]+(?:$|[,.;:?!)])))"
)
_DATES: Final = frozenset((*ENGLISH_MONTHS, *ENGLISH_SHORT, *WEEKDAYS))
_WORD: Final = re.compile(r"[^\W_][\w.'’&/-]*")
_MOST_WORDS = 9  # of a phrase that is asked about

_MONTHS = "|".join(sorted(map(str.capitalize, ENGLISH_MONTHS), key=len, reverse=True))
# A date that tells itself when it is: with a month or a year.
DATE: Final = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTHS})(?:,? \d{{4}})?"
    rf"|(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    rf"|(?:{_MONTHS}) \d{{4}}|(?:1[0-9]|20)\d\d(?!\d|[,.]\d))"
)
WEEKDAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"


def is_name(phrase: str) -> bool:
    """Whether a phrase is one name: capitalised words, with small ones only between them.

    >>> is_name("Bank of the West"), is_name("The city"), is_name("Monday")
    (True, False, False)
    """
    words = _WORD.findall(phrase.removeprefix("The ").removeprefix("the "))
    if not words or words[0].casefold() in COMMON or words[-1] in _PARTICLES:
        return False
    if all(word.casefold() in _DATES or word[0].isdigit() for word in words):
        return False
    return words[0][0].isupper() and all(word[0].isupper() or word in _PARTICLES for word in words)


def is_person(phrase: str) -> bool:
    """Whether a phrase may be the full name of a person: two to four capitalised words, no more."""
    words = phrase.split()
    return (
        2 <= len(words) <= 4
        and not phrase.startswith(("The ", "the "))
        and all(word[0].isupper() and word.casefold() not in COMMON | _DATES for word in words)
        and not any(word.isupper() and len(word) > 2 for word in words)
    )


def has_name(phrase: str) -> bool:
    """Whether a phrase holds a capitalised word that is not its first, or a number."""
    words = _WORD.findall(phrase)
    return any(word[0].isupper() or word[0].isdigit() for word in words[1:]) or (
        bool(words) and (words[0].isupper() or is_name(words[0])) and len(words[0]) > 1
    )


def stands_alone(phrase: str) -> bool:
    """Whether a phrase says what it means without what stands before it.

    >>> stands_alone("the mayor of Budapest"), stands_alone("the mayor"), stands_alone("his plan for Rome")
    (True, False, False)
    """
    if _PRONOUNS.search(phrase):
        return False
    return not any(match[1] not in UNIQUE for match in _BARE_DEFINITE.finditer(phrase))


def is_subject(phrase: str) -> bool:
    """Whether a question can be asked about what a phrase names: it stands alone and has a name."""
    words = phrase.split()
    return (
        0 < len(words) <= _MOST_WORDS
        and not re.search(r"[,;:()\"“”]", phrase)
        and words[0].casefold() not in COMMON - {"the", "a", "an"}
        and stands_alone(phrase)
        and (is_name(phrase) or (words[0].casefold() == "the" and has_name(phrase)))
    )


def inner(phrase: str) -> str:
    """A phrase as it stands within a sentence: "The mayor" is "the mayor", a name is as it was."""
    first, _, rest = phrase.partition(" ")
    return f"{first.lower()} {rest}" if first in {"The", "A", "An"} and rest else phrase
