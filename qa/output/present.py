"""An answer told to a person: at once or while it is written, and what to know of it besides.

Knows the screen and when an answer is whole. Does not know how answers are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from qa.output.answer_text import EXTRACTIVE_NOTE, to_text
from qa.output.streaming import LiveText
from qa.output.text import printable
from qa.output.usage import HOW_TO_CONNECT

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.errors import ModelError
    from qa.output.console import Console
    from qa.types import Answer


class Ask(Protocol):
    """Asks a question; `show` is given a model's answer as it comes, None gets it whole."""

    def __call__(self, *, show: Callable[[str], None] | None) -> Answer:
        """The answer, once it is whole."""


def present(ask: Ask, console: Console, *, stream: bool) -> Answer:
    """Ask, and show the answer with its sources; with `stream`, its text as soon as it is written."""
    live = LiveText(console)
    try:
        answer = ask(show=live if stream else None)
    finally:
        streamed = live.end()
    if streamed and answer.status == "abstained":
        console.print("")
    console.print(to_text(answer, console.width, colour=console.colour, streamed=streamed))
    return answer


def waiting(console: Console, error: ModelError, seconds: float) -> None:
    """Tell a person at a terminal why nothing happens."""
    console.hint(f"{printable(error.cause)}; asking again in {seconds:.0f} s ...")


def hint(answer: Answer, *, connect: bool) -> str | None:
    """What to know of an answer that no model wrote; with `connect`, also how to have one write it."""
    if answer.mode != "extractive":
        return None
    notes = [EXTRACTIVE_NOTE] if answer.status != "abstained" else []
    return "\n".join(notes + [HOW_TO_CONNECT] * connect) or None
