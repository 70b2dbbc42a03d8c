"""The lines of a PDF page to blocks: paragraphs, table rows, list items and headings.

Decided by where words stand and how large they are. A line break is a wrap where the next word would not have
fitted on the line before; wider gaps between words make a table row of a line, wider gaps between lines end a
paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from index.readers.pdf.page import PdfLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.types import BlockKind

_CELL_GAP = 1.1  # in heights of the letters; spaces between words stay below half of that
_TEXT_CELL_GAP = 2.0  # where no number stands behind the gap
_STOPS = ".!?:;"
_CLOSERS = "\"'”’»)]"
_BULLET = re.compile(r"[•·▪●◦‣○■□➢✓\uf0b7\uf0a7*–—-]")  # the two \uf0… are bullets of Symbol and Wingdings
# The number or letter of a list item, a word by itself: "3.", "12)", "a.", "(iv)", "iv.".
_LABEL = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]|\((?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})\)")
# A word that stands in a column of figures: "1,234.5", "$(12.3)%", "—", "12(a)", a lone "$" or "%", "N/A".
_NUMBER = re.compile(r"[$€£¥(+−-]*\d[\d.,]*[)%]*(?:\([a-z]\))?|[—–-]+|[$€£¥%)]|N/?[AM]|n/?[am]")
_LEADERS = re.compile(
    r"\.{5,}|(?:\. ){4,}|…{3,}"
)  # the dots between an entry of a contents table and its page
# What stands apart before the words of a heading: "Item", "7.", "IV.", "12A", "B.".
_HEADING_LABEL = re.compile(
    r"(?:item|note|part|section|chapter|article)|[\dIVX]+[A-Z]?[.):]*|[A-Z]\.", re.IGNORECASE
)
_LONGEST_HEADING = 150  # characters

LineAndRow = tuple["PdfLine", bool]  # a line, and if it is a table row


@dataclass(slots=True)
class PdfBlock:
    """A block before it has a place in the text: its lines, and what kind it is."""

    kind: BlockKind
    lines: list[PdfLine]
    level: int = 0


def page_blocks(lines: Sequence[PdfLine], body: float) -> list[PdfBlock]:
    """The blocks of one page in order. `body` is the height of the letters of running text, in points."""
    marked = [(line, is_row(line)) for line in _base_lines(lines)]
    blocks: list[PdfBlock] = []
    for run in _runs(marked, _leading(marked)):
        blocks += _run_blocks(run)
    blocks = _with_wrapped_labels(blocks)
    for block in blocks:
        block.level = _heading_level(block, body)
        if block.level:
            block.kind = "heading"
    return blocks


def letters_height(lines: Iterable[PdfLine]) -> float:
    """The height of the letters of running text: that of most words, rounded to half points."""
    counts: dict[float, int] = {}
    for line in lines:
        height = round(line.size * 2) / 2
        counts[height] = counts.get(height, 0) + len(line.words)
    return max(counts, key=lambda height: (counts[height], height), default=10.0)


def _base_lines(lines: Iterable[PdfLine]) -> Iterator[PdfLine]:
    """Lines, with those that continue the one before on the same base line joined to it."""
    before: PdfLine | None = None
    for line in lines:
        if before is not None and _on_same_base_line(before, line):
            words = before.words + line.words
            before = PdfLine(words, before.bottom, before.top, before.bold, line.hyphen)
            continue
        if before is not None:
            yield before
        before = line
    if before is not None:
        yield before


def _on_same_base_line(before: PdfLine, line: PdfLine) -> bool:
    """True if `line` stands to the right of `before` at the same height."""
    shared = min(before.top, line.top) - max(before.bottom, line.bottom)
    return not before.hyphen and line.left >= before.right - 1 and shared > 0.6 * min(before.size, line.size)


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


def is_row(line: PdfLine) -> bool:
    """True for a line of a table: a wide gap between two words, leaders, or numbers alone."""
    words, size = line.words, max(line.size, 1.0)
    gaps = [(b.left - a.right) / size for a, b in pairwise(words)]
    for at, gap in enumerate(gaps, 1):
        if gap < _CELL_GAP or (at <= 2 and _opens_with_label(line, at)):
            continue
        if gap >= _TEXT_CELL_GAP or any(_NUMBER.fullmatch(word.text) for word in words[at:]):
            return True
    if _LEADERS.search(line.text):
        return True
    # One number alone, or one with a full stop, may be the end of a sentence.
    numbers = all(_NUMBER.fullmatch(word.text) for word in words)
    return numbers and len(words) > 1 and not words[-1].text.endswith(".")


def _opens_with_label(line: PdfLine, at: int) -> bool:
    """True if the first `at` words are a bullet or a number such as "Item 7." that stands apart."""
    return all(
        _BULLET.fullmatch(word.text) or _LABEL.fullmatch(word.text) or _HEADING_LABEL.fullmatch(word.text)
        for word in line.words[:at]
    )


def is_item(line: PdfLine) -> bool:
    """True for the first line of a list item: a bullet, or a number or letter such as "(a)" or "3."."""
    first = line.words[0].text
    return len(line.words) > 1 and bool(_BULLET.fullmatch(first) or _LABEL.fullmatch(first))


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
    # Fonts differ in height at one size: a line may begin in italics. Only another size starts another block.
    if abs(before.size - line.size) > (0.4 if _goes_on(before, line) else 0.15) * before.size:
        return False
    step = (before.bottom - line.bottom) / max(before.size, 1.0)
    if before.hyphen:  # the word may go on at the top of the next column
        return 0.4 < step < 3 or (step < 0 and line.words[0].text[:1].islower())
    overlap = min(before.right, line.right) - max(before.left, line.left)
    return 0.4 < step < (1.6 if _goes_on(before, line) else 1.25) * leading and overlap > 0


def _run_blocks(run: Sequence[LineAndRow]) -> Iterator[PdfBlock]:
    """The blocks of one run of lines."""
    edge = max((line.right for line, row in run if not row), default=0.0)
    block: PdfBlock | None = None
    for line, row in run:
        if block is not None and _belongs(block, line, edge, row=row):
            block.lines.append(line)
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
    if _has_ended(before):
        indented = line.left > before.left + 0.8 * line.size
        hanging = len(block.lines) == 1 and block.kind == "item"
        return room < 0 and (hanging or not indented)
    return _goes_on(before, line) or room < 2 * line.size


def _goes_on(before: PdfLine, line: PdfLine) -> bool:
    """True if the sentence of one line plainly goes on in the next: no stop before, a small letter after."""
    return not _has_ended(before) and line.words[0].text[:1].islower()


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
            and _goes_on(label.lines[-1], block.lines[0])
            and 0 < label.lines[-1].bottom - block.lines[0].bottom < 2 * block.lines[0].size
        ):
            block.lines[:0] = result.pop().lines
        result.append(block)
    return result


def _has_ended(line: PdfLine) -> bool:
    """True if a sentence may end with this line."""
    return line.text.rstrip(_CLOSERS)[-1:] in _STOPS


def _heading_level(block: PdfBlock, body: float) -> int:
    """1 to 3 by the height of its letters, 4 for bold letters of the usual height, 0 for no heading."""
    text = " ".join(line.text for line in block.lines)
    first = next((sign for sign in text if sign.isalnum()), "")
    if block.kind == "row" or len(text) > _LONGEST_HEADING or len(block.lines) > 3 or text[-1] in ".,;:":
        return 0
    if _BULLET.match(text):
        return 0
    if not first or first.islower() or sum(sign.isalpha() for sign in text) < 3:
        return 0
    ratio = min(line.size for line in block.lines) / max(body, 1.0)
    if ratio >= 1.15:
        return 1 if ratio >= 1.6 else 2 if ratio >= 1.3 else 3
    return 4 if ratio > 0.9 and all(line.bold for line in block.lines) else 0
