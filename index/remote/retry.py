"""The retry policy (attempts, delays, total time) and the loop that applies it.

Every client below is told not to retry by itself: layers multiply, and each has a clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from index.concurrency.deadline import Deadline
from index.errors import ModelError

T = TypeVar("T")

DEFAULT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long and how often a call is tried: `seconds` in all, at most `requests`, `pause` seconds apart.

    The second pause is twice as long, unless the server says how long to wait. `on_wait` is told of each.
    """

    seconds: float = DEFAULT_SECONDS
    requests: int = 3
    pause: float = 0.5
    on_wait: Callable[[ModelError, float], None] | None = None


DEFAULT_POLICY = RetryPolicy()


def call_with_retries(attempt: Callable[[], T], deadline: Deadline, policy: RetryPolicy) -> T:
    """What `attempt` gives, tried again while its failure is one that may pass.

    Raises the last `ModelError`: after `error.requests` tries of that kind, or as soon as the wait that the
    server asks for would end after the deadline.
    """
    for tries in count(1):
        try:
            return attempt()
        except ModelError as error:
            failure = error
        if not failure.retryable or tries >= min(policy.requests, failure.requests):
            break
        wait = policy.pause * 2 ** (tries - 1) if failure.retry_after is None else failure.retry_after
        if wait >= deadline.left():
            break
        if wait and policy.on_wait is not None:
            policy.on_wait(failure, wait)
        deadline.sleep(wait)
    raise failure.after(tries)
