"""Lightweight markup and LaTeX to text: AsciiDoc, Org, Textile, MediaWiki, as spans of the file.

One scanner for all; what is particular to each stands in `dialects.py`. Commands inside a paragraph stay,
since the text is the file. Tables of Org and AsciiDoc are read with their columns, rows of the others as they
are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from index.readers.encoding import decode
from index.readers.metadata.dates import parse_date
from index.readers.paragraphs import (
    TextLine,
    line_runs,
    prose_blocks,
    text_lines,
    trim,
    trimmed_block,
    wrap_width,
)
from index.readers.parts.tables import make_table, one_line
from index.readers.plain.dialects import ASCIIDOC, DIALECTS, LATEX, ORG, Dialect
from index.readers.plain.markdown import heading_title
from index.readers.plain.pipe_tables import drawn_tables, row_block, table_lines
from index.types import Block, BlockKind, Blocks, Dated, Reading, Span, Table

# In LaTeX, what stands behind a sign that is not itself behind a backslash.
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%[ \t]*(?=\S)")
_TITLE = re.compile(r"^[^%\n]{0,200}\\title(?:\[[^\]]*\])?\{([^{}]+)\}", re.MULTILINE)
# A table of AsciiDoc: its title, its attributes, its rows; what a cell begins with ("2+|"); a line of
# headings, with an empty one below it; how many columns its attributes say.
_TABLE = re.compile(
    r"(?:^\.(?P<title>[^\s.][^\n]*)\r?\n)?(?:^\[(?P<attributes>[^\n]*)\][ \t]*\r?\n)?"
    r"^\|===[ \t]*\r?\n(?P<body>.*?)^\|===[ \t]*\r?$",
    re.MULTILINE | re.DOTALL,
)
_CELL = re.compile(
    r"(?:(?<=\s)|^)(?:(?P<width>\d{1,2})?(?:\.\d+)?[+*])?[<^>]?(?:\.[<^>])?[adehlmsv]?\|"
    r"(?P<words>(?:\\\||[^|])*?)(?=(?:\s(?:(?:\d{1,2})?(?:\.\d+)?[+*])?[<^>]?(?:\.[<^>])?[adehlmsv]?)?\||\Z)",
    re.MULTILINE,
)
_HEAD = re.compile(r"\|[^\n]+\n[ \t]*\r?\n")
_COLUMNS = re.compile(r"""cols\s*=\s*["']?(?:(?P<many>\d+)\*|(?P<list>[^"'\]]+))""")
_DRAWN = (ORG,)  # the dialects whose tables are drawn as Markdown's are
_LONGEST = 2_000  # characters of a line that is looked at for marks
_SAID = frozenset(("title", "author", "date", "subtitle", "caption", "description", "revdate"))


def read_markup(data: bytes, name: str) -> Reading:
    """The reading of a file of markup, of the dialect of its suffix. Raises `ReadError` as `decode` does."""
    decoded = decode(data)
    text = decoded.text
    dialect = DIALECTS[PurePosixPath(name).suffix.lower()]
    fields: dict[str, str] = {}
    blocks = Blocks(_blocks(text, dialect, fields))
    drawn: list[Table] = []
    if dialect is ASCIIDOC:
        blocks = Blocks(_with_tables(text, blocks, drawn))
    elif dialect in _DRAWN:
        drawn += drawn_tables(text, blocks)
    if dialect is LATEX and (named := _TITLE.search(text)) is not None:
        fields.setdefault("title", " ".join(named[1].split()))
    value = parse_date(fields.get("date", "") or fields.get("revdate", ""))
    return Reading(
        text,
        blocks,
        title=fields.get("title") or heading_title(text, blocks),
        date=None if value is None else Dated(value, "front matter"),
        encoding=decoded.encoding,
        notes=decoded.notes,
        tables=tuple(drawn),
    )


def _with_tables(text: str, blocks: Sequence[Block], tables: list[Table]) -> Iterator[Block]:
    """The blocks of a file of AsciiDoc, those inside its tables by row; the tables are put into `tables`."""
    at = 0
    for found in _TABLE.finditer(text):
        rows = _table_rows(text, found)
        while at < len(blocks) and blocks[at].span.start < found.start("body"):
            yield blocks[at]
            at += 1
        if any(
            block.kind == "code" and block.span.end > found.start() for block in blocks[max(at - 1, 0) : at]
        ):
            continue  # an example of a table
        while at < len(blocks) and blocks[at].span.start < found.end():
            at += 1
        for _, span in rows:
            yield Block("row", span)
        title = found["title"] or ""
        names = (
            1 if "header" in (found["attributes"] or "") or _HEAD.match(text, found.start("body")) else None
        )
        table = make_table(
            [cells for cells, _ in rows],
            [span for _, span in rows],
            headings=names,
            caption=title,
            delimiter="|",
        )
        tables += [table] if table is not None else []
    yield from blocks[at:]


def _table_rows(text: str, found: re.Match[str]) -> list[tuple[tuple[str, ...], Span]]:
    """The rows of a table of AsciiDoc: as many cells each as its columns, or as its first line has."""
    cells = [
        (match.span("words"), int(match["width"] or 1)) for match in _CELL.finditer(text, *found.span("body"))
    ]
    first = next((line for line in found["body"].splitlines() if line.strip()), "")
    wide = sum(int(match["width"] or 1) for match in _CELL.finditer(first))
    if columns := _COLUMNS.search(found["attributes"] or ""):
        wide = int(columns["many"]) if columns["many"] else columns["list"].count(",") + 1
    rows: list[tuple[tuple[str, ...], Span]] = []
    row: list[str] = []
    start = -1
    for number, (words, width) in enumerate(cells, start=1):
        begin, end = trim(text, *words)
        start = begin if start < 0 else start
        row += [one_line(text[begin:end]), *[""] * (width - 1)]
        if len(row) >= wide or number == len(cells):
            if any(row):
                rows.append((tuple(row), Span(*trim(text, start, end))))
            row, start = [], -1
    return rows


def _blocks(text: str, dialect: Dialect, fields: dict[str, str]) -> Iterator[Block]:
    """The blocks of a file, in order; what it says of itself is put into `fields`."""
    width = wrap_width(text, line_runs(text_lines(text)))
    for code, lines in _shown(text, dialect):
        if code:
            yield from trimmed_block(text, "code", lines[0].start, lines[-1].end)
            continue
        for run in line_runs(lines):
            yield from _run_blocks(text, run, dialect, width, fields)


def _shown(text: str, dialect: Dialect) -> Iterator[tuple[bool, list[TextLine]]]:
    """Stretches of lines outside what is hidden, and whether they are code."""
    closing: re.Pattern[str] | None = None
    hidden = False
    lines: list[TextLine] = []
    document = text.find("\\begin{document}") if dialect is LATEX else -1
    for line in text_lines(text):
        marked = line.end - line.start <= _LONGEST
        fence = dialect.fence.fullmatch(text, line.start, line.end) if marked and not closing else None
        if fence is not None:
            if lines:
                yield False, lines
            closing, lines = _closing(fence), []
            hidden = dialect.hidden.fullmatch(text, line.start, line.end) is not None
        elif marked and closing is not None and closing.search(text, line.start, line.end):
            if lines and not hidden:
                yield True, lines
            closing, hidden, lines = None, False, []
        elif line.start >= document or (marked and dialect.field.fullmatch(text, line.start, line.end)):
            lines.append(line)
    if lines and not hidden:
        yield closing is not None, lines


def _closing(fence: re.Match[str]) -> re.Pattern[str]:
    """What ends the text that a fence opened."""
    mark = fence["mark"]
    if mark is None:
        return re.compile(r"-->")
    if not mark[0].isalpha():
        return re.compile(rf"^[ \t]*{re.escape(mark)}[ \t]*$", re.MULTILINE)
    return re.compile(rf"\\end\{{{mark}|#\+end_{mark}|</{mark}>", re.IGNORECASE)


def _run_blocks(
    text: str, run: Sequence[TextLine], dialect: Dialect, width: int, fields: dict[str, str]
) -> Iterator[Block]:
    """The blocks of one run of lines."""
    plain: list[TextLine] = []
    kind: BlockKind = "paragraph"
    table = table_lines(text, run) if dialect in _DRAWN else {}
    for index, line in enumerate(run):
        marked = _marked(text, line, dialect, fields)
        if index in table:
            marked = tuple(row_block(text, line)) if table[index] else ()
        item = None if marked is not None else dialect.item.match(text, line.start, line.end)
        if marked is not None or item is not None:
            yield from _prose(text, plain, width, kind)
            plain, kind = [], "paragraph"
            yield from marked or ()
        if item is not None:
            kind = "item"
        if marked is None:
            comment = _COMMENT.search(text, line.start, line.end) if dialect is LATEX else None
            start = line.start if item is None else item.end()
            start, end = trim(text, start, line.end if comment is None else comment.start())
            plain += [line._replace(start=start, end=end)] if start < end else []
            if comment is not None:
                yield from _prose(text, plain, width, kind)
                plain, kind = [], "paragraph"
    yield from _prose(text, plain, width, kind)


def _prose(text: str, run: Sequence[TextLine], width: int, kind: BlockKind) -> Iterator[Block]:
    """The blocks of lines of prose, the first of them of a kind."""
    for index, block in enumerate(prose_blocks(text, run, width, soft=True)):
        yield block if index or kind == "paragraph" else replace(block, kind=kind)


def _marked(text: str, line: TextLine, dialect: Dialect, fields: dict[str, str]) -> tuple[Block, ...] | None:
    """The blocks of a line that is a heading, a field, a row, or shows nothing; None for a line of prose."""
    if line.end - line.start > _LONGEST:
        return None
    heading = dialect.heading.fullmatch(text, line.start, line.end)
    if heading is not None:
        level = dialect.level(heading["marks"])
        return tuple(trimmed_block(text, "heading", *heading.span("words"), level))
    field = dialect.field.fullmatch(text, line.start, line.end)
    if field is not None:
        key = field["key"].lower()
        if key not in _SAID:
            return ()
        fields.setdefault(key, " ".join(field["words"].split()))
        kind: BlockKind = "heading" if key == "title" else "paragraph" if key == "caption" else "row"
        return tuple(trimmed_block(text, kind, *field.span("words"), int(key == "title")))
    if dialect.silent.fullmatch(text, line.start, line.end):
        return ()
    row = dialect.row.fullmatch(text, line.start, line.end)
    return None if row is None else tuple(trimmed_block(text, "row", *row.span("cells")))
