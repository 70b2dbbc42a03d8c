"""Gates for CI (`--min citation_f1=0.8`, `--fail-if-worse citation_f1`), and whether runs pass them.

A gate is about the whole run. For one tag, run with `--tag`: names of metrics hold an @ themselves (`R@5`),
and a tag may hold any character.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from operator import attrgetter
from typing import Literal

from index.errors import UsageError
from qa.errors import GateFailed
from qa.evaluation.comparison import Comparison, points
from qa.evaluation.metrics.per_question import LESS_IS_BETTER, METRICS, NEITHER_IS_BETTER
from qa.evaluation.stats.intervals import Difference
from qa.evaluation.types import Scores

Bound = Literal["min", "max"]

# Where in `Scores` the figures stand that are no metrics. `abstained` is a metric, and no count.
FIGURES = {
    **{
        f"{what}_{part}": f"timing.{what}.{part}"
        for what in ("search_seconds", "answer_seconds", "seconds")
        for part in ("p50", "p95", "mean")
    },
    **{name: f"cost.{name}" for name in ("prompt_tokens", "completion_tokens", "cost_usd")},
    **{
        name: f"counts.{name}"
        for name in (
            *("questions", "records", "answered", "errors", "unanswerable", "judged", "unreadable", "stale"),
        )
    },
}
NAMES = (*METRICS, *FIGURES)


@dataclass(frozen=True, slots=True)
class Gate:
    """The least ("min") or the most ("max") that a figure may be."""

    name: str
    bound: Bound
    limit: float

    def __str__(self) -> str:
        return f"{self.name} {'>=' if self.bound == 'min' else '<='} {self.limit:.12g}"


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate, the figure it was compared with and whether it passed.

    `low` and `high` are the figure's interval, None where it has none; `value` is None where there is no
    figure. `decided_on` is the number that counted.
    """

    gate: Gate
    passed: bool
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    decided_on: float | None = None


@dataclass(frozen=True, slots=True)
class LossResult:
    """Whether run B is no worse than run A by a metric, as far as that can be seen.

    It is failed only if the interval of the paired difference excludes no loss. `change` is None where the
    metric is not in both runs, which passes nothing but an error rate where nothing failed.
    """

    metric: str
    passed: bool
    change: Difference | None = None


def parse_gates(least: Sequence[str], most: Sequence[str]) -> tuple[Gate, ...]:
    """The gates of `--min NAME=VALUE` and `--max NAME=VALUE`, each once. Raises UsageError."""
    gates = [_gate(written, "min") for written in least] + [_gate(written, "max") for written in most]
    return tuple(dict.fromkeys(gates))


def check_gates(gates: Sequence[Gate], scores: Scores, *, confident: bool = False) -> tuple[GateResult, ...]:
    """The result of each gate, in order. What has no value in `scores` passes no gate.

    With `confident`, the end of a metric's interval that speaks against the gate must pass, not only the
    mean; figures without an interval (seconds, cost, counts) are compared as they are.
    """
    return tuple(_result(gate, scores, confident=confident) for gate in gates)


def parse_loss_metrics(names: Sequence[str]) -> tuple[str, ...]:
    """The metrics of `--fail-if-worse`, each once. Raises UsageError for one of which no loss can be told."""
    for name in names:
        if name in NEITHER_IS_BETTER:
            raise UsageError(
                f"fail_if_worse: neither more nor less of {name} is better",
                "gate what it stands for: right_decision, abstention_f1",
                option="fail_if_worse",
            )
        if name not in METRICS:
            raise UsageError(
                f"fail_if_worse: there is no metric called {name!r}",
                _did_you_mean(name, METRICS),
                option="fail_if_worse",
            )
    return tuple(dict.fromkeys(names))


def check_losses(metrics: Sequence[str], comparison: Comparison) -> tuple[LossResult, ...]:
    """Whether B lost by each of `metrics`, in order."""
    compared = {metric.name: metric.change for metric in comparison.metrics}
    nothing_failed = not any(comparison.error_rates)
    return tuple(_loss(name, compared.get(name), nothing_failed=nothing_failed) for name in metrics)


def _loss(name: str, change: Difference | None, *, nothing_failed: bool) -> LossResult:
    if change is None:
        return LossResult(name, passed=name == "error_rate" and nothing_failed)
    lost = change.low > 0 if name in LESS_IS_BETTER else change.high < 0
    return LossResult(name, not lost, change)


