"""The characters of a PDF page as pdfium counts them: their codes and boxes, as arrays."""

from __future__ import annotations

import ctypes
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from index.readers.pdf.content.native import handle_of, native

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Boxes = NDArray[np.float32]  # a row for each: left, bottom, right, top
    Indices = NDArray[np.intp]
    Flags = NDArray[np.bool_]
    Addresses = NDArray[np.uintp]

LEFTWARD = 0x590  # the first code of the scripts that are written from right to left
_LEFTWARD_END = 0x900
_SIGNS, _SIGNS_END = 0x2000, 0x2E80  # dashes, quotes, currencies, arrows, bullets
_FORMS, _FORMS_END = 0xFB1D, 0xFF00  # Hebrew and Arabic letters as they are shown
HYPHEN = 0xFFFE  # what pdfium puts where it took away a hyphen at the end of a line


@dataclass(frozen=True, slots=True)
class Characters:
    """Characters in the order of the text. One beyond U+FFFF may be two surrogates, each with its box.

    `turned` holds the direction of each character's text, in degrees counterclockwise.
    """

    codes: Codes
    space: Flags  # white space and whatever ends a line
    boxes: Boxes
    index: Indices  # by which pdfium knows each of them
    turned: NDArray[np.int16]

    def take(self, which: Flags | Indices) -> Characters:
        """Some of them, in the order given."""
        return Characters(
            self.codes[which], self.space[which], self.boxes[which], self.index[which], self.turned[which]
        )

    def rearranged(self, which: Indices, before: Sequence[int] | Indices) -> Characters:
        """Those at the places `which`, with a space more before each of the places `before`."""
        import numpy as np

        order = np.sort(np.concatenate((which, np.asarray(before, float) - 0.5)))
        result = self.take(np.ceil(order).astype(np.intp))
        added = order != np.floor(order)
        result.codes[added], result.space[added] = 0x20, True
        return result

    def text(self) -> str:
        """A code point for each; white space that ends no line is a space."""
        return self.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


class Drawn(NamedTuple):
    """The characters of a page, where its words start and end, and what draws both ends of each."""

    characters: Characters
    starts: Indices
    ends: Indices
    first: Addresses  # of the text object of the first character; 0 for none
    last: Addresses


@dataclass(slots=True)
class CharacterReader:
    """Reads the characters of one page after another into the same memory."""

    _size: int = 0
    _boxes: ctypes.Array[ctypes.c_float] = field(default_factory=ctypes.c_float * 0)
    _places: list[object] = field(default_factory=list)  # of each box, as pdfium takes it

    def read(self, text_page: object, count: int) -> Drawn:
        """All characters of a page, in the axes of the file.

        White space has no boxes. Where one text object draws a whole word, only the boxes of both ends are
        asked for, and the letters between are spread evenly: within an object they have one size and no gaps.
        """
        import numpy as np

        handle = handle_of(text_page)
        codes = _codes(text_page, handle, count)
        space = _spaces(codes)
        starts, ends = spans(space)
        first = drawn_by(handle, starts)
        last = _last_drawn(handle, first, ends)
        boxes = np.zeros((count, 4), np.float32)
        whole = (first == last) & (ends - starts > 2) & _is_even(codes, space, starts)
        both = np.concatenate((starts[whole], ends[whole] - 1))
        boxes[both] = self._ask(handle, both.tolist())
        head, tail = boxes[starts[whole]], boxes[ends[whole] - 1]
        whole[whole] = (head[:, 0] < tail[:, 0]) & (np.abs(head[:, 1] - tail[:, 1]) < 0.01)
        rest = np.flatnonzero(~space)[np.repeat(~whole, ends - starts)]
        boxes[rest] = self._ask(handle, rest.tolist())
        _spread(boxes, starts[whole], (ends - starts)[whole])
        characters = Characters(codes, space, boxes, np.arange(count), np.zeros(count, np.int16))
        return Drawn(characters, starts, ends, first, last)

    def _ask(self, handle: ctypes.c_void_p, indices: list[int]) -> Boxes:
        """The boxes of some characters."""
        import numpy as np

        count = len(indices)
        if count > self._size:
            self._size = max(count, 2 * self._size)
            self._boxes = (ctypes.c_float * (4 * self._size))()
            self._places = [ctypes.byref(self._boxes, 16 * at) for at in range(self._size)]
        deque(map(native().loose_box, repeat(handle), indices, self._places), maxlen=0)
        rows = np.frombuffer(memoryview(self._boxes), np.float32, 4 * count).reshape(count, 4)
        boxes: Boxes = rows[:, (0, 3, 2, 1)]
        return boxes


