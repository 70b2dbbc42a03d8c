"""An answer on a terminal while it is being written: whole words, wrapped, made harmless, markers coloured.

Knows columns, and the line of what is missing, which is told below the answer. What it has shown in the end
is what `qa.output.answer_text` shows of the same text at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.output.text import cells, printable, wrap

if TYPE_CHECKING:
    from qa.output.console import Console

_MARKER = re.compile(r"\[[0-9]{1,4}\]")
_MISSING = re.compile(r"[\W_]*MISSING[*_]*[:：].*")


class LiveText:
    """Shows text as it comes; call it with each piece, then `end` it. Words appear when they are whole.

    A text without spaces appears line by line.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._word = ""
        self._column = 0
        self._blank = 0  # line ends since the last word
        self._shown = False
        self._line_start = True
        self._left_out = False  # whether the rest of this line is not shown

    def __call__(self, text: str) -> None:
        """Take the next piece."""
        for part in re.split(r"(\s)", text):
            if not part.isspace():
                self._word += part
                continue
            self._put()
            if part == "\n":
                self._blank += self._shown
                self._line_start, self._left_out = True, False
        if cells(self._word) > self._console.width:
            self._put(whole=False)
        self._console.out.flush()

    def end(self) -> bool:
        """Show what was held back, and end the line. True if there was anything to show."""
        self._put()
        if self._shown:
            self._console.print("")
        return self._shown

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
        out.write(_MARKER.sub(lambda found: self._console.paint(found[0], "cyan"), piece))
        self._column += size
        self._shown = True
