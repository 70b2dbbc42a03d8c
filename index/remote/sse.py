"""Server-sent events: a stream of bytes to the data of each event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LINE_END = re.compile(rb"\r\n|\n|\r")


def event_data(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The data of each event, in order, however the bytes were cut; comments (pings) give nothing.

    After the HTML standard, "Interpreting an event stream": lines end with CR LF, LF or CR, `data:` lines of
    one event are joined by LF, an empty line ends it. An event that the end of the bytes cuts off is dropped.
    """
    data: list[bytes] = []
    for line in _lines(chunks):
        if not line:
            if data:
                yield b"\n".join(data)
            data = []
        elif line == b"data" or line.startswith(b"data:"):
            data.append(line[5:].removeprefix(b" "))


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines without their ends. A CR at the end of a chunk waits: an LF may follow."""
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
