"""Excerpts of sources for a page: each stretch of text once, however many questions look at it.

Citations and gold come with the text around them, most of it again and again. Stretches of one source that
overlap become one piece; a question then shows a window of it with its marks. Positions are counted as a
browser counts them, in UTF-16 units of the text as it is shown (`qa.output.text.clean`). Knows no questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from qa.output.text import clean


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
class _Stretch:
    source: str
    start: int
    text: str

    def takes(self, other: Excerpt) -> bool:
        """Join `other` to the end if it overlaps or adjoins this piece and says the same where both lie."""
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
        pieces: list[_Stretch] = []
        self._homes: dict[Excerpt, int] = {}
        ordered = sorted(set(excerpts), key=lambda one: (one.source, one.start, one.text))
        for one in ordered:
            first = len(pieces)
            while first and pieces[first - 1].source == one.source and len(pieces) - first < 4:
                first -= 1
            home = next((n for n in range(len(pieces) - 1, first - 1, -1) if pieces[n].takes(one)), None)
            if home is None:
                home = len(pieces)
                pieces.append(_Stretch(one.source, one.start, one.text))
            self._homes[one] = home
        self._pieces = pieces
        self.texts = tuple(clean(piece.text) for piece in pieces)
        self._places = tuple(_places(piece.text) for piece in pieces)

    def window(self, one: Excerpt, start: int, end: int) -> Window:
        """The characters [start, end) of `one`'s source, which lie within `one`, as a browser counts them."""
        home = self._homes[one]
        places, first = self._places[home], self._pieces[home].start
        return Window(home, _place(places, start - first), _place(places, end - first))


def joined(windows: Iterable[Window]) -> list[Window]:
    """The windows with those that overlap or adjoin made one, in the order of pieces and positions."""
    found: list[Window] = []
    for one in sorted(windows, key=lambda one: (one.piece, one.start)):
        last = found[-1] if found else None
        if last and last.piece == one.piece and one.start <= last.end:
            found[-1] = Window(last.piece, last.start, max(last.end, one.end))
        else:
            found.append(one)
    return found


def _places(text: str) -> Sequence[int] | None:
    """Where each character, and the end, stands in the text as shown; None where nothing moves."""
    if max(text, default="") <= "\uffff" and clean(text) == text:
        return None
    following = (*text[1:], "")
    sizes = (
        0 if character == "\r" and after == "\n" else len(clean(character).encode("utf-16-le")) // 2
        for character, after in zip(text, following, strict=True)
    )
    return list(accumulate(sizes, initial=0))


def _place(places: Sequence[int] | None, at: int) -> int:
    return at if places is None else places[at]
