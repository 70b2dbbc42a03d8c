"""A run's answers before a judge: one that is busy is asked again later, and what it has said is kept."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.remote.retry import RetryPolicy
from qa.errors import CostLimit, KeyRefused, ModelError, QaError, ServerBusy, TooManyFailures
from qa.evaluation.judging.judge_records import Unjudged, judgement_key
from qa.evaluation.running import batch
from qa.evaluation.running.batch import TRIES
from qa.evaluation.running.events import Event, Judged, Stopping, Waiting
from qa.evaluation.running.judge_answers import Judge, judge_answers
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.runs.state import load_run
from qa.evaluation.types import Record, Verdict
from qa.models.base import LLM, Tokens
from qa.models.metering import Budget
from qa.models.selection import open_model
from qa.types import Usage
from tests.support.fake_judge import YES, FakeJudge
from tests.support.fake_server import CANARY, Exchange, FakeServer, answer, status
from tests.support.records import question, record, record_citing
from tests.support.run_folders import HEADER
from tests.support.timeouts import PATIENCE

ASKED = question(answers=("in 1628",), text="When?")


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the judge was too busy for is tried again at once."""
    monkeypatch.setattr(batch, "PAUSE", 0.001)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[RunFolder]:
    """A run folder that is open."""
    with RunFolder(tmp_path / "run", HEADER) as opened:
        yield opened


def records(count: int) -> list[Record]:
    """So many records that each want one call of a judge."""
    return [record(number, question=ASKED) for number in range(1, count + 1)]


def judged(
    some: Sequence[Record],
    llm: LLM,
    folder: RunFolder,
    *,
    budget: Budget | None = None,
    throttle: Throttle | None = None,
) -> tuple[list[Event], QaError | None]:
    """What is told while these are judged, four at a time, and the error that ended it."""
    events: list[Event] = []
    try:
        judge_answers(some, Judge(llm, budget, folder), throttle or Throttle(4), on_event=events.append)
    except QaError as error:
        return events, error
    return events, None


def verdicts(events: Sequence[Event]) -> list[Verdict | Unjudged]:
    """What was told of records."""
    return [event.verdict for event in events if isinstance(event, Judged)]


def test_what_fails_for_one_record_is_its_own(folder: RunFolder) -> None:
    """After a few tries it is told, with what was spent on it, and is no verdict; the others have theirs."""
    good = replace(record_citing("a", asked=ASKED), key="k0")
    bad = replace(record_citing("b", asked=ASKED), key="k1")
    llm = FakeJudge({"a": YES}, errors={"cited: b": ServerBusy("busy", "later")})
    events, error = judged([good, bad], llm, folder)
    assert error is None
    by_key = {verdict.key: verdict for verdict in verdicts(events)}
    assert isinstance(by_key[judgement_key(good, llm.name)], Verdict)
    unjudged = by_key[judgement_key(bad, llm.name)]
    assert isinstance(unjudged, Unjudged)
    failure = unjudged.failure
    assert (failure.kind, failure.cause, failure.hint) == ("ServerBusy", "busy", "later")
    assert unjudged.usage == Usage(100, 10, None)  # of the request about correctness
    assert len(llm.cases) == 2  # which was made once a record
    assert sum(isinstance(event, Waiting) for event in events) == TRIES - 1
    assert folder.run().verdicts == (by_key[judgement_key(good, llm.name)],)


def test_a_refused_key_stops_everything(folder: RunFolder) -> None:
    """The next record would fail the same way."""
    llm = FakeJudge(errors={"When?": KeyRefused("refused")})
    events, error = judged(records(49), llm, folder)
    assert isinstance(error, KeyRefused)
    assert verdicts(events) == []


def test_the_limit_ends_judging_and_what_was_judged_stays(folder: RunFolder) -> None:
    """No more is spent than may be."""
    budget = Budget(0.05)
    llm = FakeJudge(name="gpt-5-mini", official=True, tokens=Tokens(1000, 4000))
    events, error = judged(records(49), llm, folder, budget=budget)
    assert isinstance(error, CostLimit)
    assert 0 < len(verdicts(events)) < 49
    assert sum(one.usage.cost_usd or 0 for one in verdicts(events)) == pytest.approx(budget.spent)
    assert budget.spent <= 0.05
    assert budget.put_aside == pytest.approx(0)


def test_what_others_put_aside_does_not_end_judging(folder: RunFolder) -> None:
    """A call may cost $0.017 and costs $0.008: two at once do not fit into $0.026, one after the other do."""
    llm = FakeJudge(name="gpt-5-mini", official=True, tokens=Tokens(1000, 4000), seconds=0.05)
    events, error = judged(records(8), llm, folder, budget=Budget(0.026), throttle=Throttle(2))
    assert isinstance(error, CostLimit)
    assert len(verdicts(events)) == 2


