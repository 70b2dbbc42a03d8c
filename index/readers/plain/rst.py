"""reStructuredText to text: titles, paragraphs, list items, rows, literal text, as spans of the file.

The level of a title is that of its adornment, in the order in which the file first uses them. Of field lists
`:title:` and `:date:` are the source's. In no block: adornments, the marks and options of directives,
comments, targets of links, and the lines of grid tables. Roles, substitutions and includes are not resolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.readers.encoding import decode
from index.readers.metadata.dates import parse_date
from index.readers.paragraphs import TextLine, line_runs, prose_blocks, text_lines, trimmed_block, wrap_width
from index.readers.plain.markdown import heading_title
from index.readers.plain.pipe_tables import drawn_tables
from index.types import Block, Blocks, Dated, Reading

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}")  # a line of one ASCII sign: "====", "~~~~"
_DIRECTIVE = re.compile(r"\.\.[ \t]+([\w:.-]{1,60})::[ \t]*")  # ".. note:: "
_EXPLICIT = re.compile(r"\.\.(?:[ \t]|\Z)")  # ".. anything": a directive, a target, a footnote or a comment
_SIMPLE_BORDER = re.compile(r"=+(?:[ ]+=+)+")  # over, in and under a simple table: "=====  ===="
_FIELD = re.compile(r":([\w][\w -]{0,40}):(?:[ \t]+(?=\S)|\Z)")  # ":author: "
_BORDER = frozenset("+-=| \t")
_CODE = frozenset(
    ("code", "code-block", "sourcecode", "literalinclude", "parsed-literal", "math", "highlight")
)
_NOT_SHOWN = frozenset(
    ("image", "figure", "include", "toctree", "raw", "index", "contents", "meta", "csv-table")
)
_HEAD_BLOCKS = 15


def read_rst(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The reading of a reStructuredText file. Raises `ReadError` as `decode` does."""
    decoded = decode(data)
    text = decoded.text
    blocks = Blocks(rst_blocks(text))
    fields = _fields(text, blocks[:_HEAD_BLOCKS])
    value = parse_date(fields.get("date", ""))
    date = None if value is None else Dated(value, "front matter")
    title = fields.get("title") or heading_title(text, blocks)
    tables = drawn_tables(text, blocks)
    return Reading(text, blocks, (), title, date, decoded.encoding, decoded.notes, tables)


def _fields(text: str, blocks: Sequence[Block]) -> dict[str, str]:
    """The field list at the head of a file, by small-letter name."""
    fields: dict[str, str] = {}
    for block in blocks:
        match = _FIELD.match(text, block.span.start, block.span.end)
        if match is not None:
            fields.setdefault(match[1].lower(), text[match.end() : block.span.end].strip())
    return fields


def rst_blocks(text: str) -> Iterator[Block]:
    """The blocks of a reStructuredText file, in order."""
    width = wrap_width(text, line_runs(text_lines(text)))
    styles: list[str] = []
    literal: tuple[int, str] | None = None  # indentation of what opened it, and "code" or "silent"
    for run in line_runs(text_lines(text)):
        if literal is not None and run[0].indent > literal[0]:
            if literal[1] == "code":
                yield from trimmed_block(text, "code", run[0].start, run[-1].end)
            continue
        literal = None
        yield from _run_blocks(text, run, width, styles)
        literal = _indented_below(text, run)


def _indented_below(text: str, run: Sequence[TextLine]) -> tuple[int, str] | None:
    """What the end of a run says of the indented text below it: code, or nothing to show, or prose."""
    explicit = next((line for line in run if _EXPLICIT.match(text, line.start, line.end)), None)
    if explicit is not None:
        directive = _DIRECTIVE.match(text, explicit.start, explicit.end)
        if directive is None:
            return explicit.indent, "silent"
        if directive[1] in _CODE | _NOT_SHOWN:
            return explicit.indent, "code" if directive[1] in _CODE else "silent"
    last = run[-1]
    return (last.indent, "code") if text.endswith("::", last.start, last.end) and explicit is None else None


