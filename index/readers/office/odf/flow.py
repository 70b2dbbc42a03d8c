"""The flow of an OpenDocument text: paragraphs, lists, tables and what hangs on them, in order.

Slides and sheets use it for the texts of their shapes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.builder import TextBuilder
from index.readers.office.odf.formulas import formula_text
from index.readers.office.odf.lists import ListCounter
from index.readers.office.odf.styles import OdfListLevel, OdfStyles, body_of
from index.readers.office.odf.tables import grid_of
from index.readers.office.odf.text import PAGE_NUMBER, PLACE_OF_SHAPE, OdfParagraph, paragraph_of
from index.readers.office.package import attribute, child, local
from index.readers.office.parts.equations import joined
from index.readers.office.parts.grid import add_grid, is_caption
from index.types import BlockKind, HiddenBy

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.limits.archive import Archive

_LEFT_OUT = frozenset(
    (
        "tracked-changes",
        "forms",
        "sequence-decls",
        "variable-decls",
        "user-field-decls",
        "title",
        "desc",
        "image",
    )
)
_DEEPEST = 80
_TAB_OR_BREAK = re.compile(r"[\t\n]+")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the lists the flow is: the list's counter, its style's name, and the level from 0."""

    counter: ListCounter | None = None
    style: str = ""
    level: int = -1
    goes_on: bool = False


