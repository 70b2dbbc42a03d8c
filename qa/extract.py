"""The answerer that needs no model: picks the sentences that answer a question, or finds that none does.

Knows what each feature of a sentence counts for, and how many sentences a kind of question wants. It resolves
nothing by guessing: what it gives is whole sentences of the passages, and how much speaks for them. Knows no
index, no citations and no words of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import mul

from index.types import Passage, Span
from qa.evidence import EVIDENCE_THRESHOLD, evidence
from qa.features import FEATURES, Candidate, Field, Scored, survey
from qa.question import KINDS_WITH_FORM, Asked, Kind, asked, words_of

# Fitted by benchmarks/fit_evidence.py: a softmax over all sentences of a question's passages.
SENTENCE_WEIGHTS: Mapping[str, float] = {
    "overlap": 6.07,
    "density": 4.11,
    "order": 1.53,
    "before": 3.8,
    "after": 0.56,
    "heading": 4.89,
    "passage": -1.74,
    "similar": 7.78,
    "score": 7.4,
    "figure": 1.76,
    "name": 0.51,
    "cue": 0.6,
    "kind_near": 1.24,
    "bare": -0.55,
    "titled": -5.36,
    "asks": -7.87,
    "opening": 0.1,
}

# At most how many sentences, and how likely each further one must be beside the best.
_MOST: Mapping[Kind, int] = {"why": 3, "how": 3}
_MOST_OTHERWISE = 2
_MOST_OF_A_LIST = 5
_NEXT = 0.5
_NEXT_OF_A_LIST = 0.2
_BESIDE = 0.4  # of that, for a sentence right before or after one that was chosen: it belongs to it
_SAID = 0.8  # of a sentence's terms: with more of them in a chosen one, it says nothing new


_FORM = tuple(FEATURES.index(name) for name in ("figure", "name", "cue"))
_OVERLAP, _TITLED = FEATURES.index("overlap"), FEATURES.index("titled")


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence that was chosen: its passage, its span in the source, and its share of all likelihood."""

    passage: Passage
    span: Span
    likelihood: float


@dataclass(frozen=True, slots=True)
class Extract:
    """What was found: `picks` in reading order, how well they answer in [0, 1], and whether that is enough.

    The picks are there below the threshold too. `missing` are the words of the question that no passage has,
    as they were typed.
    """

    picks: tuple[Pick, ...]
    evidence: float
    enough: bool
    missing: tuple[str, ...]


def extract(question: str, passages: Sequence[Passage]) -> Extract:
    """The one to five sentences of `passages` that answer `question` best, and the evidence for them."""
    ask = asked(question)
    field = survey(ask, passages)
    missing = tuple(word for word, stems in words_of(question) if not stems & field.weights.seen)
    if not field.weights.seen:
        return Extract((), 0.0, False, missing)
    chosen = choose(ask, rank(field))
    found = evidence(ask, field, chosen)
    return Extract(_reading_order(chosen), found, found >= EVIDENCE_THRESHOLD, missing)


def rank(field: Field) -> list[Scored]:
    """Candidates with their likelihood (softmax of the weighted features), best first, ties in order."""
    weights = [SENTENCE_WEIGHTS[name] for name in FEATURES]
    scores = [sum(map(mul, weights, found.features)) for found in field.candidates]
    top = max(scores, default=0.0)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    order = sorted(range(len(raised)), key=lambda at: -raised[at])
    return [Scored(field.candidates[at], raised[at] / total) for at in order]


def choose(ask: Asked, ranked: Sequence[Scored]) -> list[Scored]:
    """The best, and those that are nearly as likely and say something new, up to what the kind wants.

    However likely they are, two more are chosen: a sentence with something of the asked kind where the others
    have nothing of it (they say that the summit was cancelled; this one says why), and a sentence of another
    source that has another figure for the same.
    """
    several = ask.several > 1
    most = min(_MOST_OF_A_LIST, max(ask.several, 3)) if several else _MOST.get(ask.kind, _MOST_OTHERWISE)
    least = ranked[0].likelihood * (_NEXT_OF_A_LIST if several else _NEXT)
    chosen = [ranked[0]]
    for scored in ranked[1:]:
        if len(chosen) == most or scored.likelihood < least * _BESIDE:
            break
        beside = any(_beside(scored.found, other) for other, _ in chosen)
        new = not any(_says_again(scored.found, other) for other, _ in chosen)
        if new and scored.likelihood >= least * (_BESIDE if beside else 1.0):
            chosen.append(scored)
    if ask.kind in KINDS_WITH_FORM and not any(_form(found) for found, _ in chosen):
        chosen += islice((one for one in ranked if _fills(one.found)), 1)
    others = (one for one in ranked if all(_differs(ask, one.found, other) for other, _ in chosen))
    return chosen + list(islice(others, 1))


def _form(found: Candidate) -> bool:
    """True if the sentence has something of the asked kind."""
    return any(found.features[at] for at in _FORM)


def _fills(found: Candidate) -> bool:
    return _form(found) and found.features[_OVERLAP] >= 0.5 and not found.features[_TITLED]


def _differs(ask: Asked, found: Candidate, other: Candidate) -> bool:
    """True if asked when or how many, and both answer as fully, from two sources, with other numbers."""
    if found.passage.source.id == other.passage.source.id:
        return False
    mine, theirs = (dict(zip(FEATURES, one.features, strict=True)) for one in (found, other))
    if not mine["figure"] or not theirs["figure"] or mine["overlap"] < max(0.5, theirs["overlap"]):
        return False
    here, there = (_numbers(one) - frozenset(ask.terms) for one in (found, other))
    return bool(here and there and here.isdisjoint(there))


def _numbers(found: Candidate) -> frozenset[str]:
    return frozenset(stem for stem in found.line.bag if stem[0].isdigit())


def _beside(found: Candidate, other: Candidate) -> bool:
    return found.passage is other.passage and abs(found.at - other.at) == 1


def _says_again(found: Candidate, other: Candidate) -> bool:
    """True if `found` would add hardly a term to `other`, and no number."""
    new = found.line.bag - other.line.bag
    return len(new) <= (1 - _SAID) * len(found.line.bag) and not any(term.isdigit() for term in new)


def _reading_order(chosen: Sequence[Scored]) -> tuple[Pick, ...]:
    """The source of the best sentence first; sentences of one source as they follow each other there."""
    first: dict[str, int] = {}
    for found, _ in chosen:
        first.setdefault(found.passage.source.id, len(first))
    ordered = sorted(chosen, key=lambda scored: (first[scored.found.passage.source.id], scored.found.span))
    return tuple(Pick(found.passage, found.span, likelihood) for found, likelihood in ordered)
