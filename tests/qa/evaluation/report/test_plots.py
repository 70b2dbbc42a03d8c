"""Plots are well-formed pictures of their numbers, with words for whoever cannot see them."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, strategies as st

from qa.evaluation.report.html.plots import (
    Curve,
    Durations,
    Panel,
    by_k,
    distribution,
    duration,
    risk_coverage,
    seconds,
    whiskers,
)
from qa.evaluation.types import Estimate

RUNS = [("A", (0.0, 0.05, 0.5, 1.0)), ("B", (1.0, 1.0, 0.95))]
CURVES = [Curve("A", [(0.1, 0.2), (0.5, 0.3), (1.0, 0.38)]), Curve("B", [(0.2, 0.1), (0.4, 0.1)])]
PANEL = Panel("R@k", (1, 5), (("A", (Estimate(0.5, 0.4, 0.6, 9), Estimate(0.8, 0.7, 0.9, 9))),))
ALL = [
    risk_coverage(CURVES, "words"),
    distribution("f1", "Citation F1", RUNS, "words"),
    by_k("by-k", "Retrieval", [PANEL], "words"),
    seconds([Durations("A", (0.01, 0.02, 2.0), 0.02, 2.0), Durations("B", (0.5,), 0.5, 0.5)], "words"),
]


def numbers(drawing: str, element: str, attribute: str) -> list[float]:
    """An attribute of every such element that is drawn."""
    elements = ET.fromstring(drawing).iter(element)
    return [float(one.attrib[attribute]) for one in elements if attribute in one.attrib]


@pytest.mark.parametrize("drawing", ALL)
def test_a_plot_is_well_formed_and_named(drawing: str) -> None:
    """A plot is one picture with a title and a description that it points at."""
    root = ET.fromstring(drawing)
    names = [root.find("title"), root.find("desc")]
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [one.attrib["id"] for one in names if one is not None]
    assert all(one is not None and one.text for one in names)


@pytest.mark.parametrize("drawing", ALL)
def test_a_plot_needs_no_style_of_its_own(drawing: str) -> None:
    """Nothing in a plot would be refused by the page's policy: no style, no handler, no address."""
    assert not re.search(r"style=|\son\w+=|href|http", drawing)


@pytest.mark.parametrize("drawing", ALL)
def test_nothing_is_drawn_outside(drawing: str) -> None:
    """Every point of every line lies within the picture."""
    width, height = (float(size) for size in ET.fromstring(drawing).attrib["viewBox"].split()[2:])
    for line in ET.fromstring(drawing).iter("polyline"):
        for pair in line.attrib["points"].split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= width
            assert 0 <= y <= height


def test_bars_are_as_high_as_their_shares() -> None:
    """Of four values one is exactly 0, one exactly 1, two lie in between: four bars of equal height."""
    drawing = distribution("f1", "Citation F1", [("", (0.0, 0.05, 0.5, 1.0))], "words")
    heights = numbers(drawing, "rect", "height")
    assert len(heights) == 4
    assert len(set(heights)) == 1
    lefts = numbers(drawing, "rect", "x")
    gaps = [after - before for before, after in pairwise(sorted(lefts))]
    assert gaps[0] > numbers(drawing, "rect", "width")[0] + 5  # exactly 0 stands apart
    assert max(lefts) > 370  # and so does exactly 1, at the other end


@given(st.lists(st.floats(0, 1), min_size=1))
def test_every_value_is_in_one_bar(values: list[float]) -> None:
    """The bars' heights add up to all of the values."""
    drawing = distribution("f1", "Citation F1", [("", values)], "words")
    top = max(int(one.text) for one in ET.fromstring(drawing).iter("text") if (one.text or "").isdecimal())  # type: ignore[arg-type]
    lines = numbers(drawing, "line", "y1")
    shares = sum(numbers(drawing, "rect", "height")) / (max(lines[:5]) - min(lines[:5])) * top / 100
    assert math.isclose(shares, 1, abs_tol=0.02)


def test_runs_differ_without_colour() -> None:
    """The second run's marks have another shape, and its bars are hatched."""
    assert "<circle" in ALL[0]
    assert "l4.5 4.5" in ALL[0]
    assert 'fill="url(#f1-hatch)"' in ALL[1]
    assert 'id="f1-hatch"' in ALL[1]


def test_many_points_are_thinned_with_their_ends() -> None:
    """A curve of 4,000 points is drawn with a few hundred, its last one among them."""
    line = Curve("", [(n / 4000, 0.5) for n in range(1, 4001)])
    drawing = risk_coverage([line], "words")
    (points,) = (one.attrib["points"].split() for one in ET.fromstring(drawing).iter("polyline"))
    assert len(points) <= 300
    assert points[-1].startswith("408.0,")


@given(st.lists(st.floats(1e-6, 1e5), min_size=1, max_size=30))
def test_seconds_lie_between_the_outer_ticks(values: list[float]) -> None:
    """However quick or slow, every point lies on the axis."""
    ordered = sorted(values)
    drawing = seconds([Durations("", ordered, ordered[0], ordered[-1])], "words")
    for line in ET.fromstring(drawing).iter("polyline"):
        places = [float(pair.split(",")[0]) for pair in line.attrib["points"].split()]
        assert min(places) >= 45
        assert max(places) <= 409


def test_near_percentiles_do_not_hide_each_other() -> None:
    """Of two runs about as quick, one is labelled left of its mark, the other right."""
    took = [0.01, 0.04, 0.05, 0.06, 0.3]
    drawing = seconds([Durations("A", took, 0.05, 0.3), Durations("B", took, 0.051, 0.3)], "words")
    texts = ET.fromstring(drawing).iter("text")
    labels = {one.text: (one.attrib["class"], float(one.attrib["x"])) for one in texts}
    (left, end), (right, start) = labels["A p50 50 ms"], labels["B p50 51 ms"]
    assert (left, right) == ("value end", "value start")
    assert end < start


def test_whiskers_stay_in_their_cell() -> None:
    """A mean and its interval are shares of the cell's width, cut at its edges; no mean, no mark."""
    drawing = whiskers([Estimate(0.5, 0.25, 2.0, 3), None])
    assert 'x1="25.00%"' in drawing
    assert 'x2="100.00%"' in drawing
    assert drawing.count('class="dot"') == 1


def test_names_are_escaped() -> None:
    """A run's name cannot become markup."""
    drawing = risk_coverage([Curve("<b>", [(1, 1)]), Curve("&", [(1, 1)])], "<script>")
    assert "<b>" not in drawing
    assert "<script>" not in drawing
    ET.fromstring(drawing)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0012, "1.2 ms"), (0.035, "35 ms"), (1.25, "1.2 s"), (2.0, "2 s"), (9.99, "10 s"), (0.9999, "1 s")],
)
def test_seconds_are_written_shortly(value: float, text: str) -> None:
    """Durations have two figures at most where that is enough."""
    assert duration(value) == text
