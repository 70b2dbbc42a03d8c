"""Reads the pages of one PDF: the visible words in lines, and what was noticed about each page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from index.readers.pdf.annotations import read_annotations
from index.readers.pdf.content.characters import CharacterReader
from index.readers.pdf.content.fonts import Fonts
from index.readers.pdf.content.frames import upright, upright_boxes, with_sideways_text_below
from index.readers.pdf.content.lines import make_lines
from index.readers.pdf.content.marks import with_marks
from index.readers.pdf.content.mending import mended
from index.readers.pdf.content.repeats import with_repeated_letters
from index.readers.pdf.content.seen.objects import PageObjects
from index.readers.pdf.content.seen.visibility import visible_characters
from index.readers.pdf.page import PageLines
from index.readers.pdf.placing import with_comments, with_typed_text

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

    from index.readers.pdf.page import PdfLine

_STAMP_WORDS = 12  # as a scanner prints on a page that it has scanned: its name, a date, a page number
_STAMP_LETTERS = 22.0  # points: their height at most
_DOWNWARD = 270
_PICTURE_SHARE = 0.75  # of a page that is one picture


def _in_order(lines: list[PdfLine]) -> list[PdfLine]:
    """The lines, those of sideways text from left to right and down: pdfium has the page's order in mind."""
    if not any(line.turned for line in lines):
        return lines
    level = [line for line in lines if not line.turned]
    turned = [
        line._replace(words=tuple(sorted(line.words, key=lambda word: word.left)))
        if line.text.isascii()
        else line
        for line in lines
        if line.turned
    ]
    down = [line for line in turned if line.turned == _DOWNWARD]
    down.sort(key=lambda line: (-round(line.bottom), line.left))
    return [*level, *(line for line in turned if line.turned != _DOWNWARD), *down]


def _has_title(lines: list[PdfLine]) -> bool:
    """True for a page with some words in letters larger than a scanner prints: a title on a picture."""
    return sum(len(line.words) for line in lines if line.size > _STAMP_LETTERS and not line.turned) > 1


@dataclass(slots=True)
class PageReader:
    """Reads one page after another."""

    document: PdfDocument
    has_layers_off: bool = False
    _characters: CharacterReader = field(default_factory=CharacterReader)

    def read(self, page: PdfPage) -> PageLines:
        """What stands on one page. Raises PdfiumError for a page that pdfium cannot load."""
        text_page = page.get_textpage()
        try:
            handle = text_page.raw
            bounds, turned = page.get_bbox(), page.get_rotation()
            objects = PageObjects(self.document, page, self.has_layers_off)
            found = self._characters.read(handle, text_page.count_chars())
            visible = visible_characters(found, handle, objects, bounds)
            seen = with_repeated_letters(visible.characters, found, handle, page)
            if turned:
                seen = replace(seen, boxes=upright_boxes(seen.boxes, bounds, turned))
            seen = with_sideways_text_below(seen, handle, turned)
            seen = with_marks(mended(seen, handle), handle)
            fonts = Fonts(handle)
            lines = _in_order(list(make_lines(seen, fonts)))
            unmapped = fonts.unmapped(seen)
            annotations = read_annotations(page)
            if annotations.typed:
                typed = [each._replace(box=upright(each.box, bounds, turned)) for each in annotations.typed]
                lines = with_typed_text(lines, typed)
            if annotations.comments:
                lines = with_comments(lines, annotations.comments)
            few = sum(len(line.words) for line in lines) <= _STAMP_WORDS and not _has_title(lines)
            return PageLines(
                tuple(lines),
                hidden=visible.hidden,
                pictures=(few or visible.scanned) and objects.has_pictures(),
                picture_only=few and not visible.scanned and objects.picture_share() > _PICTURE_SHARE,
                scanned=visible.scanned,
                unmapped=unmapped,
                comments=len(annotations.comments),
                files=annotations.files,
                unread=annotations.unread,
            )
        finally:
            text_page.close()
