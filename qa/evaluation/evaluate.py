"""`qa eval` from end to end: what is asked, by which models, into which folder, and what came of it.

Knows the settings and the order of the steps: estimate, ask, judge, score. Prints nothing; how far it is, is
told to a `Watcher`. How each step is done is the business of the modules that it calls.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelUnavailable, QaError, SettingsError, StorageError
from qa.answering.factory import writer_for
from qa.errors import CostLimit, TooManyFailures
from qa.evaluation.judging.judge_records import Unjudged, judge_records, judgement_key, unjudged
from qa.evaluation.metrics.scores_json import scores_object
from qa.evaluation.running.attempt import AskOptions
from qa.evaluation.running.cost_estimate import Expected, check_price, estimate
from qa.evaluation.running.remaining import Remaining, remaining
from qa.evaluation.running.replay import ReplayBudget, ReplayingLLM, call_made, calls_lost
from qa.evaluation.running.runner import (
    AT_ONCE,
    Estimated,
    OnEvent,
    RunOutcome,
    Stopping,
    Waiting,
    run_questions,
)
from qa.evaluation.running.scheduler import MOST_FAILURES
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.runs.header import Header, QuestionSelection, fingerprint, made_with, prompts_of, versions
from qa.evaluation.runs.state import RunState, read_state
from qa.evaluation.scoring import ScoredRun, score_run
from qa.evaluation.sets.dataset import Selection, question_key
from qa.evaluation.sets.gold import Resolver
from qa.evaluation.types import Question, Record, Verdict
from qa.models.base import Completion
from qa.models.metering import Budget, MeteredLLM
from qa.settings.settings import Settings

if TYPE_CHECKING:
    from index.storage.catalog import Catalog
    from qa.answering.generative.generate import AnswerModel
    from qa.answering.shared_reader import SharedIndexReader
    from qa.models.base import LLM

OnVerdict = Callable[["Verdict | Unjudged", int], None]  # each as it comes, and how many there are to be


@dataclass(frozen=True, slots=True)
class SelectedQuestions:
    """The questions of a run: those of the set at `path` that were picked."""

    path: Path
    questions: tuple[Question, ...]
    picked: Selection = field(default_factory=Selection)


@dataclass(frozen=True, slots=True)
class Models:
    """Who answers (None: sentences of the documents), who judges, if anyone, and how many at once."""

    writer: AnswerModel | None
    judge: LLM | None
    purse: Budget | None
    pace: Throttle


@dataclass(frozen=True, slots=True)
class Plan:
    """All that makes a run: what is asked, how, by whom, and the folder it is kept in."""

    chosen: SelectedQuestions
    out: Path
    how: AskOptions
    models: Models
    offline: bool = False
    retry_errors: bool = False
    estimate: bool = False  # whether what it would cost is wanted before anything is asked


@dataclass(frozen=True, slots=True)
class Result:
    """A run that came to its end, or to the limit of what it may cost. `unjudged` could not be judged."""

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
    """The models that the settings name. Raises what `writer_for` raises."""
    pace = Throttle(concurrency or AT_ONCE)
    writer = writer_for(settings, environ, on_wait=pace.waiting)
    if writer is None and concurrency is None:
        pace.narrow(1)  # there is nobody to wait for
    found: AnswerModel | None = None
    if judge_model is not None:
        named = replace(settings, model=judge_model, given=settings.given - {"model"})
        found = writer_for(named, environ, on_wait=pace.waiting)
    elif judge:
        found = writer
    if found is None and (judge or judge_model):
        raise SettingsError(
            "judging takes a model, and there is none",
            "set OPENAI_API_KEY, and leave out --offline",
        )
    limit = settings.max_cost
    purse = None if limit is None or not (writer or found) else Budget(limit)
    if writer is not None:
        writer = replace(writer, purse=purse)
    return Models(writer, found.llm if found else None, purse, pace)


def header_for(plan: Plan, reader: SharedIndexReader) -> Header:
    """What `run.json` says of a run. Raises UnusableIndex, StorageError."""
    made = made_with(plan.how.k, plan.how.filters, plan.how.writer)
    return Header(
        selection_of(plan), made, reader.read(fingerprint), prompts_of(made), versions(), plan.offline
    )


def selection_of(plan: Plan) -> QuestionSelection:
    """What `run.json` says of the questions. Raises StorageError."""
    chosen, picked = plan.chosen, plan.chosen.picked
    try:
        data = chosen.path.read_bytes()
    except OSError as exc:
        raise StorageError(
            f"cannot read {chosen.path}: {exc.strerror or exc}", "it was there before"
        ) from exc
    return QuestionSelection(
        chosen.path.name,
        hashlib.sha256(data).hexdigest(),
        tuple(map(question_key, chosen.questions)),
        picked.tags,
        picked.limit,
        picked.sample,
        picked.seed,
        picked.repeat,
    )


def misplaced(plan: Plan, reader: SharedIndexReader) -> int:
    """How many pieces of gold are not where the set says: not indexed, or another text stands there."""

    def flaws(catalog: Catalog) -> int:
        resolver = Resolver(catalog)
        return sum(len(resolver.resolve(question).flaws) for question in plan.chosen.questions)

    return reader.read(flaws)


def expected(plan: Plan, reader: SharedIndexReader) -> Expected:
    """What it would take to ask the questions that have no record yet, and judge what has no verdict."""
    return _expected(plan, reader, _remaining(plan, selection_of(plan), read_state(plan.out)))


def _expected(plan: Plan, reader: SharedIndexReader, left: Remaining) -> Expected:
    by_key = {question_key(question): question for question in plan.chosen.questions}
    return estimate(
        [by_key[key] for key, _ in left.to_ask],
        reader=reader,
        how=plan.how,
        judge=plan.models.judge,
        answered=len(left.to_judge),
    )


def _remaining(plan: Plan, selection: QuestionSelection, state: RunState) -> Remaining:
    """What is left of a plan whose run folder holds `state`."""
    judge = plan.models.judge
    return remaining(
        selection.record_ids, state, judge=judge.name if judge else None, retry_errors=plan.retry_errors
    )


def evaluate(plan: Plan, reader: SharedIndexReader, *, on_event: OnEvent, on_verdict: OnVerdict) -> Result:
    """Ask what has no record yet, judge what has no verdict, and score the whole.

    With `plan.estimate`, what it would cost is told first, as `Estimated`.

    Raises what `run_questions` raises, StorageError and UsageError for a folder that cannot be used; whatever
    it raises, what is done is kept, and the same call goes on from there.
    """
    models = plan.models
    if models.judge is not None and models.purse is not None:
        check_price(models.judge)  # before the answers are paid for
    with RunFolder(plan.out, header_for(plan, reader)) as folder:
        left = _remaining(plan, folder.header.asked, folder.state)
        if plan.estimate:
            on_event(Estimated(_expected(plan, reader, left)))
        outcome = run_questions(
            plan.chosen.questions,
            left.to_ask,
            folder=folder,
            reader=reader,
            how=plan.how,
            pace=models.pace,
            on_event=on_event,
        )
        failed: list[Unjudged] = []
        stopped: QaError | None = outcome.stopped
        if models.judge is not None and stopped is None:
            try:
                _judge(folder, models, failed, on_event, on_verdict)
            except CostLimit as error:
                why = f"stopped judging at --max-cost: {error.cause}"
                stopped = CostLimit(why, "raise --max-cost, and run the same command to go on")
            except (ModelUnavailable, TooManyFailures) as error:
                stopped = error  # what was answered has its figures all the same
        name = plan.out.name or str(plan.out)
        scored = score_run(name, folder.run(), models.judge.name if models.judge else None)
        folder.write_scores(scores_object(scored.scores))
    return Result(outcome, scored, tuple(failed), stopped)


def _judge(
    folder: RunFolder, models: Models, failed: list[Unjudged], on_event: OnEvent, on_verdict: OnVerdict
) -> None:
    """Have every answer judged that was not yet; what could not be is added to `failed`.

    Raises what `judge_records` does, and TooManyFailures.
    """
    judge = models.judge
    assert judge is not None
    to_judge = unjudged(folder.run().records, folder.state.judged, judge.name)
    if models.purse is not None and models.writer is None:  # else `run_questions` has
        models.purse.settle(0.0, folder.spent)
    models.pace.listen(lambda seconds, why: on_event(Waiting(seconds, why)))
    bench = JudgeCalls(judge, folder, models.purse)
    found = judge_records(
        to_judge,
        {},
        judge,
        at_once=models.pace.limit if models.writer else AT_ONCE,
        meter_for=bench.meter,
        on_stop=lambda under_way: on_event(Stopping(under_way)),
    )
    failures = 0
    with closing(found):  # whatever is raised, ^C is no longer its business
        for verdict in found:
            if isinstance(verdict, Unjudged):
                failed.append(verdict)
                bench.failed(verdict)
                failures += 1
            else:
                folder.add_verdict(verdict)
                failures = 0
            on_verdict(verdict, len(to_judge))
            if failures == MOST_FAILURES:
                cause = failed[-1].failure.cause
                raise TooManyFailures(
                    f"{failures} answers in a row could not be judged, the last one because: {cause}",
                    "when that is mended, run the same command to go on",
                )


class JudgeCalls:
    """The judge as it is asked about each record: what it has said of it before, it is not asked again."""

    def __init__(self, judge: LLM, folder: RunFolder, purse: Budget | None) -> None:
        self._judge = judge
        self._folder = folder
        self._purse = purse
        self._accounts: dict[str, tuple[tuple[str, int], ReplayBudget]] = {}

    def meter(self, record: Record) -> MeteredLLM:
        """The judge for one record."""
        place = (judgement_key(record, self._judge.name), record.repeat)

        def keep(number: int, done: Completion) -> None:
            self._folder.add_call(call_made(place, 0, number, done, self._judge))

        recorder = ReplayingLLM(self._judge, self._folder.calls(*place, 0), keep)
        if self._purse is None:
            return MeteredLLM(recorder)
        account = ReplayBudget(self._purse, recorder)
        self._accounts[place[0]] = (place, account)
        return MeteredLLM(recorder, purse=account)

    def failed(self, verdict: Unjudged) -> None:
        """Keep what may have been paid for nothing: it counts when the run goes on."""
        if found := self._accounts.get(verdict.key):
            place, account = found
            if account.lost:
                self._folder.add_call(calls_lost(place, account.lost, self._judge))
