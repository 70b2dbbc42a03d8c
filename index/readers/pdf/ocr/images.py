"""The reader of image files: paragraphs and table rows as on a scanned page, by OCR."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from index.errors import NoText
from index.readers.builder import TextBuilder
from index.readers.pdf.ocr.hocr import read_hocr
from index.readers.pdf.ocr.scans import ocr_remark
from index.readers.pdf.reflow import add_pages

if TYPE_CHECKING:
    from index.readers.pdf.ocr.tesseract import Tesseract
    from index.types import Reading

_MOST_PAGES = 20_000


def read_image(data: bytes, name: str, ocr: Tesseract) -> Reading:  # noqa: ARG001  as every reader
    """The text in an image; a TIFF file may have several pages.

    Raises NoText for an image without a word, and ReadError for one that the program cannot read.
    """
    pages = read_hocr(ocr.hocr(data, pages=count_pages(data)))
    builder = TextBuilder()
    add_pages(builder, [page.lines for page in pages])
    if not builder.length:
        raise NoText("an image in which OCR finds no text")
    builder.notes.append(ocr_remark(ocr, pages))
    return builder.reading(title=builder.first_heading(deepest=1))


def count_pages(data: bytes) -> int:
    """How many images a TIFF file holds, by its chain of directories; 1 for any other file."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return 1
    count, at = 0, 4
    while count < _MOST_PAGES and at + 4 <= len(data):
        (directory,) = struct.unpack_from(f"{order}I", data, at)
        if not 0 < directory <= len(data) - 2:
            break
        (entries,) = struct.unpack_from(f"{order}H", data, directory)
        at = directory + 2 + 12 * entries
        count += 1
    return max(count, 1)
