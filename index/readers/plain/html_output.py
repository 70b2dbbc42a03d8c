"""HTML that a cell of a notebook shows, as Markdown: its tables, and the words around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_MOST_ROWS = 1_000  # that a cell may span


def markdown_of(markup: str) -> str:
    """The words of `markup`, a line for each piece; tables as those of Markdown, spanning cells repeated."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(markup)
    for node in tree.css("style, script, template"):
        node.decompose()
    for table in tree.css("table"):
        if table.css_first("table") is None or table.css_first("table") == table:
            table.replace_with(f"\n\n{_table(table)}\n\n")
    body = tree.body
    text = body.text(separator="\n") if body is not None else ""
    return re.sub(r"\n\s*\n\s*", "\n\n", text).strip()


def _table(table: LexborNode) -> str:
    rows: list[list[str]] = []
    hanging: dict[int, tuple[str, int]] = {}  # by column: what rows above span into this one, and how far
    for row in table.css("tr"):
        cells: list[str] = []
        for cell in row.css("th, td"):
            _take_hanging(cells, hanging)
            text = " ".join(cell.text(separator=" ").split()).replace("|", "\\|")
            height = min(_number(cell, "rowspan"), _MOST_ROWS)
            for _ in range(min(_number(cell, "colspan"), _MOST_ROWS)):
                if height > 1:
                    hanging[len(cells)] = (text, height - 1)
                cells.append(text)
        _take_hanging(cells, hanging)
        rows.append(cells)
    lines = [f"| {' | '.join(cells)} |" for cells in rows if any(cells)]
    if lines:
        lines.insert(1, "|---" * len(rows[0]) + "|")
    return "\n".join(lines)


def _take_hanging(cells: list[str], hanging: dict[int, tuple[str, int]]) -> None:
    """Add the cells of rows above that span into the next columns of this row."""
    while len(cells) in hanging:
        text, left = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (text, left - 1)
        cells.append(text)


def _number(cell: LexborNode, attribute: str) -> int:
    value = (cell.attributes.get(attribute) or "").strip()
    return max(int(value), 1) if value.isascii() and value.isdigit() and len(value) < 7 else 1
