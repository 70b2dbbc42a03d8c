"""Outlook messages (.msg) to text: the main headers, the message, and what is attached to it.

The properties of a message are streams of a compound file ([MS-OXMSG]).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser

from index.errors import ReadError
from index.readers.builder import TextBuilder, clean
from index.readers.formats import read, supported
from index.readers.markup.html import decode_html
from index.readers.markup.labels import decode_mail
from index.readers.markup.mail.attachments import Attachments, attached_name
from index.readers.markup.mail.body import add_body
from index.readers.markup.mail.compound import CompoundFile
from index.readers.markup.mail.message import header
from index.readers.markup.mail.rtf_body import decompressed
from index.types import Dated, Reading

# Properties of a message, a recipient and an attachment, by their number in [MS-OXPROPS].
_CLASS, _SUBJECT, _HEADERS, _TEXT, _HTML, _RTF = "001A", "0037", "007D", "1000", "1013", "1009"
_SENDER, _SENDER_ADDRESS, _SENDER_OTHER = "0C1A", "5D01", "0C1F"
_TO, _CC, _NAME, _ADDRESS, _ADDRESS_OTHER = "0E04", "0E03", "3001", "39FE", "3003"
_LONG_NAME, _SHORT_NAME, _MIME, _DATA = "3707", "3704", "370E", "3701"
_SUBMITTED, _DELIVERED, _CODE_PAGE, _INTERNET_CODE_PAGE, _ROLE = 0x0039, 0x0E06, 0x3FFD, 0x3FDE, 0x0C15
_DEEPEST = 5  # messages in messages
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_FOLDER = re.compile(r"(__(?:attach|recip)_version1\.0_#[0-9A-Fa-f]{8})/")
_INNER = f"__substg1.0_{_DATA}000D/"


def read_msg(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The headers a person looks at, the text of the message and its attachments; the subject is the title.

    Raises ReadError for what is no Outlook message.
    """
    file = CompoundFile(data)
    message = _Message(file, "")
    if message.property_names() == ():
        raise ReadError("not an Outlook message", "save it from Outlook again, as .msg or .eml")
    builder = TextBuilder()
    attachments = Attachments()
    _add_message(builder, message, attachments, 1)
    builder.notes += attachments.notes()
    date = message.date()
    return builder.reading(
        title=message.text(_SUBJECT) or None,
        date=Dated(date.date().isoformat(), "metadata") if date else None,
    )


@dataclass(frozen=True, slots=True)
class _Message:
    """The properties of a message, or of one thing in it, whose streams begin with `folder`."""

    file: CompoundFile
    folder: str
    header_size: int = 32  # of the list of short properties

    def property_names(self) -> tuple[str, ...]:
        """The streams of its own properties."""
        start = f"{self.folder}__substg1.0_"
        return tuple(
            name for name in self.file.names if name.startswith(start) and "/" not in name[len(start) :]
        )

    def text(self, number: str) -> str:
        """A property that is text, without control characters; "" if there is none."""
        return clean(self.raw_text(number)).strip()

    def raw_text(self, number: str) -> str:
        """A property that is text, in UTF-16 or in the code page of the message."""
        data = self.file.get(f"{self.folder}__substg1.0_{number}001F")
        if data is not None:
            return data.decode("utf-16-le", "replace").rstrip("\0")
        data = self.file.get(f"{self.folder}__substg1.0_{number}001E") or b""
        return self._decoded(data.rstrip(b"\0"))

    def data(self, number: str) -> bytes:
        """A property that is bytes; none if there is none."""
        return self.file.get(f"{self.folder}__substg1.0_{number}0102") or b""

    def html(self) -> str:
        """The HTML form of the message."""
        data = self.data(_HTML).rstrip(b"\0")
        if not data.strip():
            return self.raw_text(_HTML)
        page = self.number(_INTERNET_CODE_PAGE)
        text = decode_mail(data, _label(page)) if page else None
        return decode_html(data)[0] if text is None else text

    def number(self, wanted: int) -> int | None:
        """A property that is a whole number or a time, as it stands in the list of short properties."""
        table = self.file.get(f"{self.folder}__properties_version1.0") or b""
        for at in range(self.header_size, len(table) - 15, 16):
            kind, number, value = struct.unpack_from("<HH4xQ", table, at)
            if number == wanted:
                return int(value if kind in {0x0040, 0x0014} else value & 0xFFFFFFFF)
        return None

    def date(self) -> datetime | None:
        """When it was sent, else when it arrived, in UTC."""
        ticks = self.number(_SUBMITTED) or self.number(_DELIVERED)
        try:
            return _EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    def folders(self, kind: str) -> list[str]:
        """The folders of its recipients ("recip") or attachments ("attach"), in order."""
        rest = (name[len(self.folder) :] for name in self.file.names if name.startswith(self.folder))
        found = {
            match[1] for one in rest if (match := _FOLDER.match(one)) and match[1].startswith(f"__{kind}")
        }
        return [f"{self.folder}{name}/" for name in sorted(found)]

    def _decoded(self, data: bytes) -> str:
        page = self.number(_CODE_PAGE) or self.number(_INTERNET_CODE_PAGE) or 1252
        text = decode_mail(data, _label(page))
        return data.decode("cp1252", "replace") if text is None else text


