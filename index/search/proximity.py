"""How closely a candidate's words follow the question's: their order, distance and sentence.

The measures are shares in [0, 1], unweighted: weighting terms by rarity was measured to gain nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.text.rows import body_table, column_words
from index.text.terms import query_terms, stem, stems, terms
from index.types import Chunk

NEAR_TERMS = 8  # terms: within a line or so; as in Metzler and Croft's unordered window, SIGIR 2005


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """A question's stems, and its neighbouring pairs with their distance."""

    stems: frozenset[str]
    pairs: tuple[tuple[str, str, int], ...]

    @classmethod
    def of(cls, question: str) -> QuestionTerms:
        """The terms of `question` that are worth searching, and how they stand in it."""
        content = frozenset(stem(term) for term in query_terms(question))
        places = [(at, word) for at, word in enumerate(map(stem, terms(question))) if word in content]
        pairs = tuple(
            (first, second, there - here)
            for (here, first), (there, second) in pairwise(places)
            if first != second
        )
        return cls(content, pairs)


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
    text, shift = chunk.text, chunk.span.start
    if not chunk.tables:
        return tuple([tuple(stems(text[span.start - shift : span.end - shift])) for span in chunk.sentences])
    names = {table: stems(column_words(table)) for table in chunk.tables}
    tables = (body_table(chunk.tables, span) for span in chunk.sentences)
    return tuple(
        (*(names[table] if table else ()), *stems(text[span.start - shift : span.end - shift]))
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
