"""The text of one message: of its plain and its HTML form the fuller one, in blocks."""

from __future__ import annotations

import re
from collections import Counter

from index.readers.builder import TextBuilder, clean
from index.readers.markup.html import add_html
from index.readers.markup.mail.replies import MailPart, mail_parts
from index.readers.parts.tables import one_line
from index.readers.plain.text import text_blocks
from index.types import Block, Reading

_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"<?(?:https?|mailto|cid):\S+|\[image: [^]]{0,300}\]|(?<!\S)[^\s@]+@\S+", re.IGNORECASE)
_MORE = 0.1  # of its words that the other form lacks: it says more
_SHORT = 20  # characters: what is hidden and no longer may be said by chance
_FAR_MORE = 2  # times as many words that the other form lacks
# What OpenPGP puts around a signed text, and what nobody can read without a key.
_SIGNED = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z-]+: .*\n)*\n?", re.MULTILINE)
_ARMOR = re.compile(
    r"^-----BEGIN PGP (SIGNATURE|MESSAGE|(?:PUBLIC|PRIVATE) KEY BLOCK)-----.*?(?:^-----END PGP \1-----|\Z)",
    re.MULTILINE | re.DOTALL,
)


def add_body(builder: TextBuilder, plain: str, html: str, level: int) -> None:
    """Append a message that came in one form or in both; "" for a form that it lacks.

    The HTML form is read if it says more than the plain one, or has tables; not if the plain one says far
    more. Of a form that says something else and is not read, a remark tells.
    """
    if not html.strip():
        add_plain(builder, plain, level)
        return
    rich = TextBuilder()
    add_html(rich, html)
    reading = rich.reading()
    if not plain.strip():
        builder.add_reading(reading, below=level)
        builder.notes += reading.notes
        return
    rich_words, plain_words = _words(reading.text), _words(plain)
    more, less = (rich_words - plain_words).total(), (plain_words - rich_words).total()
    says_more = more > _MORE * rich_words.total()
    says_less = less > _MORE * plain_words.total()
    use_html = (says_more and not (says_less and less > _FAR_MORE * more)) or (
        bool(reading.tables) and not says_less
    )
    use_html = use_html or _shows_hidden(reading, plain)
    if says_less and says_more:
        other = "plain" if use_html else "HTML"
        builder.notes.append(f"the {other} form of the message says something else and was not read")
    if use_html:
        builder.add_reading(reading, below=level)
        builder.notes += reading.notes
    else:
        builder.hide_as(reading.left_out)
        add_plain(builder, plain, level)


def _shows_hidden(reading: Reading, plain: str) -> bool:
    """True if the plain form has what the HTML form hides, which is the one that mail programs show."""
    line = one_line(plain)
    return any(len(hidden.text) > _SHORT and hidden.text in line for hidden in reading.left_out)


def add_plain(builder: TextBuilder, text: str, level: int) -> None:
    """Append plain text; its wrapped lines are joined again, quotations and the signature stay apart."""
    for part in mail_parts(_without_armor(builder, clean(text))):
        _add_part(builder, part, level)


def _without_armor(builder: TextBuilder, text: str) -> str:
    """`text` without the marks of OpenPGP; what is encrypted is counted."""
    if "-----BEGIN PGP " not in text:
        return text
    encrypted = sum(match[1] == "MESSAGE" for match in _ARMOR.finditer(text))
    if encrypted:
        builder.notes.append(f"{encrypted} encrypted passage{'s' * (encrypted > 1)} (PGP) not read")
    plain, signed = _SIGNED.subn("", _ARMOR.sub("", text))
    return re.sub(r"^- (?=-)", "", plain, flags=re.MULTILINE) if signed else plain


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


def _words(text: str) -> Counter[str]:
    return Counter(word[0] for word in _WORD.finditer(_ADDRESS.sub(" ", text).casefold()))
