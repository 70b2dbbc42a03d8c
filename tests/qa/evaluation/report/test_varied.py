"""Runs of several values in one table, and as JSON."""

from __future__ import annotations

import json

import pytest

from qa.evaluation.report.varied import Variant, varied_object, varied_text
from qa.output.text import cells
from tests.support.report_runs import compared, ordinary, view


def variants() -> list[Variant]:
    """Three values; the later ones are compared with the first."""
    runs = [view(f"k-{k}", ordinary(12, shift=shift)) for shift, k in enumerate((5, 10, 20))]
    return [
        Variant(str(k), f"out/k-{k}", run.scores, None if run is runs[0] else compared(runs[0], run))
        for k, run in zip((5, 10, 20), runs, strict=True)
    ]


@pytest.mark.parametrize("width", [30, 56, 80, 200])
def test_the_table_fits(width: int) -> None:
    """At every width; what is least needed goes first, the means never."""
    lines = varied_text("k", variants(), width=width).splitlines()
    assert all(cells(line) <= width for line in lines)
    assert any(line.startswith("citation_f1") for line in lines)


def test_each_value_has_its_line_and_its_difference() -> None:
    """The first has none; the name of a figure stands once."""
    lines = varied_text("k", variants(), width=120).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("citation_f1"))
    first, second, third = (line.split() for line in lines[at : at + 3])
    assert (first[1], second[0], third[0]) == ("5", "10", "20")
    assert len(first) == 6
    assert len(second) > 6
    assert "The best of several looks better than it is" in " ".join(lines)


def test_values_are_made_safe() -> None:
    """A value may hold anything."""
    one, two, _ = variants()
    text = varied_text("model", [one, Variant("a\x1b[2J", "x", two.scores, two.comparison)], width=120)
    assert "\x1b" not in text


def test_json_has_scores_and_comparisons() -> None:
    """Of every value; nothing is compared with itself."""
    shown = json.loads(json.dumps(varied_object("k", variants())))
    assert (shown["schema"], shown["setting"]) == ("qa.vary/1", "k")
    assert [run["value"] for run in shown["runs"]] == ["5", "10", "20"]
    assert shown["runs"][0]["compared"] is None
    assert shown["runs"][1]["compared"]["schema"] == "qa.compare/1"
    assert shown["runs"][2]["scores"]["schema"] == "qa.scores/1"
