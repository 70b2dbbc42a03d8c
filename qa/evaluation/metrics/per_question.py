"""All metrics of one record, by name: those defined for the question, each in [0, 1].

A metric that is not defined for a record has no value, neither 0 nor NaN; a record that failed has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from qa.evaluation.metrics.abstention import right_decision
from qa.evaluation.metrics.answers import exact_match, rouge_l, rouge_words, token_f1
from qa.evaluation.metrics.citations import (
    CitationFit,
    best_fit,
    claim_shares,
    support_precision,
    support_recall,
)
from qa.evaluation.metrics.retrieval import (
    Ranking,
    document_ranking,
    ndcg,
    page_ranking,
    passage_ranking,
    passage_regions,
    precision,
    ranked_documents,
    ranked_pages,
    recall,
    reciprocal_rank,
    success,
)
from qa.evaluation.metrics.spans import Regions, document_regions, page_regions, union
from qa.evaluation.types import GoldPlace, Record, Retrieved, Verdict
from qa.types import Answer, prose

DEPTHS = (1, 3, 5, 10)
_NDCG_DEPTH = 10
_RANKED = (*(f"R@{k}" for k in DEPTHS), *(f"Success@{k}" for k in DEPTHS), "MRR", f"nDCG@{_NDCG_DEPTH}")
_FIT = ("citation_precision", "citation_recall", "citation_f1", "citation_iou", "citation_hit")
_PAGE_FIT = ("page_citation_precision", "page_citation_recall", "page_citation_f1", "page_citation_hit")
_DOCUMENT_FIT = tuple(name.replace("page_", "document_") for name in _PAGE_FIT)

# The names of all metrics in the order in which they are written, those of whole sets included.
GROUPS: dict[str, tuple[str, ...]] = {
    "retrieval": (
        *(*_RANKED, *(f"precision@{k}" for k in DEPTHS)),
        *(*(f"page_{name}" for name in _RANKED), *(f"document_{name}" for name in _RANKED)),
    ),
    "citations": (
        *(*_FIT, *_PAGE_FIT, *_DOCUMENT_FIT),
        *("claims_cited", "claims_suspect", "claims_rejected", "claims_uncited"),
        *("support_recall", "support_precision"),
        *("disagreement_found", "disagreement_false"),
    ),
    "answers": ("exact_match", "token_f1", "rouge_l", "judged_correct", "judged_partly_or_better"),
    "refusals": (
        *("abstained", "right_decision", "abstention_precision", "abstention_recall", "abstention_f1"),
        *("coverage", "aurc", "error_rate"),
    ),
}
METRICS = tuple(name for names in GROUPS.values() for name in names)
LESS_IS_BETTER = (
    *("claims_suspect", "claims_rejected", "claims_uncited", "disagreement_false", "aurc", "error_rate"),
)
NEITHER_IS_BETTER = ("abstained", "coverage")
JUDGED = ("judged_correct", "judged_partly_or_better", "support_recall", "support_precision")

Annotations: TypeAlias = list[list[GoldPlace]]  # of each annotator


def question_metrics(record: Record, verdict: Verdict | None) -> dict[str, float]:
    """The value of every metric that is defined for `record`, by name.

    Raises ValueError if `verdict` judged other claims than the record's answer has.
    """
    if record.answer is None:
        return {}
    return retrieval_metrics(record.passages, record.gold) | answer_metrics(record, record.answer, verdict)


def answer_metrics(record: Record, answer: Answer, verdict: Verdict | None) -> dict[str, float]:
    """The metrics that are not about what was retrieved; `answer` is that of `record`. Raises the same."""
    values: dict[str, float] = {}
    if record.question.answerable is not False:
        values |= _citation_metrics(answer, _spans(record.gold))
        values |= _page_citation_metrics(record, answer, _pages(record.gold))
        values |= _document_citation_metrics(answer, _documents(record.gold))
        values |= _reference_metrics(answer, record.question.answers)
    if answer.status != "abstained":
        values |= claim_shares(answer.claims) | _support_metrics(answer, verdict)
        values |= _disagreement_metrics(answer, record.question.disagreement)
    return values | _judged_metrics(verdict) | _abstention_metrics(answer, record.question.answerable)


def retrieval_metrics(passages: Sequence[Retrieved], gold: Sequence[GoldPlace]) -> dict[str, float]:
    """R@k, precision@k, Success@k, MRR and nDCG@10 of a ranking against gold spans; `page_...` against pages.

    `document_...` are against documents that are gold as a whole, and never rest on spans or pages. Of
    several annotators, that of the one whom the ranking serves best, metric by metric. Empty without gold.
    """
    ranked = sorted(passages, key=lambda passage: passage.rank)
    return {
        **_span_retrieval(ranked, _spans(gold)),
        **_page_retrieval(ranked, _pages(gold)),
        **_document_retrieval(ranked, _documents(gold)),
    }


def cluster_of(record: Record) -> str:
    """The name of the cluster a question belongs to: questions about one document go wrong together.

    It is the question's group, else the source it is within, else the source of its first gold, else its own
    key. A question that is unanswerable has no gold, and without a group stands alone. Where those that are
    answerable share documents, that makes the interval of `right_decision` too wide or too narrow.
    """
    question = record.question
    sources = (*(place.source for place in record.gold), *(gold.source for gold in question.evidence))
    return question.group or question.within or next(filter(None, sources), record.key)


def by_annotator(gold: Sequence[GoldPlace]) -> Annotations:
    """Gold by annotator; what has no number is part of everyone's. One if nothing has, none without gold."""
    numbers = sorted({place.set for place in gold if place.set is not None})
    if not numbers:
        return [list(gold)] if gold else []
    return [[place for place in gold if place.set in (None, number)] for number in numbers]


