"""Plain text: paragraphs, titles, list items and columns, recognised by their layout.

The text is the decoded file, untouched. A first line that reads as a title (short, without a full stop,
over a longer text) becomes the source's title and a heading block of level 1: it says what every passage
below is about, so it is searched with each of them, and it stays citable. Further headings are taken only
where they are plain to see (underlined, between `=` signs, in capitals, "3.1 Method", or a short line alone
between two paragraphs of prose), since a wrong heading is worse than none: it is searched with every
passage under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice, tee

from index.readers.encoding import decode
from index.readers.paragraphs import (
    TextLine,
    continues,
    ends_sentence,
    is_title,
    labelled,
    line_runs,
    prose_blocks,
    text_lines,
    trimmed_block,
    wiki_heading,
    wrap_width,
)
from index.readers.plain.pipe_tables import drawn_tables, row_block, table_lines
from index.text.patterns import lazy_compile
from index.types import Block, Blocks, Reading

# How numbered headings begin: "Chapter 3", "Kapitel A", "3.1 ", "12. ".
_NUMBER = lazy_compile(
    r"(?:chapter|section|part|article|appendix|kapitel|chapitre)[ \t]{1,4}[\dA-Z]{1,6}\b"
    r"|\d{1,2}(?:\.\d{1,2}){0,4}\.?[ \t]{1,8}(?=\S)",
    re.IGNORECASE,
)
_RULE = lazy_compile(r"([=~*_^\"#+-])\1{2,}")  # a line of one sign: "====", "---"
_TITLE_KEY = lazy_compile(r"(?:title|subject|headline)[ \t]{0,9}:[ \t]{0,9}(\S.{0,300})", re.IGNORECASE)


def read_text(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The reading of a plain text file. Raises `ReadError` as `decode` does."""
    decoded = decode(data)
    text = decoded.text
    blocks = Blocks(text_blocks(text))
    return Reading(
        text,
        blocks,
        title=text_title(text, blocks),
        encoding=decoded.encoding,
        notes=decoded.notes,
        tables=drawn_tables(text, blocks),
    )


def text_blocks(text: str) -> Iterator[Block]:
    """The blocks of a plain text, in order."""
    runs, sample = tee(line_runs(text_lines(text)))
    width = wrap_width(text, sample)
    del sample  # it would keep all that follows
    title = _title_line(text, width)
    before: list[TextLine] = []
    run: list[TextLine] = []
    for after in chain(runs, [[]]):
        if run:
            yield from _run_blocks(text, before, run, after, width, title)
        before, run = run, after


def text_title(text: str, blocks: Sequence[Block]) -> str | None:
    """What the text calls itself: a "Title:" line at its head, else its first heading of level 1."""
    for block in blocks[:6]:
        match = _TITLE_KEY.fullmatch(text, block.span.start, block.span.end)
        if match is not None:
            return match[1]
    for block in blocks[:6]:
        if block.kind == "heading" and block.level == 1:
            return " ".join(block.span.of(text).split())
    return None


def _title_line(text: str, width: int) -> TextLine | None:
    """The line that stands over the whole text, if one does.

    The first line, or the one after it where the first is a mere label of one or two words ("News").
    """
    runs = list(islice(line_runs(text_lines(text)), 5))
    if len(runs) > 1 and len(runs[0]) == 1 == len(runs[1]):
        first, second = runs[0][0], runs[1][0]
        label = len(text[first.start : first.end].split()) <= 2
        if (
            label
            and len(text[second.start : second.end].split()) >= 4
            and _heads_text(text, second, runs[2:])
        ):
            return second
    if not runs:
        return None
    first = runs[0][0]
    if len(runs[0]) > 1 and continues(text, first, runs[0][1], width, soft=False):
        return None
    return first if _heads_text(text, first, [runs[0][1:], *runs[1:]]) else None


def _heads_text(text: str, line: TextLine, rest: Sequence[Sequence[TextLine]]) -> bool:
    """True if a line reads as a title and, within three runs, a longer line or a sentence's end follows."""
    below = [run[0] for run in rest if run][:3]
    if not is_title(text, line.start, line.end) or labelled(text, line):
        return False
    size = line.end - line.start
    return any(
        lower.end - lower.start > size or ends_sentence(text, lower.start, lower.end) for lower in below
    )


def _run_blocks(
    text: str,
    before: Sequence[TextLine],
    run: Sequence[TextLine],
    after: Sequence[TextLine],
    width: int,
    title: TextLine | None,
) -> Iterator[Block]:
    """The blocks of one run of lines, between the runs before and after it."""
    if len(run) == 1 and run[0] != title and (level := _lone_level(text, before, run[0], after)):
        yield from trimmed_block(text, "heading", *run[0][:2], level)
        return
    plain: list[TextLine] = []
    table = table_lines(text, run)
    for index, line in enumerate(run):
        level = _level(text, line, run[index + 1] if index + 1 < len(run) else None, title)
        row = table.get(index)
        rule = row is False or _RULE.fullmatch(text, line.start, line.end) is not None
        if not level and not rule and not row:
            plain.append(line)
            continue
        yield from prose_blocks(text, plain, width)
        plain = []
        if row:
            yield from row_block(text, line)
        elif level:
            yield from trimmed_block(
                text, "heading", *(wiki_heading(text, line) or (line.start, line.end))[:2], level
            )
    yield from prose_blocks(text, plain, width)


def _level(text: str, line: TextLine, below: TextLine | None, title: TextLine | None) -> int:
    """The level of a line that is marked as a heading, else 0."""
    if line == title:
        return 1
    wiki = wiki_heading(text, line)
    if wiki is not None:
        return wiki[2]
    underline = None if below is None else _RULE.fullmatch(text, below.start, below.end)
    if underline is None or below is None or not is_title(text, line.start, line.end):
        return 0
    if below.end - below.start < (line.end - line.start) // 2:
        return 0
    return 1 if underline[1] == "=" else 2


def _lone_level(text: str, before: Sequence[TextLine], line: TextLine, after: Sequence[TextLine]) -> int:
    """The level of a line that stands alone between blank lines and heads the run below it, else 0."""
    size = line.end - line.start
    if not after or size > 80 or not is_title(text, line.start, line.end) or labelled(text, line):
        return 0
    stopped = ends_sentence(text, after[-1].start, after[-1].end)
    number = _NUMBER.match(text, line.start, line.end)
    if number is not None and stopped and not _NUMBER.match(text, after[0].start, after[0].end):
        return 2 + number[0].rstrip(" \t.").count(".")
    words = text[line.start : line.end]
    if words.isupper() and sum(map(str.isalpha, words)) >= 4:
        return 2
    follows_prose = bool(before) and ends_sentence(text, before[-1].start, before[-1].end)
    longer = sum(below.end - below.start for below in after[:3]) >= 2 * size
    plain = (
        follows_prose
        and stopped
        and longer
        and len(words.split()) <= 8
        and size <= 60
        and words[-1] not in "?!"
    )
    return 2 if plain else 0
