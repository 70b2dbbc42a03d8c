"""The texts of shapes (DrawingML), as slides and drawings on sheets have them.

Struck-out text is left out and counted; raised digits, equations and numbers of items are written as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, child, local, visible_elements
from index.readers.office.parts.equations import equation_text, joined, lowered
from index.readers.office.parts.numerals import numeral
from index.readers.office.parts.symbols import UNKNOWN, in_font
from index.text.scripts import superscript

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

_LEFT_OUT = frozenset(("pPr", "endParaRPr", "bodyPr", "lstStyle"))
_STOPS = frozenset(("t", "oMath", "rPr", "p"))
_PARAGRAPHS = frozenset(("p",))
_SCHEME = re.compile(r"(arabic|alphaLc|alphaUc|romanLc|romanUc|circleNum|ea1Chs|ea1Cht|ea1Jpn)(\w*)")
_NUMERALS = {
    "arabic": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "circleNum": "decimalEnclosedCircle",
    "ea1Chs": "chineseCounting",
    "ea1Cht": "chineseCounting",
    "ea1Jpn": "japaneseCounting",
}
_NO_RUN: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ShapeParagraph:
    """One paragraph of a shape: its text, its number or "", and if it says to have a bullet, or none."""

    text: str
    number: str = ""
    bullet: bool = False
    plain: bool = False


@dataclass(slots=True)
class ShapeTexts:
    """Reads the paragraphs of shapes; counts what was left out."""

    struck: int = 0
    _counts: dict[int, tuple[str, int]] = field(default_factory=dict)  # level -> scheme and last number

    def paragraphs(self, shape: Element, inherited: Sequence[Element] = ()) -> list[ShapeParagraph]:
        """The paragraphs of a shape or a cell that are not blank, in the list styles it takes over."""
        self._counts.clear()
        found = []
        body = child(shape, "txBody")
        own = child(body if body is not None else shape, "lstStyle")
        defaults = [*([own] if own is not None else ()), *inherited]
        for element in visible_elements(shape, leave_out=_NO_RUN, stop_at=_PARAGRAPHS):
            if local(element) == "p":
                text = self.text(element)
                if text.strip():
                    found.append(self._paragraph(element, text, defaults))
        return found

    def line(self, shape: Element) -> str:
        """All paragraphs of a shape or a cell on one line."""
        parts = (f"{part.number} {part.text}".strip() for part in self.paragraphs(shape))
        return " ".join(" ".join(parts).split())

    def text(self, paragraph: Element) -> str:
        """The shown text of one paragraph."""
        text = ""
        look: Element | None = None
        counts_pages = False
        for element in visible_elements(paragraph, leave_out=_LEFT_OUT, stop_at=_STOPS):
            name = local(element)
            if name in {"r", "fld", "br"}:
                look = child(element, "rPr")
                counts_pages = (attribute(element, "type") or "").startswith("slidenum")
            if name == "br":
                text += "\n"
            elif name == "oMath":
                text = joined(text, equation_text(element))
            elif name == "t" and not counts_pages:
                text += self._run(element.text or "", look, text)
        return text.replace("\v", "\n").replace(UNKNOWN, "")

    def _run(self, text: str, look: Element | None, before: str) -> str:
        if (attribute(look, "strike") or "noStrike") != "noStrike":
            self.struck += bool(text.strip())
            return ""
        symbols = child(look, "sym") if look is not None else None
        latin = child(look, "latin") if look is not None else None
        text = in_font(text, attribute(latin, "typeface"))
        if symbols is not None and any("\uf000" <= sign <= "\uf0ff" for sign in text):
            text = in_font(text, attribute(symbols, "typeface"))
        shift = attribute(look, "baseline") or "0"
        if shift.startswith("-") and text.strip().isdecimal() and before[-1:].isdecimal():
            return lowered(text)
        return superscript(text) if shift.rstrip("%") not in {"", "0"} and shift[0] != "-" else text

    def _paragraph(self, element: Element, text: str, defaults: Sequence[Element]) -> ShapeParagraph:
        looks = child(element, "pPr")
        at = attribute(looks, "lvl") or "0"
        level = int(at) if at.isdecimal() else 0
        for place in (looks, *(child(style, f"lvl{level + 1}pPr") for style in defaults)):
            for part in place if place is not None else ():
                name = local(part)
                if name == "buAutoNum":
                    return ShapeParagraph(text, self._next(part, level))
                if name in {"buNone", "buChar", "buBlip"}:
                    self._counts.pop(level, None)
                    return ShapeParagraph(text, bullet=name != "buNone", plain=name == "buNone")
        self._counts.pop(level, None)
        return ShapeParagraph(text)

    def _next(self, element: Element, level: int) -> str:
        """The number of the next item at `level`; deeper levels begin again."""
        scheme = attribute(element, "type") or "arabicPeriod"
        start = attribute(element, "startAt") or "1"
        key = f"{scheme} {start}"
        before = self._counts.get(level)
        begin = int(start) if start.isdecimal() else 1
        number = before[1] + 1 if before and before[0] == key else begin
        self._counts = {at: count for at, count in self._counts.items() if at < level}
        self._counts[level] = (key, number)
        match = _SCHEME.match(scheme)
        shown = numeral(number, _NUMERALS.get(match[1], "decimal") if match else "decimal")
        ending = match[2] if match else "Period"
        if ending.endswith("ParenBoth"):
            return f"({shown})"
        return shown + (")" if "ParenR" in ending else "." if "Period" in ending else "")
