"""Word (.docx) to text: paragraphs, headings, list items and tables in the order of the document.

Numbers of headings, clauses and items are computed and stand before them. Of tracked changes inserted text is
read and deleted text is not. Text boxes, charts and notes are read after the paragraph they hang on; headers
before and footers after their section, each line once and without page numbers. Struck-out text and comments
are not read but counted; what nobody sees is kept apart. There are no pages: whoever prints the file decides
where they break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.builder import TextBuilder
from index.readers.office.docx.numbering import Label, Numbering
from index.readers.office.docx.styles import NO_STYLE, WordStyle, default_style, linked_lists, styles_of
from index.readers.office.docx.tables import (
    WordRow,
    WordTable,
    is_frame,
    paragraphs_of,
    rows_of,
    table_grid,
)
from index.readers.office.docx.text import (
    COUNTED,
    LEFT_OUT,
    PAGE_NUMBER,
    WordParagraph,
    clear_placeholders,
    paragraph_of,
)
from index.readers.office.docx.unseen import WHITE, Grounds
from index.readers.office.package import (
    Relation,
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
from index.readers.office.parts.charts import add_charts
from index.readers.office.parts.embedded import EMBEDDED_SUFFIXES, add_embedded
from index.readers.office.parts.grid import add_grid, is_caption
from index.readers.parts.colours import hex_colour
from index.types import BlockKind, Reading

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.limits.archive import Archive
    from index.readers.parts.colours import RGB

_KIND = "Word file"
_TEMPLATES = (".dotx", ".dotm")  # what they ask for is their text
_PICTURES_HINT = "save it as PDF, whose pictures can be read by OCR"
_BODY_STOPS = frozenset(("p", "tbl", "altChunk"))
_SECTION = frozenset(("sectPr",))
_NOTHING: frozenset[str] = frozenset()
_MOST_EMBEDDED = 10_000_000  # bytes of parts of other formats, each counted as often as it is shown
_TAB_OR_BREAK = re.compile(r"[\t\n]+")


def read_docx(data: bytes, name: str) -> Reading:
    """The text of a Word document; title and date are its properties.

    Raises ReadError for what `open_office` refuses, and for a document without text.
    """
    archive = open_office(data, kind=_KIND, suffix=".docx", also=EMBEDDED_SUFFIXES)
    path = main_part(archive, kind=_KIND)
    root = archive.xml(path)
    body = child(root, "body") if root is not None else None
    if body is None:
        raise ReadError("a damaged Word file: its text cannot be read", "open it in Word, and save it again")
    document = _Document.of(archive, path, Grounds(body, _page_colour(root)))
    document.is_template = name.lower().endswith(_TEMPLATES)
    document.read(body)
    if not document.builder.length and any(link.kind == "image" for link in document.links.values()):
        raise ReadError("only pictures in this document", _PICTURES_HINT)
    if document.builder.is_empty:
        raise ReadError("no text in this document", "nothing to do: there are no words in it")
    document.builder.notes += document.remarks()
    about = properties(archive)
    return document.builder.reading(title=about.title or document.builder.first_heading(), date=about.date)


@dataclass(slots=True)
class _Document:
    """A document while it is read: its styles, lists and notes, and the text so far."""

    archive: Archive
    part: str  # the part that is read: the main one, a header, a footer
    links: dict[str, Relation]
    builder: TextBuilder
    styles: dict[str, WordStyle]
    default_style: str
    numbering: Numbering
    footnotes: dict[str, Element]
    even_pages_differ: bool
    grounds: Grounds  # of the part that is read
    seen: WordParagraph = field(default_factory=WordParagraph)  # the sums of all paragraphs
    begun: str = ""  # a drop cap, or what a deleted paragraph mark joins to the next paragraph
    line: tuple[str, str] = ("", "")  # the last paragraph and its style: maybe a table's caption
    is_template: bool = False
    placeholders: int = 0  # fields of a form that are not filled in
    running: bool = False  # in a header or footer
    running_lines: set[str] = field(default_factory=set)
    embedded: int = 0  # bytes of the parts of other formats
    too_much: int = 0  # such parts that were not read because the others are so long

    @classmethod
    def of(cls, archive: Archive, path: str, grounds: Grounds) -> _Document:
        """Styles, lists, foot- and endnotes of the document whose main part is `path`."""
        builder = TextBuilder()
        links = relations(archive, path)
        names = {link.kind: link.part for link in links.values() if link.kind in _SIDE_PARTS}
        parts = {kind: archive.xml(name) for kind, name in names.items()}
        styles = parts.get("styles")
        notes: dict[str, Element] = {}
        for kind in ("footnotes", "endnotes"):
            for note in _parts(parts.get(kind)):
                if attribute(note, "type") not in {"separator", "continuationSeparator"}:
                    notes[f"{kind.removesuffix('s')} {attribute(note, 'id')}"] = note
        comments = len(_parts(parts.get("comments")))
        if comments:
            builder.notes.append(f"{comments} comments were not read")
        settings = parts.get("settings")
        return cls(
            archive=archive,
            part=path,
            links=links,
            builder=builder,
            styles=styles_of(styles) if styles is not None else {},
            default_style=default_style(styles) if styles is not None else "",
            numbering=Numbering.of(parts.get("numbering"), linked_lists(styles)),
            footnotes=notes,
            grounds=grounds,
            even_pages_differ=settings is not None and is_on(child(settings, "evenAndOddHeaders")),
        )

    def remarks(self) -> Iterator[str]:
        """What was left out, and how often."""
        if self.seen.struck:
            yield f"struck-out text was not read, in {self.seen.struck} places"
        if self.seen.unknown_signs:
            yield f"{self.seen.unknown_signs} signs of symbol fonts were not read"
        if self.seen.pictured_equations:
            yield f"{self.seen.pictured_equations} equations are pictures and were not read"
        if self.seen.embedded:
            yield f"{self.seen.embedded} embedded objects were not read"
        if self.placeholders:
            yield f"the prompts of {self.placeholders} empty fields were not read"
        if self.seen.uncounted:
            yield f"{self.seen.uncounted} numbers (AUTONUM, LISTNUM) were not read"
        if self.too_much:
            yield f"{self.too_much} embedded parts were not read: they are too long together"

    def read(self, body: Element) -> None:
        """Append the whole document, section by section: headers, text, footers."""
        self._clear(body)
        sections = [
            element
            for element in visible_elements(body, leave_out=_NOTHING, stop_at=_SECTION)
            if local(element) == "sectPr"
        ]
        rest = iter(sections)
        section = next(rest, None)
        self._add_running(section, "headerReference")
        for part in body:
            self.add(part)
            if any(local(element) == "sectPr" for element in part.iter()) and section is not None:
                self._add_running(section, "footerReference")
                section = next(rest, None)
                self._add_running(section, "headerReference")
        self._flush()
        self._add_running(section, "footerReference")

    def _add_running(self, section: Element | None, name: str) -> None:
        """Append the headers or footers of a section, as far as they are shown and were not read before."""
        references = {
            attribute(part, "type") or "default": self.links.get(attribute(part, "id") or "")
            for part in (section if section is not None else ())
            if local(part) == name
        }
        shown = {"default": True, "even": self.even_pages_differ}
        grounds = self.grounds
        shown["first"] = section is not None and is_on(child(section, "titlePg"))
        self._flush()
        for kind in ("first", "default", "even"):
            link = references.get(kind)
            root = self.archive.xml(link.part) if link and shown[kind] else None
            if link is not None and root is not None:
                main, main_links = self.part, self.links
                self.part, self.links = link.part, relations(self.archive, link.part)
                self.running = True
                self.grounds = Grounds(root, grounds.page)
                self._clear(root)
                self.add(root)
                self._flush()
                self.running = False
                self.part, self.links = main, main_links
        self.grounds = grounds

    def _clear(self, root: Element) -> None:
        self.placeholders += 0 if self.is_template else clear_placeholders(root)

    def add(self, root: Element) -> None:
        """Append every paragraph, table and embedded part of `root`, in order."""
        waiting = [root]
        while waiting:
            part = waiting.pop()
            name = local(part)
            if name == "p":
                waiting += reversed(self._add_paragraph(part))
            elif name == "txbxContent" and self.grounds.is_off_page(part):
                self.builder.hide(_plain(part), "off the page")
            elif name == "tbl":
                self._flush()
                waiting += reversed(self._add_table(part))
            elif name == "altChunk":
                self._flush()
                link = self.links.get(attribute(part, "id") or "")
                self._add_embedded(link.part if link else "?")
            elif name in {"chart", "relIds"}:
                add_charts(self.builder, self.archive, self.part, part)
            elif name == "textpath":  # a watermark
                self._add_line("paragraph", 0, attribute(part, "string") or "")
            elif name not in LEFT_OUT:
                inner = visible_elements(part, leave_out=LEFT_OUT, stop_at=_BODY_STOPS)
                waiting += reversed([element for element in inner if local(element) in _BODY_STOPS])

    def _add_embedded(self, name: str) -> None:
        """Append a part of another format, as often as the document shows it, within reason."""
        data = self.archive.get(name)
        self.embedded += len(data or b"")
        if self.embedded > _MOST_EMBEDDED:
            self.too_much += 1
        else:
            add_embedded(self.builder, data, name)

    def _add_paragraph(self, element: Element) -> list[Element]:
        """Append one paragraph and its notes; gives the boxes and charts on it, which come next."""
        key = self._style_key(element)
        style = self.styles.get(key, NO_STYLE)
        paragraph = self._paragraph(element, style)
        label = self._label(element, key, style, paragraph.text)
        text = self.begun + paragraph.text
        self.begun = ""
        looks = child(element, "pPr")
        frame = child(looks, "framePr") if looks is not None else None
        if attribute(frame, "dropCap") in {"drop", "margin"}:
            self.begun = text.strip()
            return paragraph.hanging
        if looks is not None and child(looks, "rPr", "del") is not None:
            self.begun = text
            return paragraph.hanging
        kind, level = self._kind(element, style)
        if label is not None and text.strip() and not label.is_bullet:
            text = f"{label.text} {text.lstrip()}"
        before = f"{label.text} " if label is not None and label.is_bullet else ""
        self._add_line(kind, level, text, before)
        self.line = (text, key)
        self._add_notes(paragraph)
        return paragraph.hanging

    def _flush(self) -> None:
        """Append what waited for a paragraph that did not come."""
        begun, self.begun = self.begun, ""
        self._add_line("paragraph", 0, begun)

    def _add_line(self, kind: BlockKind, level: int, text: str, before: str = "") -> None:
        if self.running:
            lines = [part for part in _TAB_OR_BREAK.split(text) if not _is_page_number(part)]
            text = " ".join(" ".join(lines).replace(PAGE_NUMBER, "").split())
            if text in self.running_lines:
                return
            self.running_lines.add(text)
            kind, level, before = "paragraph", 0, ""
        self.builder.add(kind, " ".join(text.split("\t")), level, before=before)

    def _paragraph(self, element: Element, style: WordStyle) -> WordParagraph:
        """The text of one paragraph; what it leaves out is counted."""
        paragraph = paragraph_of(
            element, self.styles, style, grounds=self.grounds, page_numbers=not self.running
        )
        for text, by in paragraph.unseen:
            self.builder.hide(text, by)
        for name in COUNTED:
            setattr(self.seen, name, getattr(self.seen, name) + getattr(paragraph, name))
        return paragraph

    def _style_key(self, element: Element) -> str:
        return attribute(child(element, "pPr", "pStyle"), "val") or self.default_style

    def _label(self, element: Element, key: str, style: WordStyle, text: str) -> Label | None:
        """The number or bullet of a paragraph, counted; None for one that has none."""
        own = child(element, "pPr", "numPr")
        number = attribute(child(own, "numId"), "val") if own is not None else None
        number = number or style.list_number
        mark = child(element, "pPr", "rPr")
        unseen = mark is not None and any(local(part) in {"vanish", "del"} for part in mark)
        if number is None or number == "0" or (unseen and not text.strip()):
            return None
        level = attribute(child(own, "ilvl"), "val") if own is not None else None
        if level is not None and level.isdecimal():
            return self.numbering.next(number, int(level))
        linked = self.numbering.level_of_style(number, key)
        return self.numbering.next(number, style.list_level or 0 if linked is None else linked)

    def _kind(self, element: Element, style: WordStyle) -> tuple[BlockKind, int]:
        """What kind of block a paragraph is, by its own properties first and its style's second."""
        outline = attribute(child(element, "pPr", "outlineLvl"), "val")
        level = int(outline) + 1 if outline and outline in "012345678" else style.level
        if level and outline != "9":
            return "heading", level
        number = attribute(child(element, "pPr", "numPr", "numId"), "val") or style.list_number
        return ("paragraph" if number in {None, "0"} else "item"), 0

    def _add_table(self, element: Element) -> list[Element]:
        """Append a table and what hangs on it; gives the cells of one that is only a frame around text."""
        rows = [row for row in rows_of(element) if not self._is_hidden(row)]
        if is_frame(rows):
            return [cell.element for row in rows for cell in row.cells]
        paragraphs: list[WordParagraph] = []

        def text_of(cell: Element) -> str:
            inner = paragraphs_of(cell)
            return " ".join(" ".join(self._cell_paragraph(part, paragraphs) for part in inner).split())

        table: WordTable = table_grid(rows, text_of)
        text, key = self.line
        caption = text if is_caption(text) or "caption" in key.lower() else ""
        add_grid(self.builder, table.grid, headings=table.headings or None, caption=caption)
        self.line = ("", "")
        for paragraph in paragraphs:
            self._add_notes(paragraph)
        return [element for paragraph in paragraphs for element in paragraph.hanging]

    def _is_hidden(self, row: WordRow) -> bool:
        """True for a row that is not displayed: what it says is kept apart."""
        if row.is_hidden:
            cells = (
                " ".join(part.text or "" for part in c.element.iter() if local(part) == "t")
                for c in row.cells
            )
            self.builder.hide(" | ".join(cells), "in hidden rows or columns")
        return row.is_hidden

    def _cell_paragraph(self, element: Element, paragraphs: list[WordParagraph]) -> str:
        key = self._style_key(element)
        style = self.styles.get(key, NO_STYLE)
        paragraph = self._paragraph(element, style)
        paragraphs.append(paragraph)
        label = self._label(element, key, style, paragraph.text)
        text = "" if _is_page_number(paragraph.text) else paragraph.text.replace(PAGE_NUMBER, "")
        shown = label is not None and (bool(text.strip()) or not label.is_bullet)
        return f"{label.text} {text}" if label is not None and shown else text

    def _add_notes(self, paragraph: WordParagraph) -> None:
        """Append the foot- and endnotes that a paragraph refers to."""
        for key in paragraph.notes:
            note = self.footnotes.pop(key, None)
            for part in paragraphs_of(note) if note is not None else ():
                text = self._paragraph(part, self.styles.get(self._style_key(part), NO_STYLE)).text
                self.builder.add("paragraph", " ".join(text.split()))


def _plain(element: Element) -> str:
    return " ".join(part.text or "" for part in element.iter() if local(part) == "t")


def _page_colour(root: Element | None) -> RGB | None:
    """White, unless the document has a background of its own: then its colour, None for a picture."""
    background = child(root, "background") if root is not None else None
    if background is None:
        return WHITE
    return None if len(background) else hex_colour(attribute(background, "color") or "")


_SIDE_PARTS = frozenset(("styles", "numbering", "settings", "footnotes", "endnotes", "comments"))


def _parts(root: Element | None) -> list[Element]:
    return list(root) if root is not None else []


def _is_page_number(text: str) -> bool:
    """True for "Page 3 of 12", where the numbers are fields: a number and at most two words."""
    return PAGE_NUMBER in text and len(re.findall(r"[^\W\d_]+", text)) <= 2
