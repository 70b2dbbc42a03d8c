"""Work in threads: as wide as may be, again where it must be, and over at the first error or ^C."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import pytest

from index.concurrency.deadline import Deadline
from index.concurrency.interrupts import interrupts
from index.concurrency.parallel import Crowded, Later, WorkerPool, each
from index.concurrency.scheduler import FixedWidth, Job
from tests.support.timeouts import FOREVER, PATIENCE

T = TypeVar("T")
R = TypeVar("R")


def results(
    work: Callable[[Job[T]], R | Later | Crowded], items: Sequence[T], width: int
) -> tuple[list[R], Exception | None]:
    """What came, and the error that ended it."""
    pool: WorkerPool[T, R] = WorkerPool(items, work, FixedWidth(width))
    with pool:
        return collected(pool)


def collected(values: Iterable[R]) -> tuple[list[R], Exception | None]:
    """What an iterator gives, and the error that ended it."""
    came: list[R] = []
    try:
        for value in values:
            came.append(value)  # noqa: PERF402 - to have them when it fails
    except (ValueError, LookupError) as error:
        return came, error
    return came, None


def test_results_come_as_they_get_done() -> None:
    """As many at a time as may be, and never more."""
    barrier = threading.Barrier(3, timeout=PATIENCE)
    busy: list[int] = []
    most: list[int] = []

    def work(job: Job[int]) -> int:
        busy.append(job.item)
        most.append(len(busy))
        barrier.wait()
        busy.remove(job.item)
        return job.item * 2

    came, error = results(work, range(9), 3)
    assert (sorted(came), error) == ([item * 2 for item in range(9)], None)
    assert max(most) <= 3


def test_after_an_error_nothing_new_begins() -> None:
    """What is under way comes first; then the error is raised."""
    begun: list[int] = []
    both, failing = threading.Barrier(2, timeout=PATIENCE), threading.Event()

    def work(job: Job[int]) -> int:
        begun.append(job.item)
        if job.item < 2:
            both.wait()
        if job.item == 0:
            failing.set()
            raise ValueError("no")
        assert failing.wait(PATIENCE)
        return job.item

    came, error = results(work, range(10_000), 2)
    assert isinstance(error, ValueError)
    assert {0, *came} == set(begun)
    assert 1 in came
    assert len(begun) < 10_000


def test_what_is_put_off_comes_again() -> None:
    """Not before its time, with its tries counted; the others need not wait for it."""
    began = time.monotonic()
    done: list[tuple[int, int, float]] = []

    def work(job: Job[int]) -> int | Later:
        if job.item == 0 and job.tries < 2:
            return Later(0.05)
        done.append((job.item, job.tries, time.monotonic() - began))
        return job.item

    came, error = results(work, range(4), 1)
    assert (came, error) == ([1, 2, 3, 0], None)
    assert [tries for _, tries, _ in done] == [0, 0, 0, 2]
    assert done[-1][2] >= 0.1


def test_what_the_others_leave_no_room_for_comes_again_alone() -> None:
    """And is over when it is alone and has no room either."""
    room = threading.Semaphore(1)

    def work(job: Job[int]) -> int | Crowded:
        if not room.acquire(blocking=False):
            return Crowded(LookupError("no room"))
        time.sleep(0.01)
        room.release()
        return job.item

    came, error = results(work, range(12), 4)
    assert (sorted(came), error) == (list(range(12)), None)
    room.acquire()
    came, error = results(work, range(12), 4)
    assert came == []
    assert isinstance(error, LookupError)


def test_what_is_posted_and_why_it_was_stopped() -> None:
    """Both from any thread: values come among the results, the error after what is under way."""
    pool: WorkerPool[int, str]

    def work(job: Job[int]) -> str:
        pool.post(f"begin {job.item}")
        if job.item == 2:
            pool.stop(LookupError("enough"))
        return f"end {job.item}"

    in_flight: list[int] = []
    pool = WorkerPool(range(100), work, FixedWidth(1), on_stop=in_flight.append)
    with pool:
        came, error = collected(pool)
    assert came == [f"{what} {item}" for item in range(3) for what in ("begin", "end")]
    assert isinstance(error, LookupError)
    assert in_flight == [0]


class Growing:
    """A width that grows by one with each item that is done."""

    def __init__(self) -> None:
        self.limit = 1
        self.most = 4
        self.seen: list[int] = []

    def delay(self) -> float:
        return 0.0

    def narrow(self, most: int) -> None:
        self.limit = most


def test_the_width_may_change() -> None:
    """A pool is never wider than its width says at the moment, nor than it says that it can be."""
    width = Growing()
    width.limit = 4
    lock = threading.Lock()
    running = 0

    def work(job: Job[int]) -> int:
        nonlocal running
        with lock:
            running += 1
            width.seen.append(running)
        time.sleep(0.005)
        with lock:
            running -= 1
            width.limit = 1 if job.item < 8 else 2
        return job.item

    with WorkerPool(range(20), work, width) as pool:
        assert sorted(pool) == list(range(20))
    assert max(width.seen[:4]) <= 4
    assert max(width.seen[5:9]) == 1
    assert max(width.seen) > 1
    assert max(width.seen[12:]) <= 2


def test_an_interrupt_waits_for_what_is_under_way() -> None:
    """The first ^C begins nothing more; a second one leaves at once; either way ^C is as before then."""
    going = threading.Event()
    begun: list[int] = []

    def work(job: Job[int]) -> int:
        begun.append(job.item)
        if len(begun) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        assert going.wait(PATIENCE)
        return job.item

    stopping: list[int] = []

    def stop(in_flight: int) -> None:
        stopping.append(in_flight)
        going.set()

    came: list[int] = []
    with WorkerPool(range(50), work, FixedWidth(3), on_stop=stop) as pool, pytest.raises(KeyboardInterrupt):
        came.extend(pool)
    assert (sorted(came) or begun, stopping) == (sorted(begun), [3])
    assert len(begun) == 3
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_block_that_is_left_late_takes_no_interrupt_away() -> None:
    """As where it is left by the garbage collector, while another one is open; nor does it keep one then."""
    late = interrupts()
    late.__enter__()
    with interrupts() as pressed:
        late.__exit__(None, None, None)
        os.kill(os.getpid(), signal.SIGINT)
        assert pressed == [signal.SIGINT]
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_a_block_that_is_left_in_another_thread_keeps_no_interrupt() -> None:
    """The garbage collector runs in any thread, and only the main one may set a handler."""
    late = interrupts()
    late.__enter__()
    errors: list[BaseException] = []

    def leave() -> None:
        try:
            late.__exit__(None, None, None)
        except ValueError as error:
            errors.append(error)

    thread = threading.Thread(target=leave)
    thread.start()
    thread.join()
    assert not errors
    with interrupts() as pressed:
        os.kill(os.getpid(), signal.SIGINT)
        assert pressed == [signal.SIGINT]
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_a_second_interrupt_leaves_at_once() -> None:
    """Nobody waits for a server that does not answer."""
    let_go = threading.Event()
    began = time.monotonic()

    def work(_: Job[int]) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        let_go.wait(FOREVER)

    pool: WorkerPool[int, None] = WorkerPool(
        range(2), work, FixedWidth(1), on_stop=lambda _: os.kill(os.getpid(), signal.SIGINT)
    )
    with pool, pytest.raises(KeyboardInterrupt):
        list(pool)
    assert time.monotonic() - began < PATIENCE
    let_go.set()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_leaving_early_begins_nothing_more() -> None:
    """Whoever takes the results may fail too."""
    begun: list[int] = []

    def work(job: Job[int]) -> int:
        begun.append(job.item)
        time.sleep(0.005)
        return job.item

    with pytest.raises(ZeroDivisionError), WorkerPool(range(1000), work, FixedWidth(2)) as pool:
        next(1 // item for item in pool if item == 0)
    time.sleep(0.05)
    assert len(begun) < 10
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_cancels_what_each_is_at() -> None:
    """Calls whose answer no longer matters are not waited for."""

    def work(item: int, deadline: Deadline) -> int:
        if item == 1:
            os.kill(os.getpid(), signal.SIGINT)
        deadline.sleep(FOREVER)
        return item

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        each(range(8), work, width=4, seconds=FOREVER)
    assert time.monotonic() - began < PATIENCE
