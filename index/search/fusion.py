"""The scores of a candidate fused into one: of both searches, of its words, and of its source's name.

The weights were chosen on half of the questions of five public sets and confirmed on the other half
(benchmarks/RESULTS.md); around them the figures hardly move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search.proximity import Proximity

LEXICAL_WEIGHT = 0.85  # of BM25, divided by the largest of the question
DENSE_WEIGHT = 0.15  # of the cosine, likewise
ORDERED_WEIGHT = 0.3
NEAR_WEIGHT = 0.3
SENTENCE_WEIGHT = 0.2
NAMED_WEIGHT = 0.5
ALL_WEIGHTS = LEXICAL_WEIGHT + DENSE_WEIGHT + ORDERED_WEIGHT + NEAR_WEIGHT + SENTENCE_WEIGHT + NAMED_WEIGHT


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


def fuse(scores: CandidateScores, close: Proximity, named: float) -> float:
    """The weighted mean of a candidate's shares, in [0, 1], to six digits.

    `named` is its source's share of what the question names (`index.search.names`). Comparable among the
    candidates of one question only. The digits are cut so that equal passages get equal scores in whatever
    order the machine adds.
    """
    total = LEXICAL_WEIGHT * scores.lexical + DENSE_WEIGHT * scores.dense + NAMED_WEIGHT * named
    total += ORDERED_WEIGHT * close.ordered + NEAR_WEIGHT * close.near + SENTENCE_WEIGHT * close.sentence
    return round(total / ALL_WEIGHTS, 6)


def _share(score: float, largest: float) -> float:
    return max(score, 0.0) / largest if largest > 0 else 0.0


def _ranks(scores: Mapping[int, float]) -> dict[int, int]:
    order = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: rank for rank, row in enumerate(order, 1)}
