"""`qa eval` from end to end: asks the questions, has the answers judged, scores the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelUnavailable, QaError, SettingsError, StorageError
from qa.answering.factory import configured_model
from qa.errors import CostLimit, TooManyFailures
from qa.evaluation.judging.judge_records import Unjudged, unjudged
from qa.evaluation.metrics.scores_json import scores_object
from qa.evaluation.running.attempt import AskOptions
from qa.evaluation.running.batch import AT_ONCE
from qa.evaluation.running.cost_estimate import Expected, estimate
from qa.evaluation.running.events import Estimated, Event, Judged, OnEvent
from qa.evaluation.running.judge_answers import Judge, judge_answers
from qa.evaluation.running.remaining import Remaining, remaining
from qa.evaluation.running.runner import RunOutcome, run_questions
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.running.without_model import processes_for
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.runs.header import (
    Header,
    QuestionSelection,
    answer_settings,
    fingerprint,
    prompts_of,
    versions,
)
from qa.evaluation.runs.state import RunState, read_state
from qa.evaluation.scoring import ScoredRun, score_run
from qa.evaluation.sets.dataset import Selection, question_key, set_digest
from qa.evaluation.types import Question
from qa.models.metering import SpendingLimit, known_price
from qa.settings.settings import Settings

if TYPE_CHECKING:
    from qa.answering.generative.generate import AnswerModel
    from qa.answering.shared_reader import SharedIndexReader
    from qa.models.base import LLM


@dataclass(frozen=True, slots=True)
class SelectedQuestions:
    """The questions of a run: those of the set at `path` that `selection` takes."""

    path: Path
    questions: tuple[Question, ...]
    selection: Selection = field(default_factory=Selection)


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a run: one that answers (None: sentences of the documents), one that judges, if any.

    Both are held to one `budget` and one `throttle`.
    """

    answerer: AnswerModel | None
    judge: LLM | None
    budget: SpendingLimit | None
    throttle: Throttle


