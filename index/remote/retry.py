"""The retry policy (attempts, delays, time-out) and the loop that applies it.

Every client below is told not to retry by itself: layers multiply, and each has a clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from index.concurrency.deadline import Deadline
from index.errors import ModelError, MoreToThink, OptionRefused, TooSlow

T = TypeVar("T")

DEFAULT_SECONDS = 60.0
MORE_TIME = "try again, or allow more time for an answer"
MOST_CHANGES = 16  # of a request that is made again in another way; there are not so many options


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long and how often a call is tried: at most `requests` times, `pause` seconds apart.

    `seconds` is the longest silence: an answer has to begin within it, with all its tries, and each piece to
    follow within it on the last. The second pause is twice as long, unless the server says how long to wait.
    `on_wait` is told of each.
    """

    seconds: float = DEFAULT_SECONDS
    requests: int = 3
    pause: float = 0.5
    on_wait: Callable[[ModelError, float], None] | None = None


DEFAULT_POLICY = RetryPolicy()


def call_with_retries(attempt: Callable[[], T], deadline: Deadline, policy: RetryPolicy) -> T:
    """What `attempt` gives, tried again while its failure is one that may pass.

    A request that was refused for how it was made, and is made otherwise at once, counts as no try: each time
    there is one option less to refuse. Raises the last `ModelError`: after `error.requests` tries of that
    kind, or as soon as the wait that the server asks for would end after the deadline.
    """
    tries = changes = 0
    while True:
        try:
            return attempt()
        except ModelError as error:
            failure = error
        if isinstance(failure, OptionRefused | MoreToThink) and changes < MOST_CHANGES:
            changes += 1
            deadline.renew()  # it has answered
            continue
        tries += 1
        if not failure.retryable or tries >= min(policy.requests, failure.requests):
            break
        wait = policy.pause * 2 ** (tries - 1) if failure.retry_after is None else failure.retry_after
        if wait >= deadline.left():
            break
        if wait and policy.on_wait is not None:
            policy.on_wait(failure, wait)
        deadline.sleep(wait)
    raise failure.after(tries + changes)


def too_slow(name: str, deadline: Deadline, *, begun: bool = False) -> TooSlow:
    """The error for `name`, who let `deadline` pass; `begun` says that something had come before."""
    what = "sent no more of the answer" if begun else "gave no answer"
    return TooSlow(f"{name} {what} within {deadline.seconds:g} s (QA_TIMEOUT)", MORE_TIME, option="timeout")
