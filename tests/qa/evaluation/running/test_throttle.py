"""How many are with the model at once: halved by a refusal, grown by answers, paused for everybody."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from index.errors import ModelError, NoConnection, ServerBusy, TooSlow
from qa.evaluation.running.throttle import STORM_SECONDS, TRIALS, Throttle


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


def slow() -> TooSlow:
    return TooSlow("no answer within 10 s")


def test_a_careful_one_begins_with_one_and_admits_more_while_they_are_quick() -> None:
    """By one with each answer, as far as one after the other would still be in time."""
    throttle = Throttle(8, timeout=10, careful=True, clock=Clock())
    seen = []
    for _ in range(8):
        seen.append(throttle.limit)
        throttle.answered(0.5, throttle.limit, alone=throttle.limit == 1)
    assert seen == [1, 2, 3, 4, 5, 6, 7, 8]
    assert throttle.most == 8


def test_an_answer_that_waited_in_a_queue_halves_and_one_that_is_long_by_itself_does_not() -> None:
    """What answers take alone tells them apart."""
    clock = Clock()
    throttle = Throttle(8, timeout=10, careful=True, clock=clock)
    throttle.answered(2, alone=True)
    throttle.answered(2, 2)
    assert throttle.limit == 3
    clock.now += 6
    throttle.answered(6, 3)
    assert throttle.limit == 1
    throttle = Throttle(8, timeout=10, careful=True, clock=Clock())
    for _ in range(TRIALS):
        assert throttle.limit == 1
        throttle.answered(7, alone=True)
    for limit in range(2, 9):
        assert throttle.limit == limit
        throttle.answered(8, limit)


def test_a_time_out_halves_once_for_all_that_were_begun_before() -> None:
    """Their number is not tried again; all wait a while, and it is told why."""
    clock, pauses = Clock(), list[tuple[float, str]]()
    throttle = Throttle(8, timeout=10, clock=clock)
    throttle.listen(lambda seconds, why: pauses.append((seconds, why)))
    throttle.answered(1)
    clock.now += 10
    for _ in range(7):
        throttle.timed_out(slow(), 10, 2.5)
    assert (throttle.limit, throttle.delay(), throttle.clear) == (4, 2.5, False)
    assert pauses[0] == (2.5, "no answer within 10 s; asking 4 at a time")
    for _ in range(200):
        throttle.answered(1, throttle.limit)
    assert (throttle.limit, throttle.clear) == (7, True)


def test_where_nothing_was_answered_at_all_one_by_one_is_asked() -> None:
    """The others may have been in its way; or it is too slow, and that is soon known."""
    throttle = Throttle(8, timeout=10, clock=Clock())
    throttle.timed_out(slow(), 10, 1)
    assert throttle.limit == 1


@pytest.mark.parametrize("share", [0.01, 0.1, 0.12, 0.2, 0.3, 0.45])
def test_a_server_with_one_slot_is_never_asked_too_much(share: float) -> None:
    """Simulated: nothing waits in its queue beyond the time-out, and it has always something to do."""
    clock = Clock()
    throttle = Throttle(8, timeout=10, careful=True, clock=clock)
    waits, seconds = asked(throttle, clock, count=200, service=10 * share, slots=1)
    assert seconds == pytest.approx(200 * 10 * share, rel=0.01)
    assert max(waits) <= 10


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.8])
def test_a_server_with_many_slots_is_soon_asked_all_that_it_may_be(share: float) -> None:
    """However long its answers are by themselves."""
    clock = Clock()
    throttle = Throttle(8, timeout=10, careful=True, clock=clock)
    waits, seconds = asked(throttle, clock, count=200, service=10 * share, slots=8)
    assert throttle.limit == 8
    assert max(waits) == pytest.approx(10 * share)
    assert seconds < 1.5 * 200 / 8 * 10 * share


def asked(
    throttle: Throttle, clock: Clock, *, count: int, service: float, slots: int
) -> tuple[list[float], float]:
    """Seconds that each of so many questions took at a server that works on `slots` of them, and all did."""
    began = clock.now
    free = [clock.now] * slots
    flying: list[tuple[float, float, int, bool]] = []  # end, begin, among how many, alone
    waits: list[float] = []
    while len(waits) < count:
        while len(flying) < throttle.limit and len(waits) + len(flying) < count:
            free.sort()
            free[0] = max(free[0], clock.now) + service
            among = len(flying) + 1
            flying.append((free[0], clock.now, among, among == throttle.limit == 1))
        flying.sort()
        end, begin, among, alone = flying.pop(0)
        clock.now = end
        waits.append(end - begin)
        throttle.answered(end - begin, among, alone=alone)
    return waits, clock.now - began
