"""The texts of a page that nobody sees: of elements that are not displayed, of templates, of comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.readers.markup.css.sight import hidden_by

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from index.readers.builder import TextBuilder

_MAY_BE_HIDDEN = "[hidden], dialog, template, noscript"
_NO_TEXT = frozenset(("script", "style", "head", "iframe", "object", "title"))
# What scripts and sheets hold is no comment of the page. Patterns that start with signs are found fast, those
# that start with letters of either case are not.
_COMMENT_OR_OTHER = re.compile(r"<(?:!--|((?i:script|style|textarea|title))\b)")
_CLOSING = {name: re.compile(rf"</(?i:{name})\s*>") for name in ("script", "style", "textarea", "title")}
_FOR_OLD_BROWSERS = re.compile(r"\[if\b|<!", re.IGNORECASE)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w{2,}")
_FEWEST_WORDS = 4  # of a comment: fewer mark a place in the markup
_FEWEST_LETTERS = 3 * _FEWEST_WORDS - 1  # of so many words, with what stands between


def hide_texts(builder: TextBuilder, tree: LexborHTMLParser, read: Container[int]) -> None:
    """Keep apart what nobody sees of a page that `mark_hidden` has seen, with what hides it, in order.

    Elements whose `mem_id` is in `read` were read all the same: a click opens them.
    """
    for node in tree.css(_MAY_BE_HIDDEN):
        by = hidden_by(node)
        if by is not None and node.mem_id not in read and not _is_inside_other(node, read):
            builder.hide(_template_text(node) if node.tag == "template" else _text_of(node), by)


def comments(markup: str) -> Iterator[str]:
    """The comments of a page that say something, without the tags of what they take out of it."""
    for comment in _comments(markup) if "<!--" in markup else ():
        if len(comment) < _FEWEST_LETTERS:
            continue
        shown = _TAG.sub(" ", _SCRIPT.sub(" ", comment)) if "<" in comment else comment
        text = " ".join(shown.split())
        if len(_WORD.findall(text)) >= _FEWEST_WORDS:
            yield text


def _comments(markup: str) -> Iterator[str]:
    at = 0
    unclosed: set[str] = set()
    while found := _COMMENT_OR_OTHER.search(markup, at):
        at = found.end()
        name = (found[1] or "").lower()
        if name and name not in unclosed:
            closing = _CLOSING[name].search(markup, at)
            if closing is None:
                unclosed.add(name)
            else:
                at = closing.end()
        elif not name and not _FOR_OLD_BROWSERS.match(markup, at):
            end = markup.find("-->", at)
            end = len(markup) if end < 0 else end
            yield markup[at:end]
            at = end + len("-->")


def _is_inside_other(node: LexborNode, read: Container[int]) -> bool:
    around = node.parent
    while around is not None and around.is_element_node:
        if around.tag in _NO_TEXT or (hidden_by(around) is not None and around.mem_id not in read):
            return True
        around = around.parent
    return False


def _template_text(node: LexborNode) -> str:
    return " ".join(_TAG.sub(" ", node.html or "").split())


def _text_of(root: LexborNode) -> str:
    parts: list[str] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_text_node:
            parts.append(node.text_content or "")
        elif node.is_element_node and node.tag not in _NO_TEXT:
            child = node.last_child
            while child is not None:
                stack.append(child)
                child = child.prev
    return " ".join(" ".join(parts).split())
