"""What of an HTML page is shown: a walk over its nodes, and which of them a browser hides."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from index.readers.builder import word_set
from index.readers.parts.tables import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from index.types import BlockKind

    Sheets = tuple[tuple[str, str], ...]

_NEVER_SHOWN = word_set(
    "annotation annotation-xml audio canvas datalist embed head map meter noscript object "
    "progress rp script style template video"
)
_FRAMES = frozenset(("nav", "header", "footer", "aside"))
_FRAME_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary"))
_ICONS = frozenset(("i", "svg", "label", "nav", "button"))
_CLOSED_ROLES = frozenset(("dialog", "alertdialog", "menu", "tooltip", "listbox", "presentation", "none"))
_CLOSED = re.compile(
    r"modal|dialog|popup|\bpum\b|overlay|lightbox|dropdown|drawer|menu|tooltip|hidden|collapse|offcanvas|carousel"
    r"|slide|clone|\bnav|[_-]nav|share|icon|slot|\bads?\b|print",
    re.IGNORECASE,
)
_FOR_SCREEN_READERS = re.compile(r"sr-only|screen-?reader|visually-?hidden|assistive", re.IGNORECASE)
_STRUCK = frozenset(("del", "s", "strike"))
_DECORATIONS = frozenset(("text-decoration", "text-decoration-line"))
_SIMPLE_SELECTOR = re.compile(r"[\w-]*[.#][\w-]+")
_DISPLAY = re.compile(
    r"(?:^|[;{\s])display\s*:\s*(table(?:-row(?:-group)?|-cell|-header-group|-footer-group|-caption)?)\b",
    re.IGNORECASE,
)
_ALIGNED = re.compile(r"(?:^|[;{\s])vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
# What is in the sheets where they are looked up, in lower case. Patterns that start with letters are fast.
_STRIKING, _SHOWN_AS_TABLE = re.compile("line-through"), re.compile(r"display\s*:\s*table")
_RAISING = re.compile(r"vertical-align\s*:\s*su[pb]")
_MOST_SELECTORS = 200  # that are looked up in one page
_LINE_NUMBERS = re.compile(
    r"(?:^|[\s_-])(?:linenos?|line-?numbers?|lnum|ln-num|blob-num|gutter)(?:$|[\s_-])", re.IGNORECASE
)
_MOST_ANCESTORS = 100
# By their names, what asks for consent to cookies.
_CONSENT = re.compile(
    r"cookie[\w-]*?(?:banner|notice|consent|bar\b|popup|modal|message|law|info\b|alert|overlay|dialog|layer)"
    r"|(?:onetrust|gdpr|ccpa|consent|cmp)[\w-]*?(?:banner|sdk|notice|popup|modal|overlay|dialog|layer|box|container)"
    r"|\bcc-window\b|cookiebot|\bcookies?[-_]?bar",
    re.IGNORECASE,
)
_MAIL_QUOTE = re.compile(r"(?:gmail|yahoo|proton\w*|zimbra|zmail|tutanota)[_-]\w*quote", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")
# A no-break space between digits belongs to a number ("12 500"); elsewhere it is a space like any other.
_LOOSE_NBSP = re.compile(r"(?<!\d)\xa0|\xa0(?!\d)")
_LONGEST_CONSENT = 3_000  # letters
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NUMBERS = re.compile(r"[\d\s]*")


def walk(root: LexborNode, skip: Callable[[LexborNode], bool]) -> Iterator[tuple[LexborNode, bool]]:
    """Every node of the tree that `skip` lets through, in order, as (node, entering), without recursion.

    An element comes twice, once before its children and once after; a text comes once; comments never.
    """
    node: LexborNode | None = root
    depth = 0
    while node is not None:
        down = None
        if node.is_text_node:
            yield node, True
        elif node.is_element_node and not skip(node):
            yield node, True
            down = node.child
            if down is None:
                yield node, False
        if down is not None:
            node, depth = down, depth + 1
            continue
        while depth and node.next is None:
            parent = node.parent
            assert parent is not None, "below the root, every node has a parent"
            node, depth = parent, depth - 1
            yield node, False
        node = node.next if depth else None


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around a node, innermost first; those far out decide nothing."""
    parent = node.parent
    for _ in range(_MOST_ANCESTORS):
        if parent is None:
            return
        yield parent
        parent = parent.parent


def next_element(node: LexborNode) -> LexborNode | None:
    """The element that follows a node directly, with nothing but white space between; else None."""
    following = node.next
    while following is not None and not following.is_element_node:
        if following.is_text_node and (following.text_content or "").strip():
            return None
        following = following.next
    return following


