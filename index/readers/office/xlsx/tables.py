"""The tables of a sheet: runs of rows, apart where rows or columns between them are empty.

Where the file says which rows are headings (a table with a header row, a filter, frozen rows), that is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, local
from index.readers.office.parts.grid import GridCell, add_grid
from index.readers.office.xlsx.view import area_of
from index.readers.office.xlsx.workbook import SheetRow
from index.readers.parts.tables import find_headings

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.builder import TextBuilder
    from index.types import Span

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Za-z0-9$:]+)[\"']")
_FILTER = re.compile(rb"<(?:\w+:)?autoFilter\s[^>]*?ref\s*=\s*[\"']([A-Za-z0-9$:]+)[\"']")
_FROZEN = re.compile(rb"<(?:\w+:)?pane\s[^>]*?>")
_ROWS_ABOVE = re.compile(rb"ySplit\s*=\s*[\"'](\d{1,3})[\"']")
_MOST_MERGED = 20_000  # areas of one sheet
_LONGEST_CAPTION = 200
_LIST = 3  # rows of one cell each up to which they are text, and not a table of one column
_MOST_FROZEN = 5
_TITLED = 12  # rows that show if a table begins below a title
_SAMPLE = 200  # rows that show if two tables stand side by side
_HAS_DIGIT = re.compile(r"\d")

Area = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """What a sheet says about its rows: merged areas, rows of headings by the row they begin at, breaks."""

    merged: tuple[Area, ...] = ()
    headings: dict[int, int] = field(default_factory=dict)
    breaks: frozenset[int] = frozenset()  # rows that begin another table
    frozen: int = 0  # rows at the top that stay in view

    @classmethod
    def of(cls, data: bytes, tables: Iterable[Element]) -> SheetLayout:
        """The layout of a worksheet's part with these table parts."""
        found = _MERGED.findall(data)[:_MOST_MERGED]
        merged = tuple(area for area in (area_of(ref.decode()) for ref in found) if area[0])
        headings, breaks = {}, set()
        for table in tables:
            top, _, bottom, _ = area_of(attribute(table, "ref") or "")
            rows = attribute(table, "headerRowCount") or "1"
            if top and local(table) == "table":
                headings[top] = int(rows) if rows.isdecimal() else 1
                breaks |= {top, bottom + 1}
        for ref in _FILTER.findall(data):
            top = area_of(ref.decode())[0]
            if top and top not in headings:
                headings[top] = 1
        pane = _FROZEN.search(data)
        above = _ROWS_ABOVE.search(pane[0]) if pane and b"frozen" in pane[0] else None
        frozen = int(above[1]) if above else 0
        return cls(merged, headings, frozenset(breaks), frozen if frozen <= _MOST_FROZEN else 0)


def add_sheet_tables(builder: TextBuilder, rows: Iterable[SheetRow], layout: SheetLayout) -> None:
    """Append the rows of a sheet, table by table."""
    caption, caption_row = "", 0
    for block in _stacked(_continued(_blocks(rows, layout), layout)):
        if all(len(row.cells) == 1 for row in block) and len(block) <= _LIST:
            lines = [text for row in block for text in row.cells.values()]
            for line in lines:
                builder.add("paragraph", line)
            caption, caption_row = " ".join(lines), block[-1].number
            continue
        near = caption_row and block[0].number - caption_row <= _LIST
        title = caption if near and len(caption) <= _LONGEST_CAPTION else ""
        tables = _side_by_side(block, layout.merged)
        for columns in tables:
            _add_block(builder, block if len(tables) == 1 else _cut(block, columns), layout, title)
        caption_row = 0


def _blocks(rows: Iterable[SheetRow], layout: SheetLayout) -> Iterator[list[SheetRow]]:
    """Runs of rows without an empty row between them."""
    block: list[SheetRow] = []
    reach = 0  # the last row that a merged area of the block reaches down to
    down = {area[0]: area[2] for area in sorted(layout.merged, key=lambda area: area[2]) if area[2] > area[0]}
    for row in rows:
        if block and (row.number in layout.breaks or row.number > max(block[-1].number + 1, reach + 1)):
            yield block
            block = []
        block.append(row)
        reach = max(reach, down.get(row.number, 0))
    if block:
        yield block


def _continued(blocks: Iterable[list[SheetRow]], layout: SheetLayout) -> Iterator[list[SheetRow]]:
    """The blocks, those joined that are one table with an empty row in it: the second has no headings."""
    current: list[SheetRow] = []
    for block in blocks:
        if current and _goes_on(current, block, layout):
            current += block
            continue
        if current:
            yield current
        current = block
    if current:
        yield current


def _stacked(blocks: Iterable[list[SheetRow]]) -> Iterator[list[SheetRow]]:
    """The blocks, those cut that are several tables below their titles without an empty row between."""
    for block in blocks:
        begin = 0
        for at in range(2, len(block) - 2):
            one, wide = len(block[at].cells) == 1, len(block[at + 1].cells) > 1
            if one and wide and at - begin > 1 and _is_titled(block[at : at + _TITLED]):
                yield block[begin:at]
                begin = at
        yield block[begin:] if begin else block


