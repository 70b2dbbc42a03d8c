"""The scores of a candidate into one. Knows rows and numbers only.

The weights were chosen on half of the questions of five public sets and confirmed on the other half
(benchmarks/RESULTS.md); around them the figures hardly move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search.proximity import Proximity

LEXICAL = 0.85  # of BM25, divided by its largest; DENSE of the cosine, likewise
DENSE = 0.15
ORDERED = 0.3
NEAR = 0.3
SENTENCE = 0.2
NAMED = 0.5
MOST = LEXICAL + DENSE + ORDERED + NEAR + SENTENCE + NAMED


@dataclass(frozen=True, slots=True)
class CandidateScores:
    """What the two searches say of one candidate: shares of their largest scores, and ranks from 1."""

    row: int
    lexical: float
    dense: float
    lexical_rank: int | None
    dense_rank: int | None


def join(lexical: Mapping[int, float], dense: Mapping[int, float]) -> list[CandidateScores]:
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

    `named` is its source's share of `named_shares`. Comparable among the candidates of one question only. The
    digits are cut so that equal passages get equal scores in whatever order the machine adds.
    """
    total = LEXICAL * scores.lexical + DENSE * scores.dense + NAMED * named
    total += ORDERED * close.ordered + NEAR * close.near + SENTENCE * close.sentence
    return round(total / MOST, 6)


def _share(score: float, largest: float) -> float:
    return max(score, 0.0) / largest if largest > 0 else 0.0


def _ranks(scores: Mapping[int, float]) -> dict[int, int]:
    order = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: rank for rank, row in enumerate(order, 1)}
