"""The tables of a report as rows and cells: facts, headlines, all metrics, tags, differences.

The template only lays them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
from qa.evaluation.report.html.view import RunView, frequent_tags
from qa.evaluation.types import Cost, Estimate

if TYPE_CHECKING:
    from qa.evaluation.comparison import Comparison
    from qa.evaluation.stats.intervals import Difference

MOST_TAGS = 40
_OF_THE_SET = ("abstention_f1", "aurc")  # no means over questions, compared for all that
_WITH_CAVEATS = frozenset((*HEADLINES, "aurc"))
_TAG_COLUMNS = (  # of each, the first that any run has
    *(("R@5", "page_R@5", "document_R@5"), ("citation_f1", "page_citation_f1", "document_citation_f1")),
    ("citation_hit", "page_citation_hit", "document_citation_hit"),
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

    sentence: str
    interval: str


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric: its estimate in each run, None where it has none, and all of them drawn on one scale."""

    metric: MetricText
    estimates: tuple[Estimate | None, ...]
    drawing: str
    headline: bool


@dataclass(frozen=True, slots=True)
class MetricsTable:
    """The rows of one group of metrics."""

    title: str
    rows: tuple[MetricRow, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A mean over a tag's questions as a percentage, its n, and a shade from 0 (none) to 5 (all)."""

    percent: str = ""
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
    questions: tuple[int, ...]  # of which the second has more, the same, less; none of a whole set's figure
    drawing: str


@dataclass(frozen=True, slots=True)
class Changes:
    """How two runs differ: in words, then in figures on a scale from -`reach` to `reach`."""

    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    compared: str
    reach: float
    rows: tuple[Change, ...]


def letters(runs: Sequence[RunView]) -> list[str]:
    """What the runs are called where their names are too long; a single run needs no name."""
    return [chr(ord("A") + n) if n < 26 else str(n + 1) for n in range(len(runs))] if len(runs) > 1 else [""]


def facts(runs: Sequence[RunView]) -> list[Fact]:
    """What each run was made with, how many questions had which outcome, and what it cost."""
    by_run = [{**dict(run.facts), **_outcome(run)} for run in runs]
    names = dict.fromkeys(name for of_run in by_run for name in of_run)
    rows = ((name, [of_run.get(name, "–") for of_run in by_run]) for name in names)
    return [Fact(name, tuple(values) if len(set(values)) > 1 else (values[0],)) for name, values in rows]


def _outcome(run: RunView) -> dict[str, str]:
    counts, cost = run.scores.counts, run.scores.cost
    asked = f"{counts.questions:,} questions"
    if counts.unanswerable:
        asked += f" ({counts.unanswerable:,} unanswerable)"
    if counts.records > counts.questions:
        asked += f", {counts.records:,} records"
    outcomes = f"{counts.answered:,} answered, {counts.abstained:,} abstained, {counts.errors:,} failed"
    facts = {"outcome": f"{asked}: {outcomes}"}
    if counts.judged or counts.unreadable:
        by = f" by {run.scores.judge}" if run.scores.judge else ""
        facts["judged"] = f"{counts.judged:,}{by}, {counts.unreadable:,} verdicts unreadable"
    for name, each in (("cost", cost), ("cost of the judge", cost.judge)):
        if each.prompt_tokens or each.completion_tokens or each.unpriced:
            facts[name] = _cost_text(each)
    return facts


def _cost_text(cost: Cost) -> str:
    price = "not known" if cost.cost_usd is None else f"${cost.cost_usd:,.4f}"
    if cost.cost_usd is not None and cost.unpriced:
        price += f" and {cost.unpriced:,} calls whose price is not known"
    return f"{price}; {cost.prompt_tokens:,} tokens read, {cost.completion_tokens:,} written"


def headlines(runs: Sequence[RunView]) -> list[HeadlineFigure]:
    """The figures that matter most, in sentences; with several runs each figure has its run's letter."""
    rows = []
    for name in HEADLINES:
        estimates = [
            (letter, run.scores.metrics[name])
            for letter, run in zip(letters(runs), runs, strict=True)
            if name in run.scores.metrics
        ]
        if estimates:
            figures = [
                f"{percent(estimate.mean)}\u00a0%" + f" ({letter})" * bool(letter)
                for letter, estimate in estimates
            ]
            intervals = [f"{letter} {interval(estimate)}".strip() for letter, estimate in estimates]
            rows.append(HeadlineFigure(sentence(name, ", ".join(figures)), "; ".join(intervals)))
    return rows


def tables(runs: Sequence[RunView], drawn: int) -> list[MetricsTable]:
    """Every metric of any run, by group; the first `drawn` runs are drawn, none if there are more."""
    metrics = [run.scores.metrics for run in runs]

    def row(words: MetricText) -> MetricRow:
        estimates = tuple(of_run.get(words.name) for of_run in metrics)
        drawing = whiskers(estimates) if len(runs) <= drawn else ""
        return MetricRow(words, estimates, drawing, words.name in HEADLINES)

    names = dict.fromkeys(name for of_run in metrics for name in of_run)
    return [MetricsTable(group.title, tuple(map(row, group.metrics))) for group in groups(names)]


def changes(comparison: Comparison | None) -> Changes | None:
    """A comparison's rows, its headlines' metrics first; drawn around 0 on a scale that holds them all."""
    if comparison is None:
        return None
    first = (headline.metric for headline in comparison.headlines)
    names = dict.fromkeys([*first, *HEADLINES, *_OF_THE_SET])
    compared = {metric_change.name: metric_change for metric_change in comparison.metrics}
    shown = [compared[name] for name in names if name in compared]
    most = max((abs(end) for each in shown for end in (each.change.low, each.change.high)), default=0.0)
    reach = next((reach for reach in (0.02, 0.04, 0.1, 0.2, 0.4, 0.6) if most <= reach), 1.0)
    rows = []
    for each in shown:
        change = each.change
        estimate = Estimate(change.difference, change.low, change.high, change.n)
        drawing = whiskers([estimate], low=-reach, high=reach)
        moved = tuple(number for number in (each.higher, each.equal, each.lower) if number is not None)
        rows.append(Change(metric(each.name), change, moved, drawing))
    sentences = tuple(map(_as_sentence, comparison.sentence.split("; ")))
    notes = tuple(map(_as_sentence, comparison.notes))
    return Changes(sentences, notes, _compared(comparison), reach, tuple(rows))


def _as_sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:].rstrip('.')}."


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
    present = {name for run in runs for scores in run.scores.by_tag.values() for name in scores.metrics}
    chosen = (next((name for name in names if name in present), None) for names in _TAG_COLUMNS)
    return [metric(name) for name in chosen if name]


