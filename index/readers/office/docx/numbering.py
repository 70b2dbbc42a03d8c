"""The numbers that Word writes before headings, clauses and list items, from its numbering part.

A paragraph names a list (`numId`) and a level; the list is an instance of an abstract one, whose levels say
how their numbers look ("%1.%2") and where they start. Lists of one abstract list go on counting together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, child, is_on, local
from index.readers.office.parts.numerals import numeral
from index.readers.office.parts.symbols import UNKNOWN, in_font

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_BULLET = "•"
# Signs that say something, where any other bullet only marks an item.
_TELLING = frozenset("☐☑☒✓✔✗✘")


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph: its number or its bullet."""

    text: str
    is_bullet: bool


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How one level of a list is numbered."""

    numerals: str = "decimal"
    pattern: str = ""
    start: int = 1
    restart: int | None = None  # the level (from 1) that starts this one again; 0 none, None any above it
    style: str | None = None  # the paragraph style that is numbered by this level
    legal: bool = False  # all numbers in decimal digits
    font: str | None = None


@dataclass(frozen=True, slots=True)
class _List:
    abstract: str
    levels: Mapping[int, ListLevel]
    starts: Mapping[int, int]  # where this list begins again


@dataclass(slots=True)
class Numbering:
    """The lists of one document, and how far each has counted."""

    _lists: dict[str, _List]
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element | None, linked: Mapping[str, str]) -> Numbering:
        """The lists of a numbering part; `linked` gives the list of each numbering style."""
        parts = list(root) if root is not None else []
        abstracts = {attribute(e, "abstractNumId") or "": e for e in parts if local(e) == "abstractNum"}
        lists = {}
        for part in parts:
            if local(part) == "num":
                lists[attribute(part, "numId") or ""] = _list(part, abstracts, parts, linked)
        return cls(lists)

    def level_of_style(self, number: str, style: str) -> int | None:
        """The level of list `number` that numbers the paragraphs of a style; None if none does."""
        entry = self._lists.get(number)
        levels = entry.levels.items() if entry else ()
        return next((at for at, level in levels if level.style == style), None)

    def next(self, number: str, level: int) -> Label | None:
        """Count one paragraph of list `number` at `level`, and give what stands before it.

        None for a list that is not there or shows nothing.
        """
        entry = self._lists.get(number)
        if entry is None or not 0 <= level < LEVELS:
            return None
        how = entry.levels.get(level, ListLevel())
        self._count(number, entry, level)
        if how.numerals == "bullet":
            sign = in_font(how.pattern, how.font).strip().replace(UNKNOWN, "")
            return Label(sign if sign in _TELLING else _BULLET, is_bullet=sign not in _TELLING)
        text = _PLACE.sub(lambda place: self._shown(entry, how, int(place[1]) - 1), how.pattern).strip()
        return Label(text, is_bullet=False) if text else None

    def _count(self, number: str, entry: _List, level: int) -> None:
        counts = self._counts.setdefault(entry.abstract, [None] * LEVELS)
        how = entry.levels.get(level, ListLevel())
        current = counts[level]
        if level in entry.starts and (number, level) not in self._begun:
            counts[level] = entry.starts[level]
        else:
            counts[level] = how.start if current is None else current + 1
        for above in range(level):  # a level that was skipped has begun as well
            if counts[above] is None:
                counts[above] = entry.starts.get(above, entry.levels.get(above, ListLevel()).start)
        self._begun.add((number, level))
        for deeper in range(level + 1, LEVELS):
            restart = entry.levels.get(deeper, ListLevel()).restart
            if restart is None or (restart > 0 and level < restart):
                counts[deeper] = None

    def _shown(self, entry: _List, how: ListLevel, level: int) -> str:
        counts = self._counts[entry.abstract]
        other = entry.levels.get(level, ListLevel())
        current = counts[level]
        count = entry.starts.get(level, other.start) if current is None else current
        if other.numerals == "bullet":
            return ""
        return numeral(count, "decimal" if how.legal and other.numerals != "none" else other.numerals)


def _list(
    element: Element, abstracts: Mapping[str, Element], parts: list[Element], linked: Mapping[str, str]
) -> _List:
    """One list with what it changes of its abstract list, or of the one that a style names."""
    key = attribute(child(element, "abstractNumId"), "val") or ""
    abstract = abstracts.get(key)
    style = attribute(child(abstract, "numStyleLink"), "val") if abstract is not None else None
    if style is not None:
        target = next(
            (e for e in parts if local(e) == "num" and attribute(e, "numId") == linked.get(style)), None
        )
        if target is not None:
            key = attribute(child(target, "abstractNumId"), "val") or ""
            abstract = abstracts.get(key)
    levels = {}
    starts = {}
    for part in abstract if abstract is not None else ():
        if local(part) == "lvl":
            levels[_int(attribute(part, "ilvl"), 0)] = _level(part)
    for part in element:
        if local(part) == "lvlOverride":
            at = _int(attribute(part, "ilvl"), 0)
            changed, start = child(part, "lvl"), attribute(child(part, "startOverride"), "val")
            if changed is not None:
                levels[at] = _level(changed)
            if start is not None:
                starts[at] = _int(start, 1)
    return _List(key, levels, starts)


def _level(element: Element) -> ListLevel:
    def value(name: str) -> str | None:
        return attribute(child(element, name), "val")

    fonts = child(element, "rPr", "rFonts")
    restart = value("lvlRestart")
    picture = child(element, "lvlPicBulletId") is not None
    return ListLevel(
        "bullet" if picture else _numerals(element),
        value("lvlText") or "",
        _int(value("start"), 0 if child(element, "start") is None else 1),
        None if restart is None else _int(restart, 0),
        value("pStyle"),
        is_on(child(element, "isLgl")),
        attribute(fonts, "ascii") or attribute(fonts, "hAnsi"),
    )


def _numerals(element: Element) -> str:
    """The numerals of a level; of alternatives the newer ones, which are written out (001, 002, 003)."""
    found = next((part for part in element.iter() if local(part) == "numFmt"), None)
    return attribute(found, "format") or attribute(found, "val") or "decimal"


def _int(text: str | None, other: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return other
