"""Markdown to text: headings, paragraphs, list items, table rows and code, as spans of the file.

CommonMark's blocks, as far as they matter for what a sentence is, pipe tables, and front matter in YAML or
TOML. Inline markup stays in the text, since the text is the file. In no block, and so never quoted: heading
and fence marks, rules, the line under a table's header, comments, lines of nothing but tags, and definitions
of links. Front matter gives title and date, and each of its "key: value" lines is a row: who wrote a page and
when can then be answered and cited like anything else. No YAML beyond such lines is parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, tee
from typing import NamedTuple

from index.readers.encoding import decode
from index.readers.metadata.dates import date_in_head, parse_date
from index.readers.paragraphs import (
    TextLine,
    is_title,
    prose_blocks,
    text_lines,
    trim,
    trimmed_block,
    wiki_heading,
    wrap_width,
)
from index.readers.plain.pipe_tables import drawn_tables, row_block, table_lines
from index.types import Block, Blocks, Dated, HiddenText, Reading, Span

_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_WORDS = re.compile(r"\w{2,}")
_FEWEST_WORDS = 4  # of a comment: fewer mark a place in the markup
_ATX = re.compile(r"(#{1,6})(?=[ \t]|\Z)")  # "## Heading"
_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*([^`\n]*)")  # "```python"
_QUOTE = re.compile(r"(?:>[ \t]?)+")  # "> > "
_LINK_DEFINITION = re.compile(
    r"\[[^\]\^\n][^\]\n]{0,200}\]:[ \t]*\S"
)  # "[name]: https://…"; "[^1]: …" is a footnote
_TAGS_ONLY = re.compile(r"(?:</?[a-zA-Z!][^<>\n]*>[ \t]*)+")  # "<div> </div>"
_BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{2,100})\1")  # a line in bold, read as a heading
# A line of front matter: "date: 2025-10-21", "title = '…'".
_FIELD = re.compile(r"""[ \t]*["']?([\w .-]{1,40})["']?[ \t]*[:=][ \t]*(\S.*)""")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,1000}\)")  # "[words](address)"
_TITLES = ("title", "headline", "name")
_DATES = ("date", "published", "publishdate", "pubdate", "created", "updated", "lastmod", "modified")
_FRONT_LINES = 200  # longer front matter is a document that opens with a rule


class FrontMatter(NamedTuple):
    """Where the front matter ends (0 if there is none), its rows, and its fields by small-letter key."""

    end: int
    blocks: tuple[Block, ...]
    fields: dict[str, str]


def read_markdown(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The reading of a Markdown file. Raises `ReadError` as `decode` does."""
    decoded = decode(data)
    text = decoded.text
    front = front_matter(text)
    blocks = Blocks(chain(front.blocks, markdown_blocks(text, front.end)))
    title = next((front.fields[key] for key in _TITLES if key in front.fields), None)
    stated = (parse_date(front.fields[key]) for key in _DATES if key in front.fields)
    value = next((day for day in stated if day is not None), None)
    date = None if value is None else Dated(value, "front matter")
    if date is None and front.end:  # below front matter, which may be longer than the head of a text
        date = date_in_head(text[front.end : front.end + 4_000])
    return Reading(
        text,
        blocks,
        title=title or heading_title(text, blocks),
        date=date,
        encoding=decoded.encoding,
        notes=decoded.notes,
        tables=drawn_tables(text, blocks),
        left_out=tuple(_comments(text, blocks)),
    )


def _comments(text: str, blocks: Blocks) -> Iterator[HiddenText]:
    """The comments that say something, none of which is part of a block."""
    for found in _COMMENT.finditer(text) if "<!--" in text else ():
        start, end = trim(text, found.start(1), found.end(1))
        before = bisect_right(blocks.starts, end)
        in_block = before and blocks.ends[before - 1] > start
        if start < end and not in_block and len(_WORDS.findall(text, start, end)) >= _FEWEST_WORDS:
            yield HiddenText(text[start:end], "a comment in the markup", Span(start, end))


def heading_title(text: str, blocks: Sequence[Block]) -> str | None:
    """The first heading of level 1, or any heading that opens the file, without its markup."""
    headings = [block for block in blocks[:40] if block.kind == "heading"]
    first = next((block for block in headings if block.level == 1), None)
    if first is None and headings and headings[0] in blocks[:2]:
        first = headings[0]
    if first is None:
        return None
    return " ".join(re.sub(r"[*_`]+", "", _LINK.sub(r"\1", first.span.of(text)[:500])).split()) or None


def front_matter(text: str) -> FrontMatter:
    """The YAML between `---` or the TOML between `+++` at the very top of a file."""
    nothing = FrontMatter(0, (), {})
    mark = text[:3]
    if mark not in {"---", "+++"}:
        return nothing
    blocks: list[Block] = []
    fields: dict[str, str] = {}
    for number, line in enumerate(text_lines(text)):
        words = text[line.start : line.end] if line.end - line.start < 2_000 else ""
        if number and words in {mark, "..." if mark == "---" else mark}:
            return FrontMatter(line.end, tuple(blocks), fields) if fields else nothing
        if number > _FRONT_LINES or (not number and words != mark):
            return nothing
        field = _FIELD.fullmatch(words)
        if field is not None:
            fields.setdefault(field[1].strip().lower(), field[2].strip().strip("\"'"))
            blocks.extend(trimmed_block(text, "row", line.start, line.end))
    return nothing


def markdown_blocks(text: str, start: int = 0) -> Iterator[Block]:
    """The blocks of Markdown from an offset on, in order."""
    regions, sample = tee(_regions(text, start))
    width = wrap_width(text, (run for code, run in sample if not code))
    del sample  # it would keep all that follows
    in_list = False
    for code, run in regions:
        indented = run[0].indent >= 4
        if code or (indented and not in_list):
            yield from trimmed_block(text, "code", run[0].start, run[-1].end)
            continue
        blocks = tuple(_run_blocks(text, run, width))
        in_list = (in_list and indented) or any(block.kind == "item" for block in blocks)
        yield from blocks


def _regions(text: str, start: int) -> Iterator[tuple[bool, list[TextLine]]]:
    """Runs of lines without an empty line in them, and whether they are fenced code. No comments."""
    last_close = text.rfind("-->")
    fence = ""
    comment = False
    run: list[TextLine] = []
    for line in text_lines(text, start):
        mark = None if comment else _FENCE.match(text, line.start, line.end)
        closes = bool(fence) and mark is not None and mark[1].startswith(fence) and not mark[2]
        opens = not fence and mark is not None
        pieces = [line] if line.start < line.end else []
        if last_close >= 0 and not fence and not opens:
            pieces, comment = _outside_comments(text, line, last_close, comment=comment)
        if run and (opens or closes or not pieces or line.page or pieces[0].start > line.start):
            yield bool(fence), run
            run = []
        if opens or closes:
            fence = mark[1] if opens and mark is not None else ""
            continue
        for later in pieces[1:]:
            yield False, [*run, pieces[0]]
            run, pieces = [], [later]
        run += pieces
    if run:
        yield bool(fence), run


def _outside_comments(
    text: str, line: TextLine, last_close: int, *, comment: bool
) -> tuple[list[TextLine], bool]:
    """The pieces of a line outside comments, and whether a comment is open at its end."""
    pieces: list[TextLine] = []
    at = line.start
    while at < line.end:
        if comment:
            close = text.find("-->", at, line.end)
            if close < 0:
                return pieces, True
            at, comment = close + 3, False
            continue
        opened = text.find("<!--", at, line.end)
        if opened < 0 or opened > last_close:
            opened = line.end
        else:
            comment = True
        left, right = trim(text, at, opened)
        if left < right:
            pieces.append(TextLine(left, right, line.indent))
        at = opened + 4 if comment else line.end
    return pieces, comment


def _run_blocks(text: str, run: Sequence[TextLine], width: int) -> Iterator[Block]:
    """The blocks of one run of lines outside code."""
    plain: list[TextLine] = []
    table = table_lines(text, [_without_quote_marks(text, line) for line in run])
    for index, line in enumerate(run):
        below = run[index + 1] if index + 1 < len(run) else None
        if index in table:
            blocks = tuple(row_block(text, _without_quote_marks(text, line))) if table[index] else ()
        elif (heading := _heading(text, run, index, plain, below)) is not None:
            blocks = tuple(trimmed_block(text, "heading", *heading))
        elif _says_nothing(text, line):
            blocks = ()
        else:
            plain.append(_without_quote_marks(text, line))
            continue
        yield from prose_blocks(text, plain, width, soft=True)
        plain = []
        yield from blocks
    yield from prose_blocks(text, plain, width, soft=True)


def _heading(
    text: str, run: Sequence[TextLine], index: int, plain: Sequence[TextLine], below: TextLine | None
) -> tuple[int, int, int] | None:
    """Start, end and level of the words of a heading, if the line is one."""
    line = run[index]
    marks = _ATX.match(text, line.start, line.end)
    if marks is not None:
        end = line.end
        while end > marks.end() and text[end - 1] == "#":
            end -= 1
        closed = text[end - 1] in " \t" or end == marks.end()
        return marks.end(), end if closed else line.end, len(marks[1])
    wiki = wiki_heading(text, line)
    if wiki is not None or plain:
        return wiki
    size = line.end - line.start
    if below is not None:
        under = set(text[below.start : min(below.end, below.start + 300)])
        ruled = len(under) == 1 and under <= {"=", "-"} and below.end - below.start >= 2
        return (line.start, line.end, 1 if under == {"="} else 2) if ruled and size <= 200 else None
    bold = _BOLD_LINE.fullmatch(text, line.start, line.end) if not index else None
    if bold is not None and is_title(text, bold.start(2), bold.end(2)):
        return bold.start(2), bold.end(2), 6
    return None


def _says_nothing(text: str, line: TextLine) -> bool:
    """True for a line that says nothing: a rule, an empty quotation, tags alone, a link's definition."""
    if text[line.start] in "-*_=" and line.end - line.start >= 3:
        signs = set(text[line.start : line.end]) - {" ", "\t"}
        if len(signs) == 1:
            return True
    quote = _QUOTE.fullmatch(text, line.start, line.end)
    alone = _TAGS_ONLY.fullmatch(text, line.start, line.end)
    return bool(quote or alone or _LINK_DEFINITION.match(text, line.start, line.end))


def _without_quote_marks(text: str, line: TextLine) -> TextLine:
    """The line without the marks of a quotation before it."""
    quote = _QUOTE.match(text, line.start, line.end)
    return line if quote is None else line._replace(start=trim(text, quote.end(), line.end)[0])
