"""Tables with merged cells as rows of texts, every text in the columns and rows it spans.

A cell that spans rows is repeated in each of them, so that every row carries the name of its group; one that
spans columns is repeated in rows of headings, and stands in its first column elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.parts.tables import LONGEST_NAME, find_headings

if TYPE_CHECKING:
    from index.readers.builder import TextBuilder
    from index.types import Span

WIDEST = 1_000  # columns of one table; a span beyond is no person's table
_LONGEST_CAPTION = 200
_CAPTION = re.compile(
    r"(?i:table|tab\.?|tabelle|tableau|tabla|tabella|tabela|tabel|tabell|taulukko|táblázat|tabulka|таблица|"
    r"таблиця|πίνακας|exhibit|figure|fig\.|chart)\s+(?:\d|[IVX]+\b|[A-Z]\b)|[表표]\s*\d|"
    r"\(?(?i:all )?(?i:amounts |figures )?(?i:in (?:thousands|millions|billions|eur|usd|gbp|chf|percent)\b)|"
    r"[Ii]n [€$£%]|\([^()]{1,80}\)\Z"
)


@dataclass(frozen=True, slots=True)
class GridCell:
    """The text of one cell, and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1


def is_caption(line: str) -> bool:
    """True for a line that, above a table, is about it: "Table 3: …", "(in millions)"."""
    return len(line) <= _LONGEST_CAPTION and _CAPTION.match(line.strip()) is not None


def add_grid(
    builder: TextBuilder,
    grid: Sequence[Sequence[GridCell]],
    *,
    headings: int | None = None,
    first_is_heading: bool = False,
    caption: str = "",
) -> tuple[Span | None, ...]:
    """Append a table and give the span of each row.

    `headings` rows name its columns, found by what they hold if it is None.
    `first_is_heading` says that the first row does, where nothing better is found.
    """
    plain, spread = _rows(grid, repeat=False), _rows(grid, repeat=True)
    if headings is None:
        headings = _headings(grid, spread)
        if not headings and first_is_heading and sum(map(any, spread)) > 1:
            headings = 1
    rows = list(plain)
    for at in range(min(headings, len(rows))):
        # A title over the whole table is written once; a heading over some columns names each of them.
        rows[at] = plain[at] if len(set(filter(None, spread[at]))) < 2 else spread[at]
    return builder.add_table(rows, headings=headings, caption=caption)


def _headings(grid: Sequence[Sequence[GridCell]], rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top are titles or name columns: a row of groups counts with those below it."""
    titles, count = find_headings(rows)
    if count:
        return titles + count
    top = next((at for at, row in enumerate(rows) if len(set(filter(None, row))) > 1), len(rows))
    column = 0
    for cell in grid[top] if top < len(rows) else ():
        column += cell.columns
        if cell.columns > 1 and cell.text:  # the columns of the first group show what stands below
            titles, count = find_headings([row[:column] for row in rows[top + 1 :]])
            return top + 1 + count if count and not titles else 0
    return 0


def _rows(grid: Sequence[Sequence[GridCell]], *, repeat: bool) -> list[list[str]]:
    """The texts of each row by column; `repeat` writes a cell in every column it spans."""
    rows = []
    above: dict[int, tuple[str, int]] = {}  # column -> the text that reaches down from above, for how long
    for cells in grid:
        row: list[str] = []
        below: dict[int, tuple[str, int]] = {}
        for cell in (*cells, None):
            while len(row) in above:
                text, left = above[len(row)]
                if left > 1:
                    below[len(row)] = (text, left - 1)
                row.append(text)
            width = max(cell.columns, 1) if cell else 0
            if len(row) + width > WIDEST:  # set side by side, whatever they claim to span
                width = min(width, 1)
            for at in range(width):
                text = cell.text if cell and (repeat or not at) else ""
                if cell and cell.rows > 1 and len(row) < WIDEST:
                    below[len(row)] = (text if len(text) <= LONGEST_NAME else "", cell.rows - 1)
                row.append(text)
        above = below
        rows.append(row)
    return rows
