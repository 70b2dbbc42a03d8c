"""Text of a slide that nobody sees: hidden shapes, shapes beside the slide, tiny or lost letters.

Each such text is kept apart and taken out of the slide, so that the rest of it is read as it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, child, local
from index.readers.office.pptx.shapes import Box, placed_shapes
from index.readers.parts.colours import are_alike, hex_colour

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from index.readers.builder import TextBuilder
    from index.readers.office.pptx.shapes import PlacedShape
    from index.readers.parts.colours import RGB
    from index.types import HiddenBy

_TINY = 200  # hundredths of a point
_FILLS = frozenset(("solidFill", "gradFill", "blipFill", "pattFill", "grpFill"))
_RUNS = frozenset(("r", "fld"))
_WHITE = (255, 255, 255)
_GROUND = frozenset(("bg1", "lt1"))  # the colour of a slide that names none


def slide_size(root: Element | None) -> Box | None:
    """The area of the slides of a presentation, by its main part."""
    size = child(root, "sldSz") if root is not None else None
    wide, high = (attribute(size, name) or "" for name in ("cx", "cy"))
    if not (wide.isdecimal() and high.isdecimal()):
        return None
    return Box(0, 0, float(wide), float(high))


def keep_unseen_apart(
    builder: TextBuilder, root: Element, layouts: Sequence[Element], size: Box | None
) -> None:
    """Take what nobody sees out of a slide, and hide it in `builder`."""
    for hidden in _hidden_shapes(root):
        _take_out(builder, hidden, "not displayed")
    shapes = placed_shapes(root, layouts)
    around = [*shapes, *(shape for layout in layouts for shape in placed_shapes(layout))]
    ground = _ground(root, layouts)
    for shape in shapes:
        by = _by_place(shape.box, size)
        if by:
            _take_out(builder, shape.element, by)
            continue
        for run in (part for part in shape.element.iter() if local(part) in _RUNS):
            by = _by_look(run, shape, around, ground)
            if by:
                _take_out(builder, run, by)


def _hidden_shapes(root: Element) -> Iterator[Element]:
    for shape in root.iter():
        looks = next((child(part, "cNvPr") for part in shape if local(part).startswith("nv")), None)
        if attribute(looks, "hidden") in {"1", "true"}:
            yield shape


def _take_out(builder: TextBuilder, element: Element, by: HiddenBy) -> None:
    texts = [part for part in element.iter() if local(part) == "t" and part.text]
    builder.hide(" ".join(part.text or "" for part in texts), by)
    for part in texts:
        part.text = ""


def _by_place(box: Box, size: Box | None) -> HiddenBy | None:
    if size is None or not (box.width or box.height or box.left or box.top):
        return None  # a placeholder without a place
    if box.right <= 0 or box.bottom <= 0 or box.left >= size.right or box.top >= size.bottom:
        return "off the page"
    return None


def _by_look(
    run: Element, shape: PlacedShape, shapes: Sequence[PlacedShape], ground: RGB | None
) -> HiddenBy | None:
    looks = child(run, "rPr")
    if looks is None:
        return None
    size = attribute(looks, "sz") or ""
    if size.isdecimal() and int(size) < _TINY:
        return "too small"
    fill = child(looks, "solidFill")
    if fill is None or child(looks, "highlight") is not None or local(shape.element) != "sp":
        return None
    own = _fill(shape.element)
    if own is None:
        covered = any(
            _is_painted(other) and _overlap(other.box, shape.box) for other in shapes if other != shape
        )
        under = None if covered else ground
    else:
        under = _colour(own)
    ink = _colour(fill)
    lost = ink is not None and under is not None and are_alike(ink, under)
    return "in the colour of its ground" if lost else None


def _fill(shape: Element) -> Element | None:
    """What a shape is filled with; None if it is not, or only by its style."""
    looks = child(shape, "spPr")
    found = next((part for part in looks if local(part) in _FILLS), None) if looks is not None else None
    return child(shape, "style", "fillRef") if found is None else found


def _is_painted(shape: PlacedShape) -> bool:
    return local(shape.element) != "sp" or _fill(shape.element) is not None


def _overlap(one: Box, other: Box) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom


def _colour(fill: Element) -> RGB | None:
    """The colour of a plain fill; the ground's own colour is taken for white; None for any other."""
    if local(fill) != "solidFill":
        return None
    for part in fill:
        if len(part):
            return None  # lighter, darker or transparent
        value = attribute(part, "val") or ""
        if local(part) == "schemeClr":
            return _WHITE if value in _GROUND else None
        return hex_colour(value) if local(part) == "srgbClr" else None
    return None


def _ground(root: Element, layouts: Sequence[Element]) -> RGB | None:
    """The colour of the ground of a slide, white where nothing says otherwise."""
    for part in (root, *layouts):
        background = child(part, "cSld", "bg")
        if background is None:
            continue
        fill = child(background, "bgPr", "solidFill")
        if fill is not None:
            return _colour(fill)
        scheme = attribute(child(background, "bgRef", "schemeClr"), "val")
        return _WHITE if scheme in _GROUND else None
    return _WHITE
