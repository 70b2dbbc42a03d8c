"""Asking, judging and scoring as one: what judges have said is paid for once, and estimates count them."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import ModelError, RequestRefused, SettingsError, TooSlow
from qa.answering.generative.generate import AnswerModel
from qa.answering.shared_reader import SharedIndexReader
from qa.errors import TooManyFailures
from qa.evaluation.evaluate import Models, Plan, Result, SelectedQuestions, evaluate, expected
from qa.evaluation.running.attempt import AskOptions
from qa.evaluation.running.events import Estimated, Event, Stopping, Waiting
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.runs import state
from qa.evaluation.runs.journal import JournalLine, lines
from qa.evaluation.runs.state import load_run
from qa.evaluation.types import Question
from qa.models.metering import Budget
from tests.support.run_folders import ALL, WORDS, Model, Respond, cited_answer
from tests.support.timeouts import FOREVER

EACH = 1000 * 0.4e-6 + 100 * 1.6e-6  # of a call: gpt-4.1-mini, 0.40 and 1.60 dollars per million


def asked(count: int) -> tuple[Question, ...]:
    """Questions with reference answers, so that each wants two calls of a judge."""
    return tuple(
        Question(f"q{n}", f"Question number {n}: what of the {WORDS[n % 8]}?", (f"number {n}",), True)
        for n in range(count)
    )


def verdict(prompt: str) -> str:
    """A judge that finds everything right."""
    return "1: yes" if "<pair" in prompt else "verdict: CORRECT"


def plan(
    out: Path, judge: Model | None, *, count: int = 4, budget: Budget | None = None, **more: object
) -> Plan:
    """A run of so many questions, whose file stands beside its folder."""
    path = out.parent / "set.jsonl"
    path.write_text("", encoding="utf-8")
    writer = AnswerModel(Model(cited_answer, official=True), budget=budget)
    models = Models(writer, judge, budget, Throttle(4))
    return Plan(SelectedQuestions(path, asked(count)), out, AskOptions(5, ALL, writer), models, **more)  # type: ignore[arg-type]  # fields by name


def done(what: Plan, shared: SharedIndexReader, events: list[Event] | None = None) -> Result:
    """The run, without showing anything."""
    return evaluate(what, shared, on_event=(events if events is not None else []).append)


def judge_of(respond: Respond) -> Model:
    return Model(respond, official=True)


def test_verdicts_are_paid_for_once(shared: SharedIndexReader, tmp_path: Path) -> None:
    """A run that goes on begins with what it had cost: four answers, and two calls to judge each."""
    first, second = Budget(1), Budget(1)
    done(plan(tmp_path / "run", judge_of(verdict), budget=first), shared)
    assert first.spent == pytest.approx(12 * EACH)
    done(plan(tmp_path / "run", judge_of(verdict), budget=second), shared)
    assert second.spent == pytest.approx(12 * EACH)


def test_what_a_judge_has_said_is_not_asked_again(shared: SharedIndexReader, tmp_path: Path) -> None:
    """The second of its calls fails: the first is neither made again nor counted twice."""
    broken = [True]

    def respond(prompt: str) -> str:
        if broken and "<pair" in prompt:
            raise RequestRefused("no")
        return verdict(prompt)

    judge = judge_of(respond)
    result = done(plan(tmp_path / "run", judge), shared)
    assert (len(result.unjudged), len(judge.prompts)) == (4, 8)
    assert (tmp_path / "run" / "calls.jsonl").exists()
    broken.clear()
    budget = Budget(1)
    result = done(plan(tmp_path / "run", judge, budget=budget), shared)
    assert (len(result.unjudged), len(judge.prompts)) == (0, 12)
    assert budget.spent == pytest.approx(12 * EACH)
    assert not (tmp_path / "run" / "calls.jsonl").exists()
    usage = [verdict.usage.cost_usd for verdict in load_run(tmp_path / "run").verdicts]
    assert usage == [pytest.approx(2 * EACH)] * 4


def test_what_a_judge_that_hung_up_may_have_cost_is_not_forgotten(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """It goes on writing when nobody listens any more: the next command counts it as this one did."""
    broken = [True]

    def respond(prompt: str) -> str:
        if broken and "<pair" in prompt:
            raise TooSlow("too slow")
        return verdict(prompt)

    judge = judge_of(respond)
    first, second = Budget(1), Budget(1)
    assert len(done(plan(tmp_path / "run", judge, count=1, budget=first), shared).unjudged) == 1
    assert first.spent > 0.01
    broken.clear()
    result = done(plan(tmp_path / "run", judge, count=1, budget=second), shared)
    assert result.unjudged == ()
    assert second.spent == pytest.approx(first.spent + EACH)


def test_a_judge_that_always_fails_is_left_alone(shared: SharedIndexReader, tmp_path: Path) -> None:
    """After three in a row, if it judged none; answers are scored, the next command judges the rest."""

    def respond(prompt: str) -> str:
        raise TooSlow("too slow")

    judge = judge_of(respond)
    result = done(plan(tmp_path / "run", judge, count=40), shared)
    assert isinstance(result.stopped, TooManyFailures)
    assert "3 answers in a row could not be judged" in result.stopped.cause
    assert len(judge.prompts) < 10 + 8
    assert len(result.scored.run.records) == 40
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler  # though the error is still there


def test_another_judge_and_answers_that_came_later(shared: SharedIndexReader, tmp_path: Path) -> None:
    """A judge may join a finished run, and another one after it; each sees every answer once."""
    out = tmp_path / "run"
    done(plan(out, None), shared)
    first, second = judge_of(verdict), judge_of(lambda prompt: verdict(prompt).replace("CORRECT", "WRONG"))
    second.name = "gpt-5-mini"
    assert done(plan(out, first), shared).scored.scores.counts.judged == 4
    result = done(plan(out, second), shared)
    assert {verdict.correctness for verdict in result.scored.verdicts.values()} == {"wrong"}
    again = done(plan(out, first), shared)
    assert {verdict.correctness for verdict in again.scored.verdicts.values()} == {"correct"}
    assert (len(first.prompts), len(second.prompts)) == (8, 8)


def test_an_answer_that_was_retried_is_judged_anew(shared: SharedIndexReader, tmp_path: Path) -> None:
    """And has no verdict of before, when it had failed; the others keep theirs."""
    out = tmp_path / "run"
    judge, broken = judge_of(verdict), [True]
    failing = plan(out, judge)
    assert failing.options.model is not None

    def respond(prompt: str) -> str:
        if broken and "Question number 2" in prompt:
            raise RequestRefused("no")
        return cited_answer(prompt)

    failing.options.model.llm._respond = respond  # type: ignore[attr-defined]  # the fake's own
    assert done(failing, shared).scored.scores.counts.judged == 3
    assert expected(plan(out, judge), shared).questions == 0
    assert expected(plan(out, judge, retry_errors=True), shared).questions == 1
    broken.clear()
    result = done(plan(out, judge, retry_errors=True), shared)
    assert result.scored.scores.counts.judged == 4
    assert len(judge.prompts) == 8


def test_an_estimate_counts_the_answers_to_judge(shared: SharedIndexReader, tmp_path: Path) -> None:
    """Of a finished run to which a judge is added, nothing is asked and all is judged."""
    out = tmp_path / "run"
    judge = judge_of(verdict)
    before = expected(plan(out, judge), shared)
    done(plan(out, None), shared)
    after = expected(plan(out, judge), shared)
    assert (before.questions, after.questions) == (4, 0)
    assert after.judging == before.judging
    assert after.judging is not None
    assert after.judging.high > 0
    done(plan(out, judge), shared)
    done_with = expected(plan(out, judge), shared)
    assert done_with.judging is not None
    assert done_with.judging.high == 0


def test_a_run_folder_is_read_once(
    shared: SharedIndexReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the estimate, asking, judging and scoring go by is one reading of its files."""
    out = tmp_path / "run"
    done(plan(out, None, count=2), shared)
    read: list[str] = []

    def noted(path: Path) -> Iterator[JournalLine]:
        read.append(path.name)
        return lines(path)

    monkeypatch.setattr(state, "lines", noted)
    events: list[Event] = []
    result = done(plan(out, judge_of(verdict), budget=Budget(1), estimate=True), shared, events)
    assert sorted(read) == ["calls.jsonl", "judgements.jsonl", "records.jsonl"]
    assert isinstance(events[0], Estimated)
    assert events[0].expected.questions == 2
    again = load_run(out)
    assert result.scored.run.records == again.records
    assert set(result.scored.run.verdicts) == set(again.verdicts)  # they are kept as they come
    assert len(result.scored.verdicts) == 4