def _is_titled(rows: Sequence[SheetRow]) -> bool:
    """True if the first row is a title, and the next names columns of which some hold numbers."""
    texts = _texts(rows)
    titles, count = find_headings(texts)
    if titles != 1 or not count:
        return False
    below = texts[titles + count :][:2]
    return any(
        len(name) > 2
        and not _HAS_DIGIT.search(name)
        and all(at < len(row) and _HAS_DIGIT.search(row[at]) for row in below)
        for at, name in enumerate(texts[titles])
        if at
    )


def _goes_on(above: list[SheetRow], block: list[SheetRow], layout: SheetLayout) -> bool:
    first = block[0].number
    if first in layout.breaks or first in layout.headings or first - above[-1].number > 2:
        return False
    names = find_headings(_texts(above[:20]))
    wide = max(above[sum(names) - 1].cells) if sum(names) else 0
    # What goes on has no headings of its own, fills several columns, and no other than those named.
    return (
        bool(names[1])
        and any(len(row.cells) > 1 for row in block)
        and max(max(row.cells) for row in block) <= wide
        and not find_headings(_texts(block[:20]))[1]
    )


def _texts(rows: Sequence[SheetRow]) -> list[list[str]]:
    """Rows as lists of texts, from the first column that any of them fills."""
    first = min(min(row.cells) for row in rows)
    return [[row.cells.get(at, "") for at in range(first, max(row.cells) + 1)] for row in rows]


def _side_by_side(block: list[SheetRow], merged: Sequence[Area]) -> list[list[int]]:
    """The columns of each table of a block: several where empty columns keep whole tables apart."""
    used = sorted({column for row in block for column in row.cells})
    groups: list[list[int]] = [[]]
    for column in used:
        if groups[-1] and column > groups[-1][-1] + 1:
            groups.append([])
        groups[-1].append(column)
    top, bottom = block[0].number, block[-1].number
    tables: list[list[int]] = []
    for group in groups:
        bridged = tables and any(
            top <= area[0] <= bottom and area[1] <= tables[-1][-1] and area[3] >= group[0] for area in merged
        )
        if tables and (bridged or not (_is_whole(block, group) and _is_whole(block, tables[-1]))):
            tables[-1] += group
        else:
            tables.append(group)
    return tables


def _is_whole(block: list[SheetRow], columns: list[int]) -> bool:
    """True for columns that make a table by themselves: at least two, the first with names of its rows."""
    names = [row.cells[columns[0]] for row in block[:_SAMPLE] if columns[0] in row.cells]
    filled = sum(any(column in row.cells for column in columns) for row in block[:_SAMPLE])
    texts = sum(not _HAS_DIGIT.search(name) for name in names)
    return len(columns) > 1 and 2 * len(names) > filled and 2 * texts > len(names) and len(names) > 1


def _cut(block: list[SheetRow], columns: list[int]) -> list[SheetRow]:
    """The rows with these columns alone; rows empty there are left out."""
    keep = set(columns)
    rows = (
        SheetRow(row.number, {at: text for at, text in row.cells.items() if at in keep}, row.is_folded)
        for row in block
    )
    return [row for row in rows if row.cells]


def _add_block(builder: TextBuilder, block: list[SheetRow], layout: SheetLayout, caption: str) -> None:
    """Append one table without the columns that are empty in all of it; rows folded away are marked."""
    folded = [row.is_folded for row in block]
    for span, is_folded in zip(_add_rows(builder, block, layout, caption), folded, strict=True):
        if is_folded:
            builder.mark_hidden(span)


def _add_rows(
    builder: TextBuilder, block: list[SheetRow], layout: SheetLayout, caption: str
) -> tuple[Span | None, ...]:
    columns = sorted({column for row in block for column in row.cells})
    top, bottom = block[0].number, block[-1].number
    merged = [area for area in layout.merged if top <= area[0] <= bottom and area[1] <= columns[-1]]
    headings = next(
        (
            layout.headings[row.number] + at
            for at, row in enumerate(block[:_MOST_FROZEN])
            if row.number in layout.headings
        ),
        None,
    )
    if headings is None and layout.frozen >= top:
        rows = [[row.cells.get(at, "") for at in columns] for row in block[:20]]
        frozen = sum(row.number <= layout.frozen for row in block)
        headings = None if find_headings(rows)[1] or frozen == len(block) else frozen
    if not merged:
        texts = [[row.cells.get(column, "") for column in columns] for row in block]
        block.clear()  # a large sheet is not held twice
        return builder.add_table(texts, headings=headings, caption=caption)
    spans = {(area[0], area[1]): area for area in merged}
    covered = {
        (row, column)
        for area in merged
        for row in range(area[0], min(area[2], bottom) + 1)
        for column in columns
        if area[1] <= column <= area[3] and (row, column) != (area[0], area[1])
    }
    rows_at = {row.number: at for at, row in enumerate(block)}
    grid = []
    for row in block:
        cells = []
        for column in columns:
            if (row.number, column) in covered:
                continue
            area = spans.get((row.number, column))
            wide = sum(area[1] <= other <= area[3] for other in columns) if area else 1
            high = sum(area[0] <= other <= area[2] for other in rows_at) if area and area[2] > area[0] else 1
            cells.append(GridCell(row.cells.get(column, ""), wide, high))
        grid.append(cells)
    return add_grid(builder, grid, headings=headings, caption=caption)
