"""What reading one file may take: each limit is a setting, and whatever exceeds one names it.

The process that reads is held to memory and seconds from outside. A reader asks `limits_now` for the others,
which are those of the file that is being read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from index.errors import ReadError

SECONDS_PER_MB = 1.0  # more for large files
BY_THE_CLOCK = 5.0  # times as long: other programs take their share of the processor


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take.

    `memory` is bytes of the process that reads, `seconds` its time on a processor, to which come
    `SECONDS_PER_MB`; `unpacked` bytes that archives in the file may unpack to; `depth` how many elements may
    stand in each other; `cells` how many its tables may have.
    """

    memory: int = 1_000_000_000
    seconds: int = 60
    unpacked: int = 200_000_000
    depth: int = 10_000
    cells: int = 20_000_000

    def seconds_for(self, size: int) -> float:
        """Seconds on a processor that a file of `size` bytes may take."""
        return self.seconds + SECONDS_PER_MB * size / 1e6


DEFAULT_LIMITS = Limits()
_limits: ContextVar[Limits] = ContextVar("limits", default=DEFAULT_LIMITS)


def limits_now() -> Limits:
    """The limits of the file that is being read."""
    return _limits.get()


@contextmanager
def within(limits: Limits) -> Iterator[None]:
    """For as long as it lasts, these are the limits."""
    before = _limits.set(limits)
    try:
        yield
    finally:
        _limits.reset(before)


def how_to_raise(setting: str) -> str:
    """What is said behind a limit that a file exceeds."""
    return f"(raise {setting} to read it)"


def too_long(seconds: float) -> str:
    """Why a file was given up after so many seconds."""
    return f"it took longer than {seconds:.0f} s {how_to_raise('read_seconds')}"


def too_much_memory(limit: int) -> str:
    """Why a file was given up that needs more than `limit` bytes of memory."""
    return f"it needs more than {limit / 1e6:,.0f} MB of memory {how_to_raise('read_memory')}"


def too_deep() -> ReadError:
    """The error of a file whose elements stand too deep in each other."""
    return ReadError(
        f"more than {limits_now().depth:,} elements stand in each other {how_to_raise('max_depth')}",
        "open it in the program that it is for, and save what that shows as PDF",
    )


def too_many_cells() -> ReadError:
    """The error of a file whose tables have too many cells."""
    return ReadError(
        f"more than {limits_now().cells:,} cells {how_to_raise('max_cells')}", "split it into smaller files"
    )
