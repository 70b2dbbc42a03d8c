"""The plots of a report as inline SVG: risk by coverage, distributions, retrieval by k, seconds.

Every plot has a title, a description in words and axes with units, and tells two runs apart by colour, by
line and by mark. A run is called "A" or "B".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluation.report.html.svg import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    axis_names,
    bar,
    figure,
    grid,
    hatch,
    legend,
    mark,
    path,
    scale,
    text,
    ticks,
    whisker,
)
from qa.evaluation.types import Estimate

_MOST_POINTS = 240  # of a line: more cannot be seen
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """A run's points, (x, y), by rising x."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """One metric by k: for each run its name and its estimates in the order of the ks."""

    title: str
    ks: tuple[int, ...]
    runs: tuple[tuple[str, tuple[Estimate, ...]], ...]


@dataclass(frozen=True, slots=True)
class Durations:
    """A run's seconds, each above 0, with the two percentiles that are marked."""

    name: str
    seconds: Sequence[float]
    p50: float
    p95: float


def risk_coverage(lines: Sequence[Curve], description: str) -> str:
    """The share of wrong answers (y) when only the surest answers are given, by the share of those (x)."""
    top = _round_up(max((y for line in lines for _, y in line.points), default=1.0))
    x, y = scale((0, 1), (LEFT, RIGHT)), scale((0, top), (BOTTOM, TOP))
    parts = grid(y, [top * share for share in _QUARTERS], _percent)
    parts += ticks(x, _QUARTERS, _percent)
    parts += axis_names("coverage: answered, surest first (% of questions)", "risk (% of answered)")
    for index, line in enumerate(lines):
        points = [(x(a), y(b)) for a, b in _thinned(line.points)]
        if points:
            parts += [path(points, f"line s{index}"), mark(*points[-1], index)]
    parts += legend([line.name for line in lines])
    return figure("risk-coverage", "Risk by coverage", description, parts)


def distribution(
    ident: str, title: str, runs: Sequence[tuple[str, Sequence[float]]], description: str
) -> str:
    """How many questions have which score in [0, 1]: ten bars, and one at either end for exactly 0 and 1."""
    shares = [_binned(values) for _, values in runs]
    top = _round_up(max((share for run in shares for share in run), default=1.0))
    y = scale((0, top), (BOTTOM, TOP))
    parts = grid(y, [top * share for share in _QUARTERS], _percent)
    slot = (RIGHT - LEFT) / 13  # ten bars and two at the ends, each half a bar away
    lefts = [LEFT, *(LEFT + slot * (1.5 + n) for n in range(10)), RIGHT - slot]
    for index, run in enumerate(shares):
        width = (slot - 2) / len(shares)
        parts += [
            bar((left + 1 + index * width, y(share), width, BOTTOM - y(share)), index, ident)
            for left, share in zip(lefts, run, strict=True)
            if share
        ]
    middle = scale((0, 1), (lefts[1], lefts[10] + slot))
    parts += ticks(middle, (0.2, 0.4, 0.6, 0.8), lambda value: f"{value:.1f}")
    parts += [text(lefts[0] + slot / 2, BOTTOM + 16, "0"), text(lefts[11] + slot / 2, BOTTOM + 16, "1")]
    parts += axis_names(f"{title} of a question; the outer bars: exactly 0, exactly 1", "questions (%)")
    if len(runs) > 1:
        parts = [hatch(ident), *parts, *legend([name for name, _ in runs], ident)]
    return figure(ident, f"Distribution of {title}", description, parts)


def by_k(ident: str, title: str, panels: Sequence[Panel], description: str) -> str:
    """Means and their intervals by the number of passages looked at, one panel a metric."""
    y = scale((0, 1), (BOTTOM, TOP + 18))
    parts = grid(y, _QUARTERS, _percent)
    room = (RIGHT - LEFT) / max(len(panels), 1)
    for place, panel in enumerate(panels):
        left = LEFT + place * room
        x = scale((-0.5, len(panel.ks) - 0.5), (left + 4, left + room - 4))
        parts.append(text(left + room / 2, TOP + 8, panel.title, "panel"))
        parts += [text(x(n), BOTTOM + 16, str(k)) for n, k in enumerate(panel.ks)]
        if place:
            parts.append(f'<line class="rule" x1="{left:.1f}" x2="{left:.1f}" y1="{TOP}" y2="{BOTTOM}"/>')
        for index, (_, run) in enumerate(panel.runs):
            shift = 3.5 * (2 * index - len(panel.runs) + 1)
            points = [(x(n) + shift, y(estimate.mean)) for n, estimate in enumerate(run)]
            parts.append(path(points, f"line s{index}"))
            for (at, middle), estimate in zip(points, run, strict=True):
                parts += [whisker(at, y(estimate.low), y(estimate.high), index), mark(at, middle, index)]
    parts += axis_names("k: passages looked at, best first", "mean over questions (%)")
    parts += legend([name for name, _ in panels[0].runs] if panels else [])
    return figure(ident, title, description, parts)


