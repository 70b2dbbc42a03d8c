"""R@k, precision@k, Success@k, MRR and nDCG@k of ranked passages.

R@k and precision@k are shares of characters and do not depend on how a source was cut into chunks. Success,
MRR and nDCG ask of each passage whether it is relevant (`is_relevant`), as TREC does of documents. For gold
pages all of them are over a ranking of pages, for gold documents over one of documents. A ranking has no more
passages than were retrieved: of a run with --k 3, R@10 is R@3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Span
from qa.evaluation.metrics.spans import Regions, overlap, size, union
from qa.evaluation.types import GoldPlace, Retrieved


@dataclass(frozen=True, slots=True)
class Ranking:
    """Of each rank whether it is relevant, and how many relevant ones the index has, folded copies as one.

    `ideal` is never fewer than there are in the ranking.
    """

    relevant: tuple[bool, ...]
    ideal: int


def is_relevant(passage: Span, gold: Span) -> bool:
    """Whether a passage hits gold of its source: both share at least half of the shorter one's characters.

    The one definition of a hit by span: Success@k, MRR and nDCG rest on it, and so do the chunks of a
    `GoldPlace`, the page of `qa report` and `benchmarks/retrieval.py`. Half of the shorter one, so that a
    passage within a long stretch of gold hits it, and one that holds a short gold sentence does too.
    """
    shared = min(passage.end, gold.end) - max(passage.start, gold.start)
    return shared > 0 and 2 * shared >= min(len(passage), len(gold))


def recall(retrieved: Regions, gold: Regions) -> float:
    """R@k = |retrieved and gold| / |gold| in characters or pages, of the first k passages; 0 without gold.

    As the recall over tokens of Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval" (Chroma,
    2024), but over characters.
    """
    return _share(overlap(retrieved, gold), size(gold))


def precision(retrieved: Regions, gold: Regions) -> float:
    """precision@k = |retrieved and gold| / |retrieved| in characters; 0 if nothing was retrieved.

    The same source as `recall`. Where passages overlap, a character counts once.
    """
    return _share(overlap(retrieved, gold), size(retrieved))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def passage_regions(passages: Sequence[Retrieved], *, copies: bool) -> Regions:
    """The characters of passages, with or without those of their copies."""
    places = [passage.place for passage in passages]
    if copies:
        places += [copy for passage in passages for copy in passage.copies]
    return union((place.source, place.span) for place in places)


def success(ranking: Ranking, k: int) -> float:
    """Success@k = 1 if any of the first k is relevant, else 0 (`success` of trec_eval)."""
    return float(any(ranking.relevant[:k]))


def reciprocal_rank(ranking: Ranking) -> float:
    """RR = 1 / the rank of the first relevant one, 0 without any (`recip_rank` of trec_eval).

    Its mean over questions is MRR: Voorhees, "The TREC-8 Question Answering Track Report" (TREC, 1999).
    """
    return 1 / (ranking.relevant.index(True) + 1) if any(ranking.relevant) else 0.0


def ndcg(ranking: Ranking, k: int) -> float:
    """nDCG@k = DCG@k / DCG@k of the ideal ranking, 0 if nothing is relevant (`ndcg_cut` of trec_eval).

    DCG@k is the sum of 1 / log2(rank + 1) over the relevant ones among the first k; the ideal ranking begins
    with all that are relevant. Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques"
    (TOIS, 2002).
    """
    ideal = sum(_discount(rank) for rank in range(1, min(k, ranking.ideal) + 1))
    gained = sum(_discount(rank) for rank, relevant in enumerate(ranking.relevant[:k], 1) if relevant)
    return gained / ideal if ideal else 0.0


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)


def passage_ranking(passages: Sequence[Retrieved], gold: Sequence[GoldPlace]) -> Ranking:
    """Which passages are relevant, by themselves or by a copy. `passages` are by rank, `gold` is spans.

    A chunk counts at the first rank that it has. `ideal` is the number of relevant chunks of the index;
    those that were folded into one passage are one, because no ranking could have shown them apart.
    """
    chunks = {(place.source, start) for place in gold for start in place.chunks}
    seen: set[tuple[str, int]] = set()
    relevant, folded = [], 0
    for passage in passages:
        new = {
            (place.source, place.span.start)
            for place in (passage.place, *passage.copies)
            for wanted in gold
            if wanted.source == place.source
            and wanted.span is not None
            and is_relevant(place.span, wanted.span)
        } - seen
        relevant.append(bool(new))
        folded += max(len(new) - 1, 0)
        seen |= new
    return Ranking(tuple(relevant), len(chunks | seen) - folded)


def ranked_pages(passages: Sequence[Retrieved]) -> tuple[tuple[str, int], ...]:
    """(source, page) by rank: every passage gives its pages in order, then those of its copies.

    A page stands where it comes first. `passages` are by rank.
    """
    places = [place for passage in passages for place in (passage.place, *passage.copies)]
    return tuple(dict.fromkeys((place.source, page) for place in places for page in place.pages))


def ranked_documents(passages: Sequence[Retrieved]) -> tuple[str, ...]:
    """The names of sources by rank: that of every passage, then those of its copies; each once.

    `passages` are by rank.
    """
    places = [place for passage in passages for place in (passage.place, *passage.copies)]
    return tuple(dict.fromkeys(place.source for place in places))


def document_ranking(ranked: Sequence[str], gold: set[str]) -> Ranking:
    """Which of the ranked sources are gold."""
    return Ranking(tuple(name in gold for name in ranked), len(gold))


def page_ranking(ranked: Sequence[tuple[str, int]], gold: set[tuple[str, int]]) -> Ranking:
    """Which of the ranked pages are gold."""
    return Ranking(tuple(page in gold for page in ranked), len(gold))
