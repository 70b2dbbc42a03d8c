"""What is drawn on a PDF page: how its text is painted, and where pictures and coloured areas stand."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from index.readers.pdf.content.native import address_of, native
from index.readers.pdf.content.seen.layers import text_on_layers_off
from index.readers.pdf.content.seen.stack import RGB, Matrix, PageStack, combined, moved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument, PdfPage

    from index.readers.pdf.content.characters import Addresses, Flags
    from index.readers.pdf.page import Box

    Look = Literal["visible", "white", "invisible", "clip", "layer"]

_NEARLY_WHITE = 250  # of 255, in each of red, green and blue
_CLEAR = 12  # of 255: the alpha of what leaves no trace
_INVISIBLE, _CLIP = 3, 7  # modes: neither filled nor stroked; the second cuts out what is drawn after it
_FILLED_MODES = frozenset((0, 2, 4, 6))
_STROKED_MODES = frozenset((1, 2, 5, 6))
_PATH, _IMAGE, _SHADING, _FORM = 2, 3, 4, 5  # pdfium's kinds of page objects
_DEEPEST_FORM = 12
_MASK_HEIGHT = 2.5  # times the letters that are cut out of it
_GRID = 64  # points across and down, by which the area that pictures cover is measured


class Drawing(NamedTuple):
    """Something drawn that is no text: its box, if it is a picture, and if it is anything but white."""

    box: Box
    picture: bool
    dark: bool


@dataclass(slots=True)
class PageObjects:
    """The drawn objects of one page; found once, and only for pages where it matters."""

    document: PdfDocument
    page: PdfPage
    has_layers_off: bool  # in the document
    inks: set[RGB] = field(default_factory=set)  # the colours of all text
    _drawings: list[Drawing] | None = None
    _stack: PageStack | None = None
    _masks: list[Box] | None = None
    _unseen: frozenset[int] | None = None
    _looks: dict[int, Look] = field(default_factory=lambda: {0: "visible"})
    _colour: ctypes.Array[ctypes.c_uint] = field(default_factory=ctypes.c_uint * 4)
    _parts: tuple[int, ...] = ()  # where red, green, blue and alpha of `_colour` stand

    def __post_init__(self) -> None:
        start = ctypes.addressof(self._colour)
        self._parts = tuple(range(start, start + 16, 4))

    def looks(self, drawn: Addresses) -> dict[int, Look]:
        """How each of these text objects is drawn. Those of one word or line follow each other."""
        known = self._looks
        changes = drawn[1:] != drawn[:-1]
        new = list({*drawn[:1].tolist(), *drawn[1:][changes].tolist()}.difference(known))
        plain = _plainly_visible(new, self.inks)
        off = self._on_layers_off()
        if plain.all() and not off:
            known.update(dict.fromkeys(new, "visible"))
            return known
        for address, is_plain in zip(new, plain.tolist(), strict=True):
            if address in off:
                known[address] = "layer"
            else:
                known[address] = "visible" if is_plain else self._find_look(address)
        return known

    def _on_layers_off(self) -> frozenset[int]:
        if self._unseen is None:
            self._unseen = text_on_layers_off(self.page) if self.has_layers_off else frozenset()
        return self._unseen

    def _find_look(self, address: int) -> Look:
        mode, colour = native().render_mode(address), self._colour
        if mode in {_INVISIBLE, _CLIP}:
            return "clip" if mode == _CLIP else "invisible"
        filled = mode in _FILLED_MODES
        if filled:
            if not native().fill_colour(address, *self._parts):
                return "visible"
            filled = colour[3] > _CLEAR
            if filled and not _is_white(colour):
                return "visible"
        if mode in _STROKED_MODES:
            if not native().stroke_colour(address, *self._parts):
                return "visible"
            if colour[3] > _CLEAR and not _is_white(colour):
                return "visible"
            filled = filled or colour[3] > _CLEAR
        return "white" if filled else "invisible"

    def colour_of(self, address: int) -> RGB | None:
        """The colour that a text object is filled with; None for a pattern, or what is not filled."""
        colour = self._colour
        if native().render_mode(address) not in _FILLED_MODES:
            return None
        if not native().fill_colour(address, *self._parts):
            return None
        return colour[0], colour[1], colour[2]

    def stack(self) -> PageStack:
        """What is drawn on the page, in order."""
        if self._stack is None:
            self._stack = PageStack(self.document, self.page)
        return self._stack

    def drawings(self) -> list[Drawing]:
        """Everything on the page that is no text."""
        if self._drawings is None:
            self._drawings = list(_page_drawings(self.page))
        return self._drawings

    def is_on_dark_ground(self, box: Box) -> bool:
        """True if something that is not white is drawn where a white word stands: then it can be read."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(
            dark and left <= x <= right and bottom <= y <= top
            for (left, bottom, right, top), _, dark in self.drawings()
        )

    def is_cut_out(self, box: Box) -> bool:
        """True where an invisible word stands in a form no higher than its line: drawn there as a mask.

        Browsers print text that is cut out of a gradient so.
        """
        if self._masks is None:
            self._masks = list(_masks(self.page))
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(
            left <= x <= right and bottom <= y <= top and top - bottom < _MASK_HEIGHT * (box[3] - box[1])
            for left, bottom, right, top in self._masks
        )

    def is_coloured(self, address: int) -> bool:
        """True if a text object shows any colour but white. Patterns do, for which pdfium says white."""
        import numpy as np
        import pypdfium2.raw as pdfium

        drawn = ctypes.cast(address, pdfium.FPDF_PAGEOBJECT)
        bitmap = pdfium.FPDFTextObj_GetRenderedBitmap(self.document, self.page, drawn, 1.0)
        if not bitmap:
            return False
        try:
            size = pdfium.FPDFBitmap_GetStride(bitmap) * pdfium.FPDFBitmap_GetHeight(bitmap)
            colours = np.frombuffer(ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), size), np.uint8)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        pixels = colours.reshape(-1, 4)  # blue, green, red, alpha
        return bool(((pixels[:, :3].min(axis=1) < _NEARLY_WHITE) & (pixels[:, 3] > 0)).any())

    def picture_share(self) -> float:
        """The share of the page that pictures cover together: a scan may come in strips or tiles."""
        import numpy as np

        left, bottom, right, top = self.page.get_bbox()
        steps = (np.arange(_GRID) + 0.5) / _GRID
        across, down = left + steps * (right - left), bottom + steps * (top - bottom)
        covered = np.zeros((_GRID, _GRID), bool)
        for (x1, y1, x2, y2), picture, _ in self.drawings():
            if picture:
                rows, columns = (down >= y1) & (down <= y2), (across >= x1) & (across <= x2)
                covered |= rows[:, None] & columns
        return float(covered.mean())

    def has_pictures(self) -> bool:
        """True if a picture stands anywhere on the page."""
        return any(drawing.picture for drawing in self.drawings())


