"""Mailboxes (.mbox) to text: every message with its headers, in the order of the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from index.errors import ReadError
from index.readers.builder import TextBuilder
from index.readers.markup.mail.attachments import Attachments
from index.readers.markup.mail.message import add_message, parse_message
from index.types import Reading

_MOST = 10_000  # messages of one mailbox
# The line before each message: "From ann@a.example Tue May  7 10:00:00 2024".
_SEPARATOR = re.compile(rb"(?:\A|(?<=\n))From [^\r\n]{0,300}\d{2}:\d{2}[^\r\n]{0,40}\d{4}[^\r\n]{0,40}\r?\n")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_mbox(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The messages of a mailbox, each under its subject; a mailbox has no title and no date of its own.

    Raises ReadError for what holds no message.
    """
    builder = TextBuilder()
    attachments = Attachments()
    damaged = 0
    messages = _messages(data)
    for message in islice(messages, _MOST):
        try:
            add_message(builder, parse_message(message, any_headers=True), attachments)
        except ReadError:
            damaged += 1
    if builder.is_empty:
        raise ReadError("not a mailbox: there is no message in it", "export it again from the mail program")
    builder.notes = [
        f"{note} ({count:,} times)" if count > 1 else note for note, count in Counter(builder.notes).items()
    ]
    if damaged:
        builder.notes.append(f"{damaged:,} of its messages could not be read")
    if more := sum(1 for _ in messages):
        builder.notes.append(f"only the first {_MOST:,} messages were read; {more:,} more are in it")
    builder.notes += attachments.notes()
    return builder.reading()


def _messages(data: bytes) -> Iterator[bytes]:
    """The bytes of each message without the line before it; lines marked for its sake are mended."""
    start = None
    for separator in _SEPARATOR.finditer(data):
        if start is not None:
            yield _QUOTED_FROM.sub(rb"\1", data[start : separator.start()])
        start = separator.end()
    if start is not None:
        yield _QUOTED_FROM.sub(rb"\1", data[start:])
