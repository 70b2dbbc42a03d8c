"""Tables of Word: rows and cells with what they span, and which rows repeat as headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.office.docx.text import LEFT_OUT
from index.readers.office.package import attribute, child, is_on, local, visible_elements
from index.readers.office.parts.grid import WIDEST, GridCell

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROWS, _CELLS = frozenset(("tr",)), frozenset(("tc",))
_PARAGRAPHS = frozenset(("p",))


@dataclass(frozen=True, slots=True)
class WordCell:
    """A cell, how many columns it spans, and its part in a cell merged over rows ("restart", "continue")."""

    element: Element
    columns: int
    merged: str | None


@dataclass(frozen=True, slots=True)
class WordRow:
    """The cells of a row, after `before` columns without one."""

    cells: tuple[WordCell, ...]
    before: int
    is_heading: bool
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table's texts with what they span, and how many rows at its top repeat as headings."""

    grid: tuple[tuple[GridCell, ...], ...]
    headings: int


def rows_of(table: Element) -> tuple[WordRow, ...]:
    """The rows of a table that were not deleted."""
    rows = []
    for element in visible_elements(table, leave_out=LEFT_OUT, stop_at=_ROWS):
        if local(element) == "tr" and child(element, "trPr", "del") is None:
            look = child(element, "trPr")
            heading = look is not None and is_on(child(look, "tblHeader"))
            hidden = look is not None and is_on(child(look, "hidden"))
            before = _number(child(element, "trPr", "gridBefore"), 0)
            rows.append(WordRow(tuple(_cells(element)), before, heading, hidden))
    return tuple(rows)


def _cells(row: Element) -> Iterator[WordCell]:
    """The cells of a row; cells merged in the older way (hMerge) as one."""
    last: WordCell | None = None
    for element in visible_elements(row, leave_out=LEFT_OUT, stop_at=_CELLS):
        if local(element) != "tc":
            continue
        looks = child(element, "tcPr")
        down = child(looks, "vMerge") if looks is not None else None
        across = child(looks, "hMerge") if looks is not None else None
        merged = None if down is None else attribute(down, "val") or "continue"
        columns = _number(child(looks, "gridSpan"), 1) if looks is not None else 1
        goes_on = across is not None and (attribute(across, "val") or "continue") == "continue"
        if goes_on and last is not None:
            last = WordCell(last.element, last.columns + columns, last.merged)
            continue
        if last is not None:
            yield last
        last = WordCell(element, columns, merged)
    if last is not None:
        yield last


def is_frame(rows: Sequence[WordRow]) -> bool:
    """True for a table that only places text: one column, or mostly tables in its cells."""
    if all(len(row.cells) <= 1 for row in rows):
        return True
    cells = [cell.element for row in rows for cell in row.cells]
    inner = sum(_letters(table) for cell in cells for table in _data_tables(cell))
    return inner > 0 and 2 * inner > sum(map(_letters, cells))


def _data_tables(cell: Element) -> Iterator[Element]:
    for part in visible_elements(cell, leave_out=LEFT_OUT, stop_at=frozenset(("tbl", "p"))):
        if local(part) == "tbl":
            rows = rows_of(part)
            if len(rows) > 1 and any(len(row.cells) > 1 for row in rows):
                yield part


def _letters(element: Element) -> int:
    return sum(len(part.text or "") for part in element.iter() if local(part) == "t")


def paragraphs_of(element: Element) -> list[Element]:
    """The paragraphs of a cell or note, those of tables inside it included."""
    inner = visible_elements(element, leave_out=LEFT_OUT, stop_at=_PARAGRAPHS)
    return [part for part in inner if local(part) == "p"]


def table_grid(rows: Sequence[WordRow], text_of: Callable[[Element], str]) -> WordTable:
    """The texts of a table in their places."""
    grid: list[list[GridCell]] = []
    open_cells: dict[int, tuple[int, int]] = {}  # column -> the row and place of the cell that reaches down
    for at, row in enumerate(rows):
        cells = [GridCell("")] * min(row.before, WIDEST)
        column = row.before
        for cell in row.cells:
            text = text_of(cell.element)
            owner = open_cells.get(column) if cell.merged == "continue" else None
            if owner is None:
                if cell.merged:
                    open_cells[column] = (at, len(cells))
                else:
                    open_cells.pop(column, None)
                cells.append(GridCell(text, cell.columns))
            else:
                above = grid[owner[0]][owner[1]]
                joined = f"{above.text} {text}".strip() if text else above.text
                grid[owner[0]][owner[1]] = GridCell(joined, above.columns, at - owner[0] + 1)
            column += cell.columns
        grid.append(cells)
    headings = 0
    while headings < len(rows) and rows[headings].is_heading:
        headings += 1
    return WordTable(tuple(map(tuple, grid)), headings if headings < len(rows) else 0)


def _number(element: Element | None, other: int) -> int:
    value = attribute(element, "val") or ""
    return min(int(value), WIDEST) if value.isdecimal() else other
