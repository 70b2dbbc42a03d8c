"""A scanned page drawn as an image and read by OCR, and what is said of how sure that is."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from index.readers.pdf.ocr.hocr import read_hocr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdfium2 import PdfBitmap, PdfPage

    from index.readers.pdf.ocr.tesseract import Tesseract
    from index.readers.pdf.page import PageLines

_DPI = 300  # what recognition is best at
_MOST_PIXELS = 40_000_000  # a byte each; an A3 page at 300 dpi has 17 million
_UNSURE = 60  # percent


def recognise(pdf_page: PdfPage, page: PageLines, engine: Tesseract) -> PageLines:
    """The page with the lines of its picture, and with its typed notes, if anything is recognised in it.

    A stamp beside the scan is part of the picture. Raises ReadError if the program fails on it.
    """
    width, height = pdf_page.get_size()
    scale = min(_DPI / 72, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
    bitmap = pdf_page.render(scale=scale, grayscale=True)
    try:
        image = _grey_map(bitmap)
    finally:
        bitmap.close()
    (found,) = read_hocr(engine.hocr(image, dpi=max(round(scale * 72), 70)))
    if not found.lines:
        return page
    notes = [line for line in page.lines if page.comments and line.bottom < 0]
    lines = (*found.lines, *notes)
    return replace(page, lines=lines, picture_only=False, unread=0, unmapped=0, confidences=found.confidences)


def ocr_remark(engine: Tesseract, pages: Sequence[PageLines]) -> str:
    """Which program read these pages, and how sure it was of their words."""
    sure = [confidence for page in pages for confidence in page.confidences]
    unsure = sum(confidence < _UNSURE for confidence in sure)
    mean = sum(sure) / max(len(sure), 1)
    return (
        f"read by OCR (Tesseract {engine.version}, {engine.languages}): mean confidence {mean:.0f} %, "
        f"{unsure:,} of {len(sure):,} words under {_UNSURE} %"
    )


def _grey_map(bitmap: PdfBitmap) -> bytes:
    """A bitmap of one byte a pixel as a PGM file."""
    data = memoryview(bitmap.buffer).cast("B")
    header = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height)
    rows = (data[at * bitmap.stride : at * bitmap.stride + bitmap.width] for at in range(bitmap.height))
    return header + b"".join(rows)
