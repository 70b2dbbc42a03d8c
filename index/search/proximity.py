"""How closely a candidate's words follow the question's: what BM25, counting words one by one, cannot see.

Knows terms, sentences and source names; knows neither where candidates came from nor what becomes of them.
The measures are shares in [0, 1], unweighted: weighting terms by rarity was measured to gain nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from index.text.terms import query_terms, stem, stems, terms
from index.types import Chunk, Source

NEAR = 8  # terms: within a line or so; as in Metzler and Croft's unordered window, SIGIR 2005
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the stems of a question's terms, and its neighbouring pairs with their distance."""

    stems: frozenset[str]
    pairs: tuple[tuple[str, str, int], ...]
    named: frozenset[str]

    @classmethod
    def of(cls, question: str) -> Wanted:
        """Years count as terms of a name even inside a word ("FY2022")."""
        content = frozenset(stem(term) for term in query_terms(question))
        places = [(at, word) for at, word in enumerate(map(stem, terms(question))) if word in content]
        pairs = tuple(
            (first, second, there - here)
            for (here, first), (there, second) in pairwise(places)
            if first != second
        )
        return cls(content, pairs, content | frozenset(_YEAR.findall(question)))


@dataclass(frozen=True, slots=True)
class Proximity:
    """How a text follows a question, as three shares.

    `ordered`, `near`: of the question's pairs of terms, those that stand in that order and no further apart,
    and those within `NEAR` terms in any order. `sentence`: the largest share of its terms in one sentence.
    """

    ordered: float
    near: float
    sentence: float


def sentence_stems(chunk: Chunk) -> tuple[tuple[str, ...], ...]:
    """The stems of each sentence of a chunk, in order."""
    shift = chunk.span.start
    return tuple(tuple(stems(chunk.text[one.start - shift : one.end - shift])) for one in chunk.sentences)


def closeness(wanted: Wanted, sentences: Sequence[Sequence[str]]) -> Proximity:
    """How closely the stems of a chunk's sentences follow the question. 0 for a share of nothing."""
    places: dict[str, list[int]] = {}
    at, most = 0, 0
    for sentence in sentences:
        found = wanted.stems.intersection(sentence)
        most = max(most, len(found))
        if found:
            for offset, word in enumerate(sentence, at):
                if word in found:
                    places.setdefault(word, []).append(offset)
        at += len(sentence)
    ordered = near = 0
    for first, second, distance in wanted.pairs:
        gaps = [there - here for here in places.get(first, ()) for there in places.get(second, ())]
        ordered += any(0 < gap <= distance for gap in gaps)
        near += any(abs(gap) <= NEAR for gap in gaps)
    pairs = len(wanted.pairs) or 1
    return Proximity(ordered / pairs, near / pairs, most / (len(wanted.stems) or 1))


def named_shares(wanted: Wanted, sources: Collection[Source]) -> dict[str, float]:
    """By source id: of the question's terms that some name or title has, the share that this one's have.

    A question that names a company and a year so prefers the file named after both.
    """
    names = {source.id: wanted.named & _name_terms(source) for source in sources}
    known = len(frozenset[str]().union(*names.values()))
    return {source_id: len(found) / known if known else 0.0 for source_id, found in names.items()}


def _name_terms(source: Source) -> frozenset[str]:
    path = PurePosixPath(source.name)
    stemmed = stems(f"{path.parent} {path.stem} {source.title or ''}")
    return frozenset([*stemmed, *_YEAR.findall(source.name)])
