"""Judges the answers of a run with a model, concurrently, saving each verdict as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import ModelError, ModelUnavailable
from qa.evaluation.judging.judge_records import Unjudged, failure_of, judge_record, judgement_key
from qa.evaluation.running.batch import Again, Attempted, GiveUp, run_batch
from qa.evaluation.running.events import Judged, OnEvent
from qa.evaluation.running.replay import ReplayBudget, ReplayingLLM, call_made, calls_lost
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.types import Record, Verdict
from qa.models.base import LLM, Completion
from qa.models.metering import MeteredLLM, SpendingLimit

_GIVE_UP = GiveUp(
    "answers in a row could not be judged", "when that is mended, run the same command to go on"
)


@dataclass(frozen=True, slots=True)
class Judge:
    """The model that judges, what it may spend, if that is limited, and where its verdicts are kept."""

    llm: LLM
    budget: SpendingLimit | None
    folder: RunFolder

    def verdict(self, record: Record, again: Again) -> tuple[Verdict | Unjudged, ModelError | None, float]:
        """The verdict on a record, which is kept, or the error for which there is none; see `Attempted`.

        Raises ModelUnavailable, CostLimit, SettingsError (a limit that cannot be kept), StorageError, and the
        errors with which it is asked for `again`.
        """
        call_id = (judgement_key(record, self.llm.name), record.repeat)

        def keep(number: int, done: Completion) -> None:
            self.folder.add_call(call_made(call_id, 0, number, done, self.llm))

        replaying = ReplayingLLM(self.llm, self.folder.calls(*call_id, 0), keep, again=again)
        account = ReplayBudget(self.budget, replaying) if self.budget else None
        meter = MeteredLLM(replaying, budget=account)
        try:
            verdict = judge_record(record, meter)
        except ModelError as error:
            if account and account.lost:  # it counts when the run goes on
                self.folder.add_call(calls_lost(call_id, account.lost, self.llm))
            if isinstance(error, (ModelUnavailable, *again)):
                raise
            return Unjudged(call_id[0], failure_of(error), meter.usage), error, replaying.slowest
        self.folder.add_verdict(verdict)
        return verdict, None, replaying.slowest


def judge_answers(records: Sequence[Record], judge: Judge, throttle: Throttle, *, on_event: OnEvent) -> None:
    """Have the answers of `records` judged, as many at once as `throttle` allows, and tell of each.

    What fails for one record is told as `Unjudged`; a judge that is too busy for it, or too slow, is first
    asked again later, a few times. Raises what `run_batch` does, ModelUnavailable, SettingsError and
    StorageError.
    """

    def ask(record: Record, again: Again) -> Attempted:
        verdict, error, seconds = judge.verdict(record, again)
        return Attempted(Judged(verdict, len(records)), error, seconds)

    run_batch(records, ask, throttle, give_up=_GIVE_UP, on_event=on_event)
