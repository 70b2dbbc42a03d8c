"""The visible words of a PDF page grouped into lines, with positions and fonts, by pdfium.

All lengths are in points (1/72 inch), in a page turned upright, with y growing upwards.

Text that nobody can see (drawn invisibly, white on white, smaller than `TINY`, outside the page) is left
out and counted: a sentence quoted from it would be no evidence. Invisible text over a picture that covers the
page is the text layer of a scan, and is read.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from pypdfium2 import PdfPage, PdfTextPage
    from pypdfium2.raw import FS_RECTF

TINY = 1.5
_NEARLY_WHITE = 250  # of 255, in each of red, green and blue
_SCAN_SHARE = 0.5  # of the page, covered by one picture
_INVISIBLE_MODES = frozenset((3, 7))  # neither filled nor stroked; 7 only clips
_STROKED_MODES = frozenset((1, 5))
_PATH, _IMAGE, _SHADING, _FORM = 2, 3, 4, 5  # pdfium's kinds of page objects
# Where pdfium ends a line; the group is U+FFFE, which it puts where it took away a hyphen.
_BREAK = re.compile("\r\n|[\r\n\v\f\u2028\u2029]|(\ufffe)")
_WORD = re.compile(r"\S+")
# A word of signs alone. A box that is ticked by a picture has an invisible sign under it, which says no more
# than the picture; it is not counted as hidden text.
_SIGNS = re.compile(r"[\W_]+")
_RULE = re.compile(r"[_=]{3,}|[—–-]{5,}")  # a line drawn with signs
_BOLD = 600  # of a font's weight, where 400 is regular; many files state none, hence the name first
_BOLD_NAME = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_NAME = 128  # bytes of a font's name that are looked at

Box = tuple[float, float, float, float]  # left, bottom, right, top


class Word(NamedTuple):
    """A run of characters without white space, and its left and right end."""

    text: str
    left: float
    right: float


class PdfLine(NamedTuple):
    """Words on one base line. `hyphen` is True where pdfium saw a word broken at the end of the line."""

    words: tuple[Word, ...]
    bottom: float
    top: float
    bold: bool
    hyphen: bool

    @property
    def text(self) -> str:
        """The words with one space between, and the hyphen that pdfium took away."""
        return " ".join(word.text for word in self.words) + ("-" if self.hyphen else "")

    @property
    def left(self) -> float:
        """Where the first word starts."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where the last word ends."""
        return self.words[-1].right

    @property
    def size(self) -> float:
        """The height of its letters, ascent and descent included."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class PageLines:
    """What stands on one page: its lines in the order of the file, and what was noticed."""

    lines: tuple[PdfLine, ...]
    hidden: int = 0  # words left out, for nobody can see them
    pictures: bool = False  # looked for only where a page has no text, or text that is drawn invisibly
    scanned: bool = False  # the text is the text layer of a scan


def read_page(page: PdfPage) -> PageLines:
    """The lines of one page. Raises PdfiumError for a page that pdfium cannot load."""
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()
    try:
        scanner = _WordScanner(
            page, page.get_bbox(), page.get_rotation(), pdfium, text_page.raw, pdfium.FS_RECTF()
        )
        text = _characters(text_page)
        lines: list[PdfLine] = []
        start = 0
        for match in _BREAK.finditer(text):
            lines += scanner.lines(text, start, match.start(), hyphen=match[1] is not None)
            start = match.end()
        lines += scanner.lines(text, start, len(text), hyphen=False)
        pictures = (not lines or scanner.scanned) and any(
            drawing.kind == _IMAGE for drawing in scanner.objects()
        )
        return PageLines(tuple(lines), scanner.hidden, pictures, scanner.scanned)
    finally:
        text_page.close()


def _characters(text_page: PdfTextPage) -> str:
    """The page's characters, one code point for each character index of pdfium."""
    import pypdfium2.raw as pdfium

    count = text_page.count_chars()
    text: str = text_page.get_text_range() if count else ""
    if len(text) == count:
        return text
    return "".join(
        chr(min(pdfium.FPDFText_GetUnicode(text_page, at), 0x10FFFF)) or " " for at in range(count)
    )


class _Object(NamedTuple):
    """Something drawn on a page: its kind, its box, and if it is anything but white."""

    kind: int
    box: Box
    dark: bool


