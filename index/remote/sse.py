"""Server-sent events: a stream of bytes to the data of each event."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

_LINE_END = re.compile(rb"\r\n|\n|\r")


def event_data(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The data of each event, in order, however the bytes were cut; comments (pings) give nothing.

    After the HTML standard, "Interpreting an event stream": lines end with CR LF, LF or CR, `data:` lines of
    one event are joined by LF, an empty line ends it. An event that the end of the bytes cuts off is dropped.
    What is said to be an error, by the event's name or in a line `error:` (llama.cpp's own), is given as
    `{"error": …}`.
    """
    data: list[bytes] = []
    failed = False
    for line in _lines(chunks):
        if not line:
            if data:
                yield as_error(b"\n".join(data)) if failed else b"\n".join(data)
            data, failed = [], False
        elif line.startswith((b"error:", b"event:")):
            failed = failed or line.startswith(b"error:") or line[6:].strip() == b"error"
            data += [line[6:].strip()] if line.startswith(b"error:") else []
        elif line == b"data" or line.startswith(b"data:"):
            data.append(line[5:].removeprefix(b" "))


def as_error(data: bytes) -> bytes:
    """Data that is an error by its place, JSON or bare words, as the JSON object `{"error": …}`."""
    text = data.decode("utf-8", "replace")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = text.strip() or "no reason given"
    named = isinstance(content, dict) and content.get("error")
    return json.dumps(content if named else {"error": content or "no reason given"}).encode()


def begins_events(first: bytes) -> bool:
    """True if a body that begins with the bytes `first` is a stream of events, or may become one."""
    head = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    fields = (b"data", b"event", b"id", b"retry", b"error:", b":")
    return any(head.startswith(field) or field.startswith(head) for field in fields) or b"\ndata:" in first


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
