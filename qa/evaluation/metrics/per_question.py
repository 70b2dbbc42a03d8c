"""What one record measures: every metric that is defined for it, under its stable name, each in [0, 1].

Knows which metric a question has gold for. A metric that is not defined for a record has no value, neither 0
nor NaN; a record that failed has none at all. How the metrics are computed is the business of `retrieval`,
`citations`, `answers` and `refusals`; what becomes of the values that of `scores`.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.evaluation.metrics.abstention import right_decision
from qa.evaluation.metrics.answers import exact_match, rouge_l, rouge_words, token_f1
from qa.evaluation.metrics.citations import Fit, best_fit, claim_shares, support_precision, support_recall
from qa.evaluation.metrics.retrieval import (
    Ranking,
    characters,
    ndcg,
    page_ranking,
    passage_ranking,
    precision,
    ranked_pages,
    recall,
    reciprocal_rank,
    success,
)
from qa.evaluation.metrics.spans import Regions, page_regions, union
from qa.evaluation.types import GoldPlace, Record, Retrieved, Verdict
from qa.types import Answer, prose

DEPTHS = (1, 3, 5, 10)
_NDCG = 10
_RANKED = (*(f"R@{k}" for k in DEPTHS), *(f"Success@{k}" for k in DEPTHS), "MRR", f"nDCG@{_NDCG}")
_FIT = ("citation_precision", "citation_recall", "citation_f1", "citation_iou", "citation_hit")
_PAGE_FIT = ("page_citation_precision", "page_citation_recall", "page_citation_f1", "page_citation_hit")

# The names of all metrics in the order in which they are written, those of whole sets included.
GROUPS: dict[str, tuple[str, ...]] = {
    "retrieval": (*_RANKED, *(f"precision@{k}" for k in DEPTHS), *(f"page_{name}" for name in _RANKED)),
    "citations": (
        *(*_FIT, *_PAGE_FIT),
        *("claims_cited", "claims_suspect", "claims_rejected", "claims_uncited"),
        *("support_recall", "support_precision"),
    ),
    "answers": ("exact_match", "token_f1", "rouge_l", "judged_correct", "judged_partly_or_better"),
    "refusals": (
        *("abstained", "right_decision", "abstention_precision", "abstention_recall", "abstention_f1"),
        *("coverage", "aurc", "error_rate"),
    ),
}
METRICS = tuple(name for names in GROUPS.values() for name in names)
JUDGED = ("judged_correct", "judged_partly_or_better", "support_recall", "support_precision")

Annotations = list[list[GoldPlace]]  # of each annotator


def question_metrics(record: Record, verdict: Verdict | None) -> dict[str, float]:
    """The value of every metric that is defined for `record`, by name.

    Raises ValueError if `verdict` judged other claims than the record's answer has.
    """
    answer = record.answer
    if answer is None:
        return {}
    values = retrieval_metrics(record.passages, record.gold)
    if record.question.answerable is not False:
        values |= _citation_fit(answer, _spans(record.gold))
        values |= _page_citation_fit(record, answer, _pages(record.gold))
        values |= _against_references(answer, record.question.answers)
    if answer.status != "abstained":
        values |= claim_shares(answer.claims) | _support(answer, verdict)
    return values | _judged(verdict) | _decision(answer, answerable=record.question.answerable)


def retrieval_metrics(passages: Sequence[Retrieved], gold: Sequence[GoldPlace]) -> dict[str, float]:
    """R@k, precision@k, Success@k, MRR and nDCG@10 of a ranking against gold spans; `page_...` against pages.

    Of several annotators, that of the one whom the ranking serves best, metric by metric. Empty without gold.
    """
    ranked = sorted(passages, key=lambda passage: passage.rank)
    return {**_span_retrieval(ranked, _spans(gold)), **_page_retrieval(ranked, _pages(gold))}


def cluster_of(record: Record) -> str:
    """What a question shares with others: its group, what it is within, its first gold's source; else itself.

    A question that nothing answers has no gold, and without a group stands alone. Where those that something
    answers share documents, that makes the interval of `right_decision` too wide or too narrow.
    """
    question = record.question
    return question.group or question.within or next((one.source for one in question.evidence), record.key)


def by_annotator(gold: Sequence[GoldPlace]) -> Annotations:
    """Gold by annotator; what has no number is part of everyone's. One if nothing has, none without gold."""
    numbers = sorted({one.set for one in gold if one.set is not None})
    if not numbers:
        return [list(gold)] if gold else []
    return [[one for one in gold if one.set in (None, number)] for number in numbers]


