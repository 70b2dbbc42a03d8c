"""Probability that the chosen sentences answer the question, and the threshold for abstaining.

A logistic model over ten counts that a person can check.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from index.text.negation_words import NEGATIONS, PLAIN_NEGATIONS
from qa.answering.extractive.question import ParsedQuestion
from qa.answering.extractive.sentence_features import FEATURES, Candidates, ScoredSentence, tightest

# Fitted by benchmarks/fit_evidence.py. Half of the weight of its examples is on answerable questions whose
# chosen sentences hit the gold, 0.35 on questions about other sets' documents, 0.15 on near misses.
EVIDENCE_WEIGHTS: Mapping[str, float] = {
    "bias": -5.61,
    "overlap": 2.94,
    "heading": 3.0,
    "kind_near": 0.51,
    "beside": -1.8,
    "absent": -0.52,
    "names_elsewhere": -1.29,
    "matched": 1.72,
    "agree": 1.24,
    "negated": -4.85,
}
# The 4.5 % quantile of the right answers fitted to. Of the questions left out of the fit it refuses 6 %
# of the right answers of squad2, 3 % of clapnq and 10 % of chunk_eval, some 92 % of other sets' questions,
# and few near misses (squad2 .27, clapnq .45): shared words alone hardly tell those apart.
EVIDENCE_THRESHOLD = 0.288

_OVERLAP = FEATURES.index("overlap")
# "Not only", "no longer" and "no more" deny nothing that an answer would have to deny.
_PLAIN = "|".join(sorted(PLAIN_NEGATIONS - {"not", "no"}))
_NOT = re.compile(
    rf"\b(?:not(?! only)|no(?! (?:longer|more|fewer|less))|{_PLAIN}|\w+n['’]t)\b", re.IGNORECASE
)
_DENIES = re.compile(
    rf"{_NOT.pattern}|\b(?:{'|'.join(sorted(NEGATIONS))})\b"
    r"|\b(?:refus|reject|den(?:y|ied)|fail|lack|prevent|except|unable|unlike|rather|only)",
    re.IGNORECASE,
)


def evidence(question: ParsedQuestion, candidates: Candidates, chosen: Sequence[ScoredSentence]) -> float:
    """How likely `chosen`, best first and at least one, answers the question, in [0, 1]."""
    features = evidence_features(question, candidates, chosen)
    odds = sum(weight * features[name] for name, weight in EVIDENCE_WEIGHTS.items())
    return 1.0 / (1.0 + math.exp(-odds))


def evidence_features(
    question: ParsedQuestion, candidates: Candidates, chosen: Sequence[ScoredSentence]
) -> dict[str, float]:
    """What speaks for and against. Shares are of the question's terms, by weight unless said otherwise.

    overlap: the largest of the chosen sentences. heading, kind_near: of the best, as in `features`.
    beside: share that only the sentences beside them or the headings above have. absent: share (by count) of
    terms that no passage has, not even begun alike. names_elsewhere: share (by count) of the question's names
    and numbers that are neither here nor beside. matched: log2 of 1 + the terms found here or beside. agree:
    both searches rank the passage first to third. negated: the question says "not", and no chosen sentence
    denies anything.
    """
    weights, best = candidates.weights, chosen[0].candidate
    best_features = dict(zip(FEATURES, best.features, strict=True))
    in_chosen = frozenset().union(
        *(tightest(question, weights, candidate.sentence.stems) for candidate, _ in chosen)
    )
    around = in_chosen.union(*(bag for candidate, _ in chosen for bag in candidate.around)).intersection(
        question.terms
    )
    similar = {
        term for candidate, _ in chosen for term in question.terms if candidate.sentence.has_alike(term)
    } - around
    absent = [term for term in question.terms if term not in weights.seen and not weights.has_alike(term)]
    ranks = (best.passage.lexical_rank, best.passage.dense_rank)
    negated = _NOT.search(question.text) and not any(
        _DENIES.search(candidate.sentence.text) for candidate, _ in chosen
    )
    return {
        "bias": 1.0,
        "overlap": max(candidate.features[_OVERLAP] for candidate, _ in chosen),
        "heading": best_features["heading"],
        "kind_near": best_features["kind_near"],
        "beside": weights.share(around - in_chosen),
        "absent": len(absent) / len(question.terms),
        "names_elsewhere": _share(question.names - around - similar, question.names),
        "matched": math.log2(1 + len(around) + len(similar)),
        "agree": float(all(rank is not None and rank <= 3 for rank in ranks)),
        "negated": float(bool(negated)),
    }


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part) / len(whole) if whole else 0.0
