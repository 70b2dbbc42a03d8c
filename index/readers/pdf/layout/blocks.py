"""The lines of a PDF page to blocks: paragraphs, table rows, list items and headings.

Decided by where words stand and how large they are. A line break is a wrap where the next word would not have
fitted on the line before; wider gaps between words make a table row of a line, wider gaps between lines end a
paragraph.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from index.readers.pdf.layout.columns import goes_on, has_ended
from index.readers.pdf.layout.rows import PdfBlock, is_item, is_row, opens_with_bullet
from index.readers.pdf.layout.tables import PdfTable, with_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.readers.pdf.page import PdfLine

_LONGEST_HEADING = 150  # characters
_LONGEST_ROW = 3  # lines
_FOOTNOTE = 0.95  # times the height of the letters of the text, at most
_FOOTNOTE_MARK = re.compile(r"[(\[]?(?:\d{1,3}|[a-z]|[*†‡§¶¹²³⁰⁴-⁹]+)[)\].]?(?![\w.,%])|[*†‡§¶¹²³⁰⁴-⁹]")

LineAndRow = tuple["PdfLine", bool]  # a line, and if it is a table row


def page_blocks(lines: Sequence[PdfLine], body: float) -> list[PdfBlock | PdfTable]:
    """The blocks of one page, whose lines are in reading order.

    `body` is the height of the letters of running text, in points.
    """
    marked = [(line, is_row(line)) for line in lines]
    blocks: list[PdfBlock] = []
    for run in _runs(marked, _leading(marked)):
        blocks += _run_blocks(run)
    found = with_tables(_with_wrapped_labels(_with_footnotes_apart(blocks)))
    for block in found:
        if isinstance(block, PdfBlock):
            block.level = _heading_level(block, body)
            if block.level:
                block.kind = "heading"
    return found


def _leading(marked: Sequence[LineAndRow]) -> float:
    """The usual distance from one base line to the next, in heights of the letters.

    It is the smaller third of what is found between lines that are no rows, for the larger distances are
    those between paragraphs.
    """
    steps = sorted(
        step
        for (a, row), (b, next_row) in pairwise(marked)
        if not row and not next_row and 0.8 < (step := (a.bottom - b.bottom) / max(a.size, 1.0)) < 2.2
    )
    return steps[len(steps) // 3] if steps else 1.2


def _runs(marked: Iterable[LineAndRow], leading: float) -> Iterator[list[LineAndRow]]:
    """Lines that follow each other at the usual distance in letters of one size."""
    run: list[LineAndRow] = []
    for line, row in marked:
        if run and not _follows(run[-1][0], line, leading):
            yield run
            run = []
        run.append((line, row))
    if run:
        yield run


def _follows(before: PdfLine, line: PdfLine, leading: float) -> bool:
    """True if `line` may belong to the same paragraph as `before`, the line above it."""
    if _opens_footnote(before, line):
        return False
    # Fonts differ in height at one size: a line may begin in italics. Only another size starts another block.
    other = abs(before.size - line.size)
    if other > 0.15 * before.size and other > (0.4 if goes_on(before, line) else 0.15) * before.size:
        return False
    step = (before.bottom - line.bottom) / max(before.size, 1.0)
    if before.hyphen:  # the word may go on at the top of the next column
        return 0.4 < step < 3 or (step < 0 and line.words[0].text[:1].islower())
    if step < 0:  # the sentence may go on there, too
        return goes_on(before, line) and line.left > before.left + before.size
    if not 0.4 < step < 1.6 * leading or min(before.right, line.right) <= max(before.left, line.left):
        return False
    return step < 1.25 * leading or goes_on(before, line)


def _run_blocks(run: Sequence[LineAndRow]) -> Iterator[PdfBlock]:
    """The blocks of one run of lines."""
    edge = max((line.right for line, row in run if not row), default=0.0)
    block: PdfBlock | None = None
    for line, row in run:
        if block is not None and _belongs(block, line, edge, row=row):
            block.lines.append(line)
            if row and len(block.lines) <= _LONGEST_ROW:  # a word of its label was broken
                block.kind = "row"
            continue
        if block is not None:
            yield block
        block = PdfBlock("row" if row else "item" if is_item(line) else "paragraph", [line])
    if block is not None:
        yield block


def _belongs(block: PdfBlock, line: PdfLine, edge: float, *, row: bool) -> bool:
    """True if `line` goes on with `block`."""
    before = block.lines[-1]
    if before.hyphen:
        return True
    if row or block.kind == "row" or is_item(line):
        return False
    first = line.words[0]
    room = edge - before.right - (first.right - first.left) - 0.3 * line.size
    if has_ended(before):
        indented = line.left > before.left + 0.8 * line.size
        hanging = len(block.lines) == 1 and block.kind == "item"
        return room < 0 and (hanging or not indented)
    return goes_on(before, line) or room < 2 * line.size


def _opens_footnote(before: PdfLine, line: PdfLine) -> bool:
    """True if `line` opens a footnote: smaller letters under the text, with a number or sign before."""
    smaller = line.size < _FOOTNOTE * before.size and line.bottom < before.bottom
    return smaller and len(line.words) > 1 and bool(_FOOTNOTE_MARK.match(line.words[0].text))


def is_footnote(block: PdfBlock | PdfTable, text: PdfBlock) -> bool:
    """True for a block of smaller letters than those of `text`, at whose foot it stands."""
    if not isinstance(block, PdfBlock) or block.kind not in {"paragraph", "item"}:
        return False
    before, line = text.lines[-1], block.lines[0]
    return line.size < _FOOTNOTE * before.size and line.bottom < before.bottom


def opens_footnote(block: PdfBlock | PdfTable, text: PdfBlock) -> bool:
    """True for the first footnote under `text`, which its number or sign opens."""
    return isinstance(block, PdfBlock) and _opens_footnote(text.lines[-1], block.lines[0])


def _with_footnotes_apart(blocks: Sequence[PdfBlock]) -> list[PdfBlock]:
    """The blocks, with footnotes that stand between two parts of a paragraph behind it."""
    result: list[PdfBlock] = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        result.append(block)
        end = at
        while end < len(blocks) and (
            opens_footnote(blocks[end], block) if end == at else is_footnote(blocks[end], block)
        ):
            end += 1
        if at < end < len(blocks) and _goes_on_behind(block, blocks[end]):
            block.lines += blocks[end].lines
            result += blocks[at:end]
            at = end + 1
    return result


def _goes_on_behind(block: PdfBlock, following: PdfBlock) -> bool:
    """True if a block goes on with a paragraph that footnotes have broken off."""
    if {block.kind, following.kind} - {"paragraph", "item"} or following.kind == "item":
        return False
    before, line = block.lines[-1], following.lines[0]
    broken = before.hyphen and line.words[0].text[:1].islower()
    return (broken or goes_on(before, line)) and abs(before.size - line.size) < 0.05 * before.size


def _with_wrapped_labels(blocks: Sequence[PdfBlock]) -> list[PdfBlock]:
    """The blocks, each row with all of its label: the numbers stand on the last line of a wrapped one."""
    result: list[PdfBlock] = []
    for block in blocks:
        label = result[-1] if result else None
        if (
            label is not None
            and block.kind == "row"
            and label.kind == "paragraph"
            and len(label.lines) <= 3
            and (_label_goes_on(label, block.lines[0]) or _stands_beside(label, block.lines[0]))
        ):
            block.lines[:0] = result.pop().lines
        result.append(block)
    return result


def _label_goes_on(label: PdfBlock, row: PdfLine) -> bool:
    """True if the label goes on in the row below it."""
    line = label.lines[-1]
    return goes_on(line, row) and 0 < line.bottom - row.bottom < 2 * row.size


def _stands_beside(label: PdfBlock, row: PdfLine) -> bool:
    """True for a row of values alone at the height of its label, between the lines of which it may stand."""
    first, last = label.lines[0], label.lines[-1]
    right = max(line.right for line in label.lines)
    beside = row.left > right and not row.words[0].text[0].isalpha()
    return beside and last.bottom - 0.7 * row.size < row.bottom < first.top


def _heading_level(block: PdfBlock, body: float) -> int:
    """1 to 3 by the height of its letters, 4 for bold letters of the usual height, 0 for no heading."""
    if block.kind == "row" or len(block.lines) > 3:
        return 0
    text = " ".join(line.text for line in block.lines)
    if len(text) > _LONGEST_HEADING or text[-1] in ".,;:" or opens_with_bullet(text):
        return 0
    first = next((sign for sign in text if sign.isalnum()), "")
    if not first or first.islower() or sum(sign.isalpha() for sign in text) < 3:
        return 0
    ratio = min(line.size for line in block.lines) / max(body, 1.0)
    if ratio >= 1.15:
        return 1 if ratio >= 1.6 else 2 if ratio >= 1.3 else 3
    return 4 if ratio > 0.9 and all(line.bold for line in block.lines) else 0
