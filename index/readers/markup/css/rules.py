"""The rules of a style sheet as far as they decide what is seen, of those that hold on a screen.

Supported are lists of the selectors that the parser of the page can match, nested rules, `@media` for a
screen of 1280 pixels in light colours, `@supports` and `@layer` (as if all were one layer). Rules for a state
(`:hover`) or for what has no text (`::before`) hold for no element; `@container` and `@scope` are left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Weight = tuple[int, int, int]  # ids, classes and the like, elements

_WIDTH = 1280.0  # pixels of the screen
_EM = 16.0
_MOST_NESTED = 200  # selectors of one nested rule
_DEEPEST = 50
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'")
_BRACE_IN_STRING = re.compile(r"[\"'][^\"'\n]*[{}]")
# A rule with nothing in it but declarations; what opens another block; what closes one.
_PART = re.compile(r"([^{}]*+)\{([^{}]*+)(?:\}|\Z)|([^{}]*+)\{|[^{}]*+\}")
_COMMA = re.compile(r",(?![^(\[]*[)\]])")
_SIZES = "width|height|max-width|max-height|overflow|overflow-x|overflow-y"
_PLACES = "position|left|right|top|bottom|inset|text-indent|margin-left|margin-top|transform|translate|scale"
_LOOKS = (
    "display|visibility|content-visibility|opacity|filter|clip|clip-path|-webkit-clip-path|font|font-size"
    "|animation|animation-name"
)
_PAINTS = (
    "color|-webkit-text-fill-color|background|background-color|background-image|background-clip"
    "|-webkit-background-clip|text-shadow|-webkit-text-stroke"
)
_COLOURS = frozenset(_PAINTS.split("|"))
_NAMES = frozenset(f"{_LOOKS}|{_PAINTS}|{_PLACES}|{_SIZES}".split("|"))
_ANY = re.compile(r"(?:^|[;\s])([\w-]+)\s*+:([^;]++)")
# What stands in the value of another property, where a semicolon is missing.
_INSIDE = re.compile(rf"\s({_LOOKS}|{_PAINTS}|{_PLACES}|{_SIZES}|--[\w-]+)\s*+:\s*+([^;]++)", re.IGNORECASE)
_IMPORTANT = re.compile(r"\s*!\s*important\s*\Z")
_FONT_SIZE = re.compile(r"(?:^|\s)((?:\d*\.)?\d+(?:px|pt|em|rem|ex|ch|%|vw|vh)|0)(?=\s*/|\s)")
_UNMET = re.compile(
    r":not\(\s*:(?:hover|focus|focus-within|focus-visible|active|visited|target|checked|disabled)\s*\)"
)
_STATE = re.compile(
    r"::|:(?:before|after|first-line|first-letter|hover|focus|active|visited|target|checked|open|popover"
    r"|placeholder|selection|fullscreen|autofill|host|invalid|user-)"
)
_HOST = re.compile(r"([^,{}]+?)::?(?:before|after)\b")
_ARGUMENT = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NAME = re.compile(r"[.#]([\w\x80-\U0010ffff-]+)")
_KEY = re.compile(r"[.#](?:[\w-]|[^\x00-\x7f])+|^[a-zA-Z][\w-]*(?![\w.#-])")
_WHERE = re.compile(r":where\([^()]*\)")
_IDS, _CLASSES = re.compile(r"#[\w-]+"), re.compile(r"\.[\w-]+|\[[^\]]*\]|:(?!not\b|is\b)[\w-]+")
_ELEMENTS = re.compile(r"(?:^|[\s>+~(])[a-z][\w-]*", re.IGNORECASE)
_FEATURE = re.compile(r"\(([^()]*)\)")
_LENGTH = re.compile(r"(-?(?:\d*\.)?\d+)(px|em|rem)?")
_MEDIA_WORDS = {
    "prefers-color-scheme: light": True,
    "hover: hover": True,
    "any-hover: hover": True,
    "pointer: fine": True,
    "any-pointer: fine": True,
    "orientation: landscape": True,
    "prefers-reduced-motion: no-preference": True,
    "color": True,
    "scripting: enabled": True,
}


@dataclass(frozen=True, slots=True)
class Declared:
    """The value of a property, in lower case, and if it is important."""

    value: str
    important: bool = False


PAINTED = {"background-image": Declared("painted")}  # by something that has no text, behind the text


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector with what it declares."""

    selector: str
    weight: Weight
    declared: Mapping[str, Declared]


