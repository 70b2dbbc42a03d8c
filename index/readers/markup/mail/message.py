"""Mail (.eml) to text: the main headers and the message; attachments are named, not read.

Quoted replies and signatures are read as part of the message.
"""

from __future__ import annotations

import email
import email.policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeAlias

from index.errors import ReadError
from index.readers.builder import TextBuilder, clean
from index.readers.encoding import decode
from index.readers.markup.html import add_html
from index.readers.plain.text import text_blocks
from index.types import Dated, Reading

_SHOWN = ("From", "To", "Cc", "Date")
_MAX_PARTS = 1_000
_HINT = "save the message again from the mail program"

if TYPE_CHECKING:
    Mail: TypeAlias = Message[str, str]  # only the type checker knows that it takes parameters


def read_email(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The headers a person looks at and the text of the message; the subject is the title.

    Of alternatives the plain text is read, else the HTML. A forwarded message inside is read as well.
    Raises ReadError for what holds no message, or one nested too deep to be read.
    """
    # The older policy: it keeps headers as they came, where the newer one parses them and can fail.
    try:
        message: Mail = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    except (RecursionError, MessageError, ValueError, LookupError) as exc:
        raise ReadError("a message nested too deep or damaged beyond reading", _HINT) from exc
    if not any(message.get(header) for header in ("From", "To", "Subject", "Date", "Message-ID")):
        raise ReadError("not a mail message: it has none of a message's headers", _HINT)
    builder = TextBuilder()
    attachments = _add_parts(builder, message)
    if attachments:
        builder.notes.append(f"attachments not read: {', '.join(attachments)}")
    date = _date(message)
    title = _header(message, "Subject") or None
    return builder.reading(title=title, date=Dated(date, "metadata") if date else None)


def _add_parts(builder: TextBuilder, message: Mail) -> list[str]:
    """Append the message and what is in it, in order; the names of its attachments."""
    attachments: list[str] = []
    waiting: list[tuple[Mail, int]] = [(message, 1)]  # parts and, for a whole message, its depth from 1
    for _ in range(_MAX_PARTS):
        if not waiting:
            break
        part, depth = waiting.pop()
        if depth:
            _add_headers(builder, part, depth)
        kind = part.get_content_type()
        inside = _inside(part)
        if _is_attachment(part):
            attachments.append(_attachment_name(part))
        elif kind == "message/rfc822" and inside:
            waiting += [(message, min(depth + 2, 6)) for message in inside]
        elif kind == "multipart/alternative" and inside:
            waiting.append((_preferred(inside), 0))
        elif inside:
            waiting += [(inner, 0) for inner in reversed(inside)]
        elif part.get_content_maintype() == "text":
            _add_text(builder, part, kind)
        else:
            attachments.append(_attachment_name(part))
    if waiting:
        builder.notes.append(f"only the first {_MAX_PARTS:,} parts of the message were read")
    return attachments


def _inside(part: Mail) -> list[Mail]:
    """The parts of a part, or the message a part holds; none for one that is a text or a file."""
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _add_headers(builder: TextBuilder, message: Mail, depth: int) -> None:
    """The subject as a heading, then a line for each header that is shown."""
    builder.add("heading", _header(message, "Subject"), depth)
    for header in _SHOWN:
        value = _header(message, header)
        if value:
            builder.add("paragraph", f"{header}: {value}")


def _preferred(alternatives: list[Mail]) -> Mail:
    """The plain text of several forms of one message, else the HTML, else the last, which is the richest."""
    for kind in ("text/plain", "text/html"):
        for part in alternatives:
            if part.get_content_type() == kind and str(part.get_payload()).strip():
                return part
    return alternatives[-1]


def _add_text(builder: TextBuilder, part: Mail, kind: str) -> None:
    """Append one text part; wrapped lines of plain text are joined again."""
    text = _decoded(builder, part)
    if kind == "text/html":
        add_html(builder, text)
        return
    text = clean(text)
    for block in text_blocks(text):
        words = block.span.of(text)
        builder.add(
            block.kind, words if block.kind == "code" else " ".join(words.split("\n")), block.level + 1
        )


def _decoded(builder: TextBuilder, part: Mail) -> str:
    """The part's text by its own character set, else by detection; "" for an empty part."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "replace")
    if not data.strip():
        return ""
    try:
        return data.decode(part.get_content_charset("utf-8"))
    except (LookupError, ValueError):  # an unknown character set, or bytes that are not in it
        pass
    try:
        decoded = decode(data)
    except ReadError as exc:
        builder.notes.append(f"a part was not read: {exc.cause}")
        return ""
    builder.notes += decoded.notes
    return decoded.text


def _is_attachment(part: Mail) -> bool:
    return part.get_content_disposition() == "attachment"


def _attachment_name(part: Mail) -> str:
    """The file name on one line, or the type for a part without a name."""
    try:
        name = part.get_filename()
    except (LookupError, ValueError, TypeError):  # a name in a broken encoding
        name = None
    return " ".join(clean(name or part.get_content_type()).split())


def _header(message: Mail, name: str) -> str:
    """One header decoded, on one line; as it stands where it cannot be decoded; "" if there is none."""
    raw = _raw_header(message, name)
    try:
        value = str(make_header(decode_header(raw)))
    except (MessageError, LookupError, ValueError):  # no base64, an unknown character set, not in it
        value = raw
    return " ".join(clean(value).split())


def _raw_header(message: Mail, name: str) -> str:
    """A header as it came. Letters beyond ASCII may stand in it as they are (RFC 6532), mostly UTF-8."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            sent = str(value).encode("ascii", "surrogateescape")
            try:
                return sent.decode()
            except UnicodeDecodeError:
                return sent.decode("latin-1")
    return ""


def _date(message: Mail) -> str | None:
    """The day of the Date header where the message was written, in ISO form."""
    try:
        return parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):  # what the parser raises for what is no date
        return None
