"""A model's text laid out for a terminal as it comes: words wrapped, lists indented, bold shown.

However it is cut into pieces, the same is shown. The line of what is missing is left out: it is shown below
the answer.
"""

from __future__ import annotations

import re
from collections.abc import Container

from qa.output.text import cells, paint, printable, wrap

MARKER = re.compile(r"\[([0-9]{1,4})\]")
_MISSING = re.compile(r"[\W_]*MISSING[*_]*[:：].*")
_BULLET = re.compile(r"[-*+•–]|\d{1,3}[.)]")
_HEADING = re.compile(r"#{1,6}")
# Words in bold begin with two stars; they end with two, before punctuation or a marker of ours.
_OPENS, _CLOSES = re.compile(r"(\W*?)\*\*(?=[^\s*])"), re.compile(r"(?<=[^\s*])\*\*(?=\W*$|\W*\[\d+\]\W*$)")
_DEEPEST = 8  # columns that a list within a list is moved to the right, at most


class ProseWriter:
    """Gives what to write for each piece of a text; `close` gives the rest.

    Words appear when they are whole, a text without spaces line by line. `filled` says whether anything was
    written. Markers are in colour if their numbers are in `numbers`; all of them if that is None.
    """

    def __init__(self, width: int, *, colour: bool, numbers: Container[int] | None = None) -> None:
        self._numbers = numbers
        self._width = max(width, 20)  # columns, as of any console
        self._colour = colour
        self._word = ""
        self._column = 0
        self._blank = 0  # line ends since the last word
        self._spaces = 0  # before the first word of a line
        self._indent = 0  # of the lines that a list item goes on in
        self._line_start = True
        self._left_out = self._bold = self._heading = False
        self._code = self._fenced = False
        self.filled = False

    def feed(self, text: str) -> str:
        """What can be written after the next piece: all but the last word, which may go on."""
        written = ""
        for part in re.split(r"(\s)", text):
            if not part.isspace():
                self._word += part
                continue
            written += self._put()
            if part == "\n":
                self._blank += self.filled
                self._line_start, self._left_out, self._heading, self._spaces = True, False, False, 0
                self._code = False
            elif self._line_start:
                self._spaces = min(self._spaces + 1, _DEEPEST)
        if "*" not in self._word and cells(self._word) > self._width:
            written += self._put(whole=False)
        return written

    def close(self) -> str:
        """The last word."""
        return self._put()

    def _put(self, *, whole: bool = True) -> str:
        """The word that came, where it fits; one that is not `whole` as far as it fills lines of its own."""
        word = self._word
        if not word:
            return ""
        if self._line_start and whole and _HEADING.fullmatch(word):  # a heading: its sign is not shown
            self._word, self._line_start, self._heading, self._indent = "", False, True, 0
            return ""
        begins = self._line_start
        in_code = self._is_code(word, begins=begins)
        if begins:
            self._line_start, self._left_out = False, bool(_MISSING.fullmatch(word))
            self._begin_line(word)
        shown, bold, after = self._emphasis(word) if whole else (word, self._bold, self._bold)
        pieces = wrap(printable(shown), self._width - (self._spaces if begins else self._indent))
        self._word = "" if whole else pieces.pop()
        self._bold = after
        if self._left_out:
            return ""
        strong = bold or self._heading
        return "".join(self._place(piece, bold=strong, code=in_code) for piece in pieces)

    def _is_code(self, word: str, *, begins: bool) -> bool:
        """Whether a word is code, in which `[1]` is no marker, and whether the next one will be."""
        ticks = len(re.findall(r"`+", word))
        before = self._code or self._fenced
        if begins and word.startswith(("```", "~~~")):
            self._fenced = not self._fenced
        elif ticks % 2:
            self._code = not self._code
        return before or bool(ticks)

    def _begin_line(self, word: str) -> None:
        """How far the lines that follow are indented, if this one begins an item of a list."""
        item = bool(_BULLET.fullmatch(word))
        self._spaces = min(self._spaces, self._width // 2 - 4) if item else 0
        self._indent = self._spaces + cells(word) + 1 if item else 0

    def _emphasis(self, word: str) -> tuple[str, bool, bool]:
        """A word without its stars, whether it is bold, and whether the next one is."""
        bold = self._bold
        if not bold and (opened := _OPENS.match(word)):
            word, bold = word[: opened.end(1)] + word[opened.end() :], True
        after = bold
        if bold and (closed := _CLOSES.search(word)):
            word, after = word[: closed.start()] + word[closed.end() :], False
        return word, bold, after

    def _place(self, piece: str, *, bold: bool, code: bool) -> str:
        size, before = cells(piece), ""
        if self._blank or not self.filled:
            before = "\n" * min(self._blank, 2) + " " * self._spaces
            self._column, self._blank = self._spaces, 0
        elif self._column + 1 + size > self._width:
            before = "\n" + " " * self._indent
            self._column = self._indent
        elif self._column:
            before = " "
            self._column += 1
        self._column += size
        self.filled = True
        return before + self._painted(piece, bold=bold, code=code)

    def _painted(self, piece: str, *, bold: bool, code: bool) -> str:
        """A piece in colour: markers in their own."""
        if not self._colour:
            return piece
        parts, end = [], 0
        for marker in () if code else MARKER.finditer(piece):
            if self._numbers is not None and int(marker[1]) not in self._numbers:
                continue
            parts += [
                self._text(piece[end : marker.start()], bold=bold),
                paint(marker[0], "cyan", colour=True),
            ]
            end = marker.end()
        return "".join([*parts, self._text(piece[end:], bold=bold)])

    def _text(self, text: str, *, bold: bool) -> str:
        return paint(text, "bold", colour=True) if bold and text else text


def prose_lines(text: str, width: int, *, colour: bool, numbers: Container[int]) -> list[str]:
    """A whole text as lines; `numbers` are those of its citations."""
    writer = ProseWriter(width, colour=colour, numbers=numbers)
    return (writer.feed(text.strip()) + writer.close()).split("\n")
