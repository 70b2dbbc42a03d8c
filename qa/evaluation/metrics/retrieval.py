"""How good a ranking of passages is: how much of the gold it holds, and how high what answers stands in it.

Pure functions of gold and of what was retrieved. Shares are of characters and do not depend on how a source
was cut into chunks; Success, MRR and nDCG ask of each passage whether it answers
(`is_relevant`). For gold pages a ranking is one of pages. A ranking has no more passages
than were retrieved: of a run with --k 3, R@10 is R@3. Knows no answers and no files.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Span
from qa.evaluation.metrics.spans import Regions, shared, size, union
from qa.evaluation.types import GoldPlace, Retrieved


@dataclass(frozen=True, slots=True)
class Ranking:
    """Of each rank whether it answers, and how many ranks could (`ideal`, never fewer than do)."""

    answers: tuple[bool, ...]
    ideal: int


def is_relevant(passage: Span, gold: Span) -> bool:
    """Whether a passage hits gold of its source: both share at least half of the shorter one's characters.

    The one definition of a hit by span: Success@k, MRR and nDCG rest on it, and so do the chunks of a
    `GoldPlace`, the page of `qa report` and `benchmarks/retrieval.py`. Half of the shorter one, so that a
    passage within a long stretch of gold hits it, and one that holds a short gold sentence does too.
    """
    shared_characters = min(passage.end, gold.end) - max(passage.start, gold.start)
    return shared_characters > 0 and 2 * shared_characters >= min(len(passage), len(gold))


def recall(held: Regions, gold: Regions) -> float:
    """The share of the gold that is held, 0 if there is no gold: R@k, where `held` is the first k passages.

    As the recall over tokens of Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval" (Chroma,
    2024), but over characters.
    """
    return _share(shared(held, gold), size(gold))


def precision(held: Regions, gold: Regions) -> float:
    """The share of what is held that is gold, 0 if nothing is held. Same source as `recall`.

    Where passages overlap, a character counts once.
    """
    return _share(shared(held, gold), size(held))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def characters(passages: Sequence[Retrieved], *, copies: bool) -> Regions:
    """The characters of passages, with or without those of their copies."""
    places = [one.place for one in passages]
    if copies:
        places += [copy for one in passages for copy in one.copies]
    return union((place.source, place.span) for place in places)


def success(ranking: Ranking, k: int) -> float:
    """Success@k: 1 if any of the first k answers, else 0 (`success` of trec_eval)."""
    return float(any(ranking.answers[:k]))


def reciprocal_rank(ranking: Ranking) -> float:
    """1 / the rank of the first that answers, 0 if none does (`recip_rank` of trec_eval); its mean is MRR."""
    return 1 / (ranking.answers.index(True) + 1) if any(ranking.answers) else 0.0


def ndcg(ranking: Ranking, k: int) -> float:
    """nDCG@k with gain 1 for what answers and the discount log2(rank + 1) (`ndcg_cut` of trec_eval).

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (TOIS, 2002). The ideal
    ranking begins with all that could answer. 0 if nothing could.
    """
    ideal = sum(_gain(rank) for rank in range(1, min(k, ranking.ideal) + 1))
    gained = sum(_gain(rank) for rank, answers in enumerate(ranking.answers[:k], 1) if answers)
    return gained / ideal if ideal else 0.0


def _gain(rank: int) -> float:
    return 1 / math.log2(rank + 1)


def passage_ranking(passages: Sequence[Retrieved], gold: Sequence[GoldPlace]) -> Ranking:
    """Which passages answer, by themselves or by a copy. `passages` are by rank, `gold` is spans.

    A chunk counts at the first rank that it has. `ideal` is the number of chunks of the index that answer;
    those that were folded into one passage are one, because no ranking could have shown them apart.
    """
    chunks = {(one.source, start) for one in gold for start in one.chunks}
    seen: set[tuple[str, int]] = set()
    answers, folded = [], 0
    for passage in passages:
        places = (passage.place, *passage.copies)
        new = {
            (place.source, place.span.start)
            for place in places
            for one in gold
            if one.source == place.source and one.span is not None and is_relevant(place.span, one.span)
        } - seen
        answers.append(bool(new))
        folded += max(len(new) - 1, 0)
        seen |= new
    return Ranking(tuple(answers), len(chunks | seen) - folded)


def ranked_pages(passages: Sequence[Retrieved]) -> tuple[tuple[str, int], ...]:
    """(source, page) by rank: every passage gives its pages in order, then those of its copies.

    A page stands where it comes first. `passages` are by rank.
    """
    places = [place for one in passages for place in (one.place, *one.copies)]
    return tuple(dict.fromkeys((place.source, page) for place in places for page in place.pages))


def page_ranking(ranked: Sequence[tuple[str, int]], gold: set[tuple[str, int]]) -> Ranking:
    """Which of the ranked pages are gold."""
    return Ranking(tuple(page in gold for page in ranked), len(gold))