@lru_cache(maxsize=4096)  # of the cells of a table, all have the same
def declarations(text: str, *, colours: bool = True) -> Mapping[str, Declared]:
    """What a block or a `style` attribute declares that decides what is seen, shorthands taken apart."""
    found: dict[str, Declared] = {}
    for name, raw in _declared(text):
        if not colours and name in _COLOURS:
            continue
        value = raw.strip() if name[:2] == "--" else raw.strip().lower()
        important = "!" in value and _IMPORTANT.search(value.lower()) is not None
        if important:
            value = value[: value.rindex("!")].rstrip()
        for key, part in _parts(name, value):
            if important or not (key in found and found[key].important):
                found[key] = Declared(part, important)
    return found


def _declared(text: str) -> Iterator[tuple[str, str]]:
    for said, value in _ANY.findall(text):
        name = said.lower()
        if name in _NAMES or name[:2] == "--":
            if not value.isspace():
                yield name, value
        elif ":" in value:
            yield from ((inner.lower(), of) for inner, of in _INSIDE.findall(value))


def rules_of(css: str, names: frozenset[str], *, colours: bool = True) -> Iterator[Rule]:
    """The rules of a sheet that hold on a screen; `names` are the classes and ids that the page has.

    Without `colours`, what only colours text or its ground is left out.
    """
    text = _COMMENT.sub(" ", css) if "/*" in css else css
    text = _STRING.sub(_without_braces, text) if _BRACE_IN_STRING.search(text) else text
    around: list[tuple[str, ...] | None] = [()]  # selectors of the open rules; None: what does not hold
    for match in _PART.finditer(text):
        prelude, body, opening = match.groups()
        if prelude is None and opening is None:  # a brace that closes, with what stands before it
            if around[-1] and len(around) > 1:
                yield from _made(around[-1], match[0], colours=colours)
            if len(around) > 1:
                around.pop()
        elif prelude is None:
            before, _, prelude = opening.rpartition(";")
            if around[-1]:
                yield from _made(around[-1], before, colours=colours)
            inner = around[-1] is not None and len(around) < _DEEPEST and _opened(prelude.strip(), around[-1])
            around.append(inner if isinstance(inner, tuple) else None)
        elif around[-1]:
            before, _, prelude = prelude.rpartition(";")
            if before:
                yield from _made(around[-1], before, colours=colours)
            inner = _opened(prelude.strip(), around[-1])
            possible = [each for each in inner or () if names.issuperset(names_in(each))]
            yield from _made(possible, body, colours=colours)
        elif around[-1] is not None:
            before, _, prelude = prelude.rpartition(";")
            if not before or before.lstrip()[:1] == "@":  # no selector holds a semicolon
                yield from _at_top(prelude, body, names, colours=colours)


def _at_top(prelude: str, body: str, names: frozenset[str], *, colours: bool) -> Iterator[Rule]:
    """The rules of a block inside no other, of which most concern nothing that the page has."""
    listed = _listed(prelude)
    possible = [each for each in listed if names.issuperset(names_in(each))]
    if not possible or prelude.lstrip()[:1] == "@":
        return
    selectors = [each for each in map(_static, possible) if each]
    if selectors:
        yield from _made(selectors, body, colours=colours)
    elif colours and "background" in body and not any(map(_static, listed)):
        yield from (Rule(each.strip(), (0, 0, 0), PAINTED) for each in _HOST.findall(prelude))


def _made(selectors: Sequence[str], body: str, *, colours: bool) -> Iterator[Rule]:
    declared = declarations(body, colours=colours) if selectors else None
    if declared:
        yield from (Rule(selector, weight_of(selector), declared) for selector in selectors)


def _listed(prelude: str) -> list[str]:
    return _COMMA.split(prelude) if "(" in prelude or "[" in prelude else prelude.split(",")