def _add_message(builder: TextBuilder, message: _Message, attachments: Attachments, level: int) -> None:
    """Append a message, then what is attached to it."""
    builder.add("heading", message.text(_SUBJECT), level)
    for line in _header_lines(message):
        builder.add("paragraph", line)
    kind = message.text(_CLASS)
    if kind and not kind.upper().startswith(("IPM.NOTE", "REPORT.")):
        builder.notes.append(
            f"an Outlook item of the kind {kind}: of its fields, only those of a mail were read"
        )
    plain, html = message.raw_text(_TEXT), message.html()
    if plain.strip() or html.strip():
        add_body(builder, plain, html, level)
    elif rtf := message.data(_RTF):
        _add_rtf(builder, rtf, level)
    for folder in message.folders("attach"):
        _add_attachment(builder, _Message(message.file, folder, 8), attachments, level)


def _header_lines(message: _Message) -> list[str]:
    """Who wrote to whom and when, as the mail servers wrote it, else by Outlook's own properties."""
    sent = BytesHeaderParser().parsebytes(message.raw_text(_HEADERS).lstrip().encode("utf-8", "replace"))
    to, cc = _recipients(message)
    date = message.date()
    found = {
        "From": header(sent, "From")
        or _person(message.text(_SENDER), message.text(_SENDER_ADDRESS) or message.text(_SENDER_OTHER)),
        "To": header(sent, "To") or to or message.text(_TO),
        "Cc": header(sent, "Cc") or cc or message.text(_CC),
        "Date": header(sent, "Date") or (f"{date:%Y-%m-%d %H:%M} UTC" if date else ""),
    }
    return [f"{name}: {value}" for name, value in found.items() if value]


def _recipients(message: _Message) -> tuple[str, str]:
    """Those it was sent to, and those who got a copy."""
    people: dict[int, list[str]] = {1: [], 2: []}
    for folder in message.folders("recip"):
        one = _Message(message.file, folder, 8)
        person = _person(one.text(_NAME), one.text(_ADDRESS) or one.text(_ADDRESS_OTHER))
        if person:
            people.setdefault((one.number(_ROLE) or 1) & 0xF, []).append(person)
    return ", ".join(people[1]), ", ".join(people[2])


def _person(name: str, address: str) -> str:
    """A name with its address; addresses of Exchange, which are paths, are left out."""
    if "@" not in address or address in name:
        return name
    return f"{name} <{address}>" if name else address


def _add_attachment(builder: TextBuilder, part: _Message, attachments: Attachments, level: int) -> None:
    inner = part.folder + _INNER
    if any(name.startswith(inner) for name in part.file.names):
        if level < _DEEPEST:
            _add_message(builder, _Message(part.file, inner, 24), attachments, level + 1)
        else:
            attachments.unread.append(
                (_Message(part.file, inner, 24).text(_SUBJECT), "a message nested too deep")
            )
        return
    name = part.text(_LONG_NAME) or part.text(_SHORT_NAME)
    attachments.add(builder, attached_name(name, part.text(_MIME)), part.data(_DATA), min(level + 1, 6))


def _add_rtf(builder: TextBuilder, data: bytes, level: int) -> None:
    """A message that has only a form in RTF, if there is a reader for it."""
    rtf = decompressed(data)
    if rtf is None or not supported("message.rtf"):
        builder.notes.append("the message is in RTF only and was not read")
        return
    try:
        builder.add_reading(read(rtf, "message.rtf"), below=level)
    except ReadError as error:
        builder.notes.append(f"the message, which is in RTF, was not read: {error.cause}")


def _label(page: int) -> str:
    """The name of a Windows code page."""
    return {65001: "utf-8", 20127: "ascii", 28591: "latin-1", 1200: "utf-16-le", 50220: "iso-2022-jp"}.get(
        page, f"iso-8859-{page - 28590}" if 28591 <= page <= 28605 else f"cp{page}"
    )