def _run_blocks(text: str, run: Sequence[TextLine], width: int, styles: list[str]) -> Iterator[Block]:
    """The blocks of one run of lines; `styles` are the title adornments seen so far, outermost first."""
    plain: list[TextLine] = []
    marked: TextLine | None = None
    in_table = _simple_rows(text, run)
    in_row = -1  # the last line of the row that was met last
    for index, line in enumerate(run):
        if index <= in_row:
            continue
        if index in in_table:
            in_row = in_table[index]
            yield from prose_blocks(text, plain, width, soft=True)
            yield from trimmed_block(text, "row", line.start, run[in_row].end)
            plain = []
            continue
        field = _FIELD.match(text, line.start, line.end)
        if marked is not None and line.indent > marked.indent:
            directive = _DIRECTIVE.match(text, marked.start, marked.end)
            if directive is None or directive[1] in _NOT_SHOWN or field is not None:
                continue
            plain.append(line)
            continue
        marked = line if _EXPLICIT.match(text, line.start, line.end) else None
        level = _level(text, run, index, styles)
        silent = marked is not None or _is_border(text, line)
        row = text[line.start] == "|" == text[line.end - 1]
        if not level and not silent and not row and field is None:
            plain.append(line)
            continue
        yield from prose_blocks(text, plain, width, soft=True)
        plain = []
        if level:
            yield from trimmed_block(text, "heading", line.start, line.end, level)
        elif row or field is not None:
            bar = int(row and line.end - line.start > 1)
            yield from trimmed_block(text, "row", line.start + bar, line.end - bar)
        elif marked is not None:
            yield from _argument(text, line)
    yield from prose_blocks(text, plain, width, soft=True)


def _simple_rows(text: str, run: Sequence[TextLine]) -> dict[int, int]:
    """The rows of a simple table, by their first line: the last line of each.

    A line that begins further right than the table goes on with the row above it.
    """
    borders = [at for at, line in enumerate(run) if _SIMPLE_BORDER.fullmatch(text, line.start, line.end)]
    if not borders:
        return {}
    rows: dict[int, int] = {}
    first = -1
    border_lines = frozenset(borders)
    for at in range(borders[0] + 1, borders[-1] if len(borders) > 1 else len(run)):
        if at in border_lines:
            first = -1
        elif first >= 0 and run[at].indent > run[borders[0]].indent:
            rows[first] = at
        else:
            first = at
            rows[at] = at
    return rows


def _argument(text: str, line: TextLine) -> Iterator[Block]:
    """What stands behind the mark of an admonition ("note", "warning") or a title directive."""
    directive = _DIRECTIVE.match(text, line.start, line.end)
    if directive is not None and directive[1] not in _CODE | _NOT_SHOWN:
        yield from trimmed_block(text, "paragraph", directive.end(), line.end)


def _level(text: str, run: Sequence[TextLine], index: int, styles: list[str]) -> int:
    """The level of a title: a line underlined (and maybe overlined) at its full length, else 0."""
    line = run[index]
    below = run[index + 1] if index + 1 < len(run) else None
    if below is None or line.end - line.start > 200 or _is_border(text, line):
        return 0
    under = _ADORNMENT.fullmatch(text, below.start, below.end)
    if under is None or below.end - below.start < line.end - line.start:
        return 0
    over = index > 0 and text[run[index - 1].start : run[index - 1].end] == under[0]
    style = under[1] + ("^" if over else "")
    if style not in styles:
        styles.append(style)
    return min(styles.index(style) + 1, 6)


def _is_border(text: str, line: TextLine) -> bool:
    """True for an adornment, a transition, or a border of a table."""
    if _ADORNMENT.fullmatch(text, line.start, line.end):
        return True
    signs = set(text[line.start : line.end])
    return signs <= _BORDER and line.end - line.start >= 3
