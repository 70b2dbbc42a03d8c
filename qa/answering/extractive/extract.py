"""The extractive answerer: picks the sentences that answer a question, or abstains.

What it gives is whole sentences of the passages, and how much speaks for them. Each feature of a sentence
(`sentence_features.py`) has a weight here; how many sentences are chosen depends on the kind of question.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import mul

from index.types import Passage, Sliceable, Span
from qa.answering.extractive.answerability import (
    EVIDENCE_THRESHOLD,
    bound,
    evidence,
    lacks_the_number,
    lacks_the_row,
)
from qa.answering.extractive.causes import is_about_it, needs_previous, only_restates, reason_score
from qa.answering.extractive.content import Test, is_content, serves_order
from qa.answering.extractive.lines.layout import (
    announced_by,
    dateline,
    is_lead_in,
    lead_in_of,
    sentence_text,
)
from qa.answering.extractive.numbered import asked_part, below_title
from qa.answering.extractive.question import (
    KINDS_WITH_FORM,
    KINDS_WITH_NUMBERS,
    Kind,
    ParsedQuestion,
    parse_question,
    words_of,
)
from qa.answering.extractive.sentence_features import (
    FEATURES,
    Candidates,
    CandidateSentence,
    ScoredSentence,
    score_sentences,
)
from qa.answering.extractive.whole_table import extreme_rows, needs_whole_table
from qa.models.reader.closeness import (
    CLOSE_EVIDENCE_THRESHOLD,
    ClosenessOf,
    close_evidence,
    close_score,
)

# Fitted by benchmarks/fit_evidence.py: a softmax over all sentences of a question's passages.
SENTENCE_WEIGHTS: Mapping[str, float] = {
    "overlap": 2.98,
    "density": 2.04,
    "order": -0.17,
    "before": 2.33,
    "after": 0.49,
    "heading": 6.97,
    "passage": 1.15,
    "similar": 2.96,
    "score": 4.22,
    "figure": 1.2,
    "name": 0.79,
    "cue": 0.15,
    "kind_near": 1.51,
    "bare": -1.03,
    "titled": -3.89,
    "asks": -2.92,
    "together": 1.9,
    "meaning": 3.78,
    "nearest": 6.65,
}

# At most how many sentences, and how likely each further one must be beside the best.
_MOST: Mapping[Kind, int] = {"why": 3, "how": 3}
_MOST_OTHERWISE = 2
_MOST_OF_A_LIST = 5
_NEXT = 0.3
_NEXT_OF_A_LIST = 0.2
_BESIDE = 0.4  # of that, for a sentence right before or after one that was chosen: it belongs to it
_BEYOND = 0.5  # how likely, beside the best, such a sentence must be that is one more than the kind wants
_REASON = 0.75  # `qa.answering.extractive.causes.reason` of a sentence that is given as a reason
_NEXT_REASON = 0.5  # how much less a further one may have
_REASON_SOURCES = 3
_REPEATED = 0.8  # of a sentence's terms: with more of them in a chosen one, it says nothing new


_FORM = tuple(FEATURES.index(name) for name in ("figure", "name", "cue"))
_OVERLAP, _TITLED, _FIGURE = (FEATURES.index(name) for name in ("overlap", "titled", "figure"))

_ByPlace = Mapping[tuple[int, int], ScoredSentence]  # by the passage's identity and place


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
    as they were typed. `why_not` says what kind of question this is, if its kind is why it has no answer;
    `note` what is to be known of the answer.
    """

    picks: tuple[Pick, ...]
    evidence: float
    enough: bool
    missing: tuple[str, ...]
    why_not: str | None = None
    note: str | None = None


