"""Excerpts of sources for the page, each stretch of text stored once.

Citations and gold come with the text around them, most of it again and again. Stretches of one source that
overlap become one piece; a question then shows a window of it with its marks. Positions are counted as a
browser counts them, in UTF-16 units of the text as it is shown (`qa.output.text.clean`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from qa.output.text import clean

_TRIED = 4  # pieces that an excerpt may be joined to


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text as it stands in a source from `start` on: what was cited (or is gold) and what surrounds it."""

    source: str
    start: int
    text: str

    @property
    def end(self) -> int:
        """Where the excerpt ends in its source."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a piece as a browser counts: `piece[start:end]`."""

    piece: int
    start: int
    end: int


@dataclass(slots=True)
class _TextPiece:
    """Overlapping excerpts of one source as one text, which grows at its end."""

    source: str
    start: int
    text: str

    def try_join(self, other: Excerpt) -> bool:
        """Append `other`; False if it is apart from this piece, or reads differently where both lie."""
        at = other.start - self.start
        if not 0 <= at <= len(self.text):
            return False
        common = min(len(self.text) - at, len(other.text))
        if self.text[at : at + common] != other.text[:common]:
            return False
        self.text += other.text[common:]
        return True


class Pieces:
    """The pieces that a collection of excerpts is made of, in the order of sources and positions.

    `texts` are as they are shown. Excerpts of one source that contradict each other (the source changed
    between two runs) are kept apart.
    """

    def __init__(self, excerpts: Iterable[Excerpt]) -> None:
        pieces: list[_TextPiece] = []
        self._piece_of: dict[Excerpt, int] = {}
        ordered = sorted(set(excerpts), key=lambda excerpt: (excerpt.source, excerpt.start, excerpt.text))
        for excerpt in ordered:
            # Only the last few pieces of the source are tried: excerpts come in order, and more than one
            # piece can lie at one place only where readings of the source differ.
            first = len(pieces)
            while first and pieces[first - 1].source == excerpt.source and len(pieces) - first < _TRIED:
                first -= 1
            number = next(
                (n for n in range(len(pieces) - 1, first - 1, -1) if pieces[n].try_join(excerpt)), None
            )
            if number is None:
                number = len(pieces)
                pieces.append(_TextPiece(excerpt.source, excerpt.start, excerpt.text))
            self._piece_of[excerpt] = number
        self._pieces = pieces
        self.texts = tuple(clean(piece.text) for piece in pieces)
        self._positions = tuple(_positions(piece.text) for piece in pieces)

    def window(self, excerpt: Excerpt, start: int, end: int) -> Window:
        """The characters [start, end) of the excerpt's source, which lie within it, as a browser counts."""
        number = self._piece_of[excerpt]
        positions, first = self._positions[number], self._pieces[number].start
        return Window(number, _position(positions, start - first), _position(positions, end - first))


def merged(windows: Iterable[Window]) -> list[Window]:
    """The windows with those that overlap or adjoin made one, in the order of pieces and positions."""
    merged_windows: list[Window] = []
    for window in sorted(windows, key=lambda window: (window.piece, window.start)):
        last = merged_windows[-1] if merged_windows else None
        if last and last.piece == window.piece and window.start <= last.end:
            merged_windows[-1] = Window(last.piece, last.start, max(last.end, window.end))
        else:
            merged_windows.append(window)
    return merged_windows


def _positions(text: str) -> Sequence[int] | None:
    """The position of each character, and of the end, in the text as shown; None where all are equal."""
    if max(text, default="") <= "\uffff" and clean(text) == text:
        return None
    following = (*text[1:], "")
    sizes = (  # in UTF-16 units; of "\r\n" only the "\n" is shown
        0 if character == "\r" and after == "\n" else len(clean(character).encode("utf-16-le")) // 2
        for character, after in zip(text, following, strict=True)
    )
    return list(accumulate(sizes, initial=0))


def _position(positions: Sequence[int] | None, at: int) -> int:
    return at if positions is None else positions[at]
