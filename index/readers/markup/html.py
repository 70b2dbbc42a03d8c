"""HTML to text: what a person would read on the page, without navigation and the like.

Nothing is fetched and no script is run. What the page's own style sheets and attributes hide is left out (see
`css/`), and kept apart; sheets that are only linked are not read. Navigation, headers and footers of the page
are left out by these rules, in order:

1. A page with one `<main>` (or `role="main"`) that holds text is read there and nowhere else.
2. Within `<main>` or `<article>`, `nav` is left out, and `aside` and `footer` where more than half of their
   letters are links; `header` (title, byline) is read. The `footer` of a quotation or a figure always is.
3. Elsewhere, `nav`, `header`, `footer` and `aside` (or the like ARIA roles) are left out where the page has
   an `<article>`, and else where more than half of their letters are links.
4. Where that leaves nothing at all, everything that is shown is read.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.builder import TextBuilder
from index.readers.encoding import decode
from index.readers.limits.limits import limits_now, too_deep
from index.readers.markup.css.unseen import comments, hide_texts
from index.readers.markup.html_blocks import LeftOut, add_blocks, page_text
from index.readers.markup.html_metadata import Head, head_of
from index.readers.markup.html_tree import is_hidden, letters
from index.readers.markup.labels import web_codec
from index.types import Dated, Reading

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# The encoding a page names: <meta charset="utf-8">, <meta … content="text/html; charset=utf-8">.
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
# Elements before which the parser looks for an open paragraph, through all that are open.
_NESTED = re.compile(
    r"<(/?)(?:address|article|aside|blockquote|center|details|div|dl|fieldset|figure|footer|form|header|main|"
    r"nav|ol|pre|section|summary|table|ul)(?=[\s>])",
    re.IGNORECASE,
)
# The time that the parser takes grows with the square of a tag's attributes.
_MOST_ATTRIBUTES = 1_000
_LONG = 3_000  # characters: a tag with too many attributes has more
_LONG_TAG = re.compile(r"(?P<name>[A-Za-z][\w:-]*+)(?P<attributes>[\s/][^<>]*+)>")
_ATTRIBUTE = re.compile(r"""[^\s"'/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"']++))?+""")
# An element closed at once ("<title/>") that HTML does not know as empty.
_XHTML_EMPTY = re.compile(
    r"<((?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)[A-Za-z][\w:-]*)"
    r"((?:\s[^<>]*?)?)/>"
)


def read_html(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The shown text of an HTML file.

    `encoding` is what a byte-order mark or a `<meta charset>` names, else what was detected. The date comes
    from `article:published_time`, JSON-LD `datePublished` or the first `<time datetime>`, in that order.

    Raises ReadError for a file that shows no text, or is nested beyond reason.
    """
    markup, encoding, notes = decode_html(data)
    builder = TextBuilder(notes=list(notes))
    head = add_html(builder, markup)
    if builder.is_empty:
        raise ReadError("the page shows no text", "if a script writes its text, save the page as it is shown")
    date = Dated(head.date, "metadata") if head.date else None
    return builder.reading(title=head.title or builder.first_heading(), date=date, encoding=encoding)


def add_html(builder: TextBuilder, markup: str) -> Head:
    """Append the shown text of `markup` to `builder`, and give its title and date."""
    left_out = LeftOut()
    head = add_page(builder, markup, left_out)
    builder.notes += left_out.notes()
    return head


def add_page(builder: TextBuilder, markup: str, left_out: LeftOut, *, frames_alone: bool = True) -> Head:
    """Append one page of several; `left_out` counts what of them was not read.

    `frames_alone` is rule 4: a page of nothing but navigation is read. Raises ReadError for a page nested so
    deeply that parsing it would take minutes.
    """
    _refuse_depth(markup)
    markup = _with_few_attributes(markup)
    from selectolax.lexbor import LexborHTMLParser

    # A NUL or a lone surrogate is no part of HTML, and the parser takes UTF-8 only.
    tree = LexborHTMLParser(markup.replace("\0", "").encode("utf-8", "replace"))
    before = builder.length
    page = page_text(tree, left_out)
    add_blocks(builder, _main_text(tree), page)
    if builder.length == before and frames_alone and tree.body is not None:
        add_blocks(builder, tree.body, page, frames=True)
    hide_texts(builder, tree, page.opened)
    for comment in comments(markup):
        builder.hide(comment, "a comment in the markup")
    return head_of(tree)


def _refuse_depth(markup: str) -> None:
    depth, deepest = 0, limits_now().depth
    if markup.count("<") <= deepest:
        return
    for tag in _NESTED.finditer(markup):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > deepest:
            raise too_deep()


def _with_few_attributes(markup: str) -> str:
    """`markup` with no more attributes in a tag than an author writes."""
    parts = markup.split("<")
    if max(map(len, parts)) <= _LONG:
        return markup
    text, *tags = parts
    return "<".join((text, *(_few_attributes(tag) if len(tag) > _LONG else tag for tag in tags)))


def _few_attributes(tag: str) -> str:
    """A tag and the text after it, with the first attributes of the tag alone."""
    found = _LONG_TAG.match(tag)
    if found is None or len(found["attributes"]) <= _LONG:
        return tag
    attributes = list(islice(_ATTRIBUTE.finditer(found["attributes"]), _MOST_ATTRIBUTES + 1))
    if len(attributes) <= _MOST_ATTRIBUTES:
        return tag
    return f"{found['name']}{found['attributes'][: attributes[-1].start()]}{tag[found.end() - 1 :]}"


def from_xhtml(markup: str) -> str:
    """`markup` with XHTML's empty elements (`<title/>`) closed as HTML wants it (`<title></title>`)."""
    return _XHTML_EMPTY.sub(r"<\1\2></\1>", markup)


def decode_html(data: bytes) -> tuple[str, str | None, tuple[str, ...]]:
    """Text, encoding and notes: a byte-order mark counts first, then the page's own word, then detection."""
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        codec = web_codec(declared[1].decode("ascii", "replace"))
        try:
            if codec:
                return data.decode(codec), codec, ()
        except UnicodeDecodeError:
            pass  # not what it says: let the bytes speak
    decoded = decode(data)
    return decoded.text, decoded.encoding, decoded.notes


def _main_text(tree: LexborHTMLParser) -> LexborNode:
    """The element to read: the only `<main>` with text in it, else the body."""
    mains = [node for node in tree.css("main, [role=main]") if not is_hidden(node)]
    if len(mains) == 1 and letters(mains[0]):
        return mains[0]
    body = tree.body
    assert body is not None, "an HTML parser always makes a body"
    return body
