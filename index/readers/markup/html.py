"""HTML to text blocks: what a person would read on the page, without navigation and the like.

Nothing is fetched, no script is run and no style sheet is read: an element that a class in a separate style
sheet hides is not noticed. Navigation, headers and footers of the page are left out by these rules, in order:

1. A page with one `<main>` (or `role="main"`) that holds text is read there and nowhere else.
2. Within `<main>` or `<article>`, `nav`, `aside` and `footer` are left out; `header` (title, byline) is read.
3. Elsewhere, `nav`, `header`, `footer` and `aside` (or the like ARIA roles) are left out where the page has
   an `<article>`, and else where more than half of their letters are links.
4. Where that leaves nothing at all, everything that is shown is read.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.builder import TextBuilder, superscript, word_set
from index.readers.encoding import decode
from index.readers.markup.html_metadata import Head, head_of
from index.types import BlockKind, Dated, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_NEVER_SHOWN = word_set(
    "annotation annotation-xml audio canvas datalist embed head iframe input map meter noscript object "
    "option progress rp rt script select style svg template textarea video"
)
_INLINE = word_set(
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i img ins kbd label mark math "
    "mi mn mo mrow ms msub msup mtext nobr output picture q rb ruby s samp small span strike strong sub "
    "sup time tt u var wbr"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_FRAMES = frozenset(("nav", "header", "footer", "aside"))
_FRAME_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary"))
_LAYOUT = "table, h1, h2, h3, h4, h5, h6, pre, blockquote"
_HIDDEN_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE
)
_SPACES = re.compile(r"[ \t\n\r\f]+")
# A no-break space between digits belongs to a number ("12 500"); elsewhere it is a space like any other.
_LOOSE_NBSP = re.compile(r"(?<!\d)\xa0|\xa0(?!\d)")
# The encoding a page names: <meta charset="utf-8">, <meta … content="text/html; charset=utf-8">.
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
# What browsers take these labels for (WHATWG Encoding Standard).
_WEB_MEANING = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
_WEB_CODECS = (
    "utf-8",
    "cp125",
    "cp866",
    "cp874",
    "cp932",
    "cp949",
    "iso8859",
    "iso2022_jp",
    "koi8",
    "euc",
    "gb18030",
    "big5",
    "mac",
)
# An element closed at once ("<title/>") that HTML does not know as empty.
_XHTML_EMPTY = re.compile(
    r"<((?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)[A-Za-z][\w:-]*)"
    r"((?:\s[^<>]*?)?)/>"
)


def read_html(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The shown text of an HTML file.

    `encoding` is what a byte-order mark or a `<meta charset>` names, else what was detected. The date comes
    from `article:published_time`, JSON-LD `datePublished` or the first `<time datetime>`, in that order.

    Raises ReadError for a file that shows no text.
    """
    markup, encoding, notes = _decoded(data)
    builder = TextBuilder(notes=list(notes))
    head = add_html(builder, markup)
    if not builder.length:
        raise ReadError("the page shows no text", "if a script writes its text, save the page as it is shown")
    date = Dated(head.date, "metadata") if head.date else None
    return builder.reading(title=head.title or builder.first_heading(), date=date, encoding=encoding)


def add_html(builder: TextBuilder, markup: str) -> Head:
    """Append the shown text of `markup` to `builder`, and give its title and date."""
    from selectolax.lexbor import LexborHTMLParser

    # A NUL or a lone surrogate is no part of HTML, and the parser takes UTF-8 only.
    tree = LexborHTMLParser(markup.replace("\0", "").encode("utf-8", "replace").decode("utf-8"))
    before = builder.length
    has_main = tree.css_first("main, article, [role=main]") is not None
    _BlockCollector(builder, has_main).walk(_main_text(tree))
    if builder.length == before and tree.body is not None:
        _BlockCollector(builder, has_main, keep_frames=True).walk(tree.body)
    return head_of(tree)


def from_xhtml(markup: str) -> str:
    """`markup` with XHTML's empty elements (`<title/>`) closed as HTML wants it (`<title></title>`)."""
    return _XHTML_EMPTY.sub(r"<\1\2></\1>", markup)


def _decoded(data: bytes) -> tuple[str, str | None, tuple[str, ...]]:
    """Text, encoding and notes: a byte-order mark counts first, then the page's own word, then detection."""
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        codec = _codec(declared[1].decode("ascii", "replace"))
        try:
            if codec:
                return data.decode(codec), codec, ()
        except UnicodeDecodeError:
            pass  # not what it says: let the bytes speak
    decoded = decode(data)
    return decoded.text, decoded.encoding, decoded.notes


def _codec(label: str) -> str | None:
    """The codec for an encoding's label in a page; None for one that no page is written in.

    By the Web's rules Latin-1 means Windows-1252, and a page that says UTF-16 in ASCII is UTF-8.
    """
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    name = _WEB_MEANING.get(name, name)
    return name if name.startswith(_WEB_CODECS) else None


def _main_text(tree: LexborHTMLParser) -> LexborNode:
    """The element to read: the only `<main>` with text in it, else the body."""
    mains = [node for node in tree.css("main, [role=main]") if not _is_hidden(node)]
    if len(mains) == 1 and _letters(mains[0]):
        return mains[0]
    body = tree.body
    assert body is not None, "an HTML parser always makes a body"
    return body


def _walk(root: LexborNode, skip: Callable[[LexborNode], bool]) -> Iterator[tuple[LexborNode, bool]]:
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