def tag_rows(runs: Sequence[RunView]) -> list[TagRow]:
    """The most frequent tags of the first run, each with a row for every run that has it."""
    columns = tag_columns(runs)
    rows = []
    for tag in list(frequent_tags(runs[0]))[:MOST_TAGS]:
        for letter, run in zip(letters(runs), runs, strict=True):
            if scores := run.scores.by_tag.get(tag):
                cells = tuple(_cell(scores.metrics.get(column.name)) for column in columns)
                rows.append(TagRow(tag, letter, scores.n, cells))
    return rows


def _cell(estimate: Estimate | None) -> Cell:
    if estimate is None:
        return Cell()
    return Cell(percent(estimate.mean), estimate.n, min(max(round(5 * estimate.mean), 0), 5))


def method(runs: Sequence[RunView]) -> str:
    """How the first run's intervals were computed, then the caveats of each run."""
    intervals = runs[0].scores.intervals
    level = f"{100 * intervals.level:g} %"
    sentences = [f"Intervals: {level}, {intervals.method}; {intervals.clusters:,} clusters."]
    for letter, run in zip(letters(runs), runs, strict=True):
        of_run = caveats(run.scores, _WITH_CAVEATS)
        sentences += [f"{letter}: {caveat}" if letter else caveat for caveat in of_run]
    return " ".join(sentences)
