"""Rows of a table with the names of their columns: split into cells, labelled, searched by them.

The text of a row is a slice of its source. What names its cells stands elsewhere, and is kept in the `Table`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text.lines import collapse
from index.types import Chunk, Span, Table

LONGEST_NAMES = 300  # characters of a caption, and of column names, that are searched with each chunk
_PIPE = re.compile(r"(?<!\\)(?:\\\\)*\|")  # Markdown's, unless a backslash makes it a sign like any other
_QUOTED = re.compile(r'\s*+"(?:[^"]++|"")*+"')


def searched_names(table: Table, chunk: Chunk) -> tuple[str, ...]:
    """What names the rows of `table` in `chunk` and is not in its text, for search: caption, column names.

    Each word of the columns once, for a filing says "Three Months Ended" over every second one. At most
    `LONGEST_NAMES` characters of each, so that a wide table does not drown its rows.
    """
    caption = "" if table.caption in collapse(chunk.text) else table.caption
    columns = column_words(table) if chunk.span.start > table.span.start else ""
    return tuple(filter(None, (_cut(caption, LONGEST_NAMES), columns)))


def column_words(table: Table) -> str:
    """The names of the columns on one line, each word once, at most `LONGEST_NAMES` characters."""
    return _cut(" ".join(dict.fromkeys(" ".join(table.columns).split())), LONGEST_NAMES)


def body_table(tables: Sequence[Table], span: Span) -> Table | None:
    """The table of `tables` among whose rows of values `span` lies, if there is one."""
    return next((table for table in tables if table.body <= span.start and span.end <= table.span.end), None)


def is_heading_row(tables: Sequence[Table], span: Span) -> bool:
    """True if `span` lies among the rows that name the columns of one of `tables`."""
    return any(table.columns and table.span.start <= span.start < table.body for table in tables)


def labelled_row(text: str, table: Table) -> str | None:
    """A row's `text` with the name of its column before each cell; cells that are empty are left out.

    None where that would say nothing or might be wrong: no named columns, a row of one cell, or more cells
    than columns.

    >>> labelled_row("February | 98 |  | 301", Table(Span(0, 99), 9, ("Month", "Guests", "", "Nights")))
    'Month: February | Guests: 98 | Nights: 301'
    """
    cells = split_row(text, table.delimiter)
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > len(table.columns) or sum(map(bool, cells)) < 2:
        return None
    pairs = zip(table.columns, cells, strict=False)
    return " | ".join(f"{name.rstrip(' :')}: {cell}" if name else cell for name, cell in pairs if cell)


def split_row(text: str, delimiter: str) -> list[str]:
    r"""The cells of a row, each on one line, as `delimiter` parts them.

    A cell in double quotes may hold the delimiter; where that is a pipe, one after a backslash is a sign like
    any other. `split_row('1,"a, b",', ",")` is `["1", "a, b", ""]`.
    """
    if delimiter == " | ":
        # A row is trimmed, and so is the blank before its first delimiter where the first cell is empty.
        return [collapse(cell) for cell in (f" {text} " if text[:1] == "|" else f"{text} ").split(" | ")]
    if delimiter == "|":
        return [collapse(cell).replace("\\|", "|") for cell in _at_pipes(text)]
    return [_unquoted(cell) for cell in _outside_quotes(text, delimiter)]


def _at_pipes(text: str) -> list[str]:
    ends = [match.end() for match in _PIPE.finditer(text)]
    starts = [0, *ends]
    return [text[start : end - 1] for start, end in zip(starts, [*ends, len(text) + 1], strict=True)]


def _outside_quotes(text: str, delimiter: str) -> list[str]:
    """`text` in pieces, those that begin with a quote going on to the delimiter after its end."""
    cells: list[str] = []
    at = 0
    while True:
        quoted = _QUOTED.match(text, at)
        end = text.find(delimiter, quoted.end() if quoted else at)
        if end < 0:
            return [*cells, text[at:]]
        cells.append(text[at:end])
        at = end + len(delimiter)


def _unquoted(cell: str) -> str:
    cell = collapse(cell)
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return collapse(cell[1:-1].replace('""', '"')) if quoted else cell


def _cut(line: str, most: int) -> str:
    """The first words of `line`, as many as fit into `most` characters."""
    return line if len(line) <= most else line[: most + 1].rpartition(" ")[0] or line[:most]
