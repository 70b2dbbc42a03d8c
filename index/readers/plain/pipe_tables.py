"""Tables drawn in a text file: with pipes, as in Markdown, or columns set with tabs or blanks.

The blocks of the rows are given; what stands between them says where a table ends and how many of its rows
are headings: a line of dashes below those of Markdown, one of equals signs below those of a grid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.readers.paragraphs import TextLine, trimmed_block
from index.readers.parts.tables import make_table, one_line
from index.text.rows import split_row
from index.types import Block, Blocks, Span, Table

_PIPE = re.compile(r"(?<!\\)(?:\\\\)*\|")
_BORDERS = re.compile(r"[\s|:+=>-]*")  # all that may stand between two rows of a table
_RULE = re.compile(r"[-=]{2,}|[|:]\s*-")
_EMPTY_LINE = re.compile(r"\n[ \t>]*\r?\n|\r[ \t>]*\r(?!\n)")
_RULE_SIGNS = frozenset("|:+-= \t")
# Above a table: "Table 3: …", "(in millions)". Below it, as pandoc writes them: ": …", "Table: …".
_CAPTION_ABOVE = re.compile(
    r"\W{0,4}(?:table|tab\.|tabelle|tableau|tabla|tabela|tabella|tabell?|таблица)\b.*|\(.{3,80}\)",
    re.IGNORECASE | re.DOTALL,
)
_CAPTION_BELOW = re.compile(r"(?:table)?:[ \t]+\S.*", re.IGNORECASE | re.DOTALL)
_LONGEST_VALUE = 40  # characters of a cell in columns that are set under each other
_LONGEST_CAPTION = 200


def drawn_tables(text: str, blocks: Blocks) -> tuple[Table, ...]:
    """The tables that the rows among the blocks of a text file make, in order."""
    return tuple(table for first, last in _runs(text, blocks) if (table := _table(text, blocks, first, last)))


def table_lines(text: str, run: Sequence[TextLine]) -> dict[int, bool]:
    """Which lines of a run belong to a table of pipes: True for its rows, False for the lines between them.

    It is known by the line under its headings, or over and under all of its rows.
    """
    lines: dict[int, bool] = {}
    inside = False
    for index, line in enumerate(run):
        bar = text.find("|", line.start, line.end) >= 0
        if _is_border(text, line) and (inside or bar or text.find("+", line.start, line.end) >= 0):
            inside = inside or index + 1 < len(run)
            above = index - 1
            if above >= 0 and above not in lines and text.find("|", *run[above][:2]) >= 0:
                lines[above] = True
            lines[index] = False
        elif inside and bar:
            lines[index] = True
        else:
            inside = False
    return lines if any(lines.values()) else {}


def row_block(text: str, line: TextLine) -> Iterator[Block]:
    """The block of a table's row, from its first cell to its last."""
    start = line.start + (text[line.start] == "|")
    return trimmed_block(text, "row", start, max(start, line.end - (text[line.end - 1] == "|")))


def _is_border(text: str, line: TextLine) -> bool:
    if line.end - line.start < 3 or text[line.start] not in _RULE_SIGNS:  # most lines
        return False
    signs = set(text[line.start : min(line.end, line.start + 1_000)])
    return signs <= _RULE_SIGNS and bool(signs & {"-", "="})


def _runs(text: str, blocks: Blocks) -> Iterator[tuple[int, int]]:
    """First and last block of each run of rows that nothing but borders parts."""
    first = -1
    for at in range(len(blocks)):
        if blocks.kind_at(at) != "row" or _delimiter(text, block := blocks[at]) is None:
            if first >= 0:
                yield first, at - 1
            first = -1
        elif first >= 0 and not _goes_on(text, blocks[at - 1], block):
            yield first, at - 1
            first = at
        elif first < 0:
            first = at
    if first >= 0:
        yield first, len(blocks) - 1


def _goes_on(text: str, above: Block, below: Block) -> bool:
    start, end = above.span.end, below.span.start
    return (
        _BORDERS.fullmatch(text, start, end) is not None
        and _EMPTY_LINE.search(text, start, end) is None
        and _delimiter(text, above) == _delimiter(text, below)
    )


def _delimiter(text: str, block: Block) -> str | None:
    """What parts the cells of a row: a pipe, a tab, two blanks or more, or None."""
    start, end = block.span.start, block.span.end
    if _PIPE.search(text, start, end):
        return "|"
    return next((blank for blank in ("\t", "  ") if text.find(blank, start, end) >= 0), None)


def _table(text: str, blocks: Sequence[Block], first: int, last: int) -> Table | None:
    spans = [block.span for block in blocks[first : last + 1]]
    if len(spans) < 2:
        return None
    delimiter = _delimiter(text, blocks[first]) or "|"
    headings = _headings(text, spans)
    rows = [_cells(span.of(text), delimiter) for span in spans]
    if delimiter == "  " or (delimiter == "\t" and len(set(map(len, rows))) > 1):
        delimiter = "  "
        rows = _aligned(text, spans, headings)
    if not rows:
        return None
    caption = _caption(text, blocks, first, last)
    return make_table(rows, spans, headings=headings, caption=caption, delimiter=delimiter)


def _cells(row: str, delimiter: str) -> tuple[str, ...]:
    return tuple(split_row(row, delimiter))


def _aligned(text: str, spans: Sequence[Span], headings: int | None) -> list[tuple[str, ...]]:
    """The rows of columns that are set under each other; none if they may as well be prose in columns.

    Cells that are empty cannot be seen in such a row. Where the first heading is, the row of headings begins
    further right than the others.
    """
    rows = [_cells(span.of(text), "  ") for span in spans]
    body = rows[headings or 1 :]
    usual = max(set(map(len, body)), key=[len(row) for row in body].count, default=0)
    values = [cell for row in body for cell in row[1:]]
    numbers = sum(len(cell) <= _LONGEST_VALUE and any(map(str.isdigit, cell)) for cell in values)
    if usual < 2 or [len(row) for row in body].count(usual) < 0.6 * len(body):
        return []
    if headings is None and (len(body) < 2 or numbers < len(values) / 2):
        return []
    if len(rows[0]) == usual - 1 and _column(text, spans[0]) > _column(text, spans[-1]):
        rows[0] = ("", *rows[0])
    return rows if len(rows[0]) == usual else []


def _column(text: str, span: Span) -> int:
    """How far from the beginning of its line a row begins."""
    return span.start - 1 - max(text.rfind(end, 0, span.start) for end in "\n\r")


def _headings(text: str, spans: Sequence[Span]) -> int | None:
    """How many rows stand above the line that ends the headings; None if there is no such line."""
    gaps = [text[above.end : below.start] for above, below in pairwise(spans)]
    rules = [at for at, gap in enumerate(gaps, 1) if _RULE.search(gap)]
    double = [at for at in rules if "=" in gaps[at - 1]]
    if double:
        return double[0]
    return rules[0] if len(rules) == 1 or (rules and len(rules) < len(gaps)) else None


def _caption(text: str, blocks: Sequence[Block], first: int, last: int) -> str:
    """What the paragraph just above a table says of it, if that is a caption, or the one just below."""
    for at, pattern in ((first - 1, _CAPTION_ABOVE), (last + 1, _CAPTION_BELOW)):
        if 0 <= at < len(blocks) and blocks[at].kind == "paragraph":
            span = blocks[at].span
            if len(span) <= _LONGEST_CAPTION and pattern.fullmatch(text, span.start, span.end):
                return one_line(span.of(text)).lstrip(": ")
    return ""
