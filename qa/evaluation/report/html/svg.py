"""Building blocks of SVG plots: axes, grid, legend, lines, marks, bars.

A run is told apart by its class, s0 or s1 (report.css says how each looks), and by the form of its mark or
bar, so that neither colours nor a screen are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

WIDTH, HEIGHT = 420, 280
LEFT, RIGHT, TOP, BOTTOM = 46, 408, 26, 236  # of the area within the axes


def figure(ident: str, title: str, description: str, parts: Iterable[str]) -> str:
    """A whole plot with its title and a description for whoever cannot see it; `ident` is its id."""
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{ident}-title {ident}-words">'
        f'<title id="{ident}-title">{escape(title)}</title>'
        f'<desc id="{ident}-words">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def scale(values: tuple[float, float], positions: tuple[float, float]) -> Callable[[float], float]:
    """A linear scale: from values to positions on the drawing."""
    factor = (positions[1] - positions[0]) / (values[1] - values[0])
    return lambda value: positions[0] + factor * (value - values[0])


def grid(y: Callable[[float], float], values: Iterable[float], label: Callable[[float], str]) -> list[str]:
    """Horizontal lines with their labels; the first is the axis."""
    parts = []
    for n, value in enumerate(values):
        kind = "grid" if n else "axis"
        at = f"{y(value):.1f}"
        parts.append(f'<line class="{kind}" x1="{LEFT}" x2="{RIGHT}" y1="{at}" y2="{at}"/>')
        parts.append(text(LEFT - 6, y(value) + 4, label(value), "tick end"))
    return parts


def ticks(x: Callable[[float], float], values: Iterable[float], label: Callable[[float], str]) -> list[str]:
    """Ticks below the horizontal axis with their labels."""
    parts = []
    for value in values:
        at = f"{x(value):.1f}"
        parts.append(f'<line class="axis" x1="{at}" x2="{at}" y1="{BOTTOM}" y2="{BOTTOM + 4}"/>')
        parts.append(text(x(value), BOTTOM + 16, label(value)))
    return parts


def axis_names(x: str, y: str) -> list[str]:
    """What the axes show."""
    return [text((LEFT + RIGHT) / 2, HEIGHT - 8, x, "name"), text(4, 12, y, "name start")]


def legend(names: Sequence[str], bars: str = "") -> list[str]:
    """How each run is drawn, if there are several; `bars` is the plot's id if it is made of bars."""
    if len(names) < 2:
        return []
    parts = []
    for index, name in enumerate(names):
        left = RIGHT - 52 * (len(names) - index)
        if bars:
            parts.append(bar((left, 3, 22, 10), index, bars))
        else:
            parts += [path([(left, 8), (left + 22, 8)], f"line s{index}"), mark(left + 11, 8, index)]
        parts.append(text(left + 28, 12, name, "name start"))
    return parts


def bar(box: tuple[float, float, float, float], index: int, ident: str) -> str:
    """A bar (x, y, width, height); the second run's is hatched, by the plot's id."""
    x, y, width, height = (f"{value:.1f}" for value in box)
    fill = f' fill="url(#{ident}-hatch)"' if index else ""
    return f'<rect class="bar s{index}"{fill} x="{x}" y="{y}" width="{width}" height="{height}"/>'


def text(x: float, y: float, content: str, kind: str = "tick") -> str:
    """A text at a position; `kind` is its class."""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(content)}</text>'


def path(points: Sequence[tuple[float, float]], kind: str) -> str:
    """A line through points; `kind` is its class."""
    return f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def mark(x: float, y: float, index: int) -> str:
    """A disc for the first run, a hollow diamond for the second."""
    if index == 0:
        return f'<circle class="mark s0" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
    return f'<path class="mark s1" d="M{x:.1f} {y - 4.5:.1f}l4.5 4.5l-4.5 4.5l-4.5 -4.5z"/>'


def whisker(x: float, low: float, high: float, index: int) -> str:
    """A vertical interval."""
    return f'<line class="whisker s{index}" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>'


def hatch(ident: str) -> str:
    """The hatching of the second run's bars, which refer to it by the plot's id."""
    return (
        f'<pattern id="{ident}-hatch" class="hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line y2="5"/></pattern>'
    )
