"""Giant and hostile PDF files and pictures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from benchmarks.giant_files.writing import MB, Maker, sentences, write

_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def _stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), extra, data)


def _flate(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return _stream(data, b"/Filter[%s]" % (b"/FlateDecode" * times))


def _pdf(path: Path, objects: Iterable[bytes]) -> None:
    """A file of `objects`, numbered from 1, of which the first is the catalog."""
    pieces, places, at = [b"%PDF-1.7\n"], [], 9
    for number, content in enumerate(objects, 1):
        piece = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        places.append(at)
        at += len(piece)
        pieces.append(piece)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    pieces.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table))
    pieces.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, at))
    write(path, pieces)


def _page_of(path: Path, content: bytes, *more: bytes, resources: bytes = b"") -> None:
    """A file of one page with `content`, a stream; `more` are objects from 6 on."""
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>"
    )
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    _pdf(path, [b"<</Type/Catalog/Pages 2 0 R>>", pages, page % resources, content, _FONT, *more])


def _text(line: str, y: int = 700) -> bytes:
    return f"BT /F 10 Tf 50 {y} Td ({line}) Tj ET\n".encode()


def _forms(path: Path) -> None:
    levels = 30
    forms = [
        _stream(
            b"/X Do /X Do",
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (7 + at),
        )
        for at in range(levels)
    ]
    last = _stream(_text("deep"), b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 5 0 R>>>>")
    _page_of(path, _stream(_text("Top") + b"/X Do"), *forms, last, resources=b"/XObject<</X 6 0 R>>")


def _loop(path: Path) -> None:
    _pdf(path, [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>"])


def _counted(path: Path) -> None:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1000000000>>"
    _pdf(path, [b"<</Type/Catalog/Pages 2 0 R>>", pages, page, _stream(_text("Text of one page.")), _FONT])


def _pages(path: Path, count: int, lines: int) -> None:
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(count))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), _FONT]
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>"
    more = sentences()
    for at in range(count):
        text = b"".join(_text(line, 750 - 12 * row) for row, line in enumerate(islice(more, lines)))
        objects += [page % (5 + 2 * at), _flate(text)]
    _pdf(path, objects)


def _letters(path: Path) -> None:
    lines = b"".join(_text(line, 1 + at * 7 % 790) for at, line in enumerate(islice(sentences(), 12_000)))
    _page_of(path, _flate(lines))


def _picture(path: Path) -> None:
    row = b"\0" + bytes(4_000)
    deflate = zlib.compressobj(9)
    data = b"".join(deflate.compress(row) for _ in range(32_000)) + deflate.flush()
    header = struct.pack(">IIBBBBB", 32_000, 32_000, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", data), (b"IEND", b"")]
    parts = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    ]
    write(path, [b"\x89PNG\r\n\x1a\n", *parts])


def _scan(path: Path) -> None:
    image = _flate(bytes(4_000 * 32_000)).replace(
        b"<<",
        b"<</Type/XObject/Subtype/Image/Width 32000/Height 32000/ColorSpace/DeviceGray/BitsPerComponent 1",
        1,
    )
    _page_of(path, _stream(b"q 600 0 0 800 0 0 cm /X Do Q"), image, resources=b"/XObject<</X 6 0 R>>")


MAKERS: dict[str, Maker] = {
    "forms that double 30 times.pdf": _forms,
    "flate upon flate, 400 MB.pdf": lambda path: _page_of(path, _flate(_text("Text.") + bytes(400 * MB), 3)),
    "70 MB of operators.pdf": lambda path: _page_of(
        path, _flate(_text("Text.") + b"q 1 0 0 1 0 0 cm Q\n" * 3_700_000)
    ),
    "70 MB of paths.pdf": lambda path: _page_of(
        path, _flate(_text("Text.") + b"0 0 m 9 9 l S\n" * 5_000_000)
    ),
    "pages in a loop.pdf": _loop,
    "count of 10^9.pdf": _counted,
    "arrays 200,000 deep.pdf": lambda path: _page_of(
        path, _stream(_text("Text.") + b"[" * 200_000 + b"]" * 200_000), b"[" * 200_000 + b"]" * 200_000
    ),
    "5,000 pages.pdf": lambda path: _pages(path, 5_000, 40),
    "a page of a million letters.pdf": _letters,
    "10^9 pixels, scanned.pdf": _scan,
    "10^9 pixels.png": _picture,
}
