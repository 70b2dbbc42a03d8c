"""A program that behaves as Tesseract does from outside, and scans to give to it or to the real one."""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.pdf_files import Page, pdf

if TYPE_CHECKING:
    from typing import Protocol

    class Bitmap(Protocol):
        """What pdfium draws."""

        width: int
        height: int
        stride: int
        buffer: bytes


SENTENCE = "The harbour was closed on Monday."
HOCR = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title></title></head><body>{}</body></html>"""

_PROGRAM = """#!{python} -IS
import sys, time
if "--version" in sys.argv:
    print({version!r})
elif "--list-langs" in sys.argv:
    print('List of available languages in "/usr/share/tessdata/" (3):')
    print(*{languages!r}, sep="\\n")
else:
    image = sys.stdin.buffer.read()
    with open(__file__ + ".log", "a", encoding="utf-8") as log:
        log.write(" ".join(sys.argv[1:]) + "\\n")
    if b"SLOW" in image[:20]:
        time.sleep(600)
    elif b"FAIL" in image[:20]:
        sys.exit("Error opening data file\\nImage cannot be read!\\nError during processing.\\n\\n")
    elif b"BLANK" in image[:20]:
        print({blank!r})
    elif b"ODD" in image[:20]:
        print("no markup")
    else:
        print({hocr!r})
"""


def hocr_page(*lines: str, confidence: int = 95) -> str:
    """An `ocr_page` of one block: a word for each word, 20 pixels a letter, lines 60 pixels apart."""
    written = []
    for at, line in enumerate(lines):
        top, x, words = 100 + 60 * at, 100, ""
        for word in line.split():
            right = x + 20 * len(word)
            words += (
                f"<span class='ocrx_word' title='bbox {x} {top} {right} {top + 40}; "
                f"x_wconf {confidence}'>{word}</span>\n"
            )
            x = right + 15
        written.append(
            f"<span class='ocr_line' title='bbox 100 {top} {x - 15} {top + 40}; baseline 0 -9; "
            f"x_size 42; x_descenders 9; x_ascenders 8'>{words}</span>"
        )
    return (
        "<div class='ocr_page' title='image \"-\"; bbox 0 0 2550 3300; ppageno 0; scan_res 300 300'>"
        f"<div class='ocr_carea' title='bbox 100 100 2000 3000'><p class='ocr_par'>"
        f"{''.join(written)}</p></div></div>"
    )


def fake_tesseract(
    folder: Path,
    *pages: str,
    version: str = "tesseract 5.9.1",
    languages: Sequence[str] = ("eng", "deu", "osd"),
) -> Path:
    """Write the program into `folder` and give its path; it finds `pages` of hOCR in every image.

    A `picture` of SLOW, FAIL, BLANK or ODD makes it sleep, fail, find nothing or print nonsense.
    What it was called with is in a file beside it, with .log behind its name.
    """
    folder.mkdir(exist_ok=True)
    program = folder / "tesseract"
    program.write_text(
        _PROGRAM.format(
            python=sys.executable,
            version=version,
            languages=list(languages),
            blank=HOCR.format("<div class='ocr_page' title='bbox 0 0 9 9'></div>"),
            hocr=HOCR.format("".join(pages) or hocr_page(SENTENCE)),
        ),
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


def picture(content: bytes = b"") -> bytes:
    """What begins as a JPEG file does."""
    return b"\xff\xd8\xff" + content


def drawn(page: Page, dpi: int = 150) -> tuple[int, int, bytes]:
    """Width, height and the pixels of a page, a byte each, from the top."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf(page))
    try:
        bitmap: Bitmap = document[0].render(scale=dpi / 72, grayscale=True)
        data = bytes(bitmap.buffer)
        rows = (data[at * bitmap.stride :][: bitmap.width] for at in range(bitmap.height))
        return bitmap.width, bitmap.height, b"".join(rows)
    finally:
        document.close()


def scan(page: Page, dpi: int = 150) -> str:
    """The operators that draw a page of a PDF file as nothing but a picture of `page`."""
    width, height, pixels = drawn(page, dpi)
    packed = zlib.compress(pixels).hex()
    return f"q 612 0 0 792 0 0 cm BI /W {width} /H {height} /BPC 8 /CS /G /F [/AHx /Fl] ID {packed}> EI Q"


def png(page: Page, dpi: int = 150) -> bytes:
    """A page as a PNG file, which says its resolution."""
    width, height, pixels = drawn(page, dpi)
    rows = b"".join(b"\0" + pixels[at * width : (at + 1) * width] for at in range(height))
    metre = round(dpi / 0.0254)

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + part(b"pHYs", struct.pack(">IIB", metre, metre, 1))
        + part(b"IDAT", zlib.compress(rows))
        + part(b"IEND", b"")
    )


def tiff(*pages: Page, dpi: int = 150) -> bytes:
    """Pages as a TIFF file, not compressed."""
    data = bytearray(b"II*\0\0\0\0\0")
    link = 4  # where the offset of the next directory belongs
    for page in pages:
        width, height, pixels = drawn(page, dpi)
        start = len(data)
        data += pixels + bytes(len(pixels) % 2) + struct.pack("<II", dpi, 1)
        resolution = len(data) - 8
        tags = [
            *((256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, start)),
            *(
                (277, 3, 1),
                (278, 4, height),
                (279, 4, len(pixels)),
                (282, 5, resolution),
                (283, 5, resolution),
            ),
            (296, 3, 2),
        ]
        struct.pack_into("<I", data, link, len(data))
        data += struct.pack("<H", len(tags))
        data += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
        link = len(data)
        data += bytes(4)
    return bytes(data)
