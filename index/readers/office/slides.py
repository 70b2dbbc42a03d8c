"""PowerPoint (.pptx) to text: a page for each slide, its texts, tables, charts and notes.

Shapes are read as they stand on the slide. Hidden slides and shapes, and other text that nobody sees, are
kept apart; pictures are not read. Footers and texts of the master are read once. Struck-out text is not read
but counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.builder import TextBuilder
from index.readers.office.package import (
    attribute,
    child,
    local,
    main_part,
    open_office,
    properties,
    relations,
)
from index.readers.office.parts.charts import add_charts
from index.readers.office.parts.drawings import ShapeTexts
from index.readers.office.parts.grid import GridCell, add_grid, is_caption
from index.readers.office.pptx.shapes import Box, in_reading_order, inherited_styles, placed_shapes, role
from index.readers.office.pptx.unseen import keep_unseen_apart, slide_size
from index.types import BlockKind, Reading

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.limits.archive import Archive

_KIND = "PowerPoint file"
_PICTURES_HINT = "save it as PDF, whose pictures can be read by OCR"
_TITLES = {"ctrTitle": 1, "title": 2}  # a title slide stands above the slides that follow
_FOOTERS = frozenset(("ftr", "dt"))
_SURROUNDINGS = _FOOTERS | {"sldNum", "hdr", "sldImg"}
_MOST_CELLS = 1_000  # that one cell can span


def read_pptx(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The text of a presentation, one page for each slide; title and date are its properties.

    Speaker's notes follow their slide, opened by "Notes:", and comments by "Comment". Hidden slides, and what
    of others nobody sees, are kept apart. Raises ReadError for what
    `open_office` refuses, and for a presentation without text.
    """
    archive = open_office(data, kind=_KIND, suffix=".pptx")
    path = main_part(archive, kind=_KIND)
    show = _Show(archive, authors=_authors(archive, path), size=slide_size(archive.xml(path)))
    builder = show.builder
    for number, slide in enumerate(_slides(archive, path), 1):
        root = archive.xml(slide)
        if root is not None:
            before = builder.length
            if attribute(root, "show") in {"0", "false"}:
                show.builder = TextBuilder()
                show.add_slide(root, slide)
                builder.hide_reading(show.builder.reading(), "on a hidden slide")
                show.builder = builder
            else:
                show.add_slide(root, slide)
            if builder.length == before and any(local(part) == "pic" for part in root.iter()):
                show.pictures.append(str(number))
        builder.end_page(number)
    if not builder.length and (show.pictures or show.embedded):
        raise ReadError("only pictures in this presentation", _PICTURES_HINT)
    if builder.is_empty:
        raise ReadError("no text in this presentation", "nothing to do: there are no words in it")
    if show.pictures:
        builder.notes.append(f"slides of pictures alone were not read: {', '.join(show.pictures)}")
    if show.embedded:
        builder.notes.append(f"{show.embedded} embedded objects were not read")
    if show.texts.struck:
        builder.notes.append(f"struck-out text was not read, in {show.texts.struck} places")
    about = properties(archive)
    return builder.reading(title=about.title or builder.first_heading(), date=about.date)


def _slides(archive: Archive, path: str) -> Iterator[str]:
    """The parts that hold the slides, in the order of the show."""
    links = relations(archive, path)
    root = archive.xml(path)
    listed = child(root, "sldIdLst") if root is not None else None
    for element in listed if listed is not None else ():
        # A slide's number in the list is called `id` as well; the link is the one with a namespace.
        key = next((value for name, value in element.items() if name.endswith("}id")), "")
        if key in links:
            yield links[key].part


def _authors(archive: Archive, path: str) -> dict[str, str]:
    """The names of those who wrote comments, by their id."""
    names = {}
    for link in relations(archive, path).values():
        root = archive.xml(link.part) if link.kind in {"commentAuthors", "authors"} else None
        for author in root if root is not None else ():
            names[attribute(author, "id") or ""] = attribute(author, "name") or ""
    return names


