"""Plots as inline SVG: risk and coverage, distributions of scores, retrieval by k, seconds.

Pure functions from numbers to markup. Every plot has a title, a description in words, axes with units, and
tells two runs apart by colour, by line and by mark (report.css says how each class looks), so that neither
colours nor a screen are needed. A run is called "A" or "B". Knows nothing of runs, records or pages.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from qa.evaluation.types import Estimate

WIDTH, HEIGHT = 420, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 408, 26, 236
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
class Timing:
    """A run's seconds, each above 0, with the two percentiles that are marked."""

    name: str
    seconds: Sequence[float]
    p50: float
    p95: float


def risk_coverage(lines: Sequence[Curve], words: str) -> str:
    """The share of wrong answers (y) when only the surest answers are given, by the share of those (x)."""
    top = _round_up(max((y for line in lines for _, y in line.points), default=1.0))
    x, y = _scale((0, 1), (_LEFT, _RIGHT)), _scale((0, top), (_BOTTOM, _TOP))
    parts = _grid(y, [top * share for share in _QUARTERS], _percent)
    parts += _ticks(x, _QUARTERS, _percent)
    parts += _axis_names("coverage: answered, surest first (% of questions)", "risk (% of answered)")
    for index, line in enumerate(lines):
        points = [(x(a), y(b)) for a, b in _thinned(line.points)]
        if points:
            parts += [_path(points, f"line s{index}"), _mark(*points[-1], index)]
    parts += _legend([line.name for line in lines])
    return _figure("risk-coverage", "Risk by coverage", words, parts)


def distribution(ident: str, title: str, runs: Sequence[tuple[str, Sequence[float]]], words: str) -> str:
    """How many questions have which score in [0, 1]: ten bars, and one at either end for exactly 0 and 1."""
    shares = [_binned(values) for _, values in runs]
    top = _round_up(max((share for run in shares for share in run), default=1.0))
    y = _scale((0, top), (_BOTTOM, _TOP))
    parts = _grid(y, [top * share for share in _QUARTERS], _percent)
    slot = (_RIGHT - _LEFT) / 13  # ten bars and two at the ends, each half a bar away
    lefts = [_LEFT, *(_LEFT + slot * (1.5 + n) for n in range(10)), _RIGHT - slot]
    for index, run in enumerate(shares):
        width = (slot - 2) / len(shares)
        parts += [
            _bar((left + 1 + index * width, y(share), width, _BOTTOM - y(share)), index, ident)
            for left, share in zip(lefts, run, strict=True)
            if share
        ]
    middle = _scale((0, 1), (lefts[1], lefts[10] + slot))
    parts += _ticks(middle, (0.2, 0.4, 0.6, 0.8), lambda value: f"{value:.1f}")
    parts += [_text(lefts[0] + slot / 2, _BOTTOM + 16, "0"), _text(lefts[11] + slot / 2, _BOTTOM + 16, "1")]
    parts += _axis_names(f"{title} of a question; the outer bars: exactly 0, exactly 1", "questions (%)")
    if len(runs) > 1:
        parts = [_hatch(ident), *parts, *_legend([name for name, _ in runs], ident)]
    return _figure(ident, f"Distribution of {title}", words, parts)


def by_k(ident: str, title: str, panels: Sequence[Panel], words: str) -> str:
    """Means and their intervals by the number of passages looked at, one panel a metric."""
    y = _scale((0, 1), (_BOTTOM, _TOP + 18))
    parts = _grid(y, _QUARTERS, _percent)
    room = (_RIGHT - _LEFT) / max(len(panels), 1)
    for place, panel in enumerate(panels):
        left = _LEFT + place * room
        x = _scale((-0.5, len(panel.ks) - 0.5), (left + 4, left + room - 4))
        parts.append(_text(left + room / 2, _TOP + 8, panel.title, "panel"))
        parts += [_text(x(n), _BOTTOM + 16, str(k)) for n, k in enumerate(panel.ks)]
        if place:
            parts.append(f'<line class="rule" x1="{left:.1f}" x2="{left:.1f}" y1="{_TOP}" y2="{_BOTTOM}"/>')
        for index, (_, run) in enumerate(panel.runs):
            shift = 3.5 * (2 * index - len(panel.runs) + 1)
            points = [(x(n) + shift, y(one.mean)) for n, one in enumerate(run)]
            parts.append(_path(points, f"line s{index}"))
            for (at, middle), one in zip(points, run, strict=True):
                parts += [_whisker(at, y(one.low), y(one.high), index), _mark(at, middle, index)]
    parts += _axis_names("k: passages looked at, best first", "mean over questions (%)")
    parts += _legend([name for name, _ in panels[0].runs] if panels else [])
    return _figure(ident, title, words, parts)


