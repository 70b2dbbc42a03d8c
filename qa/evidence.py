"""Whether the chosen sentences answer at all: how likely that is, and the bar below which we abstain.

A logistic model over a dozen counts that a person can check. Knows nothing of how sentences are chosen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from qa.features import FEATURES, Field, Scored, tightest
from qa.question import Asked

# Fitted by benchmarks/fit_evidence.py. Half of the weight of its examples is on answerable questions whose
# chosen sentences hit the gold, 0.35 on questions about other sets' documents, 0.15 on near misses.
EVIDENCE_WEIGHTS: Mapping[str, float] = {
    "bias": -4.19,
    "overlap": 0.73,
    "heading": 1.91,
    "kind_near": 0.37,
    "beside": -1.54,
    "alike": -0.29,
    "absent": -0.7,
    "names_elsewhere": -0.99,
    "kindless": -0.24,
    "likelihood": 0.92,
    "matched": 2.19,
    "asked": -0.7,
    "single": 1.71,
    "agree": 1.13,
}
# The 4.5 % quantile of the right answers fitted to. Of the questions left out of the fit it refuses 8 % of
# the right answers (squad2 .053, clapnq .069, chunk_eval .109), 92 % of other sets' questions (.930, .889,
# .954) and few near misses (squad2 .195, clapnq .466): shared words alone hardly tell those apart.
EVIDENCE_THRESHOLD = 0.30

_OVERLAP = FEATURES.index("overlap")
_WITH_A_MARK = ("who", "when", "where", "amount")  # kinds whose answers can be told by their form


def evidence(ask: Asked, field: Field, chosen: Sequence[Scored]) -> float:
    """How likely `chosen`, best first and at least one, answers the question, in [0, 1]."""
    features = evidence_features(ask, field, chosen)
    odds = sum(weight * features[name] for name, weight in EVIDENCE_WEIGHTS.items())
    return 1.0 / (1.0 + math.exp(-odds))


def evidence_features(ask: Asked, field: Field, chosen: Sequence[Scored]) -> dict[str, float]:
    """What speaks for and against. Shares are of the question's terms, by weight unless said otherwise.

    overlap: the largest of the chosen sentences. heading, kind_near: of the best, as in `qa.features`.
    beside: share that only the sentences beside them or the headings above have. alike: share that is neither
    here nor beside, but begun alike. absent: share (by count) of terms that no passage has, not even begun
    alike. names_elsewhere: share (by count) of the question's names and numbers that are neither here nor
    beside. kindless: asked who, when, where or how many, and the best has nothing of that form. likelihood:
    of the best among all. matched, asked: log2 of 1 + the terms found here or beside, and of all terms.
    single: the question has one term. agree: both searches rank the passage first to third.
    """
    weights, best = field.weights, chosen[0].found
    read = dict(zip(FEATURES, best.features, strict=True))
    here = frozenset().union(*(tightest(ask, weights, found.line.stems) for found, _ in chosen))
    around = here.union(*(bag for found, _ in chosen for bag in found.around)).intersection(ask.terms)
    alike = (
        frozenset(term for found, _ in chosen for term in ask.terms if found.line.has_alike(term)) - around
    )
    absent = [term for term in ask.terms if term not in weights.seen and not weights.has_alike(term)]
    ranks = (best.passage.lexical_rank, best.passage.dense_rank)
    return {
        "bias": 1.0,
        "overlap": max(found.features[_OVERLAP] for found, _ in chosen),
        "heading": read["heading"],
        "kind_near": read["kind_near"],
        "beside": weights.share(around - here),
        "alike": weights.share(alike),
        "absent": len(absent) / len(ask.terms),
        "names_elsewhere": _part(ask.names - around - alike, ask.names),
        "kindless": float(ask.kind in _WITH_A_MARK and not read["figure"] + read["name"]),
        "likelihood": chosen[0].likelihood,
        "matched": math.log2(1 + len(around) + len(alike)),
        "asked": math.log2(1 + len(ask.terms)),
        "single": float(len(ask.terms) == 1),
        "agree": float(all(rank is not None and rank <= 3 for rank in ranks)),
    }


def _part(some: frozenset[str], whole: frozenset[str]) -> float:
    return len(some) / len(whole) if whole else 0.0