def names_in(selector: str) -> list[str]:
    """The classes and ids that an element or those around it must have for a selector to match."""
    return _NAME.findall(_without_arguments(selector))


def weight_of(selector: str) -> Weight:
    """How specific a selector is."""
    plain = _WHERE.sub("", selector)
    return len(_IDS.findall(plain)), len(_CLASSES.findall(plain)), len(_ELEMENTS.findall(plain))


def holds_on_screen(query: str) -> bool:
    """True for a media query that a large screen with light colours meets."""
    return not query.strip() or any(_meets(one.strip().lower()) for one in query.split(","))


def _opened(prelude: str, outer: tuple[str, ...]) -> tuple[str, ...] | None:
    """The selectors of a block inside the rules `outer`, () inside none; None for one that does not hold."""
    if prelude[:1] == "@":
        word, _, condition = prelude.partition(" ")
        word, _, bracket = word.partition("(")
        condition = f"({bracket} {condition}" if bracket else condition
        if word == "@media":
            return outer if holds_on_screen(condition) else None
        if word == "@supports":
            return None if condition.strip().startswith("not") else outer
        return outer if word == "@layer" else None
    selectors = [each for each in map(_static, _listed(prelude)) if each]
    if outer:
        nested = product(outer, selectors)
        selectors = [s.replace("&", o) if "&" in s else f"{o} {s}" for o, s in nested][:_MOST_NESTED]
    return tuple(selectors) or None


def _without_arguments(selector: str) -> str:
    if "(" in selector or "[" in selector:
        return _ARGUMENT.sub("", _ARGUMENT.sub("", selector))
    return selector


def key_of(selector: str) -> str:
    """What an element must have for a selector to match it: "#id", ".class", "tag", or "*" for anything."""
    last = re.split(r"[\s>+~]+", _without_arguments(selector).strip())
    found = None if "\\" in selector else _KEY.search(last[-1])
    return "*" if found is None else found[0] if found[0][0] in ".#" else found[0].lower()


def _static(selector: str) -> str:
    """A selector as it is for a page that nobody touches: "" if it matches nothing then."""
    if ":" not in selector:
        return selector.strip()
    plain = _UNMET.sub("", selector).strip()
    return "" if _STATE.search(plain) else plain


@lru_cache(maxsize=256)
def _meets(query: str) -> bool:
    if query.startswith("not "):
        return not _meets(query[4:].strip())
    words = _FEATURE.sub(" ", query).split()
    if {"print", "speech", "or", "not"}.intersection(words):
        return False
    return all(_has(" ".join(feature.split())) for feature in _FEATURE.findall(query))


def _has(feature: str) -> bool:
    """True for a feature of a screen: "min-width: 40em", "width >= 600px"."""
    name, _, value = (part.strip() for part in feature.partition(":"))
    length = _LENGTH.match(value or re.sub(r"[^\d.a-z-]|width", "", name))
    if "width" in name and length:
        pixels = float(length[1]) * (_EM if length[2] in {"em", "rem"} else 1)
        least = name.startswith("min-") or ">" in (name if name.startswith("width") else "")
        least = least or ("<" in name and not name.startswith("width"))
        return pixels <= _WIDTH if least else pixels >= _WIDTH
    return _MEDIA_WORDS.get(f"{name}: {value}" if value else name, False)


def _parts(name: str, value: str) -> Iterator[tuple[str, str]]:
    """A property, or those that a shorthand sets, as far as they matter."""
    if name == "background":
        picture = "url(" in value or "gradient(" in value or "image(" in value
        yield "background-image", value if picture else "none"
        yield "background-color", value
        if "text" in value.split():
            yield "background-clip", "text"
    elif name == "font":
        if size := _FONT_SIZE.search(value):
            yield "font-size", size[1]
    elif name == "inset":
        sides = value.split()
        yield from (("top", sides[0]), ("left", sides[-1] if len(sides) in {2, 4} else sides[0]))
    elif name in {"overflow-x", "overflow-y"}:
        yield "overflow", value
    else:
        yield name.removeprefix("-webkit-") if "text" not in name else name, value


def _without_braces(string: re.Match[str]) -> str:
    return re.sub(r"[{};]", " ", string[0])
