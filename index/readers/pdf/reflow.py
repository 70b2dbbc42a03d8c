"""Joins the pages of a PDF: running headers, hyphenated words, paragraphs across page breaks.

A running header or footer stays once, as a block of its own; page numbers go. Whether a hyphen at the end of
a line belongs to its word is decided by how the document writes that word elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.builder import clean, word_set
from index.readers.pdf.layout import PdfBlock, letters_height, page_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.readers.builder import TextBuilder
    from index.readers.pdf.page import PdfLine

_EDGE_LINES = 3  # from the top and from the bottom of a page, that may be running headers or footers
_RUNNING_SHARE = 0.35  # of the pages; below one half, for left and right pages may differ
_RUNNING_PAGES = 8  # fewer count only in a short document: a statement of three pages repeats its title
# A page number in a line by itself, with # for its digits: "#", "page # of #", "- # -", "xii", "f-#".
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.?)? ?[-–—(\[]? ?(?:#|f-#|[ivxl]+) ?[-–—)\]]?(?: ?(?:of|/|von) ?#)?", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")  # letters, with hyphens between: "well-known"
_LAST_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*$")
# Chinese characters, Kana and their punctuation; and what is set without a space beside them.
_CHINESE = "\u3001-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
_UNSPACED = re.compile(f"[{_CHINESE}]")
_AFTER_UNSPACED = re.compile(f"[{_CHINESE}0-9“”‘’…—]")
_HYPHENS = frozenset("-‐\xad")
_STOPS = ".!?:;"
# First parts of compounds that are written with a hyphen, where the document itself does not tell.
_COMPOUND = word_set(
    "all anti co cross double early ex first five four full half hard high ill in large late left light "
    "long low mid multi new non off old on one open out over part post pre pro quasi real right second "
    "self semi short single six small so sub ten third three top two under up user well wide year zero"
)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
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
    pages_left = _without_running_lines(pages)
    words = _vocabulary(pages_left)
    open_paragraph: _OpenParagraph | None = None
    for number, lines in enumerate(pages_left, 1):
        blocks = page_blocks(lines, body)
        if open_paragraph is not None and blocks and _continues_overleaf(open_paragraph.piece, blocks[0]):
            _continue_with(open_paragraph, blocks.pop(0), number, words)
        else:
            _append(builder, open_paragraph)
            open_paragraph = None
            if number > 1:
                builder.end_page(number - 1)
        for following in blocks:
            _append(builder, open_paragraph)
            open_paragraph = _OpenParagraph(following, _block_text(following.lines, words))
    _append(builder, open_paragraph)
    if pages_left:
        builder.end_page(len(pages_left))


def _append(builder: TextBuilder, last: _OpenParagraph | None) -> None:
    """Append a block that has come to its end, and close the pages that ended in it."""
    if last is None:
        return
    text = last.text
    bullet = _BULLETS.match(text) if last.piece.kind == "item" else None
    before = "• " if bullet else ""
    cut = bullet.end() if bullet else 0
    span = builder.add(last.piece.kind, text[cut:], last.piece.level, before=before)
    if span is not None:
        for page, end, start in last.breaks:
            builder.split_page(page, span.start + end - cut, span.start + start - cut)


def _continues_overleaf(last: PdfBlock, piece: PdfBlock) -> bool:
    """True if the first block of a page goes on with the sentence that the page before broke off."""
    line, following = last.lines[-1], piece.lines[0]
    if {last.kind, piece.kind} - {"paragraph", "item"} or piece.kind == "item":
        return False
    return line.text[-1:] not in _STOPS and following.words[0].text[:1].islower()


def _continue_with(last: _OpenParagraph, piece: PdfBlock, number: int, words: frozenset[str]) -> None:
    """Let the open block go on with the first one of page `number`."""
    follows = _block_text(piece.lines, words)
    whole = _join_lines(last.text, follows, words)
    start = len(whole) - len(follows)
    last.breaks.append((number - 1, len(whole[:start].rstrip()), start))
    last.piece = PdfBlock(last.piece.kind, piece.lines, last.piece.level)
    last.text = whole


def _without_running_lines(pages: Sequence[Sequence[PdfLine]]) -> list[list[PdfLine]]:
    """The pages without page numbers, and without a running header or footer but where it first stands."""
    edges = [_edge_lines(lines) for lines in pages]
    running = _running_lines(edges)
    seen: set[str] = set()
    pages_left = []
    for number, (lines, edge) in enumerate(zip(pages, edges, strict=True), 1):
        lines_left = []
        for at, line in enumerate(lines):
            key = edge.get(at)
            if key is not None and _PAGE_NUMBER.fullmatch(key):
                alone = len(lines) == 1  # then it is what the page says
                if not alone and (key in running or line.text.strip("-–— ") == str(number)):
                    continue
            elif key is not None and key in running:
                if key in seen:
                    continue
                seen.add(key)
            lines_left.append(line)
        pages_left.append(lines_left)
    return pages_left


def _running_lines(edges: Sequence[dict[int, str]]) -> frozenset[str]:
    """What stands at the top or bottom of many of the pages from the first that has it to the last."""
    pages: dict[str, list[int]] = {}
    for number, edge in enumerate(edges):
        for key in set(edge.values()):
            pages.setdefault(key, []).append(number)
    return frozenset(
        key
        for key, numbers in pages.items()
        if len(numbers) >= min(_RUNNING_PAGES, max(3, _RUNNING_SHARE * len(edges)))
        and len(numbers) >= _RUNNING_SHARE * (numbers[-1] - numbers[0] + 1)
    )


def _edge_lines(lines: Sequence[PdfLine]) -> dict[int, str]:
    """The lines nearest to the top and bottom of a page: their place in the order, and what they say.

    Every number is taken for the same.
    """
    order = sorted(range(len(lines)), key=lambda at: -lines[at].bottom)
    return {
        at: re.sub(r"\d+", "#", lines[at].text.casefold())
        for at in {*order[:_EDGE_LINES], *order[-_EDGE_LINES:]}
    }


def _vocabulary(pages: Iterable[Sequence[PdfLine]]) -> frozenset[str]:
    """All words that stand unbroken in a line, in lower case; none at all if no line breaks a word."""
    lines = [line for page in pages for line in page]
    if not any(_is_broken(line) for line in lines):
        return frozenset()
    whole = (word.text for line in lines for word in (line.words[:-1] if _is_broken(line) else line.words))
    return frozenset(_WORD.findall(_letters(" ".join(whole)).casefold()))


def _is_broken(line: PdfLine) -> bool:
    return line.text[-1] in _HYPHENS


def _letters(text: str) -> str:
    """`text` with ligatures as letters and without characters that carry no meaning."""
    return text if text.isascii() else clean(text.translate(_LIGATURES))


def _block_text(lines: Sequence[PdfLine], words: frozenset[str]) -> str:
    """The lines of one block as one line."""
    text = ""
    for line in lines:
        text = _join_lines(text, _letters(line.text), words) if text else _letters(line.text)
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
