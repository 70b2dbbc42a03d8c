"""Draws curves on logarithmic axes as an SVG file that stands alone; not a command."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 380, 330  # of a panel
LEFT, RIGHT, TOP, BOTTOM = 52, 366, 34, 232  # of the area within its axes
COLOURS = ("#0b62a8", "#c2410c", "#15803d", "#7e22ce", "#4b5563")
SLACK = 1.02  # values that much beyond the outer ticks need no others: 100,850 is drawn at 100k
STYLE = (
    "text{font:11px system-ui,sans-serif;fill:#374151}.title{font-weight:600;font-size:13px;fill:#111827}"
    ".end{text-anchor:end}.middle{text-anchor:middle}.grid{stroke:#e5e7eb}.axis{stroke:#6b7280}"
    ".line{fill:none;stroke-width:2}.before{stroke-dasharray:5 4;opacity:.65}"
)


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (x, y), all above 0, by rising x. `before` are those of an older version, if there are any."""

    name: str
    points: Sequence[tuple[float, float]]
    before: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """Some curves over the same axes, at most five; `title` says what y is, in which unit."""

    title: str
    curves: Sequence[Curve]


def drawing(panels: Sequence[Panel], x_name: str, description: str) -> str:
    """The panels side by side as one SVG document; `description` says in words what it shows."""
    width = WIDTH * len(panels)
    body = "".join(
        f'<g transform="translate({WIDTH * place} 0)">{"".join(_panel(panel, x_name))}</g>'
        for place, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" '
        f'width="{width}" height="{HEIGHT}" role="img"><title>{escape(description)}</title>'
        f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>{body}</svg>\n'
    )


def decades(values: Sequence[float]) -> list[float]:
    """Ticks around all values, less SLACK: powers of ten, if few with 2 and 5 between."""
    low, high = min(values), max(values)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    last = max(last, first + 1)
    steps = (1, 2, 5) if last - first <= 2 else (1,)
    ticks = [step * 10.0**power for power in range(first, last) for step in steps] + [10.0**last]
    start = max(n for n, tick in enumerate(ticks[:-1]) if tick <= SLACK * low or n == 0)
    end = min(n for n, tick in enumerate(ticks) if SLACK * tick >= high or n == len(ticks) - 1)
    return ticks[start : max(end, start + 1) + 1]


def short(value: float) -> str:
    """A number as a tick says it: 0.5, 20, 10k, 2M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _panel(panel: Panel, x_name: str) -> Iterator[str]:
    points = [point for curve in panel.curves for point in (*curve.points, *curve.before)]
    x_ticks, y_ticks = decades([x for x, _ in points]), decades([y for _, y in points])
    yield _text(LEFT - 40, 16, panel.title, "title")
    for tick in y_ticks:
        y = _at(tick, y_ticks, BOTTOM, TOP)
        yield f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield _text(LEFT - 6, y + 4, short(tick), "end")
    yield f'<line class="axis" x1="{LEFT}" x2="{RIGHT}" y1="{BOTTOM}" y2="{BOTTOM}"/>'
    for tick in x_ticks:
        x = _at(tick, x_ticks, LEFT, RIGHT)
        yield f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{BOTTOM}" y2="{BOTTOM + 4}"/>'
        yield _text(x, BOTTOM + 17, short(tick), "middle")
    yield _text((LEFT + RIGHT) / 2, BOTTOM + 33, x_name, "middle")
    for n, curve in enumerate(panel.curves):
        colour = COLOURS[n]
        for kind, run in (("line before", curve.before), ("line", curve.points)):
            placed = [(_at(x, x_ticks, LEFT, RIGHT), _at(y, y_ticks, BOTTOM, TOP)) for x, y in run]
            if placed:
                path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
                yield f'<polyline class="{kind}" stroke="{colour}" points="{path}"/>'
            if kind == "line":
                yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed)
        column, row = n % 2, n // 2
        left, below = LEFT - 40 + 180 * column, BOTTOM + 54 + 18 * row
        yield f'<line class="line" stroke="{colour}" x1="{left}" x2="{left + 20}" y1="{below}" y2="{below}"/>'
        yield _text(left + 26, below + 4, curve.name)


def _at(value: float, ticks: Sequence[float], start: float, end: float) -> float:
    share = math.log(value / ticks[0]) / math.log(ticks[-1] / ticks[0])
    return start + share * (end - start)


def _text(x: float, y: float, content: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(content)}</text>'
