"""Calls that are replayed: what follows one that is made anew is made anew, and a busy server stays busy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import ServerBusy, TooSlow
from qa.answering.generative.generate import AnswerModel
from qa.answering.shared_reader import SharedIndexReader
from qa.evaluation.running.replay import ReplayingLLM
from qa.evaluation.runs.serialization import Call
from qa.models.base import Completion, Message
from qa.types import Usage
from tests.support.run_folders import Model, questions, run

SAY = (Message("user", "say"),)


def call(number: int, text: str) -> Call:
    """A call that was kept."""
    return Call("key", 1, 0, number, text, "stop", "gpt")


def replaying(respond: Callable[[str], str], *known: Call) -> tuple[ReplayingLLM, dict[int, str]]:
    """A model with these calls known, and the texts of those that it keeps."""
    kept: dict[int, str] = {}

    def keep(number: int, completion: Completion) -> None:
        kept[number] = completion.text

    return ReplayingLLM(Model(respond), {each.number: each for each in known}, keep), kept


def texts(llm: ReplayingLLM, count: int) -> list[str]:
    """What so many calls give, an error by its name."""
    given = []
    for _ in range(count):
        try:
            given.append(llm.complete(SAY, max_tokens=9).text)
        except (ServerBusy, TooSlow) as error:
            given.append(type(error).__name__)
    return given


def test_known_calls_are_replayed() -> None:
    """Nobody is asked."""
    llm, kept = replaying(lambda _: "new", call(0, "queries"), call(1, "answer"))
    assert texts(llm, 3) == ["queries", "answer", "new"]
    assert kept == {2: "new"}


def test_what_followed_a_call_that_failed_is_of_no_use_once_it_succeeds() -> None:
    """The answer that is known was made without queries: with them, the keys in it mean other sentences."""
    llm, kept = replaying(lambda _: "new", call(1, "answer without queries"))
    assert texts(llm, 2) == ["new", "new"]
    assert kept == {0: "new", 1: "new"}


def test_what_followed_a_call_that_fails_again_is_replayed() -> None:
    """The course is the same."""

    def fail(_: str) -> str:
        raise TooSlow("too slow")

    llm, kept = replaying(fail, call(1, "answer without queries"))
    assert texts(llm, 2) == ["TooSlow", "answer without queries"]
    assert kept == {}


def test_a_busy_server_is_not_asked_for_the_rest() -> None:
    """The whole question comes again later; what is known needs no server."""
    asked: list[str] = []

    def busy(prompt: str) -> str:
        asked.append(prompt)
        raise ServerBusy("busy")

    llm, _ = replaying(busy)
    assert texts(llm, 2) == ["ServerBusy", "ServerBusy"]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("failure", "at_once", "planned"),
    [(ServerBusy("busy"), 1, True), (TooSlow("too slow"), 8, True), (TooSlow("too slow"), 1, False)],
)
def test_a_run_plans_every_question_or_says_that_it_did_not(
    library: Path, tmp_path: Path, failure: ServerBusy | TooSlow, at_once: int, planned: bool
) -> None:
    """Queries are among the completions of a record; a busy server is asked for them again.

    So is one that was too slow, unless it had nothing else to do.
    """
    failures = [failure]

    def respond(prompt: str) -> str:
        if "search queries" in prompt[:80]:
            if failures:
                raise failures.pop()
            return "cannons of the ship"
        return "That is told [s1]."

    shared = SharedIndexReader(library / ".qa")
    try:
        model = AnswerModel(Model(respond))
        _, finished = run(questions(1), tmp_path / "a", shared, model, k=2, at_once=at_once)
    finally:
        shared.close()
    (record,) = finished.records
    assert record.answer is not None
    if planned:
        assert record.completions == ("cannons of the ship", "That is told [s1].")
        assert record.answer.queries == ("cannons of the ship",)
        assert record.answer.usage == Usage(2000, 200, None)
    else:
        assert record.completions == ("That is told [s1].",)
        assert "only the question itself was searched for" in record.answer.notes[0]
