"""Probability that the chosen sentences answer the question, and the threshold for abstaining.

A logistic model over counts that a person can check.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set as AbstractSet
from functools import cache

from index.text.negation_words import NEGATIONS, PLAIN_NEGATIONS
from index.text.patterns import lazy_compile
from index.text.rows import body_table
from index.types import Sliceable
from qa.answering.extractive.question import ParsedQuestion, words_of
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
    "bias": -6.37,
    "overlap": 2.54,
    "heading": 3.41,
    "matched": 1.15,
    "agree": 0.96,
    "negated": -4.9,
    "unbound": -1.08,
    "meaning": 5.1,
}
# The 6 % quantile of the right answers fitted to, meaned over the sets. It hardly tells near misses apart:
# benchmarks/RESULTS.md has what it refuses of sets that were not fitted to.
EVIDENCE_THRESHOLD = 0.34

_SHARE_OF_A_ROW = 0.5  # of the question's terms, by weight, that a row and what names it must have
_OVERLAP, _MEANING, _FIGURE = (FEATURES.index(name) for name in ("overlap", "meaning", "figure"))
_HOW_MANY = lazy_compile(r"\bhow (?:many|much)\b(?! of\b)", re.IGNORECASE)
_SOME_NUMBER = lazy_compile(
    r"\d|\b(?:an?|one|no|none|both|all|single|few|couple|many|most|several|some|hundreds|thousands"
    r"|millions|much|entire|whole|little|free|nothing|majority|minority|pair)\b",
    re.IGNORECASE,
)
# "Not only", "no longer" and "no more" deny nothing that an answer would have to deny.
_PLAIN = "|".join(sorted(PLAIN_NEGATIONS - {"not", "no"}))
_NOT = lazy_compile(
    rf"\b(?:not(?! only)|no(?! (?:longer|more|fewer|less))|{_PLAIN}|\w+n['’]t)\b", re.IGNORECASE
)
_DENIES = lazy_compile(
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

    overlap: the largest of the chosen sentences. heading: of the best, as in `features`. matched: log2 of
    1 + the terms found here, beside or above.
    agree: both searches rank the passage first to third. negated: the question says "not", and no chosen
    sentence denies anything. unbound: share (by count) of the names and numbers that are nowhere in the
    passage of the best, its headings, its title or its source's name. meaning: the largest of the chosen
    sentences, as in `features`.
    """
    weights, best = candidates.weights, chosen[0].candidate
    best_features = dict(zip(FEATURES, best.features, strict=True))
    in_chosen = frozenset().union(
        *(tightest(question, weights, candidate.sentence.stems) for candidate, _ in chosen)
    )
    beside = [bag for candidate, _ in chosen for bag in candidate.around.bags]
    around = in_chosen.union(*beside).intersection(question.terms)
    similar = {
        term for candidate, _ in chosen for term in question.terms if candidate.sentence.has_alike(term)
    } - around
    ranks = (best.passage.lexical_rank, best.passage.dense_rank)
    negated = _NOT.search(question.text) and not any(
        _DENIES.search(candidate.sentence.text) for candidate, _ in chosen
    )
    return {
        "bias": 1.0,
        "overlap": max(candidate.features[_OVERLAP] for candidate, _ in chosen),
        "heading": best_features["heading"],
        "matched": math.log2(1 + len(around) + len(similar)),
        "agree": float(all(rank is not None and rank <= 3 for rank in ranks)),
        "negated": float(bool(negated)),
        "unbound": _share(unbound(question, best), question.names),
        "meaning": max(candidate.features[_MEANING] for candidate, _ in chosen),
    }


def unbound(question: ParsedQuestion, candidate: CandidateSentence) -> frozenset[str]:
    """The names and numbers of the question that nothing in the passage of `candidate` or above it has."""
    missing = question.names - candidate.sentence.bag - candidate.around.heading
    if not missing:
        return missing
    passage = analyse(candidate.passage.chunk.text)
    return frozenset(name for name in missing if name not in passage.bag and not passage.has_alike(name))


def bound(
    question: ParsedQuestion, ranked: Sequence[ScoredSentence], texts: Mapping[str, Sliceable]
) -> list[ScoredSentence]:
    """`ranked` without sentences of sources that are about another: the question has a name, they do not.

    Asked about PepsiCo, nothing of Adobe's report answers. That holds for a name (or a number) that another
    source found has, and the text of theirs nowhere; one that no source has counts as missing, no more.
    """
    typed = {stem: word.casefold() for word, stems in words_of(question.text) for stem in stems}
    missing = unbound(question, ranked[0].candidate) & typed.keys()
    if not missing:
        return list(ranked)
    has: dict[str, set[str]] = {}
    for candidate, _ in ranked:
        here = missing & (candidate.sentence.bag | candidate.around.heading)
        has.setdefault(candidate.passage.source.id, set()).update(here)
    said = cache(lambda source: texts[source][:].casefold())

    def lacking(source: str, names: AbstractSet[str]) -> set[str]:
        return {name for name in names - has[source] if typed[name] not in said(source)}

    binding = lacking(ranked[0].candidate.passage.source.id, set().union(*has.values()))
    about_another = {source for source in has if lacking(source, binding)}
    kept = [scored for scored in ranked if scored.candidate.passage.source.id not in about_another]
    return kept or list(ranked)  # no source has all of the names: as if none had


def lacks_the_row(candidate: CandidateSentence) -> bool:
    """True if `candidate` is a row with too little of the question: that row is about something else.

    "Owner of the boat | Bela Varga" does not say who its captain is. Rows are alike, and the next one down
    shares its columns and its title with the one that is asked for.
    """
    if body_table(candidate.passage.chunk.tables, candidate.span) is None:
        return False
    features = dict(zip(FEATURES, candidate.features, strict=True))
    return features["overlap"] + features["heading"] + features["similar"] < _SHARE_OF_A_ROW


def lacks_the_number(question: ParsedQuestion, chosen: Sequence[ScoredSentence]) -> bool:
    """True if it is asked how many or how much, and no chosen sentence has a number or a word for one."""
    return _HOW_MANY.search(question.text) is not None and not any(
        candidate.features[_FIGURE] or _SOME_NUMBER.search(candidate.sentence.text) for candidate, _ in chosen
    )


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part) / len(whole) if whole else 0.0
