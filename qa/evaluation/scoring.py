"""A run with its figures: what comparing, reporting and gates are about.

Knows which verdict belongs to which record, and puts a run into the shapes that `compare` and `report` take.
Computes no figure itself, and asks nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from qa.evaluation.comparison import QuestionFigures, RunTable
from qa.evaluation.judging.judge_records import judgement_key
from qa.evaluation.metrics.aggregate import score_records
from qa.evaluation.metrics.per_question import DEPTHS, cluster_of, question_metrics
from qa.evaluation.report.html.view import RunView
from qa.evaluation.runs.header import Header, differences
from qa.evaluation.runs.state import Run, load_run
from qa.evaluation.types import Record, RecordId, Scores, Verdict


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run, the verdicts on its records, what each record measures, and the scores of all."""

    name: str
    run: Run
    verdicts: Mapping[RecordId, Verdict]
    metrics: Mapping[RecordId, Mapping[str, float]]
    scores: Scores


def score(path: Path, judge: str | None = None) -> ScoredRun:
    """The run in the folder `path`, scored anew; nothing is asked and nothing written.

    Verdicts are those of the judge called `judge`, None for the one that was asked last. Raises UsageError
    if there is no run, StorageError if it is damaged.
    """
    return score_run(path.name or str(path), load_run(path), judge)


def score_run(name: str, run: Run, judge: str | None = None) -> ScoredRun:
    """A run that was read, scored under `name`. Verdicts are as `score` has them."""
    if judge is None and run.verdicts:
        judge = run.verdicts[-1].judge
    verdicts = _fitting(run.records, {one.key: one for one in run.verdicts if one.judge == judge}, judge)
    metrics = {
        (record.key, record.repeat): question_metrics(record, verdicts.get((record.key, record.repeat)))
        for record in run.records
    }
    return ScoredRun(name, run, verdicts, metrics, score_records(run.records, verdicts, metrics))


def _fitting(
    records: Sequence[Record], known: Mapping[str, Verdict], judge: str | None
) -> dict[RecordId, Verdict]:
    """The verdicts that are about the answers that the records have now."""
    found = {}
    for record in records:
        if record.answer is not None and judge is not None:
            verdict = known.get(judgement_key(record, judge))
            if verdict is not None:
                found[record.key, record.repeat] = verdict
    return found


def table(scored: ScoredRun) -> RunTable:
    """A run as `compare` takes it: one row a question, the mean over its repeats, the text of the first."""
    repeats: dict[str, list[Record]] = {}
    for record in scored.run.records:
        repeats.setdefault(record.key, []).append(record)
    errors = scored.scores.metrics.get("error_rate")
    return RunTable(
        scored.name,
        {key: _row(records, scored) for key, records in repeats.items()},
        errors.mean if errors else 0.0,
        scored.scores.judge,
    )


def _row(records: Sequence[Record], scored: ScoredRun) -> QuestionFigures:
    figures: dict[str, list[float]] = {}
    for record in records:
        for name, value in scored.metrics[record.key, record.repeat].items():
            figures.setdefault(name, []).append(value)
    first = next((one for one in records if one.answer is not None), records[0])
    answer, question = first.answer, first.question
    return QuestionFigures(
        question.text,
        cluster_of(first),
        {name: fmean(values) for name, values in figures.items()},
        "failed" if answer is None else answer.status,
        "" if answer is None else answer.text,
        question.tags,
    )


def notes(a: Header, b: Header) -> tuple[str, ...]:
    """What is to be known before two runs are compared: in what they differ, or that they do not."""
    changed = differences(a, b)
    found = (
        [f"B differs in {'; '.join(changed)}"] if changed else ["A and B were made with the same settings"]
    )
    if a.asked.sha256 != b.asked.sha256:
        found.append("the question sets are not the same file; questions are paired by what they say")
    least = min(a.made.k, b.made.k)
    if a.made.k != b.made.k and least < max(DEPTHS):
        found.append(f"with k = {least}, figures at more passages (R@{max(DEPTHS)}) are those at {least}")
    return tuple(found)


def view(scored: ScoredRun) -> RunView:
    """A run as `report` takes it."""
    return RunView(
        scored.name,
        facts(scored.run.header),
        scored.scores,
        scored.run.records,
        scored.metrics,
        scored.verdicts,
    )


def facts(header: Header) -> tuple[tuple[str, str], ...]:
    """What a run was made with, as (name, value) for people."""
    asked, made, index = header.asked, header.made, header.index
    chosen = [f"tag {tag}" for tag in asked.tags]
    chosen += [f"{asked.sample} at random (seed {asked.seed})"] if asked.sample is not None else []
    chosen += [f"the first {asked.limit}"] if asked.limit is not None else []
    found = [
        ("questions", ", ".join([asked.questions, *chosen])),
        ("asked", "once each" if asked.repeat == 1 else f"{asked.repeat} times each"),
        ("answered by", made.model or "no model: sentences of the documents"),
        ("passages", str(made.k)),
        ("index", f"{index.sources:,} sources, {index.embedder}, {index.chunker}"),
        ("begun", header.created),
        ("versions", ", ".join(f"{one.name} {one.value}" for one in header.versions)),
    ]
    filters = list(made.sources) + ([f"since {made.since}"] if made.since else [])
    filters += [f"until {made.until}"] if made.until else []
    return tuple([*found[:4], ("only", ", ".join(filters)), *found[4:]] if filters else found)