@dataclass(slots=True)
class OdfFlow:
    """Appends the parts of a text; counts what is left out."""

    builder: TextBuilder
    archive: Archive | None
    styles: OdfStyles
    running: bool = False  # in a header or footer
    running_lines: set[str] = field(default_factory=set)
    struck: int = 0
    comments: int = 0
    _headings: ListCounter | None = None
    _lists: dict[str, ListCounter] = field(default_factory=dict)  # by the list's id and by its style
    _line: tuple[str, bool] = ("", False)  # the last paragraph, and if its style says it is a caption

    @contextmanager
    def hiding(self, by: HiddenBy, is_hidden: bool) -> Iterator[None]:
        """While it lasts, what is appended is kept apart, if it is hidden."""
        shown = self.builder
        if is_hidden:
            self.builder = TextBuilder()
        yield
        if is_hidden:
            shown.hide_reading(self.builder.reading(), by)
            self.builder = shown

    def add(self, parts: Iterable[Element], place: _Place | None = None, depth: int = 0) -> None:
        """Append elements of a text, in order."""
        for part in parts:
            name = local(part)
            if depth > _DEEPEST or name in _LEFT_OUT:
                continue
            if name in {"p", "h"}:
                self._add_paragraph(part, "")
            elif name == "list":
                self._add_list(part, place or _Place(), depth)
            elif name == "table":
                self._add_table(part)
            elif name == "section" and attribute(part, "display") == "none":
                self.builder.hide(" ".join(part.itertext()), "not displayed")
            elif name == "object":
                self._add_object(part)
            elif name == "annotation":
                self.comments += 1
            else:
                self.add(part, place, depth + 1)

    def _add_list(self, element: Element, place: _Place, depth: int) -> None:
        own = attribute(element, "style-name") or place.style
        level = place.level + 1
        goes_on = attribute(element, "continue-numbering") == "true" or place.goes_on
        counter = place.counter if place.counter is not None and own == place.style else None
        if counter is None:
            key = attribute(element, "continue-list") or (own if goes_on else "")
            counter = self._lists.get(key) or ListCounter(self.styles.lists.get(own, ()))
        elif not goes_on:
            counter.restart(level)
        self._lists[own] = counter
        self._lists[attribute(element, "id") or own] = counter
        for item in element:
            if local(item) not in {"list-item", "list-header"}:
                continue
            begun = local(item) == "list-header"
            for part in item:
                if local(part) in {"p", "h"} and not begun:
                    start = attribute(item, "start-value") or ""
                    number = counter.next(level, int(start) if start.isdecimal() else None)
                    self._add_paragraph(part, number, counter.bullet(level))
                    begun = True
                else:
                    # A deeper list begins again unless this item only leads to it.
                    inner = _Place(counter, own, level, goes_on=goes_on and not begun)
                    self.add((part,), inner, depth + 1)

    def paragraph(self, element: Element) -> OdfParagraph:
        """The text of one paragraph; what it leaves out is counted."""
        found = paragraph_of(element, self.styles, page_numbers=not self.running)
        for text, by in found.unseen:
            self.builder.hide(text, by)
        self.struck += found.struck
        self.comments += len(found.comments)
        before, *after = found.text.split(PLACE_OF_SHAPE)
        shapes = []
        for shape, rest in zip(found.shapes, after, strict=False):
            formula = self._formula(shape)
            before = joined(before, formula) + rest
            shapes += [] if formula else [shape]
        found.text, found.shapes = before, shapes
        return found

    def _add_paragraph(self, element: Element, number: str, bullet: str = "") -> None:
        found = self.paragraph(element)
        style = self.styles.get("paragraph", element)
        kind: BlockKind = "item" if number or bullet else "paragraph"
        level = 0
        if local(element) == "h" or style.is_title:
            outline = attribute(element, "outline-level") or "1"
            level = min(int(outline), 9) if outline.isdecimal() and int(outline) else 1
            kind = "heading"
            number = number or (
                "" if style.is_title and local(element) == "p" else self._heading_number(level)
            )
        text = f"{number} {found.text.strip()}" if number and found.text.strip() else found.text
        self._add_line(kind, level, text, f"{bullet} " if bullet and not number and kind == "item" else "")
        self._line = (text, style.caption)
        self._add_hanging(found)

    def _heading_number(self, level: int) -> str:
        if self._headings is None:
            self._headings = ListCounter(self.styles.outline or (OdfListLevel("none"),) * 10)
        return self._headings.next(level - 1)

    def _add_line(self, kind: BlockKind, level: int, text: str, before: str) -> None:
        if self.running:
            lines = [part for part in _TAB_OR_BREAK.split(text) if not _is_page_number(part)]
            text = " ".join(" ".join(lines).replace(PAGE_NUMBER, "").split())
            if text in self.running_lines:
                return
            self.running_lines.add(text)
            kind, level = "paragraph", 0
        self.builder.add(kind, " ".join(text.split("\t")), level, before=before)

    def _add_hanging(self, found: OdfParagraph) -> None:
        """Append the notes and the text boxes, charts and tables of a paragraph."""
        for note in found.notes:
            body = child(note, "note-body")
            self.add(body if body is not None else ())
        self.add(found.shapes)

    def cell_text(self, cell: Element, hanging: list[OdfParagraph]) -> str:
        """All paragraphs of a cell on one line; what hangs on them goes to `hanging`."""
        texts = []
        for part in cell.iter():
            if local(part) in {"p", "h"}:
                found = self.paragraph(part)
                hanging.append(found)
                texts.append(found.text.replace(PAGE_NUMBER, ""))
        return " ".join(" ".join(texts).split())

    def _add_table(self, table: Element) -> None:
        hanging: list[OdfParagraph] = []
        text, is_named = self._line
        caption = text if is_caption(text) or is_named else ""
        grid, headings = grid_of(table, lambda cell: self.cell_text(cell, hanging))
        if all(len(cells) <= 1 for cells in grid):
            for cells in grid:
                self._add_line("paragraph", 0, "".join(cell.text for cell in cells), "")
        else:
            add_grid(self.builder, grid, headings=headings or None, caption=caption)
        self._line = ("", False)
        for found in hanging:
            self._add_hanging(found)

    def object_root(self, element: Element) -> Element | None:
        """What an embedded object holds: a formula, a chart; None for a picture or a file of its own."""
        inner = list(element)
        if inner:
            return inner[0] if local(inner[0]) in {"math", "document"} else None
        name = posixpath.normpath((attribute(element, "href") or "").removeprefix("./"))
        return self.archive.xml(f"{name}/content.xml") if self.archive is not None else None

    def _formula(self, shape: Element) -> str:
        for part in shape:
            root = self.object_root(part) if local(part) == "object" else None
            if root is not None and local(root) == "math":
                return formula_text(root)
        return ""

    def _add_object(self, element: Element) -> None:
        root = self.object_root(element)
        if root is not None and local(root) == "math":
            self.builder.add("paragraph", formula_text(root))
            return
        body = body_of(root)
        chart = child(body, "chart") if body is not None else None
        if chart is None:
            return
        titles = (child(chart, name) for name in ("title", "subtitle"))
        title = " ".join(self.cell_text(part, []) for part in titles if part is not None)
        self.builder.add("paragraph", title)
        values = child(chart, "table")
        if values is not None:
            grid, headings = grid_of(values, lambda cell: self.cell_text(cell, []))
            add_grid(self.builder, grid, headings=headings or 1, caption=title)


def _is_page_number(text: str) -> bool:
    """True for "Page 3 of 12", where the numbers are fields: a number and at most two words."""
    return PAGE_NUMBER in text and len(re.findall(r"[^\W\d_]+", text)) <= 2