def is_hidden(node: LexborNode) -> bool:
    """True for an element that is not read: by its tag, or by what `mark_hidden` found."""
    if node.tag in _NEVER_SHOWN:
        return True
    attributes = node.attributes
    if not attributes:
        return node.tag == "dialog"  # shown only while it is open
    return (
        "hidden" in attributes
        or (node.tag == "dialog" and "open" not in attributes)
        or ("aria-hidden" in attributes and _is_decoration(node))
        or "pagebreak" in (attributes.get("epub:type") or attributes.get("role") or "")
    )


def _is_decoration(node: LexborNode) -> bool:
    """True for what is kept from screen readers and is no text of the page either.

    That is a sign, an icon, the drawn form of a formula, a twin of words for screen readers, or a part that
    its name says to be closed. Everything else that is only hidden from screen readers is seen.
    """
    attributes = node.attributes
    if (attributes.get("aria-hidden") or "").strip().lower() != "true":
        return False
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if node.tag in _ICONS or (attributes.get("role") or "") in _CLOSED_ROLES or _CLOSED.search(name):
        return True
    beside = [each for each in (node.prev, node.next) if each is not None and each.is_element_node]
    if any(each.css_first("math") is not None for each in beside):
        return True
    if any(_FOR_SCREEN_READERS.search(each.attributes.get("class") or "") for each in beside):
        return True
    return not re.search(r"\w", node.text(deep=True))


def letters(root: LexborNode, within: str | None = None, *, most: int = sys.maxsize) -> int:
    """How many letters are shown below `root`; only those inside `within` elements, if given.

    Of more than `most`, no more are counted.
    """
    count = inside = 0
    for node, entering in walk(root, is_hidden):
        if node.is_text_node:
            count += len("".join((node.text_content or "").split())) if inside or not within else 0
            if count >= most:
                break
        elif node.tag == within:
            inside += 1 if entering else -1
    return count


def drawing_labels(drawing: LexborNode) -> list[str]:
    """The texts that are written in a drawing."""
    labels: list[str] = []
    open_labels = 0
    for node, entering in walk(drawing, is_hidden):
        if node.is_text_node and open_labels:
            labels[-1] += node.text_content or ""
        elif node.tag == "text":
            open_labels += 1 if entering else -1
            labels += [""] if entering else []
    return [label for label in map(one_line, labels) if label]


def may_ask_for_consent(node: LexborNode) -> bool:
    """True for an element that is called like a banner that asks for consent to cookies."""
    if node.tag not in {"div", "section", "aside", "form"} or not node.attributes:
        return False
    name = f"{node.attributes.get('id') or ''} {node.attributes.get('class') or ''}"
    return _CONSENT.search(name) is not None


def asks_for_consent(node: LexborNode) -> bool:
    """True for a banner that asks for consent to cookies, of those that are called so."""
    return (
        node.css_first("button, [role=button], input[type=submit], a") is not None
        and node.css_first("h1, main, article") is None
        and letters(node, most=_LONGEST_CONSENT) < _LONGEST_CONSENT
    )


def is_quotation_of_mail(node: LexborNode) -> bool:
    """True for what a mail program repeats of another message."""
    if node.tag != "blockquote" or not node.attributes:
        return False
    attributes = node.attributes
    return (attributes.get("type") or "").lower() == "cite" or (
        _MAIL_QUOTE.search(attributes.get("class") or "") is not None
    )


def is_frame(node: LexborNode) -> bool:
    """True for an element that by its name or role stands around the text."""
    return node.tag in _FRAMES or (node.attributes.get("role") or "") in _FRAME_ROLES


def is_mostly_links(node: LexborNode) -> bool:
    """True if more than half of the letters below are links; those of buttons do not count."""
    return 2 * letters(node, "a") > letters(node) - letters(node, "button")


def is_struck(node: LexborNode) -> bool:
    """True for an element that strikes its text out by its tag or its style."""
    if node.tag in _STRUCK:
        return True
    style = node.attributes.get("style") if node.attributes else None
    return bool(style) and _strikes(style or "")


def sheets_of(tree: LexborHTMLParser) -> Sheets:
    """The page's own style sheets, each as it is and in lower case."""
    sheets = (sheet.text(deep=True) for sheet in tree.css("style"))
    return tuple((css, css.lower()) for css in sheets)


def struck_by_sheet(tree: LexborHTMLParser, sheets: Sheets) -> frozenset[int]:
    """The `mem_id` of every element that a simple rule of the page's own style sheets strikes out."""
    return frozenset(
        _styled(tree, sheets, lambda declarations: "" if _strikes(declarations) else None, _STRIKING)
    )


