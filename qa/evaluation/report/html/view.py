"""What a report shows: runs as they were scored.

Knows the shape of scores.json and reads it into values. Does not know how a page looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from qa.evaluation.types import Estimate, Record, Verdict

Place = tuple[str, int]  # a record's key and its repeat, under which metrics and verdicts are kept


@dataclass(frozen=True, slots=True)
class RunView:
    """A run, ready to be shown.

    `facts` are what was run, as (name, value): question set, model, index, date, versions. `scores` is
    scores.json as it was read. `metrics` and `verdicts` are those of single records, by (key, repeat).
    """

    name: str
    facts: tuple[tuple[str, str], ...]
    scores: Mapping[str, Any]
    records: Sequence[Record]
    metrics: Mapping[Place, Mapping[str, float]]
    verdicts: Mapping[Place, Verdict]


@dataclass(frozen=True, slots=True)
class TagScores:
    """One tag: how many questions bear it, and of each metric its mean and the n that it is over."""

    tag: str
    n: int
    means: Mapping[str, tuple[float, int]]


def estimates(view: RunView) -> dict[str, Estimate]:
    """Every metric of a run by its name."""
    return {
        name: Estimate(float(one["mean"]), float(one["low"]), float(one["high"]), int(one["n"]))
        for name, one in view.scores.get("metrics", {}).items()
    }


def tag_scores(view: RunView) -> list[TagScores]:
    """The tags of a run, the most frequent first."""
    found = [
        TagScores(
            tag,
            int(one["n"]),
            {name: (float(m["mean"]), int(m["n"])) for name, m in one.get("metrics", {}).items()},
        )
        for tag, one in view.scores.get("by_tag", {}).items()
    ]
    return sorted(found, key=lambda one: (-one.n, one.tag))


def question_means(view: RunView) -> dict[str, dict[str, float]]:
    """The metrics of each question by its key, averaged over its repeats; questions in the records' order."""
    figures: dict[str, dict[str, list[float]]] = {}
    for record in view.records:
        values = figures.setdefault(record.key, {})
        for name, value in view.metrics.get((record.key, record.repeat), {}).items():
            values.setdefault(name, []).append(value)
    return {key: {name: fmean(values) for name, values in one.items()} for key, one in figures.items()}


def seconds_of(record: Record) -> float | None:
    """The seconds that a record's answer took from the question on; None if it failed."""
    seconds = record.answer.seconds if record.answer else None
    return None if seconds is None else seconds.search + seconds.answer


def curve(view: RunView) -> list[tuple[float, float]]:
    """The run's risk-coverage curve: (coverage, risk), by rising coverage."""
    points = view.scores.get("curves", {}).get("risk_coverage", [])
    return [(float(coverage), float(risk)) for coverage, risk in points]


def counts(view: RunView) -> dict[str, int]:
    """How many questions, records, answers, abstentions, errors there are."""
    return {name: int(value) for name, value in view.scores.get("counts", {}).items()}


def percentile(view: RunView, name: str) -> float | None:
    """A percentile ("p50", "p95") of the seconds that a question took."""
    value = view.scores.get("timing", {}).get("seconds", {}).get(name)
    return None if value is None else float(value)
