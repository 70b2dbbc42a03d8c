"""The styles of a Word document: what a paragraph or a run takes over from the style it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.office.docx.unseen import shading
from index.readers.office.package import attribute, child, is_on, local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element

    from index.readers.parts.colours import RGB

_LIFTED = 6  # half points above the line from which on digits are an exponent
_HEADING_NAME = re.compile(r"heading ([1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks, as far as it changes what is read; None where nothing says."""

    hidden: bool | None = None
    struck: bool | None = None
    font: str | None = None
    raised: str | None = None  # "superscript", "subscript"
    lifted: bool | None = None  # set above the line by hand
    colour: str | None = None  # six hexadecimal digits, or "auto"
    ground: RGB | None = None  # its shading or highlighting
    size: int | None = None  # half points

    def over(self, other: Look) -> Look:
        """The look where it says something, else the other."""
        return Look(
            other.hidden if self.hidden is None else self.hidden,
            other.struck if self.struck is None else self.struck,
            self.font or other.font,
            self.raised or other.raised,
            other.lifted if self.lifted is None else self.lifted,
            self.colour or other.colour,
            self.ground or other.ground,
            other.size if self.size is None else self.size,
        )


@dataclass(frozen=True, slots=True)
class WordStyle:
    """What a style says about a paragraph: its heading level (0 for none), its list, the look of its runs."""

    level: int = 0
    list_number: str | None = None
    list_level: int | None = None
    look: Look = Look()


PLAIN = Look()
NO_STYLE = WordStyle()


def look_of(properties: Element | None) -> Look:
    """What the properties of a run say about its look."""
    if properties is None or not len(properties):
        return PLAIN
    hidden = child(properties, "vanish")
    strikes = [part for part in properties if local(part) in {"strike", "dstrike"}]
    fonts = child(properties, "rFonts")
    position = attribute(child(properties, "position"), "val")
    size = attribute(child(properties, "sz"), "val")
    return Look(
        None if hidden is None else is_on(hidden),
        any(map(is_on, strikes)) if strikes else None,
        attribute(fonts, "ascii") or attribute(fonts, "hAnsi"),
        attribute(child(properties, "vertAlign"), "val"),
        None if position is None else position.isdecimal() and int(position) >= _LIFTED,
        attribute(child(properties, "color"), "val"),
        shading(properties),
        int(size) if size and size.isdecimal() else None,
    )


def styles_of(root: Element) -> dict[str, WordStyle]:
    """Every style by its id, with what it inherits: of other styles, and a paragraph's of the document."""
    named = ((attribute(style, "styleId"), style) for style in root if local(style) == "style")
    elements = {key: style for key, style in named if key}  # what has no name is no paragraph's style
    of_all = child(root, "docDefaults", "rPrDefault")
    styles = {}
    for key, element in elements.items():
        chain = _chain(key, elements)
        if of_all is not None and attribute(element, "type") == "paragraph":
            chain.append(of_all)
        styles[key] = _style(chain)
    return styles


def default_style(root: Element) -> str:
    """The id of the style of paragraphs that name none; "" if there is none."""
    for style in root:
        is_default = (attribute(style, "default") or "0") in {"1", "true", "on"}
        if is_default and attribute(style, "type") == "paragraph":
            return attribute(style, "styleId") or ""
    return ""


def linked_lists(root: Element | None) -> dict[str, str]:
    """The list of every numbering style, by the style's id."""
    return {
        attribute(style, "styleId") or "": attribute(child(style, "pPr", "numPr", "numId"), "val") or ""
        for style in (root if root is not None else ())
        if local(style) == "style" and attribute(style, "type") == "numbering"
    }


def _chain(key: str, elements: Mapping[str, Element]) -> list[Element]:
    """A style and all it is based on, nearest first; a circle is broken where it closes."""
    chain: list[Element] = []
    seen: set[str] = set()
    while key in elements and key not in seen:
        seen.add(key)
        chain.append(elements[key])
        key = attribute(child(elements[key], "basedOn"), "val") or ""
    return chain


def _style(chain: Iterable[Element]) -> WordStyle:
    level, number, list_level, look = 0, None, None, PLAIN
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
        at = attribute(child(style, "pPr", "numPr", "ilvl"), "val")
        list_level = int(at) if list_level is None and at is not None and at.isdecimal() else list_level
        number = number or attribute(child(style, "pPr", "numPr", "numId"), "val")
        look = look.over(look_of(child(style, "rPr"))).over(Look(ground=shading(child(style, "pPr"))))
    return WordStyle(level, number, list_level, look)
