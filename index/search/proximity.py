"""How closely a candidate's words follow the question's: their order, distance and sentence.

The measures are shares in [0, 1], unweighted: weighting terms by rarity was measured to gain nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from index.text.rows import body_table, column_words
from index.text.terms import query_terms, stem, stems, terms
from index.types import Chunk, Source

NEAR_TERMS = 8  # terms: within a line or so; as in Metzler and Croft's unordered window, SIGIR 2005
# Four digits with no digit beside them, letters allowed: the year of "FY2022" and of "report_2022.pdf".
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """A question's stems, its neighbouring pairs with their distance, and what names are searched for."""

    stems: frozenset[str]
    pairs: tuple[tuple[str, str, int], ...]
    named: frozenset[str]

    @classmethod
    def of(cls, question: str) -> QuestionTerms:
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
    and those within `NEAR_TERMS` of each other in any order. `sentence`: the largest share of its terms that
    stand in one sentence.
    """

    ordered: float
    near: float
    sentence: float


def sentence_stems(chunk: Chunk) -> tuple[tuple[str, ...], ...]:
    """The stems of each sentence of a chunk, in order; of a row, after those that name its columns."""
    shift = chunk.span.start
    names = {table: stems(column_words(table)) for table in chunk.tables}
    tables = (body_table(chunk.tables, span) for span in chunk.sentences)
    return tuple(
        (*(names[table] if table else ()), *stems(chunk.text[span.start - shift : span.end - shift]))
        for table, span in zip(tables, chunk.sentences, strict=True)
    )


def closeness(wanted: QuestionTerms, sentences: Sequence[Sequence[str]]) -> Proximity:
    """How closely the stems of a chunk's sentences follow the question. 0 for a share of nothing."""
    places: dict[str, list[int]] = {}
    at, most = 0, 0
    for sentence in sentences:
        shared = wanted.stems.intersection(sentence)
        most = max(most, len(shared))
        if shared:
            for offset, word in enumerate(sentence, at):
                if word in shared:
                    places.setdefault(word, []).append(offset)
        at += len(sentence)
    ordered = near = 0
    for first, second, distance in wanted.pairs:
        gaps = [there - here for here in places.get(first, ()) for there in places.get(second, ())]
        ordered += any(0 < gap <= distance for gap in gaps)
        near += any(abs(gap) <= NEAR_TERMS for gap in gaps)
    pairs = len(wanted.pairs) or 1
    return Proximity(ordered / pairs, near / pairs, most / (len(wanted.stems) or 1))


def named_shares(wanted: QuestionTerms, sources: Collection[Source]) -> dict[str, float]:
    """By source id: of the question's terms that some name or title has, the share that this one's have.

    A question that names a company and a year so prefers the file named after both.
    """
    names = {source.id: wanted.named & _name_terms(source) for source in sources}
    known = len(frozenset[str]().union(*names.values()))
    return {source_id: len(shared) / known if known else 0.0 for source_id, shared in names.items()}


def _name_terms(source: Source) -> frozenset[str]:
    path = PurePosixPath(source.name)
    stemmed = stems(f"{path.parent} {path.stem} {source.title or ''}")
    return frozenset([*stemmed, *_YEAR.findall(source.name)])
