"""A run: every question gets its record once, whatever goes wrong, and nothing is paid for twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.embedding.embedder import load_embedder
from index.errors import (
    ContextTooLong,
    IndexMismatch,
    KeyRefused,
    ModelDeclined,
    QaError,
    QuotaSpent,
    ServerBusy,
    SettingsError,
    StorageError,
    TooSlow,
    UnusableIndex,
    UsageError,
)
from index.remote.retry import RetryPolicy
from index.search.filters import Filters
from index.sync.sync import sync
from index.types import Page, Source, Span
from qa.answering.answer import answer as plain_answer
from qa.answering.generative.generate import AnswerModel
from qa.answering.index_reader import IndexReader
from qa.answering.retrieval import Retrieval
from qa.answering.shared_reader import SharedIndexReader
from qa.errors import CostLimit, TooManyFailures
from qa.evaluation.running import batch
from qa.evaluation.running.attempt import AskOptions, pages_of
from qa.evaluation.running.batch import TRIES
from qa.evaluation.running.events import Event, RecordFinished, Started, Stopping, Waiting
from qa.evaluation.running.runner import run_questions
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.runs.state import Run, load_run
from qa.evaluation.types import Gold, Question, Record
from qa.models.base import Tokens
from qa.models.metering import Budget
from qa.models.selection import open_model
from qa.output.answers.as_json import answer_object
from qa.types import Answer
from tests.support.cli import update_index, write_documents
from tests.support.fake_server import CANARY, Exchange, FakeServer, answer, status
from tests.support.run_folders import ALL, Model, cited_answer, header, number_in, questions, run
from tests.support.timeouts import FOREVER, PATIENCE

TWELVE = questions(12)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Threads of a run end with it."""
    yield
    until = time.monotonic() + PATIENCE
    while left := [one.name for one in threading.enumerate() if one.name.startswith("qa-worker")]:
        assert time.monotonic() < until, left
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question for which the server was too busy is tried again at once."""
    monkeypatch.setattr(batch, "PAUSE", 0.001)


def comparable(answered: Answer | None) -> dict[str, object]:
    """An answer without what differs each time, and without its passages."""
    assert answered is not None
    return {**answer_object(replace(answered, passages=())), "seconds": None}


def by_id(run: Run) -> dict[str, Record]:
    return {record.question.id: record for record in run.records}


def test_without_a_model_the_answers_are_those_of_qa_ask(
    library: Path, shared: SharedIndexReader, tmp_path: Path
) -> None:
    """Word for word; every passage is where search found it."""
    events: list[Event] = []
    outcome, finished = run(TWELVE, tmp_path, shared, on_event=events.append)
    assert (outcome.total, outcome.done, outcome.failed, outcome.stopped) == (12, 12, 0, None)
    assert events[0] == Started(12, 0)
    assert [one.record.key for one in events[1:] if isinstance(one, RecordFinished)] == [
        r.key for r in finished.records
    ]
    alone = IndexReader(library / ".qa")
    for question, record in zip(TWELVE, finished.records, strict=True):
        asked = plain_answer(question.text, alone.find(question.text, k=5, filters=ALL))
        assert comparable(record.answer) == comparable(asked)
        assert record.answer is not None
        assert record.answer.seconds.search > 0
        assert record.question == question
        assert [(one.rank, one.place.source, one.place.span) for one in record.passages] == [
            (one.rank, one.source.name, one.chunk.span) for one in asked.passages
        ]
        assert [context.number for context in record.contexts] == [one.number for one in asked.citations]
    alone.close()


def test_with_a_model_too(library: Path, shared: SharedIndexReader, tmp_path: Path) -> None:
    """Eight at a time, in whatever order; the raw completions are kept."""
    model = Model(cited_answer)
    _, finished = run(TWELVE, tmp_path, shared, AnswerModel(model))
    assert len(model.prompts) == 12
    assert [record.question.id for record in finished.records] == [one.id for one in TWELVE]
    alone = IndexReader(library / ".qa")
    for question, record in zip(TWELVE, finished.records, strict=True):
        writer = AnswerModel(Model(cited_answer))
        retrieval = alone.find(question.text, k=5, filters=ALL, budget=writer.prompt_tokens)
        asked = plain_answer(question.text, retrieval, model=writer)
        assert comparable(record.answer) == comparable(asked)
        assert record.completions == (cited_answer(question.text),)
    alone.close()
    assert not (tmp_path / "calls.jsonl").exists()


def test_a_record_shows_gold_context_and_pages(
    library: Path, shared: SharedIndexReader, tmp_path: Path
) -> None:
    """Gold as the index has it; what stands around a citation is the source's text there."""
    text = (library / "docs" / "deep" / "boats.md").read_text(encoding="utf-8")
    start = text.index("The Vasa")
    gold = Gold("boats.md", Span(start, len(text.rstrip())))
    asked = Question("a", "Why was the Vasa lost in 1628?", evidence=(gold,), answerable=True, place="q:1")
    _, finished = run((asked,), tmp_path, shared)
    (record,) = finished.records
    assert record.question.place == ""
    assert [(one.source, one.text) for one in record.gold] == [("deep/boats.md", text[start:].rstrip())]
    assert record.answer is not None
    (context,) = record.contexts
    span = record.answer.citations[0].span
    assert context.before == text[: span.start]
    assert context.after == text[span.end :]
    assert context.pages == ()


