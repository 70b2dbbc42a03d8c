"""What is read from a page of a PDF: words, lines of words, and what was noticed.

All lengths are in points (1/72 inch), in a page turned upright, with y growing upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

Box = tuple[float, float, float, float]  # left, bottom, right, top


class Word(NamedTuple):
    """A run of characters without white space, and its left and right end."""

    text: str
    left: float
    right: float


class LineFields(NamedTuple):
    """What a line is made of: see `PdfLine`."""

    words: tuple[Word, ...]
    bottom: float
    top: float
    bold: bool
    hyphen: bool
    turned: int = 0


class PdfLine(LineFields):
    """Words on one base line. `hyphen` is True where pdfium saw a word broken at the end of the line.

    Text that is set sideways on the page is turned upright and put below the page, at negative heights;
    `turned` says by how many degrees (counterclockwise) it stands on the page. Typed notes stand there too.

    What follows from its fields is asked for many times, and worked out once.
    """

    @cached_property
    def text(self) -> str:
        """The words with one space between, and the hyphen that pdfium took away."""
        return " ".join([word[0] for word in self.words]) + ("-" if self.hyphen else "")

    @cached_property
    def left(self) -> float:
        """Where the first word starts."""
        return self.words[0].left

    @cached_property
    def right(self) -> float:
        """Where the last word ends."""
        return self.words[-1].right

    @cached_property
    def widest_gap(self) -> float:
        """The most white between two of its words; 0 for one word."""
        return max([b.left - a.right for a, b in pairwise(self.words)], default=0.0)

    @cached_property
    def size(self) -> float:
        """The height of its letters, ascent and descent included."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class PageLines:
    """What stands on one page: its lines in the order of the file, and what was noticed."""

    lines: tuple[PdfLine, ...]
    hidden: int = 0  # words left out, for nobody can see them
    layered: int = 0  # words left out, for their layer is switched off
    pictures: bool = False  # looked for only where a page has few words, or text that is drawn invisibly
    picture_only: bool = False  # one picture covers the page, but for a few words such as a scanner's stamp
    scanned: bool = False  # the text is the text layer of a scan
    confidences: tuple[int, ...] = ()  # in percent, of each word, where the page was read by OCR
    unmapped: int = 0  # characters that the file's fonts give no letter for
    comments: int = 0  # typed notes, which stand after the page
    files: tuple[str, ...] = ()  # attached to the page
    unread: int = 0  # stamps and signatures, whose text is drawn
