"""What of a sheet is in view: hidden rows and columns, filters and groups, cells that cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.readers.office.package import attribute, child
from index.readers.parts.colours import are_alike, hex_colour

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.parts.colours import RGB
    from index.types import HiddenBy

    RowState = Literal["shown", "hidden", "folded"]

REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)
_WIDEST = 16_384
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_ATTRIBUTE = re.compile(rb"\s(min|max|hidden|width|outlineLevel)\s*=\s*[\"']([^\"']*)[\"']")
_FILTERED = re.compile(rb"<(?:\w+:)?autoFilter\s[^>]*?ref\s*=\s*[\"']([A-Za-z0-9$:]+)[\"'][^>]*(?<!/)>")
_CONDITIONS = re.compile(rb"<(?:\w+:)?conditionalFormatting\s[^>]*?sqref\s*=\s*[\"']([^\"']+)[\"']")
_MOST_AREAS = 1000
_ON = frozenset(("1", "true"))
_NARROW = 0.3  # characters, or points of a row: nothing can be seen in it
_TINY = 2.0  # points
_WHITE = (255, 255, 255)
_THEME = {"0": _WHITE, "1": (0, 0, 0)}  # of the colours of a theme, the ground and the text
_INDEXED = {"0": (0, 0, 0), "1": _WHITE, "8": (0, 0, 0), "9": _WHITE, "64": (0, 0, 0), "65": _WHITE}

Area = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class SheetView:
    """The hidden columns of a sheet, the rows of its filters in use, and areas whose colours a rule gives."""

    hidden: frozenset[int]
    filtered: tuple[Area, ...]
    painted: tuple[Area, ...]

    @classmethod
    def of(cls, data: bytes, tables: tuple[Area, ...] = ()) -> SheetView:
        """The view of a worksheet's part, in which these areas are tables with a style of their own."""
        head = data.partition(b"sheetData")[0]
        columns: set[int] = set()
        for column in _COLUMNS.findall(head):
            said = {
                name.decode(): value.decode("ascii", "replace") for name, value in _ATTRIBUTE.findall(column)
            }
            if _is_out_of_view(said.get("hidden"), said.get("width")) and not _in_group(
                said.get("outlineLevel")
            ):
                first = _number(said.get("min"), 1)
                columns.update(range(first, min(_number(said.get("max"), first), _WIDEST) + 1))
        conditions = [part for found in _CONDITIONS.findall(data) for part in found.split()]
        return cls(frozenset(columns), _areas(_FILTERED.findall(data)), (*tables, *_areas(conditions)))

    def row_state(self, row: Element, number: int) -> RowState:
        """If a row is shown, hidden, or folded away by a filter or a group that a click opens."""
        if not _is_out_of_view(row.get("hidden"), row.get("ht")):
            return "shown"
        in_filter = any(area[0] < number <= area[2] for area in self.filtered)
        return "folded" if in_filter or _in_group(row.get("outlineLevel")) else "hidden"

    def is_painted(self, row: int, column: int) -> bool:
        """True for a cell that a condition may give other colours."""
        return any(
            top <= row <= bottom and left <= column <= right for top, left, bottom, right in self.painted
        )


def hidden_by_style(font: Element | None, fill: Element | None) -> HiddenBy | None:
    """What hides the text of a cell by its font and its fill; None if it can be read."""
    if font is None:
        return None
    size = attribute(child(font, "sz"), "val")
    if size is not None and _float(size, _TINY) < _TINY:
        return "too small"
    ink = _colour(child(font, "color"))
    pattern = child(fill, "patternFill") if fill is not None else None
    kind = attribute(pattern, "patternType") or "none"
    if fill is not None and pattern is None:  # a gradient
        return None
    ground = _WHITE if kind == "none" else None
    if kind == "solid" and pattern is not None:
        ground = _colour(child(pattern, "fgColor"))
    lost = ink is not None and ground is not None and are_alike(ink, ground)
    return "in the colour of its ground" if lost else None


def _colour(element: Element | None) -> RGB | None:
    """The colour that an element names; None for one of a theme that may be any."""
    if element is None or attribute(element, "tint"):
        return None
    rgb, theme, index = (attribute(element, name) for name in ("rgb", "theme", "indexed"))
    return hex_colour(rgb) if rgb else _THEME.get(theme) if theme else _INDEXED.get(index or "")


def _is_out_of_view(hidden: str | None, size: str | None) -> bool:
    return hidden in _ON or (size is not None and _float(size, 1.0) < _NARROW)


def _in_group(level: str | None) -> bool:
    return (level or "0") != "0"


def _areas(references: list[bytes]) -> tuple[Area, ...]:
    areas = (area_of(reference.decode("ascii", "replace")) for reference in references[:_MOST_AREAS])
    return tuple(area for area in areas if area[0])


def _number(text: str | None, other: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else other


def _float(text: str, other: float) -> float:
    try:
        return float(text)
    except ValueError:
        return other


def column_number(letters: str) -> int:
    """The number of a column from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def place_of(reference: str) -> tuple[int, int]:
    """Row and column of a cell's name, from 1; (0, 0) for what is none."""
    match = REFERENCE.match(reference)
    return (int(match[2]), column_number(match[1])) if match else (0, 0)


def area_of(reference: str) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column of an area such as A1:C9."""
    first, _, last = reference.partition(":")
    return (*place_of(first), *place_of(last or first))
