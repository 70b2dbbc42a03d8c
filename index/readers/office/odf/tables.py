"""Tables and sheets of OpenDocument files: rows and cells, repeated, covered and merged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, local
from index.readers.office.parts.grid import GridCell
from index.readers.office.parts.numerals import spreadsheet_letters
from index.readers.office.xlsx.tables import Area
from index.readers.office.xlsx.workbook import SheetRow

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_GROUPS = frozenset(("table-header-rows", "table-rows", "table-row-group"))
_CELLS = frozenset(("table-cell", "covered-table-cell"))
_MOST_REPEATED = 1_000  # of a row or cell with a text in it; empty ones only move on
_WIDEST = 16_384


@dataclass(frozen=True, slots=True)
class OdfRow:
    """A row of a table, how often it is there, and if it is a heading that repeats, and its visibility."""

    element: Element
    repeated: int
    is_heading: bool
    visibility: str  # "collapse" and "filter" take it out of view


def rows_of(table: Element, is_heading: bool = False) -> Iterator[OdfRow]:
    """The rows of a table, those in groups included."""
    waiting = [(part, is_heading) for part in reversed(table)]
    while waiting:
        part, heading = waiting.pop()
        name = local(part)
        if name in _GROUPS:
            waiting += [(inner, heading or name == "table-header-rows") for inner in reversed(part)]
        elif name == "table-row":
            visibility = attribute(part, "visibility") or ""
            yield OdfRow(part, _number(part, "number-rows-repeated"), heading, visibility)


def grid_of(table: Element, text_of: Callable[[Element], str]) -> tuple[list[list[GridCell]], int]:
    """The cells of a table in a text or on a slide, and how many rows repeat as headings."""
    grid: list[list[GridCell]] = []
    headings = 0
    for row in rows_of(table):
        cells: list[GridCell] = []
        for cell in row.element:
            if local(cell) != "table-cell":
                continue  # a covered cell: that which covers it says how far it reaches
            one = GridCell(
                text_of(cell), _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")
            )
            cells += [one] * min(
                _number(cell, "number-columns-repeated"), _MOST_REPEATED if one.text else 100
            )
        headings += row.is_heading and headings == len(grid)
        grid += [cells] * min(row.repeated, _MOST_REPEATED if any(cell.text for cell in cells) else 1)
    return grid, headings if headings < len(grid) else 0


@dataclass(slots=True)
class OdfSheet:
    """Reads the rows of a sheet; `merged` and `unseen` are complete when all were read."""

    table: Element
    text_of: Callable[[Element, str], str]  # of a cell, by the cell's name
    merged: list[Area]
    unseen: list[str] = field(default_factory=list)  # what hidden rows and columns hold, by row

    def rows(self) -> Iterator[SheetRow]:
        """The rows that hold a text."""
        number = 1
        columns = _hidden_columns(self.table)
        for row in rows_of(self.table):
            cells = self._cells(row.element, number)
            hidden = columns & cells.keys() if row.visibility != "collapse" else cells.keys()
            if hidden:
                self.unseen.append(" | ".join(cells[column] for column in sorted(hidden)))
                cells = {column: text for column, text in cells.items() if column not in hidden}
            if cells:
                for at in range(min(row.repeated, _MOST_REPEATED)):
                    yield SheetRow(number + at, cells, row.visibility == "filter")
            number += row.repeated

    def _cells(self, row: Element, number: int) -> dict[int, str]:
        cells: dict[int, str] = {}
        column = 1
        for cell in row:
            if local(cell) not in _CELLS:
                continue
            repeated = _number(cell, "number-columns-repeated")
            text = self.text_of(cell, f"{spreadsheet_letters(column).upper()}{number}") if len(cell) else ""
            wide, high = _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")
            if (wide > 1 or high > 1) and text:
                self.merged.append((number, column, number + high - 1, column + wide - 1))
            if text and local(cell) == "table-cell":
                for at in range(min(repeated, _MOST_REPEATED)):
                    if column + at <= _WIDEST:
                        cells[column + at] = text
            column += repeated
        return cells


def _hidden_columns(table: Element) -> frozenset[int]:
    """The columns of a sheet that are not in view."""
    hidden: set[int] = set()
    column = 1
    for part in table.iter():
        if local(part) == "table-column":
            repeated = _number(part, "number-columns-repeated")
            if attribute(part, "visibility") in {"collapse", "filter"}:
                hidden.update(range(column, min(column + repeated, _WIDEST)))
            column += repeated
    return frozenset(hidden)


def _number(element: Element, name: str) -> int:
    value = attribute(element, name) or "1"
    return max(int(value), 1) if value.isdecimal() and len(value) < 9 else 1