def _is_hidden(node: LexborNode) -> bool:
    """True for an element that a browser does not show, as far as its own tag and attributes tell."""
    if node.tag in _NEVER_SHOWN:
        return True
    attributes = node.attributes
    if not attributes:
        return node.tag == "dialog"  # shown only while it is open
    return (
        "hidden" in attributes
        or (node.tag == "dialog" and "open" not in attributes)
        or (attributes.get("aria-hidden") or "").strip().lower() == "true"
        or _HIDDEN_STYLE.search(attributes.get("style") or "") is not None
    )


def _letters(root: LexborNode, within: str | None = None) -> int:
    """How many letters are shown below `root`; only those inside `within` elements, if given."""
    count = inside = 0
    for node, entering in _walk(root, _is_hidden):
        if node.is_text_node:
            count += len("".join((node.text_content or "").split())) if inside or not within else 0
        elif node.tag == within:
            inside += 1 if entering else -1
    return count


def _is_frame(node: LexborNode) -> bool:
    """True for an element that by its name or role stands around the text."""
    return node.tag in _FRAMES or (node.attributes.get("role") or "") in _FRAME_ROLES


@dataclass(slots=True)
class _BlockCollector:
    """One walk over a page: inline text gathers until an element that breaks the line makes a block of it."""

    builder: TextBuilder
    has_main: bool  # the page marks its text by <main> or <article>
    keep_frames: bool = False
    _inline: list[str] = field(default_factory=list)
    _kinds: list[tuple[BlockKind, int]] = field(default_factory=lambda: [("paragraph", 0)])
    _cells: list[str] | None = None  # of the table row we are in
    _row: LexborNode | None = None
    _superscripts: list[int] = field(default_factory=list)
    _mains: int = 0  # open <main> and <article> elements
    _frames: int = 0  # open frame elements that were kept

    def walk(self, root: LexborNode) -> None:
        """Append every block below `root`."""
        for node, entering in _walk(root, self._skip):
            if node.is_text_node:
                self._inline.append((node.text_content or "").replace("\v", " "))
            elif entering:
                self._enter(node)
            else:
                self._leave(node)
        self._flush()

    def _skip(self, node: LexborNode) -> bool:
        if _is_hidden(node) or (node.tag == "button" and self._kinds[-1][0] != "heading"):
            return True
        if self.keep_frames or self._frames or not _is_frame(node):
            return False
        if self._mains:
            return node.tag != "header"
        return self.has_main or 2 * _letters(node, "a") > _letters(node)

    def _enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        self._mains += tag in {"main", "article"}
        self._frames += _is_frame(node)
        if tag == "br":
            self._inline.append("\v")
        elif tag == "sup":
            self._superscripts.append(len(self._inline))
        elif tag not in _INLINE:
            self._break()
            if tag == "tr" and self._cells is None and _is_data_row(node):
                self._cells, self._row = [], node
            elif kind := _kind_of(tag):
                self._kinds.append(kind)

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        self._mains -= tag in {"main", "article"}
        self._frames -= _is_frame(node)
        if tag == "sup":
            start = self._superscripts.pop() if self._superscripts else len(self._inline)
            self._inline[start:] = [superscript("".join(self._inline[start:]))]
        elif tag not in _INLINE and tag != "br":
            if self._cells is not None:
                self._leave_in_row(node, tag)
                return
            self._flush()
            if _kind_of(tag):
                self._kinds.pop()

    def _leave_in_row(self, node: LexborNode, tag: str) -> None:
        """Close a cell or the row; anything else in a cell only separates words."""
        assert self._cells is not None
        self._inline.append(" ")
        if tag in {"td", "th"} or node == self._row:
            cell = _collapse("".join(self._inline)).replace("\v", " ").strip()
            self._cells += [cell] if cell else []
            self._inline.clear()
        if node == self._row:
            self.builder.add("row", " | ".join(self._cells))
            self._cells = self._row = None

    def _break(self) -> None:
        """An element begins that starts a new line: a new block, or within a table cell a space."""
        if self._cells is None:
            self._flush()
        else:
            self._inline.append(" ")

    def _flush(self) -> None:
        """Make a block of what has gathered; an empty line (`<br><br>`) ends a paragraph too."""
        text = "".join(self._inline)
        self._inline.clear()
        self._superscripts.clear()
        kind, level = self._kinds[-1]
        if kind == "code":
            self.builder.add(kind, text.replace("\v", "\n"))
            return
        for part in re.split(r"\v{2,}", _collapse(text)):
            line = part.strip(" \v").replace("\v", "\n")
            if kind == "heading":
                line = " ".join(line.removesuffix("¶").split())
            self.builder.add(kind, line, level)


def _kind_of(tag: str) -> tuple[BlockKind, int] | None:
    """What blocks directly inside a `tag` element are; None where the element around it decides."""
    if tag in _HEADINGS:
        return "heading", _HEADINGS[tag]
    if tag in {"li", "dt", "dd"}:
        return "item", 0
    if tag in {"pre", "listing", "xmp"}:
        return "code", 0
    return None


def _is_data_row(row: LexborNode) -> bool:
    """False for a row that only lays out a page: one cell, or a table or headings inside."""
    cells, child = 0, row.child
    while child is not None:
        cells += child.tag in {"td", "th"}
        child = child.next
    return cells > 1 and row.css_first(_LAYOUT) is None


def _collapse(text: str) -> str:
    """`text` with white space run together as a browser does; none is left around a line break."""
    return re.sub(r" ?\v ?", "\v", _SPACES.sub(" ", _LOOSE_NBSP.sub(" ", text)))
