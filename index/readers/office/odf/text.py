"""The shown text of one paragraph of an OpenDocument file, and what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.office.odf.styles import OdfStyle, OdfStyles
from index.readers.office.package import attribute, local
from index.readers.office.parts.equations import lowered
from index.readers.office.parts.symbols import NOT_TICKED, TICKED, UNKNOWN, in_font
from index.text.scripts import superscript

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.types import HiddenBy

PAGE_NUMBER = "\v"
PLACE_OF_SHAPE = "\ufffc"
_PAGE_FIELDS = frozenset(("page-number", "page-count", "page-continuation"))
# What is in a paragraph and no text of it: marks, the spoken form of ruby, forms, comments.
_NOT_TEXT = frozenset(
    ("annotation-end", "ruby-text", "title", "desc", "event-listeners", "label", "tracked-changes", "number")
)
_HIDDEN = frozenset(("hidden-text", "hidden-paragraph"))
_SHAPES = frozenset(("frame", "custom-shape", "rect", "ellipse", "g", "line", "polygon", "path", "connector"))
_DEEPEST = 60


@dataclass(slots=True)
class OdfParagraph:
    """The text of a paragraph, the shapes, notes and comments in it, and what was left out."""

    text: str = ""
    shapes: list[Element] = field(default_factory=list)
    notes: list[Element] = field(default_factory=list)
    comments: list[Element] = field(default_factory=list)
    unseen: list[tuple[str, HiddenBy]] = field(default_factory=list)
    struck: int = 0
    last: str = ""  # the last character so far


def paragraph_of(element: Element, styles: OdfStyles, *, page_numbers: bool = True) -> OdfParagraph:
    """Everything one paragraph shows; a page number is `PAGE_NUMBER` where those are not wanted.

    A `PLACE_OF_SHAPE` stands for each shape in it, in order.
    """
    found = OdfParagraph()
    text = _text(element, styles, styles.get("paragraph", element), found, page_numbers, 0)
    text = text.replace(UNKNOWN, "")
    found.text = " ".join(text.split(" ")) if not (found.unseen or found.struck) else " ".join(text.split())
    return found


def _text(
    element: Element, styles: OdfStyles, look: OdfStyle, found: OdfParagraph, page_numbers: bool, depth: int
) -> str:
    parts = [_run(element.text or "", look, found)]
    for part in element:
        name = local(part)
        if name == "s":
            count = attribute(part, "c") or "1"
            parts.append(" " * min(int(count) if count.isdecimal() else 1, 100))
        elif name in {"tab", "line-break"}:
            parts.append("\t" if name == "tab" else "\n")
        elif name == "note":
            found.notes.append(part)
        elif name == "annotation":
            found.comments.append(part)
        elif name in _SHAPES:
            found.shapes.append(part)
            parts.append(PLACE_OF_SHAPE)
        elif name in _PAGE_FIELDS and not page_numbers:
            parts.append(PAGE_NUMBER)
        elif name.startswith("fieldmark") and (attribute(part, "type") or "").endswith(".FORMCHECKBOX"):
            ticked = any(attribute(field, "value") == "true" for field in part)
            parts.append(TICKED if ticked else NOT_TICKED)
        elif name in _HIDDEN:
            found.unseen.append(("".join(part.itertext()), "not displayed"))
        elif name not in _NOT_TEXT and depth < _DEEPEST:
            inner = _over(styles.get("text", part), look) if name == "span" else look
            parts.append(_text(part, styles, inner, found, page_numbers, depth + 1))
        parts.append(_run(part.tail or "", look, found))
    return "".join(parts)


def _over(style: OdfStyle, base: OdfStyle) -> OdfStyle:
    """The look of a span inside a paragraph or another span."""
    return OdfStyle(
        hidden=base.hidden if style.hidden is None else style.hidden,
        struck=base.struck if style.struck is None else style.struck,
        position=base.position if style.position is None else style.position,
        font=style.font or base.font,
        ink=style.ink or base.ink,
        ground=style.ground or base.ground,
        size=style.size if style.size is not None else base.size,
    )


def _run(text: str, look: OdfStyle, found: OdfParagraph) -> str:
    """One run of text as it looks; line ends of the file are spaces."""
    if not text:
        return ""
    by = look.hidden_by()
    if by is not None:
        found.unseen += [(text, by)] if text.strip() else []
        return ""
    if look.struck:
        found.struck += bool(text.strip())
        return ""
    text = in_font(text.replace("\n", " ").replace("\t", " "), look.font)
    if look.position == "super":
        text = superscript(text)
    elif look.position == "sub" and text.strip().isdecimal() and found.last.isdecimal():
        text = lowered(text)
    found.last = text[-1]
    return text