def test_the_same_command_goes_on(shared: SharedIndexReader, tmp_path: Path) -> None:
    """What is there is not asked again; new questions and new repeats are."""
    model = Model(cited_answer)
    run(TWELVE[:5], tmp_path, shared, AnswerModel(model))
    events: list[Event] = []
    outcome, finished = run(TWELVE, tmp_path, shared, AnswerModel(model), repeat=2, on_event=events.append)
    assert events[0] == Started(24, 5)
    assert (outcome.total, outcome.done) == (24, 24)
    assert Counter(map(number_in, model.prompts)) == dict.fromkeys(range(12), 2)
    assert [record.repeat for record in finished.records] == [1] * 12 + [2] * 12
    run(TWELVE, tmp_path, shared, AnswerModel(model), repeat=2)
    assert len(model.prompts) == 24


def test_a_failed_call_is_an_error_in_the_record(shared: SharedIndexReader, tmp_path: Path) -> None:
    """Others go on; it is asked again only if wanted, and then its new record counts."""
    failing = {3, 7}

    def respond(prompt: str) -> str:
        if number_in(prompt) in failing:
            raise ModelDeclined("it declined", "ask otherwise")
        return cited_answer(prompt)

    model = Model(respond)
    outcome, finished = run(TWELVE, tmp_path, shared, AnswerModel(model))
    assert (outcome.done, outcome.failed) == (12, 2)
    failure = by_id(finished)["q3"].failure
    assert failure is not None
    assert (failure.kind, failure.cause, failure.hint) == ("ModelDeclined", "it declined", "ask otherwise")
    assert by_id(finished)["q3"].answer is None
    failing.remove(3)
    outcome, _ = run(TWELVE, tmp_path, shared, AnswerModel(model))
    assert (outcome.failed, len(model.prompts)) == (2, 12)
    outcome, finished = run(TWELVE, tmp_path, shared, AnswerModel(model), retry_errors=True)
    assert (outcome.done, outcome.failed, len(model.prompts)) == (12, 1, 14)
    assert by_id(finished)["q3"].answer is not None


@pytest.mark.parametrize("error", [KeyRefused("no"), QuotaSpent("no money")], ids=["key", "quota"])
def test_a_wrong_key_ends_the_run(shared: SharedIndexReader, tmp_path: Path, error: QaError) -> None:
    """With that error; what was finished is kept, and only the rest is asked by the next command."""
    broken = [True]

    def respond(prompt: str) -> str:
        if broken and number_in(prompt) == 5:
            raise error
        return cited_answer(prompt)

    model = Model(respond)
    with pytest.raises(type(error)):
        run(TWELVE, tmp_path, shared, AnswerModel(model), at_once=1)
    assert [record.question.id for record in load_run(tmp_path).records] == ["q0", "q1", "q2", "q3", "q4"]
    broken.clear()
    outcome, _ = run(TWELVE, tmp_path, shared, AnswerModel(model), at_once=1)
    assert (outcome.done, outcome.failed) == (12, 0)
    assert Counter(map(number_in, model.prompts)) == {n: 2 if n == 5 else 1 for n in range(12)}