def _is_even(codes: Codes, space: Flags, starts: Indices) -> Flags:
    """True for words of letters that stand side by side from left to right, as those of Latin scripts do.

    Where a page has letters that are written to the left, a line that was turned round may be out of order.
    """
    import numpy as np

    even = np.ones(len(starts), bool)
    if codes.max(initial=0) < LEFTWARD:
        return even
    leftward = ((codes >= LEFTWARD) & (codes < _LEFTWARD_END)) | ((codes >= _FORMS) & (codes < _FORMS_END))
    if leftward.any():
        return ~even
    odd = (codes >= LEFTWARD) & ((codes < _SIGNS) | (codes >= _SIGNS_END)) & ~space
    if odd.any():
        even &= ~np.logical_or.reduceat(odd, starts)
    return even


def drawn_by(handle: ctypes.c_void_p, indices: Indices) -> Addresses:
    """The address of the text object of each character; 0 for one that pdfium has added."""
    import numpy as np

    return np.fromiter(map(native().text_object, repeat(handle), indices.tolist()), np.uintp, len(indices))


def _last_drawn(handle: ctypes.c_void_p, first: Addresses, ends: Indices) -> Addresses:
    """What draws the last character of each word: what draws the first, if it goes on with the next word."""
    import numpy as np

    last = first.copy()
    changes = np.flatnonzero(first != np.append(first[1:], 0))
    last[changes] = drawn_by(handle, ends[changes] - 1)
    return last


def _spread(boxes: Boxes, starts: Indices, lengths: Indices) -> None:
    """Fill in the boxes of the letters of words from those of their ends."""
    import numpy as np

    if not len(starts):
        return
    inner = lengths - 2
    word = np.repeat(np.arange(len(starts)), inner)
    place = np.arange(len(word)) - np.repeat(np.cumsum(inner) - inner, inner) + 1
    first, last = boxes[starts], boxes[starts + lengths - 1]
    step = (last - first) / (lengths - 1)[:, None]
    spread = first[word] + step[word] * place[:, None].astype(np.float32)
    spread[:, 2] = spread[:, 0] + step[word, 0]
    boxes[starts[word] + place] = spread
    boxes[starts, 2] = first[:, 0] + step[:, 0]


def _codes(text_page: object, handle: ctypes.c_void_p, count: int) -> Codes:
    """The code of each character."""
    import numpy as np
    import pypdfium2.raw as pdfium

    units = np.empty(count + 1, np.uint16)
    place = ctypes.cast(units.ctypes.data, ctypes.POINTER(ctypes.c_ushort))
    # Where a character has no place in the text, or two, its index there is another.
    if count and pdfium.FPDFText_GetText(text_page, 0, count, place) == count + 1:
        return units[:count].astype(np.uint32)
    found = list(map(native().code, repeat(handle, count), range(count)))
    return np.minimum(np.array(found, np.uint32), 0x10FFFF)


def _spaces(codes: Codes) -> Flags:
    """True for white space and whatever ends a line."""
    known: Flags = _space_table().take(codes, mode="clip")
    space: Flags = known | (codes == HYPHEN)
    return space


def one_of(codes: Codes, few: Sequence[int]) -> Flags:
    """True for codes that are one of a few."""
    import numpy as np

    found: Flags = np.logical_or.reduce([codes == code for code in few])
    return found


def breaks(codes: Codes) -> Flags:
    """True for what ends a line."""
    known: Flags = _break_table().take(codes, mode="clip")
    ends: Flags = known | (codes == HYPHEN)
    return ends


@cache
def _space_table() -> Flags:
    """For each code up to U+3001, if it is white space or none at all (0)."""
    import numpy as np

    return np.array([chr(code).isspace() or code == 0 for code in range(0x3002)])


@cache
def _break_table() -> Flags:
    """For each code up to U+202A, if it ends a line."""
    import numpy as np

    return np.isin(np.arange(0x202B), (0x0A, 0x0B, 0x0C, 0x0D, 0x2028, 0x2029))


def spans(space: Flags) -> tuple[Indices, Indices]:
    """Where each run of characters without white space starts, and where it ends."""
    import numpy as np

    framed = np.ones(len(space) + 2, bool)
    framed[1:-1] = space
    edges = np.flatnonzero(framed[1:] != framed[:-1])
    return edges[0::2], edges[1::2]
