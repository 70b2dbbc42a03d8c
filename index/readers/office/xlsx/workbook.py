"""An Excel workbook: its sheets, shared texts and number formats, and the shown text of every cell.

Rows are read one by one, so that of a large sheet only the texts are held. Names are compared without their
namespace: the strict and the transitional dialect are read alike.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from index.readers.limits.archive import refuse
from index.readers.office.package import attribute, child, is_on, local, relations
from index.readers.office.parts.number_format import BUILT_IN, shown_number, shown_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.limits.archive import Archive

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)
_WIDEST = 16_384
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']")
_RANGE = re.compile(rb"\s(min|max)\s*=\s*[\"'](\d{1,5})[\"']")
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?Z?\Z")


@dataclass(frozen=True, slots=True)
class SheetLink:
    """One sheet of a workbook: its name, its part, what it is ("worksheet"), and if it is hidden."""

    name: str
    part: str
    kind: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The texts of one row by column, both numbered from 1, empty cells left out."""

    number: int
    cells: dict[int, str]


@dataclass(frozen=True, slots=True)
class _CellStyle:
    code: str = "General"
    struck: bool = False


@dataclass(slots=True)
class Workbook:
    """What the cells of all sheets refer to, and what was left out while they were read."""

    sheets: tuple[SheetLink, ...]
    from_1904: bool
    _texts: list[str]
    _styles: list[_CellStyle]
    struck: int = 0
    without_result: int = 0
    hidden_values: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    _struck_texts: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def of(cls, archive: Archive, path: str) -> Workbook:
        """The workbook whose main part is `path`."""
        links = relations(archive, path)
        root = archive.xml(path)
        parts = {link.kind: link.part for link in links.values()}
        sheets = []
        for element in _children(root, "sheets"):
            link = links.get(next((v for k, v in element.items() if k.endswith("}id")), ""))
            if link is not None:
                hidden = (attribute(element, "state") or "visible") != "visible"
                sheets.append(SheetLink(attribute(element, "name") or "", link.part, link.kind, hidden))
        epoch = attribute(child(root, "workbookPr"), "date1904") if root is not None else None
        texts, struck = _shared_texts(archive.get(parts.get("sharedStrings", "")))
        return cls(
            tuple(sheets),
            epoch in {"1", "true", "on"},
            texts,
            _cell_styles(archive.xml(parts.get("styles", ""))),
            _struck_texts=struck,
        )

    def rows(self, data: bytes) -> Iterator[SheetRow]:
        """The rows of a worksheet's part that hold a text, in order.

        Raises ParseError for a damaged part.
        """
        number = 0
        unseen = _hidden_columns(data)
        filled: set[int] = set()  # hidden columns with a text in them
        for row in _elements(data, "row"):
            given = row.get("r") or ""
            number = int(given) if given.isdecimal() else number + 1
            cells: dict[int, str] = {}
            column = 0
            for cell in row:
                place = _REFERENCE.match(cell.get("r") or "")
                column = column_number(place[1]) if place else column + 1
                text = self._text(cell)
                if text and column <= _WIDEST:
                    cells[column] = text
            if cells:
                self.hidden_rows += row.get("hidden") in {"1", "true"}
                filled |= unseen & cells.keys()
                yield SheetRow(number, cells)
        self.hidden_columns += len(filled)

    def _text(self, cell: Element) -> str:
        """What a cell shows, on one line."""
        value = inline = None
        formula = False
        for part in cell:
            name = local(part)
            if name == "v":
                value = part.text
            elif name == "is":
                inline = part
            formula = formula or name == "f"
        kind = cell.get("t") or "n"
        if inline is not None:
            text, struck = rich_text(inline)
            self.struck += struck
            value, kind = text, "str"
        if not value:
            self.without_result += formula and kind in {"n", "str"} and value is None
            return ""
        number = cell.get("s") or "0"
        at = int(number) if number.isdecimal() else 0
        style = self._styles[at] if at < len(self._styles) else _CellStyle()
        text = " ".join(self._shown(value, kind, style.code).split())
        self.hidden_values += not text and bool(value.strip()) and kind in {"n", "str"}
        if style.struck and text:
            self.struck += 1
            return ""
        return text

    def _shown(self, value: str, kind: str, code: str) -> str:
        if kind == "s":
            at = int(value) if value.strip().isdecimal() else len(self._texts)
            if at >= len(self._texts):
                return ""
            self.struck += at in self._struck_texts
            return shown_text(self._texts[at], code)
        if kind == "n":
            try:
                return shown_number(float(value), code, from_1904=self.from_1904)
            except (ValueError, OverflowError):
                return value
        shown = {
            "str": shown_text(value, code),
            "b": "TRUE" if value.strip() in {"1", "true"} else "FALSE",
            "d": _MIDNIGHT.sub("", value).replace("T", " "),
        }
        return shown.get(kind, value)  # else an error: #DIV/0!


