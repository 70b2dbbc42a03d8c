"""Joins the pages of a PDF to one text: hyphenated words, paragraphs and tables across page breaks.

Whether a hyphen at the end of a line belongs to its word is decided by how the document writes that word
elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from index.readers.builder import clean, word_set
from index.readers.pdf.layout.blocks import is_footnote, opens_footnote, page_blocks
from index.readers.pdf.layout.columns import reading_order
from index.readers.pdf.layout.rows import PdfBlock, letters_height
from index.readers.pdf.layout.running import without_running_lines
from index.readers.pdf.layout.tables import PdfTable, continued

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.readers.builder import TextBuilder
    from index.readers.pdf.page import PdfLine

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")  # letters, with hyphens between: "well-known"
_LAST_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*$")
# Chinese characters, Kana and their punctuation; and what is set without a space beside them.
_CHINESE = "\u3001-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
_UNSPACED = re.compile(f"[{_CHINESE}]")
_AFTER_UNSPACED = re.compile(f"[{_CHINESE}0-9“”‘’…—]")
_TEXT = itemgetter(0)  # of a word
_HYPHENS = frozenset("-‐\xad")
_STOPS = ".!?:;"
# First parts of compounds that are written with a hyphen, where the document itself does not tell.
_COMPOUND = word_set(
    "all anti co cross double early ex first five four full half hard high ill in large late left light "
    "long low mid multi new non off old on one open out over part post pre pro quasi real right second "
    "self semi short single six small so sub ten third three top two under up user well wide year zero"
)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_MOST_TITLES = 4  # blocks before a table that goes on from the page before
_BULLETS = re.compile(r"[•·▪●◦‣○■□➢✓\uf0b7\uf0a7*–—-] +")


@dataclass(slots=True)
class _OpenParagraph:
    """A block that may still go on overleaf: its text so far, and where pages end in it."""

    piece: PdfBlock
    text: str
    breaks: list[tuple[int, int, int]] = field(default_factory=list)  # page, its end, the next one's start


def add_pages(builder: TextBuilder, pages: Sequence[Sequence[PdfLine]]) -> None:
    """Append the text of all pages, which are numbered from 1 in their order."""
    body = letters_height(line for lines in pages for line in lines)
    running = without_running_lines(pages, body)
    words = _vocabulary(running.pages)
    blocks = [page_blocks(reading_order(lines, words.__contains__), body) for lines in running.pages]
    _carry_over(blocks)
    open_paragraph: _OpenParagraph | None = None
    for number, found in enumerate(blocks, 1):
        piece = _continuation(open_paragraph.piece, found) if open_paragraph is not None else None
        if open_paragraph is not None and piece is not None:
            _continue_with(open_paragraph, piece, number, words)
            del found[0]
        else:
            _append(builder, open_paragraph)
            open_paragraph = None
            if number > 1:
                builder.end_page(number - 1)
        for following in found:
            _append(builder, open_paragraph)
            open_paragraph = None
            if isinstance(following, PdfTable):
                _append_table(builder, following, words)
            else:
                open_paragraph = _OpenParagraph(following, _block_text(following.lines, words))
    _append(builder, open_paragraph)
    if blocks:
        builder.end_page(len(blocks))
    builder.notes += [running.note] if running.note else []


def _carry_over(pages: Sequence[list[PdfBlock | PdfTable]]) -> None:
    """Prepare what goes on overleaf: a table keeps its columns, footnotes stand before a paragraph."""
    for blocks, following in pairwise(pages):
        if not blocks or not following:
            continue
        start = _start_of_table(following)
        before, table = blocks[-1], following[start]
        if isinstance(before, PdfTable) and isinstance(table, PdfTable):
            following[start] = continued(table, before) or table
        feet = _footnotes_at_foot(blocks)
        if feet and _continuation(blocks[-1 - feet], following):
            blocks.append(blocks.pop(-1 - feet))


def _start_of_table(blocks: Sequence[PdfBlock | PdfTable]) -> int:
    """Where the first table stands, which only its title may precede; 0 where more does."""
    for at, block in enumerate(blocks[:_MOST_TITLES]):
        if isinstance(block, PdfTable):
            return at
        if block.kind != "heading" and len(block.lines) > 1:
            break
    return 0


def _footnotes_at_foot(blocks: Sequence[PdfBlock | PdfTable]) -> int:
    """How many blocks at the end of a page are footnotes under its last paragraph."""
    for feet in range(1, len(blocks)):
        text = blocks[-1 - feet]
        if not isinstance(text, PdfBlock):
            return 0
        if opens_footnote(blocks[-feet], text):
            return feet if all(is_footnote(block, text) for block in blocks[len(blocks) - feet :]) else 0
    return 0


def _append(builder: TextBuilder, last: _OpenParagraph | None) -> None:
    """Append a block that has come to its end, and close the pages that ended in it."""
    if last is None:
        return
    text = last.text
    bullet = _BULLETS.match(text) if last.piece.kind == "item" else None
    before = ("* " if bullet[0][0] == "*" else "• ") if bullet else ""
    cut = bullet.end() if bullet else 0
    span = builder.add(last.piece.kind, text[cut:], last.piece.level, before=before)
    if span is not None:
        for page, end, start in last.breaks:
            builder.split_page(page, span.start + end - cut, span.start + start - cut)


def _append_table(builder: TextBuilder, table: PdfTable, words: frozenset[str]) -> None:
    """Append a table, each of its cells on one line."""
    rows, names = (
        [[_joined(cell, words) for cell in row] for row in each] for each in (table.rows, table.names)
    )
    builder.add_table(
        rows, headings=table.headings, caption=table.caption, goes_on=table.goes_on, names=names
    )


def _continuation(last: PdfBlock | PdfTable, following: Sequence[PdfBlock | PdfTable]) -> PdfBlock | None:
    """The first block of a page if it goes on with the sentence that the page before broke off."""
    piece = following[0] if following else None
    if not isinstance(last, PdfBlock) or not isinstance(piece, PdfBlock):
        return None
    if {last.kind, piece.kind} - {"paragraph", "item"} or piece.kind == "item":
        return None
    goes_on = last.lines[-1].text[-1:] not in _STOPS and piece.lines[0].words[0].text[:1].islower()
    return piece if goes_on else None


def _continue_with(last: _OpenParagraph, piece: PdfBlock, number: int, words: frozenset[str]) -> None:
    """Let the open block go on with the first one of page `number`."""
    follows = _block_text(piece.lines, words)
    whole = _join_lines(last.text, follows, words)
    start = len(whole) - len(follows)
    last.breaks.append((number - 1, len(whole[:start].rstrip()), start))
    last.piece = PdfBlock(last.piece.kind, piece.lines, last.piece.level)
    last.text = whole


def _vocabulary(pages: Iterable[Sequence[PdfLine]]) -> frozenset[str]:
    """All words that stand unbroken in a line, in lower case; none at all if no line leaves a question."""
    lines = [line for page in pages for line in page]
    if not any(_is_broken(line) or len(line.words) == len(line.text) == 1 for line in lines):
        return frozenset()
    whole: set[str] = set()
    for line in lines:
        whole.update(map(_TEXT, line.words[:-1] if _is_broken(line) else line.words))
    return frozenset(_WORD.findall(_letters(" ".join(whole)).casefold()))


def _is_broken(line: PdfLine) -> bool:
    return line.hyphen or line.words[-1].text[-1] in _HYPHENS


def _letters(text: str) -> str:
    """`text` with ligatures as letters and without characters that carry no meaning."""
    if text.isascii():
        return text
    return clean(text.translate(_LIGATURES) if _LIGATURE.search(text) else text)


def _block_text(lines: Sequence[PdfLine], words: frozenset[str]) -> str:
    """The lines of one block as one line."""
    return _joined([line.text for line in lines], words)


def _joined(lines: Sequence[str], words: frozenset[str]) -> str:
    """Lines of text as one."""
    text = ""
    for line in lines:
        text = _join_lines(text, _letters(line), words) if text else _letters(line)
    return clean(text).strip()


def _join_lines(left: str, right: str, words: frozenset[str]) -> str:
    """Two lines joined: by a space, or where a word was broken between them as that word is written.

    Chinese and Japanese have no spaces between words; Korean has.
    """
    if _UNSPACED.match(left[-1:]) and _AFTER_UNSPACED.match(right):
        return f"{left}{right}"
    if _UNSPACED.match(right) and _AFTER_UNSPACED.match(left[-1:]):
        return f"{left}{right}"
    if left[-1:] not in _HYPHENS or not left[-2:-1].isalnum():
        return f"{left} {right}"
    first, second = _LAST_WORD.search(left[:-1]), _WORD.match(right)
    if first is None or second is None or not right[0].islower():
        return f"{left}{right}"
    compound = _is_compound(first[0].casefold(), second[0].casefold(), words)
    return f"{left}{right}" if compound else f"{left[:-1]}{right}"


def _is_compound(first: str, second: str, words: frozenset[str]) -> bool:
    """True if the hyphen between two parts of a word belongs there.

    The document itself is asked first: which of the two forms it writes elsewhere, then whether both parts
    are words of their own in it. With nothing to go by, a word is taken for broken.
    """
    if f"{first}{second}" in words:
        return False
    if f"{first}-{second}" in words or "-" in first:
        return True
    return first in _COMPOUND or (first in words and second in words)