@dataclass(frozen=True, slots=True)
class Plan:
    """A run to be made: which questions, asked how, by which models, into which folder.

    `estimate` says whether what it would cost is wanted before anything is asked. `processes` is how many ask
    without a model; None leaves it to the number of questions.
    """

    chosen: SelectedQuestions
    out: Path
    options: AskOptions
    models: Models
    offline: bool = False
    retry_errors: bool = False
    estimate: bool = False
    processes: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How an evaluation ended: `stopped` is what ended it early, `unjudged` what could not be judged."""

    outcome: RunOutcome
    scored: ScoredRun
    unjudged: tuple[Unjudged, ...] = ()
    stopped: QaError | None = None


def models_for(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    judge: bool,
    judge_model: str | None,
    concurrency: int | None,
) -> Models:
    """The models that the settings name. Raises what `configured_model` raises."""
    throttle = Throttle(concurrency or AT_ONCE, timeout=settings.timeout, careful=concurrency is None)
    answerer = configured_model(settings, environ, on_wait=throttle.waiting)
    judging = answerer if judge else None
    if judge_model is not None:
        named = replace(settings, model=judge_model, given=settings.given - {"model"})
        judging = configured_model(named, environ, on_wait=throttle.waiting)
    if judging is None and (judge or judge_model):
        raise SettingsError(
            "judging takes a model, and there is none",
            "set OPENAI_API_KEY, and allow connections",
            option="offline",
        )
    budget = next((model.budget for model in (answerer, judging) if model), None)
    return Models(answerer, judging.llm if judging else None, budget, throttle)


def header_for(plan: Plan, reader: SharedIndexReader) -> Header:
    """The header of a run. Raises UnusableIndex, StorageError."""
    options = plan.options
    reader_name = None if options.reader is None else options.reader.name
    made = answer_settings(options.k, options.filters, options.model, reader_name)
    return Header(
        selection_of(plan), made, reader.read(fingerprint), prompts_of(made), versions(), plan.offline
    )


def selection_of(plan: Plan) -> QuestionSelection:
    """The questions of a run, as its header names them. Raises StorageError."""
    chosen, selection = plan.chosen, plan.chosen.selection
    try:
        sha256 = set_digest(chosen.path)
    except OSError as exc:
        raise StorageError(
            f"cannot read {chosen.path}: {exc.strerror or exc}", "it was there before"
        ) from exc
    return QuestionSelection(
        chosen.path.name,
        sha256,
        tuple(map(question_key, chosen.questions)),
        selection.tags,
        selection.limit,
        selection.sample,
        selection.seed,
        selection.repeat,
    )


def expected(plan: Plan, reader: SharedIndexReader) -> Expected:
    """An estimate of what is left: questions without a record, and answers without a verdict."""
    return _expected(plan, reader, _remaining(plan, selection_of(plan), read_state(plan.out)))


def _expected(plan: Plan, reader: SharedIndexReader, left: Remaining) -> Expected:
    by_key = {question_key(question): question for question in plan.chosen.questions}
    return estimate(
        [by_key[key] for key, _ in left.to_ask],
        reader=reader,
        options=plan.options,
        judge=plan.models.judge,
        answered=len(left.to_judge),
    )


def _remaining(plan: Plan, selection: QuestionSelection, state: RunState) -> Remaining:
    """What is left to do, with `state` in the run folder."""
    judge = plan.models.judge
    return remaining(
        selection.record_ids, state, judge=judge.name if judge else None, retry_errors=plan.retry_errors
    )


def evaluate(plan: Plan, reader: SharedIndexReader, *, on_event: OnEvent) -> Result:
    """Ask what has no record yet, judge what has no verdict, and score the whole.

    With `plan.estimate`, the first event says what it would cost. Raises what `run_questions` raises,
    StorageError and UsageError for a folder that cannot be used; whatever it raises, what is done is kept,
    and the same call goes on from there.
    """
    models = plan.models
    if models.judge is not None and models.budget is not None:
        known_price(models.judge)  # before the answers are paid for
    with RunFolder(plan.out, header_for(plan, reader)) as folder:
        left = _remaining(plan, folder.header.asked, folder.state)
        if plan.estimate:
            on_event(Estimated(_expected(plan, reader, left)))
        at_once = processes_for(len(left.to_ask), plan.processes)
        outcome = run_questions(
            plan.chosen.questions,
            left.to_ask,
            folder=folder,
            reader=reader,
            options=plan.options,
            throttle=models.throttle if models.answerer else Throttle(at_once),
            on_event=on_event,
        )
        failed: tuple[Unjudged, ...] = ()
        stopped: QaError | None = outcome.stopped
        if models.judge is not None and stopped is None:
            failed, stopped = _judge(folder, models, models.judge, on_event)
        name = plan.out.name or str(plan.out)
        scored = score_run(name, folder.run(), models.judge.name if models.judge else None)
        folder.write_scores(scores_object(scored.scores))
    return Result(outcome, scored, failed, stopped)


def _judge(
    folder: RunFolder, models: Models, judge: LLM, on_event: OnEvent
) -> tuple[tuple[Unjudged, ...], QaError | None]:
    """Judge every answer that has no verdict; gives those that could not be judged, and what ended it early.

    Raises what `judge_answers` does, but for errors of the judge: what was answered has its figures.
    """
    failed: list[Unjudged] = []

    def note(event: Event) -> None:
        if isinstance(event, Judged) and isinstance(event.verdict, Unjudged):
            failed.append(event.verdict)
        on_event(event)

    if models.budget is not None and models.answerer is None:  # else `run_questions` has
        models.budget.settle(0.0, folder.spent)
    records = unjudged(folder.run().records, folder.state.judged, judge.name)
    stopped: QaError | None = None
    try:
        judge_answers(records, Judge(judge, models.budget, folder), models.throttle, on_event=note)
    except CostLimit as error:
        why = f"stopped judging at the cost limit: {error.cause}"
        stopped = CostLimit(why, "raise it, and run the same command to go on", option="max_cost")
    except (ModelUnavailable, TooManyFailures) as error:
        stopped = error
    return tuple(failed), stopped
