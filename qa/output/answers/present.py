"""Shows an answer on the terminal, with sources and notes, whether or not it was streamed before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.output.answers.terminal import EXTRACTIVE_NOTE, to_text
from qa.output.answers.usage import HOW_TO_CONNECT
from qa.output.text import printable

if TYPE_CHECKING:
    from index.errors import ModelError
    from qa.output.console import Console
    from qa.types import Answer


def present(answer: Answer, console: Console, *, streamed: bool = False) -> None:
    """Show an answer with its sources; only what stands below its text if that was `streamed` already."""
    if streamed and answer.status == "abstained":
        console.print("")
    console.print(to_text(answer, console.width, colour=console.colour, streamed=streamed))


def waiting(console: Console, error: ModelError, seconds: float) -> None:
    """A line for a person at a terminal that says why nothing happens."""
    console.hint(f"{printable(error.cause)}; asking again in {seconds:.0f} s ...")


def hint(answer: Answer, *, connect: bool) -> str | None:
    """What to know of an answer that no model wrote; with `connect`, also how to have one write it."""
    if answer.mode != "extractive":
        return None
    notes = [EXTRACTIVE_NOTE] if answer.status != "abstained" else []
    return "\n".join(notes + [HOW_TO_CONNECT] * connect) or None
