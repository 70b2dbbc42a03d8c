"""A run as the report shows it: its figures by question and by tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from qa.evaluation.types import Record, RecordId, Scores, TagScores, Verdict


@dataclass(frozen=True, slots=True)
class RunView:
    """A run, ready to be shown.

    `facts` are what was run, as (name, value): question set, model, index, date, versions. `metrics` and
    `verdicts` are those of single records.
    """

    name: str
    facts: tuple[tuple[str, str], ...]
    scores: Scores
    records: Sequence[Record]
    metrics: Mapping[RecordId, Mapping[str, float]]
    verdicts: Mapping[RecordId, Verdict]


def frequent_tags(view: RunView) -> dict[str, TagScores]:
    """The scores of each tag of a run, the most frequent first."""
    return dict(sorted(view.scores.by_tag.items(), key=lambda item: (-item[1].n, item[0])))


def question_means(view: RunView) -> dict[str, dict[str, float]]:
    """The metrics of each question by its key, averaged over its repeats; questions in the records' order."""
    figures: dict[str, dict[str, list[float]]] = {}
    for record in view.records:
        values = figures.setdefault(record.key, {})
        for name, value in view.metrics.get((record.key, record.repeat), {}).items():
            values.setdefault(name, []).append(value)
    return {
        key: {name: fmean(values) for name, values in by_name.items()} for key, by_name in figures.items()
    }


def seconds_of(record: Record) -> float | None:
    """The seconds that a record's answer took from the question on; None if it failed."""
    seconds = record.answer.seconds if record.answer else None
    return None if seconds is None else seconds.search + seconds.answer
