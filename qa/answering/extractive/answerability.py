"""Probability that the chosen sentences answer the question, and the threshold for abstaining.

A logistic model over counts that a person can check.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from index.text.negation_words import NEGATIONS, PLAIN_NEGATIONS
from qa.answering.extractive.question import ParsedQuestion
from qa.answering.extractive.sentence_features import (
    FEATURES,
    Candidates,
    CandidateSentence,
    ScoredSentence,
    tightest,
)
from qa.answering.extractive.sentences import analyse

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
    "unbound": 0.0,
    "specific": 0.0,
    "meaning": 0.0,
    "nearest": 0.0,
}
# The 4.5 % quantile of the right answers fitted to. Of the questions left out of the fit it refuses 6 %
# of the right answers of squad2, 3 % of clapnq and 10 % of chunk_eval, some 92 % of other sets' questions,
# and few near misses (squad2 .27, clapnq .45): shared words alone hardly tell those apart.
EVIDENCE_THRESHOLD = 0.288

_OVERLAP, _MEANING, _NEAREST = (FEATURES.index(name) for name in ("overlap", "meaning", "nearest"))
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
    denies anything. unbound: share (by count) of the names and numbers that are nowhere in the passage of
    the best, its headings, its title or its source's name. specific: share that is here, of what headings and
    title do not say already. meaning, nearest: the largest of the chosen sentences, as in `features`.
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
        "unbound": _share(unbound(question, best), question.names),
        "specific": _specific(question, candidates, best, in_chosen | similar),
        "meaning": max(candidate.features[_MEANING] for candidate, _ in chosen),
        "nearest": max(candidate.features[_NEAREST] for candidate, _ in chosen),
    }


def unbound(question: ParsedQuestion, candidate: CandidateSentence) -> frozenset[str]:
    """The names and numbers of the question that nothing in the passage of `candidate` or above it has."""
    missing = question.names - candidate.sentence.bag - candidate.around[2]
    if not missing:
        return missing
    passage = analyse(candidate.passage.chunk.text)
    return frozenset(name for name in missing if name not in passage.bag and not passage.has_alike(name))


def _specific(
    question: ParsedQuestion, candidates: Candidates, best: CandidateSentence, here: frozenset[str]
) -> float:
    of = candidates.weights.of
    left = [term for term in question.terms if term not in best.around[2]]
    whole = sum([of[term] for term in left])
    return sum([of[term] for term in left if term in here]) / whole if whole > 0 else 1.0


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part) / len(whole) if whole else 0.0