def seconds(runs: Sequence[Timing], words: str) -> str:
    """The share of questions (y) that took at most so long (x, on a logarithmic scale)."""
    low = min(min(run.seconds) for run in runs)
    high = max(max(run.seconds) for run in runs)
    stops = _decades(low, high)
    x = _scale((math.log10(stops[0]), math.log10(stops[-1])), (_LEFT, _RIGHT))
    y = _scale((0, 1), (_BOTTOM, _TOP))
    parts = _grid(y, _QUARTERS, _percent) + _ticks(lambda value: x(math.log10(value)), stops, duration)
    for index, run in enumerate(runs):
        ordered = sorted(run.seconds)
        steps = [(x(math.log10(value)), y(n / len(ordered))) for n, value in enumerate(ordered, 1)]
        parts.append(_path(_thinned([(steps[0][0], y(0)), *steps]), f"line s{index}"))
    within = {
        "p50": (0.5, [(run.name, run.p50) for run in runs]),
        "p95": (0.95, [(run.name, run.p95) for run in runs]),
    }
    for name, (level, values) in within.items():
        places = [x(math.log10(min(max(value, stops[0]), stops[-1]))) for _, value in values]
        said = [f"{run} {name} {duration(value)}".strip() for run, value in values]
        parts += _percentiles(places, said, y(level))
    parts += _axis_names("seconds from question to answer (logarithmic)", "questions answered within (%)")
    parts += _legend([run.name for run in runs])
    return _figure("seconds", "Seconds per question", words, parts)


def _percentiles(places: Sequence[float], said: Sequence[str], y: float) -> list[str]:
    """A mark for each run's percentile, and its value: below and right, the quicker of two above and left.

    A value for which there is no room is left out; the words below the plot have it.
    """
    parts = []
    quickest = min(range(len(places)), key=places.__getitem__)
    for index, (at, words) in enumerate(zip(places, said, strict=True)):
        left = (len(places) > 1 and index == quickest) or at > _RIGHT - 90
        if not left:
            parts.append(_text(at + 8, y + 13, words, "value start"))
        elif at > _LEFT + 90:
            parts.append(_text(at - 8, y - 4 if index == quickest else y + 16, words, "value end"))
        parts.append(_mark(at, y, index))
    return parts


def whiskers(estimates: Sequence[Estimate | None], *, low: float = 0.0, high: float = 1.0) -> str:
    """Means as marks with their intervals, one below the other, on a scale from `low` to `high`.

    For a cell of a table that says the same in figures: as wide as the cell, and hidden from screen readers.
    """
    height = 10 + 12 * len(estimates)

    def at(value: float) -> str:
        return f"{100 * (min(max(value, low), high) - low) / (high - low):.2f}%"

    parts = [f'<line class="grid" x1="{25 * n}%" x2="{25 * n}%" y1="0" y2="{height}"/>' for n in range(5)]
    for index, one in enumerate(estimates):
        if one is None:
            continue
        y = 11 + 12 * index
        parts.append(
            f'<line class="whisker s{index}" x1="{at(one.low)}" x2="{at(one.high)}" y1="{y}" y2="{y}"/>'
        )
        parts.append(f'<svg class="dot" x="{at(one.mean)}" y="{y}">{_mark(0, 0, index)}</svg>')
    return f'<svg class="cell" height="{height}" aria-hidden="true">{"".join(parts)}</svg>'