@dataclass(slots=True)
class _Show:
    """A presentation while it is read."""

    archive: Archive
    authors: dict[str, str]
    size: Box | None = None  # of a slide
    builder: TextBuilder = field(default_factory=TextBuilder)
    texts: ShapeTexts = field(default_factory=ShapeTexts)
    embedded: int = 0  # files of other programs, shown as a picture
    pictures: list[str] = field(default_factory=list)  # slides that show nothing else
    repeated: set[str] = field(default_factory=set)  # lines of footers, layouts and masters that were read

    def add_slide(self, root: Element, slide: str) -> None:
        """Append one slide: its title, its shapes as they stand, what repeats, notes and comments."""
        layouts = self._layouts(slide)
        keep_unseen_apart(self.builder, root, layouts, self.size)
        shapes = placed_shapes(root, layouts)
        for shape in shapes:
            level = _TITLES.get(role(shape.element) or "", 0)
            if level:
                self.builder.add("heading", self.texts.line(shape.element), level)
        filled = [
            shape
            for shape in shapes
            if role(shape.element) not in {*_TITLES, *_SURROUNDINGS} and _has_content(shape.element)
        ]
        self._add_shapes([shape.element for shape in in_reading_order(filled, _letters)], slide, layouts)
        for shape in shapes:
            if role(shape.element) in _FOOTERS:
                self._add_repeated(shape.element)
        for layout in layouts if attribute(root, "showMasterSp") not in {"0", "false"} else ():
            for shape in placed_shapes(layout):
                if role(shape.element) is None:
                    self._add_repeated(shape.element)
            if attribute(layout, "showMasterSp") in {"0", "false"}:
                break
        self._add_notes(slide)
        self._add_comments(slide)

    def _layouts(self, slide: str) -> list[Element]:
        """The layout of a slide and its master, as far as they are there."""
        found = []
        part = slide
        for kind in ("slideLayout", "slideMaster"):
            links = relations(self.archive, part).values()
            part = next((link.part for link in links if link.kind == kind), "")
            root = self.archive.xml(part) if part else None
            if root is None:
                break
            found.append(root)
        return found

    def _add_shapes(self, shapes: list[Element], slide: str, layouts: list[Element]) -> None:
        line = ""
        for shape in shapes:
            table = next((part for part in shape.iter() if local(part) == "tbl"), None)
            if table is not None:
                self._add_table(table, line if is_caption(line) else "")
                line = ""
            elif any(local(part) == "oleObj" for part in shape.iter()):
                self.embedded += 1
            elif local(shape) == "graphicFrame":
                add_charts(self.builder, self.archive, slide, shape)
            else:
                line = self._add_text(shape, layouts)

    def _add_text(self, shape: Element, layouts: list[Element]) -> str:
        """Append a shape's paragraphs, those of a body as items; gives the last one."""
        paragraphs = self.texts.paragraphs(shape, inherited_styles(shape, layouts))
        is_list = role(shape) == "body" and len(paragraphs) > 1
        text = ""
        for paragraph in paragraphs:
            listed = is_list or bool(paragraph.number) or paragraph.bullet
            kind: BlockKind = "item" if listed else "paragraph"
            bullet = "• " if listed and not paragraph.number and not paragraph.plain else ""
            text = f"{paragraph.number} {paragraph.text}".strip()
            self.builder.add(kind, text, before=bullet)
        return text

    def _add_table(self, table: Element, caption: str) -> None:
        grid = []
        for row in (part for part in table if local(part) == "tr"):
            cells = []
            for cell in (part for part in row if local(part) == "tc"):
                if attribute(cell, "hMerge") in {"1", "true"} or attribute(cell, "vMerge") in {"1", "true"}:
                    continue  # covered by the cell left of it or above
                cells.append(GridCell(self.texts.line(cell), _span(cell, "gridSpan"), _span(cell, "rowSpan")))
            grid.append(cells)
        first = attribute(child(table, "tblPr"), "firstRow") in {"1", "true"}
        add_grid(self.builder, grid, first_is_heading=first, caption=caption)

    def _add_repeated(self, shape: Element) -> None:
        """Append what stands on many slides the first time it is met; a date that is filled in is not."""
        if any((attribute(part, "type") or "").startswith(("datetime", "slidenum")) for part in shape.iter()):
            return
        for paragraph in self.texts.paragraphs(shape):
            if paragraph.text not in self.repeated:
                self.repeated.add(paragraph.text)
                self.builder.add("paragraph", paragraph.text)

    def _add_notes(self, slide: str) -> None:
        """Append the speaker's notes of one slide."""
        for link in relations(self.archive, slide).values():
            root = self.archive.xml(link.part) if link.kind == "notesSlide" else None
            for shape in placed_shapes(root) if root is not None else ():
                if role(shape.element) not in _SURROUNDINGS:
                    for paragraph in self.texts.paragraphs(shape.element):
                        text = f"{paragraph.number} {paragraph.text}".strip()
                        self.builder.add("paragraph", f"Notes: {text}")

    def _add_comments(self, slide: str) -> None:
        """Append the comments on one slide and the replies to them, with their authors."""
        for link in relations(self.archive, slide).values():
            root = self.archive.xml(link.part) if link.kind == "comments" else None
            for comment in root.iter() if root is not None else ():
                if local(comment) not in {"cm", "reply"}:
                    continue
                plain, body = child(comment, "text"), child(comment, "txBody")
                text = (plain.text or "") if plain is not None else ""
                text = self.texts.line(body) if body is not None else text
                author = self.authors.get(attribute(comment, "authorId") or "", "")
                if text.strip():
                    who = f"Comment ({author})" if author else "Comment"
                    self.builder.add("paragraph", f"{who}: {' '.join(text.split())}")


def _has_content(shape: Element) -> bool:
    return any(local(part) in {"t", "chart", "relIds", "tbl", "oleObj"} for part in shape.iter())


def _letters(shape: Element) -> int:
    return sum(len(part.text or "") for part in shape.iter() if local(part) == "t")


def _span(cell: Element, name: str) -> int:
    value = attribute(cell, name) or "1"
    return min(int(value), _MOST_CELLS) if value.isdecimal() else 1
