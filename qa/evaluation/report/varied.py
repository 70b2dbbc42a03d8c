"""Runs that differ in one setting, side by side: a table for a terminal, and an object of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.evaluation.comparison import Comparison, points
from qa.evaluation.metrics.per_question import METRICS
from qa.evaluation.metrics.scores_json import scores_object
from qa.evaluation.report.comparison_json import comparison_object
from qa.evaluation.report.scores_text import HEADLINES
from qa.evaluation.stats.intervals import Difference
from qa.evaluation.types import Estimate, Scores
from qa.output.text import cells, paint, printable, shorten, table, wrap

VARY_SCHEMA = "qa.vary/1"
_LONGEST = 24  # columns of a value
_LEAST = 3  # columns that stay however narrow the terminal is


@dataclass(frozen=True, slots=True)
class Variant:
    """The run of one value: its folder and scores, and how it compares with the first, which has nothing."""

    value: str
    folder: str
    scores: Scores
    comparison: Comparison | None = None


def varied_text(
    name: str, variants: Sequence[Variant], *, width: int = 80, colour: bool = False, full: bool = False
) -> str:
    """Every figure that matters most (all, if `full`) by value, with its difference from the first one."""
    shown = [
        metric
        for metric in METRICS
        if (full or metric in HEADLINES) and any(metric in each.scores.metrics for each in variants)
    ]
    head = ("", name, "mean", "interval", "points", "95 % interval", "p", "n")
    rows = [row for metric in shown for row in _rows(metric, variants)]
    rows += list(_effort_rows(variants))
    shaped = [tuple(map(printable, row)) for row in (head, *rows)]
    while len(shaped[0]) > _LEAST and _breadth(shaped) > width:
        shaped = [row[:-1] for row in shaped]  # what is least needed stands last
    heading, *lines = table(shaped, width=width, right=set(range(1, 8)) - {3}, loose={0})
    return "\n".join(
        [
            *wrap(_asked(name, variants), width),
            "",
            paint(heading, "dim", colour=colour),
            *lines,
            "",
            *(paint(line, "dim", colour=colour) for line in wrap(_legend(name, variants), width)),
        ]
    )


def varied_object(name: str, variants: Sequence[Variant]) -> dict[str, object]:
    """The runs as an object of JSON: of each its scores, and, but for the first, the comparison with that."""
    return {
        "schema": VARY_SCHEMA,
        "setting": name,
        "runs": [
            {
                "value": each.value,
                "folder": each.folder,
                "scores": scores_object(each.scores),
                "compared": each.comparison and comparison_object(each.comparison, most=0),
            }
            for each in variants
        ],
    }


def _rows(metric: str, variants: Sequence[Variant]) -> Iterator[tuple[str, ...]]:
    """A metric's line for each value; its name stands on the first."""
    for at, each in enumerate(variants):
        label = metric if at == 0 else ""
        estimate = each.scores.metrics.get(metric)
        yield (
            label,
            shorten(each.value, _LONGEST),
            *_estimate_cells(estimate),
            *_change_cells(_changes(each).get(metric)),
        )


def _estimate_cells(estimate: Estimate | None) -> tuple[str, str]:
    if estimate is None:
        return "-", ""
    return f"{estimate.mean:.3f}", f"{estimate.low:.3f} to {estimate.high:.3f}"


def _change_cells(change: Difference | None) -> tuple[str, ...]:
    if change is None:
        return ("", "", "", "")
    interval = f"{points(change.low, sign='-')} to {points(change.high, sign='-')}"
    p = "<.001" if change.p < 0.001 else f"{change.p:.3f}".removeprefix("0")
    return points(change.difference), interval, p, f"{change.n:,}"


def _changes(variant: Variant) -> Mapping[str, Difference]:
    if variant.comparison is None:
        return {}
    return {metric.name: metric.change for metric in variant.comparison.metrics}


def _effort_rows(variants: Sequence[Variant]) -> Iterator[tuple[str, ...]]:
    """What each value took: seconds of an answer, and dollars where a model was paid."""
    efforts = {
        "seconds_p50": [each.scores.timing.seconds.p50 for each in variants],
        "cost_usd": [each.scores.cost.cost_usd or None for each in variants],
    }
    for name, values in efforts.items():
        if any(value is not None for value in values):
            for at, (each, value) in enumerate(zip(variants, values, strict=True)):
                text = "-" if value is None else f"{value:.3f}"
                yield (name if at == 0 else "", shorten(each.value, _LONGEST), text, "", "", "", "", "")


def _breadth(rows: Sequence[Sequence[str]]) -> int:
    return sum(max(map(cells, column)) + 2 for column in zip(*rows, strict=True)) - 2


def _asked(name: str, variants: Sequence[Variant]) -> str:
    counts = variants[0].scores.counts
    asked = f"{counts.questions:,} question{'' if counts.questions == 1 else 's'}"
    return printable(f"{asked} with {name} = {', '.join(each.value for each in variants)}")


def _legend(name: str, variants: Sequence[Variant]) -> str:
    """How to read the differences, and not to take the best of several for better than it is."""
    first = variants[0].value
    legend = f"points: less {name} = {first}, of paired questions; p is of one figure alone."
    if len(variants) > 2:
        legend += " The best of several looks better than it is: confirm it on questions kept apart."
    return printable(legend)
