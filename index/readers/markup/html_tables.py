"""Tables of HTML as grids of texts: spanning cells, rows of headings, captions; layout told from data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.markup.html_tree import ancestors, is_hidden, letters, table_display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from selectolax.lexbor import LexborNode

_GROUPS = ("head", "body", "foot")  # in the order in which they are shown
# What an element is of a table by its tag, its ARIA role or its style.
_TAGS = {"thead": "head", "tbody": "body", "tfoot": "foot", "tr": "row", "td": "cell", "th": "heading"}
_ROLES = {
    **dict.fromkeys(("table", "grid", "treegrid"), "table"),
    "rowgroup": "body",
    "row": "row",
    "cell": "cell",
    "gridcell": "cell",
    **dict.fromkeys(("columnheader", "rowheader"), "heading"),
}
_DISPLAYS = {
    "table": "table",
    "table-row": "row",
    "table-cell": "cell",
    "table-header-group": "head",
    "table-row-group": "body",
    "table-footer-group": "foot",
}
_MOST_WRAPPERS = 4  # elements between a table and its rows that are no part of it
_LAYOUT = "table, pre, h1, h2, h3, h4, h5, h6, form, article, section, main, nav, header, footer, fieldset"
_BLOCKS = "p, ul, ol"
_WIDEST = 256  # columns; what stands further right is set side by side, whatever it spans
_LONG = 400  # letters of a cell that is prose
_NAME = 300  # characters of a spanning cell that is repeated in every row; a longer one is no name
_MOST_REPEATED = 1_000_000  # characters that spanning cells may add to one table
_MOST_HEADINGS = 10  # rows that name the columns
_TALLEST = 65_534  # rows that a cell may span (HTML Standard)
_CAPTION = re.compile(
    r"(?:table|tab\.|tabelle|tableau|tabla|tabela|tabella|tabel|tabell|taulukko|exhibit|schedule|таблица|表|표)"
    r"\s*[\dIVX]+\b.*"
    r"|\([^()]{3,80}\)|(?:amounts? |figures? |values? )?in (?:thousands|millions|billions)\b.{0,80}"
    r"|.{3,120}:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TableGrid:
    """Rows of cells, how many of them name the columns (None: the page does not say), and the title row."""

    rows: tuple[tuple[str, ...], ...]
    headings: int | None
    title: str


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    heading: bool
    column: int
    width: int


def table_part(node: LexborNode, display: Mapping[int, str]) -> str:
    """What an element is of a table: "table", "row", "cell", "heading" ...; "" for none of it.

    `display` is what the page's own style sheets say, by `mem_id`.
    """
    tag = node.tag or ""
    if tag in _TAGS or tag == "table":
        return _TAGS.get(tag, "table")
    attributes = node.attributes
    if not attributes:
        return _DISPLAYS.get(display[node.mem_id], "") if node.mem_id in display else ""
    style = attributes.get("style") or ""
    shown = (table_display(style) if "table" in style else None) or display.get(node.mem_id, "")
    return _ROLES.get(attributes.get("role") or "") or _DISPLAYS.get(shown, "")


def is_data_table(table: LexborNode, display: Mapping[int, str]) -> bool:
    """False for a table that only lays out a page: a frame around text, one column, or other tables."""
    if (table.attributes.get("role") or "") in {"presentation", "none"}:
        return False
    rows = [list(_cells(row, display)) for _, row, _ in _rows(table, display)]
    if max(map(len, rows), default=0) < 2:
        return False
    if table.tag != "table":
        inside = sum(letters(cell) for row in rows for cell in row)
        return len(rows) > 1 and letters(table) == inside and not _lays_out(table, rows)
    if any(cell.tag == "th" for row in rows for cell in row) or _child(table, "caption") is not None:
        return True
    return not _lays_out(table, rows)


def read_grid(
    table: LexborNode, text_of: Callable[[LexborNode], str], display: Mapping[int, str]
) -> TableGrid:
    """The cells of a table, each with the text that `text_of` gives.

    A cell that spans rows is repeated in each; one that spans columns stands in the first of them, in a row
    of headings in all.
    """
    placed = [(cells, in_head) for cells, in_head in _placed_rows(table, text_of, display) if cells]
    if not placed:
        return TableGrid((), None, "")
    count = _heading_rows([cells for cells, _ in placed], sum(in_head for _, in_head in placed))
    rows = [_row_texts(cells, spread=number < (count or 0)) for number, (cells, _) in enumerate(placed)]
    title = ""
    if count and len(placed[0][0]) == 1 and rows[0][0] and len(rows) > count:
        title = rows[0][0]
        rows[0] = (title,)
        if count == 1:
            # A title alone names no column: 0 if each row below has its name, None if the page does not say.
            count = _heading_rows([cells for cells, _ in placed[1:]], 0)
    return TableGrid(tuple(rows), count, title)


def figure_caption(table: LexborNode, text_of: Callable[[LexborNode], str]) -> str:
    """The caption of the figure whose table this is."""
    figure = next((around for around in ancestors(table) if around.tag == "figure"), None)
    caption = figure.css_first("figcaption") if figure is not None else None
    return text_of(caption) if caption is not None else ""


def caption_of(table: LexborNode) -> LexborNode | None:
    """The `<caption>` of a table."""
    caption = _child(table, "caption")
    return None if caption is None or is_hidden(caption) else caption


def is_caption(line: str) -> bool:
    """True for the line above a table that says what it is, or its unit: "Table 3: …", "(in millions)"."""
    return _CAPTION.fullmatch(line) is not None


def _lays_out(table: LexborNode, rows: Sequence[Sequence[LexborNode]]) -> bool:
    """True for a table that says nothing of what it is, and holds what tables of data do not."""
    if any(group.css_first(_LAYOUT) is not None for group in _children(table)):
        return True
    if len(rows) == 1 and any(cell.css_first(_BLOCKS) is not None for cell in rows[0]):
        return True
    sizes = [[size for cell in row if (size := letters(cell))] for row in rows]
    filled = [size for row in sizes for size in row]
    return max(map(len, sizes)) < 2 or 4 * sum(size > _LONG for size in filled) > len(filled)


_Row = tuple[str, "LexborNode", "LexborNode"]  # the kind of its group, the row, the group


def _rows(table: LexborNode, display: Mapping[int, str]) -> list[_Row]:
    """The rows of a table itself in the order in which they are shown."""
    rows = _grouped(table, table, "body", display, _MOST_WRAPPERS)
    return sorted(rows, key=lambda row: _GROUPS.index(row[0]))


def _grouped(
    node: LexborNode, group: LexborNode, kind: str, display: Mapping[int, str], wrappers: int
) -> Iterator[_Row]:
    for child in _children(node):
        part = table_part(child, display)
        if is_hidden(child):
            continue
        if part == "row":
            yield kind, child, group
        elif part in _GROUPS and group.mem_id == node.mem_id:
            yield from _grouped(child, child, part, display, wrappers)
        elif child.tag == "div" and not part and wrappers:
            yield from _grouped(child, group, kind, display, wrappers - 1)


def _cells(row: LexborNode, display: Mapping[int, str]) -> Iterator[LexborNode]:
    for cell in _children(row):
        if table_part(cell, display) in {"cell", "heading"} and not is_hidden(cell):
            yield cell


def _placed_rows(
    table: LexborNode, text_of: Callable[[LexborNode], str], display: Mapping[int, str]
) -> Iterator[tuple[list[_Cell], bool]]:
    """The cells of each row from left to right (none if all are empty), and True for a row of `<thead>`."""
    hanging: list[tuple[_Cell, int]] = []  # cells of rows above, and how many rows they still reach into
    budget, group = _MOST_REPEATED, 0
    for kind, row, its_group in _rows(table, display):
        if its_group.mem_id != group:  # nodes themselves are compared by all that is in them
            hanging, group = [], its_group.mem_id
        cells = [cell for cell, _ in hanging]
        covered = {at for cell in cells for at in range(cell.column, cell.column + cell.width)}
        hanging = [(cell, left - 1) for cell, left in hanging if left > 1]
        column, has_text = 0, False
        for node in _cells(row, display):
            while column in covered:
                column += 1
            text, width = text_of(node), max(_number(node, "colspan"), 1)
            heading = table_part(node, display) == "heading"
            cell = _Cell(text, heading, column, width if column + width <= _WIDEST else 1)
            cells.append(cell)
            has_text = has_text or bool(text)
            column += cell.width
            height = _number(node, "rowspan")
            if height != 1 and len(text) <= _NAME:
                hanging.append((cell, height - 1 if height else _TALLEST))
        budget -= sum(len(cell.text) for cell, _ in hanging)
        if budget < 0:
            hanging = []
        yield sorted(cells, key=lambda cell: cell.column) if has_text else [], kind == "head"


def _heading_rows(rows: Sequence[Sequence[_Cell]], in_head: int) -> int | None:
    """How many rows at the top name the columns; None if the page does not say."""
    if 0 < in_head <= _MOST_HEADINGS:
        return in_head
    count = 0
    for cells in rows[:_MOST_HEADINGS]:
        if not all(cell.heading for cell in cells if cell.text):
            break
        count += 1
    if 0 < count < len(rows):
        return count
    if not rows:
        return None
    # Each row has a name of its own: "Height | 12 m", "Phone: | 12 34".
    named = rows[0][0].heading and len(rows[0]) > 1 and not rows[0][1].heading
    return 0 if named or all(cells[0].text.endswith((":", "：")) for cells in rows) else None


def _row_texts(cells: Sequence[_Cell], *, spread: bool) -> tuple[str, ...]:
    """The texts of a row by column; `spread` writes a spanning cell into each column that it spans."""
    texts: list[str] = []
    for cell in cells:
        end = cell.column + (cell.width if spread and len(cell.text) <= _NAME else 1)
        texts += [""] * (end - len(texts))
        for at in range(cell.column, end):
            texts[at] = texts[at] or cell.text
    return tuple(texts)


def _number(node: LexborNode, attribute: str) -> int:
    """The value of `colspan` or `rowspan`: 1 where it is missing or no number."""
    value = (node.attributes.get(attribute) or node.attributes.get(f"aria-{attribute}") or "").strip()
    return min(int(value), _TALLEST) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _child(node: LexborNode, tag: str) -> LexborNode | None:
    return next((child for child in _children(node) if child.tag == tag), None)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        if child.is_element_node:
            yield child
        child = child.next
