"""Word (.docx) to text: paragraphs, headings, list items and table rows in the order of the document.

Of tracked changes inserted text is read and deleted text is not. Text boxes and notes are read after the
paragraph they hang on; hidden text and comments are not read. There are no pages: where they break is decided
by whoever prints the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.builder import TextBuilder, superscript
from index.readers.office.package import (
    attribute,
    child,
    is_on,
    local,
    main_part,
    open_office,
    properties,
    relations,
    visible_elements,
)
from index.types import BlockKind, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

    from index.readers.archive import Archive

_KIND = "Word file"
# Tracked deletions and the old place of moved text; the spoken form of ruby; properties.
_LEFT_OUT = frozenset(
    ("del", "moveFrom", "rt", "pPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr")
)
_BODY_STOPS = frozenset(("p", "tbl"))
_TEXT_STOPS = frozenset(("txbxContent", "rPr", "t"))
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_HEADING_NAME = re.compile(r"heading ([1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph style says about the block: its heading level (0 for none), and if it makes a list."""

    level: int
    is_list: bool


@dataclass(slots=True)
class _Paragraph:
    """The text of one paragraph, and what hangs on it."""

    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hidden: int = 0


def read_docx(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The text of a Word document; title and date are its properties.

    Raises ReadError for what `open_office` refuses, and for a document without text.
    """
    archive = open_office(data, kind=_KIND, suffix=".docx")
    path = main_part(archive, kind=_KIND)
    root = archive.xml(path)
    body = child(root, "body") if root is not None else None
    if body is None:
        raise ReadError("a damaged Word file: its text cannot be read", "open it in Word, and save it again")
    document = _Document.of(archive, path)
    document.add(body)
    if not document.builder.length:
        raise ReadError("no text in this document", "nothing to do: there are no words in it")
    if document.hidden:
        document.builder.notes.append(f"hidden text was not read, in {document.hidden} places")
    about = properties(archive)
    return document.builder.reading(title=about.title or document.builder.first_heading(), date=about.date)


@dataclass(slots=True)
class _Document:
    """A document while it is read: its styles and notes, and the text so far."""

    builder: TextBuilder
    styles: dict[str, _Style]
    footnotes: dict[str, Element]
    hidden: int = 0

    @classmethod
    def of(cls, archive: Archive, path: str) -> _Document:
        """Styles, foot- and endnotes of the document whose main part is `path`."""
        builder = TextBuilder()
        styles: dict[str, _Style] = {}
        notes: dict[str, Element] = {}
        for relation in relations(archive, path).values():
            root = archive.xml(relation.part) if relation.kind in _SIDE_PARTS else None
            if root is None:
                continue
            if relation.kind == "styles":
                styles = _styles(root)
            elif relation.kind == "comments":
                if len(root):
                    builder.notes.append(f"{len(root)} comments were not read")
            else:
                kind = relation.kind.removesuffix("s")
                notes.update({f"{kind} {attribute(note, 'id')}": note for note in root})
        return cls(builder, styles, notes)

    def add(self, body: Element) -> None:
        """Append every paragraph and table row below `body`."""
        waiting = [body]
        while waiting:
            part = waiting.pop()
            if local(part) == "p":
                boxes = self._add_paragraph(part)
                waiting += reversed(boxes)
            elif local(part) == "tbl":
                waiting += reversed(self._add_table(part))
            else:
                inner = visible_elements(part, leave_out=_LEFT_OUT, stop_at=_BODY_STOPS)
                waiting += reversed([element for element in inner if local(element) in _BODY_STOPS])

    def _add_paragraph(self, element: Element) -> list[Element]:
        """Append one paragraph and its notes; gives its text boxes, which come next."""
        paragraph = _text_of(element)
        kind, level = self._kind(element)
        self.builder.add(kind, " ".join(paragraph.text.split("\t")), level)
        self._finish(paragraph)
        return paragraph.boxes

    def _add_table(self, table: Element) -> list[Element]:
        """Append the rows of a table; gives the cells of one that is only a frame around text."""
        rows = [
            row
            for row in visible_elements(table, leave_out=_LEFT_OUT, stop_at=frozenset(("tr",)))
            if local(row) == "tr"
        ]
        grid = [
            [
                cell
                for cell in visible_elements(row, leave_out=_LEFT_OUT, stop_at=_CELL_STOP)
                if local(cell) == "tc"
            ]
            for row in rows
        ]
        if all(len(cells) == 1 for cells in grid):
            return [cells[0] for cells in grid]
        for cells in grid:
            texts = []
            paragraphs = []
            for cell in cells:
                inner = [
                    _text_of(p)
                    for p in visible_elements(cell, leave_out=_LEFT_OUT, stop_at=_PARAGRAPH_STOP)
                    if local(p) == "p"
                ]
                texts.append(" ".join(" ".join(part.text for part in inner).split()))
                paragraphs += inner
            self.builder.add("row", " | ".join(text for text in texts if text))
            for paragraph in paragraphs:
                self._finish(paragraph)
        return []

    def _finish(self, paragraph: _Paragraph) -> None:
        """Append the notes that a paragraph refers to, and count its hidden text."""
        self.hidden += paragraph.hidden
        for key in paragraph.notes:
            note = self.footnotes.get(key)
            for part in note if note is not None else ():
                self.builder.add("paragraph", " ".join(_text_of(part).text.split()))

    def _kind(self, element: Element) -> tuple[BlockKind, int]:
        """What kind of block a paragraph is, by its own properties first and its style's second."""
        style = self.styles.get(
            attribute(child(element, "pPr", "pStyle"), "val") or "", _Style(0, is_list=False)
        )
        outline = attribute(child(element, "pPr", "outlineLvl"), "val")
        level = int(outline) + 1 if outline and outline in "012345678" else style.level
        if level:
            return "heading", level
        number = attribute(child(element, "pPr", "numPr", "numId"), "val")
        return ("item" if number not in {None, "0"} or (style.is_list and number is None) else "paragraph"), 0


_SIDE_PARTS = frozenset(("styles", "footnotes", "endnotes", "comments"))
_CELL_STOP = frozenset(("tc",))
_PARAGRAPH_STOP = frozenset(("p",))


def _text_of(paragraph: Element) -> _Paragraph:
    """The shown text of one paragraph: runs, links, insertions and fields' results, in order."""
    result = _Paragraph()
    parts: list[str] = []
    hidden = raised = False
    for element in visible_elements(paragraph, leave_out=_LEFT_OUT, stop_at=_TEXT_STOPS):
        name = local(element)
        if name == "r":
            look = child(element, "rPr")
            hidden = look is not None and is_on(child(look, "vanish"))
            raised = look is not None and attribute(child(look, "vertAlign"), "val") == "superscript"
            result.hidden += hidden
        elif name == "txbxContent":
            result.boxes.append(element)
        elif hidden:
            continue
        elif name == "t":
            parts.append(superscript(element.text or "") if raised else element.text or "")
        elif name in _BREAKS:
            parts.append(_BREAKS[name])
        elif name in {"footnoteReference", "endnoteReference"}:
            result.notes.append(f"{name.removesuffix('Reference')} {attribute(element, 'id')}")
    result.text = "".join(parts)
    return result


def _styles(root: Element) -> dict[str, _Style]:
    """Every paragraph style by its id, with what it inherits from the styles it is based on."""
    elements = {attribute(style, "styleId") or "": style for style in root if local(style) == "style"}
    return {key: _style(_chain(key, elements)) for key in elements}


def _chain(key: str, elements: dict[str, Element]) -> list[Element]:
    """A style and all it is based on, nearest first; a circle is broken where it closes."""
    chain: list[Element] = []
    seen: set[str] = set()
    while key in elements and key not in seen:
        seen.add(key)
        chain.append(elements[key])
        key = attribute(child(elements[key], "basedOn"), "val") or ""
    return chain


def _style(chain: Iterable[Element]) -> _Style:
    level, is_list = 0, False
    for style in chain:
        name = attribute(child(style, "name"), "val") or ""
        outline = attribute(child(style, "pPr", "outlineLvl"), "val")
        heading = _HEADING_NAME.fullmatch(name)
        if not level and heading:
            level = int(heading[1])
        elif not level and outline and outline in "012345678":
            level = int(outline) + 1
        elif not level and name.lower() == "title":
            level = 1
        is_list = is_list or child(style, "pPr", "numPr") is not None
    return _Style(level, is_list)