def _plainly_visible(addresses: list[int], inks: set[RGB]) -> Flags:
    """True for text objects that are filled with a colour, as nearly all are; `inks` takes up the colours."""
    import numpy as np

    count = len(addresses)
    shades = np.empty((count, 4), np.uint32)
    start = shades.ctypes.data
    end = start + shades.nbytes
    parts = (range(start + 4 * at, end, 16) for at in range(4))
    modes = np.fromiter(map(native().render_mode, addresses), np.int32, count)
    told = np.fromiter(map(native().fill_colour, addresses, *parts), np.int32, count)
    dark = shades[:, :3].min(axis=1, initial=255) < _NEARLY_WHITE
    packed = np.unique(shades[:, 0] << 16 | shades[:, 1] << 8 | shades[:, 2]).tolist()
    inks.update((ink >> 16, ink >> 8 & 255, ink & 255) for ink in packed)
    plain: Flags = (modes == 0) & (told != 0) & (shades[:, 3] > _CLEAR) & dark
    return plain


def _is_white(colour: ctypes.Array[ctypes.c_uint]) -> bool:
    return colour[0] >= _NEARLY_WHITE and colour[1] >= _NEARLY_WHITE and colour[2] >= _NEARLY_WHITE


def _page_drawings(page: PdfPage) -> Iterator[Drawing]:
    import pypdfium2.raw as pdfium

    objects = (pdfium.FPDFPage_GetObject(page, at) for at in range(pdfium.FPDFPage_CountObjects(page)))
    for each in objects:
        yield from _drawings(each, None, 0)


def _drawings(drawn: object, outer: Matrix | None, depth: int) -> Iterator[Drawing]:
    """An object, or all that a form holds. `outer` leads from the axes of the form to those of the page."""
    import pypdfium2.raw as pdfium

    kind = pdfium.FPDFPageObj_GetType(drawn)
    if kind == _FORM and depth < _DEEPEST_FORM:
        matrix = combined(_matrix(drawn), outer)
        for at in range(pdfium.FPDFFormObj_CountObjects(drawn)):
            yield from _drawings(pdfium.FPDFFormObj_GetObject(drawn, at), matrix, depth + 1)
    if kind not in {_PATH, _IMAGE, _SHADING}:
        return
    sides = [ctypes.c_float() for _ in range(4)]
    if pdfium.FPDFPageObj_GetBounds(drawn, *sides):
        left, bottom, right, top = (side.value for side in sides)
        box = (left, bottom, right, top)
        yield Drawing(moved(box, outer) if outer else box, kind == _IMAGE, kind != _PATH or _is_filled(drawn))


def _masks(page: PdfPage) -> Iterator[Box]:
    """The boxes of the forms of a page that are drawn with a mask or half transparent."""
    import pypdfium2.raw as pdfium

    for at in range(pdfium.FPDFPage_CountObjects(page)):
        drawn = pdfium.FPDFPage_GetObject(page, at)
        if pdfium.FPDFPageObj_GetType(drawn) == _FORM and pdfium.FPDFPageObj_HasTransparency(drawn):
            sides = [ctypes.c_float() for _ in range(4)]
            if pdfium.FPDFPageObj_GetBounds(drawn, *sides):
                left, bottom, right, top = (side.value for side in sides)
                yield left, bottom, right, top


def _matrix(form: object) -> Matrix:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(form, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _is_filled(path: object) -> bool:
    """True for a path that is filled with anything but white."""
    import pypdfium2.raw as pdfium

    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, mode, stroke) or mode.value == 0:
        return False
    colour = (ctypes.c_uint * 4)()
    parts = range(ctypes.addressof(colour), ctypes.addressof(colour) + 16, 4)
    if not native().fill_colour(address_of(path), *parts):
        return True
    return colour[3] > 0 and not _is_white(colour)
