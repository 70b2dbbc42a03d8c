"""Which of the declarations of a page hold for an element: by importance, specificity and order."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from index.readers.markup.css.rules import declarations, holds_on_screen, key_of, rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from index.readers.markup.css.rules import Declared, Rule

    _Ranked = tuple[int, Rule]  # by their order in the page

_MOST_RULES = 5_000  # that are looked at in one page
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*(?:\([^()]*\))?[^()]*))?\)")
_KEYFRAMES = re.compile(r"@(?:-webkit-)?keyframes\s+([\w-]+)")
_MOST_VARIABLES = 10  # that lead from one to the other
_ROOTS = frozenset((":root", "html", "body", "*", ":root,:host"))
_NOT_CSS = frozenset(("text/less", "text/scss", "text/template"))


class Cascade:
    """The rules and `style` attributes of one page, and what they declare for its elements.

    Only what is asked for is matched: most rules of a page's style sheets concern nothing that hides.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self.nodes: dict[int, LexborNode] = {}  # by `mem_id`, those that anything was declared for
        self._inline = {node.mem_id: self._own(node) for node in tree.css("[style]")}
        self._matches: dict[str, frozenset[int]] = {}
        self._known: dict[tuple[int, str], str] = {}
        self._keys: dict[int, tuple[str, ...]] = {}
        self._variables: dict[str, str] = {}
        self._by_name: dict[str, dict[str, list[_Ranked]]] = {}  # and by what an element must have
        css = [sheet.text(deep=True) for sheet in tree.css("style") if _is_used(sheet)]
        self.is_partial = any("@import" in sheet for sheet in css) or any(
            map(_is_linked, tree.css("link[rel][href]"))
        )
        # Where a linked sheet may colour anything, only what names its colour itself is known.
        own_colours = self.names_itself("color") or tree.css_first("font[color]") is not None
        self.tells_colours = own_colours or not self.is_partial
        self.keyframes = frozenset(name for sheet in css for name in _KEYFRAMES.findall(sheet))
        if css:
            self._read_rules(css)

    def suspects(self, name: str, test: Callable[[str], bool]) -> list[LexborNode]:
        """The elements that have a value of a property for which `test` holds."""
        keys = {
            key
            for ranked in self._by_name.get(name, {}).values()
            for _, rule in ranked
            if test(self._said(rule.declared[name]))
            for key in self._matched(rule)
        }
        keys.update(key for key, own in self._inline.items() if name in own and test(self._said(own[name])))
        nodes = (self.nodes[key] for key in sorted(keys))
        return [node for node in nodes if test(self.value(node, name))]

    def said(self, name: str) -> set[str]:
        """Every value of a property that the page names, whether or not it holds for any element."""
        inline = (own[name] for own in self._inline.values() if name in own)
        named = (rule.declared[name] for ranked in self._by_name.get(name, {}).values() for _, rule in ranked)
        return {self._said(declared) for declared in (*inline, *named)}

    def value(self, node: LexborNode, name: str) -> str:
        """The value of a property that is declared for an element itself; "" if none is."""
        place = (node.mem_id, name)
        if place not in self._known:
            self._known[place] = self._find_value(node, name)
        return self._known[place]

    def names_itself(self, name: str) -> bool:
        """True if any element declares a property in its `style` attribute."""
        return any(name in own for own in self._inline.values())

    def has_own(self, node: LexborNode, name: str) -> bool:
        """True if the `style` attribute of an element declares a property."""
        return name in self._inline.get(node.mem_id, ())

    def _find_value(self, node: LexborNode, name: str) -> str:
        own = self._inline.get(node.mem_id, {}).get(name)
        named = self._by_name.get(name)
        best: tuple[tuple[object, ...], Declared] | None = None
        if own is not None:
            best = ((own.important, True), own)
        for key in self._keys_of(node) if named else ():
            for order, rule in named.get(key, ()) if named else ():
                said = rule.declared[name]
                rank = (said.important, False, rule.weight, order)
                if (best is None or rank > best[0]) and node.mem_id in self._matched(rule):
                    best = (rank, said)
        return "" if best is None else self._said(best[1])

    def _keys_of(self, node: LexborNode) -> tuple[str, ...]:
        if node.mem_id not in self._keys:
            attributes = node.attributes
            classes = (attributes.get("class") or "").split()
            self._keys[node.mem_id] = (
                *("*", node.tag or "", f"#{attributes.get('id') or ''}"),
                *(f".{name}" for name in dict.fromkeys(classes)),
            )
        return self._keys[node.mem_id]

    def _own(self, node: LexborNode) -> Mapping[str, Declared]:
        self.nodes[node.mem_id] = node
        return declarations(node.attributes.get("style") or "")

    def _read_rules(self, css: list[str]) -> None:
        names: set[str] = set()
        for node in self._tree.css("[class], [id]"):
            attributes = node.attributes
            names.update((attributes.get("class") or "").split())
            names.add(attributes.get("id") or "")
        known = frozenset(names)
        every = (rule for sheet in css for rule in rules_of(sheet, known, colours=self.tells_colours))
        for order, rule in enumerate(islice(every, _MOST_RULES)):
            if rule.selector in _ROOTS:
                found = rule.declared.items()
                self._variables |= {name: said.value for name, said in found if name.startswith("--")}
            key = key_of(rule.selector)
            for name in rule.declared:
                self._by_name.setdefault(name, {}).setdefault(key, []).append((order, rule))

    def _matched(self, rule: Rule) -> frozenset[int]:
        """The elements that a rule is for; none where its selector is more than the parser knows."""
        if rule.selector not in self._matches:
            from selectolax.lexbor import SelectolaxError

            try:
                nodes = self._tree.css(rule.selector)
            except SelectolaxError:
                nodes = []
            self.nodes.update((node.mem_id, node) for node in nodes)
            self._matches[rule.selector] = frozenset([node.mem_id for node in nodes])
        return self._matches[rule.selector]

    def _said(self, declared: Declared) -> str:
        """A value with what its variables stand for; "" where one is not known."""
        value = declared.value
        for _ in range(_MOST_VARIABLES):
            if "var(" not in value:
                return value
            value = _VARIABLE.sub(self._stands_for, value)
        return ""

    def _stands_for(self, variable: re.Match[str]) -> str:
        known = self._variables.get(variable[1])
        return (known if known is not None else variable[2] or "?").strip().lower()


def _is_used(sheet: LexborNode) -> bool:
    attributes = sheet.attributes
    kind = (attributes.get("type") or "").strip().lower()
    return kind not in _NOT_CSS and holds_on_screen(attributes.get("media") or "")


def _is_linked(link: LexborNode) -> bool:
    """True for a link to a style sheet, which is not read."""
    return "stylesheet" in (link.attributes.get("rel") or "").lower().split()
