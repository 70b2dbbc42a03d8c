"""Streams an answer to a terminal: wrapped by words, escaped, citation markers coloured.

What it has shown in the end is what `qa.output.answer_text` shows of the same text at once. The line of what
is missing is left out: it is shown below the answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from qa.output.text import cells, printable, wrap
from qa.types import THOUGHT_ENDS, StreamEvent, TextDelta, TextEnd

if TYPE_CHECKING:
    from qa.output.console import Console

_MARKER = re.compile(r"\[[0-9]{1,3}\]")
_MISSING = re.compile(r"[\W_]*MISSING[*_]*[:：].*")


class LiveText:
    """Shows text as it comes: call it with each event within `with`, which ends the last line.

    Words appear when they are whole, a text without spaces line by line. `shown` says whether there was
    anything to show.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._word = ""
        self._column = 0
        self._blank = 0  # line ends since the last word
        self.shown = False
        self._line_start = True
        self._left_out = False  # whether the rest of this line is not shown

    def __call__(self, event: StreamEvent) -> None:
        """Take the next event; text that is retracted stands there already, and gets an end mark."""
        if isinstance(event, TextEnd):
            self._put()
            self._console.out.flush()
            return
        text = event.text if isinstance(event, TextDelta) else THOUGHT_ENDS
        for part in re.split(r"(\s)", text):
            if not part.isspace():
                self._word += part
                continue
            self._put()
            if part == "\n":
                self._blank += self.shown
                self._line_start, self._left_out = True, False
        if cells(self._word) > self._console.width:
            self._put(whole=False)
        self._console.out.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._put()  # what was held back
        if self.shown:
            self._console.print("")

    def _put(self, *, whole: bool = True) -> None:
        """The word that came, where it fits; one that is not `whole` as far as it fills lines of its own."""
        pieces = wrap(printable(self._word), self._console.width)
        if pieces and self._line_start:
            self._line_start, self._left_out = False, bool(_MISSING.fullmatch(self._word))
        self._word = "" if whole else pieces.pop()
        if not self._left_out:
            for piece in pieces:
                self._place(piece)

    def _place(self, piece: str) -> None:
        self._console.clear_status()
        out, size = self._console.out, cells(piece)
        if self._blank:
            out.write("\n" * min(self._blank, 2))
            self._column = self._blank = 0
        elif self._column + 1 + size > max(self._console.width, 8):
            out.write("\n" if self._column else "")
            self._column = 0
        if self._column:
            out.write(" ")
            self._column += 1
        out.write(_MARKER.sub(lambda marker: self._console.paint(marker[0], "cyan"), piece))
        self._column += size
        self.shown = True
