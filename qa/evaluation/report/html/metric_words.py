"""Label, explanation and direction (is more better?) of every metric in the report.

By the stable names of scores.json; a name that is not listed here is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.evaluation.metrics.per_question import DEPTHS
from qa.evaluation.types import Estimate


@dataclass(frozen=True, slots=True)
class MetricText:
    """A metric as a reader meets it. `better` is "more", "less", or "" where neither is."""

    name: str
    label: str
    meaning: str
    better: str = "more"


@dataclass(frozen=True, slots=True)
class MetricGroup:
    """Metrics that are shown together."""

    title: str
    metrics: tuple[MetricText, ...]


def _ranked(prefix: str, word: str, what: str, unit: str) -> tuple[MetricText, ...]:
    """The metrics of a ranking; `prefix` is of their names, `word` of their labels."""
    return (
        *(
            MetricText(f"{prefix}R@{k}", f"{word}R@{k}", f"share of gold {what} in the first {k}")
            for k in DEPTHS
        ),
        *(
            MetricText(f"{prefix}Success@{k}", f"{word}Success@{k}", f"any gold {unit} in the first {k}")
            for k in DEPTHS
        ),
        MetricText(f"{prefix}MRR", f"{word}MRR", f"one divided by the rank of the first gold {unit}"),
        MetricText(f"{prefix}nDCG@10", f"{word}nDCG@10", "gain discounted by rank, of the best possible"),
    )


GROUPS = (
    MetricGroup(
        "Citations",
        (
            MetricText("citation_f1", "Citation F1", "harmonic mean of precision and recall, in characters"),
            MetricText(
                "citation_precision", "Citation precision", "share of the cited characters that are gold"
            ),
            MetricText("citation_recall", "Citation recall", "share of the gold characters that are cited"),
            MetricText("citation_iou", "Citation IoU", "characters both cited and gold, of either"),
            MetricText("citation_hit", "Citation hit", "any cited character is gold"),
        ),
    ),
    MetricGroup(
        "Citations by page",
        (
            MetricText(
                "page_citation_f1", "Page citation F1", "harmonic mean of precision and recall, in pages"
            ),
            MetricText("page_citation_precision", "Page citation precision", "cited pages that are gold"),
            MetricText("page_citation_recall", "Page citation recall", "gold pages that are cited"),
            MetricText("page_citation_hit", "Page citation hit", "any cited page is gold"),
        ),
    ),
    MetricGroup(
        "Citations by document",
        (
            MetricText(
                "document_citation_f1", "Document citation F1", "mean of precision and recall, in documents"
            ),
            MetricText(
                "document_citation_precision", "Document citation precision", "cited documents that are gold"
            ),
            MetricText(
                "document_citation_recall", "Document citation recall", "gold documents that are cited"
            ),
            MetricText("document_citation_hit", "Document citation hit", "any cited document is gold"),
        ),
    ),
    MetricGroup(
        "Answers",
        (
            MetricText(
                "judged_correct", "Judged correct", "the judge found the answer correct; no abstention is"
            ),
            MetricText("judged_partly_or_better", "Judged partly or better", "correct, or correct in part"),
            MetricText("token_f1", "Token F1", "words shared with the nearest reference answer, as in SQuAD"),
            MetricText("exact_match", "Exact match", "equal to a reference answer, as in SQuAD"),
            MetricText("rouge_l", "ROUGE-L", "longest common run of words with a reference answer"),
        ),
    ),
    MetricGroup(
        "Claims",
        (
            MetricText(
                "support_recall",
                "Support recall",
                "claims that their citations bear out, by the judge",
            ),
            MetricText(
                "support_precision",
                "Support precision",
                "citations that bear out a claim and that it needs, by the judge",
            ),
            MetricText("claims_cited", "Claims cited", "share of the claims that cite something"),
            MetricText(
                "claims_suspect", "Claims suspect", "claims with a detail not in what they cite", "less"
            ),
            MetricText("claims_rejected", "Claims rejected", "claims that name no known sentence", "less"),
            MetricText("claims_uncited", "Claims uncited", "claims that cite nothing", "less"),
        ),
    ),
    MetricGroup(
        "Sources against each other",
        (
            MetricText(
                "disagreement_found",
                "Disagreement found",
                "answers that show it, where the sources disagree about what is asked",
            ),
            MetricText(
                "disagreement_false",
                "Disagreement made up",
                "answers that show one, where the sources do not disagree",
                "less",
            ),
        ),
    ),
    MetricGroup(
        "Refusals and errors",
        (
            MetricText(
                "right_decision", "Right decision", "answered what can be answered, abstained from the rest"
            ),
            MetricText(
                "abstention_precision",
                "Abstention precision",
                "abstentions from questions that are unanswerable",
            ),
            MetricText(
                "abstention_recall", "Abstention recall", "unanswerable questions that it abstained from"
            ),
            MetricText("abstention_f1", "Abstention F1", "harmonic mean of abstention precision and recall"),
            MetricText("abstained", "Abstained", "share of the questions that it abstained from", ""),
            MetricText(
                "coverage",
                "Coverage",
                "share of the questions with a known risk that were answered",
                "",
            ),
            MetricText(
                "aurc",
                "AURC",
                "mean risk along the risk-coverage curve, of answers alone: abstaining can lower it",
                "less",
            ),
            MetricText("error_rate", "Errors", "share of the records that failed", "less"),
        ),
    ),
    MetricGroup(
        "Retrieval",
        (
            *_ranked("", "", "text", "passage"),
            *(MetricText(f"precision@{k}", f"Precision@{k}", f"gold share of the first {k}") for k in DEPTHS),
        ),
    ),
    MetricGroup("Retrieval by page", _ranked("page_", "Page ", "pages", "page")),
    MetricGroup("Retrieval by document", _ranked("document_", "Document ", "documents", "document")),
)

_SENTENCES = {
    "R@5": "The first five passages hold {mean} of the gold text",
    "page_R@5": "The first five pages found hold {mean} of the gold pages",
    "document_R@5": "The first five documents found hold {mean} of the gold documents",
    "citation_f1": "What is cited and what is gold agree to {mean} (F1 over characters)",
    "citation_hit": "A citation meets the gold in {mean} of the questions",
    "page_citation_f1": "The cited pages and the gold pages agree to {mean} (F1)",
    "document_citation_f1": "The cited documents and the gold documents agree to {mean} (F1)",
    "support_recall": "The cited text bears out {mean} of an answer's claims, in the judge's view",
    "judged_correct": "The judge found {mean} of the questions answered correctly",
    "token_f1": "Answers share {mean} of their words with a reference answer (token F1)",
    "claims_suspect": "{mean} of the claims state a number, date or name that their citations lack",
    "right_decision": "It rightly answered, or rightly abstained from, {mean} of the questions",
    "error_rate": "{mean} of the records failed and have no score",
}
HEADLINES = tuple(_SENTENCES)
_BY_NAME = {metric.name: metric for group in GROUPS for metric in group.metrics}


def metric(name: str) -> MetricText:
    """The metric of this name; one that is not known is called by its name."""
    return _BY_NAME.get(name) or MetricText(name, name, "", "")


def groups(names: Iterable[str]) -> list[MetricGroup]:
    """The groups with those of their metrics that are in `names`; metrics of no group come last."""
    present = set(names)
    known = [
        MetricGroup(group.title, tuple(m for m in group.metrics if m.name in present)) for group in GROUPS
    ]
    others = tuple(metric(name) for name in sorted(present - set(_BY_NAME)))
    return [group for group in (*known, MetricGroup("Others", others)) if group.metrics]


def percent(value: float) -> str:
    """A share as a percentage with one decimal, without its sign: 0.0614 is "6.1"."""
    return f"{100 * value:.1f}"


def points(difference: float, digits: int = 1) -> str:
    """A difference of shares in percentage points, with its sign: -0.0614 is "−6.1", 0 is "0.0"."""
    signed = f"{100 * difference:+.{digits}f}"
    return signed[1:] if float(signed) == 0 else signed.replace("-", "−")


def sentence(name: str, figures: str) -> str:
    """A metric of `HEADLINES` as a sentence, with its figures put in."""
    return _SENTENCES[name].format(mean=figures)


def interval(estimate: Estimate) -> str:
    """The interval and n of a mean, in words, without the level of the interval."""
    return f"{percent(estimate.low)} to {percent(estimate.high)}\u00a0%, n\u00a0=\u00a0{estimate.n:,}"
