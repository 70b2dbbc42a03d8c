"""Styles and list styles of OpenDocument files, with what they inherit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, child, local
from index.readers.parts.colours import are_alike, hex_colour

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.parts.colours import RGB
    from index.types import HiddenBy

_LEVELS = 10
_MOST_PARENTS = 50
_TINY = 2.0  # points
_WHITE = (255, 255, 255)
_NUMERALS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(frozen=True, slots=True)
class OdfStyle:
    """What a style says, as far as it changes what is read; None where it says nothing."""

    hidden: bool | None = None
    struck: bool | None = None
    position: str | None = None  # "super", "sub", "" for neither
    font: str | None = None
    list_style: str | None = None
    is_title: bool = False
    caption: bool = False
    shown: bool = True  # of a table (a sheet) or a drawing page
    master: str | None = None
    ink: RGB | None = None
    ground: RGB | None = None
    size: float | None = None  # points

    def hidden_by(self) -> HiddenBy | None:
        """What hides text of this style on a white page; None if it can be read."""
        if self.hidden:
            return "not displayed"
        if self.size is not None and self.size < _TINY:
            return "too small"
        lost = self.ink is not None and are_alike(self.ink, self.ground or _WHITE)
        return "in the colour of its ground" if lost else None


@dataclass(frozen=True, slots=True)
class OdfListLevel:
    """How one level of a list is numbered: its numerals ("" for a bullet), and what stands around them."""

    numerals: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = 1
    shown_levels: int = 1
    bullet: str = ""


@dataclass(frozen=True, slots=True)
class OdfStyles:
    """All styles of a file by family and name, its list styles, and the numbers of its headings."""

    styles: dict[tuple[str, str], OdfStyle]
    lists: dict[str, tuple[OdfListLevel, ...]]
    outline: tuple[OdfListLevel, ...]

    @classmethod
    def of(cls, roots: Iterable[Element]) -> OdfStyles:
        """The styles in the parts of a file."""
        elements: dict[tuple[str, str], Element] = {}
        lists: dict[str, tuple[OdfListLevel, ...]] = {}
        outline: tuple[OdfListLevel, ...] = ()
        faces: dict[str, str] = {}  # fonts by the names that the file gives them
        for root in roots:
            for element in root.iter():
                name = local(element)
                if name == "style":
                    key = (attribute(element, "family") or "", attribute(element, "name") or "")
                    elements[key] = element
                elif name == "list-style":
                    lists[attribute(element, "name") or ""] = _levels(element)
                elif name == "font-face":
                    faces[attribute(element, "name") or ""] = attribute(element, "font-family") or ""
                elif name == "outline-style":
                    outline = _levels(element)
        return cls({key: _style(key, elements, faces) for key in elements}, lists, outline)

    def get(self, family: str, element: Element) -> OdfStyle:
        """The style of a paragraph, a span, a table or a drawing page."""
        return self.styles.get((family, attribute(element, "style-name") or ""), OdfStyle())


def _style(key: tuple[str, str], elements: dict[tuple[str, str], Element], faces: dict[str, str]) -> OdfStyle:
    """A style with what it takes from its parents, nearest first."""
    found: dict[str, str] = {}
    names = []
    current = key
    for _ in range(_MOST_PARENTS):
        element = elements.get(current)
        if element is None:
            break
        names.append(current[1].replace("_20_", " ").lower())
        for part in (element, *element):
            for full, value in part.items():
                found.setdefault(full.rpartition("}")[2], value)
        current = (key[0], attribute(element, "parent-style-name") or "")
        if not current[1]:
            break
    through = found.get("text-line-through-style") or found.get("text-line-through-type")
    font = found.get("font-name") or found.get("font-family")
    position = (found.get("text-position") or "").split(" ")[0]
    is_text = key[0] in {"text", "paragraph"}
    return OdfStyle(
        hidden=None if "display" not in found or not is_text else found["display"] == "none",
        struck=None if through is None else through != "none",
        position=_position(position) if position else None,
        font=(faces.get(font) or font).strip("'") if font else None,
        list_style=found.get("list-style-name"),
        is_title="title" in names,
        caption=any("caption" in name or name in {"table", "tabelle"} for name in names),
        shown=found.get("display") != "false" and found.get("visibility") != "hidden",
        master=found.get("master-page-name"),
        ink=hex_colour(found.get("color") or "") if is_text else None,
        ground=hex_colour(found.get("background-color") or "") if is_text else None,
        size=_points(found.get("font-size")) if is_text else None,
    )


def _points(size: str | None) -> float | None:
    """A size in points; None for one in percent, or none."""
    try:
        return float((size or "").removesuffix("pt")) if (size or "").endswith("pt") else None
    except ValueError:
        return None


def _position(text: str) -> str:
    """Above the line, below it or neither: the distance may be given in percent."""
    if text in {"super", "sub"}:
        return text
    return "" if text.startswith("0%") else "sub" if text.startswith("-") else "super"


def _levels(element: Element) -> tuple[OdfListLevel, ...]:
    levels = [OdfListLevel()] * _LEVELS
    for part in element:
        at = attribute(part, "level") or ""
        if not at.isdecimal() or not 1 <= int(at) <= _LEVELS:
            continue
        bullet = local(part) != "list-level-style-number" and local(part) != "outline-level-style"
        form = attribute(part, "num-format") or ""
        start, shown = attribute(part, "start-value") or "1", attribute(part, "display-levels") or "1"
        levels[int(at) - 1] = OdfListLevel(
            "" if bullet else _NUMERALS.get(form, "decimal" if form else "none"),
            attribute(part, "num-prefix") or "",
            attribute(part, "num-suffix") or "",
            int(start) if start.isdecimal() else 1,
            int(shown) if shown.isdecimal() else 1,
            (attribute(part, "bullet-char") or "•") if bullet else "",
        )
    return tuple(levels)


def body_of(root: Element | None) -> Element | None:
    """The element that holds the text, the sheets or the slides."""
    body = child(root, "body") if root is not None else None
    return next(iter(body), None) if body is not None else None
