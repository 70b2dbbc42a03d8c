"""Mail (.eml) to text: the main headers, the message, and what is attached to it.

Of a message in several forms the fuller one is read. A forwarded message is read below the one that holds
it. Attached files that a reader knows are read under a heading with their name, up to twenty; the others are
named.
"""

from __future__ import annotations

import email
import email.policy
import re
from base64 import b64decode
from collections.abc import Iterator
from email.errors import InvalidBase64LengthDefect, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeAlias

from index.errors import ReadError
from index.readers.builder import TextBuilder, clean
from index.readers.encoding import decode
from index.readers.markup.html import decode_html
from index.readers.markup.labels import decode_mail, text_codec
from index.readers.markup.mail.attachments import Attachments, attached_name
from index.readers.markup.mail.body import add_body
from index.readers.markup.mail.calendar import add_calendar
from index.readers.markup.mail.replies import joined_lines
from index.types import Dated, Reading

_SHOWN = ("From", "To", "Cc", "Date")
_NEEDED = ("From", "To", "Subject", "Date", "Message-ID", "Received", "MIME-Version")
_MAX_PARTS = 1_000
_SIGNATURES = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)
_ENCRYPTED = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_ENCODED = frozenset(("base64", "quoted-printable", "x-uuencode"))
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_HINT = "save the message again from the mail program"

if TYPE_CHECKING:
    Mail: TypeAlias = Message[str, str]  # only the type checker knows that it takes parameters


def read_email(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The headers a person looks at, the text of the message and its attachments; the subject is the title.

    Raises ReadError for what holds no message, or one nested too deep to be read.
    """
    message = parse_message(data)
    builder = TextBuilder()
    attachments = Attachments()
    add_message(builder, message, attachments)
    builder.notes += attachments.notes()
    date = _date(message)
    title = header(message, "Subject") or None
    return builder.reading(title=title, date=Dated(date, "metadata") if date else None)


def parse_message(data: bytes, *, any_headers: bool = False) -> Mail:
    """The message in a file, which may be UTF-16.

    Raises ReadError if it has none of a message's headers, unless `any_headers` says that it is one.
    """
    try:
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or data[:400].count(0) > max(len(data[:400]) // 4, 9):
            message = _parsed(decode(data).text.encode())
            for part in message.walk():
                if str(part.get("Content-Transfer-Encoding", "")).strip().lower() not in _ENCODED:
                    part.set_param("charset", "utf-8")  # as it is now, whatever it says
        else:
            message = _parsed(data.removeprefix(b"\xef\xbb\xbf"))
    except (RecursionError, MessageError, ValueError, LookupError) as exc:
        raise ReadError("a message nested too deep or damaged beyond reading", _HINT) from exc
    if not any_headers and not any(message.get(key) for key in _NEEDED):
        raise ReadError("not a mail message: it has none of a message's headers", _HINT)
    return message


def _parsed(data: bytes) -> Mail:
    # The older policy: it keeps headers as they came, where the newer one parses them and can fail.
    return email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)


def add_message(builder: TextBuilder, message: Mail, attachments: Attachments) -> None:
    """Append a message and what is in it, in order."""
    waiting: list[tuple[Mail, int, bool]] = [(message, 1, True)]  # parts, their level, True for a message
    for _ in range(_MAX_PARTS):
        if not waiting:
            break
        part, level, whole = waiting.pop()
        if whole:
            _add_headers(builder, part, level)
        kind = part.get_content_type()
        inside = _inside(part)
        if kind == "message/rfc822" and inside:
            waiting += [(inner, min(level + 1, 6), True) for inner in inside]
        elif kind == "message/delivery-status":
            _add_status(builder, inside)
        elif kind == "multipart/alternative" and inside:
            rest = _add_fuller(builder, inside, attachments, level)
            waiting += [(inner, level, False) for inner in reversed(rest)]
        elif inside:
            waiting += [(inner, level, False) for inner in reversed(inside)]
        elif kind == "text/calendar" and not _file_name(part):
            _add_invitation(builder, part, attachments, level)
        elif _is_text(part):
            text = _part_text(builder, part)
            part.set_payload("")  # a large one would be in memory as often as it is gone over
            is_html = kind == "text/html"
            add_body(builder, "" if is_html else text, text if is_html else "", level)
        elif nested := _add_attachment(builder, part, attachments, level):
            waiting.append((nested, min(level + 1, 6), True))
    if waiting:
        builder.notes.append(f"only the first {_MAX_PARTS:,} parts of the message were read")
    builder.notes += _missing_ends(message)


def _missing_ends(message: Mail) -> list[str]:
    """A remark on parts that are not whole."""
    cut = sum(map(_is_cut, message.walk()))
    parts = "1 part" if cut == 1 else f"{cut} parts"
    return [f"the end of {parts} of the message is missing and was not read"] if cut else []


def leaves(part: Mail) -> Iterator[Mail]:
    """The parts of a part that hold something themselves, in order; a message inside is one."""
    waiting = [part]
    while waiting:
        node = waiting.pop()
        inside = _inside(node)
        if inside and node.get_content_maintype() == "multipart":
            waiting += reversed(inside)
        else:
            yield node


def html_text(part: Mail) -> str:
    """The markup of an HTML part, by the encoding of its header, else of the page itself."""
    data = payload_bytes(part)
    charset = part.get_content_charset()
    text = decode_mail(data, charset) if charset else None
    return decode_html(data)[0] if text is None and data.strip() else text or ""


def payload_bytes(part: Mail) -> bytes:
    """What a part holds, its transfer encoding undone."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload()).encode("utf-8", "replace")
    return _mended(payload) if _is_cut(part) else payload


def _is_cut(part: Mail) -> bool:
    """True for a part in base64 whose end is missing, which Python gives back as it came."""
    return any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.defects)


