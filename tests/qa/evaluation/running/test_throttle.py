"""How many are with the model at once: halved by a refusal, grown by answers, paused for everybody."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from index.errors import ModelError, NoConnection, ServerBusy
from qa.evaluation.running.throttle import STORM_SECONDS, Throttle


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def busy(status: int = 429) -> ModelError:
    error = ServerBusy(f"the server is busy ({status})")
    error.status = status
    return error


def test_a_refusal_halves_and_stops_everybody() -> None:
    """For as long as the server says; then half as many go on."""
    clock = Clock()
    throttle = Throttle(8, clock=clock)
    assert (throttle.limit, throttle.delay()) == (8, 0)
    throttle.waiting(busy(), 30)
    assert (throttle.limit, throttle.delay()) == (4, 30)
    clock.now += 29
    assert throttle.delay() == 1
    clock.now += 1
    assert (throttle.limit, throttle.delay()) == (4, 0)


def test_refusals_of_one_storm_halve_once() -> None:
    """Eight calls that were under way are refused together; one that is refused after the pause counts."""
    clock = Clock()
    throttle = Throttle(8, clock=clock)
    for seconds in (0.5, 2, 0.5, 0.5):
        throttle.waiting(busy(), seconds)
    assert (throttle.limit, throttle.delay()) == (4, 2)
    clock.now += max(2, STORM_SECONDS)
    throttle.waiting(busy(), 1)
    assert throttle.limit == 2
    for _ in range(5):
        clock.now += 10
        throttle.waiting(busy(), 1)
    assert throttle.limit == 1


def test_answers_let_more_through_slowly() -> None:
    """One more after as many answers as there are places, up to what was asked for."""
    clock = Clock()
    throttle = Throttle(8, clock=clock)
    throttle.waiting(busy(), 1)
    clock.now += 1
    seen = []
    for _ in range(40):
        throttle.answered()
        seen.append(throttle.limit)
    assert seen == sorted(seen)
    assert [seen.index(limit) for limit in (5, 6, 7, 8)] == pytest.approx([4, 9, 15, 22], abs=1)
    assert seen[-1] == 8


@pytest.mark.parametrize("status", [500, 502, 408])
def test_a_broken_server_halves_nothing(status: int) -> None:
    """Not even waited for by others, unless it says how long."""
    throttle = Throttle(8, clock=Clock())
    error = busy(status)
    throttle.waiting(error, 5)
    assert (throttle.limit, throttle.delay()) == (8, 0)
    error.retry_after = 5
    throttle.waiting(error, 5)
    assert (throttle.limit, throttle.delay()) == (8, 5)


def test_whoever_is_busy_without_saying_how_is_full() -> None:
    """As the models of LlamaIndex are; other failures say nothing."""
    throttle = Throttle(8, clock=Clock())
    throttle.waiting(NoConnection("gone"), 5)
    assert (throttle.limit, throttle.delay()) == (8, 0)
    throttle.waiting(ServerBusy("busy"), 5)
    assert (throttle.limit, throttle.delay()) == (4, 5)


def test_pauses_are_told() -> None:
    """With their length and their reason."""
    pauses: list[tuple[float, str]] = []
    throttle = Throttle(2, clock=Clock())
    throttle.waiting(busy(), 1)
    throttle.listen(lambda seconds, why: pauses.append((seconds, why)))
    throttle.waiting(busy(503), 7)
    assert pauses == [(7, "the server is busy (503)")]


@given(st.integers(-2, 40), st.lists(st.integers(0, 3), max_size=60))
def test_the_limit_stays_between_one_and_what_was_asked_for(most: int, steps: list[int]) -> None:
    """Whatever happens, in whatever order; narrowed, it does not widen again."""
    clock = Clock()
    throttle = Throttle(most, clock=clock)
    ceiling = max(1, most)
    for step in steps:
        clock.now += 3
        if step == 3:
            ceiling = max(1, min(ceiling, most // 2))
            throttle.narrow(most // 2)
        elif step == 2:
            throttle.waiting(busy(), 2)
        else:
            throttle.answered()
        assert 1 <= throttle.limit <= ceiling
        assert throttle.delay() in (0, 2)
