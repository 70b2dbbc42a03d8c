"""Writes small PDF files for tests.

Text at absolute positions in a regular and a bold font, metadata and raw operators; no layout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PAGE = "/Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]"


@dataclass(frozen=True, slots=True)
class Words:
    """Text at a place: points from the left and from the bottom of the page."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 11
    bold: bool = False
    before: str = ""  # operators such as "3 Tr" (invisible) or "1 1 1 rg" (white)

    def operators(self) -> str:
        """What draws them."""
        escaped = self.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        font = "F2" if self.bold else "F1"
        return f"q BT {self.before} /{font} {self.size} Tf {self.x} {self.y} Td ({escaped}) Tj ET Q"


Page = Sequence["Words | str"]


def paragraph(*lines: str, y: float = 700, x: float = 72, size: float = 11) -> list[Words]:
    """Lines under each other at the usual distance."""
    return [Words(line, x=x, y=y - at * size * 1.2, size=size) for at, line in enumerate(lines)]


@dataclass(frozen=True, slots=True)
class Extras:
    """What else a PDF file holds: entries of its catalog, of every page, and objects that they refer to.

    The objects have the numbers from 8 on in a file of one page, from 10 on in one of two, and so on.
    """

    objects: Sequence[str] = ()
    catalog: str = ""
    page: str = ""
    fonts: str = ""  # of every page, such as "/F3 8 0 R"
    resources: str = ""  # of every page


def stream(content: str, entries: str = "") -> str:
    """The body of a stream object."""
    return f"<<{entries}/Length {len(content.encode('cp1252'))}>>stream\n{content}\nendstream"


def to_unicode(letters: Mapping[int, str]) -> str:
    """The body of an object that says what text each character of a font stands for."""
    rows = "\n".join(f"<{code:02X}> <{text.encode('utf-16-be').hex()}>" for code, text in letters.items())
    return stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(letters)} beginbfchar\n{rows}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )


def pdf(
    *pages: Page,
    info: Mapping[str, str] | None = None,
    rotate: int = 0,
    trailer: str = "",
    extras: Extras = Extras(),
) -> bytes:
    """A PDF file with these pages; a `str` on a page is raw operators. `info` is its metadata."""
    count = len(pages)
    kids = " ".join(f"{6 + 2 * at} 0 R" for at in range(count))
    entries = "".join(f"/{key} ({value})" for key, value in (info or {}).items())
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{extras.catalog}>>",
        f"<</Type/Pages/Count {count}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        f"<<{entries}>>",
    ]
    resources = f"/Resources<</Font<</F1 3 0 R/F2 4 0 R{extras.fonts}>>{extras.resources}>>"
    for at, page in enumerate(pages):
        drawn = "\n".join(each if isinstance(each, str) else each.operators() for each in page)
        objects += [
            f"<<{PAGE}{resources}/Rotate {rotate}{extras.page}/Contents {7 + 2 * at} 0 R>>",
            stream(drawn),
        ]
    objects += extras.objects
    return _file(objects, trailer)


def _file(objects: Sequence[str], trailer: str) -> bytes:
    """Header, objects, their table of offsets, trailer."""
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(data)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info 5 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n"
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("cp1252")
