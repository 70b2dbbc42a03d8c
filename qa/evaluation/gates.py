"""Gates for CI: `--min citation_f1=0.8 --max error_rate=0.01` against what `scores.json` says.

Knows the names that a gate may have and when one is passed: on the figure, or, with `--confident`, on the
end of its interval that speaks against it. What has no value passes no gate. Computes no figure.

A gate is about the whole run. For one tag, run with `--tag`: names of metrics hold an @ themselves (`R@5`),
and a tag may hold any character.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, TypeGuard

from index.errors import UsageError
from qa.errors import GateFailed
from qa.evaluation.metrics.per_question import METRICS

Bound = Literal["min", "max"]

_COUNTS = ("questions", "records", "answered", "errors", "unanswerable", "judged", "unreadable")
_TIMES = tuple(
    f"{name}_{part}"
    for name in ("search_seconds", "answer_seconds", "seconds")
    for part in ("p50", "p95", "mean")
)
_COSTS = ("prompt_tokens", "completion_tokens", "cost_usd")
NAMES = (*METRICS, *_TIMES, *_COSTS, *_COUNTS)


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
    """A gate, the figure it was held against and whether it passed.

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


def parse_gates(least: Sequence[str], most: Sequence[str]) -> tuple[Gate, ...]:
    """The gates of `--min NAME=VALUE` and `--max NAME=VALUE`, each once. Raises UsageError."""
    gates = [_gate(written, "min") for written in least] + [_gate(written, "max") for written in most]
    return tuple(dict.fromkeys(gates))


def evaluate(
    gates: Sequence[Gate], scores: Mapping[str, object], *, confident: bool = False
) -> tuple[GateResult, ...]:
    """What becomes of each gate, in order. `scores` is the object of a `scores.json`.

    With `confident`, a metric's interval must lie on the right side, not only its mean; figures without an
    interval (seconds, cost, counts) are held against the gate as they are.
    """
    return tuple(_outcome(gate, scores, confident=confident) for gate in gates)


def require(outcomes: Sequence[GateResult]) -> None:
    """Raises GateFailed naming every gate that failed."""
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if failed:
        count = f"{len(failed)} of {len(outcomes)} gates failed" if len(outcomes) > 1 else "the gate failed"
        raise GateFailed(f"{count}: {'; '.join(map(verdict_line, failed))}")


def verdict_line(outcome: GateResult) -> str:
    """`citation_f1 >= 0.8: failed, it is 0.742 (0.701 to 0.781, n = 200)`."""
    if outcome.value is None:
        return f"{outcome.gate}: failed, it has no value in this run"
    beside = [] if outcome.low is None else [f"{_shown(outcome.low)} to {_shown(outcome.high)}"]
    beside += [] if outcome.n is None else [f"n = {outcome.n:,}"]
    known = f" ({', '.join(beside)})" if beside else ""
    end = "low" if outcome.gate.bound == "min" else "high"
    on = "" if outcome.decided_on == outcome.value else f"; the {end} end of its interval decides"
    how = "passed" if outcome.passed else "failed"
    return f"{outcome.gate}: {how}, it is {_shown(outcome.value)}{known}{on}"


def _gate(written: str, bound: Bound) -> Gate:
    name, sign, value = (part.strip() for part in written.rpartition("="))
    example = f"--{bound} {'citation_f1=0.8' if bound == 'min' else 'error_rate=0.01'}"
    if not sign or not name:
        raise UsageError(f"--{bound} takes NAME=VALUE, not {written!r}", f"for example {example}")
    if name not in NAMES:
        raise UsageError(f"--{bound}: there is no figure called {name!r}", _near(name))
    try:
        limit = float(value)
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        raise UsageError(f"--{bound} {name}: {value!r} is no number", f"for example {example}")
    if name in METRICS and not 0 <= limit <= 1:
        raise UsageError(
            f"--{bound} {name}: {value} is not between 0 and 1, where all its values lie",
            f"for 80 per cent write --{bound} {name}=0.8",
        )
    return Gate(name, bound, limit)


def _near(name: str) -> str:
    folded = {known.casefold(): known for known in NAMES}
    near = get_close_matches(name.casefold(), folded, n=3)
    return (
        f"did you mean {' or '.join(folded[one] for one in near)}?" if near else f"one of {', '.join(NAMES)}"
    )


def _outcome(gate: Gate, scores: Mapping[str, object], *, confident: bool) -> GateResult:
    if gate.name not in METRICS:
        value = _number(_figure(gate.name, scores))
        return GateResult(gate, value is not None and _holds(gate, value), value, decided_on=value)
    estimate = _within(_within(scores, "metrics"), gate.name)
    value, low, high = (_number(_get(estimate, part)) for part in ("mean", "low", "high"))
    n = _get(estimate, "n")
    decided_on = (low if gate.bound == "min" else high) if confident else value
    passed = value is not None and decided_on is not None and _holds(gate, decided_on)
    return GateResult(gate, passed, value, low, high, n if isinstance(n, int) else None, decided_on)


def _holds(gate: Gate, value: float) -> bool:
    return value >= gate.limit if gate.bound == "min" else value <= gate.limit


def _figure(name: str, scores: Mapping[str, object]) -> object:
    """A figure that is no metric: seconds, tokens, cost or a count."""
    if name in _TIMES:
        kind, _, part = name.rpartition("_")
        return _get(_within(_within(scores, "timing"), kind), part)
    return _get(_within(scores, "cost" if name in _COSTS else "counts"), name)


def _within(where: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = where.get(name)
    return found if isinstance(found, Mapping) else {}


def _get(where: Mapping[str, object], name: str) -> object:
    return where.get(name)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _number(value: object) -> float | None:
    return value if _is_number(value) else None


def _shown(value: float | None) -> str:
    """Up to four decimals, or, of something smaller, its first three digits."""
    if value is None:
        return "unknown"
    return f"{value:.3g}" if 0 < abs(value) < 0.001 else f"{value:.4f}".rstrip("0").rstrip(".")
