"""What is read from a page of a PDF: words, lines of words, and what was noticed.

All lengths are in points (1/72 inch), in a page turned upright, with y growing upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.types import HiddenBy

T = TypeVar("T")
Box = tuple[float, float, float, float]  # left, bottom, right, top


class Word(NamedTuple):
    """A run of characters without white space, and its left and right end."""

    text: str
    left: float
    right: float


class _Once(Generic[T]):
    """What is worked out of a line when it is first asked for, and kept.

    `functools.cached_property` takes a lock before Python 3.12, which costs more than the work.
    """

    def __init__(self, work: Callable[[PdfLine], T]) -> None:
        self.work = work
        self.__doc__ = work.__doc__

    def __get__(self, line: PdfLine, _: type[PdfLine]) -> T:
        value: T = self.work(line)
        line.__dict__[self.work.__name__] = value
        return value


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

    @_Once
    def text(self) -> str:
        """The words with one space between, and the hyphen that pdfium took away."""
        return " ".join([word[0] for word in self.words]) + ("-" if self.hyphen else "")

    @_Once
    def left(self) -> float:
        """Where the first word starts."""
        return self.words[0].left

    @_Once
    def right(self) -> float:
        """Where the last word ends."""
        return self.words[-1].right

    @_Once
    def widest_gap(self) -> float:
        """The most white between two of its words; 0 for one word."""
        return max([after[1] - before[2] for before, after in pairwise(self.words)], default=0.0)

    @_Once
    def size(self) -> float:
        """The height of its letters, ascent and descent included."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class PageLines:
    """What stands on one page: its lines in the order of the file, and what was noticed."""

    lines: tuple[PdfLine, ...]
    hidden: tuple[tuple[str, HiddenBy], ...] = ()  # words left out, for nobody can see them
    pictures: bool = False  # looked for only where a page has few words, or text that is drawn invisibly
    picture_only: bool = False  # one picture covers the page, but for a few words such as a scanner's stamp
    scanned: bool = False  # the text is the text layer of a scan
    confidences: tuple[int, ...] = ()  # in percent, of each word, where the page was read by OCR
    unmapped: int = 0  # characters that the file's fonts give no letter for
    comments: int = 0  # typed notes, which stand after the page
    files: tuple[str, ...] = ()  # attached to the page
    unread: int = 0  # stamps and signatures, whose text is drawn
