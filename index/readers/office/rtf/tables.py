"""The rows of RTF tables, whose cells end at positions on the page, as rows of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.readers.office.parts.grid import GridCell

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
