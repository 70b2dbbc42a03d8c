"""Lines of prose to paragraphs: tells a line break that ends one from a mere wrap.

Shared by all readers of text files. Every function runs in time linear in the text and gives spans of it, in
order, trimmed, never empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from index.text.months import GERMAN_MONTHS, any_of
from index.text.patterns import lazy_compile
from index.types import Block, BlockKind, Span

# A line and its end, which both may be empty at the end of the text.
_LINE = lazy_compile("([^\n\r\v\f\x85\u2028\u2029]*+)(\r\n|[\n\r\v\f\x85\u2028\u2029]|\\Z)")
_WORD = lazy_compile(r"\S{1,60}")  # the first word of a line, as far as it matters for wrapping
# What opens a list item, with the white space behind it.
_BULLET = lazy_compile(
    r"(?:[-*+•‣◦▪●○∙·]|[–—](?=[ ])|\d{1,3}[.)]"  # "- ", "• ", "– ", "12. ", "12) "
    r"|\(\d{1,3}\)|\(?[a-z]\)|\(?[ivx]{1,5}\)|[ivx]{2,5}\.|#\.)"  # "(12) ", "a) ", "(iv) ", "iv. ", "#. "
    r"[ \t]{1,8}"
    r"(?:\[[ xX]\][ \t]{1,8})?"  # the box of a task: "- [x] "
    rf"(?!(?:{any_of(map(str.capitalize, GERMAN_MONTHS))})\b)(?=\S)"  # "21. Oktober" is a date, no item
)
# "Key: value", "**Key:** value": a line of a header or a form, up to 31 characters before the colon.
_KEY_VALUE = lazy_compile(r"\*{0,2}[^\W\d_][\w .'’/()&-]{0,30}(?:[:：]\*{0,2}|\*\*[:：])[ \t]{1,40}\S")
_COLUMNS = lazy_compile(r"\S(?: {3,}|[ ]?\t[ \t]*)\S")  # "Rent   1,200": three spaces or a tab between words
_PIPES = lazy_compile(r"\S[ \t]{1,20}\|[ \t]")  # "Rent | 1,200"
# A line that is known by its label: "Author: …", "URLs :".
_LABEL = lazy_compile(
    r"(?:title|subject|author|by|date|from|to|cc|url|link|source|tag|category|keyword|language|version|status"
    r"|page|name|address|phone|e-?mail|tel|fax|published|updated|created|note|contents|summary|abstract)s?"
    r"[ ]?[:：]",
    re.IGNORECASE,
)
_STOP = frozenset(".!?…。！？｡︒؟۔।:;")
_CLOSERS = "\"'”’»)]}*_"
_CJK = lazy_compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WIDEST = 120  # columns; no one wraps by hand beyond
_NARROWEST = 40  # shorter lines than this are verse, addresses, menus
_SAMPLE_LINES = 4_000  # lines that are enough to see whether a file is wrapped


class TextLine(NamedTuple):
    """A line `[start, end)` without its terminator and without white space around.

    `indent` is how many columns of white space were before it, four for a tab; `page` is True if a form feed
    stands there.
    """

    start: int
    end: int
    indent: int
    page: bool = False


_text_line = partial(tuple.__new__, TextLine)  # what `TextLine._make` does, in a third of the time


def text_lines(text: str, start: int = 0, end: int | None = None) -> Iterator[TextLine]:
    """Every line of `text[start:end]`, empty ones too. CR, LF, CRLF, VT, FF, NEL, LS and PS end a line."""
    end = len(text) if end is None else end
    page = False
    for match in _LINE.finditer(text, start, end):
        left, right = trim(text, *match.span(1))
        first, last = match.span()
        indent = left - first
        yield _text_line((left, right, indent + 3 * text.count("\t", first, left) if indent else 0, page))
        page = text[last - 1 : last] == "\f"
        if last >= end:
            return


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """`[start, end)` without white space at its ends; never copies more than a few characters."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def trimmed_block(text: str, kind: BlockKind, start: int, end: int, level: int = 0) -> Iterator[Block]:
    """The trimmed block, or nothing if no letter, digit or other sign but white space is in it."""
    start, end = trim(text, start, end)
    if start < end:
        yield Block(kind, Span(start, end), level)


def line_runs(lines: Iterable[TextLine]) -> Iterator[list[TextLine]]:
    """Runs of lines without an empty line or a page break between them."""
    run: list[TextLine] = []
    for line in lines:
        if run and (line.page or line.start == line.end):
            yield run
            run = []
        if line.start < line.end:
            run.append(line)
    if run:
        yield run


def wrap_width(text: str, runs: Iterable[Sequence[TextLine]]) -> int:
    """The column at which a file's lines were wrapped by hand, or 0 if a line is a paragraph in it.

    Wrapped text is seen by most lines that another line follows being nearly as long as the longest ones,
    which are no longer than a page is wide.
    """
    lengths: Counter[int] = Counter()
    sampled = unspaced = 0
    for run in runs:
        for line in run[:-1]:
            lengths[line.indent + line.end - line.start] += 1
        unspaced += sum(_is_unspaced(text, line.start) for line in run[:1])
        sampled += len(run)
        if sampled > _SAMPLE_LINES:
            break
    total = lengths.total()
    if not total:
        return 0
    seen = 0
    width = 0
    for width in sorted(lengths):
        seen += lengths[width]
        if seen >= 0.95 * total:
            break
    narrowest = _NARROWEST // 2 if unspaced else _NARROWEST
    full = sum(count for length, count in lengths.items() if length >= 0.75 * width)
    return width if narrowest <= width <= _WIDEST and full >= 0.6 * total else 0


