"""Recognised words to lines of a page: reads hOCR, the XHTML in which Tesseract says what stands where.

Lengths are in points and y grows upwards, as everywhere in `pdf`; what stood sideways is turned upright.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from index.errors import ReadError
from index.readers.pdf.page import PageLines, PdfLine, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_POINTS = 72  # to the inch
_DPI = 300  # where the image does not say it
# From the highest to the lowest ink of a line to the height of its letters with the font's own ascent and
# descent, by which the lines of other pages are measured.
_FONT_HEIGHT = 1.2
_ONE_SIZE = 0.2  # lines of a block differ in measured size by no more than this if their letters are alike
_CJK = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60"
_UNSPACED = re.compile(f"[{_CJK}]\n[{_CJK}]")  # the end of a word and the start of the next, without a space

_Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels


class _Spoken(NamedTuple):
    """A word, where it stands, and how sure the program is, in percent."""

    text: str
    box: _Box
    confidence: int


class _Line(NamedTuple):
    """A line in its block: its words, box and base line, its size and what of that hangs below the base."""

    block: int
    words: list[_Spoken]
    box: _Box
    base: float | None  # up from the lower edge of the box; none where the line does not stand upright
    size: float
    descent: float
    angle: int  # degrees, counterclockwise


def read_hocr(data: bytes) -> list[PageLines]:
    """The lines of each page, in the order in which they are read, with the confidence of every word.

    Raises ReadError if the data is no hOCR, or of no page.
    """
    try:
        root = fromstring(data)  # noqa: S314 - the program's own output; the parser fetches nothing
    except ParseError as exc:
        raise ReadError("text recognition gave no usable result") from exc
    pages = [_page(element) for element in root.iter() if element.get("class") == "ocr_page"]
    if not pages:  # so it is for a damaged TIFF file
        raise ReadError("text recognition gave no usable result")
    return pages


def _page(element: Element) -> PageLines:
    lines = list(_lines(element))
    angles = Counter[int]()
    for line in lines:
        angles[line.angle] += len(line.words)
    angle = angles.most_common(1)[0][0] if angles else 0
    left, top, right, bottom = _numbers(element, "bbox", 4) or (0.0, 0.0, 0.0, 0.0)
    width, height = right - left, bottom - top
    turned = [_turned(line, angle, width, height) for line in lines]
    scale = _POINTS / (_numbers(element, "scan_res", 2) or (_DPI, _DPI))[0]
    upright = width if angle in {90, 270} else height
    sized = (
        line for _, block in groupby(turned, key=lambda line: line.block) for line in _one_size([*block])
    )
    return PageLines(
        tuple(_pdf_line(line, upright, scale) for line in sized),
        pictures=True,
        confidences=tuple(word.confidence for line in lines for word in line.words),
    )


def _lines(page: Element) -> Iterator[_Line]:
    """The lines of a page that hold words."""
    blocks = (element for element in page.iter() if element.get("class") == "ocr_carea")
    for number, block in enumerate(blocks):
        for element in block.iter():
            words = list(_words(element))
            if words:
                box = _numbers(element, "bbox", 4) or words[0].box
                size = (_numbers(element, "x_size", 1) or (box[3] - box[1],))[0]
                base = _numbers(element, "baseline", 2)
                yield _Line(
                    number,
                    words,
                    (box[0], box[1], box[2], box[3]),
                    None if base is None else -base[1],
                    size,
                    (_numbers(element, "x_descenders", 1) or (0.2 * size,))[0],
                    int((_numbers(element, "textangle", 1) or (0,))[0]) % 360,
                )


def _words(line: Element) -> Iterator[_Spoken]:
    """The words that are directly in an element: only lines have any."""
    for element in line:
        text = "".join(element.itertext()).strip()
        box = _numbers(element, "bbox", 4)
        if element.get("class") == "ocrx_word" and text and box is not None:
            confidence = int((_numbers(element, "x_wconf", 1) or (0,))[0])
            yield _Spoken(text, (box[0], box[1], box[2], box[3]), confidence)


def _numbers(element: Element, name: str, count: int) -> tuple[float, ...] | None:
    """The numbers behind a name in an element's title: "bbox 302 145 863 239; x_size 94"."""
    found = re.search(rf"(?:^|;)\s*{name}((?: -?[\d.]+){{{count}}})", element.get("title", ""))
    return tuple(map(float, found[1].split())) if found else None


def _turned(line: _Line, angle: int, width: float, height: float) -> _Line:
    """The line as it stands when the page is turned so that most of its text is upright."""
    if angle not in {90, 180, 270}:
        return line

    def turn(box: _Box) -> _Box:
        left, top, right, bottom = box
        if angle == 90:
            return height - bottom, left, height - top, right
        if angle == 180:
            return width - right, height - bottom, width - left, height - top
        return top, width - right, bottom, width - left

    words = [word._replace(box=turn(word.box)) for word in line.words]
    return line._replace(words=words, box=turn(line.box), base=None)


def _one_size(block: Sequence[_Line]) -> Iterator[_Line]:
    """The lines of a block, those of nearly its usual size as of that size: it is measured on their ink."""
    usual = sorted(line.size for line in block)[len(block) // 2]
    for line in block:
        yield line._replace(size=usual) if abs(line.size - usual) <= _ONE_SIZE * usual else line


def _pdf_line(line: _Line, page_height: float, scale: float) -> PdfLine:
    """The line with its words in points. A hyphen at its end may be one of a broken word."""
    if line.base is None:  # most words have no letter that hangs below the line
        base = sorted(word.box[3] for word in line.words)[(len(line.words) - 1) // 2]
    else:
        base = line.box[3] - line.base
    bottom = (page_height - base - line.descent) * scale
    words = [Word(word.text, word.box[0] * scale, word.box[2] * scale) for word in line.words]
    joined = _without_gaps(words)
    last = joined[-1]
    hyphen = len(last.text) > 1 and last.text[-1] == "-" and last.text[-2].isalpha()
    if hyphen:
        joined[-1] = last._replace(text=last.text[:-1])
    return PdfLine(tuple(joined), bottom, bottom + line.size * _FONT_HEIGHT * scale, False, hyphen)


def _without_gaps(words: Sequence[Word]) -> list[Word]:
    """The words; those of Chinese and Japanese, which has no spaces, as one."""
    joined = [words[0]]
    for word in words[1:]:
        before = joined[-1]
        if _UNSPACED.fullmatch(f"{before.text[-1]}\n{word.text[0]}"):
            joined[-1] = Word(
                before.text + word.text, min(before.left, word.left), max(before.right, word.right)
            )
        else:
            joined.append(word)
    return joined
