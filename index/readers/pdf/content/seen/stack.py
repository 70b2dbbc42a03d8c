"""What lies over and under the words of a PDF page, and which are outside of the area drawn into.

Looked at are rectangles in one colour, pictures and clipping paths of the page and of its forms; other shapes
are given the benefit of the doubt.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from index.readers.pdf.content.native import address_of, native

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from pypdfium2 import PdfDocument, PdfPage

    from index.readers.pdf.content.characters import Addresses, Boxes
    from index.readers.pdf.page import Box

_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5  # pdfium's kinds of page objects
_SMALLEST = 4.0  # points: the sides of what can cover a word or be its ground
_OPAQUE = 250  # of 255
_WHITE = 250  # of 255: what writes in white is looked at elsewhere
_ALIKE = 16  # of 255 in each of red, green and blue
_MOST_OBJECTS = 3_000  # that are no text: of a map or a chart with more, nothing is said
_MOST_CLIPS = 8  # paths of one clip
_RECTANGLE = 6  # segments at most
_MOST_SEGMENTS = 100
_DEEPEST_FORM = 12
_CLEAR_SHARE = 0.02  # of a picture
_EVERYWHERE = (-1e9, -1e9, 1e9, 1e9)

RGB = tuple[int, int, int]
Matrix = tuple[float, float, float, float, float, float]


class Area(NamedTuple):
    """An opaque rectangle: its place in the order of drawing, its box, and its colour; None for a picture."""

    order: int
    box: Box
    colour: RGB | None
    address: int = 0


@dataclass(slots=True)
class PageStack:
    """The objects of one page in the order in which they are drawn. Boxes are in the axes of the file."""

    document: PdfDocument
    page: PdfPage
    _areas: list[Area] = field(default_factory=list)
    _order: dict[int, int] = field(default_factory=dict)  # of objects by address
    _around: dict[int, tuple[Matrix, Box | None]] = field(default_factory=dict)  # of text objects in forms
    _numbers: ctypes.Array[ctypes.c_float] = field(default_factory=ctypes.c_float * 4)
    _shades: ctypes.Array[ctypes.c_uint] = field(default_factory=ctypes.c_uint * 4)
    _parts: tuple[int, ...] = ()
    _shade_parts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self._parts, self._shade_parts = _addresses(self._numbers), _addresses(self._shades)
        call = native()
        page = ctypes.c_void_p(address_of(self.page))
        count = call.count_objects(page)
        objects = list(map(call.page_object, repeat(page, count), range(count)))
        self._add(objects, None, None)

    def unseen(
        self,
        boxes: Boxes,
        drawn: Addresses,
        colour_of: Callable[[int], RGB | None],
        *,
        inks: Iterable[RGB],
        is_scan: Callable[[], bool],
    ) -> NDArray[np.str_] | None:
        """What hides each word, drawn into a box by a text object: one of `HiddenBy`, or "". None if nothing.

        `inks` are the colours of all text. In a scan, pictures hide nothing: the text is theirs.
        """
        import numpy as np

        found: NDArray[np.str_] = np.full(len(drawn), "", "U32")
        centres = (boxes[:, :2] + boxes[:, 2:]) / 2
        if self._areas and len(drawn):
            self._lay(found, boxes, centres, drawn, colour_of, inks=inks, is_scan=is_scan)
        distinct, at = np.unique(drawn, return_inverse=True)
        clips = self._clips_of(distinct.tolist())
        if any(clips):
            edges = np.array([clip or _EVERYWHERE for clip in clips])[at]
            off = ((centres < edges[:, :2]) | (centres > edges[:, 2:])).any(axis=1)
            found[off] = "cut off"
        return found if (found != "").any() else None

    def _lay(
        self,
        found: NDArray[np.str_],
        boxes: Boxes,
        centres: NDArray[np.floating],
        drawn: Addresses,
        colour_of: Callable[[int], RGB | None],
        *,
        inks: Iterable[RGB],
        is_scan: Callable[[], bool],
    ) -> None:
        """Mark the words that lie under an area, or have the colour of the one that they lie on."""
        import numpy as np

        words = np.array([self._order.get(each, -1) for each in drawn.tolist()])
        matters = self._are_like(inks)
        if matters:
            self._areas = self._made_sure(self._areas)
            matters = self._are_like(inks)
        areas = [area for area in self._areas if matters or area.order > words.min()]
        if not matters:
            over = _over(areas, words, boxes, _inside(areas, centres))
            areas = self._made_sure([areas[number] for number in np.flatnonzero(over.any(axis=1))])
        if not areas:
            return
        inside = _inside(areas, centres)
        over = _over(areas, words, boxes, inside)
        for number in np.flatnonzero(over.any(axis=1)):
            area = areas[number]
            if area.colour is not None or not (is_scan() or self._is_see_through(area)):
                found[over[number]] = "covered"
        if not matters:
            return
        orders = np.array([area.order for area in areas])[:, None]
        ground = np.where(inside & (orders < words), orders, -1)
        for at in np.flatnonzero((ground.max(axis=0) >= 0) & (found == "")):
            under = areas[int(ground[:, at].argmax())].colour
            ink = colour_of(int(drawn[at])) if under else None
            if ink and under and _are_alike(ink, under):
                found[at] = "in the colour of its ground"

    def _are_like(self, inks: Iterable[RGB]) -> bool:
        """True if some area that is not white has the colour of some text."""
        colours = {area.colour for area in self._areas if area.colour and min(area.colour) < _WHITE}
        return any(_are_alike(ink, colour) for colour in colours for ink in inks)

    def _is_see_through(self, picture: Area) -> bool:
        """True for a picture parts of which let through what is below."""
        import numpy as np
        import pypdfium2.raw as pdfium

        drawn = ctypes.cast(picture.address, pdfium.FPDF_PAGEOBJECT)
        bitmap = pdfium.FPDFImageObj_GetRenderedBitmap(self.document, self.page, drawn)
        if not bitmap:
            return True
        try:
            if pdfium.FPDFBitmap_GetFormat(bitmap) != pdfium.FPDFBitmap_BGRA:
                return False
            size = pdfium.FPDFBitmap_GetStride(bitmap) * pdfium.FPDFBitmap_GetHeight(bitmap)
            pixels = np.frombuffer(ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), size), np.uint8)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return bool((pixels[3::4] < _OPAQUE).mean() > _CLEAR_SHARE)

    def _add(
        self, objects: list[int], matrix: Matrix | None, clip: Box | None, first: int = 0, depth: int = 0
    ) -> int:
        """Take up objects in the axes that `matrix` leads from; gives the number of the next object."""
        import numpy as np

        call = native()
        kinds = np.fromiter(map(call.kind, objects), np.int32, len(objects))
        if (kinds != _TEXT).sum() > _MOST_OBJECTS:
            return first
        if matrix:
            self._around.update(dict.fromkeys(objects, (matrix, clip)))
        large = self._large(objects, kinds)
        forms = np.flatnonzero(kinds == _FORM).tolist() if depth < _DEEPEST_FORM else ()
        done = 0
        for at in sorted((*large, *forms)):
            if at in large:
                self._add_area(objects[at], int(kinds[at]), first + at, large[at], matrix)
                continue
            self._order.update(zip(objects[done:at], range(first + done, first + at), strict=True))
            done = at
            form = objects[at]
            count = call.count_in_form(form)
            inner = list(map(call.form_object, repeat(form, count), range(count)))
            own = self._clip_of(form)
            leads = combined(_matrix(form), matrix)
            last = self._add(inner, leads, own, first + at, depth + 1)
            first = max(first, last - at)
        self._order.update(zip(objects[done:], range(first + done, first + len(objects)), strict=True))
        return first + len(objects)

    def _large(self, objects: list[int], kinds: NDArray[np.integer]) -> dict[int, Box]:
        """The boxes of the paths and pictures that could cover a word, by their numbers."""
        import numpy as np

        places = np.flatnonzero((kinds == _PATH) | (kinds == _IMAGE)).tolist()
        sides = np.empty((len(places), 4), np.float32)
        start = sides.ctypes.data
        parts = (range(start + 4 * at, start + sides.nbytes, 16) for at in range(4))
        shapes = [objects[at] for at in places]
        told = np.fromiter(map(native().bounds, shapes, *parts), np.int32, len(places))
        boxes = sides.astype(np.float64)
        sized = (boxes[:, 2:] - boxes[:, :2] >= _SMALLEST).all(axis=1) & (told != 0)
        return {places[at]: tuple(boxes[at].tolist()) for at in np.flatnonzero(sized)}

    def _add_area(self, address: int, kind: int, order: int, own: Box, matrix: Matrix | None) -> None:
        """Take up what may be an area; see `_made_sure`."""
        colour = self._fill_of(address) if kind == _PATH else None
        if kind == _PATH and colour is None:
            return
        box = moved(own, matrix) if matrix else own
        area = Area(order, box, colour, address)
        self._areas += [area] if kind == _PATH else self._made_sure([area])

    def _made_sure(self, areas: Iterable[Area]) -> list[Area]:
        """Those that are opaque rectangles, as far as they are drawn. It takes longer than all else."""
        call = native()
        return [
            area._replace(box=_within(area.box, self._clip_of(area.address)))
            for area in areas
            if (area.colour is None or self._is_rectangle(area.address))
            and not call.is_transparent(area.address)
        ]

    def _fill_of(self, path: int) -> RGB | None:
        """The colour that a path is filled with; None if it is not filled, or not opaque."""
        call, shades = native(), self._shades
        mode, stroke, *_ = self._shade_parts
        if not call.draw_mode(path, mode, stroke) or not shades[0]:
            return None
        if not call.fill_colour(path, *self._shade_parts) or shades[3] < _OPAQUE:
            return None
        return shades[0], shades[1], shades[2]

    def _is_rectangle(self, path: int) -> bool:
        """True for a path all of whose points are corners of one upright rectangle."""
        call = native()
        count = call.path_segments(path)
        if count > _RECTANGLE:
            return False
        points = list(self._points([call.path_segment(path, at) for at in range(count)]))
        return len({x for x, _ in points}) == 2 == len({y for _, y in points})

    def _points(self, segments: Iterable[int | None]) -> Iterator[tuple[float, float]]:
        point, (x, y, *_) = native().point, self._parts
        for segment in segments:
            if point(segment, x, y):
                yield round(self._numbers[0], 2), round(self._numbers[1], 2)

    def _clips_of(self, addresses: list[int]) -> list[Box | None]:
        """The boxes of many objects: most are drawn everywhere."""
        call = native()
        counts = map(call.clip_paths, map(call.clip_path, addresses))
        return [
            self._clip_of(address) if count > 0 or address in self._around else None
            for address, count in zip(addresses, counts, strict=True)
        ]

    def _clip_of(self, address: int) -> Box | None:
        """The box outside of which an object is not drawn; None where it is drawn everywhere."""
        call = native()
        matrix, box = self._around.get(address, (None, None))
        clip = call.clip_path(address) if address else None
        for path in range(min(call.clip_paths(clip), _MOST_CLIPS)) if clip else ():
            segments = call.clip_segments(clip, path)
            step = 2 if segments <= _RECTANGLE else 1  # of a rectangle, two corners that face each other
            if segments <= _MOST_SEGMENTS:
                parts = [call.clip_segment(clip, path, at) for at in range(0, segments, step)]
                corners = list(self._points(parts))
                own = around(corners) if corners else None
                box = (
                    _within(moved(own, matrix), box) if own and matrix else _within(own, box) if own else box
                )
        return box


def _inside(areas: Sequence[Area], centres: NDArray[np.floating]) -> NDArray[np.bool_]:
    """For each area, which centres of words lie in it."""
    import numpy as np

    sides = np.array([area.box for area in areas], np.float32).reshape(-1, 4, 1)
    across, up = centres[:, 0], centres[:, 1]
    inside: NDArray[np.bool_] = (
        (across >= sides[:, 0]) & (across <= sides[:, 2]) & (up >= sides[:, 1]) & (up <= sides[:, 3])
    )
    return inside


def _over(
    areas: Sequence[Area], words: NDArray[np.integer], boxes: Boxes, inside: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """For each area, which words it is drawn over: those inside whose order of drawing is lower."""
    import numpy as np

    orders = np.array([area.order for area in areas], np.int64).reshape(-1, 1)
    sides = np.array([area.box for area in areas], np.float32).reshape(-1, 4, 1)
    over = inside & (orders > words) & (words >= 0)
    over &= (boxes[:, 0] > sides[:, 0] - 1) & (boxes[:, 2] < sides[:, 2] + 1)
    return over


def _addresses(four: ctypes.Array[ctypes.c_float] | ctypes.Array[ctypes.c_uint]) -> tuple[int, ...]:
    start = ctypes.addressof(four)
    return tuple(range(start, start + 16, 4))


def _matrix(form: int) -> Matrix:
    found = (ctypes.c_float * 6)()
    native().object_matrix(form, ctypes.addressof(found))
    a, b, c, d, e, f = found
    return a, b, c, d, e, f


def combined(inner: Matrix, outer: Matrix | None) -> Matrix:
    """One matrix that does what `inner` does, and then `outer`."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def moved(box: Box, matrix: Matrix) -> Box:
    """The box that holds the four corners of `box`, moved."""
    a, b, c, d, e, f = matrix
    return around(
        [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    )


def around(points: list[tuple[float, float]]) -> Box:
    """The box of points."""
    across, up = [x for x, _ in points], [y for _, y in points]
    return min(across), min(up), max(across), max(up)


def _within(box: Box, other: Box | None) -> Box:
    """What two boxes have in common."""
    if other is None:
        return box
    return max(box[0], other[0]), max(box[1], other[1]), min(box[2], other[2]), min(box[3], other[3])


def _are_alike(one: RGB, other: RGB) -> bool:
    return all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))
