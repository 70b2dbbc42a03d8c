"""A deadline that is put off while something comes, for a while if it is no more than a sign of life."""

from __future__ import annotations

import pytest

from index.concurrency import deadline as module
from index.concurrency.deadline import ALIVE, LONGEST, Deadline


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which deadlines are kept."""
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def test_pieces_put_it_off_as_long_as_they_come(clock: Clock) -> None:
    """A steady stream never meets it, though it takes far longer in all."""
    deadline = Deadline(5)
    for _ in range(100):
        clock.now += 4
        assert deadline.left() == 1
        deadline.renew()
    clock.now += 5
    assert deadline.left() == 0


def test_nobody_waits_for_ever(clock: Clock) -> None:
    """Whatever comes, there is an end."""
    deadline = Deadline(5)
    began = clock.now
    while deadline.left():
        clock.now += 4
        deadline.renew()
    assert clock.now - began == pytest.approx(LONGEST, abs=5)


def test_signs_of_life_are_believed_for_a_while(clock: Clock) -> None:
    """A few times as long as silence; a piece makes them count anew."""
    deadline = Deadline(5)
    for _ in range(2):
        began = clock.now
        while deadline.left():
            clock.now += 1
            deadline.sign_of_life()
        assert clock.now - began == ALIVE * 5
        deadline.renew()


def test_a_short_wait_is_for_the_next_piece_only(clock: Clock) -> None:
    """Signs of life do not make it long; another piece may."""
    deadline = Deadline(5)
    deadline.renew(1)
    for _ in range(10 * ALIVE):
        clock.now += 0.5
        deadline.sign_of_life()
    assert deadline.left() == 0
    deadline.renew()
    assert deadline.left() == 5


def test_what_was_shortened_stays_so(clock: Clock) -> None:
    """Whoever cancels is not overruled by what still comes."""
    deadline = Deadline(5)
    deadline.shorten(2)
    deadline.renew()
    deadline.sign_of_life()
    assert deadline.left() == 2
    deadline.shorten(0)
    deadline.renew(9)
    assert deadline.left() == 0
    assert clock.now == 1000
