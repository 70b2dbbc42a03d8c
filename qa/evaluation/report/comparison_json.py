"""A comparison as the object of `qa compare --json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from qa.evaluation.comparison import ChangedQuestion, Comparison, MetricChange
from qa.evaluation.gates import LossResult
from qa.evaluation.stats.intervals import METHOD, Difference
from qa.evaluation.stats.jackknife import LEVEL

COMPARISON_SCHEMA = "qa.compare/1"


def comparison_object(
    comparison: Comparison, losses: Sequence[LossResult] = (), *, most: int | None = None
) -> dict[str, object]:
    """The comparison as an object of JSON, with at most `most` changed questions; floats have 6 digits.

    `losses` are the gates that it was held against, if any.
    """
    return {
        "schema": COMPARISON_SCHEMA,
        "a": comparison.name_a,
        "b": comparison.name_b,
        "questions": {
            name: getattr(comparison, name)
            for name in ("paired", "excluded", "failed_a", "failed_b", "only_a", "only_b")
        },
        "error_rate": {run: _round(rate) for run, rate in zip("ab", comparison.error_rates, strict=True)},
        "intervals": {"method": METHOD, "level": LEVEL, "clusters": comparison.clusters},
        "sentence": comparison.sentence,
        "headlines": [
            {
                "of": headline.of,
                "metric": headline.metric,
                **_difference_object(headline.change),
                "p_holm": _round(headline.p),
                "verdict": headline.verdict,
            }
            for headline in comparison.headlines
        ],
        "metrics": {metric.name: _metric_object(metric) for metric in comparison.metrics},
        "changed": [_changed_object(question) for question in comparison.changed[:most]],
        "notes": list(comparison.notes),
        "fail_if_worse": [{"metric": loss.metric, "passed": loss.passed} for loss in losses],
    }


def _metric_object(metric: MetricChange) -> dict[str, object]:
    split = metric.split
    return {
        **_difference_object(metric.change),
        "higher": metric.higher,
        "equal": metric.equal,
        "lower": metric.lower,
        "mcnemar": split and {"only_a": split.only_a, "only_b": split.only_b, "p": _round(split.p)},
    }


def _difference_object(change: Difference) -> dict[str, float]:
    return {name: value if name == "n" else _round(value) for name, value in asdict(change).items()}


def _changed_object(changed: ChangedQuestion) -> dict[str, object]:
    return {
        "key": changed.key,
        "question": changed.a.question,
        "tags": list(changed.a.tags),
        "moves": [
            {"metric": name, "a": _round(in_a), "b": _round(in_b)} for name, in_a, in_b in changed.moves
        ],
        "a": {"status": changed.a.status, "text": changed.a.text},
        "b": {"status": changed.b.status, "text": changed.b.text},
    }


def _round(value: float) -> float:
    return round(value, 6) + 0.0  # never -0.0
