"""Runs, and comparisons of runs, as tables in Markdown: for a pull request, an issue, a notes file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.evaluation.comparison import Comparison, points
from qa.evaluation.metrics.failing import failing
from qa.evaluation.metrics.per_question import METRICS
from qa.evaluation.metrics.stale import stale_files
from qa.evaluation.report.caveats import caveats
from qa.evaluation.report.html.view import RunView
from qa.evaluation.report.scores_text import HEADLINES
from qa.evaluation.types import Estimate, Record
from qa.output.answers.markdown import literal
from qa.output.text import shorten
from qa.types import Answer

WRITTEN = "<!-- qa.table/1 -->"
_LONGEST = 160  # columns of a question or an answer in its row
_LEFT, _RIGHT = "---", "--:"


def runs_markdown(runs: Sequence[RunView], comparison: Comparison | None = None) -> str:
    """The runs' facts and figures, how the first two differ, and a row a question. Ends in a newline.

    Its first line, which no reader shows, says who wrote it.
    """
    lines = [WRITTEN, ""]
    for run in runs:
        lines += [f"## {literal(run.name)}", "", *_facts(run), "", *_figures(run), ""]
        notes = caveats(run.scores, set(run.scores.metrics))
        lines += [f"{literal(' '.join(notes))}", ""] if notes else []
    if comparison is not None:
        lines += [*comparison_lines(comparison), ""]
    lines += ["## Questions", "", *_questions(runs), ""]
    return "\n".join(lines)


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """What two runs differ by, as a section: the verdict, notes, and a table of the metrics."""
    names = literal(comparison.name_a), literal(comparison.name_b)
    yield f"## {names[1]} (B) beside {names[0]} (A)"
    yield ""
    yield f"**{literal(comparison.sentence)}**"
    yield ""
    for note in comparison.notes:
        yield f"- {literal(note)}"
    yield ""
    head = ("metric", "A", "B", "points", "95 % interval", "p", "n")
    rows = []
    marked = {headline.metric for headline in comparison.headlines}
    for metric in sorted(comparison.metrics, key=lambda metric: metric.name not in marked):
        change = metric.change
        interval = f"{points(change.low, sign='-')} to {points(change.high, sign='-')}"
        p = "< .001" if change.p < 0.001 else f"{change.p:.3f}"
        means = (f"{change.mean_a:.3f}", f"{change.mean_b:.3f}", points(change.difference))
        rows.append((metric.name, *means, interval, p, f"{change.n:,}"))
    yield from _table(head, rows, right=range(1, 7))


def _facts(run: RunView) -> Iterator[str]:
    counts = run.scores.counts
    outcome = f"{counts.answered:,} answered, {counts.abstained:,} abstained, {counts.errors:,} failed"
    for name, value in (*run.facts, ("outcome", outcome)):
        yield f"- {literal(name)}: {literal(value)}"


def _figures(run: RunView) -> Iterator[str]:
    metrics = run.scores.metrics
    rows = [_figure_row(name, metrics[name]) for name in METRICS if name in metrics and name in HEADLINES]
    yield from _table(("metric", "mean", "95 % interval", "n"), rows, right=(1, 2, 3))


def _figure_row(name: str, each: Estimate) -> tuple[str, ...]:
    return name, f"{each.mean:.3f}", f"{each.low:.3f} to {each.high:.3f}", f"{each.n:,}"


def _questions(runs: Sequence[RunView]) -> Iterator[str]:
    """A row a record; of several runs, each run's rows together."""
    several = len(runs) > 1
    head = (*(["run"] if several else []), "id", "question", "status", "answer", "failing")
    rows = [
        (*([literal(run.name)] if several else []), *map(literal, _question_row(run, record)))
        for run in runs
        for record in run.records
    ]
    yield from _table(head, rows)


def _question_row(run: RunView, record: Record) -> tuple[str, ...]:
    answer, values = record.answer, run.metrics.get((record.key, record.repeat), {})
    text = answer.text if answer else record.failure.cause if record.failure else ""
    return (
        record.question.id,
        shorten(" ".join(record.question.text.split()), _LONGEST),
        _status(answer) if answer else "failed",
        shorten(" ".join(text.split()), _LONGEST),
        failing(record, values) or "",
    )


def _status(answer: Answer) -> str:
    """The answer's status, with the cited files that are not what was indexed any more."""
    return "; ".join([answer.status, *(f"{name} {state}" for name, state in stale_files(answer).items())])


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] | range = ()
) -> Iterator[str]:
    """A table as GitHub reads it, of cells that Markdown does not act on."""
    marks = [_RIGHT if at in right else _LEFT for at in range(len(head))]
    for row in (head, marks, *rows):
        yield f"| {' | '.join(row)} |"