def _spans(gold: Sequence[GoldPlace]) -> Annotations:
    return by_annotator([place for place in gold if place.span])  # an empty span is no gold


def _pages(gold: Sequence[GoldPlace]) -> Annotations:
    return by_annotator([place for place in gold if place.page is not None])


def _documents(gold: Sequence[GoldPlace]) -> Annotations:
    return by_annotator([place for place in gold if place.is_document])


def _span_set(gold: Sequence[GoldPlace]) -> Regions:
    return union((place.source, place.span) for place in gold if place.span)


def _page_set(gold: Sequence[GoldPlace]) -> set[tuple[str, int]]:
    return {(place.source, place.page) for place in gold if place.page is not None}


def _span_retrieval(passages: Sequence[Retrieved], spans: Annotations) -> dict[str, float]:
    if not spans:
        return {}
    golds = [_span_set(gold) for gold in spans]
    values = _ranking_metrics([passage_ranking(passages, gold) for gold in spans])
    for k in DEPTHS:
        with_copies = passage_regions(passages[:k], copies=True)
        without_copies = passage_regions(passages[:k], copies=False)
        values[f"R@{k}"] = max(recall(with_copies, gold) for gold in golds)
        values[f"precision@{k}"] = max(precision(without_copies, gold) for gold in golds)
    return values


def _page_retrieval(passages: Sequence[Retrieved], pages: Annotations) -> dict[str, float]:
    """The same over a ranking of pages; precision is left out."""
    if not pages:
        return {}
    ranked = ranked_pages(passages)
    golds = [_page_set(gold) for gold in pages]
    values = _ranking_metrics([page_ranking(ranked, gold) for gold in golds])
    for k in DEPTHS:
        values[f"R@{k}"] = max(recall(page_regions(ranked[:k]), page_regions(gold)) for gold in golds)
    return {f"page_{name}": value for name, value in values.items()}


def _document_retrieval(passages: Sequence[Retrieved], documents: Annotations) -> dict[str, float]:
    """The same over a ranking of documents."""
    if not documents:
        return {}
    ranked = ranked_documents(passages)
    golds = [{place.source for place in gold} for gold in documents]
    values = _ranking_metrics([document_ranking(ranked, gold) for gold in golds])
    for k in DEPTHS:
        values[f"R@{k}"] = max(recall(document_regions(ranked[:k]), document_regions(gold)) for gold in golds)
    return {f"document_{name}": value for name, value in values.items()}


