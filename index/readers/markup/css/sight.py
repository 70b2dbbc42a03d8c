"""Which elements of a page a person does not see, by its own style sheets and attributes.

They are given the attribute `hidden`, with what hides them as its value, so that whoever walks over the page
passes them by. Sheets that are only linked are not read: what they may colour is given the benefit of the
doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from index.readers.markup.css.boxes import hidden_boxes, pixels
from index.readers.markup.css.cascade import Cascade
from index.readers.markup.css.inks import hidden_inks
from index.types import HiddenBy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    Test = Callable[[LexborNode], bool]
    Look = tuple[LexborNode, HiddenBy, Test]  # what hides an element, and which of those in it are seen

_HIDDEN_BY: frozenset[str] = frozenset(get_args(HiddenBy))
_SMALLEST = 2.0  # pixels: letters of less are no letters
_MEDIUM = 16.0
_SHARE = {"em": 1.0, "%": 0.01, "ex": 0.5}
_DISPLAY_OF_HIDDEN = frozenset(("", "none", "inherit", "unset", "revert", "initial"))


def mark_hidden(tree: LexborHTMLParser) -> None:
    """Give every element that the page hides the attribute `hidden`, and take it from those that it shows."""
    cascade = Cascade(tree)
    shown = [
        node
        for node in tree.css("[hidden]")
        if _as_attribute(node) == "until-found" or cascade.value(node, "display") not in _DISPLAY_OF_HIDDEN
    ]
    boxes = [(node, by) for node, by in hidden_boxes(cascade) if not _stands_for_other(node)]
    looks = (*_visibility(cascade), *_sizes(cascade), *hidden_inks(tree, cascade))
    unseen = [part for node, by, is_seen in looks for part in _parts(node, by, is_seen)]
    for node in shown:
        del node.attrs["hidden"]
    for node, by in (*unseen, *boxes):
        _mark(node, by)


def hidden_by(node: LexborNode) -> HiddenBy | None:
    """What hides an element that `mark_hidden` has marked, or its own tag; None for any other."""
    if node.tag in {"template", "noscript"} or (node.tag == "dialog" and "open" not in node.attributes):
        return "not displayed"
    if "hidden" not in node.attributes:
        return None
    by = node.attributes["hidden"] or ""
    return by if by in _HIDDEN_BY else "not displayed"  # type: ignore[return-value]  # one of them


def _as_attribute(node: LexborNode) -> str:
    return (node.attributes.get("hidden") or "").strip().lower()


def _mark(node: LexborNode, by: HiddenBy) -> None:
    """Mark an element, or a text by an element put around it."""
    if not node.is_text_node:
        node.attrs["hidden"] = by
        return
    from selectolax.lexbor import LexborHTMLParser

    wrapper = LexborHTMLParser("<span></span>").css_first("span")
    assert wrapper is not None, "it was written there"
    wrapper.attrs["hidden"] = by
    wrapper.insert_child(node.text_content or "")
    node.replace_with(wrapper)


def _parts(hidden: LexborNode, by: HiddenBy, is_seen: Test) -> Iterator[tuple[LexborNode, HiddenBy]]:
    """An element whose look is inherited: as a whole, or what of it stands around elements that are seen."""
    stack = [hidden]
    while stack:
        node = stack.pop()
        if not any(is_seen(inner) for inner in node.css("*") if inner.mem_id != node.mem_id):
            yield node, by
            continue
        child = node.child
        while child is not None:
            if child.is_text_node and (child.text_content or "").strip():
                yield child, by
            elif child.is_element_node and not is_seen(child):
                stack.append(child)
            child = child.next


def _visibility(cascade: Cascade) -> Iterator[Look]:
    def is_seen(node: LexborNode) -> bool:
        return cascade.value(node, "visibility") in {"visible", "initial"}

    for node in cascade.suspects("visibility", lambda value: value in {"hidden", "collapse"}):
        yield node, "not displayed", is_seen


def _sizes(cascade: Cascade) -> Iterator[Look]:
    def is_seen(node: LexborNode) -> bool:
        return cascade.value(node, "font-size") != "" and _size_of(cascade, node) >= _SMALLEST

    for node in cascade.suspects("font-size", _may_be_small):
        if _size_of(cascade, node) < _SMALLEST:
            yield node, "too small", is_seen


def _may_be_small(size: str) -> bool:
    found = pixels(size.replace("%", "px"))
    return found is not None and found < (_SMALLEST if not size.endswith(("%", "em")) else 10 * _SMALLEST)


def _size_of(cascade: Cascade, node: LexborNode | None) -> float:
    """How high the letters of an element are, in pixels."""
    share = 1.0
    while node is not None:
        said = cascade.value(node, "font-size")
        unit = next((unit for unit in _SHARE if said.endswith(unit) and not said.endswith("rem")), "")
        own = pixels(said.removesuffix(unit)) if said else None
        if own is not None and not unit:
            return share * own
        if own is not None:
            share *= own * _SHARE[unit]
        node = node.parent
    return share * _MEDIUM


def _stands_for_other(node: LexborNode) -> bool:
    """True for a hidden formula that is shown beside it, as a picture or in elements that draw it."""
    if node.css_first("math") is None:
        return False
    before, after = node.prev, node.next
    while after is not None and not after.is_element_node:
        after = after.next
    drawn = [each for each in (before, after) if each is not None and each.is_element_node]
    return any(each.tag == "img" or each.attributes.get("aria-hidden") == "true" for each in drawn)
