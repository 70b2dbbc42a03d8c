"""Caveats beside the figures: failures, changed files, repeats, who judged, limits of AURC."""

from __future__ import annotations

from collections.abc import Collection

from qa.evaluation.metrics.per_question import JUDGED
from qa.evaluation.metrics.stale import stale_sentence
from qa.evaluation.types import Scores
from qa.output.text import printable

_REPEATED = (  # of each kind of metric, one or two; scores.json has all
    *("R@5", "page_R@5", "document_R@5", "citation_f1", "page_citation_f1", "document_citation_f1"),
    *("support_recall", "judged_correct", "token_f1", "right_decision"),
)


def caveats(scores: Scores, shown: Collection[str]) -> list[str]:
    """The sentences that go with the metrics `shown`, for a terminal and a page alike."""
    sentences = [
        failures_caveat(scores),
        stale_caveat(scores),
        repeats_caveat(scores, shown),
        judge_caveat(scores, shown),
        coverage_caveat(scores, shown),
    ]
    return [sentence for sentence in sentences if sentence]


def failures_caveat(scores: Scores) -> str:
    """That failures are in no other figure; empty where nothing failed."""
    errors = scores.metrics.get("error_rate")
    if errors is None or not errors.mean:
        return ""
    share = f"{100 * errors.mean:.1f} %"
    return f"What failed ({share}) is in no other figure: failing on hard questions looks better."


def stale_caveat(scores: Scores) -> str:
    """How many answers cite files that are not what was indexed any more; empty where none does."""
    said = stale_sentence(scores.counts.stale)
    return f"{said}. To read them again: qa index." if said else ""


def repeats_caveat(scores: Scores, shown: Collection[str]) -> str:
    """How far means vary from one repeat to the next; empty where nothing was asked twice."""
    n = scores.repeats.n
    spread = {name: deviation for name, deviation in scores.repeats.metrics.items() if name in shown}
    if not spread:
        return ""
    if not any(spread.values()):
        return f"The {n} repeats gave the same figures."
    listed = ", ".join(f"{name} {spread[name]:.3f}" for name in _REPEATED if name in spread)
    return f"Standard deviation of a mean between the {n} repeats: {listed}." if listed else ""


def judge_caveat(scores: Scores, shown: Collection[str]) -> str:
    """Who judged; empty where no judged figure is shown."""
    if not scores.judge or not any(name in shown and name in scores.metrics for name in JUDGED):
        return ""
    return (
        f"Judged figures (judged_..., support_...) are as {printable(scores.judge)} judged, with errors that "
        "no interval holds: qa eval --calibrate LABELS says how far it agrees with you."
    )


def coverage_caveat(scores: Scores, shown: Collection[str]) -> str:
    """How much was answered, beside AURC; empty where that is not shown."""
    coverage = scores.metrics.get("coverage")
    if "aurc" not in shown or "aurc" not in scores.metrics or coverage is None:
        return ""
    share = f"{100 * coverage.mean:.1f} %"
    return f"AURC is of answers alone ({share} of the questions): abstaining can lower it."
