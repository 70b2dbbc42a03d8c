"""Tables of RTF: cells end at positions on the page, and are put into the columns of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from index.readers.office.parts.grid import GridCell, add_grid, is_caption

if TYPE_CHECKING:
    from index.readers.builder import TextBuilder

WORDS = frozenset(("row", "trowd", "trhdr", "cellx", "clmgf", "clmrg", "clvmgf", "clvmrg"))

_NEAR = 60  # twentieths of a point by which the edges of one column differ
_MOST_EDGES = 1_000


@dataclass(frozen=True, slots=True)
class RtfCell:
    """The definition of a cell: its right edge, and its part in a merged cell ("" or "first", "next")."""

    right: int = 0
    across: str = ""
    down: str = ""


@dataclass(slots=True)
class RtfRow:
    """A row: its cells as defined, their texts so far, and if it repeats as a heading."""

    cells: list[RtfCell] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    is_heading: bool = False


@dataclass(slots=True)
class RtfTable:
    """The table that is being read: its rows so far, the one that is begun, and its cell."""

    _rows: list[RtfRow] = field(default_factory=list)
    _row: RtfRow = field(default_factory=RtfRow)
    _cell: RtfCell = field(default_factory=RtfCell)

    def take(self, word: str, number: int) -> None:
        """Take in one of `WORDS`: the definition of a row or a cell, or the end of a row."""
        if word == "trowd":
            self._row.cells, self._row.is_heading, self._cell = [], False, RtfCell()
        elif word == "trhdr":
            self._row.is_heading = True
        elif word == "cellx":
            self._row.cells.append(replace(self._cell, right=number))
            self._cell = RtfCell()
        elif word in {"clmgf", "clmrg"}:
            self._cell = replace(self._cell, across="first" if word == "clmgf" else "next")
        elif word in {"clvmgf", "clvmrg"}:
            self._cell = replace(self._cell, down="first" if word == "clvmgf" else "next")
        elif self._row.texts:
            self._rows.append(self._row)
            self._row = RtfRow(list(self._row.cells), is_heading=self._row.is_heading)

    def end_cell(self, text: str) -> None:
        """The next cell of the row has this text."""
        self._row.texts.append(text)

    def end(self, builder: TextBuilder, above: str) -> bool:
        """Append the table and begin anew; False if there is none. `above` is the paragraph before it."""
        if not self._rows:
            return False
        grid, headings = grid_of(self._rows)
        if all(len(cells) == 1 for cells in grid):
            for cells in grid:
                builder.add("paragraph", cells[0].text)
        else:
            add_grid(builder, grid, headings=headings or None, caption=above if is_caption(above) else "")
        self._rows, self._row = [], RtfRow()
        return True


def grid_of(rows: Sequence[RtfRow]) -> tuple[list[list[GridCell]], int]:
    """The cells of a table in their columns, and how many rows repeat as headings."""
    edges = _columns(rows)
    grid: list[list[GridCell]] = []
    open_cells: dict[int, tuple[int, int]] = {}
    headings = 0
    for at, row in enumerate(rows):
        headings += row.is_heading and headings == at
        line: list[GridCell] = []
        column = 0
        for place, text in enumerate(row.texts):
            cell = row.cells[place] if place < len(row.cells) else RtfCell()
            wide = max(_column(edges, cell.right) - column, 1) if cell.right else 1
            owner = open_cells.get(column) if cell.down == "next" else None
            if cell.across == "next" and line:
                last = line[-1]
                line[-1] = GridCell(f"{last.text} {text}".strip(), last.columns + wide, last.rows)
            elif owner:
                above = grid[owner[0]][owner[1]]
                grid[owner[0]][owner[1]] = GridCell(above.text, above.columns, at - owner[0] + 1)
            else:
                if cell.down == "first":
                    open_cells[column] = (at, len(line))
                line.append(GridCell(text, wide))
            column += wide
        grid.append(line)
    return grid, headings if headings < len(grid) else 0


def _columns(rows: Sequence[RtfRow]) -> list[int]:
    """The right edges of all columns, from the left."""
    edges: list[int] = []
    for edge in sorted({cell.right for row in rows for cell in row.cells if cell.right})[:_MOST_EDGES]:
        if not edges or edge - edges[-1] > _NEAR:
            edges.append(edge)
    return edges


def _column(edges: list[int], right: int) -> int:
    """How many columns end at or before an edge."""
    return sum(edge <= right + _NEAR for edge in edges)
