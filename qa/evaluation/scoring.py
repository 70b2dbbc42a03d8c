"""Scores a run from its records and verdicts, in the forms that comparisons and reports take."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from qa.evaluation.comparison import QuestionFigures, RunTable
from qa.evaluation.judging.judge_records import judgement_key
from qa.evaluation.metrics.abstention import decisions_of
from qa.evaluation.metrics.aggregate import score_records
from qa.evaluation.metrics.failing import failing
from qa.evaluation.metrics.per_question import DEPTHS, cluster_of, question_metrics
from qa.evaluation.metrics.set_changes import SetFigures
from qa.evaluation.report.html.view import RunView
from qa.evaluation.runs.header import Header, differences
from qa.evaluation.runs.state import Run, load_run, read_state
from qa.evaluation.types import Question, Record, RecordId, Scores, Verdict
from qa.types import Answer


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run, the verdicts on its records, the metrics of each record, and the scores of all."""

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
    by_key = {verdict.key: verdict for verdict in run.verdicts if verdict.judge == judge}
    verdicts = _current(run.records, by_key, judge)
    metrics = {
        (record.key, record.repeat): question_metrics(record, verdicts.get((record.key, record.repeat)))
        for record in run.records
    }
    return ScoredRun(name, run, verdicts, metrics, score_records(run.records, verdicts, metrics))


def failing_keys(scored: ScoredRun) -> dict[str, str]:
    """The questions of a run of which any record is failing, by their keys, and why the first one is."""
    reasons: dict[str, str] = {}
    for record in scored.run.records:
        reason = failing(record, scored.metrics[record.key, record.repeat])
        if reason is not None:
            reasons.setdefault(record.key, reason)
    return reasons


def score_all(path: Path) -> ScoredRun:
    """Every record in a run folder, also of questions that its last command left out. Raises as `score`."""
    run, state = load_run(path), read_state(path)
    return score_run(path.name or str(path), replace(run, records=tuple(state.records.values())))


def narrowed(scored: ScoredRun, keys: Collection[str]) -> ScoredRun:
    """A run with the records of these questions alone, and their scores."""
    records = tuple(record for record in scored.run.records if record.key in keys)
    return score_run(scored.name, replace(scored.run, records=records))


def _current(
    records: Sequence[Record], by_key: Mapping[str, Verdict], judge: str | None
) -> dict[RecordId, Verdict]:
    """The verdicts on the answers that the records have now, by record."""
    if judge is None:
        return {}
    keys = {
        (record.key, record.repeat): judgement_key(record, judge)
        for record in records
        if record.answer is not None
    }
    return {which: by_key[key] for which, key in keys.items() if key in by_key}


def run_table(scored: ScoredRun) -> RunTable:
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
        scored.scores.counts.stale,
    )


def _row(records: Sequence[Record], scored: ScoredRun) -> QuestionFigures:
    figures: dict[str, list[float]] = {}
    for record in records:
        for name, value in scored.metrics[record.key, record.repeat].items():
            figures.setdefault(name, []).append(value)
    first = next((record for record in records if record.answer is not None), records[0])
    answer, question = first.answer, first.question
    done = [(record.answer, scored.metrics[record.key, record.repeat]) for record in records if record.answer]
    return QuestionFigures(
        question.text,
        cluster_of(first),
        {name: fmean(values) for name, values in figures.items()},
        "failed" if answer is None else answer.status,
        "" if answer is None else answer.text,
        question.tags,
        1 - len(done) / len(records),
        _of_set(question, [given for given, _ in done], [values for _, values in done]),
    )


def _of_set(
    question: Question, answers: Sequence[Answer], values: Sequence[Mapping[str, float]]
) -> SetFigures:
    """What a question adds to the figures of the whole set; `values` are the metrics of each answer."""
    declined = fmean(answer.status == "abstained" for answer in answers) if answers else None
    return SetFigures(question.answerable, declined, tuple(decisions_of(question, answers, values)))


def comparison_notes(a: Header, b: Header) -> tuple[str, ...]:
    """In what two runs were made differently, and what that means for comparing them."""
    changed = differences(a, b)
    notes = (
        [f"B differs in {'; '.join(changed)}"] if changed else ["A and B were made with the same settings"]
    )
    if a.asked.sha256 != b.asked.sha256:
        notes.append("the question sets are not the same file; questions are paired by what they say")
    least = min((made.k for made in (a.made, b.made) if made.k is not None), default=max(DEPTHS))
    if a.made.k != b.made.k and least < max(DEPTHS):
        notes.append(f"with k = {least}, figures at more passages (R@{max(DEPTHS)}) are those at {least}")
    return tuple(notes)


def run_view(scored: ScoredRun) -> RunView:
    """A run as the report shows it."""
    return RunView(
        scored.name,
        run_facts(scored.run.header),
        scored.scores,
        scored.run.records,
        scored.metrics,
        scored.verdicts,
    )


def run_facts(header: Header) -> tuple[tuple[str, str], ...]:
    """What a run was made with, as (name, value) for people."""
    asked, made, index = header.asked, header.made, header.index
    chosen = [f"tag {tag}" for tag in asked.tags]
    chosen += [f"{asked.sample} at random (seed {asked.seed})"] if asked.sample is not None else []
    chosen += [f"the first {asked.limit}"] if asked.limit is not None else []
    filters = list(made.sources) + ([f"since {made.since}"] if made.since else [])
    filters += [f"until {made.until}"] if made.until else []
    facts = [
        ("questions", ", ".join([asked.questions, *chosen])),
        ("asked", "once each" if asked.repeat == 1 else f"{asked.repeat} times each"),
        ("answered by", made.model or "no model: sentences of the documents"),
        *([("server", made.server)] if made.server else []),
        ("passages", "as many as fit the prompt" if made.k is None else str(made.k)),
        *([("only", ", ".join(filters))] if filters else []),
        ("index", f"{index.sources:,} sources, {index.embedder}, {index.chunker}"),
        ("begun", header.created),
        ("versions", ", ".join(f"{version.name} {version.value}" for version in header.versions)),
    ]
    return tuple(facts)