def _ranking_metrics(rankings: Sequence[Ranking]) -> dict[str, float]:
    """Success, MRR, nDCG; `rankings` are one ranking, against each annotator's gold."""
    values = {f"Success@{k}": max(success(ranking, k) for ranking in rankings) for k in DEPTHS}
    values["MRR"] = max(reciprocal_rank(ranking) for ranking in rankings)
    values[f"nDCG@{_NDCG_DEPTH}"] = max(ndcg(ranking, _NDCG_DEPTH) for ranking in rankings)
    return values


def _citation_metrics(answer: Answer, spans: Annotations) -> dict[str, float]:
    """How the cited characters fit the gold; an abstention, and an answer that cites nothing, has 0."""
    if not spans:
        return {}
    cited = union((citation.source, citation.span) for citation in answer.citations)
    return _fit_values(best_fit(cited, [_span_set(gold) for gold in spans]), _FIT)


def _page_citation_metrics(record: Record, answer: Answer, pages: Annotations) -> dict[str, float]:
    """The same over distinct pages. A citation without a page counts as one page that is not gold."""
    if not pages:
        return {}
    pages_of = {context.number: context.pages for context in record.contexts}
    cited = page_regions(
        (citation.source, page)
        for citation in answer.citations
        for page in pages_of.get(citation.number) or (citation.page or 0,)  # pages count from 1: 0 is no gold
    )
    return _fit_values(best_fit(cited, [page_regions(_page_set(gold)) for gold in pages]), _PAGE_FIT)


def _document_citation_metrics(answer: Answer, documents: Annotations) -> dict[str, float]:
    """The same over distinct documents."""
    if not documents:
        return {}
    cited = document_regions(citation.source for citation in answer.citations)
    golds = [document_regions(place.source for place in gold) for gold in documents]
    return _fit_values(best_fit(cited, golds), _DOCUMENT_FIT)


def _fit_values(fit: CitationFit, names: Sequence[str]) -> dict[str, float]:
    values = {"precision": fit.precision, "recall": fit.recall, "f1": fit.f1, "iou": fit.iou, "hit": fit.hit}
    return {name: values[name.rpartition("_")[2]] for name in names}


def _reference_metrics(answer: Answer, references: Sequence[str]) -> dict[str, float]:
    """An abstention has 0. ROUGE-L is not defined where no reference has a word of its kind."""
    if not references:
        return {}
    abstained = answer.status == "abstained"
    text = "" if abstained else prose(answer)
    values = {
        "exact_match": 0.0 if abstained else exact_match(text, references),
        "token_f1": 0.0 if abstained else token_f1(text, references),
    }
    if any(map(rouge_words, references)):
        values["rouge_l"] = rouge_l(text, references)
    return values


def _support_metrics(answer: Answer, verdict: Verdict | None) -> dict[str, float]:
    if verdict is None or verdict.claims is None:
        return {}
    values = {
        "support_recall": support_recall(answer.claims, verdict.claims),
        "support_precision": support_precision(answer.claims, verdict.claims),
    }
    return {name: value for name, value in values.items() if value is not None}


def _disagreement_metrics(answer: Answer, disagreement: bool | None) -> dict[str, float]:
    """Whether an answer shows that sources disagree: found where they do, false where they do not."""
    if disagreement is None:
        return {}
    name = "disagreement_found" if disagreement else "disagreement_false"
    return {name: float(bool(answer.disagreements))}


def _judged_metrics(verdict: Verdict | None) -> dict[str, float]:
    if verdict is None or verdict.correctness is None:
        return {}
    return {
        "judged_correct": float(verdict.correctness == "correct"),
        "judged_partly_or_better": float(verdict.correctness != "wrong"),
    }


def _abstention_metrics(answer: Answer, answerable: bool | None) -> dict[str, float]:
    abstained = answer.status == "abstained"
    values = {"abstained": float(abstained)}
    if answerable is not None:
        values["right_decision"] = right_decision(abstained=abstained, answerable=answerable)
    return values
