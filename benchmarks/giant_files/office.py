"""Giant and hostile Word, Excel, PowerPoint, OpenDocument and RTF files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.giant_files.writing import MB, Maker, packed, paragraphs, sentences, times, write

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LAUGHS = '<!DOCTYPE a [<!ENTITY a "haha">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
)
Pieces = Iterator[str | bytes]


def _links(*rows: tuple[str, str, str]) -> list[str]:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{part}"/>' for key, kind, part in rows
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return [f'<Relationships xmlns="{space}">{inner}</Relationships>']


def _types() -> tuple[str, list[str]]:
    return "[Content_Types].xml", [
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    ]


def _docx(path: Path, body: Pieces, *more: tuple[str, Pieces], head: str = "", stored: bool = False) -> None:
    def document() -> Pieces:
        yield f"<?xml version='1.0'?>{head}<w:document {_W}><w:body>"
        yield from body
        yield "</w:body></w:document>"

    parts = [_types(), ("_rels/.rels", _links(("r1", "officeDocument", "word/document.xml")))]
    packed(path, [*parts, ("word/document.xml", document()), *more], stored=stored)


def _runs(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _pictures(path: Path) -> None:
    pictures = [(f"word/media/image{at}.png", iter([os.urandom(4 * MB)])) for at in range(47)]
    _docx(path, map(_runs, paragraphs(2 * MB)), *pictures, stored=True)


def _laughs(path: Path) -> None:
    _docx(path, iter([_runs("&j;")]), head=f"{_LAUGHS}]>")


def _entries(path: Path) -> None:
    _docx(
        path,
        iter([_runs("Text.")]),
        *((f"word/{at}.xml", iter([b"<a/>"])) for at in range(1_000_000)),
        stored=True,
    )


def _grid_spans(path: Path) -> None:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>'
    before = '<w:trPr><w:gridBefore w:val="1000000000"/></w:trPr>'
    _docx(path, iter(["<w:tbl>", f"<w:tr>{before}{cell * 3}</w:tr>" * 2_000, "</w:tbl>", _runs("End.")]))


def _deep_tables(path: Path) -> None:
    _docx(
        path,
        iter(["<w:tbl><w:tr><w:tc>" * 5_000, _runs("In"), f"</w:tc></w:tr></w:tbl>{_runs('b')}" * 5_000]),
    )


def _long_paragraph(path: Path) -> None:
    _docx(
        path,
        iter(
            ["<w:p>", *(f"<w:r><w:t>{part}</w:t></w:r>" for part in islice(sentences(), 300_000)), "</w:p>"]
        ),
    )


def _xlsx(path: Path, rows: Pieces, shared: Pieces | None = None, after: str = "") -> None:
    def sheet() -> Pieces:
        yield f"<worksheet {_S}><sheetData>"
        yield from rows
        yield f"</sheetData>{after}</worksheet>"

    book = f'<workbook {_S} {_R}><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>'
    links = [("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "sharedStrings", "sharedStrings.xml")]
    parts: list[tuple[str, Pieces]] = [("xl/worksheets/sheet1.xml", sheet())]
    if shared is not None:
        parts.append(("xl/sharedStrings.xml", shared))
    packed(
        path,
        [
            _types(),
            ("_rels/.rels", _links(("r1", "officeDocument", "xl/workbook.xml"))),
            ("xl/workbook.xml", [book]),
            ("xl/_rels/workbook.xml.rels", _links(*links[: 1 + len(parts) - 1])),
            *parts,
        ],
    )


def _million_cells(path: Path) -> None:
    _xlsx(
        path,
        (
            "<row>" + "".join(f"<c><v>{row * at}</v></c>" for at in range(100)) + "</row>"
            for row in range(10_000)
        ),
    )


def _sparse(path: Path) -> None:
    rows = (
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="XFD{row}"><v>2</v></c></row>'
        for row in range(1, 1_048_577, 100)
    )
    _xlsx(path, rows)


def _merged(path: Path) -> None:
    areas = '<mergeCell ref="A1:XFD1048576"/>' * 2_000
    _xlsx(path, iter(['<row r="1"><c r="A1"><v>1</v></c></row>']), after=f"<mergeCells>{areas}</mergeCells>")


def _shared(path: Path) -> None:
    texts = [f"<sst {_S}><si><t>", "a long text " * 3_000, "</t></si></sst>"]
    _xlsx(path, ('<row><c t="s"><v>0</v></c></row>' * 1_000 for _ in range(100)), iter(texts))


def _pptx_bomb(path: Path) -> None:
    slides = [(f"ppt/slides/slide{at}.xml", times(b"<a:t>aaaaaaaaaaaa</a:t>", 60 * MB)) for at in range(10)]
    packed(
        path, [_types(), ("_rels/.rels", _links(("r1", "officeDocument", "ppt/presentation.xml"))), *slides]
    )


def _odf(path: Path, kind: str, body: str) -> None:
    names = ("office", "text", "table", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    inner = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    content = f"<office:document-content {spaces}>{inner}</office:document-content>"
    packed(path, [("mimetype", [f"application/vnd.oasis.opendocument.{kind}"]), ("content.xml", [content])])


def _repeated(path: Path) -> None:
    cell = (
        '<table:table-cell table:number-columns-repeated="1000000000"><text:p>a</text:p></table:table-cell>'
    )
    row = f'<table:table-row table:number-rows-repeated="1000000000">{cell}</table:table-row>'
    _odf(path, "spreadsheet", f'<table:table table:name="t">{row * 200}</table:table>')


def _blanks(path: Path) -> None:
    _odf(path, "text", '<text:p>a<text:s text:c="1000000000"/>b</text:p>' * 2_000)


def _odt_tables(path: Path) -> None:
    opened = '<table:table><table:table-row><table:table-cell table:number-columns-spanned="1000000000">'
    closed = "</table:table-cell></table:table-row></table:table>"
    _odf(path, "text", f"{opened * 3_000}<text:p>a</text:p>{closed * 3_000}")


MAKERS: dict[str, Maker] = {
    "pictures, 190 MB.docx": _pictures,
    "inflates to 500 MB.docx": lambda path: _docx(path, times(b" ", 500 * MB)),
    "a million parts.docx": _entries,
    "zip in zip.docx": lambda path: _docx(
        path, iter([_runs("Text.")]), ("word/a.xml", iter([path.name.encode() * 9_000_000]))
    ),
    "billion laughs.docx": _laughs,
    "cells of 10^9 columns.docx": _grid_spans,
    "tables 5,000 deep.docx": _deep_tables,
    "paragraphs, 60 MB.docx": lambda path: _docx(path, map(_runs, paragraphs(60 * MB))),
    "one paragraph of 300,000 runs.docx": _long_paragraph,
    "a million cells.xlsx": _million_cells,
    "10,000 rows to XFD1048576.xlsx": _sparse,
    "merged to XFD1048576.xlsx": _merged,
    "one text 100,000 times.xlsx": _shared,
    "inflates to 500 MB.xlsx": lambda path: _xlsx(path, times(b"<row/>", 500 * MB)),
    "inflates to 600 MB.pptx": _pptx_bomb,
    "cells repeated 10^9 times.ods": _repeated,
    "blanks repeated 10^9 times.odt": _blanks,
    "tables 3,000 deep.odt": _odt_tables,
    "groups 1,000,000 deep.rtf": lambda path: write(
        path, ["{\\rtf1 ", "{\\b " * 1_000_000, "Text", "}" * 1_000_001]
    ),
    "paragraphs, 50 MB.rtf": lambda path: write(
        path, ["{\\rtf1 ", *(f"{part}\\par\n" for part in paragraphs(50 * MB)), "}"]
    ),
}
