"""Lists of HTML: the number of each item as a browser shows it, and terms with their values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BULLET = "• "
LISTS = frozenset(("ol", "ul", "menu", "dir"))
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)
_STYLES = {
    "a": "lower-alpha",
    "A": "upper-alpha",
    "i": "lower-roman",
    "I": "upper-roman",
    "lower-latin": "lower-alpha",
    "upper-latin": "upper-alpha",
}
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LONGEST_TERM = 200  # characters of a term that is written before its value


@dataclass(slots=True)
class ItemCounter:
    """What stands before the items of one list: bullets, or numbers that count on."""

    style: str  # of numbers; "disc" for bullets, "none" for neither
    number: int = 1
    step: int = 1

    def marker(self, item: LexborNode) -> str:
        """What stands before the next item: "5. ", "b. ", "• ", or nothing."""
        value = _whole(item, "value")
        number = self.number if value is None else value
        self.number = number + self.step
        style = _style(item) or self.style
        if style == "none":
            return ""
        return BULLET if self.style == "disc" else f"{numeral(number, style)}. "


def count_items(node: LexborNode) -> ItemCounter:
    """The counter of a list that begins."""
    style = _style(node)
    if node.tag != "ol":
        return ItemCounter("none" if style == "none" else "disc")
    start = _whole(node, "start")
    if "reversed" not in node.attributes:
        return ItemCounter(style or "decimal", 1 if start is None else start)
    return ItemCounter(style or "decimal", _items(node) if start is None else start, -1)


def numeral(number: int, style: str) -> str:
    """A number in the style of a list; decimal where the style has no sign for it."""
    if style == "decimal-leading-zero":
        return f"{number:02d}"
    text = ""
    rest = number
    if style.endswith("-alpha") and 0 < number < 20_000:
        while rest:
            rest, digit = divmod(rest - 1, 26)
            text = chr(ord("a") + digit) + text
    elif style.endswith("-roman") and 0 < number < 4_000:
        for value, sign in _ROMAN:
            text += sign * (rest // value)
            rest %= value
    else:
        return str(number)
    return text.upper() if style.startswith("upper") else text


@dataclass(slots=True)
class TermList:
    """The terms of a definition list whose values are being read.

    A short value is one block with its terms ("Deposit: 100 euros"); every value of several repeats them.
    """

    terms: list[str] = field(default_factory=list)
    used: bool = False  # a value has been given
    waiting: bool = False  # the terms are to be written before the next text

    def new_term(self) -> None:
        """A term begins: it opens a group of its own after a value."""
        if self.used:
            self.terms, self.used = [], False
        self.waiting = False

    def alone(self) -> list[str]:
        """The terms to be written as blocks of their own, where no value has taken them up."""
        alone = [] if self.used else self.terms
        self.used, self.waiting = True, False
        return alone

    def joined(self, value: str) -> str | None:
        """`value` after its terms; None where they are too long to be repeated."""
        if sum(map(len, self.terms[: _LONGEST_TERM + 1])) > _LONGEST_TERM:
            return None
        term = ", ".join(self.terms)
        if not term or len(term) > _LONGEST_TERM:
            return None
        self.used, self.waiting = True, False
        return f"{term} {value}" if term[-1] in ".:?!…;,？！。：=–—" else f"{term}: {value}"


def _style(node: LexborNode) -> str:
    """The style of numbers that an element names by `type` or `style`; "" if it names none."""
    attributes = node.attributes
    if not attributes:
        return ""
    named = _STYLE.search(attributes.get("style") or "")
    name = named[1].lower() if named else (attributes.get("type") or "").strip()
    return _STYLES.get(name, name if name.startswith(("lower-", "upper-", "decimal", "none")) else "")


def _whole(node: LexborNode, attribute: str) -> int | None:
    value = (node.attributes.get(attribute) or "").strip()
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else None


def _items(node: LexborNode) -> int:
    count, child = 0, node.child
    while child is not None:
        count += child.tag == "li"
        child = child.next
    return count
