"""Which sources a question names: the words, initials, years and quarters of its own in their paths.

Only folders and file names count. A title is a sentence about the text, which full-text search reads anyway.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from index.search.periods import periods
from index.text.terms import fold, query_terms, stem, terms

SHORTEST_JOINED = 5  # letters of words run together: "asof" is no name
SHORTEST_PREFIX = 3  # letters of an abbreviation that begins a name: JPM of JPMORGAN
MOST_READ = 500  # names of which all words are read for the first question
MOST_ABOUT = 8  # sources that a question can be about by their names
_CAPITALS = re.compile(r"(?<![^\W_])[A-Z][\w&]*[A-Z](?![^\W_])|(?<![^\W_])[A-Z][a-z]+(?![^\W_])")
_INITIALS = re.compile(r"(?<![^\W_])(?:[A-Z]{3,4}|[A-Z](?:[&n][A-Z])+)(?![^\W_])")  # AGM; J&J, JnJ
_PLAIN = re.compile(r"[\w /-]*(?:\.\w*)?", re.ASCII)  # of words and what stands between them, and a suffix
_BETWEEN = "[ /_-]*"  # letters of words that are run together
_TOGETHER = dict.fromkeys(map(ord, " /_-"))
_CHANGED = re.compile(r"(?:bl|ble|.)\Z")  # what a stem may end in instead of the word's own letters
_PERIOD = re.compile(r"(?:19|20)\d\d|q[1-4]")


@dataclass(frozen=True, slots=True)
class NamedSources:
    """What a question names.

    `shares`: by the name of a source, of all that the question names, the share that it has, in (0, 1]; the
    others have none. `about`: sources that a word, not only a year, binds, the surest first. `words`: the
    stems that bind them.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


