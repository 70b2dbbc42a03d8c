"""PowerPoint (.pptx) to text: a page for each slide, its title, bullets, tables and notes.

Hidden slides are read too, and named in a note; hidden shapes, charts and pictures are not.
"""

from __future__ import annotations

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
    visible_elements,
)
from index.types import BlockKind, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from index.readers.archive import Archive

_KIND = "PowerPoint file"
_TITLES = {"ctrTitle": 1, "title": 2}  # a title slide stands above the slides that follow
_SURROUNDINGS = frozenset(("sldNum", "ftr", "dt", "hdr", "sldImg"))
_SHAPES = frozenset(("sp", "graphicFrame", "pic", "cxnSp"))
_NOTHING: frozenset[str] = frozenset()


def read_pptx(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The text of a presentation, one page for each slide; title and date are its properties.

    Speaker's notes follow their slide, opened by "Notes:". Hidden slides are read and named in a note, since
    they are part of the file but not of the show. Raises ReadError for what `open_office` refuses, and for a
    presentation without text.
    """
    archive = open_office(data, kind=_KIND, suffix=".pptx")
    path = main_part(archive, kind=_KIND)
    builder = TextBuilder()
    hidden = []
    for number, slide in enumerate(_slides(archive, path), 1):
        root = archive.xml(slide)
        if root is not None:
            if attribute(root, "show") in {"0", "false"}:
                hidden.append(str(number))
            _add_slide(builder, root)
            _add_notes(builder, archive, slide)
        builder.end_page(number)
    if not builder.length:
        raise ReadError("no text in this presentation", "nothing to do: there are no words in it")
    if hidden:
        builder.notes.append(f"hidden slides were read too: {', '.join(hidden)}")
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


def _add_slide(builder: TextBuilder, root: Element) -> None:
    """Append the shapes of one slide, its title first."""
    shapes = list(_shapes(root))
    for shape in shapes:
        level = _TITLES.get(_role(shape) or "", 0)
        if level:
            builder.add("heading", " ".join(" ".join(_paragraphs(shape)).split()), level)
    for shape in shapes:
        if _role(shape) not in _TITLES:
            _add_shape(builder, shape)


def _shapes(root: Element) -> Iterator[Element]:
    """Every shape of a slide that is shown, groups opened, in the order they are kept."""
    for shape in visible_elements(root, leave_out=_NOTHING, stop_at=_SHAPES):
        looks = next((child(part, "cNvPr") for part in shape if local(part).startswith("nv")), None)
        if local(shape) in _SHAPES and attribute(looks, "hidden") not in {"1", "true"}:
            yield shape


def _role(shape: Element) -> str | None:
    """What a placeholder is for ("title", "body"); None for a shape that is no placeholder."""
    for part in shape:
        if local(part).startswith("nv"):
            holder = child(part, "nvPr", "ph")
            return (attribute(holder, "type") or "body") if holder is not None else None
    return None


def _add_shape(builder: TextBuilder, shape: Element) -> None:
    """Append one shape: a table row by row, a body as items, anything else as paragraphs."""
    role = _role(shape)
    if role in _SURROUNDINGS:
        return
    rows = [part for part in shape.iter() if local(part) == "tr"]
    for row in rows:
        cells = [" ".join(" ".join(_paragraphs(cell)).split()) for cell in row if local(cell) == "tc"]
        builder.add("row", " | ".join(cell for cell in cells if cell))
    paragraphs = [] if rows else _paragraphs(shape)
    kind: BlockKind = "item" if role == "body" and len(paragraphs) > 1 else "paragraph"
    for paragraph in paragraphs:
        builder.add(kind, paragraph)


def _paragraphs(shape: Element) -> list[str]:
    """The paragraphs of one shape or cell that are not blank."""
    texts = []
    for paragraph in shape.iter():
        if local(paragraph) == "p":
            pieces = (
                "\n" if local(e) == "br" else e.text or ""
                for e in paragraph.iter()
                if local(e) in {"t", "br"}
            )
            texts.append("".join(pieces))
    return [text for text in texts if text.strip()]


def _add_notes(builder: TextBuilder, archive: Archive, slide: str) -> None:
    """Append the speaker's notes of one slide."""
    for link in relations(archive, slide).values():
        root = archive.xml(link.part) if link.kind == "notesSlide" else None
        for shape in _shapes(root) if root is not None else ():
            if _role(shape) not in _SURROUNDINGS:
                for paragraph in _paragraphs(shape):
                    builder.add("paragraph", f"Notes: {paragraph}")
