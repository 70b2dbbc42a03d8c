"""Builds extracted text block by block, with the span of every block and page.

The readers of HTML, PDF, office formats, EPUB and mail append blocks in order; a blank line sets them apart,
and a page is whatever was appended while it was open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.readers.limits.limits import limits_now, too_many_cells
from index.readers.parts.tables import DELIMITER, make_table, one_line
from index.text.patterns import lazy_compile
from index.types import Block, BlockKind, Blocks, Dated, HiddenBy, HiddenText, Page, Reading, Span, Table

SEPARATOR = "\n\n"

# Control characters carry no words, only harm: C0 but tab and newline, DEL, C1. A soft hyphen is a place
# where a line might have been broken and was not. Lone surrogates cannot be stored as UTF-8.
_CLEAN: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0xAD), None),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    0x09: "\t",
    0x0A: "\n",
    **dict.fromkeys((0x2060, 0xFEFF), None),  # they only keep a line from being broken
}
# Control characters in the text of a file, each of which a space can stand for.
_CONTROL = lazy_compile("\r(?=\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# A zero-width space is a place where a line may be broken; between letters of scripts without spaces it
# parts two words.
_ZERO_WIDTH_SPACE = lazy_compile(
    "\u200b+(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff])"
    "|(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff])\u200b+"
)


# Tag characters, but for those that make a flag of a region (England, Wales) of a black one.
_TAGS = lazy_compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+")


def word_set(text: str) -> frozenset[str]:
    """The words of a table written as one text."""
    return frozenset(text.split())


def clean(text: str) -> str:
    """`text` without control characters and signs that are never seen; line ends become newlines."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEAN)
    return _ZERO_WIDTH_SPACE.sub("", text) if "\u200b" in text else text


# Titles that programs write when nobody gave one: the name of the file it was made from, or of nothing.
_PROGRAM_TITLE = lazy_compile(
    r"(?:microsoft (?:word|powerpoint|excel)|untitled|unbenannt|sans titre|sin título|document|presentation|"
    r"dokument|word document|powerpoint presentation|slide 1|title|titel|book|workbook|print|layout 1|"
    r"pdf document)(?:[ _-]?\d+)?(?: - .*)?|[\W\d_]*|"
    r".*\.(?:docx?|pptx?|xlsx?|indd|qxd|tex|dvi|p65|html?|rtf|odt|pdf|txt)",
    re.IGNORECASE,
)


def real_title(text: str | None) -> str | None:
    """`text` on one line if a person may have written it as a title, None for what a program put there."""
    title = " ".join(clean(text or "").split())
    return None if _PROGRAM_TITLE.fullmatch(title) or len(title) > 300 else title


