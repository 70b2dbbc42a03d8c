"""Server-sent events: a stream of bytes to the data of each event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Event:
    """The lines of data of one event.

    ended: False if the end of the bytes came before its empty line. failed: True if it is said to be an
    error, by the event's name or in a line `error:` (llama.cpp's own).
    """

    lines: tuple[bytes, ...]
    ended: bool = True
    failed: bool = False

    @property
    def data(self) -> bytes:
        """All of it."""
        return b"\n".join(self.lines)


def events(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The events that have data, in order, however the bytes were cut; comments (pings) give nothing.

    After the HTML standard, "Interpreting an event stream": lines end with CR LF, LF or CR, `data:` lines are
    of one event until an empty line ends it. Other than there, an event that the end of the bytes cuts off is
    given too, marked as such, and a byte-order mark counts for nothing before any line: some servers write
    one with each event.
    """
    data: list[bytes] = []
    failed = False
    for line in _lines(chunks):
        bare = line.removeprefix(BYTE_ORDER_MARK)
        if not bare:
            if data:
                yield Event(tuple(data), failed=failed)
            data, failed = [], False
        elif bare.startswith(b"error:"):
            data.append(bare[6:].strip())
            failed = True
        elif bare.startswith(b"event:"):
            failed = failed or bare[6:].strip() == b"error"
        elif bare == b"data" or bare.startswith(b"data:"):
            data.append(bare[5:].removeprefix(b" "))
    if data:
        yield Event(tuple(data), ended=False, failed=failed)


def begins_events(first: bytes) -> bool:
    """True if a body that begins with the bytes `first` is a stream of events, or may become one."""
    head = first.lstrip(b" \t\r\n" + BYTE_ORDER_MARK)
    fields = (b"data", b"event", b"id", b"retry", b"error:", b":")
    return any(head.startswith(field) or field.startswith(head) for field in fields) or b"\ndata:" in first


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines without their ends, also a last one that has none.

    A CR at the end of a chunk waits: an LF may follow.
    """
    parts: list[bytes] = []  # of a line whose end has not come: joined once, not once a chunk
    for chunk in chunks:
        if parts and parts[-1].endswith(b"\r"):
            chunk = parts.pop() + chunk  # noqa: PLW2901  # the CR is read again, with what follows it
        held = b"\r" if chunk.endswith(b"\r") else b""
        *lines, rest = _LINE_END.split(chunk.removesuffix(held) if held else chunk)
        for line in lines:
            yield b"".join([*parts, line])
            parts.clear()
        parts.append(rest + held)
    if rest := b"".join(parts):
        yield from _LINE_END.split(rest)
