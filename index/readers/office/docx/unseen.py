"""Text of a Word document that nobody sees: in the colour of what it stands on, tiny, or off the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, child, local
from index.readers.parts.colours import are_alike, hex_colour

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.parts.colours import RGB

TINY = 4  # half points: letters of less than two points
WHITE = (255, 255, 255)
_EMU = 914_400  # English metric units in an inch
_MARGIN, _LARGEST = 2.5, 22.0  # inches: the widest margin, and the largest page of Word
_FAR_LEFT = re.compile(r"(?:margin-)?(?:left|top)\s*:\s*-(\d+(?:\.\d+)?)(pt|in|px)?", re.IGNORECASE)
_FAR = {"pt": 900.0, "in": 12.0, "px": 1200.0, "": 900.0}
_BOXES = frozenset(("anchor", "shape", "rect", "roundrect"))
_HIGHLIGHTS = {
    "black": (0, 0, 0), "blue": (0, 0, 255), "cyan": (0, 255, 255), "green": (0, 255, 0),
    "magenta": (255, 0, 255), "red": (255, 0, 0), "yellow": (255, 255, 0), "white": (255, 255, 255),
    "darkBlue": (0, 0, 128), "darkCyan": (0, 128, 128), "darkGreen": (0, 128, 0),
    "darkMagenta": (128, 0, 128), "darkRed": (128, 0, 0), "darkYellow": (128, 128, 0),
    "darkGray": (128, 128, 128), "lightGray": (192, 192, 192),
}  # fmt: skip


@dataclass(slots=True)
class Grounds:
    """What the elements of one part stand on; worked out where text has a colour that may be lost on it."""

    root: Element
    page: RGB | None = WHITE
    _parents: dict[Element, Element] = field(default_factory=dict)

    def is_lost(self, ink: str, paragraph: Element, own: RGB | None) -> bool:
        """True for text of a colour (six hexadecimal digits) that is that of its ground.

        `own` is the ground of the run or its style, None where they have none.
        """
        colour = hex_colour(ink)
        if colour is None:
            return False
        ground = own or self._ground(paragraph)
        return ground is not None and are_alike(colour, ground)

    def is_off_page(self, box: Element) -> bool:
        """True for the text of a box that is placed where no page reaches."""
        for around in self._around(box):
            if local(around) in _BOXES:
                return _is_far(around)
        return False

    def _around(self, element: Element) -> list[Element]:
        if not self._parents:
            self._parents.update((inner, outer) for outer in self.root.iter() for inner in outer)
        chain = []
        while element in self._parents:
            element = self._parents[element]
            chain.append(element)
        return chain

    def _ground(self, paragraph: Element) -> RGB | None:
        """The colour of what a paragraph stands on; None where it is not known."""
        for element in (paragraph, *self._around(paragraph)):
            name = local(element)
            if name == "txbxContent":
                return None
            if name in {"p", "tc", "tbl"}:
                properties = child(element, f"{name}Pr")
                found = shading(properties)
                if found:
                    return found
                if name == "tbl" and properties is not None and child(properties, "tblStyle") is not None:
                    return None
        return self.page


def shading(properties: Element | None) -> RGB | None:
    """The colour of the shading or the highlighting that properties name; None if they name none."""
    if properties is None:
        return None
    marked = _HIGHLIGHTS.get(attribute(child(properties, "highlight"), "val") or "")
    shade = child(properties, "shd")
    if marked or shade is None:
        return marked
    solid = attribute(shade, "val") == "solid"
    return hex_colour(attribute(shade, "color" if solid else "fill") or "")


def _is_far(box: Element) -> bool:
    if local(box) != "anchor":
        found = _FAR_LEFT.search(box.get("style") or "")
        return found is not None and float(found[1]) > _FAR[(found[2] or "").lower()]
    extent = child(box, "extent")
    for name, side in (("positionH", "cx"), ("positionV", "cy")):
        offset = child(box, name, "posOffset")
        at = _number(offset.text if offset is not None else None)
        long = _number(extent.get(side) if extent is not None else None)
        if at + long < -_MARGIN * _EMU or at > _LARGEST * _EMU:
            return True
    return False


def _number(text: str | None) -> int:
    try:
        return int((text or "0").strip())
    except ValueError:
        return 0
