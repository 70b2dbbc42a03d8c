"""The shapes of a slide with their places on it, in the order in which a person reads them.

Rows from the top, in a row from the left; a group stays together unless something stands inside it. A row of
short headings over a row of texts is read column by column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, child, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SHAPES = frozenset(("sp", "graphicFrame", "pic", "cxnSp"))
_LONGEST_HEADING = 80  # letters of a shape that heads a column
_COLUMN = 300_000  # EMU by which the left edges of one column may differ: a third of an inch
_DEEPEST = 30  # groups in groups


@dataclass(frozen=True, slots=True)
class Box:
    """Where a shape stands on its slide, in the units of the file."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def holds(self, other: Box) -> bool:
        """True if the middle of the other lies inside."""
        x, y = other.left + other.width / 2, other.top + other.height / 2
        return self.left < x < self.right and self.top < y < self.bottom


@dataclass(frozen=True, slots=True)
class PlacedShape:
    """A shape, its place, and the group it stands in ("" for none)."""

    element: Element
    box: Box
    group: str = ""


@dataclass(frozen=True, slots=True)
class _Scale:
    """From the coordinates inside a group to those of the slide."""

    x: float = 1
    y: float = 1
    left: float = 0
    top: float = 0

    def of(self, box: Box) -> Box:
        return Box(
            self.left + box.left * self.x,
            self.top + box.top * self.y,
            box.width * self.x,
            box.height * self.y,
        )


def role(shape: Element) -> str | None:
    """What a placeholder is for ("title", "body"); None for a shape that is no placeholder."""
    holder = _placeholder(shape)
    return None if holder is None else attribute(holder, "type") or "body"


def _placeholder(shape: Element) -> Element | None:
    for part in shape:
        if local(part).startswith("nv"):
            return child(part, "nvPr", "ph")
    return None


def placed_shapes(root: Element, inherited: Sequence[Element] = ()) -> list[PlacedShape]:
    """Every shape of a slide that is shown, in the order of the file.

    A placeholder without a place of its own stands where the first of the `inherited` parts (layout, master)
    has its like.
    """
    tree = child(root, "cSld", "spTree")
    shapes: list[PlacedShape] = []
    for element, box, group in _walk(tree if tree is not None else root, _Scale(), ""):
        place = box or _inherited_box(element, inherited)
        if place is None:
            place = shapes[-1].box if shapes else Box(0, 0, 0, 0)
        shapes.append(PlacedShape(element, place, group))
    return shapes


def _walk(
    tree: Element, scale: _Scale, group: str, depth: int = 0
) -> Iterator[tuple[Element, Box | None, str]]:
    for number, element in enumerate(tree):
        name = local(element)
        if name == "AlternateContent":
            for choice in list(element)[:1]:
                yield from _walk(choice, scale, group, depth + 1) if depth < _DEEPEST else ()
        elif name in SHAPES and not _is_hidden(element):
            box = _own_box(element)
            yield element, None if box is None else scale.of(box), group
        elif name == "grpSp" and depth < _DEEPEST and not _is_hidden(element):
            yield from _walk(element, _inner_scale(element, scale), group or str(number + 1), depth + 1)


def _is_hidden(shape: Element) -> bool:
    looks = next((child(part, "cNvPr") for part in shape if local(part).startswith("nv")), None)
    return attribute(looks, "hidden") in {"1", "true"}


def _own_box(shape: Element) -> Box | None:
    frame = child(shape, "spPr", "xfrm")
    return _box(frame if frame is not None else child(shape, "xfrm"), "off", "ext")


def _box(frame: Element | None, corner: str, size: str) -> Box | None:
    off, ext = (child(frame, corner), child(frame, size)) if frame is not None else (None, None)
    if off is None or ext is None:
        return None
    return Box(_number(off, "x"), _number(off, "y"), _number(ext, "cx"), _number(ext, "cy"))


def _number(element: Element, name: str) -> float:
    try:
        return float(int(attribute(element, name) or 0))
    except ValueError:
        return 0


def _inner_scale(group: Element, scale: _Scale) -> _Scale:
    frame = child(group, "grpSpPr", "xfrm")
    outer, inner = _box(frame, "off", "ext"), _box(frame, "chOff", "chExt")
    if outer is None or inner is None:
        return scale
    x = outer.width / inner.width if inner.width else 1
    y = outer.height / inner.height if inner.height else 1
    left, top = outer.left - inner.left * x, outer.top - inner.top * y
    return _Scale(scale.x * x, scale.y * y, scale.left + left * scale.x, scale.top + top * scale.y)


def _inherited_box(shape: Element, inherited: Sequence[Element]) -> Box | None:
    likes = (like for part in inherited for like in _likes(shape, part))
    return next((box for _, box in likes if box is not None), None)


def inherited_styles(shape: Element, inherited: Sequence[Element]) -> list[Element]:
    """The list styles that a placeholder takes over from its like in layout and master, nearest first."""
    likes = (next(iter(_likes(shape, part)), None) for part in inherited)
    found = [child(like[0], "txBody", "lstStyle") for like in likes if like is not None]
    if found and role(shape) in {"body", "obj"}:
        found += [child(part, "txStyles", "bodyStyle") for part in inherited]
    return [style for style in found if style is not None]


