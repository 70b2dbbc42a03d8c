"""Several queries for one question: what each of them found, fused into one ranking.

Reciprocal rank fusion, with a promise to the question itself: what it found at rank r stands among the first
r + 7 (for a small k, r + 2 k / 3), so that a query which goes astray pushes nothing out of sight.
Passages that two queries found apart and that say the same are folded again.

Constant, weight and promise were chosen on the queries that two people wrote for the filings of a public set,
77 in all: both sets, and both halves of the companies, prefer the same (benchmarks/RESULTS.md, "Planning").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.search.ranking.deduplicate import Folded
from index.types import Copy, Hit, Passage

RANK_CONSTANT = 5  # of reciprocal rank fusion: Cormack, Clarke and Buettcher, SIGIR 2009, who have 60
QUERY_WEIGHT = 2.0  # of a query beside the question, in whose words the texts are written sooner

Fold = Callable[[Sequence[str], int], Folded]


@dataclass(frozen=True, slots=True)
class _Found:
    """A passage of the first query that found it, its best score, and all its hits and copies."""

    passage: Passage
    score: float
    hits: tuple[Hit, ...]
    copies: tuple[Copy, ...]


def fuse_queries(rankings: Sequence[Sequence[Passage]], k: int, fold: Fold) -> tuple[Passage, ...]:
    """The first `k` passages of all `rankings`, each with its `hits`; the first ranking is the question's.

    A passage keeps the ranks of the first query that found it. Its score is the best that a query gave it, or
    that of what ranks behind it if that is higher: scores fall with the ranks, and keep the scale that they
    have for one query. `fold` folds chunks, given by their ids, as `fold_copies` does.
    """
    found = _collect(rankings)
    order = _with_promise([passage.chunk.id for passage in rankings[0]], _by_reciprocal_ranks(found), k)
    folded = fold(order, k)
    passages = [
        _joined([found[order[place]] for place in (at, *folded.copies.get(at, ()))], rank)
        for rank, at in enumerate(folded.kept, 1)
    ]
    least = 0.0
    for at in range(len(passages) - 1, -1, -1):
        least = max(least, passages[at].score)
        passages[at] = replace(passages[at], score=least)
    return tuple(passages)


def _collect(rankings: Sequence[Sequence[Passage]]) -> dict[str, _Found]:
    """By the id of its chunk, what all queries say of a passage."""
    found: dict[str, _Found] = {}
    for query, ranking in enumerate(rankings):
        for passage in ranking:
            hit = Hit(query, passage.rank)
            known = found.get(passage.chunk.id)
            found[passage.chunk.id] = (
                replace(
                    known,
                    score=max(known.score, passage.score),
                    hits=(*known.hits, hit),
                    copies=(*known.copies, *passage.copies),
                )
                if known
                else _Found(passage, passage.score, (hit,), passage.copies)
            )
    return found


def _by_reciprocal_ranks(found: Mapping[str, _Found]) -> list[str]:
    fused = {key: sum(map(_reciprocal, one.hits)) for key, one in found.items()}
    places = {
        key: (one.hits[0].query, one.passage.source.name, one.passage.chunk.span)
        for key, one in found.items()
    }
    return sorted(fused, key=lambda key: (-fused[key], places[key]))


def _reciprocal(hit: Hit) -> float:
    return (QUERY_WEIGHT if hit.query else 1.0) / (RANK_CONSTANT + hit.rank)


def promised_place(rank: int, k: int) -> int:
    """The last place of a passage of this rank for the question: 8, 9, 10 and on, sooner with a small `k`."""
    return rank + min(7, 2 * k // 3)


def _with_promise(question: Sequence[str], order: Sequence[str], k: int) -> list[str]:
    """`order`, but what stands in `question` at its `promised_place` or before."""
    due = {promised_place(rank, k): key for rank, key in enumerate(question, 1)}
    rest = list(reversed(order))
    placed: dict[str, None] = {}
    while rest:
        promised = due.get(len(placed) + 1)
        if promised is not None and promised not in placed:
            placed[promised] = None
        elif (key := rest.pop()) not in placed:
            placed[key] = None
    return list(placed)


def _joined(joined: Sequence[_Found], rank: int) -> Passage:
    """What was folded into one, as the first of it with the hits and copies of all, each once."""
    copies: dict[str, Copy] = {}
    hits: dict[int, Hit] = {}
    passage = joined[0].passage
    for one in joined:
        for hit in one.hits:
            if hit.query not in hits or hit.rank < hits[hit.query].rank:
                hits[hit.query] = hit
        for copy in (Copy(one.passage.chunk, one.passage.source), *one.copies):
            copies.setdefault(copy.chunk.id, copy)
    copies.pop(passage.chunk.id)
    return replace(
        passage,
        rank=rank,
        score=max(one.score for one in joined),
        hits=tuple(hits[query] for query in sorted(hits)),
        copies=tuple(copies.values()),
    )
