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
from qa.answering.extractive.answerability import EVIDENCE_THRESHOLD, evidence
from qa.answering.extractive.causes import needs_previous, only_restates, reason
from qa.answering.extractive.layout import announced, dateline, is_boilerplate, lead_in_of, leads_in, sentence
from qa.answering.extractive.question import KINDS_WITH_FORM, Kind, ParsedQuestion, parse_question, words_of
from qa.answering.extractive.sentence_features import (
    FEATURES,
    Candidates,
    CandidateSentence,
    ScoredSentence,
    score_sentences,
)

# Fitted by benchmarks/fit_evidence.py: a softmax over all sentences of a question's passages.
SENTENCE_WEIGHTS: Mapping[str, float] = {
    "overlap": 6.93,
    "density": 4.36,
    "order": 1.8,
    "before": 3.8,
    "after": 1.48,
    "heading": 4.68,
    "passage": -0.87,
    "similar": 8.05,
    "score": 6.33,
    "figure": 1.85,
    "name": 0.72,
    "cue": 0.63,
    "kind_near": 1.42,
    "bare": -0.53,
    "titled": -5.47,
    "asks": -7.63,
}

# At most how many sentences, and how likely each further one must be beside the best.
_MOST: Mapping[Kind, int] = {"why": 3, "how": 3}
_MOST_OTHERWISE = 2
_MOST_OF_A_LIST = 5
_NEXT = 0.5
_NEXT_OF_A_LIST = 0.2
_BESIDE = 0.4  # of that, for a sentence right before or after one that was chosen: it belongs to it
_REASON = 0.75  # `qa.answering.extractive.causes.reason` of a sentence that is given as a reason
_NEXT_REASON = 0.5  # how much less a further one may have
_REASON_SOURCES = 3
_SAID = 0.8  # of a sentence's terms: with more of them in a chosen one, it says nothing new


_FORM = tuple(FEATURES.index(name) for name in ("figure", "name", "cue"))
_OVERLAP, _TITLED = FEATURES.index("overlap"), FEATURES.index("titled")


_Places = Mapping[tuple[int, int], ScoredSentence]  # by the passage's identity and place


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
    ask = parse_question(question)
    field = score_sentences(ask, passages)
    missing = tuple(word for word, stems in words_of(question) if not stems & field.weights.seen)
    if not field.weights.seen:
        return Extract((), 0.0, False, missing)
    ranked = rank(field)
    likeliest = choose(ask, without_furniture(ask, ranked))
    found = evidence(ask, field, likeliest)
    chosen = complete(ask, ranked, likeliest)
    return Extract(_reading_order(chosen), found, found >= EVIDENCE_THRESHOLD, missing)


def rank(field: Candidates) -> list[ScoredSentence]:
    """Candidates with their likelihood (softmax of the weighted features), best first, ties in order."""
    weights = [SENTENCE_WEIGHTS[name] for name in FEATURES]
    scores = [sum(map(mul, weights, found.features)) for found in field.candidates]
    top = max(scores, default=0.0)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    order = sorted(range(len(raised)), key=lambda at: -raised[at])
    return [ScoredSentence(field.candidates[at], raised[at] / total) for at in order]


def choose(ask: ParsedQuestion, ranked: Sequence[ScoredSentence]) -> list[ScoredSentence]:
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