def test_a_busy_server_is_asked_again_later(shared: SharedIndexReader, tmp_path: Path) -> None:
    """A few times; then the question has failed, and the others have not."""
    asked: Counter[int] = Counter()

    def respond(prompt: str) -> str:
        number = number_in(prompt)
        asked[number] += 1
        if number == 4 or (number == 2 and asked[2] < TRIES):
            raise ServerBusy("busy")
        return cited_answer(prompt)

    _, finished = run(TWELVE, tmp_path, shared, AnswerModel(Model(respond)))
    records = by_id(finished)
    assert records["q2"].answer is not None
    assert records["q4"].failure is not None
    assert asked == {number: TRIES if number in (2, 4) else 1 for number in range(12)}


@pytest.mark.parametrize(
    ("error", "failures", "options"),
    [
        (TooSlow("too slow"), 3, ("concurrency", "timeout", "retry_errors")),
        (ServerBusy("busy"), 10, ("retry_errors",)),
    ],
    ids=["slow", "busy"],
)
def test_a_model_that_always_fails_stops_the_run(
    shared: SharedIndexReader, tmp_path: Path, error: QaError, failures: int, options: tuple[str, ...]
) -> None:
    """After some in a row, few if each took all its time, and says so; they are kept as failures."""

    def respond(prompt: str) -> str:
        raise error

    model = Model(respond)
    why = rf"{failures} questions in a row got no answer, .*: {error.cause}"
    with pytest.raises(TooManyFailures, match=why) as caught:
        run(questions(40), tmp_path, shared, AnswerModel(model), at_once=2)
    assert caught.value.options == options
    assert failures <= len(load_run(tmp_path).records) <= failures + 1
    assert len(model.prompts) <= 13 * TRIES


def test_now_and_then_a_success_keeps_the_run_going(shared: SharedIndexReader, tmp_path: Path) -> None:
    """Nine in a row of ten fail, and the last question is asked as well."""

    def respond(prompt: str) -> str:
        if number_in(prompt) % 10:
            raise TooSlow("too slow")
        return cited_answer(prompt)

    outcome, _ = run(questions(30), tmp_path, shared, AnswerModel(Model(respond)), at_once=1)
    assert (outcome.done, outcome.failed) == (30, 27)


def test_rows_that_cannot_be_asked_stop_nothing(shared: SharedIndexReader, tmp_path: Path) -> None:
    """However many in a row: it is not the model that failed."""
    asked = tuple(replace(one, within="nowhere.txt") for one in TWELVE) + questions(14)[12:]
    outcome, finished = run(asked, tmp_path, shared)
    assert (outcome.done, outcome.failed) == (14, 12)
    failure = finished.records[0].failure
    assert failure is not None
    assert failure.cause == "within: nowhere.txt is not indexed"


def test_the_limit_of_costs_stops_between_two_questions(shared: SharedIndexReader, tmp_path: Path) -> None:
    """Cleanly, and says how far it came; the cost of earlier runs counts, and nothing is asked twice."""
    model = Model(cited_answer, official=True)
    each = 1000 * 0.4e-6 + 100 * 1.6e-6  # gpt-4.1-mini: 0.40 and 1.60 dollars per million
    most = 0.0165  # what is put aside for one call: all the tokens that it may take

    outcome, finished = run(TWELVE, tmp_path, shared, AnswerModel(model, budget=Budget(most + 4.5 * each)))
    assert isinstance(outcome.stopped, CostLimit)
    done = outcome.done
    assert 0 < done < 12
    assert f"stopped at the cost limit with {done} of 12 done" in outcome.stopped.cause
    assert outcome.stopped.options == ("max_cost",)
    assert len(finished.records) == len(model.prompts) == done
    again, _ = run(TWELVE, tmp_path, shared, AnswerModel(model, budget=Budget(most + 4.5 * each)))
    assert again.done == done
    assert again.stopped is not None
    outcome, finished = run(TWELVE, tmp_path, shared, AnswerModel(model, budget=Budget(1)))
    assert (outcome.done, outcome.stopped, len(model.prompts)) == (12, None, 12)