def test_a_judge_that_never_answers_is_left_alone(folder: RunFolder) -> None:
    """After ten records in a row, each of which it was asked about a few times."""
    llm = FakeJudge(errors={"When?": ServerBusy("busy")})
    events, error = judged(records(40), llm, folder, throttle=Throttle(2))
    assert isinstance(error, TooManyFailures)
    assert "10 answers in a row could not be judged, the last one because: busy" in error.cause
    assert 10 <= len(verdicts(events)) <= 11


def connected(
    server: FakeServer,
    throttle: Throttle,
    *,
    seconds: float = PATIENCE,
    on_wait: Callable[[], None] = lambda: None,
) -> LLM:
    """The judge behind a server; `on_wait` is called after each wait that the throttle was told of."""

    def wait(error: ModelError, pause: float) -> None:
        throttle.waiting(error, pause)
        on_wait()

    environ = {"OPENAI_API_KEY": CANARY, "OPENAI_BASE_URL": server.url}
    llm = open_model("judge-1", environ=environ, policy=RetryPolicy(seconds, pause=0.01, on_wait=wait))
    assert llm is not None
    return llm


def test_a_judge_that_is_full_for_a_while_costs_no_verdict(folder: RunFolder) -> None:
    """It answers 429 until it has been left alone for a moment: all are slowed down, and all are judged."""
    throttle = Throttle(4)
    limits: list[int] = []
    refusals = 3 * TRIES - 2  # more than three requests for some record; fewer than all tries of one
    full, right = status(429), answer("reason: so\nVERDICT: CORRECT")
    with FakeServer(*[full] * refusals, always=right) as server:
        llm = connected(server, throttle, on_wait=lambda: limits.append(throttle.limit))
        events, error = judged(records(12), llm, folder, throttle=throttle)
        asked = len(server.requests)
    assert error is None
    assert [verdict.correctness for verdict in folder.run().verdicts] == ["correct"] * 12
    assert not any(isinstance(verdict, Unjudged) for verdict in verdicts(events))
    assert asked == refusals + 12
    waits = [event for event in events if isinstance(event, Waiting)]
    assert waits
    assert "429" in waits[0].why
    assert min(limits) < 4


def test_a_wait_that_the_judge_asks_for_is_waited_for_by_all(folder: RunFolder) -> None:
    """Even one longer than a call may take."""
    throttle = Throttle(8)
    began: list[float] = []

    def note(exchange: Exchange) -> None:
        began.append(time.monotonic())
        answer("VERDICT: WRONG")(exchange)

    start = time.monotonic()
    with FakeServer(status(429, **{"Retry-After": "1.2"}), always=note) as server:
        llm = connected(server, throttle, seconds=1)
        events, error = judged(records(1), llm, folder, throttle=throttle)
    assert error is None
    assert began[0] - start >= 1.2
    assert [event.seconds for event in events if isinstance(event, Waiting)] == [1.2]
    assert throttle.limit == 4
    assert len(folder.run().verdicts) == 1


def test_an_interrupt_keeps_what_the_judge_is_at(tmp_path: Path) -> None:
    """It is paid for; nothing else is begun, and the next command judges the rest."""
    going = threading.Event()
    asked: list[float] = []

    def slow(exchange: Exchange) -> None:
        asked.append(time.monotonic())
        if len(asked) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        going.wait(PATIENCE)
        answer("VERDICT: CORRECT")(exchange)

    events: list[Event] = []

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, Stopping):
            going.set()

    throttle = Throttle(3)
    with FakeServer(always=slow) as server, RunFolder(tmp_path / "run", HEADER) as folder:
        judge = Judge(connected(server, throttle), None, folder)
        with pytest.raises(KeyboardInterrupt):
            judge_answers(records(20), judge, throttle, on_event=listen)
    assert Stopping(3) in events
    assert len(asked) == 3
    assert [verdict.correctness for verdict in load_run(tmp_path / "run").verdicts] == ["correct"] * 3
    lines = (tmp_path / "run" / "judgements.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["judge"] == "judge-1" for line in lines)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_record_that_is_judged_again_costs_what_it_costs_once(folder: RunFolder) -> None:
    """Of two calls the second was refused twice: the first is neither made nor paid for again."""
    refusals = [ServerBusy("busy")] * 2
    paid = FakeJudge({"a": YES}, name="gpt-4.1-mini", official=True, tokens=Tokens(1000, 100))
    plain = paid._answer

    def respond(prompt: str) -> str:
        if "# The case to judge" not in prompt and refusals:
            raise refusals.pop()
        return plain(prompt)

    paid._answer = respond  # type: ignore[method-assign]  # the fake's own
    budget = Budget(1)
    events, error = judged([record_citing("a", asked=ASKED)], paid, folder, budget=budget)
    assert error is None
    (verdict,) = verdicts(events)
    assert isinstance(verdict, Verdict)
    each = 1000 * 0.4e-6 + 100 * 1.6e-6  # gpt-4.1-mini: 0.40 and 1.60 dollars per million
    assert verdict.usage.cost_usd == pytest.approx(2 * each)
    assert budget.spent == pytest.approx(2 * each)
    assert len(paid.cases) == 1