def _span_retrieval(passages: Sequence[Retrieved], spans: Annotations) -> dict[str, float]:
    """R, precision, Success, MRR, nDCG of the annotator whom each serves best."""
    if not spans:
        return {}
    golds = [_characters(gold) for gold in spans]
    found = _ranked([passage_ranking(passages, gold) for gold in spans])
    for k in DEPTHS:
        held = characters(passages[:k], copies=True)
        found[f"R@{k}"] = max(recall(held, gold) for gold in golds)
        held = characters(passages[:k], copies=False)
        found[f"precision@{k}"] = max(precision(held, gold) for gold in golds)
    return found


def _page_retrieval(passages: Sequence[Retrieved], pages: Annotations) -> dict[str, float]:
    """The same over a ranking of pages, as `page_R@1` and so on; precision is left out."""
    if not pages:
        return {}
    ranked = ranked_pages(passages)
    golds = [_page_set(gold) for gold in pages]
    found = _ranked([page_ranking(ranked, gold) for gold in golds])
    for k in DEPTHS:
        held = page_regions(ranked[:k])
        found[f"R@{k}"] = max(recall(held, page_regions(gold)) for gold in golds)
    return {f"page_{name}": value for name, value in found.items()}


def _ranked(rankings: Sequence[Ranking]) -> dict[str, float]:
    found = {f"Success@{k}": max(success(one, k) for one in rankings) for k in DEPTHS}
    found["MRR"] = max(reciprocal_rank(one) for one in rankings)
    found[f"nDCG@{_NDCG}"] = max(ndcg(one, _NDCG) for one in rankings)
    return found


def _spans(gold: Sequence[GoldPlace]) -> Annotations:
    return by_annotator([place for place in gold if place.span])  # an empty span is no gold


def _pages(gold: Sequence[GoldPlace]) -> Annotations:
    return by_annotator([place for place in gold if place.page is not None])


def _characters(gold: Sequence[GoldPlace]) -> Regions:
    return union((place.source, place.span) for place in gold if place.span)


def _page_set(gold: Sequence[GoldPlace]) -> set[tuple[str, int]]:
    return {(place.source, place.page) for place in gold if place.page is not None}


def _citation_fit(answer: Answer, spans: Annotations) -> dict[str, float]:
    """How the cited characters fit the gold; an abstention, and an answer that cites nothing, has 0."""
    if not spans:
        return {}
    cited = union((one.source, one.span) for one in answer.citations)
    return _fit_values(best_fit(cited, [_characters(gold) for gold in spans]), _FIT)


def _page_citation_fit(record: Record, answer: Answer, pages: Annotations) -> dict[str, float]:
    """The same over distinct pages. A citation without a page counts as one page that is not gold."""
    if not pages:
        return {}
    reach = {context.number: context.pages for context in record.contexts}
    cited = page_regions(
        (one.source, page)
        for one in answer.citations
        for page in reach.get(one.number) or (one.page or 0,)  # pages count from 1, gold is on none that is 0
    )
    return _fit_values(best_fit(cited, [page_regions(_page_set(gold)) for gold in pages]), _PAGE_FIT)


def _fit_values(fit: Fit, names: Sequence[str]) -> dict[str, float]:
    values = {"precision": fit.precision, "recall": fit.recall, "f1": fit.f1, "iou": fit.iou, "hit": fit.hit}
    return {name: values[name.rpartition("_")[2]] for name in names}


def _against_references(answer: Answer, references: Sequence[str]) -> dict[str, float]:
    """An abstention has 0. ROUGE-L is not defined where no reference has a word of its kind."""
    if not references:
        return {}
    abstained = answer.status == "abstained"
    said = "" if abstained else prose(answer)
    found = {
        "exact_match": 0.0 if abstained else exact_match(said, references),
        "token_f1": 0.0 if abstained else token_f1(said, references),
    }
    if any(map(rouge_words, references)):
        found["rouge_l"] = rouge_l(said, references)
    return found


def _support(answer: Answer, verdict: Verdict | None) -> dict[str, float]:
    if verdict is None or verdict.claims is None:
        return {}
    found = {
        "support_recall": support_recall(answer.claims, verdict.claims),
        "support_precision": support_precision(answer.claims, verdict.claims),
    }
    return {name: value for name, value in found.items() if value is not None}


def _judged(verdict: Verdict | None) -> dict[str, float]:
    if verdict is None or verdict.correctness is None:
        return {}
    return {
        "judged_correct": float(verdict.correctness == "correct"),
        "judged_partly_or_better": float(verdict.correctness != "wrong"),
    }


def _decision(answer: Answer, *, answerable: bool | None) -> dict[str, float]:
    abstained = answer.status == "abstained"
    found = {"abstained": float(abstained)}
    if answerable is not None:
        found["right_decision"] = right_decision(abstained=abstained, answerable=answerable)
    return found