def test_what_others_put_aside_does_not_stop_the_run(shared: SharedIndexReader, tmp_path: Path) -> None:
    """Money for one call at a time is enough for all, one after another."""
    model = Model(cited_answer, official=True)
    outcome, _ = run(TWELVE, tmp_path, shared, AnswerModel(model, budget=Budget(0.0266)), at_once=8)
    assert (outcome.done, outcome.stopped) == (12, None)


def test_a_limit_needs_a_price(shared: SharedIndexReader, tmp_path: Path) -> None:
    """That is found before the first question."""
    model = Model(cited_answer)
    with pytest.raises(SettingsError, match=r"no price is known for gpt-4\.1-mini"):
        run(TWELVE, tmp_path, shared, AnswerModel(model, budget=Budget(1)))
    assert model.prompts == []


def judged(prompt: str) -> str:
    """An answer, or a verdict on it."""
    return cited_answer(prompt) if "Question number" in prompt else "1: yes"


def test_no_money_for_the_judge_leaves_no_half_record(shared: SharedIndexReader, tmp_path: Path) -> None:
    """The answer that was paid for is kept aside, and not paid for again."""
    dear = Tokens(1000, 3000)
    model = Model(judged, official=True, usage=dear)
    asked = TWELVE[:1]
    outcome, finished = run(
        asked, tmp_path / "cut", shared, AnswerModel(model, check="llm", budget=Budget(0.0172))
    )
    assert outcome.stopped is not None
    assert (outcome.done, len(model.prompts), finished.records) == (0, 1, ())
    outcome, finished = run(
        asked, tmp_path / "cut", shared, AnswerModel(model, check="llm", budget=Budget(1))
    )
    assert (outcome.done, len(model.prompts)) == (1, 2)
    _, whole = run(asked, tmp_path / "whole", shared, AnswerModel(model, check="llm", budget=Budget(1)))
    assert comparable(finished.records[0].answer) == comparable(whole.records[0].answer)
    assert finished.records[0].completions == (cited_answer(asked[0].text), "1: yes")