def _likes(shape: Element, part: Element) -> list[tuple[Element, Box | None]]:
    """The shapes of a layout or master that a placeholder may follow: of its number, then of its kind."""
    holder = _placeholder(shape)
    if holder is None:
        return []
    number, kind = attribute(holder, "idx"), attribute(holder, "type") or "body"
    kinds = {kind, {"ctrTitle": "title", "subTitle": "body", "obj": "body"}.get(kind, kind)}
    shapes = [(element, box) for element, box, _ in _walk(_tree(part), _Scale(), "")]
    numbered = [like for like in shapes if number and attribute(_placeholder(like[0]), "idx") == number]
    return numbered + [like for like in shapes if role(like[0]) in kinds]


def _tree(root: Element) -> Element:
    tree = child(root, "cSld", "spTree")
    return root if tree is None else tree


def in_reading_order(shapes: Sequence[PlacedShape], letters: Callable[[Element], int]) -> list[PlacedShape]:
    """The shapes as they are read; `letters` counts those of a shape."""
    ordered: list[PlacedShape] = []
    for unit in _in_order(_units(shapes), letters):
        ordered += [one for (one,) in _in_order([[shape] for shape in unit], letters)]
    return ordered


def _units(shapes: Sequence[PlacedShape]) -> list[list[PlacedShape]]:
    """The groups as wholes where nothing else stands inside them, and every other shape alone."""
    groups: dict[str, list[PlacedShape]] = {}
    for shape in shapes:
        groups.setdefault(shape.group, []).append(shape)
    units = [[shape] for shape in groups.pop("", [])]
    for group, members in groups.items():
        box = _around(members)
        apart = any(box.holds(shape.box) for shape in shapes if shape.group != group)
        units += [[shape] for shape in members] if apart else [members]
    return units


def _around(shapes: Sequence[PlacedShape]) -> Box:
    left, top = min(s.box.left for s in shapes), min(s.box.top for s in shapes)
    right, bottom = max(s.box.right for s in shapes), max(s.box.bottom for s in shapes)
    return Box(left, top, right - left, bottom - top)


def _in_order(units: list[list[PlacedShape]], letters: Callable[[Element], int]) -> list[list[PlacedShape]]:
    rows = [_columns(row) for row in _rows(units)]
    ordered: list[list[PlacedShape]] = []
    at = 0
    while at < len(rows):
        below = rows[at + 1] if at + 1 < len(rows) else []
        if _heads(rows[at], below, letters):
            for head, text in zip(rows[at], below, strict=True):
                ordered += [*head, *text]
            at += 2
        else:
            ordered += [unit for column in rows[at] for unit in column]
            at += 1
    return ordered


def _rows(units: list[list[PlacedShape]]) -> list[list[list[PlacedShape]]]:
    """Units side by side: each overlaps the tallest of its row by half of its height."""
    rows: list[list[list[PlacedShape]]] = []
    tallest = Box(0, 0, 0, 0)
    for unit in sorted(units, key=lambda unit: _around(unit).top):
        box = _around(unit)
        overlap = min(box.bottom, tallest.bottom) - max(box.top, tallest.top)
        least = min(box.height, tallest.height)
        if rows and (2 * overlap > least or (least == 0 and overlap == 0 and box.top == tallest.top)):
            rows[-1].append(unit)
            tallest = box if box.height > tallest.height else tallest
        else:
            rows.append([unit])
            tallest = box
    return rows


def _columns(row: list[list[PlacedShape]]) -> list[list[list[PlacedShape]]]:
    """The units of a row by column, from the left; those of a column from the top."""
    columns: list[list[list[PlacedShape]]] = []
    first = 0.0
    for unit in sorted(row, key=lambda unit: _around(unit).left):
        left = _around(unit).left
        if columns and left - first <= _COLUMN:
            columns[-1].append(unit)
        else:
            columns.append([unit])
            first = left
    return [sorted(column, key=lambda unit: _around(unit).top) for column in columns]


def _heads(
    row: list[list[list[PlacedShape]]],
    below: list[list[list[PlacedShape]]],
    letters: Callable[[Element], int],
) -> bool:
    """True if each unit of a row is a short heading over the longer text of its own column."""
    if len(row) < 2 or len(row) != len(below):
        return False

    def count(column: list[list[PlacedShape]]) -> int:
        return sum(letters(shape.element) for unit in column for shape in unit)

    def heads(above: list[list[PlacedShape]], under: list[list[PlacedShape]]) -> bool:
        upper, lower = _around(above[0]), _around(under[0])
        over = upper.left < lower.right and lower.left < upper.right
        longer = 2 * count(above) < count(under) or (upper.height > 0 and lower.height > 3 * upper.height)
        return over and longer and count(above) <= _LONGEST_HEADING

    return all(heads(above, under) for above, under in zip(row, below, strict=True))
