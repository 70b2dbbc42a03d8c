"""Raised and lowered digits of a PDF page as superscripts and subscripts: 10⁶, never 106."""

from __future__ import annotations

import ctypes
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.readers.pdf.content.characters import Characters
from index.readers.pdf.content.native import handle_of, native
from index.text.scripts import subscript, superscript

if TYPE_CHECKING:
    from index.readers.pdf.content.characters import Flags, Indices

_SIGNS = "0123456789+-−–n"  # what a mark may begin with
_SIGN_CODES = frozenset(map(ord, _SIGNS))
_INNER = ",–-+−)"  # what may stand in it
_SLASHES = "/⁄∕"
_FRACTION = re.compile(r"\d+[/⁄∕]\d+")  # all of it small
# In heights of the letters beside it.
_SMALL = 0.86
_RAISED = 0.12
_LOWERED = -0.06
_NEAR = 0.35
_TOUCHES = 0.2


def with_marks(characters: Characters, text_page: object) -> Characters:
    """The characters, with small digits that are raised or lowered beside a larger letter as such."""
    import numpy as np

    seen = np.flatnonzero(~characters.space)
    height = (characters.boxes[:, 3] - characters.boxes[:, 1])[seen]
    smaller = np.zeros(len(seen), bool)
    smaller[1:] = height[1:] < _SMALL * height[:-1]
    smaller[:-1] |= height[:-1] < _SMALL * height[1:]
    places = np.flatnonzero(smaller)
    codes = characters.codes[seen[places]].tolist()
    candidates = [at for at, code in zip(places.tolist(), codes, strict=True) if code in _SIGN_CODES]
    if not candidates:
        return characters
    page = _Marks(characters, text_page, seen)
    done = -1
    for at in candidates:
        if at > done:
            done = page.mark(at)
    return page.result()


class _Marks:
    """The marks of one page, as they are found."""

    def __init__(self, characters: Characters, text_page: object, seen: Indices) -> None:
        self._characters = characters
        self._handle = handle_of(text_page)
        self._seen = seen
        self._codes = characters.codes[seen]
        self._all_boxes = characters.boxes
        self._new = characters.codes.copy()
        self._drop: list[tuple[int, int]] = []  # spaces and line ends that are none
        self._spaces: list[int] = []  # line ends that are spaces
        self._insert: list[int] = []  # where a space is missing: between a number and a fraction

    def mark(self, at: int) -> int:
        """Look at the small digits about place `at`; the last place of them."""
        start, end = self._run(at)
        text = "".join(map(chr, self._codes[start:end]))
        if not all(sign in _SIGNS + _INNER for sign in text):
            self._set_fraction_apart(text, start)
            return end - 1
        before = start - 1 if start and self._is_beside(start - 1, start) else None
        after = end if end < len(self._seen) and self._is_beside(end - 1, end) else None
        reference = next(
            (each for each in (before, after) if each is not None and self._is_larger(each, start)), None
        )
        if reference is None:
            return end - 1
        shift = (self._base(start) - self._base(reference)) / self._height(reference)
        fraction = self._fraction_end(start, end) if shift > _RAISED else None
        if fraction is not None:
            if before is not None and chr(self._codes[before]).isdigit():
                self._insert.append(start)
            self._join(before, start)
            return fraction
        if before is not None and chr(self._codes[before]) in _SLASHES:
            return end - 1
        if shift > _RAISED:
            written = f"{superscript(text[:-1])}⁾" if text.endswith(")") else superscript(text)
        elif shift < _LOWERED:
            written = subscript(text)
        else:
            return end - 1
        if written != text:
            self._new[self._seen[start:end]] = [ord(sign) for sign in written]
            self._join(before, start)
            self._join(end - 1, after)
        return end - 1

    def _set_fraction_apart(self, text: str, start: int) -> None:
        """Put a space between a number and a fraction in small figures: 3 1/2, never 31/2."""
        if _FRACTION.fullmatch(text) is None or not start or not 0x30 <= self._codes[start - 1] <= 0x39:
            return
        if self._is_beside(start - 1, start) and self._is_larger(start - 1, start):
            self._insert.append(start)

    def _run(self, at: int) -> tuple[int, int]:
        """The letters about `at` of one height on one base line that touch each other."""
        start, end = at, at + 1
        while start and self._is_alike(start - 1, start):
            start -= 1
        while end < len(self._seen) and self._is_alike(end - 1, end):
            end += 1
        return start, end

    def _is_alike(self, first: int, second: int) -> bool:
        one, two = self._box(first), self._box(second)
        height = two[3] - two[1]
        return (
            abs(one[3] - one[1] - height) < 0.06 * height
            and abs(one[1] - two[1]) < 0.06 * height
            and -0.5 * height < two[0] - one[2] < 0.15 * height
        )

    def _is_beside(self, first: int, second: int) -> bool:
        """True if two letters stand near each other at about one height."""
        one, two = self._box(first), self._box(second)
        height = max(one[3] - one[1], two[3] - two[1])
        shared = min(one[3], two[3]) - max(one[1], two[1])
        return -0.3 * height < two[0] - one[2] < _NEAR * height and shared > 0

    def _is_larger(self, letter: int, than: int) -> bool:
        return self._height(than) < _SMALL * self._height(letter)

    def _box(self, at: int) -> list[float]:
        box: list[float] = self._all_boxes[self._seen[at]].tolist()
        return box

    def _height(self, at: int) -> float:
        return max(self._box(at)[3] - self._box(at)[1], 0.1)

    def _base(self, at: int) -> float:
        """The height of the base line. Boxes do not tell: fonts differ in how far they go below it."""
        if self._characters.turned[self._seen[at]]:
            return self._box(at)[1] + 0.2 * self._height(at)
        x, y = ctypes.c_double(), ctypes.c_double()
        native().origin(
            self._handle, int(self._characters.index[self._seen[at]]), ctypes.byref(x), ctypes.byref(y)
        )
        return y.value

    def _fraction_end(self, start: int, end: int) -> int | None:
        """The last place of a fraction whose numerator stands at `start` to `end`; None if it is none."""
        slash = end
        if slash + 1 >= len(self._seen) or chr(self._codes[slash]) not in _SLASHES:
            return None
        below = slash + 1
        first, last = self._run(below)
        digits = all(0x30 <= code <= 0x39 for code in self._codes[start:end])
        if first > below or not digits or not all(0x30 <= code <= 0x39 for code in self._codes[below:last]):
            return None
        if self._height(below) > 1.2 * self._height(start):
            return None
        self._new[self._seen[slash]] = ord("/")
        self._join(end - 1, slash)
        self._join(slash, below)
        return last - 1

    def _join(self, first: int | None, second: int | None) -> None:
        """Take away what stands between two places: all of it where they touch, else line ends."""
        if first is None or second is None or second - first != 1:
            return
        start, end = int(self._seen[first]) + 1, int(self._seen[second])
        if start == end:
            return
        height = max(self._height(first), self._height(second))
        gap = self._box(second)[0] - self._box(first)[2]
        if gap < _TOUCHES * height:
            self._drop.append((start, end))
        else:
            self._new[start:end] = 0x20

    def result(self) -> Characters:
        """The characters with all of it done."""
        import numpy as np

        old = self._characters
        changed = replace(old, codes=self._new)
        keep: Flags = np.ones(len(self._new), bool)
        for start, end in self._drop:
            keep[start:end] = False
        return changed.rearranged(np.flatnonzero(keep), self._seen[self._insert])
