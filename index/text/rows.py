"""Rows of a table with the names of their columns: split into cells, labelled, searched by them.

The text of a row is a slice of its source. What names its cells stands elsewhere, and is kept in the `Table`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from index.text.lines import collapse, first_words, line_around, lines_above
from index.text.patterns import lazy_compile
from index.types import Chunk, Sliceable, Span, Table

LONGEST_NAMES = 300  # characters of a caption, and of column names, that are searched with each chunk
_SEPARATORS = (",", ";", "\t", "  ")
LONGEST_LINE = 1000  # characters of them that are shown to a model above a passage
_SCALES = (
    "(?:thousands|millions|billions|tausend|millionen|milliarden|tsd|mio|mrd|teur|milliers|miles|millones)"
)
_UNIT = lazy_compile(
    rf"\([^()]*\b{_SCALES}\b[^()]*\)"
    rf"|(?:(?:[$€£]|\b(?-i:[A-Z]{{3}})|\bUS\$) ?)?\bin {_SCALES}\b(?: of [\w.]+(?: dollars)?)?"
    rf"|\b{_SCALES} of (?:[\w.]+ )?(?:dollars|euros)\b|\A{_SCALES}\Z",
    re.IGNORECASE,
)
_PIPE = lazy_compile(r"(?<!\\)(?:\\\\)*\|")  # Markdown's, unless a backslash makes it a sign like any other
_BLANKS = lazy_compile(r" *\t\s*| {2,}")  # between two columns that are set under each other
_TOTAL = lazy_compile(
    r"(?:sub|grand )?totals?|sum|all|totale?|totaux|ensemble|summe|(?:ins)?gesamt|suma|razem|celkem|spolu",
    re.IGNORECASE,
)
# What stands before the name of a thing in the first row of a record of it: "Name | Anna Kovac".
_RECORD_OF = lazy_compile(
    r"(?:full |company |product |project |vessel |model )?name|title|nom|nombre|nome|naam|navn|namn|jméno|"
    r"názov|název|név|nazwa|imię i nazwisko|имя|firma|titel|titre|título|titolo",
    re.IGNORECASE,
)
_MOST_ABOVE = 60  # rows in which the name of a group is looked for
_QUOTED = lazy_compile(r'\s*+"(?:[^"]++|"")*+"')


def searched_names(table: Table, chunk: Chunk) -> tuple[str, ...]:
    """What names the rows of `table` in `chunk` and is not in its text, for search: caption, column names.

    Each word of the columns once, for a filing says "Three Months Ended" over every second one. At most
    `LONGEST_NAMES` characters of each, so that a wide table does not drown its rows.
    """
    caption = "" if table.caption in collapse(chunk.text) else table.caption
    columns = column_words(table) if _without_headings(table, chunk) else ""
    return tuple(filter(None, (first_words(caption, LONGEST_NAMES), columns)))


def names_line(table: Table, chunk: Chunk) -> str:
    """What names the rows of `table` in `chunk` and is not in its text, for a reader: "" if nothing.

    The caption, and the columns in their order, those without a name left blank: at most `LONGEST_LINE`
    characters.
    """
    caption = "" if table.caption in collapse(chunk.text) else table.caption
    columns = " | ".join(table.columns) if _without_headings(table, chunk) else ""
    return first_words("; ".join(filter(None, (caption, columns and f"columns: {columns}"))), LONGEST_LINE)


def _without_headings(table: Table, chunk: Chunk) -> bool:
    """True if a chunk has rows of a table without those that name its columns, as overleaf in a PDF."""
    return chunk.span.start > table.span.start or table.body == table.span.start


def column_words(table: Table) -> str:
    """The names of the columns on one line, each word once, at most `LONGEST_NAMES` characters."""
    return first_words(" ".join(dict.fromkeys(" ".join(table.columns).split())), LONGEST_NAMES)


def searched_text(chunk: Chunk) -> str:
    """The text of `chunk` as it is searched: its rows as `searched_sentences` has them."""
    if not chunk.tables:
        return chunk.text
    pieces: list[str] = []
    end = chunk.span.start
    for span, sentence in zip(chunk.sentences, searched_sentences(chunk), strict=True):
        pieces += (chunk.text[end - chunk.span.start : span.start - chunk.span.start], sentence)
        end = span.end
    return "".join(pieces) + chunk.text[end - chunk.span.start :]


def searched_sentences(chunk: Chunk) -> list[str]:
    """The sentences of `chunk` as they are searched and compared with a question.

    A row of values has a blank after each comma between two cells, for "March,22,301" has the number 301 and
    no number 22,301; before an empty first cell the name of its group; and in a record of labels and values
    ("Name | Anna Kovac", "Born | 1950") what it is about.
    """
    start = chunk.span.start
    texts = [chunk.text[span.start - start : span.end - start] for span in chunk.sentences]
    if not chunk.tables:
        return texts
    rows: list[list[str]] = []
    above: Table | None = None
    for at, span in enumerate(chunk.sentences):
        table = body_table(chunk.tables, span)
        if table is None:
            continue
        if table is not above:
            above, rows = table, []
        head = chunk.text[: span.start - start]
        tabs = head[len(head.rstrip("\t")) :] if table.delimiter == "\t" else ""  # a sentence is trimmed
        row = split_row(tabs + texts[at], table.delimiter)
        group = group_name(row, reversed(rows)) or _subject(rows, table)
        rows.append(row)
        if table.delimiter == ",":
            texts[at] = ", ".join(_outside_quotes(texts[at], ","))
        texts[at] = f"{group} {texts[at]}" if group else texts[at]
    return texts


def body_table(tables: Sequence[Table], span: Span) -> Table | None:
    """The table of `tables` among whose rows of values `span` lies, if there is one."""
    return next((table for table in tables if table.body <= span.start and span.end <= table.span.end), None)


def is_heading_row(tables: Sequence[Table], span: Span) -> bool:
    """True if `span` lies among the rows that name the columns of one of `tables`."""
    return any(table.columns and table.span.start <= span.start < table.body for table in tables)


def labelled(text: Sliceable, span: Span, tables: Sequence[Table]) -> str | None:
    """The row that stands at `span` of a source's `text`, as `labelled_row` writes it.

    None where that gives none, and where `span` is no row of the values of one of `tables`, or a part of one.
    """
    table = body_table(tables, span)
    if table is None:
        return None
    line = line_around(text, span)
    before, after = text[line.start : span.start], text[span.end : line.end]
    if any(map(str.isalnum, before + after)):
        return None
    row = span.of(text)  # trimmed, and with it the tabs before its first cell
    row = before + row if table.delimiter == "\t" else row
    return labelled_row(row, table, _group_above(text, span.start, row, table))


def group_name(row: Sequence[str], above: Iterable[Sequence[str]]) -> str:
    """The group that a row without a first cell belongs to, by the rows `above` it, nearest first.

    It is written once, in the first row of its group: `Danube | Juniors`, then ` | Seniors`. "" where the row
    has a first cell, no name of its own in the second, or is a total.
    """
    if not _continues(row):
        return ""
    first = next((other for other in islice(above, _MOST_ABOVE) if other and other[0]), ())
    return first[0] if len(first) > 1 and _is_name(first[1]) else ""


def _subject(rows: Sequence[Sequence[str]], table: Table) -> str:
    """What a record is about, by the `rows` of it above: the value after "Name" in the first; "" if none."""
    if table.columns or not rows or len(rows[0]) not in (2, 4):
        return ""
    return rows[0][1] if _RECORD_OF.fullmatch(rows[0][0].rstrip(" :")) else ""


def _continues(row: Sequence[str]) -> bool:
    return len(row) > 2 and not row[0] and _is_name(row[1]) and not is_total(row[1])


def is_total(cell: str) -> bool:
    """True if `cell`, the first of its row, says that the row sums up others: "Total", "Summe:"."""
    return _TOTAL.fullmatch(cell.rstrip(": ")) is not None


def _is_name(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell))


def _group_above(text: Sliceable, start: int, row: str, table: Table) -> str:
    cells = split_row(row, table.delimiter)
    if not _continues(cells):
        return ""
    lines = lines_above(text, table.body, start)
    return group_name(cells, (split_row(line, table.delimiter) for line in lines if line.strip()))


def labelled_row(text: str, table: Table, group: str = "") -> str | None:
    """A row's `text` with the name of its column before each cell, empty cells left out, and the unit of all.

    `group` is what the first cell would say, where it is empty and a row above says it.

    None where that would say nothing or might be wrong: no named columns, a row of one cell, or more cells
    than columns; or fewer, of values separated in a file, where a row has all of its cells.

    >>> labelled_row("February | 98 |  | 301", Table(Span(0, 99), 9, ("Month", "Guests", "", "Nights")))
    'Month: February | Guests: 98 | Nights: 301'
    """
    cells = split_row(text, table.delimiter)
    if table.delimiter in _SEPARATORS and len(cells) < len(table.columns):
        return None
    while cells and not cells[-1]:
        cells.pop()
    cells = [group, *cells[1:]] if group else cells
    if len(cells) > len(table.columns) or sum(map(bool, cells)) < 2:
        return None
    pairs = zip(table.columns, cells, strict=False)
    row = " | ".join(f"{name.rstrip(' :')}: {cell}" if name else cell for name, cell in pairs if cell)
    unit = _unit(table.caption) if any(map(str.isdigit, text)) else ""
    return f"{row} {unit}" if unit and unit not in row else row


def _unit(caption: str) -> str:
    """The unit of all figures of a table, in brackets, as its caption has it: "(in millions)"; "" without."""
    unit = _UNIT.search(caption)
    if unit is None:
        return ""
    return unit[0] if unit[0].startswith("(") else f"({unit[0]})"


def split_row(text: str, delimiter: str) -> list[str]:
    r"""The cells of a row, each on one line, as `delimiter` parts them.

    A cell in double quotes may hold the delimiter; where that is a pipe, one after a backslash is a sign like
    any other. Two blanks stand for any number of them, or for tabs. `split_row('1,"a, b",', ",")` is
    `["1", "a, b", ""]`.
    """
    if delimiter == "  ":
        return [collapse(cell) for cell in _BLANKS.split(text)]
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
