"""Drafting with a model: each question kept as it comes, what fails counted, costs and ^C obeyed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.errors import KeyRefused, ModelError, ServerBusy
from index.search.filters import Filters
from qa.answering.generative.generate import AnswerModel
from qa.errors import CostLimit, TooManyFailures
from qa.evaluation.running import batch
from qa.evaluation.running.draft_questions import DraftedByModel, DraftPlan, draft_questions
from qa.evaluation.running.events import DraftTried, Event
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.sets.authoring.pieces import SourcePiece
from qa.evaluation.types import Question
from qa.models.base import Tokens
from qa.models.metering import Budget
from tests.support.fake_drafter import FakeDrafter, ship_text
from tests.support.passages import Corpus
from tests.support.passages_found import FoundPassages

SHIPS = ("Vasa", "Kronan", "Rosalie", "Batavia", "Mary", "Amsterdam", "Zephyr", "Stella")
CORPUS = Corpus({f"{name}.txt": ship_text(name, 1600 + at) for at, name in enumerate(SHIPS)}, {})
PIECES = tuple(SourcePiece(passage, CORPUS.texts[passage.source.name]) for passage in CORPUS.passages())


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the model was too busy for is tried again at once."""
    monkeypatch.setattr(batch, "PAUSE", 0.001)


def drafted(
    llm: FakeDrafter,
    wanted: int = 5,
    *,
    budget: Budget | None = None,
    known: tuple[Question, ...] = (),
    keep: Callable[[Question], None] | None = None,
    pieces: tuple[SourcePiece, ...] = PIECES,
) -> tuple[list[Question], DraftedByModel, list[Event]]:
    """What is kept, what is counted, and what is told. An error leaves what was kept in its `args`."""
    kept: list[Question] = []
    events: list[Event] = []
    done = DraftedByModel()
    finder = FoundPassages(CORPUS.passages(), CORPUS.by_id)
    plan = DraftPlan(wanted, pieces, AnswerModel(llm, budget=budget), finder, 5, Filters(), known)
    draft_questions(plan, Throttle(2), done, keep=keep or kept.append, on_event=events.append)
    return kept, done, events


def test_as_many_as_are_wanted_are_drafted_near_misses_among_them() -> None:
    """Each about a piece of its own, with its gold; two calls each."""
    llm = FakeDrafter()
    kept, done, events = drafted(llm)
    assert [question.answerable for question in kept] == [True] * 4 + [False]
    assert {gold.source for question in kept for gold in question.evidence} <= set(CORPUS.texts)
    assert (done.kept, done.near, done.rejected) == (4, 1, {})
    assert llm.calls.count("draft") == 4
    assert llm.calls.count("answer") == 5
    assert sum(isinstance(event, DraftTried) for event in events) == 5


def test_what_is_rejected_is_counted_and_another_piece_asked_about() -> None:
    """Until there are enough, or no piece is left."""
    kept, done, _ = drafted(FakeDrafter(wrong=SHIPS[:3]))
    assert sum(question.answerable is True for question in kept) == 4
    assert done.rejected.total() == 3
    kept, done, _ = drafted(FakeDrafter(wrong=SHIPS), wanted=4)
    assert kept == []
    assert done.rejected.total() == len(SHIPS)


def test_what_was_asked_before_is_not_kept() -> None:
    """In the set already, or in the same run."""
    known = (Question("", "When was the Vasa lost?"),)
    kept, done, _ = drafted(FakeDrafter(), known=known)
    assert "When was the Vasa lost?" not in [question.text for question in kept]
    assert done.rejected == {"it was asked before": 1}
    kept, done, _ = drafted(FakeDrafter(), pieces=(PIECES[0], PIECES[0]))
    assert len([question for question in kept if question.answerable]) == 1


def test_a_busy_server_is_asked_again() -> None:
    """Nothing is lost by it."""
    kept, done, _ = drafted(FakeDrafter(errors=[("Kronan", ServerBusy("busy"))]))
    assert len(kept) == 5
    assert done.rejected == {}


def test_a_key_that_is_refused_ends_it() -> None:
    """At once."""
    with pytest.raises(KeyRefused):
        drafted(FakeDrafter(errors=[("# The lines to ask about", KeyRefused("refused"))] * 9))


def test_a_limit_of_costs_ends_it_and_what_came_stays() -> None:
    """Every call is within the budget."""
    budget = Budget(0.009)
    kept: list[Question] = []
    with pytest.raises(CostLimit):
        drafted(
            FakeDrafter(name="gpt-4.1-mini", official=True, tokens=Tokens(2_000, 200)),
            wanted=8,
            budget=budget,
            keep=kept.append,
        )
    assert 0 < len(kept) < 8
    assert 0 < budget.spent <= 0.009


def test_a_stop_ends_it_and_what_came_stays() -> None:
    """^C while a question is kept."""
    kept: list[Question] = []

    def keep(question: Question) -> None:
        kept.append(question)
        if len(kept) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drafted(FakeDrafter(), keep=keep)
    assert len(kept) == 2


def test_failures_in_a_row_end_it() -> None:
    """A model that answers nothing is not asked about every piece."""
    errors = [("# The lines to ask about", ModelError("no answer"))] * 40
    with pytest.raises(TooManyFailures, match="drafts in a row got no answer"):
        drafted(FakeDrafter(errors=errors), wanted=30, pieces=PIECES * 4)
