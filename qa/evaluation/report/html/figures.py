"""The plots of a report: which there are, what they are drawn from, and what each says in words.

Between runs and `report/plots.py`. A plot without data is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from qa.evaluation.report.html import plots
from qa.evaluation.report.html.metric_words import metric, percent
from qa.evaluation.report.html.summary import letters
from qa.evaluation.report.html.view import RunView, question_means, seconds_of

_KS = (1, 3, 5, 10)
_BY_K = (("R@", "Success@", "precision@"), ("page_R@", "page_Success@"))


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot as SVG, its title, and what stands below it: how to read it, and what it shows of each run."""

    title: str
    drawing: str
    how: str
    shows: tuple[str, ...]


def figures(runs: Sequence[RunView]) -> list[Figure]:
    """The plots of one or two runs."""
    found = [
        _risk(runs),
        *(_by_k(runs, names) for names in _BY_K),
        *(_distribution(runs, name) for name in ("citation_f1", "page_citation_f1", "token_f1")),
        _seconds(runs),
    ]
    return [figure for figure in found if figure]


def _said(letter: str, words: str) -> str:
    return f"{letter}: {words}." if letter else f"{words[:1].upper()}{words[1:]}."


def _risk(runs: Sequence[RunView]) -> Figure | None:
    lines, said = [], []
    for letter, run in zip(letters(runs), runs, strict=True):
        lines.append(plots.Curve(letter, run.scores.curves.risk_coverage))
        if lines[-1].points:
            coverage, risk = lines[-1].points[-1]
            area = run.scores.metrics.get("aurc")
            words = f"{percent(coverage)}\u00a0% answered, at a risk of {percent(risk)}\u00a0%"
            said.append(_said(letter, words + (f"; AURC {percent(area.mean)}\u00a0%" if area else "")))
    if not said:
        return None
    how = "The risk if only the questions with the strongest evidence were answered. Lower is better."
    return Figure("Risk by coverage", plots.risk_coverage(lines, f"{how} {' '.join(said)}"), how, tuple(said))


def _distribution(runs: Sequence[RunView], name: str) -> Figure | None:
    values = [
        (letter, [one[name] for one in question_means(run).values() if name in one])
        for letter, run in zip(letters(runs), runs, strict=True)
    ]
    if not any(scores for _, scores in values):
        return None
    said = [_said(letter, _spread(scores)) for letter, scores in values if scores]
    title, how = (
        metric(name).label,
        "How many questions have which score; the outer bars are exactly 0 and exactly 1.",
    )
    drawing = plots.distribution(name.replace("_", "-"), title, values, f"{how} {' '.join(said)}")
    return Figure(f"Distribution of {title}", drawing, how, tuple(said))


def _spread(scores: Sequence[float]) -> str:
    none, whole = (sum(score == end for score in scores) / len(scores) for end in (0, 1))
    ends = (f"{percent(share)}\u00a0% exactly {end}" for end, share in ((0, none), (1, whole)))
    return f"{', '.join(ends)}, median {median(scores):.2f}, n\u00a0=\u00a0{len(scores):,}"


def _by_k(runs: Sequence[RunView], prefixes: Sequence[str]) -> Figure | None:
    found = [run.scores.metrics for run in runs]
    panels = []
    for prefix in prefixes:
        ks = tuple(k for k in _KS if all(f"{prefix}{k}" in one for one in found))
        if ks:
            title = metric(f"{prefix}{ks[0]}").label.replace(f"@{ks[0]}", "@k")
            series = (tuple(one[f"{prefix}{k}"] for k in ks) for one in found)
            panels.append(plots.Panel(title, ks, tuple(zip(letters(runs), series, strict=True))))
    if not panels:
        return None
    first = panels[0]
    said = [
        _said(
            letter,
            ", ".join(
                f"{first.title.replace('@k', f'@{k}')} {percent(one.mean)}\u00a0%"
                for k, one in zip(first.ks, run, strict=True)
            ),
        )
        for letter, run in first.runs
    ]
    how = "Means with their intervals when the first k passages are looked at."
    title = f"{'Pages' if prefixes[0].startswith('page') else 'Passages'} found, by k"
    ident = "pages-by-k" if prefixes[0].startswith("page") else "by-k"
    return Figure(title, plots.by_k(ident, title, panels, f"{how} {' '.join(said)}"), how, tuple(said))


def _seconds(runs: Sequence[RunView]) -> Figure | None:
    timings, said = [], []
    for letter, run in zip(letters(runs), runs, strict=True):
        took = sorted(seconds for record in run.records if (seconds := seconds_of(record)))
        if not took:
            return None
        timing = run.scores.timing.seconds
        p50, p95 = (
            value or took[min(int(len(took) * share), len(took) - 1)]
            for value, share in ((timing.p50, 0.5), (timing.p95, 0.95))
        )
        timings.append(plots.Timing(letter, took, p50, p95))
        half, most = plots.duration(p50), plots.duration(p95)
        said.append(
            _said(letter, f"half took at most {half}, 95 % at most {most}, n\u00a0=\u00a0{len(took):,}")
        )
    how = "The share of questions answered within so many seconds."
    return Figure("Seconds per question", plots.seconds(timings, f"{how} {' '.join(said)}"), how, tuple(said))
