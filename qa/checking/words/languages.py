"""The language of a short text, told by its small words, and whether texts can be compared by words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

# Small words that one of these languages has and no other of them (English "die" and "was" are none, nor is
# Spanish "la", which is French).
_WORDS = {
    "en": """
        the of and is was were that to did has have had with for it are be been by on not from as they he
        she this which at or its their would will can could after before about who when
    """,
    "de": """
        der die das und ist nicht ein eine einen einem einer dem den wurde wurden auf sich mit von für zum zur
        sind werden wird hat haben bei nach über auch im am beträgt darf kann pro aus durch als oder es sie
    """,
    "fr": """
        le les des du et est dans une sur pour par au aux avec ne pas qui sont été cette ces il elle ont leur
    """,
    "es": "el los las del y es una por con para fue son su sus al ha han como pero lo se más está según",
    "it": "il gli della delle dei che è sono di nel nella alla dal ha hanno non più per una con anche questo",
    "pt": "os da em não são foi ao à pelo pela mais ou com se para",
    "nl": "het een van en zijn niet voor dat op te werd worden door aan bij ook naar uit om",
}
_OF = {
    word: [language for language, words in _WORDS.items() if word in words.split()]
    for words in _WORDS.values()
    for word in words.split()
}
_WORD = re.compile(r"[^\W\d_]+")
# Letters of none of these languages: Polish, Czech, Turkish, Hungarian and others.
_FURTHER_LETTERS = re.compile(r"[ąćęłńśźżčďěňřšťůžđğşőűăâîșțāēģīķļņūėųø]", re.IGNORECASE)
_GERMAN_LETTERS = re.compile(r"[äöüß]|(?:ung|heit|keit|schaft|lich)(?:en|e[rs]?)?\b", re.IGNORECASE)


@lru_cache(maxsize=1 << 10)
def language(text: str) -> str:
    """The language of `text`: "en", "de", "fr", "es", "it", "pt", "nl", or "other"; "" if it cannot be told.

    >>> language("Die Kündigungsfrist beträgt drei Monate."), language("Article 5")
    ('de', '')
    """
    counts: Counter[str] = Counter()
    for match in _WORD.finditer(text[:4_000].lower()):
        languages = _OF.get(match[0], ())
        for name in languages:
            counts[name] += 6 // len(languages)
    if _GERMAN_LETTERS.search(text):
        counts["de"] += 3
    if _FURTHER_LETTERS.search(text):
        counts["other"] += 5 + len(_WORD.findall(text[:4_000]))
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < 6 or (len(ranked) > 1 and ranked[1][1] * 3 > ranked[0][1] * 2):
        return ""
    return ranked[0][0]


def script(text: str) -> str:
    """The script that most letters of `text` are of, as Unicode names it ("LATIN"); "" without letters."""
    names = Counter(
        unicodedata.name(letter, "").partition(" ")[0] for letter in text[:1_000] if letter.isalpha()
    )
    return names.most_common(1)[0][0] if names else ""


def comparable(claim: str, texts: Iterable[str]) -> bool:
    """False if every text is in a language or a script that is plainly not the claim's."""
    joined = " ".join(texts)
    if script(joined) != script(claim):
        return False
    theirs, ours = language(joined), language(claim)
    return not (theirs and ours) or theirs == ours