def prose_blocks(text: str, run: Sequence[TextLine], width: int, *, soft: bool = False) -> Iterator[Block]:
    """The blocks of one run of lines: paragraphs, list items and table rows.

    `width` is the file's `wrap_width`. `soft` is the rule of markup, where a line break is a space: a line
    then also goes on where a capital follows without a stop before it.
    """
    at = 0
    while at < len(run):
        kind, start = _first_block(text, run, at)
        stop = at + 1
        if kind != "row":
            while stop < len(run) and continues(text, run[stop - 1], run[stop], width, soft=soft):
                stop += 1
        yield from trimmed_block(text, kind, start, run[stop - 1].end)
        at = stop


def _first_block(text: str, run: Sequence[TextLine], at: int) -> tuple[BlockKind, int]:
    """What kind of block a line opens, and where its text begins: after a bullet, if it has one."""
    line = run[at]
    if _is_row(text, run, at):
        return "row", line.start
    bullet = _BULLET.match(text, line.start, line.end)
    if bullet is not None:
        return "item", bullet.end()
    return "paragraph", line.start


def _is_row(text: str, run: Sequence[TextLine], at: int) -> bool:
    """Columns set apart by bars, tabs or three spaces, in this line and in one next to it."""
    for columns in (_has_pipes, _has_columns):
        if columns(text, run[at]):
            beside = [run[i] for i in (at - 1, at + 1) if 0 <= i < len(run)]
            if any(columns(text, line) for line in beside):
                return True
    return False


def _has_pipes(text: str, line: TextLine) -> bool:
    return text.find("|", line.start, line.end) > 0 and bool(_PIPES.search(text, line.start, line.end))


def _has_columns(text: str, line: TextLine) -> bool:
    wide = text.find("   ", line.start, line.end) > 0 or text.find("\t", line.start, line.end) > 0
    return wide and bool(_COLUMNS.search(text, line.start, line.end))


def continues(text: str, before: TextLine, line: TextLine, width: int, *, soft: bool) -> bool:
    """True if the break between two lines is a wrap inside a paragraph.

    It is where the next word would not have fitted on the line before (the rule by which wrapping works),
    or where a sentence plainly goes on: no stop before, a small letter after.
    """
    if _BULLET.match(text, line.start, line.end) or _has_pipes(text, line):
        return False
    if _KEY_VALUE.match(text, line.start, line.end) and _KEY_VALUE.match(text, before.start, before.end):
        return False
    stopped = ends_sentence(text, before.start, before.end)
    if line.indent > before.indent and stopped:
        return False
    size = before.end - before.start
    if not stopped and (text[line.start].islower() or (soft and size <= 2 * _WIDEST)):
        return not (soft and text.startswith("  ", before.end))  # Markdown's own line break
    if not width:
        return False
    word = _WORD.match(text, line.start, line.end)
    length = 1 if word is None or _is_unspaced(text, line.start) else word.end() - word.start()
    return before.indent + size + 1 + length > 0.93 * width


def _is_unspaced(text: str, at: int) -> bool:
    """True for a letter at `at` of a script that is written without spaces."""
    return text[at : at + 1] >= "\u3040" and _CJK.match(text, at) is not None


def ends_sentence(text: str, start: int, end: int) -> bool:
    """True if the last sign before closing quotes and brackets is a stop, a colon or a semicolon."""
    while end > start and text[end - 1] in _CLOSERS:
        end -= 1
    return end > start and text[end - 1] in _STOP


def is_title(text: str, start: int, end: int) -> bool:
    """True for a line that could stand over a text: short, and not the end of a sentence.

    It opens with a capital, a digit or a letter of a script that has no capitals.
    """
    size = end - start
    if not 2 <= size <= 150 or text[end - 1] in ".,;:。，；：|" or "\t" in text[start:end]:
        return False
    first = next((c for c in text[start:end] if c.isalnum()), "")
    if not first or first.islower() or not any(c.isalpha() for c in text[start:end]):
        return False
    if _BULLET.match(text, start, end) and not text[start].isdigit():
        return False
    return size <= 60 or len(text[start:end].split()) <= 22


def labelled(text: str, line: TextLine) -> bool:
    """True for "Author: Iryna Perepechko" and a lone "Budget:", not for "Axios: Rubio was misread"."""
    return _LABEL.match(text, line.start, line.end) is not None or text[line.end - 1] in ":："


def wiki_heading(text: str, line: TextLine) -> tuple[int, int, int] | None:
    """Start, end and level of the words between equals signs ("== Plot ==", "= = Plot = ="), or None."""
    start, end = line.start, line.end
    if end - start > 200 or text[start] != "=" or text[end - 1] != "=":
        return None
    level = closing = 0
    while start < end and text[start] in "= \t":
        level += text[start] == "="
        start += 1
    while end > start and text[end - 1] in "= \t":
        closing += text[end - 1] == "="
        end -= 1
    return (start, end, level) if start < end and level == closing <= 6 else None
