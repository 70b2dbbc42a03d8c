"""Equations of Word and PowerPoint (Office Math) as one readable line of text.

A fraction is written 1/2 or (a + b)/c, a power 10⁸ or x^(n + 1), a root √2 or √(a + b), a sum ∑_(i=1)^n.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, child, is_on, local
from index.text.scripts import SUBSCRIPTS, SUPERSCRIPTS, is_factor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DOUBLE_STRUCK = str.maketrans("CHNPQRZ", "ℂℍℕℙℚℝℤ")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
# A fraction (1/2 x is not 1/(2x)), the name of a function.
_PARTED_FROM_WORDS = re.compile(
    r"(?:[\w)]/[\w)]{1,9}|(?<![^\W\d_])(?:sin|cos|tan|cot|log|ln|lg|exp|lim|max|min|det))\Z"
)
# Accents as they are kept, some as signs of their own, to those that stand on a letter.
_ACCENTS = {
    "^": "\u0302",
    "ˆ": "\u0302",
    "~": "\u0303",
    "˜": "\u0303",
    "¯": "\u0305",
    "‾": "\u0305",
    "→": "\u20d7",
    "⃗": "\u20d7",
    "˙": "\u0307",
    "¨": "\u0308",
    "´": "\u0301",
    "`": "\u0300",
}
_DEEPEST = 40  # equations nest a few levels; more is no equation


def equation_text(element: Element, depth: int = 0) -> str:
    """The text of an equation, or of a part of one."""
    text = ""
    for part in element:
        text = joined(text, _part_text(part, depth))
    return text


def joined(before: str, after: str) -> str:
    """Two texts side by side, apart where together they would be another number (3 ½ is not 31/2)."""
    number = before[-1:].isdigit() and (after[:1].isdecimal() or (after[:1] == "(" and "/" in after))
    name = _PARTED_FROM_WORDS.search(before)
    parted = name is not None and (after[:1].isalnum() or (after[:1] == "(" and "/" in name[0]))
    return f"{before} {after}" if number or parted else before + after


def _part_text(part: Element, depth: int) -> str:
    name = local(part)
    if depth > _DEEPEST or name.endswith("Pr"):
        return ""
    if name == "t":
        return (part.text or "").replace("\u2061", "")  # the invisible sign of a function's application
    if name == "r":
        text = "".join((e.text or "") for e in part if local(e) == "t")
        script = attribute(child(part, "rPr", "scr"), "val")
        return text.translate(_DOUBLE_STRUCK) if script == "double-struck" else text
    written = _WRITTEN.get(name)
    return written(part, depth + 1) if written else equation_text(part, depth + 1)


def _inner(element: Element, name: str, depth: int) -> str:
    inner = child(element, name)
    return equation_text(inner, depth).strip() if inner is not None else ""


def _property(element: Element, kind: str, name: str) -> str | None:
    return attribute(child(element, kind, name), "val")


def grouped(text: str) -> str:
    """`text` in brackets, but for a single number, name or bracketed term."""
    whole = text.removeprefix("√").replace(".", "").replace(",", "").replace("′", "")
    single = whole.isdigit() or whole.isalpha() or len(text) < 2
    if single or _is_bracketed(text) or (text[0] == "√" and _is_bracketed(text[1:])):
        return text
    return f"({text})"


def _is_bracketed(text: str) -> bool:
    if not (text[:1] == "(" and text[-1:] == ")"):
        return False
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return at == len(text) - 1
    return False


def raised(text: str) -> str:
    """`text` as a superscript: ⁸, or ^x, or ^(n + 1)."""
    return _shifted(text, SUPERSCRIPTS, "^")


def lowered(text: str) -> str:
    """`text` as a subscript: ₂, or _i, or _(i=1)."""
    return _shifted(text, SUBSCRIPTS, "_")


def _shifted(text: str, signs: dict[int, int], mark: str) -> str:
    if not text:
        return ""
    if all(ord(sign) in signs for sign in text):
        return text.translate(signs)
    if text in {"°", "∘", "′", "″", "*", "†"}:
        return text.replace("∘", "°")
    return mark + grouped(text)


def _fraction(element: Element, depth: int) -> str:
    above, below = _inner(element, "num", depth), _inner(element, "den", depth)
    if _property(element, "fPr", "type") == "noBar":
        return f"{above} over {below}"
    return fraction(above, below)


def fraction(above: str, below: str) -> str:
    """A fraction on one line, each side in brackets where it needs them."""
    return f"{grouped(above)}/{below if is_factor(below) else grouped(below)}"


def _script(element: Element, depth: int) -> str:
    base = _inner(element, "e", depth)
    base = base if local(element) == "sSub" or len(base) < 2 else _power_base(base)
    return base + lowered(_inner(element, "sub", depth)) + raised(_inner(element, "sup", depth))


def _power_base(text: str) -> str:
    """What is raised to a power, in brackets where the power would take the last sign alone: (x²)³."""
    plain = text.replace(".", "").replace(",", "")
    is_power = ord(text[-1]) in SUPERSCRIPTS.values() or "^" in text
    return text if not is_power and (text[-1] in ")]}|" or plain.isalnum()) else grouped(text)


def _before(element: Element, depth: int) -> str:
    scripts = raised(_inner(element, "sup", depth)) + lowered(_inner(element, "sub", depth))
    return scripts + _inner(element, "e", depth)


def _root(element: Element, depth: int) -> str:
    return rooted(_inner(element, "e", depth), _inner(element, "deg", depth))


def rooted(text: str, degree: str) -> str:
    """A root, square where no degree is given."""
    under = grouped(text)
    if degree in _ROOTS:
        return _ROOTS[degree] + under
    return f"{raised(degree).removeprefix('^')}√{under}"


def _many(element: Element, depth: int) -> str:
    sign = _property(element, "naryPr", "chr") or "∫"
    limits = lowered(_inner(element, "sub", depth)) + raised(_inner(element, "sup", depth))
    return f"{sign}{limits} {_inner(element, 'e', depth)}"


def _delimited(element: Element, depth: int) -> str:
    def sign(name: str, other: str) -> str:
        found = child(element, "dPr", name)
        return other if found is None else attribute(found, "val") or ""

    parts = [part for part in element if local(part) == "e"]
    texts = [equation_text(part, depth).strip() for part in parts]
    inner = sign("sepChr", "|").join(texts)
    matrix = len(parts) == 1 and [local(part) for part in parts[0] if not local(part).endswith("Pr")] == ["m"]
    begin, end = sign("begChr", "("), sign("endChr", ")")
    return begin + (inner[1:-1] if matrix and begin else inner) + (end or " ")


def _matrix(element: Element, depth: int) -> str:
    rows = (
        ", ".join(equation_text(cell, depth).strip() for cell in row if local(cell) == "e")
        for row in element
        if local(row) == "mr"
    )
    return f"[{'; '.join(rows)}]"


def _lines(element: Element, depth: int) -> str:
    lines = (equation_text(line, depth).replace("&", " ") for line in element if local(line) == "e")
    return "; ".join(" ".join(line.split()) for line in lines)


def _function(element: Element, depth: int) -> str:
    name, of = _inner(element, "fName", depth), _inner(element, "e", depth)
    return f"{name}{'' if of[:1] in '([{' else ' '}{of}"


def _limit(element: Element, depth: int) -> str:
    base, limit = _inner(element, "e", depth), _inner(element, "lim", depth)
    return base + (lowered(limit) if local(element) == "limLow" else raised(limit))


def _accent(element: Element, depth: int) -> str:
    sign = _property(element, "accPr", "chr") or "\u0302"
    text = _inner(element, "e", depth)
    return accented(text, sign) or _marked(text, sign)


def accented(text: str, sign: str) -> str:
    """`text` under an accent that is kept as a sign of its own; "" for what is no accent."""
    mark = sign if unicodedata.combining(sign[:1] or " ") else _ACCENTS.get(sign, "")
    return _marked(text, mark) if mark else ""


def _bar(element: Element, depth: int) -> str:
    top = _property(element, "barPr", "pos") == "top"
    return _marked(_inner(element, "e", depth), "\u0305" if top else "\u0332")


def _marked(text: str, sign: str) -> str:
    """Every character under a line (0.3̅), any other accent on the last one."""
    if sign in {"\u0305", "\u0332"}:
        return "".join(letter + sign for letter in text)
    return text + sign


def _phantom(element: Element, depth: int) -> str:
    shown = child(element, "phantPr", "show")
    return equation_text(element, depth) if shown is None or is_on(shown) else ""


_WRITTEN: dict[str, Callable[[Element, int], str]] = {
    "f": _fraction,
    "sSup": _script,
    "sSub": _script,
    "sSubSup": _script,
    "sPre": _before,
    "rad": _root,
    "nary": _many,
    "d": _delimited,
    "m": _matrix,
    "eqArr": _lines,
    "func": _function,
    "limLow": _limit,
    "limUpp": _limit,
    "acc": _accent,
    "bar": _bar,
    "phant": _phantom,
}