def display_by_sheet(tree: LexborHTMLParser, sheets: Sheets) -> dict[int, str]:
    """How elements stand by their `mem_id`, where a simple rule of the page makes a table of them."""
    return _styled(tree, sheets, table_display, _SHOWN_AS_TABLE)


def scripts_by_sheet(tree: LexborHTMLParser, sheets: Sheets) -> dict[int, str]:
    """Which elements a simple rule of the page raises ("sup") or lowers ("sub"), by `mem_id`."""
    return _styled(tree, sheets, _script_of, _RAISING)


def script_of(node: LexborNode, by_sheet: dict[int, str]) -> str | None:
    """How an element raises ("sup") or lowers ("sub") its text by tag or style; None if it does not."""
    if node.tag in {"sup", "sub"}:
        return node.tag
    if node.tag not in {"span", "font", "a", "small"} or not node.attributes:
        return None
    return _script_of(node.attributes.get("style") or "") or by_sheet.get(node.mem_id)


def _script_of(declarations: str) -> str | None:
    found = _ALIGNED.search(declarations)
    return None if found is None else "sup" if found[1].lower() == "super" else "sub"


def tab_names(tree: LexborHTMLParser) -> dict[str, str]:
    """What the tabs of a page are called, by the ids of the panels that they open."""
    panels = {panel.attributes.get("id") for panel in tree.css("[role=tabpanel]")}
    tabs = ((panel_of(tab), tab) for tab in tree.css("[role=tab]"))
    return {panel: " ".join(tab.text(deep=True).split()) for panel, tab in tabs if panel and panel in panels}


def panel_of(tab: LexborNode) -> str:
    """The id of the panel that a tab opens; "" for what is no tab."""
    attributes = tab.attributes
    if attributes.get("role") != "tab":
        return ""
    return (attributes.get("aria-controls") or attributes.get("href") or "").lstrip("#")


def table_display(declarations: str) -> str | None:
    """The value of `display` where it is one of a table: "table", "table-row", "table-cell" ..."""
    found = _DISPLAY.search(declarations)
    return found[1].lower() if found else None


def _styled(
    tree: LexborHTMLParser, sheets: Sheets, value_of: Callable[[str], str | None], named: re.Pattern[str]
) -> dict[int, str]:
    """What simple rules of the page's sheets, with `named` in them, give elements, by `mem_id`."""
    found: list[tuple[str, str]] = []
    for css, lowered in sheets:
        for rule in css.split("}") if named.search(lowered) else ():
            if named.search(rule.lower()) is None:
                continue
            before, _, declarations = rule.rpartition("{")
            value = value_of(declarations)
            if value is not None:
                listed = before.rpartition("{")[2].split(",", _MOST_SELECTORS)
                found += [(one.strip(), value) for one in listed if _SIMPLE_SELECTOR.fullmatch(one.strip())]
    return {node.mem_id: value for one, value in found[:_MOST_SELECTORS] for node in tree.css(one)}


def _strikes(declarations: str) -> bool:
    """True for a style that strikes text out: `color: red; text-decoration: line-through`."""
    if "line-through" not in declarations.lower():
        return False
    pairs = (one.partition(":") for one in declarations.lower().split(";"))
    return any(name.strip() in _DECORATIONS and "line-through" in value.split() for name, _, value in pairs)


def is_line_numbers(node: LexborNode) -> bool:
    """True for the numbers beside the lines of a listing: an element named so that holds only numbers."""
    if node.tag not in {"span", "td", "div", "a", "pre"}:
        return False
    name = node.attributes.get("class") if node.attributes else None
    if name and _LINE_NUMBERS.search(name):
        return _holds_only_numbers(node)
    if node.tag == "td" and (beside := next_element(node)) is not None and node.css_first("pre") is not None:
        return beside.css_first("pre") is not None and _holds_only_numbers(node)
    return False


def _holds_only_numbers(root: LexborNode) -> bool:
    nodes = walk(root, lambda _: False)
    return all(_NUMBERS.fullmatch(node.text_content or "") for node, _ in nodes if node.is_text_node)


def collapse(text: str) -> str:
    """`text` with white space run together as a browser does; none is left around a line break."""
    return re.sub(r" ?\v ?", "\v", _SPACES.sub(" ", _LOOSE_NBSP.sub(" ", text)))


def kind_of(tag: str) -> tuple[BlockKind, int] | None:
    """What blocks directly inside a `tag` element are; None where the element around it decides."""
    if tag in _HEADINGS:
        return "heading", _HEADINGS[tag]
    if tag in {"li", "dt", "dd"}:
        return "item", 0
    if tag in {"pre", "listing", "xmp"}:
        return "code", 0
    return None