def test_a_judge_without_a_price_is_found_before_anything_is_paid(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """With a limit, that is."""
    what = plan(tmp_path / "run", Model(verdict, name="judge-1"), budget=Budget(1))
    with pytest.raises(SettingsError, match="no price is known for judge-1"):
        done(what, shared)
    assert what.options.model is not None
    assert what.options.model.llm.prompts == []  # type: ignore[attr-defined]  # the fake's own


def test_a_judge_that_is_busy_is_told_of(shared: SharedIndexReader, tmp_path: Path) -> None:
    """Whoever watches learns why nothing happens."""
    events: list[Event] = []
    what = plan(tmp_path / "run", None)
    throttle = what.models.throttle

    def respond(prompt: str) -> str:
        busy = ModelError("the server is busy (429)")
        throttle.waiting(busy, 30)
        return verdict(prompt)

    done(plan(tmp_path / "run", None), shared)
    models = Models(what.models.answerer, judge_of(respond), None, throttle)
    done(Plan(what.chosen, what.out, what.options, models), shared, events)
    assert Waiting(30, "the server is busy (429)") in events


def test_an_interrupt_while_judging_keeps_what_is_under_way(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """It is paid for; nothing else is begun."""
    going = threading.Event()
    judge = judge_of(lambda prompt: (going.wait(FOREVER) and verdict(prompt)) or "")
    events: list[Event] = []
    what = plan(tmp_path / "run", judge, count=12)

    def press() -> None:
        while len(judge.prompts) < 4:
            time.sleep(0.005)
        os.kill(os.getpid(), signal.SIGINT)

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, Stopping):
            going.set()

    threading.Thread(target=press).start()
    with pytest.raises(KeyboardInterrupt):
        evaluate(what, shared, on_event=listen)
    assert Stopping(4) in events
    assert len(load_run(tmp_path / "run").verdicts) == 4
    assert len(judge.prompts) == 8
    lines = (tmp_path / "run" / "judgements.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["correctness"] == "correct" for line in lines)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