def duration(value: float) -> str:
    """Seconds as people say them: "35 ms", "1.2 s", "40 s"."""
    if value < 0.9995:
        return f"{1000 * value:.2g} ms" if value < 0.0095 else f"{1000 * value:.0f} ms"
    return f"{value:.1f} s" if value < 9.95 and f"{value:.1f}"[-1] != "0" else f"{value:.0f} s"


def _figure(ident: str, title: str, words: str, parts: Iterable[str]) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{ident}-title {ident}-words">'
        f'<title id="{ident}-title">{escape(title)}</title><desc id="{ident}-words">{escape(words)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _scale(values: tuple[float, float], places: tuple[float, float]) -> Callable[[float], float]:
    factor = (places[1] - places[0]) / (values[1] - values[0])
    return lambda value: places[0] + factor * (value - values[0])


def _grid(y: Callable[[float], float], values: Iterable[float], say: Callable[[float], str]) -> list[str]:
    parts = []
    for n, value in enumerate(values):
        kind = "grid" if n else "axis"
        at = f"{y(value):.1f}"
        parts.append(f'<line class="{kind}" x1="{_LEFT}" x2="{_RIGHT}" y1="{at}" y2="{at}"/>')
        parts.append(_text(_LEFT - 6, y(value) + 4, say(value), "tick end"))
    return parts


def _ticks(x: Callable[[float], float], values: Iterable[float], say: Callable[[float], str]) -> list[str]:
    parts = []
    for value in values:
        at = f"{x(value):.1f}"
        parts.append(f'<line class="axis" x1="{at}" x2="{at}" y1="{_BOTTOM}" y2="{_BOTTOM + 4}"/>')
        parts.append(_text(x(value), _BOTTOM + 16, say(value)))
    return parts


def _axis_names(x: str, y: str) -> list[str]:
    return [_text((_LEFT + _RIGHT) / 2, HEIGHT - 8, x, "name"), _text(4, 12, y, "name start")]


def _legend(names: Sequence[str], bars: str = "") -> list[str]:
    """Which run looks how, if there are several; `bars` is the plot's name if it is made of bars."""
    if len(names) < 2:
        return []
    parts = []
    for index, name in enumerate(names):
        left = _RIGHT - 52 * (len(names) - index)
        if bars:
            parts.append(_bar((left, 3, 22, 10), index, bars))
        else:
            parts += [_path([(left, 8), (left + 22, 8)], f"line s{index}"), _mark(left + 11, 8, index)]
        parts.append(_text(left + 28, 12, name, "name start"))
    return parts


def _bar(box: tuple[float, float, float, float], index: int, ident: str) -> str:
    """A bar (x, y, width, height); the second run's is hatched."""
    x, y, width, height = (f"{value:.1f}" for value in box)
    fill = f' fill="url(#{ident}-hatch)"' if index else ""
    return f'<rect class="bar s{index}"{fill} x="{x}" y="{y}" width="{width}" height="{height}"/>'


def _text(x: float, y: float, said: str, kind: str = "tick") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(said)}</text>'


def _path(points: Sequence[tuple[float, float]], kind: str) -> str:
    return f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def _mark(x: float, y: float, index: int) -> str:
    """A disc for the first run, a hollow diamond for the second."""
    if index == 0:
        return f'<circle class="mark s0" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
    return f'<path class="mark s1" d="M{x:.1f} {y - 4.5:.1f}l4.5 4.5l-4.5 4.5l-4.5 -4.5z"/>'


def _whisker(x: float, low: float, high: float, index: int) -> str:
    return f'<line class="whisker s{index}" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>'


def _hatch(ident: str) -> str:
    """The hatching of the second run's bars; they look for it under this name."""
    return (
        f'<pattern id="{ident}-hatch" class="hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line y2="5"/></pattern>'
    )


def _binned(values: Sequence[float]) -> list[float]:
    """Shares of the values that are exactly 0, in each tenth between (its end included), exactly 1."""
    found = [0] * 12
    for value in values:
        found[0 if value <= 0 else 11 if value >= 1 else min(max(math.ceil(10 * value - 1e-9), 1), 10)] += 1
    return [count / max(len(values), 1) for count in found]


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
