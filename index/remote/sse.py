"""Server-sent events: a stream of bytes to the data of each event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Event:
    """The lines of data of one event; `ended` is False if the end of the bytes came before its empty line."""

    lines: tuple[bytes, ...]
    ended: bool = True

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
    for line in _lines(chunks):
        bare = line.removeprefix(BYTE_ORDER_MARK)
        if not bare:
            if data:
                yield Event(tuple(data))
            data = []
        elif bare == b"data" or bare.startswith(b"data:"):
            data.append(bare[5:].removeprefix(b" "))
    if data:
        yield Event(tuple(data), ended=False)


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
