"""Forms of HTML: values that are filled in or chosen, and buttons that are content.

A button is a part of the page's text where it heads what it opens, is a question or stands in running text;
one in a menu, a form or the head of a page is a control and no text.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from index.readers.markup.html_tree import ancestors, is_hidden, letters, next_element, walk

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_TYPED = frozenset(
    ("", "text", "date", "datetime-local", "email", "month", "number", "tel", "time", "url", "week")
)
_BOXES = frozenset(("checkbox", "radio"))
# Where a box is a part of a form or a list; elsewhere it is a switch that a style sheet looks at.
_AROUND_BOX = frozenset(("form", "fieldset", "table", "li", "label", "p", "dd"))
_CONTROLS = frozenset(("nav", "dialog", "menu", "footer"))
_CONTROL_ROLES = frozenset(
    ("navigation", "banner", "search", "toolbar", "menubar", "menu", "tablist", "dialog", "contentinfo")
)
_PANELS = frozenset(("div", "dd", "section", "article", "p", "ul", "ol", "table"))
_NAMES_PANEL = frozenset(("h2", "h3", "h4", "h5", "h6", "dt"))
_OPENER = "[aria-expanded], [data-toggle=collapse], [data-bs-toggle=collapse]"
_SECTIONS = frozenset(("main", "article", "section"))
_MOST_WRAPPERS = 6  # elements around a button that hold nothing else
_OPENS = re.compile(r"accordion|collaps|faq|question|disclosure|expand", re.IGNORECASE)
_QUESTION = re.compile(r"[?？؟\u037e]\W*\Z")
_PAGE = "h1, h2, main, article"


def control_text(node: LexborNode) -> str:
    """What a control shows of what was filled in: a value, the chosen option, a box ☒ or ☐; else nothing."""
    if node.tag == "select":
        chosen = [option.text(deep=True) for option in node.css("option[selected]")]
        return f" {', '.join(' '.join(text.split()) for text in chosen)} "
    if node.tag == "textarea":
        return f" {node.text(deep=True)} "
    attributes = node.attributes
    kind = (attributes.get("type") or "").strip().lower()
    if kind in _BOXES:
        if not any(around.tag in _AROUND_BOX for around in ancestors(node)):
            return ""
        return " ☒ " if "checked" in attributes else " ☐ "
    return f" {attributes.get('value') or ''} " if kind in _TYPED else ""


def is_control(button: LexborNode) -> bool:
    """True for a button that is no part of the text."""
    if "aria-haspopup" in button.attributes or any(map(_holds_controls, ancestors(button))):
        return True
    text = button.text(deep=True).strip()
    if _QUESTION.search(text[-20:]) or is_in_line(button):
        return False
    return not (_opens_something(button) and _heads_text(button))


def is_closed_panel(node: LexborNode) -> bool:
    """True for a hidden element that a person opens by what stands right before it: an answer, a tab."""
    if node.tag not in _PANELS or any(map(_holds_controls, ancestors(node))) or _is_menu(node):
        return False
    if (node.attributes.get("role") or "") == "tabpanel":
        return True
    before = _element_before(node)
    if before is None:
        return False
    if before.tag in _NAMES_PANEL:
        following, other = next_element(node), _element_before(before)
        return following is None or following.tag == before.tag or (other is not None and is_hidden(other))
    opener = before if _opens_something(before) else before.css_first(_OPENER)
    return opener is not None and _has_words(before) and _has_words(node)


def _element_before(node: LexborNode) -> LexborNode | None:
    """The element right before a node, with nothing but white space between; else None."""
    before = node.prev
    while before is not None and before.is_text_node and not (before.text_content or "").strip():
        before = before.prev
    return before if before is not None and before.is_element_node else None


def _is_menu(node: LexborNode) -> bool:
    """True if more than half of what is in it are links."""
    links = sum(len(link.text(deep=True).strip()) for link in node.css("a"))
    return 2 * links > len(node.text(deep=True).strip())


def is_in_line(button: LexborNode) -> bool:
    """True if words stand beside a button in the same element: it is a part of their line."""
    for side in ("prev", "next"):
        beside = getattr(button, side)
        if beside is not None and beside.is_text_node and re.search(r"\w", beside.text_content or ""):
            return True
    return False


def _holds_controls(node: LexborNode) -> bool:
    """True for an element whose buttons serve the page: a menu, a bar, a form that is not the whole page."""
    tag = node.tag
    if tag in _CONTROLS or (node.attributes.get("role") or "") in _CONTROL_ROLES:
        return True
    if tag == "form":
        return node.css_first(_PAGE) is None
    return tag == "header" and not any(around.tag in _SECTIONS for around in ancestors(node))


def _opens_something(button: LexborNode) -> bool:
    attributes = button.attributes
    return (
        "aria-expanded" in attributes
        or "aria-controls" in attributes
        or any(key.startswith("data-") and value == "collapse" for key, value in attributes.items())
        or _OPENS.search(attributes.get("class") or "") is not None
    )


def _heads_text(button: LexborNode) -> bool:
    """True if text follows it: the element after it, or after the element whose only text it is."""
    own = letters(button)
    for node in (button, *islice(ancestors(button), _MOST_WRAPPERS)):
        if node is not button and (node.tag in _SECTIONS or node.tag == "body" or letters(node) != own):
            return False
        following = next_element(node)
        if following is not None:
            return following.tag not in {"button", "pre", "nav", "dialog"} and _has_words(following)
    return False


def _has_words(root: LexborNode) -> bool:
    """True if there are words in it, even if it is closed now."""
    nodes = walk(root, lambda node: node.tag in {"script", "style"})
    return any(node.is_text_node and re.search(r"\w", node.text_content or "") for node, _ in nodes)
