"""The JSON objects in the data of an event, told apart from pings and from the end of a stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from index.remote.decoding.sse import BYTE_ORDER_MARK, Event
from index.remote.error_body import page_title

_DONE = re.compile(r'"?\[?done\]?"?\s*\Z|\[done\]', re.IGNORECASE)
_BEGINS = re.compile(r"\{|\[\s*(?:[\[{]|\Z)")  # an object, or a list of them
_BETWEEN = re.compile(r"(?:[\s,]|data:)*")  # of two objects that a server wrote without an empty line
_TROUBLE = re.compile(
    r"\b(?:errors?|exception|fail(?:ed|ure)|overloaded|unavailable|denied|refused|exceed(?:ed|s)?"
    r"|timed? ?-?out|traceback)\b",
    re.IGNORECASE,
)
_DECODER = json.JSONDecoder()


class BrokenEvent(Exception):
    """Data that begins as JSON does, and is none; its text says why."""


class StreamDone(Exception):
    """The event that says that nothing more comes."""


def objects(event: Event) -> Iterator[dict[str, object]]:
    """The objects in the data of `event`, in order: several, if they stand one behind the other.

    Whatever else keeps a connection open (no data, a word such as "ping", a number, null) gives nothing; a
    text that speaks of an error is the object `{"error": text}`, and so is an event that is one by its name.
    Raises StreamDone at `[DONE]`, and BrokenEvent, but not for an event that was cut off by the end of the
    stream.
    """
    if event.failed:
        yield _failure(event.data)
        return
    try:
        text = event.data.removeprefix(BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError:
        _broken(event, "it is not UTF-8")
        return
    at = _next(text, 0)
    while at < len(text):
        if _DONE.match(text, at):
            raise StreamDone
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            if _BEGINS.match(text, at):
                _broken(event, "it is not JSON")
            elif text[at] == "<":
                title = page_title(text)
                _broken(event, f"a web page: {title}" if title else "a web page")
            elif _TROUBLE.search(text, at):
                yield {"error": text[at:]}
            return
        yield from _objects(value)
        at = _next(text, at)


def _failure(data: bytes) -> dict[str, object]:
    """An error by its place, JSON or bare words, as an object with the key "error"."""
    text = data.decode("utf-8", "replace").strip()
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = text
    if isinstance(content, dict) and content.get("error"):
        return content
    return {"error": content or "no reason given"}


def _next(text: str, at: int) -> int:
    """Where the next value in `text` may begin, from `at` on."""
    between = _BETWEEN.match(text, at)
    return between.end() if between else at


def _objects(value: object) -> Iterator[dict[str, object]]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one
        elif isinstance(one, str) and _TROUBLE.search(one):
            yield {"error": one}


def _broken(event: Event, why: str) -> None:
    """Raise BrokenEvent, unless the end of the stream explains it."""
    if event.ended:
        raise BrokenEvent(why)
