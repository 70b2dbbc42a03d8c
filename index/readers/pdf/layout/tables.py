"""Puts the rows of a page together to tables, with the headings above their columns and their captions.

Where rows do not stand in columns, they stay rows of text without cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.readers.pdf.layout.grid import (
    PdfGrid,
    cells_of,
    find_grid,
    is_figure,
    with_empty_columns,
    with_figures_apart,
)
from index.readers.pdf.layout.headings import Cell, heading_rows, narrow_headings
from index.readers.pdf.layout.rows import PdfBlock, Piece, pieces

if TYPE_CHECKING:
    from index.readers.pdf.page import PdfLine

_NEAR = 3.0  # heights of the letters from one row to the next, at most
_ABOVE = 3.5  # and from the headings to the first row
_LONGEST_LABEL = 160  # characters of a line in a table without values, or of a line of its caption
_MOST_ABOVE = 8  # blocks above a table that are looked at
_MOST_CAPTION = 4  # of them, that make its caption
_MOST_HEADINGS = 4
_LONGEST_HEADING = 80
_MOST_ABBREVIATED = 3  # words of a heading that may end with a full stop


@dataclass(frozen=True, slots=True)
class PdfTable:
    """A table before it has a place in the text. `headings` is None where nobody knows how many there are.

    `names` are its first rows with what spans columns in each of them.
    """

    rows: tuple[tuple[Cell, ...], ...]
    headings: int | None
    caption: str
    grid: PdfGrid
    names: tuple[tuple[Cell, ...], ...] = ()
    goes_on: bool = False  # with the table before, on the page before


def with_tables(blocks: Sequence[PdfBlock]) -> list[PdfBlock | PdfTable]:
    """The blocks of a page, with those of a table as one."""
    found: list[PdfBlock | PdfTable] = []
    at = 0
    while at < len(blocks):
        if blocks[at].kind != "row":
            found.append(blocks[at])
            at += 1
            continue
        end = _end_of_table(blocks, at)
        above = _above(found, blocks[at])
        table, used = _table(blocks[at:end], above)
        if table is None:
            found += blocks[at:end]
        else:
            del found[len(found) - used :]
            found.append(table)
        at = end
    return found


def continued(table: PdfTable, before: PdfTable) -> PdfTable | None:
    """`table` in the columns of the one `before`, on the page before; None if it is another table.

    A table that goes on overleaf has no headings of its own, and its cells stand where those above did.
    """
    old, new = before.grid, table.grid
    if table.headings or (old.labels is None) != (new.labels is None):
        return None
    if old.labels and new.labels and abs(old.labels.left - new.labels.left) > 12:
        return None
    places = []
    for band in new.values:
        hits = [at for at, other in enumerate(old.values) if other.touches(band)]
        if len(hits) != 1 or hits[0] in places:
            return None
        places.append(hits[0])
    if places != sorted(places):
        return None
    offset = int(old.labels is not None)
    order = [*range(offset), *(place + offset for place in places)]
    rows = []
    for row in table.rows:
        cells: list[Cell] = [()] * old.width
        for place, cell in zip(order, row, strict=True):
            cells[place] = cell
        rows.append(tuple(cells))
    return replace(table, rows=tuple(rows), headings=0, grid=old, goes_on=True)


def _end_of_table(blocks: Sequence[PdfBlock], start: int) -> int:
    """Where the table ends that starts with the row at `start`.

    Above the first row of values, short lines may stand in any order: they are headings. Below it, lines
    without values are labels.
    """
    for headings in (True, False):
        end = at = start + 1
        valued = not headings or _has_values(blocks[start])
        while at < len(blocks):
            block, before = blocks[at], blocks[at - 1]
            near = _is_near(before, block)
            if block.kind == "row" and (near or (not valued and _is_beside(before, block))):
                end = at + 1
                valued = valued or _has_values(block)
            elif valued:
                if at - end >= 2 or not near or not _is_label(block, blocks[end - 1]):
                    break
            elif at - start >= _MOST_ABOVE or not _is_beside(before, block) or not _is_short(block):
                break
            at += 1
        if valued:
            break
    return end


def _has_values(block: PdfBlock) -> bool:
    return any(is_figure(piece.text) for piece in block.pieces[1:])


def _is_near(before: PdfBlock, block: PdfBlock) -> bool:
    line, following = before.lines[-1], block.lines[0]
    step = line.bottom - following.bottom
    return 0.3 * line.size < step < _NEAR * max(line.size, following.size)


def _is_beside(before: PdfBlock, block: PdfBlock) -> bool:
    line, following = before.lines[-1], block.lines[0]
    return abs(line.bottom - following.bottom) < _NEAR * max(line.size, following.size)


def _is_short(block: PdfBlock) -> bool:
    line = block.lines[-1]
    sentence = line.text[-1] in ".;!?" and len(line.words) > _MOST_ABBREVIATED
    short = len(block.lines) <= 3 and len(line.text) <= _LONGEST_HEADING
    return block.kind == "paragraph" and short and not sentence


def _is_label(block: PdfBlock, row: PdfBlock) -> bool:
    """True for a line between two rows that says what follows, or goes on with a label."""
    line = row.lines[-1]
    return (
        len(block.lines) <= 2
        and len(block.lines[0].text) <= _LONGEST_LABEL
        and block.lines[0].size < 1.3 * line.size
        and block.lines[-1].text[-1] not in ".;!?"
        and block.lines[0].left < line.right
    )


def _above(found: Sequence[PdfBlock | PdfTable], first: PdfBlock) -> list[PdfBlock]:
    """The short blocks right above the first row of a table, from the top: its headings and its caption."""
    above: list[PdfBlock] = []
    lowest = first.lines[0]
    for block in reversed(found[-_MOST_ABOVE:]):
        if not isinstance(block, PdfBlock) or block.kind in {"row", "item"} or len(block.lines) > 3:
            break
        text = " ".join(line.text for line in block.lines)
        step = min(line.bottom for line in block.lines) - lowest.bottom
        # Headings of several columns may lie in the file in any order.
        lowest_step = (-2.5 if above else -0.5) * lowest.size
        if not lowest_step <= step < _ABOVE * lowest.size or len(text) > _LONGEST_LABEL or text[-1] in ".;":
            break
        above.insert(0, block)
        lowest = max((*block.lines, lowest), key=lambda line: line.bottom)
    return above


def _table(blocks: Sequence[PdfBlock], above: Sequence[PdfBlock]) -> tuple[PdfTable | None, int]:
    """The table of some rows, and how many of the blocks above are its headings; None if it is none."""
    cut = [block.pieces for block in blocks if block.kind == "row"]
    for row, apart in zip(cut, with_figures_apart(cut), strict=True):
        row[:] = apart
    size = blocks[0].lines[-1].size
    grid = find_grid([row for row in cut if row], size)
    if grid is None or grid.width < 2:
        return None, 0
    first = next((at for at, block in enumerate(blocks) if block.kind == "row" and _has_values(block)), None)
    leading = _leading_headings(blocks[:first], grid) if first else 0
    grid = with_empty_columns(grid, (block.pieces for block in blocks[:leading] if block.kind == "row"))
    narrow = _narrow_headings_above(above, grid) if first == 0 else []
    labels = _labels_above(above, grid) if first == 0 and not narrow else []
    over = _over_columns(above[: len(above) - len(labels)], grid) if first is not None and not narrow else []
    labels = labels if over else []
    lines = [line for block in (*over, *blocks[:leading]) for line in block.lines]
    headings = heading_rows([*narrow, *lines], grid)
    rows = _value_rows([*labels, *blocks[leading:]], grid)
    if len(headings) > _MOST_HEADINGS or len(rows) + len(headings) < 2 or not rows:
        return None, 0
    if narrow:
        del above[-1].lines[-1]
    used = len(over) + len(labels)
    titles = above[: len(above) - used][-_MOST_CAPTION:]
    caption = [line.text for block in titles for line in block.lines]
    written, names = tuple(row.written for row in headings), tuple(row.names for row in headings)
    caption += [row[0][0] for row in written if row[0] and row[0][0].startswith("(")]
    known = _headings_of_texts(blocks, grid) if first is None else len(headings)
    return PdfTable((*written, *rows), known, " ".join(caption), grid, names), used


def _narrow_headings_above(above: Sequence[PdfBlock], grid: PdfGrid) -> list[PdfLine]:
    """The last line above a table, which seems to be of its title, if it names every column."""
    lines = above[-1].lines if above else []
    return lines[-1:] if len(lines) > 1 and narrow_headings(lines[-1], grid) else []


def _headings_of_texts(blocks: Sequence[PdfBlock], grid: PdfGrid) -> int | None:
    """How many rows name the columns of a table without figures; None where its texts must tell."""
    if blocks[0].lines[0].bold and not blocks[1].lines[0].bold:
        return 1
    return None if grid.width > 2 and len(blocks) > 3 else 0


def _leading_headings(blocks: Sequence[PdfBlock], grid: PdfGrid) -> int:
    """How many of the blocks above the first row of values name the columns; those behind are labels."""
    leading = len(blocks)
    while leading and blocks[leading - 1].kind != "row" and _is_over_labels(blocks[leading - 1], grid):
        leading -= 1
    rows = [block.pieces for block in blocks[:leading] if block.kind == "row"]
    named = [row[0].text for row in rows if row and grid.labels and row[0].left < grid.labels.left + 1]
    named = [text for text in named if not text.startswith("(")]
    if len(named) > 1 or any(text.endswith(":") for text in named):
        return 0  # these are values, too, and no figures
    return leading


def _is_over_labels(block: PdfBlock, grid: PdfGrid) -> bool:
    line = block.lines[-1]
    return grid.labels is not None and line.right < grid.values[0].left and line.left < grid.labels.right


def _labels_above(above: Sequence[PdfBlock], grid: PdfGrid) -> list[PdfBlock]:
    """Of the blocks above a table, the last ones that stand over its column of labels alone."""
    if grid.labels is None:
        return []
    labels: list[PdfBlock] = []
    for block in reversed(above[-2:]):
        line = block.lines[0]
        beside = abs(line.left - grid.labels.left) > 2 * line.size
        if beside or len(block.lines) > 1 or line.right > grid.values[0].left:
            break
        labels.insert(0, block)
    return labels


def _over_columns(above: Sequence[PdfBlock], grid: PdfGrid) -> list[PdfBlock]:
    """Of the blocks above a table, the last ones that stand over its columns of values."""
    first = grid.values[0].left
    whole = ((grid.labels.left if grid.labels else first) + grid.values[-1].right) / 2
    values = (first + grid.values[-1].right) / 2
    over: list[PdfBlock] = []
    for block in reversed(above):
        for line in block.lines:
            middle = (line.left + line.right) / 2
            titled = abs(middle - whole) < 6 and abs(middle - values) > abs(middle - whole)
            figures = any(is_figure(piece.text) for piece in pieces(line))
            if (
                figures
                or titled
                or line.left < first - 2 * line.size
                or line.right > grid.values[-1].right + 40
            ):
                return over
        over.insert(0, block)
    return over


def _value_rows(blocks: Sequence[PdfBlock], grid: PdfGrid) -> list[tuple[Cell, ...]]:
    """The rows under the headings: those of cells, and labels by themselves."""
    rows: list[list[list[str]]] = []
    before: PdfLine | None = None
    for block in blocks:
        line = block.lines[-1]
        label = [other.text for other in block.lines[:-1]]
        row = block.pieces if block.kind == "row" else [Piece(line.text, line.left, line.left)]
        cells = cells_of(row, grid, line.size) if block.kind == "row" else _label_cells(row, grid)
        lines = [[" ".join(cell)] if cell else [] for cell in cells]
        lines[0] = label + lines[0]
        if before is not None and rows and not label and _goes_on(rows[-1], lines, before, line):
            rows[-1] = [above + cell for above, cell in zip(rows[-1], lines, strict=True)]
        else:
            rows.append(lines)
        before = line
    return [tuple(map(tuple, row)) for row in rows]


def _label_cells(row: Sequence[Piece], grid: PdfGrid) -> list[list[str]]:
    return [[row[0].text], *([] for _ in range(grid.width - 1))]


def _goes_on(
    row: Sequence[Sequence[str]], lines: Sequence[Sequence[str]], before: PdfLine, line: PdfLine
) -> bool:
    """True if a line goes on with the cells of the row above: texts, and a small letter after no stop."""
    filled = [(above, cell[0]) for above, cell in zip(row, lines, strict=True) if cell]
    if not 0 < before.bottom - line.bottom < 1.4 * line.size or not filled:
        return False
    if any(not above or is_figure(cell) for above, cell in filled):
        return False
    return any(cell[0].islower() and above[-1][-1] not in ".:;!?" for above, cell in filled) and (
        not lines[0] or lines[0][0][0].islower()
    )
