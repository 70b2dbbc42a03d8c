"""A server that answers one request at a time: every question is answered, and none again after that."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.errors import TooSlow
from index.remote.retry import RetryPolicy
from qa.answering.generative.generate import AnswerModel
from qa.answering.shared_reader import SharedIndexReader
from qa.evaluation.running import batch
from qa.evaluation.running.attempt import AskOptions
from qa.evaluation.running.events import Event, Waiting
from qa.evaluation.running.judge_answers import Judge, judge_answers
from qa.evaluation.running.runner import RunOutcome, run_questions
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.types import Question, Verdict
from qa.models.base import Completion, Message
from qa.models.metering import Budget
from qa.models.selection import open_model
from tests.support.fake_judge import YES, FakeJudge
from tests.support.fake_server import Exchange, FakeServer, answer
from tests.support.records import question, record
from tests.support.run_folders import ALL, HEADER, Model, cited_answer, header, number_in, questions

QUEUE = 2  # requests that are answered in time


class OneSlot:
    """Raises TooSlow while more may be asked at once than its queue answers in time."""

    def __init__(self, throttle: Throttle) -> None:
        self.asked: Counter[int] = Counter()
        self.answered: Counter[int] = Counter()
        self.again: list[int] = []  # that were asked after their answer
        self._throttle = throttle

    def __call__(self, prompt: str) -> str:
        number = number_in(prompt)
        self.asked[number] += 1
        if self.answered[number]:
            self.again.append(number)
        if self._throttle.limit > QUEUE:
            raise TooSlow("no answer in time", "allow more time", option="timeout")
        self.answered[number] += 1
        return cited_answer(prompt)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was too slow is asked again at once."""
    monkeypatch.setattr(batch, "PAUSE", 0.001)


def run(
    asked: tuple[Question, ...],
    folder: Path,
    shared: SharedIndexReader,
    model: AnswerModel,
    throttle: Throttle,
) -> tuple[RunOutcome, list[Event]]:
    events: list[Event] = []
    options = AskOptions(5, ALL, model)
    with RunFolder(folder, header(asked, shared, options)) as opened:
        outcome = run_questions(
            asked,
            opened.header.asked.record_ids,
            folder=opened,
            reader=shared,
            options=options,
            throttle=throttle,
            on_event=events.append,
        )
    return outcome, events


def test_what_timed_out_in_the_queue_is_asked_again(shared: SharedIndexReader, tmp_path: Path) -> None:
    """Eight at once, though the server has one slot: fewer and fewer, and no question fails."""
    throttle = Throttle(8)
    slot = OneSlot(throttle)
    outcome, events = run(questions(60), tmp_path, shared, AnswerModel(Model(slot)), throttle)
    assert (outcome.done, outcome.failed) == (60, 0)
    assert slot.answered == dict.fromkeys(range(60), 1)
    assert slot.again == []
    assert slot.asked.total() < 60 + 30
    waits = [event.why for event in events if isinstance(event, Waiting)]
    assert waits
    assert all(re.search("asking [1-7] at a time", why) for why in waits)
    assert throttle.limit < 8


def test_a_careful_run_hardly_asks_in_vain(tmp_path: Path, shared: SharedIndexReader) -> None:
    """A server over the network, whose queue for eight is longer than the time-out."""
    slot = threading.Lock()
    asked: Counter[str] = Counter()

    def reply(exchange: Exchange) -> None:
        asked[json.dumps(exchange.request_seen.body["messages"])] += 1
        with slot:
            exchange.wait(0.28)
            answer("Yes [s1].")(exchange)

    with FakeServer(always=reply) as server:
        llm = open_model("m", environ={"OPENAI_BASE_URL": server.url}, policy=RetryPolicy(seconds=2))
        assert llm is not None
        throttle = Throttle(8, timeout=2, careful=True)
        outcome, _ = run(questions(9), tmp_path, shared, AnswerModel(llm), throttle)
    assert (outcome.done, outcome.failed) == (9, 0)
    assert asked.total() <= 9 + 4


def test_what_is_too_slow_by_itself_fails_once(shared: SharedIndexReader, tmp_path: Path) -> None:
    """Asked alone, it is not asked again; among others, it is asked until it was alone."""
    tries: Counter[int] = Counter()

    def respond(prompt: str) -> str:
        tries[number_in(prompt)] += 1
        if number_in(prompt) == 5:
            raise TooSlow("too slow")
        return cited_answer(prompt)

    outcome, _ = run(questions(12), tmp_path / "a", shared, AnswerModel(Model(respond)), Throttle(1))
    assert (outcome.done, outcome.failed, tries[5]) == (12, 1, 1)
    outcome, _ = run(questions(12), tmp_path / "b", shared, AnswerModel(Model(respond)), Throttle(4))
    assert (outcome.done, outcome.failed) == (12, 1)
    assert 1 < tries[5] <= 1 + batch.SLOW_TRIES


def test_what_a_time_out_may_have_cost_is_counted(shared: SharedIndexReader, tmp_path: Path) -> None:
    """In the record of the answer that came later, as in the budget."""
    throttle, budget = Throttle(8), Budget(5)
    slot = OneSlot(throttle)
    model = AnswerModel(Model(slot, official=True), budget=budget)
    outcome, _ = run(questions(8), tmp_path, shared, model, throttle)
    assert (outcome.failed, slot.asked.total() > 8) == (0, True)
    with RunFolder(tmp_path, header(questions(8), shared, AskOptions(5, ALL, model))) as folder:
        assert folder.spent == pytest.approx(budget.spent)


class SlowBesides(FakeJudge):
    """A judge that is too slow while more may ask at once than its queue answers in time."""

    def __init__(self, throttle: Throttle) -> None:
        super().__init__({"": YES})
        self.late = 0
        self._throttle = throttle

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        if self._throttle.limit > QUEUE:
            self.late += 1
            raise TooSlow("no verdict in time")
        return super().complete(messages, max_tokens=max_tokens, stop=stop)


def test_so_it_is_with_a_judge(tmp_path: Path) -> None:
    """It shares the throttle, and no answer is left without a verdict."""
    asked = question(answers=("in 1628",), text="When?")
    throttle = Throttle(8)
    judge = SlowBesides(throttle)
    events: list[Event] = []
    with RunFolder(tmp_path / "run", HEADER) as folder:
        some = [record(number, question=asked) for number in range(1, 25)]
        judge_answers(some, Judge(judge, None, folder), throttle, on_event=events.append)
        assert len(folder.run().verdicts) == 24
        assert all(isinstance(verdict, Verdict) for verdict in folder.run().verdicts)
    assert judge.late > 0