def require_passed(results: Sequence[GateResult | LossResult]) -> None:
    """Raises GateFailed naming every gate that failed."""
    failed = [result for result in results if not result.passed]
    if failed:
        count = f"{len(failed)} of {len(results)} gates failed" if len(results) > 1 else "the gate failed"
        raise GateFailed(f"{count}: {'; '.join(map(line_of, failed))}")


def line_of(result: GateResult | LossResult) -> str:
    """A gate and its outcome in words."""
    return loss_line(result) if isinstance(result, LossResult) else result_line(result)


def loss_line(result: LossResult) -> str:
    """`citation_f1: failed, B is worse: -6.1 points (95 % interval -9.0 to -3.2, n = 200)`."""
    change = result.change
    if change is None:
        why = "passed, nothing failed" if result.passed else "failed, it is not in both runs"
        return f"{result.metric}: {why}"
    outcome = "passed, no loss is shown" if result.passed else "failed, B is worse"
    interval = f"{points(change.low, sign='-')} to {points(change.high, sign='-')}"
    return (
        f"{result.metric}: {outcome}: {points(change.difference)} points"
        f" (95 % interval {interval}, n = {change.n:,})"
    )


def result_line(result: GateResult) -> str:
    """`citation_f1 >= 0.8: failed, it is 0.742 (0.701 to 0.781, n = 200)`."""
    if result.value is None:
        return f"{result.gate}: failed, it has no value in this run"
    details = [] if result.low is None else [f"{_number(result.low)} to {_number(result.high)}"]
    details += [] if result.n is None else [f"n = {result.n:,}"]
    beside = f" ({', '.join(details)})" if details else ""
    end = "low" if result.gate.bound == "min" else "high"
    decided = "" if result.decided_on == result.value else f"; the {end} end of its interval decides"
    outcome = "passed" if result.passed else "failed"
    return f"{result.gate}: {outcome}, it is {_number(result.value)}{beside}{decided}"


def _gate(written: str, bound: Bound) -> Gate:
    name, sign, value = (part.strip() for part in written.rpartition("="))
    example = f"for example {'citation_f1=0.8' if bound == 'min' else 'error_rate=0.01'}"
    if not sign or not name:
        raise UsageError(f"{bound} takes NAME=VALUE, not {written!r}", example, option=bound)
    if name not in NAMES:
        raise UsageError(f"{bound}: there is no figure called {name!r}", _did_you_mean(name), option=bound)
    try:
        limit = float(value)
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        raise UsageError(f"{bound}: {value!r} is no number for {name}", example, option=bound)
    if name in METRICS and not 0 <= limit <= 1:
        raise UsageError(
            f"{bound}: {value} is not between 0 and 1, where all values of {name} lie",
            f"for 80 per cent write {name}=0.8",
            option=bound,
        )
    return Gate(name, bound, limit)


def _did_you_mean(name: str, names: Sequence[str] = NAMES) -> str:
    by_folded = {known.casefold(): known for known in names}
    near = get_close_matches(name.casefold(), by_folded, n=3)
    if near:
        return f"did you mean {' or '.join(by_folded[folded] for folded in near)}?"
    return f"one of {', '.join(names)}"


def _result(gate: Gate, scores: Scores, *, confident: bool) -> GateResult:
    if gate.name in FIGURES:
        figure: float | None = attrgetter(FIGURES[gate.name])(scores)
        return GateResult(gate, figure is not None and _passes(gate, figure), figure, decided_on=figure)
    estimate = scores.metrics.get(gate.name)
    if estimate is None:
        return GateResult(gate, passed=False)
    unfavourable = estimate.low if gate.bound == "min" else estimate.high
    decided_on = unfavourable if confident else estimate.mean
    return GateResult(
        gate, _passes(gate, decided_on), estimate.mean, estimate.low, estimate.high, estimate.n, decided_on
    )


def _passes(gate: Gate, value: float) -> bool:
    return value >= gate.limit if gate.bound == "min" else value <= gate.limit


def _number(value: float | None) -> str:
    """Up to four decimals, or, of something smaller, its first three digits."""
    if value is None:
        return "unknown"
    return f"{value:.3g}" if 0 < abs(value) < 0.001 else f"{value:.4f}".rstrip("0").rstrip(".")
