"""The scores of a candidate fused into one: of both searches, its words, its source's name, figures.

The weights were chosen on half of the questions of five public sets and confirmed on the other half, that of
figures without each company in turn (benchmarks/RESULTS.md); around them the results hardly move.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search.ranking.proximity import Proximity

LEXICAL_WEIGHT = 0.85  # of BM25, divided by the largest of the question
DENSE_WEIGHT = 0.15  # of the cosine, likewise
ORDERED_WEIGHT = 0.3
NEAR_WEIGHT = 0.3
SENTENCE_WEIGHT = 0.2
NAMED_WEIGHT = 0.5
FIGURES_WEIGHT = 0.3  # where a question names a year or a quarter
ALL_WEIGHTS = LEXICAL_WEIGHT + DENSE_WEIGHT + ORDERED_WEIGHT + NEAR_WEIGHT + SENTENCE_WEIGHT + NAMED_WEIGHT
# Of a text's characters, the share that are digits: in prose with a date or two at most the first, in the
# tables of reports about the second.
PROSE_DIGITS, TABLE_DIGITS = 0.08, 0.25
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class CandidateScores:
    """What the two searches say of one candidate: shares of their largest scores, and ranks from 1."""

    row: int
    lexical: float
    dense: float
    lexical_rank: int | None
    dense_rank: int | None


def join_rankings(lexical: Mapping[int, float], dense: Mapping[int, float]) -> list[CandidateScores]:
    """Every row of either search, with each score divided by the largest of its search; negatives are 0."""
    lexical_ranks, dense_ranks = _ranks(lexical), _ranks(dense)
    most, nearest = max(lexical.values(), default=0.0), max(dense.values(), default=0.0)
    return [
        CandidateScores(
            row,
            _share(lexical.get(row, 0.0), most),
            _share(dense.get(row, 0.0), nearest),
            lexical_ranks.get(row),
            dense_ranks.get(row),
        )
        for row in sorted(lexical.keys() | dense.keys())
    ]


def figures(text: str) -> float:
    """How much of `text` is figures, in [0, 1]: 0 for prose with a date or two, 1 for rows of numbers.

    A table says each word once and counts as long for its numbers, so that BM25 and the distances of words
    put it behind prose about the same.
    """
    share = len(_DIGIT.findall(text)) / (len(text) or 1)
    return min(1.0, max(0.0, (share - PROSE_DIGITS) / (TABLE_DIGITS - PROSE_DIGITS)))


def fuse(scores: CandidateScores, close: Proximity, named: float, figured: float | None = None) -> float:
    """The weighted mean of a candidate's shares, in [0, 1], to six digits.

    `named` is its source's share of what the question names (`index.search.names`), `figured` what `figures`
    says of it, None for a question that does not ask for any. Comparable among the candidates of one question
    only. The digits are cut so that equal passages get equal scores in whatever order the machine adds.
    """
    total = LEXICAL_WEIGHT * scores.lexical + DENSE_WEIGHT * scores.dense + NAMED_WEIGHT * named
    total += ORDERED_WEIGHT * close.ordered + NEAR_WEIGHT * close.near + SENTENCE_WEIGHT * close.sentence
    if figured is None:
        return round(total / ALL_WEIGHTS, 6)
    return round((total + FIGURES_WEIGHT * figured) / (ALL_WEIGHTS + FIGURES_WEIGHT), 6)


def _share(score: float, largest: float) -> float:
    return max(score, 0.0) / largest if largest > 0 else 0.0


def _ranks(scores: Mapping[int, float]) -> dict[int, int]:
    order = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: rank for rank, row in enumerate(order, 1)}