class SourceNames:
    """The words of all source names, and what a question names by them.

    For the first question, which may be the only one, not all names are read that there may be.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = tuple(names)
        self._asked: str | None = None
        self._words: _Words | None = None

    def named(self, question: str, among: frozenset[str] | None = None) -> NamedSources:
        """What `question` names, of all sources or of those whose names are `among` these.

        A word that all names have binds nothing, and one source alone is none.
        """
        first = self._asked in (None, question)
        self._asked = question
        if self._words is None and first and len(self._names) > MOST_READ and not _initials_in(question):
            return _Words(_alike(self._names, question)).named(question, among, len(self._names))
        if self._words is None:
            self._words = _Words(self._names)
        return self._words.named(question, among, len(self._names))


class _Words:
    """The words of some source names."""

    def __init__(self, names: Sequence[str]) -> None:
        self._by_word: dict[str, set[str]] = {}
        self._by_initials: dict[str, set[str]] = {}  # of `_names`, when first asked for
        self._names = names
        for name in names:
            written = _written(name)
            words = terms(written)
            for word in {*map(stem, words), *_joined_stems(words), *periods(written)}:
                self._by_word.setdefault(word, set()).add(name)
        self._sorted = sorted(self._by_word)

    def named(self, question: str, among: frozenset[str] | None, count: int) -> NamedSources:
        """What `question` names of these, which are the only ones that it could of `count`."""
        if among is not None:
            count = len(among)

        def bound(names: Collection[str]) -> frozenset[str]:
            names = frozenset(names) if among is None else among.intersection(names)
            return names if len(names) < count else frozenset()

        words = {stem(term) for term in query_terms(question)}
        words |= {word for word in _joined_stems(terms(question)) if word in self._by_word}
        found = {word: bound(self._by_word.get(word, ())) for word in words | set(periods(question))}
        found |= {
            short: bound(self._begun(short)) for short in _abbreviations(question) if not found.get(short)
        }
        found |= {
            stem(fold(short)): bound(self._called(initials))
            for short, initials in _initials_in(question)
            if not found.get(stem(fold(short)))
        }
        return _named({word: names for word, names in found.items() if names})

    def _begun(self, short: str) -> set[str]:
        """The names with a word that `short` begins."""
        names: set[str] = set()
        for word in self._sorted[bisect_left(self._sorted, short) :]:
            if not word.startswith(short):
                break
            names |= self._by_word[word]
        return names

    def _called(self, initials: str) -> Collection[str]:
        """The names with neighbouring words of these initials."""
        if not self._by_initials:
            for name in self._names:
                for letters in _initials_of(terms(_written(name))):
                    self._by_initials.setdefault(letters, set()).add(name)
        return self._by_initials.get(initials, ())


def _alike(names: Sequence[str], question: str) -> list[str]:
    """Those of the names that `question` may name, unless by initials, told without reading their words.

    Porter's stemmer changes no letter of a word but those behind what is kept of its stem here. Whatever is
    not plainly written is kept.
    """
    words = {stem(term) for term in query_terms(question)} | _joined_stems(terms(question))
    begun = {_CHANGED.sub("", word) or word for word in words}
    dates = {"q" if period[0] == "q" else period[2:] for period in periods(question)}
    parts = begun | dates
    likely = re.compile(
        "|".join([*(rf"(?<![^\W_]){_BETWEEN.join(map(re.escape, one))}" for one in begun), *dates])
    )
    found = []
    for name in names:
        small = name.lower()
        run_together = small.translate(_TOGETHER)
        if not _PLAIN.fullmatch(name) or (
            any(part in run_together for part in parts) and likely.search(small)
        ):
            found.append(name)
    return found


def _named(found: Mapping[str, Collection[str]]) -> NamedSources:
    counts: dict[str, int] = {}
    about: set[str] = set()
    for word, names in found.items():
        for name in names:
            counts[name] = counts.get(name, 0) + 1
        if not _PERIOD.fullmatch(word):
            about |= set(names)
    shares = {name: count / len(found) for name, count in counts.items()}
    words = frozenset(word for word in found if not _PERIOD.fullmatch(word))
    return NamedSources(shares, _surest(about, shares), words)


def _surest(about: Collection[str], shares: Mapping[str, float]) -> tuple[str, ...]:
    """All of `about`, or of too many those with the largest share, or of too many of them none."""
    most = max((shares[name] for name in about), default=0.0)
    names = about if len(about) <= MOST_ABOUT else [name for name in about if shares[name] == most]
    return tuple(sorted(names, key=lambda name: (-shares[name], name))) if len(names) <= MOST_ABOUT else ()


def without_names(search_terms: Sequence[str], named: NamedSources) -> tuple[str, ...]:
    """The terms that do not name a source: every chunk of a file named after a firm is about the firm."""
    runs = [search_terms[at : at + size] for size in (1, 2, 3) for at in range(len(search_terms) - size + 1)]
    naming = {term for run in runs if stem("".join(run)) in named.words for term in run}
    return tuple(term for term in search_terms if term not in naming)


def _written(name: str) -> str:
    path = PurePosixPath(name)
    return " ".join((*path.parent.parts, path.stem)).replace("_", " ").replace("-", " ")


def _joined_stems(words: Sequence[str]) -> set[str]:
    """Two or three neighbours run together, stemmed; those with a digit are left out.

    >>> sorted(_joined_stems(["bath", "body", "works"]))
    ['bathbodi', 'bathbodywork', 'bodywork']
    """
    runs = [words[at : at + size] for size in (2, 3) for at in range(len(words) - size + 1)]
    joined = ["".join(run) for run in runs if all(map(str.isalpha, run))]
    return {stem(word) for word in joined if len(word) >= SHORTEST_JOINED}


def _abbreviations(question: str) -> set[str]:
    """Words of a question with a capital letter, as they would begin the run-together name of a file."""
    if question.isupper():
        return set()
    found = {stem(fold(word)) for word in _CAPITALS.findall(question)}
    return {word for word in found if len(word) >= SHORTEST_PREFIX} & {
        stem(term) for term in query_terms(question)
    }


def _initials_of(words: Sequence[str]) -> set[str]:
    """The first letters of two to four neighbours; those with a digit are left out.

    >>> sorted(_initials_of(["annual", "general", "meeting", "2023"]))
    ['ag', 'agm', 'gm']
    """
    runs = [words[at : at + size] for size in (2, 3, 4) for at in range(len(words) - size + 1)]
    return {"".join(word[0] for word in run) for run in runs if all(map(str.isalpha, run))}


def _initials_in(question: str) -> list[tuple[str, str]]:
    """What of a question may be the initials of a name: as it is written, and its letters."""
    if question.isupper():
        return []
    shorts = dict.fromkeys(_INITIALS.findall(question))
    return [(short, fold(short.replace("&", "").replace("n", ""))) for short in shorts]
