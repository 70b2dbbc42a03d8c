"""An Excel workbook: its sheets, shared texts and number formats, and the shown text of every cell.

Rows are read one by one, so that of a large sheet only the texts are held. Names are compared without their
namespace: the strict and the transitional dialect are read alike.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from index.readers.limits.archive import refuse
from index.readers.office.package import attribute, child, is_on, local, relations
from index.readers.office.parts.number_format import BUILT_IN, shown_number, shown_text
from index.readers.office.xlsx.view import REFERENCE, Area, SheetView, column_number, hidden_by_style
from index.types import HiddenBy

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.limits.archive import Archive

_WIDEST = 16_384
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
    is_folded: bool = False  # a filter or a closed group hides it, which a click opens


@dataclass(frozen=True, slots=True)
class _CellStyle:
    code: str = "General"
    struck: bool = False
    unseen: HiddenBy | None = None  # by its font and fill


@dataclass(slots=True)
class Workbook:
    """What the cells of all sheets refer to, and what was left out while they were read."""

    sheets: tuple[SheetLink, ...]
    from_1904: bool
    _texts: list[str]
    _styles: list[_CellStyle]
    struck: int = 0
    without_result: int = 0
    folded_rows: int = 0
    unseen: list[tuple[str, HiddenBy]] = field(default_factory=list)  # of the rows read since it was emptied
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

    def rows(
        self, data: bytes, tables: tuple[Area, ...] = (), *, hidden_too: bool = False
    ) -> Iterator[SheetRow]:
        """The rows of a worksheet's part that hold a text, in order; what is not in view goes to `unseen`.

        `tables` are areas whose colours the style of a table gives. With `hidden_too`, all cells
        are in view. Raises ParseError for a damaged part.
        """
        number = 0
        view = SheetView.of(data, tables)
        for row in _elements(data, "row"):
            given = row.get("r") or ""
            number = int(given) if given.isdecimal() else number + 1
            cells: dict[int, str] = {}
            column = 0
            for cell in row:
                place = REFERENCE.match(cell.get("r") or "")
                column = column_number(place[1]) if place else column + 1
                text = self._text(cell, painted=hidden_too or view.is_painted(number, column))
                if text and column <= _WIDEST:
                    cells[column] = text
            how = view.row_state(row, number)
            if how == "hidden" and not hidden_too:
                self._hide(cells.values())
                continue
            if not hidden_too:
                self._hide(cells.pop(column) for column in sorted(view.hidden & cells.keys()))
            if cells:
                self.folded_rows += how != "shown"
                yield SheetRow(number, cells, how == "folded")

    def _hide(self, texts: Iterable[str]) -> None:
        line = " | ".join(texts)
        if line:
            self.unseen.append((line, "in hidden rows or columns"))

    def _text(self, cell: Element, *, painted: bool) -> str:
        """What a cell shows, on one line; `painted` if a table or a condition may give it colours."""
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
        if not text and value.strip() and kind in {"n", "str", "s"}:
            self._hide_value(self._shown(value, kind, "General"), "not displayed")
        elif text and style.unseen and not painted:
            self._hide_value(text, style.unseen)
            return ""
        if style.struck and text:
            self.struck += 1
            return ""
        return text

    def _hide_value(self, text: str, by: HiddenBy) -> None:
        text = " ".join(text.split())
        if text:
            self.unseen.append((text, by))

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
    """The number format of every cell style, if its font is struck out, and what hides it."""
    codes = dict(BUILT_IN)
    for element in _children(root, "numFmts"):
        number = attribute(element, "numFmtId") or ""
        if number.isdecimal():
            codes[int(number)] = attribute(element, "formatCode") or "General"
    fonts, fills = _children(root, "fonts"), _children(root, "fills")
    styles = []
    for element in _children(root, "cellXfs"):
        number = attribute(element, "numFmtId") or "0"
        code = codes.get(int(number), "General") if number.isdecimal() else "General"
        font, fill = _nth(fonts, attribute(element, "fontId")), _nth(fills, attribute(element, "fillId"))
        struck = font is not None and is_on(child(font, "strike"))
        styles.append(_CellStyle(code, struck, hidden_by_style(font, fill)))
    return styles


def _nth(elements: list[Element], number: str | None) -> Element | None:
    at = int(number) if number and number.isdecimal() else 0
    return elements[at] if at < len(elements) else None
