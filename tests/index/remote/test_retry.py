"""One retry layer, one clock: how often, how long, and when it is given up."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator

import pytest
from hypothesis import given, strategies as st

from index.concurrency.deadline import Deadline
from index.concurrency.interruptible import Connection, stream_in_thread
from index.concurrency.parallel import each
from index.errors import (
    InvalidAnswer,
    KeyRefused,
    ModelError,
    NoConnection,
    OptionRefused,
    ServerBusy,
    TooSlow,
)
from index.remote.retry import RetryPolicy, call_with_retries
from tests.support.timeouts import FOREVER, PATIENCE


class Failing:
    """Fails with these errors, one after the other, and then gives 42."""

    def __init__(self, *errors: ModelError) -> None:
        self._errors = list(errors)
        self.tries = 0

    def __call__(self) -> int:
        self.tries += 1
        if self._errors:
            raise self._errors.pop(0)
        return 42


def busy(wait: float | None = None) -> ServerBusy:
    error = ServerBusy("busy", "wait")
    error.retry_after = wait
    return error


QUICK = RetryPolicy(seconds=PATIENCE, pause=0.01)


@pytest.mark.parametrize(
    ("errors", "tries"),
    [
        ([busy()], 2),
        ([busy(), NoConnection("reset")], 3),
        ([InvalidAnswer("html")], 2),
        ([OptionRefused("a"), OptionRefused("b")], 3),
        ([], 1),
    ],
)
def test_what_passes_is_tried_again(errors: list[ModelError], tries: int) -> None:
    """No more requests than needed."""
    attempt = Failing(*errors)
    assert call_with_retries(attempt, Deadline(5), QUICK) == 42
    assert attempt.tries == tries


@pytest.mark.parametrize(
    ("error", "tries"),
    [(ServerBusy, 3), (NoConnection, 3), (InvalidAnswer, 2), (TooSlow, 1), (KeyRefused, 1)],
)
def test_what_does_not_pass_is_given_up(error: type[ModelError], tries: int) -> None:
    """Three requests at most, one for what asking again cannot change; the error says how many."""
    attempt = Failing(*[error("cause") for _ in range(9)])
    with pytest.raises(ModelError) as caught:
        call_with_retries(attempt, Deadline(5), QUICK)
    assert attempt.tries == tries
    assert (f"({tries} requests)" in caught.value.cause) == (tries > 1)


def test_the_server_s_own_wait_is_kept_and_told() -> None:
    """Retry-After is waited for, and whoever watches hears of it."""
    waits: list[tuple[str, float]] = []
    patience = RetryPolicy(seconds=5, on_wait=lambda error, wait: waits.append((error.cause, wait)))
    began = time.monotonic()
    assert call_with_retries(Failing(busy(0.2)), Deadline(5), patience) == 42
    assert time.monotonic() - began >= 0.2
    assert waits == [("busy", 0.2)]


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    """Asked to wait for longer than there is time: the failure now, not later."""
    attempt = Failing(busy(2 * FOREVER))
    began = time.monotonic()
    with pytest.raises(ServerBusy):
        call_with_retries(attempt, Deadline(5), QUICK)
    assert (attempt.tries, time.monotonic() - began < 4) == (1, True)


def test_the_raised_error_hangs_on_to_nothing() -> None:
    """No foreign error in its chain, which might hold a key."""
    with pytest.raises(ServerBusy) as caught:
        call_with_retries(Failing(busy(), busy(), busy()), Deadline(5), QUICK)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_deadline_only_gets_shorter(seconds: float, other: float) -> None:
    """Shortening never gives time."""
    deadline = Deadline(seconds)
    deadline.shorten(other)
    assert deadline.left() <= min(seconds, other)


def test_sleep_ends_with_the_deadline() -> None:
    """Also when another thread makes it come sooner."""
    deadline = Deadline(FOREVER)
    threading.Timer(0.05, deadline.shorten, [0]).start()
    began = time.monotonic()
    deadline.sleep(FOREVER)
    assert time.monotonic() - began < PATIENCE


def test_pieces_come_in_order_and_errors_come_through() -> None:
    """Work in another thread looks like work in this one."""

    def work(_: Connection) -> Generator[int]:
        yield from range(100)
        message = "enough"
        raise LookupError(message)

    made = stream_in_thread(work, Deadline(5))
    assert [next(made) for _ in range(100)] == list(range(100))
    with pytest.raises(LookupError, match="enough"):
        next(made)


def test_work_that_cannot_be_woken_is_not_waited_for() -> None:
    """A name that does not resolve blocks its thread, not ours."""
    let_go = threading.Event()

    def work(_: Connection) -> Generator[int]:
        let_go.wait(30)
        yield 1

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        next(stream_in_thread(work, Deadline(0.1)))
    assert time.monotonic() - began < 1
    let_go.set()


@given(st.integers(0, 40), st.integers(1, 8))
def test_each_gives_every_result_in_its_place(count: int, width: int) -> None:
    """However many work at it."""
    assert each(range(count), lambda job, _: job * job, width=width, seconds=PATIENCE) == [
        n * n for n in range(count)
    ]


def test_each_is_never_wider_than_asked() -> None:
    """A server may refuse more."""
    now, most, lock = 0, 0, threading.Lock()

    together = threading.Barrier(3)

    def work(job: int, _: Deadline) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        if job < 3:
            together.wait(PATIENCE)
        time.sleep(0.01)
        with lock:
            now -= 1

    each(range(20), work, width=3, seconds=PATIENCE)
    assert most == 3


def test_the_first_failure_ends_the_others() -> None:
    """Nobody waits for calls whose answer no longer matters."""

    def work(job: int, deadline: Deadline) -> int:
        if job == 3:
            raise ServerBusy("busy", "")
        deadline.sleep(FOREVER)
        return job

    began = time.monotonic()
    with pytest.raises(ServerBusy):
        each(range(8), work, width=4, seconds=FOREVER)
    assert time.monotonic() - began < PATIENCE
