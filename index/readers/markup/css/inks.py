"""Text in the colour of its ground: what colour each element writes in, and what it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.readers.markup.css.colours import (
    BLACK,
    CLEAR,
    LINK,
    NEARLY_CLEAR,
    WHITE,
    Colour,
    are_alike,
    attribute_colour,
    colour_in,
    parse_colour,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from index.readers.markup.css.cascade import Cascade
    from index.types import HiddenBy

_INHERITED = frozenset(("", "inherit", "currentcolor", "unset", "revert"))
_PICTURES = "img, picture, video, canvas, svg, iframe, object, embed"
_OWN_GROUND = frozenset(("button", "input", "select", "textarea", "mark", "option", "dialog", "legend"))
_COLOURED = "font[color], body[text], [bgcolor], [background]"
_PAGE = frozenset(("body", "html"))
_OVER_OTHERS = frozenset(("absolute", "fixed", "sticky"))


def hidden_inks(
    tree: LexborHTMLParser, cascade: Cascade
) -> Iterator[tuple[LexborNode, HiddenBy, Callable[[LexborNode], bool]]]:
    """Elements whose text has the colour of its ground, or none; with the test of which in them are seen."""
    if not cascade.tells_colours:
        return
    page = _Page(tree, cascade)
    for node in page.suspects():
        by = page.unseen(node)
        if by is not None:
            yield node, by, page.is_seen


class _Page:
    """Colours of the elements of a page, each worked out once. None is a colour that is not known."""

    def __init__(self, tree: LexborHTMLParser, cascade: Cascade) -> None:
        self._tree = tree
        self._cascade = cascade
        self._inks: dict[int, Colour | None] = {}
        self._grounds: dict[int, Colour | None] = {}
        self._marked = tree.css(_COLOURED)

    def suspects(self) -> list[LexborNode]:
        """Elements that write in a colour which the page has as a ground, or the other way round."""
        attributes = [node.attributes for node in self._marked]
        said = {*self._cascade.said("color"), *self._cascade.said("-webkit-text-fill-color")}
        said.update((one.get("color") or one.get("text") or "").lower() for one in attributes)
        painted = {*self._cascade.said("background-color"), *(one.get("bgcolor") or "" for one in attributes)}
        inks = {BLACK, LINK, *(ink for ink in map(attribute_colour, said) if ink)}
        grounds = {WHITE, *(ground for ground in map(_any_colour, painted) if ground and ground.alpha)}

        def writes(value: str) -> bool:
            ink = parse_colour(value)
            return ink is not None and (
                ink.alpha <= NEARLY_CLEAR or any(are_alike(ink, ground) for ground in grounds)
            )

        names = ("color", "-webkit-text-fill-color")
        found = [node for name in names for node in self._cascade.suspects(name, writes)]
        found += self._marked
        written = {BLACK, LINK, *inks.intersection(map(self._ink, found))}
        found += self._cascade.suspects("background-color", lambda value: _paints_like(value, written))
        return list({node.mem_id: node for node in found}.values())

    def is_seen(self, node: LexborNode) -> bool:
        """True for an element that has a colour or a ground of its own, and can be read."""
        own = self.own_ink(node) or self._own_ground(node) is not CLEAR or _is_link(node)
        return bool(own) and self.unseen(node) is None

    def own_ink(self, node: LexborNode) -> str:
        """The colour that an element names for its text, as a value of CSS; "" if it names none."""
        said = self._cascade.value(node, "-webkit-text-fill-color") or self._cascade.value(node, "color")
        attributes = node.attributes
        if said or not attributes or node.tag not in {"font", "body"}:
            return said
        return (attributes.get("color" if node.tag == "font" else "text") or "").strip().lower()

    def unseen(self, node: LexborNode) -> HiddenBy | None:
        """What hides the text of an element that stands in it directly; None if it can be read."""
        ink = self._ink(node)
        if ink is None or self._is_lit(node):
            return None
        if ink.alpha <= NEARLY_CLEAR:
            return "transparent"
        ground = self._ground(node)
        if ground is None:
            return None
        return "in the colour of its ground" if are_alike(ink.over(ground), ground) else None

    def _is_lit(self, node: LexborNode) -> bool:
        """True for letters that are seen by something else: a shadow, an outline, a picture cut out."""
        names = ("text-shadow", "-webkit-text-stroke")
        shown = any(self._cascade.value(node, name) not in {"", "none", "0"} for name in names)
        return shown or self._cascade.value(node, "background-clip") == "text"

    def _ink(self, node: LexborNode) -> Colour | None:
        if node.mem_id not in self._inks:
            self._inks[node.mem_id] = self._find_ink(node)
        return self._inks[node.mem_id]

    def _find_ink(self, node: LexborNode) -> Colour | None:
        said = self.own_ink(node)
        if self._cascade.is_partial and not self._names_own_ink(node):
            attributes = node.attributes
            if said or "class" in attributes or "id" in attributes or node.tag in _PAGE:
                return None  # a linked sheet may say otherwise
        if said == "initial":
            return BLACK
        if said not in _INHERITED:
            return attribute_colour(said) if node.tag in {"font", "body"} else parse_colour(said)
        if said == "" and _is_link(node):
            return LINK
        return self._ink(node.parent) if node.parent is not None and node.parent.is_element_node else BLACK

    def _ground(self, node: LexborNode) -> Colour | None:
        if node.mem_id not in self._grounds:
            self._grounds[node.mem_id] = self._find_ground(node)
        return self._grounds[node.mem_id]

    def _find_ground(self, node: LexborNode) -> Colour | None:
        own = self._own_ground(node)
        if own is None or own.alpha > 1 - NEARLY_CLEAR:
            return own
        if own.alpha <= NEARLY_CLEAR and (node.tag in _OWN_GROUND or self._lies_over_others(node)):
            return None
        if self._cascade.is_partial and own.alpha <= NEARLY_CLEAR and node.tag not in _PAGE:
            return WHITE if _stands_among_others(node) else None
        parent = node.parent
        if parent is not None and parent.is_element_node:
            below = self._ground(parent)
        else:
            below = None if self._cascade.is_partial else WHITE
        return below and (own.over(below) if own.alpha > NEARLY_CLEAR else below)

    def _names_own_ink(self, node: LexborNode) -> bool:
        """True for an element that says its colour itself, as no style sheet does."""
        return node.tag == "font" or self._cascade.has_own(node, "color")

    def _own_ground(self, node: LexborNode) -> Colour | None:
        """What an element paints behind its text: `CLEAR` for nothing, None for what is not known."""
        cascade, attributes = self._cascade, node.attributes
        if (
            cascade.value(node, "background-image") not in {"", "none", "initial"}
            or "background" in attributes
        ):
            return None
        said = cascade.value(node, "background-color")
        if not said and "bgcolor" in attributes:
            return attribute_colour(attributes.get("bgcolor") or "")
        if said in {"", "none", "initial", "unset", "revert", "0"}:
            return CLEAR
        return _any_colour(said)

    def _lies_over_others(self, node: LexborNode) -> bool:
        """True for an element that may stand over a picture, or over what another one paints."""
        position = self._cascade.value(node, "position")
        if position in _OVER_OTHERS:
            return self._tree.css_first(_PICTURES) is not None or self._paints()
        return position == "relative" and node.css_first(_PICTURES) is not None

    def _paints(self) -> bool:
        grounds = map(_any_colour, self._cascade.said("background-color"))
        return any(ground is None or not are_alike(ground, WHITE) for ground in grounds)


def _stands_among_others(node: LexborNode) -> bool:
    """True for an element that no linked sheet names, in a line or between paragraphs with text like it."""
    parent, attributes = node.parent, node.attributes
    if parent is None or "class" in attributes or "id" in attributes:
        return False
    beside = parent.child
    while beside is not None:
        if beside.is_text_node and (beside.text_content or "").strip():
            return True
        if beside.tag == node.tag and not beside.attributes and beside.text(deep=True).strip():
            return True
        beside = beside.next
    return False


def _paints_like(value: str, inks: Iterable[Colour]) -> bool:
    ground = _any_colour(value)
    return ground is not None and ground.alpha > 0 and any(are_alike(ink, ground) for ink in inks)


def _any_colour(text: str) -> Colour | None:
    return parse_colour(text) or colour_in(text) or attribute_colour(text)


def _is_link(node: LexborNode) -> bool:
    return node.tag == "a" and "href" in node.attributes