def without_furniture(ask: ParsedQuestion, ranked: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """`ranked` without what is furniture of its source; all of it if nothing else is there."""
    return [one for one in ranked if not is_boilerplate(ask, one.found.passage, one.found.at)] or list(ranked)


def complete(
    ask: ParsedQuestion, ranked: Sequence[ScoredSentence], chosen: Sequence[ScoredSentence]
) -> list[ScoredSentence]:
    """`chosen` with what it lacks to be read alone: reasons, the items of a list, the date of an event."""
    at = {(id(one.found.passage), one.found.at): one for one in ranked}
    if ask.kind == "why":
        chosen = _reasoned(without_furniture(ask, ranked), chosen, at, ask)
    if ask.kind == "when":
        chosen = [*chosen, *_datelines(chosen, at)]
    return _with_lists(ask, chosen, at)


def _reasoned(
    ranked: Sequence[ScoredSentence], chosen: Sequence[ScoredSentence], at: _Places, ask: ParsedQuestion
) -> list[ScoredSentence]:
    """No sentence that only says that it happened, if another says why; and reasons of up to three sources.

    A reason that begins with "it" or "therefore" takes the sentence before it along.
    """
    told = sorted(((reason(one.found), one) for one in ranked), key=lambda pair: -pair[0])
    reasons = [one for value, one in told if value >= max(_REASON, told[0][0] - _NEXT_REASON)]
    kept = [one for one in chosen if not only_restates(ask, one.found)] if reasons else list(chosen)
    kept = kept or reasons[:1]
    for one in reasons:
        if any(_says_again(one.found, other) for other, _ in kept):
            continue
        sources = {other.passage.source.id for other, _ in kept}
        known = one.found.passage.source.id in sources
        if any(_beside(one.found, other) for other, _ in kept) if known else len(sources) < _REASON_SOURCES:
            kept.append(one)
    leaning = [one.found for one in kept if one in reasons and needs_previous(one.found)]
    before = [at[id(found.passage), found.at - 1] for found in leaning]
    kept += [one for one in before if one in ranked and one not in kept and not one.found.features[_TITLED]]
    return kept


def _datelines(chosen: Sequence[ScoredSentence], at: _Places) -> list[ScoredSentence]:
    """The dateline above the best sentence, if that itself has no date but a day of the week or none."""
    best = chosen[0].found
    line = dateline(best.passage)
    if line is None or line >= best.at or any(one.isdigit() for one in best.line.bag):
        return []
    return [at[id(best.passage), line]]


def _with_lists(ask: ParsedQuestion, chosen: Sequence[ScoredSentence], at: _Places) -> list[ScoredSentence]:
    """`chosen` with the items after a lead-in, and the lead-in of an item if it has more of the question."""
    found: dict[tuple[int, int], ScoredSentence] = {}
    for one in chosen:
        passage, place = one.found.passage, one.found.at
        lead = lead_in_of(passage, place)
        if lead is not None and _adds(ask, at[id(passage), lead].found, one.found):
            found.setdefault((id(passage), lead), at[id(passage), lead])
            place = lead if ask.several > 1 else place
        found.setdefault((id(passage), one.found.at), one)
        if leads_in(sentence(passage, place)):
            for item in announced(passage, place, _MOST_OF_A_LIST - 1):
                found.setdefault((id(passage), item), at[id(passage), item])
    told = [one for one in found.values() if not _alone(one.found, found)]
    return (told or list(chosen))[:_MOST_OF_A_LIST]


def _alone(found: CandidateSentence, others: _Places) -> bool:
    """True if `found` announces something, and what that is was not chosen."""
    return leads_in(found.line.text) and (id(found.passage), found.at + 1) not in others


def _adds(ask: ParsedQuestion, lead: CandidateSentence, item: CandidateSentence) -> bool:
    return bool((lead.line.bag - item.line.bag).intersection(ask.terms))


def _form(found: CandidateSentence) -> bool:
    """True if the sentence has something of the asked kind."""
    return any(found.features[at] for at in _FORM)


def _fills(found: CandidateSentence) -> bool:
    return _form(found) and found.features[_OVERLAP] >= 0.5 and not found.features[_TITLED]


def _differs(ask: ParsedQuestion, found: CandidateSentence, other: CandidateSentence) -> bool:
    """True if asked when or how many, and both answer as fully, from two sources, with other numbers."""
    if found.passage.source.id == other.passage.source.id:
        return False
    mine, theirs = (dict(zip(FEATURES, one.features, strict=True)) for one in (found, other))
    if not mine["figure"] or not theirs["figure"] or mine["overlap"] < max(0.5, theirs["overlap"]):
        return False
    here, there = (_numbers(one) - frozenset(ask.terms) for one in (found, other))
    return bool(here and there and here.isdisjoint(there))


def _numbers(found: CandidateSentence) -> frozenset[str]:
    return frozenset(stem for stem in found.line.bag if stem[0].isdigit())


def _beside(found: CandidateSentence, other: CandidateSentence) -> bool:
    return found.passage is other.passage and abs(found.at - other.at) == 1


def _says_again(found: CandidateSentence, other: CandidateSentence) -> bool:
    """True if `found` would add hardly a term to `other`, and no number."""
    new = found.line.bag - other.line.bag
    return len(new) <= (1 - _SAID) * len(found.line.bag) and not any(term.isdigit() for term in new)


def _reading_order(chosen: Sequence[ScoredSentence]) -> tuple[Pick, ...]:
    """The source of the best sentence first; sentences of one source as they follow each other there."""
    first: dict[str, int] = {}
    for found, _ in chosen:
        first.setdefault(found.passage.source.id, len(first))
    ordered = sorted(chosen, key=lambda scored: (first[scored.found.passage.source.id], scored.found.span))
    return tuple(Pick(found.passage, found.span, likelihood) for found, likelihood in ordered)
