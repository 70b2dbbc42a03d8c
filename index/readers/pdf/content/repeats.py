"""Second letters of pairs that pdfium leaves out: drawn one by one and close together, as "ff" may be.

pdfium takes what is drawn again within nine tenths of its width for one letter that is drawn twice.
"""

from __future__ import annotations

import ctypes
from itertools import pairwise, repeat
from typing import TYPE_CHECKING, NamedTuple

from index.readers.pdf.content.characters import one_of
from index.readers.pdf.content.native import address_of, handle_of, native

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfPage

    from index.readers.pdf.content.characters import Characters, Drawn

_CLOSE = [ord(sign) for sign in "1f'‘’"]  # what fonts set closer to itself by a tenth and more
_BY_LETTERS = 0.5  # of the words are drawn by more than one text object
_SHIFT = 0.3  # of the width of the letter: with less it is bold type, made by drawing twice
_LEVEL = 0.15  # of its height
_SPACE = 1.45  # times the distance of the pair, from the second letter to the next word


class _Lost(NamedTuple):
    """A letter that was left out: behind which character, by its index, where, and how far behind it."""

    before: int
    left: float
    shift: float


def with_repeated_letters(
    characters: Characters, drawn: Drawn, text_page: object, page: PdfPage
) -> Characters:
    """The characters and those left out behind an equal one. Boxes are in the axes of the file."""
    import numpy as np

    if (drawn.first != drawn.last).sum() <= _BY_LETTERS * len(drawn.first):
        return characters
    lost = list(_lost_letters(drawn, text_page, page))
    if not lost:
        return characters
    places = {index: at for at, index in enumerate(characters.index.tolist())}
    shifts: dict[int, float] = {}
    dropped: set[int] = set()
    for each in lost:
        at = places.get(each.before)
        if at is not None:
            shifts[at] = each.shift
            dropped.update(_no_spaces(characters, at, each, text_page))
    kept = (at for at in range(len(characters.codes)) if at not in dropped)
    order = [each for at in kept for each in (at,) * (1 + (at in shifts))]
    result = characters.take(np.array(order, np.intp))
    for place, (before, at) in enumerate(pairwise(order), 1):
        if at == before:
            result.boxes[place, (0, 2)] += shifts[at]
    return result


def _lost_letters(drawn: Drawn, text_page: object, page: PdfPage) -> Iterator[_Lost]:
    """The letters of the page that pdfium knows no character for, each behind the equal one before it."""
    import numpy as np
    import pypdfium2.raw as pdfium

    handle, text_object = handle_of(text_page), native().text_object
    codes, seen = drawn.characters.codes, np.flatnonzero(~drawn.characters.space)
    close = np.flatnonzero(one_of(codes[seen], _CLOSE))
    if not len(close):
        return
    count = pdfium.FPDFPage_CountObjects(page)
    objects = list(map(native().page_object, repeat(ctypes.c_void_p(address_of(page))), range(count)))
    following = dict(pairwise(objects))
    indices = seen.tolist()
    known: set[int] = set()
    for at in close.tolist():
        before = indices[at]
        own = text_object(handle, before)
        other = following.get(own)
        # Nearly always it draws the next letter: then it need not be looked for on the whole page.
        if other is None or other in map(text_object, repeat(handle), indices[at + 1 : at + 2]):
            continue
        if _size(own) != _size(other):
            continue
        known = known or set(map(text_object, repeat(handle), indices))
        if other in known:
            continue
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(ctypes.cast(other, pdfium.FPDF_PAGEOBJECT), matrix)
        x, y = _origin(handle, before)
        left, bottom, right, top = drawn.characters.boxes[before].tolist()
        level = abs(matrix.f - y) < _LEVEL * (top - bottom)
        if level and _SHIFT * (right - left) < matrix.e - x < right - left:
            yield _Lost(before, matrix.e, matrix.e - x)


def _no_spaces(characters: Characters, at: int, lost: _Lost, text_page: object) -> Iterator[int]:
    """The spaces behind a character that pdfium made where the lost letter stands."""
    import pypdfium2.raw as pdfium

    end = at + 1
    while end < len(characters.codes) and characters.space[end]:
        if pdfium.FPDFText_IsGenerated(text_page, int(characters.index[end])) != 1:
            return
        end += 1
    if end < len(characters.codes):
        x, _ = _origin(handle_of(text_page), int(characters.index[end]))
        if 0 < x - lost.left < _SPACE * lost.shift:
            yield from range(at + 1, end)


def _size(address: int) -> tuple[float, float]:
    """The width and height of what is drawn, to tell a letter from a space."""
    import pypdfium2.raw as pdfium

    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(ctypes.cast(address, pdfium.FPDF_PAGEOBJECT), *sides)
    left, bottom, right, top = (side.value for side in sides)
    return round(right - left, 1), round(top - bottom, 1)


def _origin(handle: ctypes.c_void_p, index: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    native().origin(handle, index, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value
