"""One walk over an HTML page that makes blocks of what is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.builder import TextBuilder, word_set
from index.readers.markup.css.sight import mark_hidden
from index.readers.markup.css.unseen import hide_texts
from index.readers.markup.html_forms import control_text, is_closed_panel, is_control, is_in_line
from index.readers.markup.html_lists import BULLET, LISTS, ItemCounter, TermList, count_items
from index.readers.markup.html_tables import (
    caption_of,
    figure_caption,
    is_caption,
    is_data_table,
    read_grid,
    table_part,
)
from index.readers.markup.html_tree import (
    ancestors,
    asks_for_consent,
    collapse,
    display_by_sheet,
    drawing_labels,
    is_frame,
    is_hidden,
    is_line_numbers,
    is_mostly_links,
    is_quotation_of_mail,
    is_struck,
    kind_of,
    may_ask_for_consent,
    panel_of,
    script_of,
    scripts_by_sheet,
    sheets_of,
    struck_by_sheet,
    tab_names,
    walk,
)
from index.readers.markup.mathml import math_text
from index.readers.parts.tables import one_line
from index.text.scripts import lowered, raised
from index.types import BlockKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_INLINE = word_set(
    "a abbr acronym b bdi bdo big cite code data dfn em font i img ins kbd label map mark "
    "nobr output picture q rb ruby samp small span strong sub sup time tt u var wbr"
)
_CONTROLS = frozenset(("input", "select", "textarea"))
_QUOTATION = frozenset(("blockquote", "figure"))
_DEEPEST = 3  # pages inside pages
_MOST_BANNERS, _MOST_SCRIPTS = 100, 20  # looked at as banners; raised and lowered within each other
_BLOCK = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|list-item)\b", re.IGNORECASE)
_ONLY_BOXES = re.compile(r"[☐☒\s\v]*")


@dataclass(slots=True)
class LeftOut:
    """How much of the pages of one file is shown and was not read."""

    struck: int = 0
    readings: int = 0  # of East Asian characters, by <rt>

    def notes(self) -> list[str]:
        """Remarks for the user."""
        counts = ((self.struck, "struck-out passage"), (self.readings, "ruby reading"))
        return [f"{count} {what}{'s' if count > 1 else ''} left out" for count, what in counts if count]


@dataclass(frozen=True, slots=True)
class PageText:
    """What holds for a whole page while it is read."""

    struck: frozenset[int]  # `mem_id` of elements that a style sheet strikes out
    display: dict[int, str]  # of elements of which a style sheet makes a table
    scripts: dict[int, str]  # of elements that a style sheet raises or lowers
    tabs: dict[str, str]  # what the tab of a panel is called, by the panel's id
    has_main: bool  # the page marks its text by <main> or <article>
    left_out: LeftOut
    depth: int = 1  # of pages inside pages
    opened: set[int] = field(default_factory=set)  # `mem_id` of hidden elements that were read


def page_text(tree: LexborHTMLParser, left_out: LeftOut, depth: int = 1) -> PageText:
    """What holds for a page that is to be read; `left_out` counts what is not."""
    mark_hidden(tree)
    has_main = tree.css_first("main, article, [role=main]") is not None
    sheets = sheets_of(tree)
    styles = (struck_by_sheet(tree, sheets), display_by_sheet(tree, sheets), scripts_by_sheet(tree, sheets))
    return PageText(*styles, tab_names(tree), has_main, left_out, depth)


def add_blocks(
    builder: TextBuilder, root: LexborNode, page: PageText, *, frames: bool = False, flat: bool = False
) -> None:
    """Append every block below `root`; with `frames` also navigation, with `flat` tables as prose."""
    _BlockCollector(builder, page, keep_frames=frames, flat=flat).walk(root)


@dataclass(slots=True)
class _BlockCollector:
    """Inline text gathers until an element that breaks the line makes a block of it."""

    builder: TextBuilder
    page: PageText
    keep_frames: bool = False
    flat: bool = False
    _inline: list[str] = field(default_factory=list)
    _kinds: list[tuple[BlockKind, int]] = field(default_factory=lambda: [("paragraph", 0)])
    _scripts: list[int] = field(default_factory=list)  # where open <sup> and <sub> began
    _lists: list[ItemCounter] = field(default_factory=list)
    _terms: list[TermList] = field(default_factory=list)
    _in_term: int = 0
    _marker: str = ""  # of a list item that has no text yet
    _opened: set[str] = field(default_factory=set)  # ids of what a button that was read opens
    _last: str = ""  # the text of the last block, which may be the caption of a table
    _mains: int = 0  # open <main> and <article> elements
    _quotations: int = 0  # open quotations of a mail
    _banners: int = 0  # elements that were looked at as banners
    _frames: int = 0  # open frame elements that were kept

    def walk(self, root: LexborNode) -> None:
        """Append every block below `root`."""
        for node, entering in walk(root, self._skip):
            if node.is_text_node:
                self._inline.append((node.text_content or "").replace("\v", " "))
            elif entering:
                self._enter(node)
            else:
                self._leave(node)
        self._flush()

    def _skip(self, node: LexborNode) -> bool:
        """True for an element that is not shown, and for one that is read here as a whole."""
        tag = node.tag or ""
        if self._is_left_out(node, tag):
            return True
        take = _WHOLE.get(tag)
        if take is not None:
            return take(self, node)
        if node.attributes and table_part(node, self.page.display) == "table":
            return self._take_table(node)
        if tag.endswith(":math"):
            return self._take_math(node)
        return self._is_chrome(node)

    def _is_left_out(self, node: LexborNode, tag: str) -> bool:
        if tag == "rt":
            self.page.left_out.readings += 1
            return True
        if is_hidden(node):
            return not self._is_opened(node)
        if not node.attributes:
            return self._is_struck(node) or (tag == "td" and is_line_numbers(node))
        if panel_of(node) in self.page.tabs or self._is_banner(node):
            return True  # a tab is written above its panel
        return self._is_struck(node) or is_line_numbers(node)

    def _is_banner(self, node: LexborNode) -> bool:
        """True for a banner that asks for consent; only so many elements are looked at."""
        if self._mains or self._banners >= _MOST_BANNERS or not may_ask_for_consent(node):
            return False
        self._banners += 1
        return asks_for_consent(node)

    def _is_opened(self, node: LexborNode) -> bool:
        """True for a hidden element that a click opens: it is read."""
        opened = bool(self._opened) and (node.attributes.get("id") or "") in self._opened
        if opened or (not self.flat and is_closed_panel(node)):
            self.page.opened.add(node.mem_id)
            return True
        return False

    def _is_struck(self, node: LexborNode) -> bool:
        struck = is_struck(node) or node.mem_id in self.page.struck
        if struck:
            self.page.left_out.struck += bool(node.text(deep=True).strip())
        return struck

    def _is_chrome(self, node: LexborNode) -> bool:
        """True for navigation and the like around the text."""
        if self.keep_frames or self._frames or not is_frame(node):
            return False
        if node.tag == "footer" and any(around.tag in _QUOTATION for around in ancestors(node)):
            return False  # it names who is quoted
        if not self._mains:
            return self.page.has_main or is_mostly_links(node)
        return node.tag != "header" and (node.tag == "nav" or is_mostly_links(node))

    def _take_math(self, node: LexborNode) -> bool:
        text = math_text(node)
        self._inline.append(f" {text} " if node.attributes.get("display") == "block" else text)
        return True

    def _take_control(self, node: LexborNode) -> bool:
        self._inline.append(control_text(node).replace("\v", " "))
        return True

    def _take_button(self, node: LexborNode) -> bool:
        """Leave out a button that is no text; True then."""
        if self._kinds[-1][0] != "heading" and not self._in_term and is_control(node):
            return True
        attributes = node.attributes
        for name in ("aria-controls", "data-bs-target", "data-target"):
            self._opened.update((attributes.get(name) or "").replace("#", " ").split())
        return False

    def _take_drawing(self, node: LexborNode) -> bool:
        """The labels of a drawing."""
        if labels := drawing_labels(node):
            self._inline.append(f" {' · '.join(labels)} ")
        return True

    def _take_frame(self, node: LexborNode) -> bool:
        """A page inside the page, where its text is in the file."""
        markup = node.attributes.get("srcdoc")
        if markup and self.page.depth < _DEEPEST and not self.flat:
            from selectolax.lexbor import LexborHTMLParser

            self._flush()
            tree = LexborHTMLParser(markup)
            if tree.body is not None:
                inner = page_text(tree, self.page.left_out, self.page.depth + 1)
                add_blocks(self.builder, tree.body, inner)
                hide_texts(self.builder, tree, inner.opened)
        return True

    def _take_table(self, node: LexborNode) -> bool:
        """A table of data, with its caption above it; False for one that lays out the page."""
        if self.flat or not is_data_table(node, self.page.display):
            return False
        self._flush()
        caption = caption_of(node)
        said = self._cell_text(caption) if caption is not None else ""
        above = said or figure_caption(node, self._cell_text)
        if not above and is_caption(self._last):
            above = self._last
        if said:
            self._add("paragraph", said)
        self._write_terms()
        self._marker = ""
        grid = read_grid(node, self._cell_text, self.page.display)
        rows = self.builder.add_table(grid.rows, headings=grid.headings, caption=above or grid.title)
        if any(rows):
            self._last = ""
        return True

    def _cell_text(self, cell: LexborNode) -> str:
        """The text of one cell on one line."""
        only = cell.child
        if only is not None and only.is_text_node and not (only.next or cell.attributes):
            text = only.text_content or ""
            if text.isascii() and text.isprintable() and cell.mem_id not in self.page.struck:
                return one_line(text)  # as most cells are: what follows takes ten times as long
        builder = TextBuilder()
        add_blocks(builder, cell, self.page, frames=True, flat=True)
        return one_line(builder.reading().text)

    def _enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "br":
            self._inline.append("\v")
        elif script_of(node, self.page.scripts):
            self._scripts.append(len(self._inline))
        elif tag == "q":
            self._inline.append("“")
        elif self._breaks_line(node, tag):
            self._flush()
            self._quotations += is_quotation_of_mail(node)
            self._mains += tag in {"main", "article"}
            self._frames += is_frame(node)
            if node.attributes.get("role") == "tabpanel":
                self._add("paragraph", self.page.tabs.get(node.attributes.get("id") or "", ""))
            self._enter_list(node, tag)
            if kind := kind_of(tag):
                self._kinds.append(kind)

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if script := script_of(node, self.page.scripts):
            start = self._scripts.pop() if self._scripts else len(self._inline)
            if len(self._scripts) < _MOST_SCRIPTS:
                write = raised if script == "sup" else lowered
                self._inline[start:] = [write("".join(self._inline[start:]))]
        elif tag == "q":
            self._inline.append("”")
        elif tag != "br" and self._breaks_line(node, tag):
            self._flush()
            self._quotations -= is_quotation_of_mail(node)
            self._mains -= tag in {"main", "article"}
            self._frames -= is_frame(node)
            self._leave_list(tag)
            if kind_of(tag):
                self._kinds.pop()

    def _breaks_line(self, node: LexborNode, tag: str) -> bool:
        if tag in _INLINE:
            attributes = node.attributes
            if not attributes:
                return False
            return bool(_BLOCK.search(attributes.get("style") or "")) or bool(
                table_part(node, self.page.display)
            )
        return not (tag == "button" and (self._kinds[-1][0] == "heading" or is_in_line(node)))

    def _enter_list(self, node: LexborNode, tag: str) -> None:
        if tag in LISTS:
            self._lists.append(count_items(node))
        elif tag == "li":
            marker = self._lists[-1].marker(node) if self._lists else BULLET
            # An item that begins with a list stands on one line with its first item: "1. a. Fill the tank."
            self._marker = marker if self._marker == BULLET else self._marker + marker
        elif tag == "dl":
            self._write_terms()
            self._terms.append(TermList())
        elif tag == "dt" and self._terms:
            self._in_term += 1
            self._terms[-1].new_term()
        elif tag == "dd" and self._terms:
            self._terms[-1].waiting = True

    def _leave_list(self, tag: str) -> None:
        if tag in LISTS and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._marker = ""
        elif tag == "dl" and self._terms:
            self._write_terms()
            self._terms.pop()
        elif tag == "dt" and self._in_term:
            self._in_term -= 1

    def _flush(self) -> None:
        """Make a block of what has gathered; an empty line (`<br><br>`) ends a paragraph too."""
        text = "".join(self._inline)
        self._inline.clear()
        self._scripts.clear()
        if not text or text.isspace():
            return
        kind, level = self._kinds[-1]
        if kind == "code":
            self._write_terms()
            self._add(kind, text.replace("\v", "\n"))
            return
        for part in re.split(r"\v{2,}", collapse(text)):
            line = part.strip(" \v").replace("\v", "\n")
            if not line or (_ONLY_BOXES.fullmatch(line) and not self.flat):
                continue
            if kind == "heading":
                line = " ".join(line.removesuffix("¶").split())
                self._write_terms()
            elif self._in_term:
                self._terms[-1].terms.append(" ".join(line.removesuffix("¶").split()))
                continue
            elif self._terms and self._terms[-1].waiting:
                line = self._with_terms(line)
            self._add(kind, line, level)

    def _with_terms(self, line: str) -> str:
        """The first text of a value, after its terms where that makes one block of them."""
        joined = None if self._marker else self._terms[-1].joined(line)
        if joined is None:
            self._write_terms()
        return joined or line

    def _write_terms(self) -> None:
        """Terms that no value takes up are blocks of their own."""
        for term in self._terms[-1].alone() if self._terms and not self._in_term else ():
            self._add("item", term)

    def _add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """Append a block; a bullet stands before it, a number is its beginning."""
        marker, self._marker = self._marker, ""
        before = marker if marker == BULLET or (kind == "code" and marker) else ""
        text = text if before else marker + text
        before = "> " * self._quotations + before
        if self.builder.add(kind, text, level, before=before):
            self._last = one_line(text)


# Elements that are read as a whole. The function says True if it was.
_WHOLE: dict[str, Callable[[_BlockCollector, LexborNode], bool]] = {
    "table": _BlockCollector._take_table,  # noqa: SLF001  a table of this class's own methods
    "math": _BlockCollector._take_math,  # noqa: SLF001
    "svg": _BlockCollector._take_drawing,  # noqa: SLF001
    "iframe": _BlockCollector._take_frame,  # noqa: SLF001
    "button": _BlockCollector._take_button,  # noqa: SLF001
    **dict.fromkeys(_CONTROLS, _BlockCollector._take_control),  # noqa: SLF001
}
