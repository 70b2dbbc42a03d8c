"""The figures of a report: which plots it has, each with title and captions.

A figure without data is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from qa.evaluation.metrics.per_question import DEPTHS
from qa.evaluation.report.html import plots
from qa.evaluation.report.html.metric_words import metric, percent
from qa.evaluation.report.html.summary import letters
from qa.evaluation.report.html.view import RunView, question_means, seconds_of

_BY_K = {
    ("by-k", "Passages"): ("R@", "Success@", "precision@"),
    ("pages-by-k", "Pages"): ("page_R@", "page_Success@"),
    ("documents-by-k", "Documents"): ("document_R@", "document_Success@"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot as SVG, its title, and below it how to read it, and a line of figures for each run."""

    title: str
    drawing: str
    caption: str
    readings: tuple[str, ...]


def figures(runs: Sequence[RunView]) -> list[Figure]:
    """The plots of one or two runs."""
    candidates = [
        _risk(runs),
        *(_by_k(runs, *name, prefixes) for name, prefixes in _BY_K.items()),
        *(
            _distribution(runs, name)
            for name in ("citation_f1", "page_citation_f1", "document_citation_f1", "token_f1")
        ),
        _seconds(runs),
    ]
    return [figure for figure in candidates if figure]


def _figure(title: str, caption: str, readings: Sequence[str], draw: Callable[[str], str]) -> Figure:
    """A figure whose plot is described by its caption and readings, for whoever cannot see it."""
    return Figure(title, draw(f"{caption} {' '.join(readings)}"), caption, tuple(readings))


def _reading(letter: str, words: str) -> str:
    return f"{letter}: {words}." if letter else f"{words[:1].upper()}{words[1:]}."


def _risk(runs: Sequence[RunView]) -> Figure | None:
    lines, readings = [], []
    for letter, run in zip(letters(runs), runs, strict=True):
        lines.append(plots.Curve(letter, run.scores.curves.risk_coverage))
        if lines[-1].points:
            coverage, risk = lines[-1].points[-1]
            area = run.scores.metrics.get("aurc")
            words = f"{percent(coverage)}\u00a0% answered, at a risk of {percent(risk)}\u00a0%"
            readings.append(_reading(letter, words + (f"; AURC {percent(area.mean)}\u00a0%" if area else "")))
    if not readings:
        return None
    caption = "The risk if only the questions with the strongest evidence were answered. Lower is better."
    return _figure("Risk by coverage", caption, readings, partial(plots.risk_coverage, lines))


def _distribution(runs: Sequence[RunView], name: str) -> Figure | None:
    values = [
        (letter, [means[name] for means in question_means(run).values() if name in means])
        for letter, run in zip(letters(runs), runs, strict=True)
    ]
    readings = [_reading(letter, _spread(of_run)) for letter, of_run in values if of_run]
    if not readings:
        return None
    label = metric(name).label
    caption = "How many questions have which score; the outer bars are exactly 0 and exactly 1."
    draw = partial(plots.distribution, name.replace("_", "-"), label, values)
    return _figure(f"Distribution of {label}", caption, readings, draw)


def _spread(values: Sequence[float]) -> str:
    zeros, ones = (sum(value == end for value in values) / len(values) for end in (0, 1))
    ends = f"{percent(zeros)}\u00a0% exactly 0, {percent(ones)}\u00a0% exactly 1"
    return f"{ends}, median {median(values):.2f}, n\u00a0=\u00a0{len(values):,}"


def _by_k(runs: Sequence[RunView], name: str, what: str, prefixes: Sequence[str]) -> Figure | None:
    metrics = [run.scores.metrics for run in runs]
    panels = []
    for prefix in prefixes:
        ks = tuple(k for k in DEPTHS if all(f"{prefix}{k}" in of_run for of_run in metrics))
        if ks:
            title = metric(f"{prefix}{ks[0]}").label.replace(f"@{ks[0]}", "@k")
            series = (tuple(of_run[f"{prefix}{k}"] for k in ks) for of_run in metrics)
            panels.append(plots.Panel(title, ks, tuple(zip(letters(runs), series, strict=True))))
    if not panels:
        return None
    first = panels[0]
    readings = []
    for letter, estimates in first.runs:
        means = (
            f"{first.title.replace('@k', f'@{k}')} {percent(estimate.mean)}\u00a0%"
            for k, estimate in zip(first.ks, estimates, strict=True)
        )
        readings.append(_reading(letter, ", ".join(means)))
    caption = "Means with their intervals when the first k passages are looked at."
    title = f"{what} found, by k"
    draw = partial(plots.by_k, name, title, panels)
    return _figure(title, caption, readings, draw)


def _seconds(runs: Sequence[RunView]) -> Figure | None:
    durations, readings = [], []
    for letter, run in zip(letters(runs), runs, strict=True):
        took = sorted(seconds for record in run.records if (seconds := seconds_of(record)))
        if not took:
            return None
        timing = run.scores.timing.seconds
        p50, p95 = (
            value or took[min(int(len(took) * share), len(took) - 1)]
            for value, share in ((timing.p50, 0.5), (timing.p95, 0.95))
        )
        durations.append(plots.Durations(letter, took, p50, p95))
        half, most = plots.duration(p50), plots.duration(p95)
        words = f"half took at most {half}, 95 % at most {most}, n\u00a0=\u00a0{len(took):,}"
        readings.append(_reading(letter, words))
    caption = "The share of questions answered within so many seconds."
    return _figure("Seconds per question", caption, readings, partial(plots.seconds, durations))
