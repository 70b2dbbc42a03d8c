"""How many of the sources that say the same are independent of each other.

Two are one if their statements, or the texts around them, share long runs of words outside quotations, or if
both credit the same paper or agency, or one of them what the other is. All of it is counted in words, never
in shares: a copy of a document shares no more with a third one than the document itself, so that copies,
whatever was cut from them or put in, do not change the number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from index.text.stop_words import STOP_WORDS
from index.text.terms import fold
from index.types import Sliceable
from qa.checking.sources.attribution import followed, is_medium, media_credited, media_of_head
from qa.checking.sources.statements import Read, Statement, shingles, surroundings

RUN = 7  # words in a row that two statements share if one copies the other
OWN_WORDS = 3  # of such a run that are no names, figures or stop words: "the European Court of Justice is"
LONG_RUN = 11  # words in a row that are copied whatever they are
AROUND = 6  # words in a row that count as shared in the texts around them
MOST_SHARED = 12  # such runs from which the texts are one: 17 words in a row, or several shorter ones
MOST_SOURCES = 40  # that are compared with each other; the number of those beyond is small and said to be so


def independent(statements: Sequence[Statement], texts: Mapping[str, Sliceable]) -> int:
    """How many of the sources of `statements`, all of which say the same, do so for themselves.

    `texts` are those of sources by id, as far as they are at hand. At least 1 if there is a statement.
    """
    by_source: dict[str, list[Statement]] = {}
    for statement in statements:
        by_source.setdefault(statement.source.id, []).append(statement)
    groups = _Groups(by_source)
    distinct = _without_repetitions(by_source, groups)
    for first, second in combinations(distinct[:MOST_SOURCES], 2):
        if groups.of(first) != groups.of(second) and any(
            copies(mine, its) for mine in by_source[first] for its in by_source[second]
        ):
            groups.join(first, second)
    _join_by_credits(by_source, texts, groups)
    return len({groups.of(source) for source in by_source})


def copies(first: Statement, second: Statement) -> bool:
    """True if one of two statements was copied from the other, or both from a third."""
    if _shares_a_run(first.read, second.read):
        return True
    around = shingles(surroundings(first.chunk.text, first.text), AROUND)
    return len(around & shingles(surroundings(second.chunk.text, second.text), AROUND)) >= MOST_SHARED


def _shares_a_run(first: Read, second: Read) -> bool:
    """True if two sentences share words in a row that nobody writes twice: a name is no such run."""
    ours, theirs = first.words, second.words
    if ours == theirs:
        return bool(ours)
    names = first.all_names | second.all_names
    for run in shingles(ours, RUN) & shingles(theirs, RUN):
        own = [word for word in run if word not in STOP_WORDS and word not in names and word.isalpha()]
        if len(own) >= OWN_WORDS:
            return True
    return bool(shingles(ours, LONG_RUN) & shingles(theirs, LONG_RUN))


class _Groups:
    """Sources that are one, as far as is known: sets that are joined."""

    def __init__(self, names: Sequence[str] | Mapping[str, object]) -> None:
        self._parent = {name: name for name in names}

    def of(self, name: str) -> str:
        """The name that stands for the group of `name`."""
        while self._parent[name] != name:
            name = self._parent[name]
        return name

    def join(self, first: str, second: str) -> None:
        """Make the groups of two names one."""
        self._parent[self.of(second)] = self.of(first)


def _without_repetitions(by_source: Mapping[str, Sequence[Statement]], groups: _Groups) -> list[str]:
    """One source of each wording; those that repeat it to the letter are joined to it."""
    wordings: dict[tuple[str, ...], str] = {}
    distinct = []
    for source, said in by_source.items():
        first = next((wordings[each.read.words] for each in said if each.read.words in wordings), None)
        if first is None:
            distinct.append(source)
        else:
            groups.join(first, source)
        for each in said:
            wordings.setdefault(each.read.words, source)
    return distinct


def _join_by_credits(
    by_source: Mapping[str, Sequence[Statement]], texts: Mapping[str, Sliceable], groups: _Groups
) -> None:
    """Join sources that credit one paper or agency; one that credits several follows the first of them."""
    follows = {source: _credits(said, texts) for source, said in by_source.items()}
    by_name: dict[str, str] = {}
    for source, names in follows.items():
        for name in names[:1]:
            if name in by_name:
                groups.join(by_name[name], source)
            by_name.setdefault(name, source)
    for source, said in by_source.items():
        for name in (each for statement in said for each in followed(statement.text)):
            for other, its in by_source.items():
                if other != source and not is_medium(name) and name in _publisher(its[0]):
                    groups.join(other, source)


def _credits(said: Sequence[Statement], texts: Mapping[str, Sliceable]) -> tuple[str, ...]:
    """The media that statements of one source credit: beside them, or at the head of the source."""
    beside = [name for statement in said for name in media_credited(_with_neighbours(statement))]
    source = said[0].source
    head = texts.get(source.id, said[0].chunk.text if said[0].chunk.span.start == 0 else "")
    of_all = [*media_of_head(f"{source.title or ''}\n"), *media_of_head(head)]
    return tuple(dict.fromkeys((*beside, *of_all, *_media_in_name(said[0]))))


def _with_neighbours(statement: Statement) -> str:
    """A statement with the sentence before and the one after it, as far as its chunk has them."""
    spans = statement.chunk.sentences
    at = spans.index(statement.span) if statement.span in spans else 0
    start, end = spans[max(0, at - 1)].start, spans[min(len(spans) - 1, at + 1)].end
    offset = statement.chunk.span.start
    return statement.chunk.text[start - offset : end - offset]


def _publisher(statement: Statement) -> str:
    """The name and the title of a statement's source, folded."""
    source = statement.source
    return fold(f"{source.name} {source.title or ''}").replace("-", " ").replace("_", " ")


def _media_in_name(statement: Statement) -> list[str]:
    """The media that a source's file name begins with: "reuters-2025-10-21.txt"."""
    stem = fold(statement.source.name.rpartition("/")[2]).replace("_", " ").replace("-", " ")
    first = stem.partition(".")[0].split()[:1]
    return [name for name in first if len(name) > 2 and is_medium(name)]
