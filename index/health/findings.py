"""What a check gives: one line on what it looked at, and what to do if something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

State = Literal["ok", "note", "wrong"]
# Told what is being looked at, and how much of how much of it is done; None: that is not known.
Progress: TypeAlias = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What the check of that name found, in a line: a "note" is worth knowing, and nothing is wrong.

    `advice` is what to do, and `repair` says that a repair does it. `names` are the sources or files that it
    is about.
    """

    check: str
    state: State
    text: str
    advice: str = ""
    names: tuple[str, ...] = ()
    repair: bool = False


def counted(number: int, what: str) -> str:
    """`1,200 chunks`, `1 chunk`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