def extract(
    question: str,
    passages: Sequence[Passage],
    texts: Mapping[str, Sliceable] | None = None,
    closeness: ClosenessOf | None = None,
) -> Extract:
    """The one to five sentences of `passages` that answer `question` best, and the evidence for them.

    `texts` are the texts of their sources by id: with them, what is asked of all rows of a table is looked
    for in all of its rows. `closeness` is what a reader says of every sentence, if there is one.
    """
    parsed = parse_question(question)
    candidates = score_sentences(parsed, passages)
    missing = tuple(word for word, stems in words_of(question) if not stems & candidates.weights.seen)
    if not candidates.weights.seen:
        return Extract((), 0.0, False, missing)
    ranked = rank(candidates, closeness)
    if texts is not None:
        ranked = bound(parsed, ranked, texts)
    may_be = is_content(parsed, ranked)
    if not any(map(may_be, ranked)):
        return Extract((), 0.0, False, missing)
    likeliest = choose(parsed, ranked, may_be)
    likelihood, bar = evidence(parsed, candidates, likeliest), EVIDENCE_THRESHOLD
    if closeness is not None:
        near = [closeness[each.passage.chunk.id, each.span] for each, _ in likeliest]
        likelihood, bar = close_evidence(likelihood, near), CLOSE_EVIDENCE_THRESHOLD
    if texts is not None:
        over_all = _over_all_rows(parsed, likeliest[0], likelihood, texts)
        if over_all is not None:
            return replace(over_all, missing=() if over_all.enough else missing)
    chosen = complete(parsed, ranked, likeliest)
    enough = likelihood >= bar and not (
        lacks_the_row(likeliest[0].candidate) or lacks_the_number(parsed, likeliest)
    )
    return Extract(_reading_order(chosen), likelihood, enough, missing)


def _over_all_rows(
    question: ParsedQuestion, best: ScoredSentence, likelihood: float, texts: Mapping[str, Sliceable]
) -> Extract | None:
    """What all rows of the table of `best` say, or why nothing is said; None if one row can answer."""
    passage, span = best.candidate.passage, best.candidate.span
    text = texts[passage.source.id]
    why_not = needs_whole_table(question, passage, span, text)
    if why_not is None:
        return None
    found = extreme_rows(question, passage, span, text)
    if found is None:
        return Extract((), min(likelihood, EVIDENCE_THRESHOLD), False, (), why_not)
    picks = tuple(Pick(row, row.chunk.span, best.likelihood) for row in found.passages)
    return Extract(picks, max(likelihood, EVIDENCE_THRESHOLD), True, (), note=found.note)


def rank(candidates: Candidates, closeness: ClosenessOf | None = None) -> list[ScoredSentence]:
    """Candidates with their likelihood (softmax of the weighted features), best first, ties in order."""
    weights = [SENTENCE_WEIGHTS[name] for name in FEATURES]
    scores = [sum(map(mul, weights, candidate.features)) for candidate in candidates.candidates]
    if closeness is not None:
        near = [closeness[each.passage.chunk.id, each.span] for each in candidates.candidates]
        scores = list(map(close_score, scores, near))
    top = max(scores, default=0.0)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    order = sorted(range(len(raised)), key=lambda at: -raised[at])
    return [ScoredSentence(candidates.candidates[at], raised[at] / total) for at in order]


def choose(
    question: ParsedQuestion, ranked: Sequence[ScoredSentence], may_be: Test = lambda _: True
) -> list[ScoredSentence]:
    """The best, and those that are nearly as likely and say something new, up to what the kind wants.

    Of those alone that `may_be` chosen, of which there must be one; few are asked for, the likeliest first.
    One more is chosen where it is hardly less likely and stands beside one of them: they belong together.
    However likely they are, two more are chosen: a sentence with something of the asked kind where the others
    have nothing of it (they say that the summit was cancelled; this one says why), and a sentence of another
    source that has another figure for the same.
    """
    several = question.several > 1
    most = (
        min(_MOST_OF_A_LIST, max(question.several, 3))
        if several
        else _MOST.get(question.kind, _MOST_OTHERWISE)
    )
    next_one = _NEXT_OF_A_LIST if several else _NEXT
    likeliest = filter(may_be, ranked)
    chosen = [next(likeliest)]
    for scored in likeliest:
        full = len(chosen) >= most
        as_likely = scored.likelihood / chosen[0].likelihood
        if len(chosen) > most or as_likely < (_BEYOND if full else next_one * _BESIDE):
            break
        beside = any(_beside(scored.candidate, other) for other, _ in chosen)
        new = not any(_repeats(scored.candidate, other) for other, _ in chosen)
        if new and (beside or (not full and as_likely >= next_one)):
            chosen.append(scored)
    if question.kind in KINDS_WITH_FORM and not any(_has_asked_kind(candidate) for candidate, _ in chosen):
        supplying = (each for each in ranked if _supplies_asked_kind(each.candidate) and may_be(each))
        chosen += islice(supplying, 1)
    if question.kind not in KINDS_WITH_NUMBERS:
        return chosen
    others = (
        each
        for each in ranked
        if all(_gives_another_number(question, each.candidate, other) for other, _ in chosen) and may_be(each)
    )
    return chosen + list(islice(others, 1))