@dataclass(slots=True)
class _WordScanner:
    """Looks at one page's words: where they stand, and whether anyone can see them."""

    page: PdfPage
    bounds: Box  # of the page
    turned: int  # degrees, clockwise
    _pdfium: ModuleType
    _handle: object  # of the page's text, as pdfium's own functions want it
    _rectangle: FS_RECTF
    hidden: int = 0
    scanned: bool = False
    _drawn: dict[int, str] = field(default_factory=dict)  # address of a text object -> how it is drawn
    _objects: list[_Object] | None = None

    def lines(self, text: str, start: int, end: int, *, hyphen: bool) -> Iterator[PdfLine]:
        """The visible words of `text[start:end]`, pdfium's one line, on as many as they stand."""
        words: list[Word] = []
        boxes: list[Box] = []  # of the words' first characters
        first = start
        for match in _WORD.finditer(text, start, end):
            at, last = match.start(), match.end() - 1
            head = self._box(at)
            tail = self._box(last) if last > at else head
            if self._is_hidden(at, head, tail) and not _SIGNS.fullmatch(match[0]):
                self.hidden += 1
                continue
            if _RULE.fullmatch(match[0]):
                continue
            if self.turned:
                head, tail = (
                    _upright(head, self.bounds, self.turned),
                    _upright(tail, self.bounds, self.turned),
                )
            if words and _on_different_lines(boxes[-1], head):
                yield self._line(words, boxes, first, hyphen=False)
                words, boxes = [], []
            first = first if words else at
            words.append(Word(match[0], min(head[0], tail[0]), max(head[2], tail[2])))
            boxes.append(head)
        if words:
            yield self._line(words, boxes, first, hyphen=hyphen)

    def _line(self, words: Sequence[Word], boxes: Sequence[Box], first: int, *, hyphen: bool) -> PdfLine:
        """One line, as high as most of its words, for a raised digit is no measure."""
        height, foot = sorted((box[3] - box[1], box[1]) for box in boxes)[len(boxes) // 2]
        return PdfLine(tuple(words), foot, foot + height, self._is_bold(first), hyphen)

    def objects(self) -> list[_Object]:
        """What is drawn on the page besides text; found once, and only for pages where it matters."""
        if self._objects is None:
            self._objects = list(_drawings(self.page))
        return self._objects

    def _box(self, at: int) -> Box:
        """The box of one character, ascent and descent of its font included, as the file has it."""
        rectangle = self._rectangle
        self._pdfium.FPDFText_GetLooseCharBox(self._handle, at, rectangle)
        return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top

    def _is_bold(self, at: int) -> bool:
        name = ctypes.create_string_buffer(_NAME)
        self._pdfium.FPDFText_GetFontInfo(self._handle, at, name, _NAME, ctypes.c_int())
        return (
            bool(_BOLD_NAME.search(name.value))
            or self._pdfium.FPDFText_GetFontWeight(self._handle, at) >= _BOLD
        )

    def _is_hidden(self, at: int, head: Box, tail: Box) -> bool:
        """True for a word that nobody can see; given are its first character, and the boxes of both ends."""
        left, bottom, right, top = self.bounds
        if tail[2] <= left or head[0] >= right or head[3] <= bottom or head[1] >= top:
            return True
        if head[3] - head[1] < TINY and abs(tail[2] - head[0]) < TINY * 4:
            return True
        drawn = self._visibility_at(at)
        if drawn == "invisible":
            self.scanned = self.scanned or self._is_scan()
            return not self.scanned
        return drawn == "white" and not self._on_dark_ground(head)

    def _visibility_at(self, at: int) -> str:
        """How the character is drawn: "visible", "white" or "invisible"."""
        drawing = self._pdfium.FPDFText_GetTextObject(self._handle, at)
        if not drawing:
            return "visible"
        address = ctypes.addressof(drawing.contents)
        if address not in self._drawn:
            self._drawn[address] = _visibility(drawing)
        return self._drawn[address]

    def _on_dark_ground(self, box: Box) -> bool:
        """True if something that is not white is drawn where a white word stands: then it can be read."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(
            drawing.dark and drawing.box[0] <= x <= drawing.box[2] and drawing.box[1] <= y <= drawing.box[3]
            for drawing in self.objects()
        )

    def _is_scan(self) -> bool:
        """True if one picture covers most of the page."""
        whole = _area(self.bounds)
        return any(
            drawing.kind == _IMAGE and _area(drawing.box) > _SCAN_SHARE * whole for drawing in self.objects()
        )


def _visibility(drawing: object) -> str:
    """How a text object is drawn: "visible", "white" or "invisible"."""
    import pypdfium2.raw as pdfium

    mode = pdfium.FPDFTextObj_GetTextRenderMode(drawing)
    if mode in _INVISIBLE_MODES:
        return "invisible"
    colour = _colour(drawing)
    if colour is None or mode in _STROKED_MODES:
        return "visible"
    if colour[3] == 0:
        return "invisible"
    return "white" if min(colour[:3]) >= _NEARLY_WHITE else "visible"


def _on_different_lines(before: Box, box: Box) -> bool:
    """True if two words stand on different lines: their boxes share less than a third of the lower one."""
    shared = min(before[3], box[3]) - max(before[1], box[1])
    return shared < 0.33 * min(before[3] - before[1], box[3] - box[1])


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def _upright(box: Box, bounds: Box, turned: int) -> Box:
    """`box` as it stands when the page is turned clockwise by `turned` degrees, as a reader sees it."""
    left, bottom, right, top = box
    if turned == 90:
        return bottom, bounds[2] - right, top, bounds[2] - left
    if turned == 180:
        return bounds[2] - right, bounds[3] - top, bounds[2] - left, bounds[3] - bottom
    if turned == 270:
        return bounds[3] - top, left, bounds[3] - bottom, right
    return box


def _colour(drawing: object) -> tuple[int, int, int, int] | None:
    """Red, green, blue and alpha (0 to 255) an object is filled with; None if pdfium cannot tell."""
    import pypdfium2.raw as pdfium

    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(drawing, *parts):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _drawings(page: PdfPage) -> Iterator[_Object]:
    """Everything on the page that is no text. A form is taken as one thing, and as not white."""
    import pypdfium2.raw as pdfium

    for at in range(pdfium.FPDFPage_CountObjects(page)):
        drawing = pdfium.FPDFPage_GetObject(page, at)
        kind = pdfium.FPDFPageObj_GetType(drawing)
        if kind not in {_PATH, _IMAGE, _SHADING, _FORM}:
            continue
        sides = [ctypes.c_float() for _ in range(4)]
        if pdfium.FPDFPageObj_GetBounds(drawing, *sides):
            left, bottom, right, top = (side.value for side in sides)
            yield _Object(kind, (left, bottom, right, top), kind != _PATH or _is_filled(drawing))


def _is_filled(path: object) -> bool:
    """True for a path that is filled with anything but white."""
    import pypdfium2.raw as pdfium

    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, mode, stroke) or mode.value == 0:
        return False
    colour = _colour(path)
    return colour is None or (colour[3] > 0 and min(colour[:3]) < _NEARLY_WHITE)
