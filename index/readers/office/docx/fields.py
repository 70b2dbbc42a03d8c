r"""What Word shows for fields that keep no result: equations (EQ), signs (SYMBOL), buttons.

An EQ field is the equation editor of older documents: `EQ \f(1,2)` is a half, `EQ \r(3,x)` a cube root.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from index.readers.office.parts.equations import accented, fraction, joined, lowered, raised, rooted
from index.readers.office.parts.symbols import UNKNOWN, symbol

_NAME = re.compile(r"\s*([A-Za-z]+)\s*")
_SWITCH = re.compile(r"\\([A-Za-z])(?:\s*\"([^\"]*)\"|\s+([^\s\\]+))?")
_QUOTED = re.compile(r"\"([^\"]*)\"")
_FORMAT = re.compile(r"\\\*\s*(?:\"[^\"]*\"|\S+)\s*")  # how a result looks: \* MERGEFORMAT
_OPTION = re.compile(r"\s*\\([a-z]{2,3})\s*(\d+|\\?[^\s\w\\(]|(?<=[lrb]c)\\?\S)?", re.IGNORECASE)
_ELEMENTS = frozenset("abdfilorsx")
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_DEEPEST = 20  # elements in elements


def field_text(instruction: str) -> str | None:
    r"""What is shown for a field without a stored result; None for one that this does not say.

    >>> field_text(r" EQ \f(1,2) "), field_text(r' SYMBOL 163 \f "Symbol" ')
    ('1/2', '≤')
    """
    name = _NAME.match(instruction)
    kind = name[1].upper() if name else ""
    rest = instruction[name.end() :] if name else ""
    if kind == "EQ":
        return _elements(_FORMAT.sub("", rest), 0).strip()
    if kind == "SYMBOL":
        return _sign(rest)
    if kind in {"MACROBUTTON", "GOTOBUTTON"}:  # the name of the macro or place, and what there is to click
        return rest.strip().partition(" ")[2].strip()
    if kind == "QUOTE":
        quoted = _QUOTED.search(rest)
        return quoted[1] if quoted else _FORMAT.sub("", rest).strip()
    return None


def _sign(text: str) -> str:
    r"""The character of a SYMBOL field: a code in a font, or in Unicode (`\u`)."""
    code, _, rest = text.strip().partition(" ")
    switches = {match[1].lower(): match[2] or match[3] or "" for match in _SWITCH.finditer(rest)}
    try:
        number = int(code.strip('"'), 16 if code.lower().startswith("0x") else 10)
    except ValueError:
        return code.strip('"')[:1]
    if "f" in switches:
        return symbol(number, switches["f"])
    if "u" in switches or number > 0xFF:
        return chr(number) if number < 0x110000 else UNKNOWN
    return bytes([number]).decode("cp1252", "replace") if number >= 0 else UNKNOWN


def _elements(text: str, depth: int) -> str:
    r"""Plain text and elements such as `\f(1,2)` side by side."""
    shown = ""
    at = 0
    while at < len(text):
        sign = text[at]
        if sign != "\\":
            shown += sign
            at += 1
        elif text[at + 1 : at + 2].lower() in _ELEMENTS and depth < _DEEPEST:
            kind = text[at + 1].lower()
            options: list[tuple[str, str]] = []
            at += 2
            while option := _OPTION.match(text, at):
                options.append((option[1].lower(), (option[2] or "").removeprefix("\\")))
                at = option.end()
            end = _end(text, at)
            parts = [_elements(part, depth + 1).strip() for part in _arguments(text[at:end])]
            shown = joined(shown, _WRITTEN[kind](parts, options))
            at = end
        else:
            shown += text[at + 1 : at + 2]
            at += 2
    return shown


def _end(text: str, start: int) -> int:
    """Where the brackets that open at `start` are closed; `start` itself where none open."""
    depth = 0
    at = start
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 1
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        elif not depth and not sign.isspace():
            return start
        at += 1
        if sign == ")" and depth <= 0:
            return at
    return len(text) if depth else start


def _arguments(text: str) -> list[str]:
    """What stands in brackets, cut at its semicolons, or at its commas where it has none."""
    inner = text.strip()[1:-1]
    for separator in ";,":
        cuts = [at for at in _outside(inner) if inner[at] == separator]
        if cuts:
            begins = [0, *(cut + 1 for cut in cuts)]
            return [inner[begin:end] for begin, end in zip(begins, [*cuts, len(inner)], strict=True)]
    return [inner]


def _outside(text: str) -> Iterator[int]:
    """The places of a text that are in no brackets and behind no backslash."""
    depth = 0
    escaped = False
    for at, sign in enumerate(text):
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        else:
            depth += (sign == "(") - (sign == ")")
            if not depth:
                yield at


Options = list[tuple[str, str]]


def _array(parts: list[str], options: Options) -> str:
    wide = next((int(value) for name, value in options if name == "co" and value.isdecimal()), 1) or 1
    rows = [", ".join(parts[at : at + wide]) for at in range(0, len(parts), wide)]
    return "; ".join(rows)


def _bracketed(parts: list[str], options: Options) -> str:
    signs = dict(options)
    begin = signs.get("bc") or signs.get("lc") or ("" if "rc" in signs else "(")
    end = _CLOSING.get(signs["bc"], signs["bc"]) if signs.get("bc") else signs.get("rc")
    end = ("" if "lc" in signs else ")") if end is None else end
    return begin + "".join(parts) + end


def _fraction(parts: list[str], _options: Options) -> str:
    return fraction(*parts[:2]) if len(parts) > 1 else "".join(parts)


def _integral(parts: list[str], options: Options) -> str:
    names = {name for name, _ in options}
    sign = "∑" if "su" in names else "∏" if "pr" in names else "∫"
    low, high, of = (*parts, "", "", "")[:3]
    return f"{sign}{lowered(low)}{raised(high)} {of}".strip()


def _over(parts: list[str], options: Options) -> str:
    """Signs drawn over each other: an accent, a stroke; of ruby, the text without its spoken form."""
    if any(name == "ad" for name, _ in options) and len(parts) > 1:
        return parts[-1]
    shown = parts[0]
    for part in parts[1:]:
        shown = shown + "\u0338" if part == "/" else accented(shown, part) or shown + part
    return shown


def _root(parts: list[str], _options: Options) -> str:
    return rooted(parts[-1], parts[0] if len(parts) > 1 else "")


def _script(parts: list[str], options: Options) -> str:
    names = {name for name, _ in options}
    if len(parts) > 1:  # one above the other
        return raised(parts[0]) + lowered(parts[-1])
    return lowered(parts[0]) if "do" in names else raised(parts[0]) if "up" in names else parts[0]


_WRITTEN: dict[str, Callable[[list[str], Options], str]] = {
    "a": _array,
    "b": _bracketed,
    "d": lambda _parts, _options: "",  # moves what follows
    "f": _fraction,
    "i": _integral,
    "l": lambda parts, _options: ", ".join(parts),
    "o": _over,
    "r": _root,
    "s": _script,
    "x": lambda parts, _options: "".join(parts),  # a box around it
}