def complete(
    question: ParsedQuestion, ranked: Sequence[ScoredSentence], chosen: Sequence[ScoredSentence]
) -> list[ScoredSentence]:
    """`chosen` with what it lacks to be read alone: reasons, the items of a list, the date of an event."""
    by_place = {(id(scored.candidate.passage), scored.candidate.at): scored for scored in ranked}
    if question.kind == "why":
        content = list(filter(is_content(question, ranked), ranked))
        chosen = _with_reasons(content, chosen, by_place, question)
    if question.kind == "when":
        chosen = [*chosen, *_datelines(chosen, by_place)]
    part = asked_part(question.text)
    if part is not None:
        below = [
            by_place[id(scored.candidate.passage), place]
            for scored in chosen
            for place in below_title(part, scored.candidate.passage, scored.candidate.at)
        ]
        chosen = [*chosen, *(scored for scored in below if scored not in chosen)]
    return _with_lists(question, chosen, by_place)


def _with_reasons(
    ranked: Sequence[ScoredSentence],
    chosen: Sequence[ScoredSentence],
    by_place: _ByPlace,
    question: ParsedQuestion,
) -> list[ScoredSentence]:
    """No sentence that only says that it happened, if another says why; and reasons of up to three sources.

    A reason is about what is asked, or beside a sentence that was chosen. One that begins with "it" or
    "therefore" takes the sentence before it along.
    """
    about_it = [
        scored
        for scored in ranked
        if is_about_it(scored.candidate) or any(_beside(scored.candidate, other) for other, _ in chosen)
    ]
    scores = sorted(
        ((reason_score(scored.candidate), scored) for scored in about_it), key=lambda pair: -pair[0]
    )
    best = scores[0][0] if scores else 0.0
    reasons = [scored for value, scored in scores if value >= max(_REASON, best - _NEXT_REASON)]
    answer = [scored for scored in chosen if not reasons or not only_restates(question, scored.candidate)]
    answer = answer or reasons[:1]
    for scored in reasons:
        if any(_repeats(scored.candidate, other) for other, _ in answer):
            continue
        sources = {other.passage.source.id for other, _ in answer}
        known = scored.candidate.passage.source.id in sources
        if (
            any(_beside(scored.candidate, other) for other, _ in answer)
            if known
            else len(sources) < _REASON_SOURCES
        ):
            answer.append(scored)
    leaning = [
        scored.candidate for scored in answer if scored in reasons and needs_previous(scored.candidate)
    ]
    before = [by_place[id(candidate.passage), candidate.at - 1] for candidate in leaning]
    answer += [
        scored
        for scored in before
        if scored in ranked and scored not in answer and not scored.candidate.features[_TITLED]
    ]
    return answer


def _datelines(chosen: Sequence[ScoredSentence], by_place: _ByPlace) -> list[ScoredSentence]:
    """The dateline above the best sentence, if that itself has no date but a day of the week or none."""
    best = chosen[0].candidate
    place = dateline(best.passage)
    if place is None or place >= best.at or any(term.isdigit() for term in best.sentence.bag):
        return []
    return [by_place[id(best.passage), place]]


