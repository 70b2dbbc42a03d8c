"""The slides of an OpenDocument presentation, or the pages of a drawing, shapes as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, child, local
from index.readers.office.pptx.shapes import Box, PlacedShape, in_reading_order

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.office.odf.flow import OdfFlow

_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(cm|mm|in|pt|pc|px)?")
_UNITS = {"cm": 360_000, "mm": 36_000, "in": 914_400, "pt": 12_700, "pc": 152_400, "px": 9_525}
_NO_SHAPES = frozenset(
    ("notes", "forms", "animations", "annotation", "par", "seq", "title", "desc", "layer-set")
)
_SURROUNDINGS = frozenset(("header", "footer", "date-time", "page-number", "page", "handout"))
_DEEPEST = 30


def add_slides(flow: OdfFlow, body: Element, roots: list[Element]) -> None:
    """Append every slide; what is on hidden ones is kept apart."""
    masters = {
        attribute(e, "name") or "": e for root in roots for e in root.iter() if local(e) == "master-page"
    }
    pages = [part for part in body if local(part) == "page"]
    for number, page in enumerate(pages, 1):
        with flow.hiding("on a hidden slide", not flow.styles.get("drawing-page", page).shown):
            _add_slide(flow, page, masters.get(attribute(page, "master-page-name") or ""))
        flow.builder.end_page(number)


def _add_slide(flow: OdfFlow, page: Element, master: Element | None) -> None:
    shapes = list(_shapes(page))
    titles = [shape for shape in shapes if attribute(shape.element, "class") == "title"]
    for title in titles:
        text = " ".join(flow.paragraph(part).text for part in title.element.iter() if local(part) == "p")
        flow.builder.add("heading", " ".join(text.split()), 2)
    rest = [shape for shape in shapes if shape not in titles and not _is_prompt(shape.element)]
    for shape in in_reading_order(rest, _letters):
        flow.add((shape.element,))
    flow.running = True  # what stands on every slide is read once
    for shape in _shapes(master) if master is not None else ():
        if attribute(shape.element, "class") is None:
            flow.add((shape.element,))
    flow.running = False
    _add_remarks(flow, page)


def _add_remarks(flow: OdfFlow, page: Element) -> None:
    """Append the speaker's notes and the comments of one slide."""
    notes = child(page, "notes")
    for shape in _shapes(notes) if notes is not None else ():
        if not _is_prompt(shape.element):
            for part in shape.element.iter():
                if local(part) == "p":
                    text = flow.paragraph(part).text
                    flow.builder.add("paragraph", f"Notes: {text}" if text.strip() else "")
    for comment in (part for part in page if local(part) == "annotation"):
        creator = child(comment, "creator")
        who = f" ({creator.text})" if creator is not None and creator.text else ""
        text = " ".join(flow.paragraph(part).text for part in comment.iter() if local(part) == "p")
        flow.builder.add("paragraph", f"Comment{who}: {' '.join(text.split())}")


def _shapes(parent: Element, group: str = "", depth: int = 0) -> Iterator[PlacedShape]:
    for number, element in enumerate(parent):
        name = local(element)
        if name in _NO_SHAPES or depth > _DEEPEST:
            continue
        if name == "g":
            yield from _shapes(element, group or str(number + 1), depth + 1)
        else:
            yield PlacedShape(element, _box(element), group)


def _box(element: Element) -> Box:
    return Box(*(_length(attribute(element, name)) for name in ("x", "y", "width", "height")))


def _length(text: str | None) -> float:
    """A length in the units of PowerPoint, so that both are put in order alike."""
    match = _LENGTH.match(text or "")
    return float(match[1]) * _UNITS.get(match[2] or "cm", 1) if match else 0


def _is_prompt(shape: Element) -> bool:
    """True for a place that is still to be filled, and for what stands around the text."""
    return attribute(shape, "placeholder") == "true" or attribute(shape, "class") in _SURROUNDINGS


def _letters(shape: Element) -> int:
    return sum(len(text) for text in shape.itertext())