@dataclass(slots=True)
class TextBuilder:
    """Collects blocks and pages of one source, and gives the `Reading` at the end."""

    notes: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _blocks: Blocks = field(default_factory=Blocks)
    _pages: list[Page] = field(default_factory=list)
    _tables: list[Table] = field(default_factory=list)
    _cells: int = 0  # of all tables
    _left_out: list[HiddenText] = field(default_factory=list)
    _hidden: list[Span] = field(default_factory=list)
    _page_start: int | None = None  # of the open page, once it has a block

    def add(self, kind: BlockKind, text: str, level: int = 0, *, before: str = "") -> Span | None:
        """Append one block and give its span; None, and nothing appended, where `text` is blank.

        `before` (a bullet) is put in front of it, in the text but in no block.
        """
        text = clean(self._without_tags(text))
        text = text.strip("\n").rstrip() if kind == "code" else text.strip()
        if not text.strip():
            return None
        text = before + text
        separator = SEPARATOR if self._length else ""
        # Code keeps the indentation of its first line in the text; the block itself is trimmed, as all are.
        start = self._length + len(separator) + len(before)
        start += len(text) - len(before) - len(text[len(before) :].lstrip())
        self._parts += (separator, text)
        self._length += len(separator) + len(text)
        span = Span(start, self._length)
        self._blocks.append(Block(kind, span, level if kind == "heading" else 0))
        self._page_start = span.start if self._page_start is None else self._page_start
        return span

    def add_table(
        self,
        rows: Sequence[Sequence[str]],
        *,
        headings: int | None = None,
        caption: str = "",
        goes_on: bool = False,
        names: Sequence[Sequence[str]] = (),
    ) -> tuple[Span | None, ...]:
        """Append a table, a block for each row that is not empty; gives the span of each row, or None.

        Every row has its empty cells, so that a cell's place says its column; those at the end of a row are
        not written. `headings` is the number of rows at the top that name the columns, where the format says
        so; None finds them by what the cells hold. `caption` is kept with the table and is not appended. With
        `goes_on`, the table goes on with the one before, whose columns and caption are its own. `names` are
        the first rows, where a heading that spans columns is written in one of them and names all. Raises
        ReadError where all tables have more cells than one file may.
        """
        self._cells += sum(map(len, rows))
        if self._cells > limits_now().cells:
            raise too_many_cells()
        cells, named = (
            [tuple(one_line(clean(self._without_tags(cell))) for cell in row) for row in each]
            for each in (rows, names)
        )
        spans = tuple(self.add("row", _row_text(row)) for row in cells)
        table = make_table(
            [*named, *cells[len(named) :]], spans, headings=headings, caption=one_line(clean(caption))
        )
        if table is not None and goes_on and self._tables:
            before = self._tables[-1]
            table = replace(table, columns=before.columns, caption=before.caption)
        if table is not None:
            self._tables.append(table)
        return spans

    def hide(self, text: str, by: HiddenBy) -> None:
        """Keep apart a text that nobody sees who opens the file, on one line; nothing where it is blank."""
        text = one_line(clean(text))
        if text:
            at = Span(self._length, self._length)
            self._left_out.append(HiddenText(text, by, at, len(self._pages)))

    def _without_tags(self, text: str) -> str:
        """`text` without characters that copy ASCII and are never seen; what they say is kept apart."""
        if text.isprintable() or not _TAGS.search(text):
            return text
        for found in _TAGS.finditer(text):
            self.hide("".join(chr(ord(sign) & 0x7F) for sign in found[0]), "invisible characters")
        return _TAGS.sub("", text)

    def hide_on(self, page: int, text: str, by: HiddenBy) -> None:
        """Keep apart a text of a page that was closed, counted from 0: at the end of what is read of it."""
        span = self._pages[page].span
        ends = [block.span.end for block in self._blocks]
        number = bisect_right(ends, span.end)
        if len(span) and (not number or ends[number - 1] <= span.start):  # one block is all that is there
            number, page = number + 1, page + 1
        at = ends[min(number, len(ends)) - 1] if number and ends else 0
        text = one_line(clean(text))
        if text:
            self._left_out.append(HiddenText(text, by, Span(at, at), min(page, len(self._pages) - 1)))

    def mark_hidden(self, span: Span | None) -> None:
        """Say that what was appended there is hidden in the file and was read all the same."""
        if span is not None:
            self._hidden.append(span)

    def hide_as(self, texts: Sequence[HiddenText]) -> None:
        """Keep apart what was hidden in a part of the file that was read with a builder of its own."""
        for text in texts:
            self.hide(text.text, text.by)

    def hide_reading(self, reading: Reading, by: HiddenBy) -> None:
        """Keep apart a part of the file that nobody sees as a whole."""
        for block in reading.blocks:
            self.hide(block.span.of(reading.text), by)
        self.hide_as(reading.left_out)

    def add_reading(self, reading: Reading, *, below: int = 0) -> None:
        """Append all that another reader gave, its headings `below` levels deeper; its pages are not kept."""
        text = _CONTROL.sub(" ", reading.text).replace("\r", "\n")
        lead = len(text) - len(text.lstrip())
        text = text.strip()
        self.hide_as(reading.left_out)
        if not text or not reading.blocks:
            return
        separator = SEPARATOR if self._length else ""
        shift = self._length + len(separator) - lead
        self._parts += (separator, text)
        self._length += len(separator) + len(text)
        for block in reading.blocks:
            span = _trimmed(text, block.span.start - lead, block.span.end - lead)
            if span is not None:
                level = min(block.level + below, 6) if block.kind == "heading" else 0
                self._blocks.append(Block(block.kind, _shifted(span, shift + lead), level))
                self._page_start = (
                    self._blocks[-1].span.start if self._page_start is None else self._page_start
                )
        self._hidden += [_shifted(span, shift) for span in reading.hidden]
        self._tables += [
            replace(table, span=_shifted(table.span, shift), body=table.body + shift)
            for table in reading.tables
        ]

    def end_page(self, number: int) -> None:
        """Close a page: it holds all that was appended since the last one was closed."""
        start = self._length if self._page_start is None else self._page_start
        self._pages.append(Page(number, Span(start, self._length)))
        self._page_start = None

    def split_page(self, number: int, end: int, start: int) -> None:
        """Close a page at offset `end`, inside the last block, which goes on overleaf from `start`."""
        assert self._page_start is not None, "a block that goes on overleaf has begun on this page"
        self._pages.append(Page(number, Span(self._page_start, end)))
        self._page_start = start

    @property
    def is_empty(self) -> bool:
        """True if nothing was found yet, not even what nobody sees."""
        return not self._length and not self._left_out

    @property
    def length(self) -> int:
        """Code points so far: 0 means that nothing was found yet."""
        return self._length

    def first_heading(self, deepest: int = 6) -> str | None:
        """The first heading of level 1 to `deepest`, on one line: a title where the format names none."""
        heading = next((b for b in self._blocks if b.kind == "heading" and b.level <= deepest), None)
        return " ".join(heading.span.of("".join(self._parts)).split()) if heading else None

    def reading(
        self, *, title: str | None = None, date: Dated | None = None, encoding: str | None = None
    ) -> Reading:
        """All that was appended, as one value."""
        return Reading(
            text="".join(self._parts),
            blocks=self._blocks,
            pages=tuple(self._pages),
            title=title,
            date=date,
            encoding=encoding,
            notes=tuple(self.notes),
            tables=tuple(self._tables),
            left_out=tuple(self._left_out),
            hidden=tuple(self._hidden),
        )


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """`[start, end)` without white space at its ends, None if there is nothing else in it."""
    inner = text[max(start, 0) : end]
    begin = max(start, 0) + len(inner) - len(inner.lstrip())
    return Span(begin, begin + len(inner.strip())) if inner.strip() else None


def _row_text(cells: Sequence[str]) -> str:
    """A row as it is written: nothing where no cell holds anything."""
    if not any(cells):
        return ""
    last = max(at for at, cell in enumerate(cells) if cell)
    return DELIMITER.join(cells[: last + 1])