def _with_lists(
    question: ParsedQuestion, chosen: Sequence[ScoredSentence], by_place: _ByPlace
) -> list[ScoredSentence]:
    """`chosen` with the items after a lead-in, and the lead-in of an item if it has more of the question."""
    result: dict[tuple[int, int], ScoredSentence] = {}
    for scored in chosen:
        passage, place = scored.candidate.passage, scored.candidate.at
        lead = lead_in_of(passage, place)
        if lead is not None and _adds(question, by_place[id(passage), lead].candidate, scored.candidate):
            result.setdefault((id(passage), lead), by_place[id(passage), lead])
            place = lead if question.several > 1 else place
        result.setdefault((id(passage), scored.candidate.at), scored)
        if is_lead_in(sentence_text(passage, place)):
            for item in announced_by(passage, place, _MOST_OF_A_LIST - 1):
                if not serves_order(question, by_place[id(passage), item].candidate):
                    result.setdefault((id(passage), item), by_place[id(passage), item])
    readable = [scored for scored in result.values() if not _lacks_its_items(scored.candidate, result)]
    return (readable or list(chosen))[:_MOST_OF_A_LIST]


def _lacks_its_items(candidate: CandidateSentence, others: _ByPlace) -> bool:
    """True if `candidate` announces something, and what that is was not chosen."""
    return is_lead_in(candidate.sentence.text) and (id(candidate.passage), candidate.at + 1) not in others


def _adds(question: ParsedQuestion, lead: CandidateSentence, item: CandidateSentence) -> bool:
    return bool((lead.sentence.bag - item.sentence.bag).intersection(question.terms))


def _has_asked_kind(candidate: CandidateSentence) -> bool:
    """True if the sentence has something of the asked kind."""
    return any(candidate.features[at] for at in _FORM)


def _supplies_asked_kind(candidate: CandidateSentence) -> bool:
    return (
        _has_asked_kind(candidate) and candidate.features[_OVERLAP] >= 0.5 and not candidate.features[_TITLED]
    )


def _gives_another_number(
    question: ParsedQuestion, candidate: CandidateSentence, other: CandidateSentence
) -> bool:
    """True if asked when or how many, and both answer as fully, from two sources, with other numbers."""
    if candidate.passage.source.id == other.passage.source.id:
        return False
    mine, theirs = candidate.features, other.features
    if not mine[_FIGURE] or not theirs[_FIGURE] or mine[_OVERLAP] < max(0.5, theirs[_OVERLAP]):
        return False
    here, there = (_numbers(side) - frozenset(question.terms) for side in (candidate, other))
    return bool(here and there and here.isdisjoint(there))


def _numbers(candidate: CandidateSentence) -> frozenset[str]:
    return frozenset(stem for stem in candidate.sentence.bag if stem[0].isdigit())


def _beside(candidate: CandidateSentence, other: CandidateSentence) -> bool:
    return candidate.passage is other.passage and abs(candidate.at - other.at) == 1


def _repeats(candidate: CandidateSentence, other: CandidateSentence) -> bool:
    """True if `candidate` would add hardly a term to `other`, and no number."""
    new = candidate.sentence.bag - other.sentence.bag
    return len(new) <= (1 - _REPEATED) * len(candidate.sentence.bag) and not any(
        term.isdigit() for term in new
    )


def _reading_order(chosen: Sequence[ScoredSentence]) -> tuple[Pick, ...]:
    """The source of the best sentence first; sentences of one source as they follow each other there."""
    first: dict[str, int] = {}
    for candidate, _ in chosen:
        first.setdefault(candidate.passage.source.id, len(first))
    ordered = sorted(
        chosen, key=lambda scored: (first[scored.candidate.passage.source.id], scored.candidate.span)
    )
    return tuple(Pick(candidate.passage, candidate.span, likelihood) for candidate, likelihood in ordered)
