"""The figures of a report in rows and cells: facts, headlines, all metrics, tags, differences.

Turns runs into values that the template only lays out. Knows metrics and runs; writes no markup but the small
drawings of `report/plots.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.evaluation.report.caveats import caveats
from qa.evaluation.report.html.metric_words import (
    HEADLINES,
    MetricText,
    groups,
    interval,
    metric,
    percent,
    sentence,
)
from qa.evaluation.report.html.plots import whiskers
from qa.evaluation.report.html.view import RunView, counts, estimates, tag_scores
from qa.evaluation.types import Estimate

if TYPE_CHECKING:
    from qa.evaluation.comparison import Comparison
    from qa.evaluation.stats.intervals import Difference

MOST_TAGS = 40
_WITH_PROVISOS = frozenset((*HEADLINES, "aurc"))
_OUTCOMES = {"answered": "answered", "abstained": "abstained", "errors": "failed"}
_TAG_COLUMNS = (  # of each, the first that there is
    *(("R@5", "page_R@5"), ("citation_f1", "page_citation_f1"), ("citation_hit", "page_citation_hit")),
    *(("judged_correct",), ("token_f1",), ("support_recall",), ("right_decision",), ("error_rate",)),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """What was run: one value for each run, or one for all if it is the same everywhere."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeadlineFigure:
    """A figure in a sentence, and the interval and n that go with it."""

    said: str
    interval: str


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric: what it came to in each run, None where it has none, and all of them drawn on one scale."""

    metric: MetricText
    estimates: tuple[Estimate | None, ...]
    drawing: str
    headline: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one group of metrics."""

    title: str
    rows: tuple[MetricRow, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A mean over a tag's questions as a percentage, its n, and a shade from 0 (none) to 5 (all)."""

    said: str = ""
    n: int = 0
    shade: int = 0


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag in one run: its cells in the order of the columns. `run` is the run's letter."""

    tag: str
    run: str
    n: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How the second run differs from the first in a metric, and on how many questions it does."""

    metric: MetricText
    difference: Difference
    questions: tuple[int, int, int]  # of which the second has more, the same, less
    drawing: str


@dataclass(frozen=True, slots=True)
class Changes:
    """How two runs differ: in words, then in figures on a scale from -`reach` to `reach`."""

    said: tuple[str, ...]
    notes: tuple[str, ...]
    compared: str
    reach: float
    rows: tuple[Change, ...]


def letters(runs: Sequence[RunView]) -> list[str]:
    """What the runs are called where their names are too long; a single run needs no name."""
    return [chr(ord("A") + n) if n < 26 else str(n + 1) for n in range(len(runs))] if len(runs) > 1 else [""]


def facts(runs: Sequence[RunView]) -> list[Fact]:
    """What the runs say of themselves, then what came of their questions and what it cost."""
    told = [{**dict(run.facts), **_outcome(run)} for run in runs]
    names = dict.fromkeys(name for one in told for name in one)
    rows = ((name, [one.get(name, "–") for one in told]) for name in names)
    return [Fact(name, tuple(values) if len(set(values)) > 1 else (values[0],)) for name, values in rows]


def _outcome(run: RunView) -> dict[str, str]:
    n = counts(run)
    asked = f"{n.get('questions', 0):,} questions"
    if n.get("unanswerable"):
        asked += f" ({n['unanswerable']:,} unanswerable)"
    if n.get("records", 0) > n.get("questions", 0):
        asked += f", {n['records']:,} records"
    came = ", ".join(f"{n.get(name, 0):,} {word}" for name, word in _OUTCOMES.items())
    found = {"outcome": f"{asked}: {came}"}
    if n.get("judged") or n.get("unreadable"):
        by = f" by {run.scores['judge']}" if run.scores.get("judge") else ""
        found["judged"] = f"{n.get('judged', 0):,}{by}, {n.get('unreadable', 0):,} verdicts unreadable"
    spent = run.scores.get("cost", {})
    for name, one in (("cost", spent), ("cost of the judge", spent.get("judge", {}))):
        if one.get("prompt_tokens") or one.get("completion_tokens") or one.get("unpriced"):
            found[name] = _spent(one)
    return found


def _spent(cost: Mapping[str, Any]) -> str:
    price = "not known" if cost["cost_usd"] is None else f"${cost['cost_usd']:,.4f}"
    if cost["cost_usd"] is not None and cost.get("unpriced"):
        price += f" and {cost['unpriced']:,} calls whose price is not known"
    return f"{price}; {cost['prompt_tokens']:,} tokens read, {cost['completion_tokens']:,} written"


def headlines(runs: Sequence[RunView]) -> list[HeadlineFigure]:
    """The figures that matter most, in sentences; with several runs each figure has its run's letter."""
    found = [estimates(run) for run in runs]
    names = letters(runs)
    rows = []
    for name in HEADLINES:
        there = [(letter, one[name]) for letter, one in zip(names, found, strict=True) if name in one]
        if there:
            figures = [f"{percent(one.mean)}\u00a0%" + f" ({letter})" * bool(letter) for letter, one in there]
            intervals = [f"{letter} {interval(one)}".strip() for letter, one in there]
            rows.append(HeadlineFigure(sentence(name, ", ".join(figures)), "; ".join(intervals)))
    return rows


def tables(runs: Sequence[RunView], drawn: int) -> list[Table]:
    """Every metric of any run, by group; the first `drawn` runs are drawn, none if there are more."""
    found = [estimates(run) for run in runs]

    def row(one: MetricText) -> MetricRow:
        values = tuple(each.get(one.name) for each in found)
        drawing = whiskers(values) if len(runs) <= drawn else ""
        return MetricRow(one, values, drawing, one.name in HEADLINES)

    names = dict.fromkeys(name for each in found for name in each)
    return [Table(group.title, tuple(row(one) for one in group.metrics)) for group in groups(names)]


def changes(comparison: Comparison | None) -> Changes | None:
    """What a comparison says, its headlines' metrics first; drawn around 0 on a scale that holds them all."""
    if comparison is None:
        return None
    first = [one.metric for one in comparison.headlines]
    names = dict.fromkeys([*first, *HEADLINES])
    there = {one.name: one for one in comparison.metrics}
    found = [there[name] for name in names if name in there]
    most = max((abs(end) for one in found for end in (one.change.low, one.change.high)), default=0.0)
    reach = next((reach for reach in (0.02, 0.04, 0.1, 0.2, 0.4, 0.6) if most <= reach), 1.0)
    rows = []
    for one in found:
        change = one.change
        estimate = Estimate(change.difference, change.low, change.high, change.n)
        drawing = whiskers([estimate], low=-reach, high=reach)
        rows.append(Change(metric(one.name), change, (one.higher, one.equal, one.lower), drawing))
    said = tuple(map(_whole, comparison.sentence.split("; ")))
    notes = tuple(map(_whole, comparison.notes))
    return Changes(said, notes, _compared(comparison), reach, tuple(rows))


def _whole(said: str) -> str:
    """A part of a sentence as a sentence of its own."""
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."


def _compared(comparison: Comparison) -> str:
    parts = [f"{comparison.paired:,} questions that both runs have, in {comparison.clusters:,} clusters"]
    if comparison.excluded:
        parts.append(f"{comparison.excluded:,} that failed in one of them are left out")
    if any(comparison.error_rates):
        a, b = (f"{percent(rate)}\u00a0%" for rate in comparison.error_rates)
        parts.append(f"{a} of the records failed in A, {b} in B")
    if comparison.only_a or comparison.only_b:
        parts.append(f"{comparison.only_a:,} are in A alone, {comparison.only_b:,} in B alone")
    return "; ".join(parts)


def tag_columns(runs: Sequence[RunView]) -> list[MetricText]:
    """The metrics that the table of tags has a column for."""
    there = {name for run in runs for one in tag_scores(run) for name in one.means}
    chosen = (next((name for name in names if name in there), None) for names in _TAG_COLUMNS)
    return [metric(name) for name in chosen if name]


def tag_rows(runs: Sequence[RunView]) -> list[TagRow]:
    """The most frequent tags of the first run, each with a row for every run that has it."""
    columns = tag_columns(runs)
    found = [{one.tag: one for one in tag_scores(run)} for run in runs]
    rows = []
    for tag in list(found[0])[:MOST_TAGS]:
        for letter, each in zip(letters(runs), found, strict=True):
            if one := each.get(tag):
                cells = tuple(_cell(one.means.get(column.name)) for column in columns)
                rows.append(TagRow(tag, letter, one.n, cells))
    return rows


def _cell(value: tuple[float, int] | None) -> Cell:
    if value is None:
        return Cell()
    mean, n = value
    return Cell(percent(mean), n, min(max(round(5 * mean), 0), 5))


def method(runs: Sequence[RunView]) -> str:
    """How the first run's intervals were computed, then what is to be known beside the figures of each."""
    how = runs[0].scores.get("intervals", {})
    apart = f"; {how['clusters']:,} clusters" if "clusters" in how else ""
    found = [f"Intervals: {100 * how['level']:g} %, {how['method']}{apart}."] if how else []
    for letter, run in zip(letters(runs), runs, strict=True):
        told = caveats(run.scores, _WITH_PROVISOS)
        found += [f"{letter}: {one}" if letter else one for one in told]
    return " ".join(found)
