"""The rows of the tables: what came of each question, and every figure with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeAlias

from qa.evaluation.gates import FIGURES
from qa.evaluation.metrics.failing import failing
from qa.evaluation.metrics.per_question import METRICS
from qa.evaluation.metrics.stale import stale_files
from qa.evaluation.report.html.view import RunView
from qa.evaluation.types import Estimate, GoldPlace, Record, Scores
from qa.types import Citation

Value: TypeAlias = str | int | float | None
Row: TypeAlias = dict[str, Value]

JOINED = " | "  # between several texts in one cell
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class CellTable:
    """Named columns, and rows that have a value, or None, for each of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def question_table(runs: Sequence[RunView]) -> CellTable:
    """A row for each record of `runs`: the question, what was answered and cited, gold, every metric.

    Metrics that no record has get no column; a place is written `name:start-end`, or `name:page 3`.
    """
    rows = [_question_row(run, record) for run in runs for record in run.records]
    named = {name for run in runs for values in run.metrics.values() for name in values}
    metrics = [name for name in METRICS if name in named]
    return _table([*_QUESTION_COLUMNS, *metrics], rows)


def figure_table(runs: Sequence[RunView]) -> CellTable:
    """A row for each figure of `runs`, by the name that gates know it by, over all questions and by tag.

    `tag` is empty for all questions. Counts, seconds and costs have a `value` alone.
    """
    rows = [row for run in runs for row in _figure_rows(run)]
    return _table(["run", "tag", "figure", "value", "low", "high", "n"], rows)


_QUESTION_COLUMNS = (
    *("run", "id", "repeat", "question", "status", "failing", "answer", "missing", "references"),
    *("citations", "stale_files", "gold", "tags", "answerable", "evidence", "model", "error"),
    *("search_seconds", "answer_seconds", "prompt_tokens", "completion_tokens", "cost_usd", "verdict"),
)


def _question_row(run: RunView, record: Record) -> Row:
    values = run.metrics.get((record.key, record.repeat), {})
    question, verdict = record.question, run.verdicts.get((record.key, record.repeat))
    row: Row = {
        "run": run.name,
        "id": question.id,
        "repeat": record.repeat,
        "question": question.text,
        "failing": failing(record, values),
        "references": JOINED.join(question.answers),
        "gold": JOINED.join(map(_gold_place, record.gold)),
        "tags": JOINED.join(question.tags),
        "answerable": None if question.answerable is None else "yes" if question.answerable else "no",
        "verdict": verdict.correctness if verdict else None,
    }
    return {**row, **_outcome(record), **{name: _round(value) for name, value in values.items()}}


def _outcome(record: Record) -> Row:
    answer = record.answer
    if answer is None:
        return {"status": "failed", "error": record.failure.cause if record.failure else None}
    return {
        "status": answer.status,
        "answer": answer.text,
        "missing": answer.missing,
        "citations": JOINED.join(map(_cited_place, answer.citations)),
        "stale_files": JOINED.join(f"{name} ({state})" for name, state in stale_files(answer).items()),
        "evidence": _round(answer.evidence),
        "model": answer.model,
        "search_seconds": _round(answer.seconds.search),
        "answer_seconds": _round(answer.seconds.answer),
        "prompt_tokens": answer.usage.prompt_tokens,
        "completion_tokens": answer.usage.completion_tokens,
        "cost_usd": answer.usage.cost_usd,
    }


def _cited_place(citation: Citation) -> str:
    return f"{citation.source}:{citation.span.start}-{citation.span.end}"


def _gold_place(place: GoldPlace) -> str:
    if place.span is not None:
        return f"{place.source}:{place.span.start}-{place.span.end}"
    return place.source if place.page is None else f"{place.source}:page {place.page}"


def _figure_rows(run: RunView) -> Iterator[Row]:
    yield from _estimate_rows(run.name, "", run.scores.metrics)
    for name, value in plain_figures(run.scores).items():
        yield {"run": run.name, "tag": "", "figure": name, "value": value}
    for tag, scores in run.scores.by_tag.items():
        yield from _estimate_rows(run.name, tag, scores.metrics)


def _estimate_rows(run: str, tag: str, metrics: Mapping[str, Estimate]) -> Iterator[Row]:
    for name, each in metrics.items():
        yield {
            "run": run,
            "tag": tag,
            "figure": name,
            "value": each.mean,
            "low": each.low,
            "high": each.high,
            "n": each.n,
        }


def plain_figures(scores: Scores) -> dict[str, float]:
    """The counts, seconds and costs that have a value, by the names that gates know them by."""
    values = {name: attrgetter(path)(scores) for name, path in FIGURES.items()}
    return {name: value for name, value in values.items() if value is not None}


def _table(columns: Sequence[str], rows: Sequence[Row]) -> CellTable:
    return CellTable(tuple(columns), tuple(tuple(row.get(name) for name in columns) for row in rows))


def _round(value: float) -> float:
    return round(value, _DIGITS) + 0.0