def test_a_judge_that_is_busy_is_asked_again_and_the_answer_is_not(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """A judge without money for it ends the run; the answer's own call was finished, and stays so."""
    refusals: list[QaError] = [ServerBusy("busy"), ServerBusy("busy")]

    def respond(prompt: str) -> str:
        if "Question number" not in prompt and refusals:
            raise refusals.pop()
        return judged(prompt)

    model = Model(respond)
    _, finished = run(TWELVE[:1], tmp_path / "a", shared, AnswerModel(model, check="llm"))
    assert sum("Question number" in prompt for prompt in model.prompts) == 1
    assert finished.records[0].answer is not None
    assert finished.records[0].answer.notes == ()
    refusals.append(QuotaSpent("no money"))
    with pytest.raises(QuotaSpent):
        run(TWELVE[1:2], tmp_path / "b", shared, AnswerModel(model, check="llm"))
    run(TWELVE[1:2], tmp_path / "b", shared, AnswerModel(model, check="llm"))
    assert sum("Question number" in prompt for prompt in model.prompts) == 2


def test_a_prompt_that_was_too_long_is_the_same_when_told_again(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """Calls that failed keep their place: what answered a shorter prompt answers no longer one."""
    longest: list[int] = []
    key = ["wrong"]

    def respond(prompt: str) -> str:
        if "Question number" not in prompt:
            if key:
                raise KeyRefused("no")
            return judged(prompt)
        longest.append(len(prompt))
        if len(prompt) >= longest[0]:
            raise ContextTooLong("too long")
        return cited_answer(prompt)

    writer = AnswerModel(Model(respond), check="llm")
    with pytest.raises(KeyRefused):
        run(TWELVE[:1], tmp_path / "a", shared, writer)
    key.clear()
    _, resumed = run(TWELVE[:1], tmp_path / "a", shared, writer)
    _, whole = run(TWELVE[:1], tmp_path / "b", shared, writer)
    for finished in (whole, resumed):
        assert finished.records[0].answer is not None
        assert any("the model had no room for" in note for note in finished.records[0].answer.notes)
    assert comparable(resumed.records[0].answer) == comparable(whole.records[0].answer)


def test_a_call_that_is_told_again_costs_nothing(shared: SharedIndexReader, tmp_path: Path) -> None:
    """Neither within a run, where a busy judge has the question asked again, nor when one goes on."""
    refusals: list[QaError] = [ServerBusy("busy")] * 3

    def respond(prompt: str) -> str:
        if "Question number" not in prompt and refusals:
            raise refusals.pop()
        return judged(prompt)

    each = 1000 * 0.4e-6 + 100 * 1.6e-6
    budget = Budget(1)
    run(
        TWELVE[:1],
        tmp_path / "a",
        shared,
        AnswerModel(Model(respond, official=True), check="llm", budget=budget),
    )
    assert budget.spent == pytest.approx(2 * each)

    refusals.append(QuotaSpent("no money"))
    with pytest.raises(QuotaSpent):
        run(TWELVE[:1], tmp_path / "b", shared, AnswerModel(Model(respond, official=True), check="llm"))
    budget = Budget(1)
    _, finished = run(
        TWELVE[:1],
        tmp_path / "b",
        shared,
        AnswerModel(Model(respond, official=True), check="llm", budget=budget),
    )
    assert budget.spent == pytest.approx(2 * each)
    assert finished.records[0].spent == pytest.approx(2 * each)


def test_what_a_failed_question_may_have_cost_is_not_forgotten(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """A server that is hung up on goes on writing: the next command counts it as this one did."""

    def respond(prompt: str) -> str:
        if number_in(prompt) == 1:
            raise TooSlow("too slow")
        return cited_answer(prompt)

    first, second = Budget(1), Budget(1)
    run(TWELVE[:3], tmp_path, shared, AnswerModel(Model(respond, official=True), budget=first))
    assert first.spent > 0.015  # the most that the slow one may have cost, and two others
    run(TWELVE[:3], tmp_path, shared, AnswerModel(Model(respond, official=True), budget=second))
    assert second.spent == pytest.approx(first.spent)


def test_calls_of_questions_that_are_left_out_for_once_are_kept(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """They are paid for: a smaller selection that comes to its end does not throw them away."""
    broken = [True]

    def respond(prompt: str) -> str:
        if broken and "Question number" not in prompt:
            raise QuotaSpent("no money")
        return judged(prompt)

    model = Model(respond)
    with pytest.raises(QuotaSpent):
        run(TWELVE[:1], tmp_path, shared, AnswerModel(model, check="llm"))
    broken.clear()
    run(TWELVE[1:2], tmp_path, shared, AnswerModel(model, check="llm"))
    run(TWELVE[:2], tmp_path, shared, AnswerModel(model, check="llm"))
    assert Counter(number_in(one) for one in model.prompts if "Question number" in one) == {0: 1, 1: 1}
    assert not (tmp_path / "calls.jsonl").exists()


def test_a_run_folder_that_is_deleted_meanwhile_ends_the_run(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """At once, not when everything is paid for and nothing of it is there."""
    folder = tmp_path / "run"

    def delete(event: Event) -> None:
        if isinstance(event, RecordFinished):
            shutil.rmtree(folder, ignore_errors=True)

    model = Model(cited_answer)
    with pytest.raises(StorageError, match="deleted meanwhile"):
        run(questions(60), folder, shared, AnswerModel(model), at_once=1, on_event=delete)
    assert len(model.prompts) < 10


def test_an_index_that_is_deleted_meanwhile_ends_the_run(tmp_path: Path) -> None:
    """What was answered is kept."""
    write_documents(tmp_path)
    update_index(tmp_path)
    opened = SharedIndexReader(tmp_path / ".qa")

    def delete(event: Event) -> None:
        if isinstance(event, RecordFinished):
            shutil.rmtree(tmp_path / ".qa", ignore_errors=True)

    try:
        with pytest.raises(UnusableIndex):
            run(questions(500), tmp_path / "run", opened, on_event=delete)
    finally:
        opened.close()
    assert 0 < len(load_run(tmp_path / "run").records) < 500


def test_an_interrupt_waits_for_what_is_being_asked(shared: SharedIndexReader, tmp_path: Path) -> None:
    """It is paid for, and kept; nothing else is begun, and the same command does the rest."""
    going = threading.Event()
    model = Model(lambda prompt: (going.wait(PATIENCE) and cited_answer(prompt)) or "")
    events: list[Event] = []

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, Started):
            threading.Thread(target=interrupt_when, args=(model, 3)).start()
        if isinstance(event, Stopping):
            going.set()

    with pytest.raises(KeyboardInterrupt):
        run(TWELVE, tmp_path, shared, AnswerModel(model), at_once=3, on_event=listen)
    assert Stopping(3) in events, signal.getsignal(signal.SIGINT)
    assert len(load_run(tmp_path).records) == len(model.prompts) == 3
    outcome, _ = run(TWELVE, tmp_path, shared, AnswerModel(model))
    assert (outcome.done, len(model.prompts)) == (12, 12)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def interrupt_when(model: Model, asked: int) -> None:
    """^C as soon as that many questions are with the model."""
    while len(model.prompts) < asked:
        time.sleep(0.005)
    os.kill(os.getpid(), signal.SIGINT)


def test_a_second_interrupt_leaves_at_once(shared: SharedIndexReader, tmp_path: Path) -> None:
    """And the run goes on later from what was finished."""
    going = threading.Event()
    model = Model(
        lambda prompt: ((number_in(prompt) < 2 or going.wait(FOREVER)) and cited_answer(prompt)) or ""
    )

    def listen(event: Event) -> None:
        if isinstance(event, Started):
            threading.Thread(target=interrupt_when, args=(model, 4)).start()
        if isinstance(event, Stopping):
            os.kill(os.getpid(), signal.SIGINT)

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(TWELVE, tmp_path, shared, AnswerModel(model), at_once=2, on_event=listen)
    assert time.monotonic() - began < PATIENCE
    going.set()
    assert len(load_run(tmp_path).records) == 2
    outcome, _ = run(TWELVE, tmp_path, shared, AnswerModel(model))
    assert outcome.done == 12


@pytest.mark.parametrize("at_once", [1, 2])
def test_an_index_that_changes_ends_the_run(tmp_path: Path, at_once: int) -> None:
    """Before it goes on or in the middle, in all processes: its answers would be of two indexes."""
    write_documents(tmp_path)
    update_index(tmp_path)
    opened = SharedIndexReader(tmp_path / ".qa")

    def change(event: Event) -> None:
        if isinstance(event, RecordFinished) and event.record.question.id == "q3":
            (tmp_path / "docs" / "cats.txt").write_text("Mia is a black cat.\n", encoding="utf-8")
            update_index(tmp_path)

    try:
        with pytest.raises(IndexMismatch, match="changed while"):
            run(questions(2000), tmp_path / "run", opened, at_once=at_once, on_event=change)
        kept = load_run(tmp_path / "run").records
        assert 4 <= len(kept) < 2000
        assert not [record.failure for record in kept if record.failure]
        with pytest.raises(UsageError, match="the index"):
            run(questions(2000), tmp_path / "run", opened, at_once=at_once, on_event=change)
        assert load_run(tmp_path / "run").records == kept
    finally:
        opened.close()


class Changing(SharedIndexReader):
    """An index that changes whenever a question has been looked at, and before it is searched for."""

    def find(
        self,
        question: str,
        *,
        k: int | None,
        filters: Filters,
        queries: tuple[str, ...] = (),
        budget: int | None = None,
    ) -> Retrieval:
        (self.folder.parent / "docs" / "cats.txt").write_text(f"Mia is a cat. {question}\n", encoding="utf-8")
        update_index(self.folder.parent)
        return super().find(question, k=k, filters=filters, queries=queries, budget=budget)


def test_what_a_changed_index_answers_is_not_kept(tmp_path: Path) -> None:
    """Not even if it changed a moment before the search."""
    write_documents(tmp_path)
    update_index(tmp_path)
    opened = Changing(tmp_path / ".qa")
    try:
        with pytest.raises(IndexMismatch):
            run(TWELVE[:1], tmp_path / "run", opened, AnswerModel(Model(cited_answer)))
    finally:
        opened.close()
    assert load_run(tmp_path / "run").records == ()


def test_an_index_brought_up_to_date_without_change_does_not(tmp_path: Path) -> None:
    """Its generation grows, and what it holds is the same."""
    write_documents(tmp_path)
    update_index(tmp_path)
    opened = SharedIndexReader(tmp_path / ".qa")
    options = AskOptions(5, ALL)
    before = header(TWELVE, opened, options)
    text = (tmp_path / "docs" / "cats.txt").read_text(encoding="utf-8")
    (tmp_path / "docs" / "cats.txt").write_text("Mia is a black cat.\n", encoding="utf-8")
    update_index(tmp_path)
    changed = header(TWELVE, opened, options)
    (tmp_path / "docs" / "cats.txt").write_text(text, encoding="utf-8")
    update_index(tmp_path)
    assert changed.index != before.index
    with RunFolder(tmp_path / "run", before) as folder:
        assert (
            run_questions(TWELVE, before.asked.record_ids, folder=folder, reader=opened, options=options).done
            == 12
        )
    opened.close()


def test_a_question_may_be_within_one_source(tmp_path: Path) -> None:
    """Whose name is no pattern, whatever is in it; and which the run's own filters must admit."""
    for name in ("a[1].txt", "a1.txt", "b*.txt", "bc.txt"):
        (tmp_path / name).write_text(f"The Vasa sank in the year {1000 + len(name)}.\n", encoding="utf-8")
    sync([tmp_path], folder=tmp_path / ".qa", embedder=load_embedder)
    opened = SharedIndexReader(tmp_path / ".qa")
    asked = [
        Question(str(n), "When did the Vasa sink?", within=name)
        for n, name in enumerate(("a[1].txt", "b*.txt", "docs/bc.txt", "a1.txt"))
    ]
    _, finished = run(asked, tmp_path / "run", opened, filters=Filters(sources=("a[[]*", "b*")))
    opened.close()
    *three, last = finished.records
    assert [{one.place.source for one in record.passages} for record in three] == [
        {"a[1].txt"},
        {"b*.txt"},
        {"bc.txt"},
    ]
    assert last.failure is not None
    assert "a1.txt is not among the sources" in last.failure.cause


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_ends_the_run(shared: SharedIndexReader, tmp_path: Path) -> None:
    """With whole records only; with room again, the run goes on."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(event: Event) -> None:
        if isinstance(event, Started):
            resource.setrlimit(resource.RLIMIT_FSIZE, (6000, hard))

    try:
        with pytest.raises(StorageError, match=r"cannot write .*records\.jsonl"):
            run(TWELVE, tmp_path, shared, on_event=fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    done = len(load_run(tmp_path).records)
    assert 0 < done < 12
    outcome, _ = run(TWELVE, tmp_path, shared)
    assert outcome.done == 12


def test_a_listener_that_fails_ends_the_run(shared: SharedIndexReader, tmp_path: Path) -> None:
    """With what it raised, as anything that is no error of a question does."""

    def listen(event: Event) -> None:
        if isinstance(event, RecordFinished):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(TWELVE, tmp_path / "a", shared, on_event=listen)

    def respond(prompt: str) -> str:
        raise LookupError(prompt)

    with pytest.raises(LookupError):
        run(TWELVE, tmp_path / "b", shared, AnswerModel(Model(respond)))


def test_a_server_that_is_full_slows_everybody_down(shared: SharedIndexReader, tmp_path: Path) -> None:
    """The wait it asks for is told, and all answers come in the end."""
    full = status(429, **{"Retry-After": "0.05"})
    throttle = Throttle(8)
    events: list[Event] = []
    with FakeServer(full, full, full, full, always=answer("Yes [s1].")) as server:
        environ = {"OPENAI_API_KEY": CANARY, "OPENAI_BASE_URL": server.url}
        llm = open_model("m", environ=environ, policy=RetryPolicy(on_wait=throttle.waiting))
        assert llm is not None
        options = AskOptions(5, ALL, AnswerModel(llm))
        with RunFolder(tmp_path, header(TWELVE, shared, options)) as folder:
            outcome = run_questions(
                TWELVE,
                folder.header.asked.record_ids,
                folder=folder,
                reader=shared,
                options=options,
                throttle=throttle,
                on_event=events.append,
            )
        assert len(server.requests) == 16
    assert (outcome.done, outcome.failed) == (12, 0)
    waits = [event for event in events if isinstance(event, Waiting)]
    assert len(waits) == 4
    assert "429" in waits[0].why
    assert CANARY not in json.dumps([wait.why for wait in waits])


def test_a_wait_longer_than_a_call_may_take_is_waited_for_by_all(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """The call gives up at once; the question, and all others, wait and are asked again."""
    throttle = Throttle(8)
    events: list[Event] = []
    began: list[float] = []

    def note(exchange: Exchange) -> None:
        began.append(time.monotonic())
        answer("Yes [s1].")(exchange)

    with FakeServer(status(429, **{"Retry-After": "1.2"}), always=note) as server:
        environ = {"OPENAI_API_KEY": CANARY, "OPENAI_BASE_URL": server.url}
        llm = open_model("m", environ=environ, policy=RetryPolicy(seconds=1, on_wait=throttle.waiting))
        assert llm is not None
        options = AskOptions(5, ALL, AnswerModel(llm))
        with RunFolder(tmp_path, header(TWELVE[:1], shared, options)) as folder:
            start = time.monotonic()
            outcome = run_questions(
                TWELVE[:1],
                folder.header.asked.record_ids,
                folder=folder,
                reader=shared,
                options=options,
                throttle=throttle,
                on_event=events.append,
            )
    assert (outcome.done, outcome.failed) == (1, 0)
    assert began[0] - start >= 1.2
    assert [event.seconds for event in events if isinstance(event, Waiting)] == [1.2]
    assert throttle.limit == 4


def test_one_in_five_calls_fails_and_none_is_scored_as_wrong(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """Failures are errors, and nothing but errors, for whoever counts them."""

    def respond(prompt: str) -> str:
        if number_in(prompt) % 5 == 0:
            raise TooSlow("too slow")
        return cited_answer(prompt)

    outcome, finished = run(questions(50), tmp_path, shared, AnswerModel(Model(respond)))
    assert (outcome.done, outcome.failed) == (50, 10)
    assert sum(record.failure is not None for record in finished.records) == 10
    assert all((record.failure is None) is not (record.answer is None) for record in finished.records)


def test_pages_are_those_that_a_span_touches() -> None:
    """All of them, in order; none where a source has none."""
    plain = Source("1", "a.pdf", None, "ab", "pdf/1", 30)
    paged = replace(plain, pages=(Page(1, Span(0, 10)), Page(2, Span(10, 20)), Page(3, Span(20, 30))))
    assert pages_of(paged, Span(5, 12)) == (1, 2)
    assert pages_of(paged, Span(10, 20)) == (2,)
    assert pages_of(plain, Span(10, 20)) == ()
