"""What hides an element with all that is in it: not displayed, clear, off the page, cut off, shrunk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

    from index.readers.markup.css.cascade import Cascade
    from index.types import HiddenBy

_FAR = 900.0  # pixels beyond the edge: no menu that slides in, but what is put where nobody looks
_TRANSPARENT = 0.05
_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ch": 8.0, "ex": 8.0, "vw": 12.8, "vh": 8.0,
           "cm": 37.8, "mm": 3.78, "in": 96.0, "": 1.0}  # fmt: skip
_LENGTH = re.compile(r"([+-]?(?:\d*\.)?\d+)([a-z%]*)")
_PLACED = frozenset(("absolute", "fixed", "relative", "sticky"))
_OUT_OF_FLOW = frozenset(("absolute", "fixed"))
_CUT = frozenset(("hidden", "clip", "scroll", "auto"))
_SIDES = ("left", "right", "top", "bottom")
_SIZES = ("width", "height", "max-width", "max-height")
_MOVES = re.compile(r"translate(x|y|3d)?\(\s*([^,()]+)(?:,\s*([^,()]+))?")
_SHRUNK = re.compile(r"scale(?:x|y|3d)?\(\s*(?:0*\.)?0+%?\s*[,)]|scale\([^,()]+,\s*(?:0*\.)?0+%?\s*\)")
_CLIPPED = re.compile(r"rect\(\s*([^()]*)\)")
_INSET = re.compile(r"inset\(\s*([\d.]+)(px|%)?\s*([\d.]+)?|circle\(\s*0|polygon\(\s*(?:0[a-z%]*[\s,]*)+\)")
_FILTERED = re.compile(r"opacity\(\s*(?:0*\.0*)?0+%?\s*\)")


def hidden_boxes(cascade: Cascade) -> Iterator[tuple[LexborNode, HiddenBy]]:
    """The elements that hide themselves and all that is in them, and how."""
    for by, nodes in _kinds(cascade):
        yield from ((node, by) for node in nodes)


def pixels(length: str) -> float | None:
    """A length in pixels; None for one that depends on what is around it, or for none."""
    match = _LENGTH.fullmatch(length.strip())
    if match is None or match[2] not in _PIXELS:
        return None
    return float(match[1]) * _PIXELS[match[2]]


def _kinds(cascade: Cascade) -> Iterator[tuple[HiddenBy, Iterable[LexborNode]]]:
    suspects = cascade.suspects
    yield "not displayed", suspects("display", lambda value: value == "none")
    yield "not displayed", suspects("content-visibility", lambda value: value == "hidden")
    yield "transparent", (node for node in suspects("opacity", _is_nothing) if not _appears(cascade, node))
    yield "transparent", suspects("filter", lambda value: _FILTERED.search(value) is not None)
    yield "off the page", _moved_away(cascade)
    yield "too small", suspects("transform", lambda value: _SHRUNK.search(value) is not None)
    yield "too small", suspects("scale", lambda value: pixels(value.partition(" ")[0]) == 0)
    yield "cut off", _clipped(cascade)
    yield "cut off", _without_area(cascade)


def _is_nothing(opacity: str) -> bool:
    found = _LENGTH.fullmatch(opacity)
    return found is not None and float(found[1]) / (100 if found[2] == "%" else 1) <= _TRANSPARENT


def _appears(cascade: Cascade, node: LexborNode) -> bool:
    """True for what an animation of the page's own fades in."""
    names = ("animation", "animation-name")
    return any(cascade.keyframes.intersection(cascade.value(node, name).split()) for name in names)


def _moved_away(cascade: Cascade) -> Iterator[LexborNode]:
    for side in _SIDES:
        for node in cascade.suspects(side, _is_far):
            position = cascade.value(node, "position")
            if position in _OUT_OF_FLOW or (position in _PLACED and side in {"left", "top"}):
                yield node
    for name in ("text-indent", "margin-left", "margin-top"):
        yield from cascade.suspects(name, lambda value: _is_far(value) and value.startswith("-"))
    yield from cascade.suspects("transform", _moves_far)
    yield from cascade.suspects("translate", lambda value: any(map(_is_far, value.split())))


def _is_far(length: str) -> bool:
    found = pixels(length)
    return abs(found) >= _FAR if found is not None else length in {"-100%", "-200%"}


def _moves_far(transform: str) -> bool:
    return any(
        _is_far(part.strip()) and not part.strip().endswith("%")
        for found in _MOVES.finditer(transform)
        for part in (found[2], found[3] or "")
    )


def _clipped(cascade: Cascade) -> Iterator[LexborNode]:
    for node in cascade.suspects("clip", _clips_all):
        if cascade.value(node, "position") in _OUT_OF_FLOW:
            yield node
    yield from cascade.suspects("clip-path", _insets_all)


def _clips_all(clip: str) -> bool:
    """True for `rect(top, right, bottom, left)` with nothing between two of its edges."""
    found = _CLIPPED.search(clip)
    if found is None:
        return False
    edges = [pixels(edge) for edge in re.split(r"[\s,]+", found[1].strip())]
    if len(edges) != len(_SIDES) or any(edge is None for edge in edges):
        return False
    top, right, bottom, left = (edge or 0 for edge in edges)
    return bottom - top <= 1 or right - left <= 1


def _insets_all(clip: str) -> bool:
    found = _INSET.search(clip)
    if found is None:
        return False
    if found[1] is None:
        return True
    return (found[2] == "%" and float(found[1]) >= 50) or (found[2] == "px" and float(found[1]) >= _FAR)


def _without_area(cascade: Cascade) -> Iterator[LexborNode]:
    """Elements of no width or no height that show nothing of what does not fit in."""
    for name in _SIZES:
        for node in cascade.suspects(name, _is_small):
            if cascade.value(node, "overflow").split(" ")[0] in _CUT:
                yield node


def _is_small(length: str) -> bool:
    found = pixels(length)
    return found is not None and 0 <= found <= 1
