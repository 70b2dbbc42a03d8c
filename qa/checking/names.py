"""Names in a claim that its cited texts do not contain.

A name is a run of capitalised words. Its parts are looked for folded and stemmed, in other transliterations
(Lavrov, Lawrow), as the word of a country or its people, in English, German, French or Spanish, and as the
initials of words or the words of initials. Who is meant is not asked: a name in the
cited text is a name in the cited text. Scripts and writings without capitals have no names here, nor has text
that capitalises every noun.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile

from index.text.patterns import lazy_compile
from index.text.stemmer import stem
from index.text.stop_words import QUESTION_WORDS, STOP_WORDS
from index.text.terms import fold
from qa.checking.words.english import KIN, OPENERS, PEOPLE, TITLES, TRANSLATED, VERBS
from qa.checking.words.languages import comparable, language
from qa.checking.words.number_words import CARDINALS, ORDINALS

# "U.S.", "O'Brien", "well-known"
_WORD = lazy_compile(r"(?:[^\W\d_]\.){2,}|[^\W_]++(?:['-][^\W_]++)*+")
# What stands before a word that opens a sentence, a quotation or a bracket.
_SENTENCE_START = lazy_compile(r"(?:[.!?:;][\"')\]]*\s+|[\"(\[\n\u2022]\s*|\A[\W_]*)\Z")
# The host of an address with its scheme, or of one that is plainly one without.
_HOST = lazy_compile(
    r"(?:\b[a-z][a-z0-9+.-]*://(?:[^\s/@]*@)?|(?=www\.)|(?=[\w.-]*\.(?:com|org|net|info|biz|io|invalid)\b))"
    r"([\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE,
)
_LOOK_BACK = 6
_VERBATIM = 5  # words behind the first of a sentence, by which it is known for the same
_LATIN = lazy_compile(r"[A-Za-z]")
# What may stand between two words of one name: "Bank of the West", "Ludwig van Beethoven".
_SMALL_GAP = lazy_compile(r"\s*(?:(?:of|the|and|for|de|van|von|du|la|di|da|al|bin)\s+)*\Z")

_COMMON_ENDS = (
    "ing",
    "ly",
    "ed",
    "tion",
    "sion",
    "ness",
    "ment",
    "ity",
    "ism",
    "ance",
    "ence",
    "ship",
    "ure",
)


@dataclass(frozen=True, slots=True)
class _Part:
    """One capitalised word of a claim; `fresh` if it opens a sentence, `run` numbers the name it is in."""

    text: str
    end: int
    fresh: bool
    run: int
    following: str
    behind: tuple[str, ...] = ()


class Vocabulary:
    """The words that a claim may have its names from."""

    def __init__(self, texts: Sequence[str], cited: int) -> None:
        words = [match[0] for text in texts for match in _WORD.finditer(text)]
        self.capitals = {fold(word).replace(".", "") for word in words if word.isupper() and len(word) > 1}
        self.words = {part for word in words for part in parts(word)}
        self.stems = {stem(word) for word in self.words}
        self.spellings = {_spelling(word) for word in self.words}
        self.kin = {group for word in self.words for group in KIN.get(word, ())}
        self.initials = "".join(fold(word)[:1] for word in words if word.lower() not in STOP_WORDS)
        self.big_initials = "".join(fold(word)[:1] for word in words if word[:1].isupper())
        self.before: dict[str, set[str]] = defaultdict(set)
        for words_in_order in (run for text in texts[:cited] for run in _runs(text)):
            for left, right in pairwise(words_in_order):
                if left[0].isupper():
                    self.before[fold(right)].update(parts(left))
        self._before_runs: dict[tuple[str, ...], set[str]] | None = None
        self._cited = [_WORD.findall(text) for text in texts[:cited]]
        self._begun: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            self._begun[word[:3]].append(word)

    def has(self, part: str) -> bool:
        """True if the folded word `part` is here in some form."""
        if part in self.words or stem(part) in self.stems or self.kin.intersection(KIN.get(part, ())):
            return True
        return _spelling(part) in self.spellings or any(
            _place_and_people(part, word) for word in self._begun[part[:3]]
        )

    def has_another(self, part: _Part) -> bool:
        """True if a cited text has the words behind `part` behind another name: it was exchanged."""
        if len(part.behind) < _VERBATIM or not _may_name(part.text):
            return False
        if self._before_runs is None:
            self._before_runs = defaultdict(set)
            for words in self._cited:
                folded = [fold(word) for word in words]
                for at in range(1, len(words) - _VERBATIM + 1):
                    if words[at - 1][0].isupper():
                        self._before_runs[tuple(folded[at : at + _VERBATIM])].add(words[at - 1])
        return any(_may_name(word) for word in self._before_runs.get(part.behind, ()))

    def has_initials(self, part: str) -> bool:
        """True if `part` is made of the first letters of words that follow each other here."""
        return part in self.big_initials or (len(part) > 2 and part in self.initials)


def _runs(text: str) -> Iterator[list[str]]:
    """The words of `text`; of a row without the first, whose capital says nothing: "Net cash | 5"."""
    if "|" in text:
        yield from (_WORD.findall(line)[1:] for line in text.split("\n"))
    else:
        yield _WORD.findall(text)


def missing_names(claim: str, cited: Sequence[str], beside: Sequence[str]) -> tuple[str, ...]:
    """The names in `claim` that neither `cited` nor `beside` has, as written, each once. Texts made plain."""
    capitalised = list(_parts(claim))
    if not capitalised or _capitals_mean_nothing(claim):
        return ()
    if not any(_LATIN.search(text) for text in cited):
        return ()
    translated = not comparable(claim, cited)
    vocabulary = Vocabulary((*cited, *beside), len(cited))
    claim_parts = {piece for match in _WORD.finditer(claim) for piece in parts(match[0])}
    runs: dict[int, list[_Part]] = defaultdict(list)
    for part in capitalised:
        runs[part.run].append(part)
    missing = (
        _missing_parts(run, vocabulary, claim_parts)
        for run in runs.values()
        if not (translated and any(part.text.lower() in TRANSLATED for part in run))
    )
    return tuple(dict.fromkeys(name for name in missing if name))


def missing_addresses(claim: str, texts: Sequence[str]) -> tuple[str, ...]:
    """The web addresses in `claim` whose host none of `texts` has, each once, by their hosts.

    >>> missing_addresses("See https://a.example.com/x?d=1 or www.b.org.", ["From www.b.org."])
    ('a.example.com',)
    """
    there = " ".join(texts).casefold()
    hosts = (match[1].casefold().removeprefix("www.") for match in _HOST.finditer(claim))
    return tuple(dict.fromkeys(host for host in hosts if host not in there))


@lru_cache(maxsize=1 << 14)
def parts(word: str) -> tuple[str, ...]:
    """The folded parts of one word, without a possessive: "Trump-Putin's" is trump and putin."""
    folded = fold(word).replace(".", "")
    folded = folded.removesuffix("'s").rstrip("'")
    return (*(part for part in re.split("['-]", folded) if part), re.sub("['-]", "", folded))


def _capitals_mean_nothing(claim: str) -> bool:
    """True where capitals mark no names: all in capitals, or German."""
    return claim.isupper() or language(claim) == "de"


def _parts(claim: str) -> Iterator[_Part]:
    run, last_end = 0, -1
    words = list(_WORD.finditer(claim))
    for at, match in enumerate(words):
        word = match[0]
        if not word[0].isupper():
            continue
        gap = claim[last_end : match.start()] if last_end >= 0 else "."
        if len(gap) > 12 or not _SMALL_GAP.match(gap):
            run += 1
        last_end = match.end()
        fresh = bool(_SENTENCE_START.search(claim, max(0, match.start() - _LOOK_BACK), match.start()))
        behind = tuple(fold(other[0]) for other in words[at + 1 : at + 1 + _VERBATIM]) if fresh else ()
        following = words[at + 1][0] if at + 1 < len(words) else ""
        yield _Part(word, match.end(), fresh, run, following, behind)


def _missing_parts(run: list[_Part], vocabulary: Vocabulary, claim_parts: set[str]) -> str:
    """The parts of one name that are nowhere, joined; empty if there are none."""
    judged = [(part, _is_known(part, run, vocabulary, claim_parts)) for part in run]
    missing = [part for part, known in judged if not known]
    if not missing:
        return ""
    acronym = "".join(fold(part.text)[:1] for part in run if part.text.lower() not in STOP_WORDS)
    if len(acronym) > 1 and acronym in vocabulary.capitals:
        return ""
    return " ".join(part.text for part in missing)


def _is_known(part: _Part, run: list[_Part], vocabulary: Vocabulary, claim_parts: set[str]) -> bool:
    pieces = [piece for piece in parts(part.text)[:-1] or parts(part.text) if not piece.isdigit()]
    whole = parts(part.text)[-1]
    if (
        len(whole) < 2
        or whole in TITLES
        or whole in CARDINALS
        or whole in ORDINALS
        or whole in STOP_WORDS
        or whole in QUESTION_WORDS
    ):
        return True
    if vocabulary.has(whole) or all(vocabulary.has(piece) or len(piece) < 2 for piece in pieces):
        return True
    if part.text.isupper() and vocabulary.has_initials(whole):
        return True
    return (
        part.fresh
        and not _opens_as_name(part, run)
        and not _replaces_a_name(part, vocabulary, claim_parts)
        and not vocabulary.has_another(part)
    )


def _may_name(word: str) -> bool:
    """False for words that open sentences, titles and days: "However", "President", "Tuesday"."""
    folded = fold(word)
    return not (
        folded in OPENERS or folded in TITLES or folded in STOP_WORDS or folded.endswith(_COMMON_ENDS)
    )


def _replaces_a_name(part: _Part, vocabulary: Vocabulary, claim_parts: set[str]) -> bool:
    """True if the cited text has another name before the same word: "Harrison rejected", "Smith rejected"."""
    if part.text.lower() in OPENERS or part.text.lower().endswith(("ly", "ing")):
        return False
    others = vocabulary.before.get(fold(part.following), set()) - claim_parts - STOP_WORDS - OPENERS - TITLES
    return any(
        not other.endswith(("ly", "s", "ing", "er")) or not part.text.endswith("s") for other in others
    )


def _opens_as_name(part: _Part, run: list[_Part]) -> bool:
    """True if the first word of a sentence is rather a name than a common word nobody has seen."""
    if len(run) > 1:
        return False  # "Former President Obama": the others are judged
    word = part.text.lower()
    following = part.following.lower()
    if word in OPENERS or word.endswith(_COMMON_ENDS):
        return False
    if word.endswith("s") and not word.endswith("ss") and following not in ("is", "was", "has", "'s"):
        return False
    return word.endswith("'s") or following in VERBS or following.endswith("ed")


def _place_and_people(left: str, right: str) -> bool:
    """True for a place and its people: Russia and Russian, Italy and Italian, Iraq and Iraqi."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))
    least = 4 if max(len(left), len(right)) > 5 else 3
    if shared < least:
        return False
    return any(left[cut:] in PEOPLE and right[cut:] in PEOPLE for cut in range(least, shared + 1))


# How one sound is written in English, German and French transliterations, and as what it is compared.
_SOUNDS = (
    (lazy_compile(r"tsch|tch|sch|sh|ch"), "c"),
    (lazy_compile(r"kh"), "h"),
    (lazy_compile(r"ph"), "f"),
    (lazy_compile(r"ou"), "u"),
    (lazy_compile(r"w|ff"), "v"),
    (lazy_compile(r"[iyj]+"), "y"),
    (lazy_compile(r"z"), "s"),
    (lazy_compile(r"ck|q"), "k"),
    (lazy_compile(r"x"), "ks"),
    (lazy_compile(r"([aou])e"), r"\1"),
    (lazy_compile(r"(.)\1"), r"\1"),
    (lazy_compile(r"y?[aeo]v\Z"), "v"),
    (lazy_compile(r"(?<=n)e\Z"), ""),
)


@lru_cache(maxsize=1 << 14)
def _spelling(word: str) -> str:
    """`word` with what transliterations differ in evened out: Zelenskyy and Selenskyj, Mueller and Müller."""
    if len(word) < 5:
        return word
    for sound, written in _SOUNDS:
        word = sound.sub(written, word)
    return word