def column_number(letters: str) -> int:
    """The number of a column from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def place_of(reference: str) -> tuple[int, int]:
    """Row and column of a cell's name, from 1; (0, 0) for what is none."""
    match = _REFERENCE.match(reference)
    return (int(match[2]), column_number(match[1])) if match else (0, 0)


def area_of(reference: str) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column of an area such as A1:C9."""
    first, _, last = reference.partition(":")
    return (*place_of(first), *place_of(last or first))


def rich_text(element: Element) -> tuple[str, int]:
    """The text of a string item, without its spoken form and what is struck out, which is counted."""
    texts = []
    struck = 0
    for part in element:
        name = local(part)
        if name == "t":
            texts.append(part.text or "")
        elif name == "r":
            look = child(part, "rPr")
            text = "".join(t.text or "" for t in part if local(t) == "t")
            if look is not None and is_on(child(look, "strike")):
                struck += bool(text.strip())
            else:
                texts.append(text)
    return "".join(texts), struck


def _children(root: Element | None, name: str) -> list[Element]:
    inner = child(root, name) if root is not None else None
    return list(inner) if inner is not None else []


def _elements(data: bytes, name: str) -> Iterator[Element]:
    """Every element of that name, emptied once it was used, so that the part is never held as a whole."""
    refuse(data, (b"<!ENTITY",))
    for _, element in ET.iterparse(io.BytesIO(data)):  # noqa: S314  entities were refused, size is limited
        if local(element) == name:
            yield element
            element.clear()


def _hidden_columns(data: bytes) -> frozenset[int]:
    """The columns of a worksheet's part that are not shown."""
    columns: set[int] = set()
    head = data.partition(b"sheetData")[0]
    for column in filter(_HIDDEN.search, _COLUMNS.findall(head)):
        ends = {name: int(value) for name, value in _RANGE.findall(column)}
        first = ends.get(b"min", 1)
        columns.update(range(first, min(ends.get(b"max", first), _WIDEST) + 1))
    return frozenset(columns)


def _shared_texts(data: bytes | None) -> tuple[list[str], frozenset[int]]:
    """The texts that cells share, and which of them have a struck-out part."""
    texts: list[str] = []
    struck = set()
    for item in _elements(data, "si") if data else ():
        text, parts = rich_text(item)
        if parts:
            struck.add(len(texts))
        texts.append(text)
    return texts, frozenset(struck)


def _cell_styles(root: Element | None) -> list[_CellStyle]:
    """The number format of every cell style, and if its font is struck out."""
    codes = dict(BUILT_IN)
    for element in _children(root, "numFmts"):
        number = attribute(element, "numFmtId") or ""
        if number.isdecimal():
            codes[int(number)] = attribute(element, "formatCode") or "General"
    struck = [is_on(child(font, "strike")) for font in _children(root, "fonts")]
    styles = []
    for element in _children(root, "cellXfs"):
        number, font = attribute(element, "numFmtId") or "0", attribute(element, "fontId") or "0"
        code = codes.get(int(number), "General") if number.isdecimal() else "General"
        at = int(font) if font.isdecimal() else 0
        styles.append(_CellStyle(code, at < len(struck) and struck[at]))
    return styles
