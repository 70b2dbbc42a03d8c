"""Several queries for one question: what each of them found, fused into one ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Hit, Passage

RANK_CONSTANT = 60  # of reciprocal rank fusion: Cormack, Clarke and Buettcher, SIGIR 2009


def fuse_queries(rankings: Sequence[Sequence[Passage]], k: int) -> tuple[Passage, ...]:
    """The first `k` passages of all `rankings` by reciprocal rank fusion, each with the `hits` it had.

    The first ranking is that of the question itself. A passage keeps the score and the ranks of the first
    query that found it.
    """
    hits: dict[str, list[Hit]] = {}
    first: dict[str, Passage] = {}
    for query, ranking in enumerate(rankings):
        for passage in ranking:
            first.setdefault(passage.chunk.id, passage)
            hits.setdefault(passage.chunk.id, []).append(Hit(query, passage.rank))
    fused = {key: sum(1 / (RANK_CONSTANT + hit.rank) for hit in found) for key, found in hits.items()}
    order = sorted(fused, key=lambda key: (-fused[key], first[key].source.name, first[key].chunk.span))
    return tuple(
        replace(first[key], rank=rank, hits=tuple(hits[key])) for rank, key in enumerate(order[:k], 1)
    )
