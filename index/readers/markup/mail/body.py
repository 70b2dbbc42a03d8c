"""The text of one message: of its plain and its HTML form the fuller one, in blocks."""

from __future__ import annotations

import re
from collections import Counter

from index.readers.builder import TextBuilder, clean
from index.readers.markup.html import add_html
from index.readers.markup.mail.replies import MailPart, mail_parts
from index.readers.plain.text import text_blocks
from index.types import Block

_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"<?(?:https?|mailto|cid):\S+|\[image: [^]]*\]|\S+@\S+", re.IGNORECASE)
_MORE = 0.1  # of its words that the other form lacks: it says more


def add_body(builder: TextBuilder, plain: str, html: str, level: int) -> None:
    """Append a message that came in one form or in both; "" for a form that it lacks.

    The HTML form is read if it says more than the plain one, or has tables; of a plain form that says
    something else and is not read, a remark tells.
    """
    rich = TextBuilder()
    if html.strip():
        add_html(rich, html)
    reading = rich.reading()
    says_more = _lacking(reading.text, plain) > _MORE
    says_less = _lacking(plain, reading.text) > _MORE
    use_html = says_more or (bool(reading.tables) and not says_less)
    if use_html and says_less:
        builder.notes.append("the plain form of the message says something else and was not read")
    if use_html:
        builder.add_reading(reading, below=level)
        builder.notes += reading.notes
    else:
        add_plain(builder, plain, level)


def add_plain(builder: TextBuilder, text: str, level: int) -> None:
    """Append plain text; its wrapped lines are joined again, quotations and the signature stay apart."""
    for part in mail_parts(clean(text)):
        _add_part(builder, part, level)


def _add_part(builder: TextBuilder, part: MailPart, level: int) -> None:
    if part.kind in {"introduction", "header"}:
        builder.add("paragraph", " ".join(part.text.split()))
        return
    before = "-- " if part.kind == "signature" else "> " * part.depth
    for block in text_blocks(part.text):
        marker, words = _item(part.text, block)
        kind = "paragraph" if block.kind == "heading" and part.kind != "own" else block.kind
        text = words if kind == "code" else " ".join(map(str.strip, words.split("\n")))
        builder.add(kind, text, min(block.level + level, 6), before=before + marker)
        before = "> " * part.depth


def _item(text: str, block: Block) -> tuple[str, str]:
    """The bullet before a block, if there is one, and its words; a number is the beginning of them."""
    begin = text.rfind("\n", 0, block.span.start) + 1
    marker = text[begin : block.span.start].strip()
    if not marker or block.kind != "item":
        return "", block.span.of(text)
    if any(map(str.isalnum, marker)):
        return "", f"{marker} {block.span.of(text)}"
    return f"{marker} ", block.span.of(text)


def _lacking(text: str, other: str) -> float:
    """The share of the words of `text` that `other` does not have."""
    words, others = _words(text), _words(other)
    total = sum(words.values())
    return sum((words - others).values()) / total if total else 0.0


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_ADDRESS.sub(" ", text).casefold()))