def _mended(encoded: bytes) -> bytes:
    signs = _NO_BASE64.sub(b"", encoded)
    return b64decode(signs[: len(signs) // 4 * 4])


def header(message: Mail, name: str) -> str:
    """One header decoded, on one line; as it stands where it cannot be decoded; "" if there is none."""
    raw = _raw_header(message, name)
    try:
        pieces = [
            (piece, charset and (text_codec(charset) or charset)) for piece, charset in decode_header(raw)
        ]
        value = str(make_header(pieces))
    except (MessageError, LookupError, ValueError):  # no base64, an unknown character set, not in it
        value = raw
    return " ".join(clean(value).split())


def _inside(part: Mail) -> list[Mail]:
    """The parts of a part, or the message a part holds; none for one that is a text or a file."""
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _add_headers(builder: TextBuilder, message: Mail, level: int) -> None:
    """The subject as a heading, then a line for each header that is shown."""
    builder.add("heading", header(message, "Subject"), level)
    for name in _SHOWN:
        value = header(message, name)
        if value:
            builder.add("paragraph", f"{name}: {value}")


def _add_status(builder: TextBuilder, parts: list[Mail]) -> None:
    """Why a message did not arrive: a line for each statement."""
    for part in parts:
        for name in dict.fromkeys(part.keys()):
            builder.add("paragraph", f"{name}: {header(part, name)}")


def _add_fuller(builder: TextBuilder, forms: list[Mail], attachments: Attachments, level: int) -> list[Mail]:
    """Append the fuller of the forms of one message; the files among them, which are still to be read."""
    parts = [leaf for form in forms for leaf in leaves(form)]
    texts = [part for part in parts if _is_text(part)]
    plain = next((text for part in texts if (text := _plain(builder, part)).strip()), "")
    html = "\n".join(_part_text(builder, part) for part in texts if part.get_content_type() == "text/html")
    others = [part for part in texts if part.get_content_subtype() not in {"plain", "html", "calendar"}]
    if plain.strip() or html.strip():
        add_body(builder, plain, html, level)
        builder.notes += [f"a part of the type {part.get_content_type()} was not read" for part in others]
    elif others:  # the last form is the richest
        add_body(builder, _part_text(builder, others[-1]), "", level)
    for part in texts:
        if part.get_content_type() == "text/calendar":
            _add_invitation(builder, part, attachments, level)
    return [part for part in parts if not _is_text(part)]


def _add_invitation(builder: TextBuilder, part: Mail, attachments: Attachments, level: int) -> None:
    """Append an invitation, which may come again as an attached file."""
    attachments.shown.append(payload_bytes(part).split())
    before = builder.length
    add_calendar(builder, _part_text(builder, part), min(level + 1, 6))
    if builder.length == before:
        builder.notes.append("an invitation without an entry was not read")


def _plain(builder: TextBuilder, part: Mail) -> str:
    return _part_text(builder, part) if part.get_content_type() == "text/plain" else ""


def _is_text(part: Mail) -> bool:
    """True for a part that is text of the message itself."""
    if part.get_content_maintype() != "text" or part.get_content_disposition() == "attachment":
        return False
    return part.get_content_subtype() in {"plain", "html"} or not _file_name(part)


def _part_text(builder: TextBuilder, part: Mail) -> str:
    """The text of a part by its own character set, else by detection; "" for an empty part."""
    try:
        text = _decoded(builder, part)
    except ReadError as exc:
        builder.notes.append(f"a part was not read: {exc.cause}")
        return ""
    if str(part.get_param("format", "")).lower() == "flowed":
        drop_space = str(part.get_param("delsp", "")).lower() == "yes"
        return joined_lines(text.replace("\r\n", "\n"), drop_space=drop_space)
    return text


def _decoded(builder: TextBuilder, part: Mail) -> str:
    data = payload_bytes(part)
    if not data.strip():
        return ""
    if part.get_content_type() == "text/html":
        return html_text(part)
    charset = part.get_content_charset()
    text = decode_mail(data, charset or "utf-8")
    if text is not None:
        return text
    decoded = decode(data)
    builder.notes += decoded.notes
    return decoded.text


def _add_attachment(builder: TextBuilder, part: Mail, attachments: Attachments, level: int) -> Mail | None:
    """Append an attached file, or remember its name; the message in it, if it is one."""
    kind = part.get_content_type()
    if kind in _SIGNATURES or (attachments.shown and payload_bytes(part).split() in attachments.shown):
        return None
    name = attached_name(_file_name(part), kind)
    if kind.startswith("multipart/"):
        attachments.unread.append((f"a part of type {kind}", "damaged"))
        return None
    if kind in _ENCRYPTED:
        attachments.unread.append((name, "signed or encrypted"))
        return None
    data = payload_bytes(part)
    if name.lower().endswith(".eml"):
        try:
            return parse_message(data)
        except ReadError as error:
            attachments.unread.append((name, error.cause))
            return None
    attachments.add(builder, name, data, min(level + 1, 6))
    return None


def _file_name(part: Mail) -> str:
    """The file name of a part; "" for one without, or with one in a broken encoding."""
    try:
        name = part.get_filename() or ""
        return str(make_header(decode_header(name)))
    except (MessageError, LookupError, ValueError, TypeError):
        return ""


def _raw_header(message: Mail, name: str) -> str:
    """A header as it came. Letters beyond ASCII may stand in it as they are (RFC 6532), mostly UTF-8."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            sent = str(value).encode("ascii", "surrogateescape")
            try:
                return sent.decode()
            except UnicodeDecodeError:
                return sent.decode("cp1252", "replace")
    return ""


def _date(message: Mail) -> str | None:
    """The day of the Date header where the message was written, in ISO form."""
    try:
        return parsedate_to_datetime(header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):  # what the parser raises for what is no date
        return None
