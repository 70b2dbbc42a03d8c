"""Streams an answer to a terminal, which in the end shows what it would show of the text at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from qa.output.answers.prose import ProseWriter
from qa.types import THOUGHT_ENDS, StreamEvent, TextDelta, TextEnd

if TYPE_CHECKING:
    from qa.output.console import Console


class LiveText:
    """Shows text as it comes: call it with each event within `with`, which ends the last line.

    `shown` says whether there was anything to show.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._writer = ProseWriter(console.width, colour=console.colour)

    @property
    def shown(self) -> bool:
        """Whether anything stands on the screen."""
        return self._writer.filled

    def __call__(self, event: StreamEvent) -> None:
        """Take the next event; text that is retracted stands there already, and gets an end mark."""
        if isinstance(event, TextEnd):  # the last word waits for no check
            self._write(self._writer.close())
        else:
            self._write(self._writer.feed(event.text if isinstance(event, TextDelta) else THOUGHT_ENDS))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write(self._writer.close())  # what was held back
        if self.shown:
            self._console.print("")

    def _write(self, text: str) -> None:
        if text:
            self._console.clear_status()
            self._console.out.write(text)
            self._console.out.flush()
