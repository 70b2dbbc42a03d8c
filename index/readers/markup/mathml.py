"""MathML to text in one line: x² + ½, √(a + b), (a + b)/c, ∑_(i = 1)^n.

Content that is not shown (phantoms, annotations in TeX) is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.readers.builder import word_set
from index.text.scripts import is_factor, lowered, raised

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from selectolax.lexbor import LexborNode

_DEEPEST = 60  # levels that are understood; below, the letters are taken as they stand
_HIDDEN = frozenset(("annotation", "annotation-xml", "mphantom", "mprescripts", "none", "maligngroup"))
_WITH_LIMITS = frozenset(("munder", "munderover", "msubsup", "msub"))
_TOKENS = frozenset(("mi", "mn", "mo", "mtext", "ms"))
_INVISIBLE = str.maketrans(dict.fromkeys("\u2061\u2062\u2063\u2064\u200b\ufeff"))
_SPACED = word_set(
    "= + - − ± ∓ × ÷ · ∗ < > ≤ ≥ ≠ ≈ ≡ ∼ ≃ ≅ ∝ → ← ↔ ⇒ ⇐ ⇔ ↦ ∈ ∉ ∋ ⊂ ⊆ ⊃ ⊇ ∪ ∩ ∧ ∨ ∖ ⊕ ⊗ ≪ ≫ := | ∣ ⟶"
)
_OPENING = frozenset("([{⟨⌈⌊⟦√∛∜")
_VULGAR = {"1/2": "½", "1/4": "¼", "3/4": "¾", "1/3": "⅓", "2/3": "⅔", "1/8": "⅛", "3/8": "⅜"}
_VULGAR |= {"5/8": "⅝", "7/8": "⅞", "1/5": "⅕", "2/5": "⅖", "3/5": "⅗", "4/5": "⅘", "1/6": "⅙", "5/6": "⅚"}
_ROOTS = {"2": "√", "3": "∛", "4": "∜"}
# What stands over a letter, as a combining mark.
_OVER = {"¯": "\u0304", "‾": "\u0304", "ˉ": "\u0304", "_": "\u0332", "^": "\u0302", "ˆ": "\u0302"}
_OVER |= {"~": "\u0303", "˜": "\u0303", "→": "\u20d7", "˙": "\u0307", ".": "\u0307", "¨": "\u0308"}
_SIMPLE = re.compile(r"[^\W_]+(?:[.,]\d+)*[′″]*|[½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚∞π%°]|.\W?")


def math_text(math: LexborNode) -> str:
    """A formula on one line; its `alttext` where it holds nothing else."""
    text = " ".join(_text(math, 0).split())
    return text or " ".join((math.attributes.get("alttext") or "").split())


def _text(node: LexborNode, depth: int) -> str:
    """The text of one element."""
    tag = _name(node)
    if tag in _HIDDEN:
        return ""
    if tag in _TOKENS or depth > _DEEPEST:
        text = " ".join(node.text(deep=True).translate(_INVISIBLE).split())
        return f'"{text}"' if tag == "ms" else text
    if tag == "mspace":
        return " "
    children = _children(node)
    if tag == "mmultiscripts":
        return _multiscripts(children, depth)
    layout = _LAYOUTS.get(tag)
    if layout is not None:
        return layout(node, [_text(child, depth + 1) for child in children])
    if tag in {"semantics", "maction"}:
        children = children[:1]
    row = _row(children, depth) if children else " ".join(node.text(deep=True).split())
    return f"√{_bracketed(row)}" if tag == "msqrt" else row


def _row(children: Sequence[LexborNode], depth: int) -> str:
    """Elements side by side: operators between two terms are spaced, and no two words grow together."""
    text = ""
    fraction = False  # the last piece is one, and may need brackets
    start = 0
    for child in children:
        piece = _text(child, depth + 1)
        if not piece:
            continue
        is_operator = _name(child) == "mo"
        if fraction and not is_operator and (piece[0].isalnum() or piece[0] in "(√"):
            text = f"{text[:start]}({text[start:]})"
        fraction = "/" in piece and _name(child) == "mfrac"
        if is_operator:
            text = _with_operator(text, piece)
            continue
        if fraction and text[-1:].isalpha():
            piece, fraction = f"({piece})", False
        elif _touches(text, piece, child):
            text += " "
        start = len(text)
        text += piece
        if _is_operator(child):
            text += " "
    return text.strip()


def _is_operator(node: LexborNode) -> bool:
    """True for a sum, an integral or the like with its limits: what follows is set apart."""
    children = _children(node)
    return _name(node) in _WITH_LIMITS and bool(children) and _name(children[0]) == "mo"


def _with_operator(text: str, sign: str) -> str:
    """An operator after what stands before it; a sign before a term touches it."""
    before = text.rstrip()
    if sign in _SPACED and before and before[-1] not in _OPENING and before[-1] not in _SPACED:
        return f"{before} {sign} "
    if sign in {",", ";"}:
        return f"{before}{sign} "
    word = sign[0].isalpha() and before[-1:].isalnum()
    return f"{text} {sign}" if word else text + sign


def _touches(text: str, piece: str, child: LexborNode) -> bool:
    """True where two pieces side by side would read as one word or number: 1 ½, sin x, 2 mm."""
    if not text or not (text[-1].isalnum() or text[-1] in _VULGAR.values()):
        return False
    if _name(child) == "mfrac":
        return text[-1].isdigit() and piece[0].isdigit() and piece not in _VULGAR.values()
    word = re.search(r"[^\W\d_]{2,}\Z", text) is not None
    return (word and piece[0].isalnum()) or (re.match(r"[^\W\d_]{2}", piece) is not None)


def _padded(parts: Sequence[str]) -> tuple[str, str, str]:
    """The first three parts; "" for one that a damaged formula lacks."""
    first, second, third, *_ = (*parts, "", "", "")
    return first, second, third


def _fraction(node: LexborNode, parts: Sequence[str]) -> str:
    if (node.attributes.get("linethickness") or "").strip() in {"0", "0pt", "0px"}:
        return f"({' over '.join(parts)})"
    over, under = _padded(parts)[:2]
    simple = f"{over}/{under}"
    below = under if not under or is_factor(under) or _in_brackets(under) else f"({under})"
    return _VULGAR.get(simple) or f"{_bracketed(over)}/{below}"


def _power(_node: LexborNode, parts: Sequence[str]) -> str:
    base, power, _ = _padded(parts)
    return _bracketed(base) + _upper(power)


def _index(_node: LexborNode, parts: Sequence[str]) -> str:
    base, index, _ = _padded(parts)
    return _bracketed(base) + _lower(index)


def _index_and_power(_node: LexborNode, parts: Sequence[str]) -> str:
    base, index, power = _padded(parts)
    return _bracketed(base) + _lower(index) + _upper(power)


def _over(_node: LexborNode, parts: Sequence[str]) -> str:
    base, over, _ = _padded(parts)
    mark = _OVER.get(over)
    return base + mark if mark and len(base) == 1 else base + _upper(over)


def _root(_node: LexborNode, parts: Sequence[str]) -> str:
    base, degree, _ = _padded(parts)
    sign = _ROOTS.get(degree) or f"{raised(degree)}√"
    return sign + _bracketed(base)


def _fenced(node: LexborNode, parts: Sequence[str]) -> str:
    attributes = node.attributes
    separator = (attributes.get("separators") or ",").strip()[:1] or ","
    inner = f"{separator} ".join(filter(None, parts))
    return f"{attributes.get('open') or '('}{inner}{attributes.get('close') or ')'}"


def _cells(_node: LexborNode, cells: Sequence[str]) -> str:
    """The cells of a row; a cell that begins with a relation goes on from the one before it."""
    text = ""
    for cell in filter(None, cells):
        text += (" " if cell[0] in _SPACED else ", ") + cell if text else cell
    return text


_LAYOUTS: dict[str, Callable[[LexborNode, Sequence[str]], str]] = {
    "mfrac": _fraction,
    "msup": _power,
    "msub": _index,
    "msubsup": _index_and_power,
    "munder": _index,
    "mover": _over,
    "munderover": _index_and_power,
    "mroot": _root,
    "mfenced": _fenced,
    "mtable": lambda _node, rows: "; ".join(filter(None, rows)),
    "mtr": _cells,
    "mlabeledtr": _cells,
}


def _multiscripts(children: Sequence[LexborNode], depth: int) -> str:
    """Scripts on both sides of a base: ²³⁸₉₂U."""
    if not children:
        return ""
    sides: list[list[str]] = [[]]
    for child in children[1:]:
        if _name(child) == "mprescripts":
            sides.append([])
        else:
            sides[-1].append(_text(child, depth + 1))
    after, before = sides[0], sides[1] if len(sides) > 1 else []
    left = "".join(map(_upper, before[1::2])) + "".join(map(_lower, before[::2]))
    right = "".join(map(_lower, after[::2])) + "".join(map(_upper, after[1::2]))
    return left + _text(children[0], depth + 1) + right


def _upper(text: str) -> str:
    """Something raised: ², ′, ^x, ^(x + 1)."""
    if not text or text in {"′", "″", "‴", "'", "∗", "*", "†"}:
        return text
    flat = raised(text.replace(" ", ""))
    if not flat.startswith("^") and flat != text.replace(" ", ""):
        return flat
    return f"^{_bracketed(text)}"


def _lower(text: str) -> str:
    """Something lowered: ₁, _x, _(x + 1)."""
    if not text:
        return ""
    flat = lowered(text.replace(" ", ""))
    return (
        flat
        if flat and not any(sign.isalpha() or sign == "_" for sign in flat) and flat != text
        else (f"_{_bracketed(text)}")
    )


def _bracketed(text: str) -> str:
    """`text` in brackets, unless it is one number, one name or in brackets already."""
    return text if not text or _SIMPLE.fullmatch(text) or _in_brackets(text) else f"({text})"


def _in_brackets(text: str) -> bool:
    return text[:1] == "(" and _closes_at_end(text)


def _closes_at_end(text: str) -> bool:
    """True if the bracket that opens `text` is closed by its last character."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at == len(text) - 1
    return False


def _name(node: LexborNode) -> str:
    """The name of an element without the prefix of its namespace."""
    return (node.tag or "").rpartition(":")[2]


def _children(node: LexborNode) -> list[LexborNode]:
    children = []
    child = node.child
    while child is not None:
        if child.is_element_node:
            children.append(child)
        child = child.next
    return children
