"""A generator that runs ahead in a thread gives what it would have given without one."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator

import pytest
from hypothesis import given, strategies as st

from index.concurrency.prefetch import Prefetch


def numbers(values: list[int], log: list[str] | None = None) -> Generator[int]:
    """The values one by one; the log tells how it ended, and in which thread."""
    try:
        yield from values
    finally:
        if log is not None:
            log.append(threading.current_thread().name)


@given(st.lists(st.integers(0, 50)), st.integers(1, 100))
def test_values_come_in_order_whatever_the_room(values: list[int], limit: int) -> None:
    """Neither a heavy value nor a small queue changes, loses or doubles anything."""
    with Prefetch(numbers(values), limit=limit, weight=lambda value: value) as ahead:
        assert list(ahead) == values


def test_it_works_ahead_and_not_too_far() -> None:
    """Without being asked it produces what the queue holds and one value more, then waits."""
    made = []

    def making() -> Generator[int]:
        for n in range(100):
            made.append(n)
            yield n

    with Prefetch(making(), limit=5) as ahead:
        deadline = time.monotonic() + 5
        while len(made) < 6 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.05)
        assert len(made) == 6
        assert next(ahead) == 0


def test_an_error_arrives_after_the_values_before_it() -> None:
    """What the generator raises is raised where its values are taken, once."""

    def failing() -> Generator[int]:
        yield 1
        msg = "broken"
        raise ZeroDivisionError(msg)

    with Prefetch(failing(), limit=5) as ahead:
        assert next(ahead) == 1
        with pytest.raises(ZeroDivisionError, match="broken"):
            next(ahead)
        assert list(ahead) == []


def test_closing_it_closes_the_generator_in_its_own_thread() -> None:
    """What a generator opened is closed where it was opened, even if nobody takes the rest."""
    log: list[str] = []
    with Prefetch(numbers([1, 2, 3], log), limit=1) as ahead:
        assert next(ahead) == 1
    assert log == ["qa-ahead"]
    assert list(ahead) == []


def test_stopping_one_stage_ends_the_one_that_feeds_on_it() -> None:
    """Whoever waits for a value meets the end as soon as the stage before is stopped."""
    gate = threading.Event()

    def waiting() -> Generator[int]:
        yield 1
        gate.wait()

    first = Prefetch(waiting(), limit=1)
    second = Prefetch((value for value in first), limit=1)
    assert next(second) == 1
    first.stop()
    assert list(second) == []
    gate.set()
    second.close()
    first.close()