def seconds(runs: Sequence[Durations], description: str) -> str:
    """The share of questions (y) that took at most so long (x, on a logarithmic scale)."""
    low = min(min(run.seconds) for run in runs)
    high = max(max(run.seconds) for run in runs)
    stops = _decades(low, high)
    x = scale((math.log10(stops[0]), math.log10(stops[-1])), (LEFT, RIGHT))
    y = scale((0, 1), (BOTTOM, TOP))
    parts = grid(y, _QUARTERS, _percent) + ticks(lambda value: x(math.log10(value)), stops, duration)
    for index, run in enumerate(runs):
        ordered = sorted(run.seconds)
        steps = [(x(math.log10(value)), y(n / len(ordered))) for n, value in enumerate(ordered, 1)]
        parts.append(path(_thinned([(steps[0][0], y(0)), *steps]), f"line s{index}"))
    within = {
        "p50": (0.5, [(run.name, run.p50) for run in runs]),
        "p95": (0.95, [(run.name, run.p95) for run in runs]),
    }
    for name, (level, values) in within.items():
        places = [x(math.log10(min(max(value, stops[0]), stops[-1]))) for _, value in values]
        labels = [f"{run} {name} {duration(value)}".strip() for run, value in values]
        parts += _percentiles(places, labels, y(level))
    parts += axis_names("seconds from question to answer (logarithmic)", "questions answered within (%)")
    parts += legend([run.name for run in runs])
    return figure("seconds", "Seconds per question", description, parts)


def _percentiles(places: Sequence[float], labels: Sequence[str], y: float) -> list[str]:
    """A mark for each run's percentile, and its label: below and right, the quicker of two above and left.

    A label for which there is no room is left out; the caption below the plot has it.
    """
    parts = []
    quickest = min(range(len(places)), key=places.__getitem__)
    for index, (at, label) in enumerate(zip(places, labels, strict=True)):
        left = (len(places) > 1 and index == quickest) or at > RIGHT - 90
        if not left:
            parts.append(text(at + 8, y + 13, label, "value start"))
        elif at > LEFT + 90:
            parts.append(text(at - 8, y - 4 if index == quickest else y + 16, label, "value end"))
        parts.append(mark(at, y, index))
    return parts


def whiskers(estimates: Sequence[Estimate | None], *, low: float = 0.0, high: float = 1.0) -> str:
    """Means as marks with their intervals, one below the other, on a scale from `low` to `high`.

    For a cell of a table that says the same in figures: as wide as the cell, and hidden from screen readers.
    """
    height = 10 + 12 * len(estimates)

    def at(value: float) -> str:
        return f"{100 * (min(max(value, low), high) - low) / (high - low):.2f}%"

    parts = [f'<line class="grid" x1="{25 * n}%" x2="{25 * n}%" y1="0" y2="{height}"/>' for n in range(5)]
    for index, estimate in enumerate(estimates):
        if estimate is None:
            continue
        y = 11 + 12 * index
        left, right = at(estimate.low), at(estimate.high)
        parts.append(f'<line class="whisker s{index}" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>')
        parts.append(f'<svg class="dot" x="{at(estimate.mean)}" y="{y}">{mark(0, 0, index)}</svg>')
    return f'<svg class="cell" height="{height}" aria-hidden="true">{"".join(parts)}</svg>'


def duration(value: float) -> str:
    """Seconds as people say them: "35 ms", "1.2 s", "40 s"."""
    if value < 0.9995:
        return f"{1000 * value:.2g} ms" if value < 0.0095 else f"{1000 * value:.0f} ms"
    return f"{value:.1f} s" if value < 9.95 and f"{value:.1f}"[-1] != "0" else f"{value:.0f} s"


def _binned(values: Sequence[float]) -> list[float]:
    """Shares of the values that are exactly 0, in each tenth between (its end included), exactly 1."""
    counts = [0] * 12
    for value in values:
        counts[0 if value <= 0 else 11 if value >= 1 else min(max(math.ceil(10 * value - 1e-9), 1), 10)] += 1
    return [count / max(len(values), 1) for count in counts]


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most so many points as can be seen, evenly chosen, the first and the last among them."""
    if len(points) <= _MOST_POINTS:
        return list(points)
    step = (len(points) - 1) / (_MOST_POINTS - 1)
    return [points[round(n * step)] for n in range(_MOST_POINTS)]


def _round_up(value: float) -> float:
    """The top of an axis of shares: a round figure above `value`, at most 1."""
    return next((top for top in (0.04, 0.08, 0.12, 0.2, 0.4, 0.6, 0.8) if value <= top), 1.0)


def _decades(low: float, high: float) -> list[float]:
    """Ticks on a logarithmic scale, at most seven where that is enough, that hold `low` and `high`."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks: list[float] = []
    for steps in ((1, 2, 5), (1, 3), (1,)):
        every = [step * 10.0**power for power in powers for step in steps]
        first = max((n for n, tick in enumerate(every) if tick <= low * 1.0001), default=0)
        last = min((n for n, tick in enumerate(every) if tick >= high * 0.9999), default=len(every) - 1)
        ticks = every[first : max(last, first + 1) + 1]
        if len(ticks) <= 7:
            break
    return ticks


def _percent(value: float) -> str:
    return f"{100 * value:.0f}"
