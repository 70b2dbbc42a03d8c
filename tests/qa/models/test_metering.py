"""What is spent is what the server counted; a limit holds before a call, whatever becomes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, strategies as st

from index.errors import ContextTooLong, KeyRefused, ModelDeclined, NoConnection, ServerBusy, TooSlow
from qa.errors import CostLimit
from qa.models.base import Completion, Message, Stream, Tokens, Writing
from qa.models.metering import Budget, MeteredLLM, together, usage_of
from qa.models.reasoning import final_text
from qa.types import Usage
from tests.support.fake_models import ScriptedModel

HELLO = (Message("user", "Hello"),)
COUNTS = st.one_of(st.none(), st.integers(0, 9))
USAGES = st.builds(Usage, COUNTS, COUNTS, st.one_of(st.none(), st.integers(0, 9).map(float)))


class FailingModel(ScriptedModel):
    """A model whose call ends with an error before its first word."""

    def __init__(self, error: BaseException) -> None:
        super().__init__("x", name="gpt-4.1", official=True)
        self._error = error

    def complete(self, *args: object, **more: object) -> Completion:
        """Fails."""
        raise self._error

    def stream(self, *args: object, **more: object) -> Stream:
        """Fails with the first piece."""
        return Stream(self._failing(), self.name)

    def _failing(self) -> Writing:
        yield from ()
        raise self._error


def gpt(*texts: str) -> ScriptedModel:
    return ScriptedModel(*texts, name="gpt-4.1", official=True)


@pytest.mark.parametrize(
    ("answered", "asked", "official", "expected"),
    [
        ("gpt-4.1-2025-04-14", "gpt-4.1", True, 2.0),
        ("gpt-4.1", "gpt-4.1", True, 2.0),
        ("gpt-4.1-preview-x", "gpt-4.1", True, 2.0),
        ("something-else", "gpt-4.1", True, None),
        ("gpt-4.1", "gpt-4.1", False, None),
    ],
)
def test_the_price_is_that_of_the_model_that_answered(
    answered: str, asked: str, official: bool, expected: float | None
) -> None:
    """Or of the one asked for, where that is its version; on another server no price is known."""
    completion = Completion("x", "stop", Tokens(1_000_000, 0), answered)
    assert usage_of(completion, asked, official=official) == Usage(1_000_000, 0, expected)


def test_what_was_not_counted_is_not_known() -> None:
    """None, and not nothing."""
    assert usage_of(Completion("x", "cut", None, "gpt-4.1"), "gpt-4.1", official=True) == Usage(
        None, None, None
    )


@given(USAGES, USAGES)
def test_a_sum_is_known_if_its_parts_are(one: Usage, other: Usage) -> None:
    """In either order."""
    total = together(one, other)
    assert total == together(other, one)
    assert (total.cost_usd is None) == (one.cost_usd is None or other.cost_usd is None)
    assert together(one, Usage(cost_usd=0.0)) == one


def test_calls_add_up() -> None:
    """Whole or streamed."""
    meter = MeteredLLM(gpt("Hi", "Ho"), budget=Budget(1.0))
    meter.complete(HELLO, max_tokens=10)
    with meter.stream(HELLO, max_tokens=10) as stream:
        assert final_text(stream) == "Ho"
    assert stream.completion.finish == "stop"
    assert (meter.usage.prompt_tokens, meter.usage.completion_tokens) == (200, 20)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("error", "free"),
    [
        (ServerBusy("busy", "wait"), True),
        (KeyRefused("no", "key"), True),
        (ContextTooLong("long", "short"), True),
        (NoConnection("gone", "wait"), True),
        (ModelDeclined("no", "other"), False),
        (TooSlow("slow", "wait"), False),
        (KeyboardInterrupt(), False),
    ],
)
def test_a_call_that_was_not_taken_costs_nothing(stream: bool, error: BaseException, free: bool) -> None:
    """What was put aside for it comes back; one that was taken may have cost the most, and nobody says."""
    budget = Budget(1.0)
    meter = MeteredLLM(FailingModel(error), budget=budget)
    call = (lambda: list(meter.stream(HELLO, max_tokens=10))) if stream else None
    with pytest.raises(type(error)):
        call() if call else meter.complete(HELLO, max_tokens=10)
    assert budget.put_aside == pytest.approx(0)
    assert (budget.spent == 0) is free
    assert meter.usage == (Usage() if free else Usage(None, None, None))


def test_a_stream_that_is_left_may_have_cost_the_most() -> None:
    """Nobody counted it for us."""
    budget = Budget(1.0)
    meter = MeteredLLM(gpt("Hello there"), budget=budget)
    with meter.stream(HELLO, max_tokens=10) as stream:
        next(iter(stream))
    assert budget.put_aside == pytest.approx(0)
    assert budget.spent > 0.06  # 8,010 tokens at $8 a million
    assert meter.usage == Usage(None, None, None)


def test_a_stream_that_nobody_reads_costs_nothing() -> None:
    """It was never sent."""
    budget = Budget(0.0)
    with MeteredLLM(gpt("x"), budget=budget).stream(HELLO, max_tokens=10):
        pass
    assert budget.spent == 0


def test_threads_share_a_limit() -> None:
    """Never is more put aside than there is: of ten calls at once, as many are made as surely fit."""
    budget = Budget(0.14)  # room for two calls of at most $0.064

    def call(_: int) -> bool:
        try:
            budget.reserve(0.0641)
        except CostLimit:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(call, range(10))) == 2
