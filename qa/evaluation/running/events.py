"""The progress events of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from qa.evaluation.judging.judge_records import Unjudged
from qa.evaluation.running.cost_estimate import Expected
from qa.evaluation.sets.authoring.with_model import Tried
from qa.evaluation.types import Record, Verdict


@dataclass(frozen=True, slots=True)
class Estimated:
    """What the run would cost; nothing was asked yet."""

    expected: Expected


@dataclass(frozen=True, slots=True)
class Started:
    """The run has begun: of `total` records, `done` are there already."""

    total: int
    done: int


@dataclass(frozen=True, slots=True)
class RecordFinished:
    """A question has its record, which is kept."""

    record: Record


@dataclass(frozen=True, slots=True)
class Judged:
    """A record has its verdict, which is kept, or could not be judged; `total` are to be judged in all."""

    verdict: Verdict | Unjudged
    total: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The server wants to be left alone for so many seconds."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Stopping:
    """Nothing further is asked; so many are being asked and waited for. ^C leaves at once."""

    in_flight: int


@dataclass(frozen=True, slots=True)
class DraftTried:
    """A question was drafted, or rejected."""

    tried: Tried


Event: TypeAlias = Estimated | Started | RecordFinished | Judged | Waiting | Stopping | DraftTried
OnEvent = Callable[[Event], None]
