"""What the body of an error says, wherever a server puts it: JSON of any shape, text, a web page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

DEEPEST = 8  # objects within each other that are looked into for words
MOST_ERRORS = 10  # of a list of errors
LONGEST_WORDS = 100_000  # characters of a body that are searched for what it says

# Where words stand, those for people first; some servers write several, and a mere kind under "error".
_MESSAGES = (
    *("message", "detail", "error_description", "msg", "error_message", "error_msg", "errorMessage"),
    *("Message", "details", "description", "status_msg", "faultstring", "reason", "title"),
)
_HOLDERS = ("error", "errors", "detail", "fault", "base_resp", "Error", "response", "body")
_CODES = (
    "code",
    "type",
    "status",
    "statusCode",
    "status_code",
    "error_code",
    "errorCode",
    "err_code",
    "param",
)
_TITLE = re.compile(r"<(title|h1)\b[^>]*>(.*?)</\1", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What an error's body says: `message` for people, `codes` for programs, `words` is all of it."""

    message: str = ""
    codes: frozenset[str] = frozenset()
    words: str = ""


def parse_error_body(body: bytes) -> ErrorBody:
    """The message in a body, wherever that server puts it; of a web page its title."""
    words = body.decode("utf-8", "replace").lstrip("\ufeff").strip()
    shown = words[:LONGEST_WORDS]
    for text in (words, words.removeprefix("data:").removeprefix("error:").strip()):
        try:
            return parse_error(json.loads(text), shown)
        except (ValueError, RecursionError):
            continue
    return ErrorBody(page_title(shown) if is_page(shown) else shown, words=shown)


def parse_error(content: object, words: str = "") -> ErrorBody:
    """The same for a body already parsed, or the error object of a stream."""
    words = words or json.dumps(content)[:LONGEST_WORDS]
    codes = frozenset(
        str(holder[name])
        for holder in _objects(content, DEEPEST)
        for name in _CODES
        if isinstance(holder.get(name), str | int) and not isinstance(holder[name], bool)
    )
    return ErrorBody(_said(content, DEEPEST)[:LONGEST_WORDS], codes, words)


def is_failure(reply: dict[str, object]) -> bool:
    """True for an answer that holds an error in place of an answer, or beside the beginning of one.

    Servers give errors with status 200, and gateways within a stream: under "error" or "errors", as an object
    that calls itself one, as bare words where an answer's choices should be, or as a choice that failed.
    """
    if reply.get("error") or reply.get("errors"):
        return True
    choices = reply.get("choices")
    if isinstance(choices, list) and choices:
        return _failed_choice(choices) is not None
    if "data" in reply or "usage" in reply or isinstance(choices, list):
        return False
    if "error" in (reply.get("object"), reply.get("type"), reply.get("status")):
        return True
    worded = any(isinstance(reply.get(name), str) and reply[name] for name in _MESSAGES)
    return worded or any(reply.get(name) for name in ("detail", "base_resp", "fault"))


def _failed_choice(choices: object) -> object | None:
    first = choices[0] if isinstance(choices, list) and choices else None
    return first.get("error") or None if isinstance(first, dict) else None


def is_page(text: str) -> bool:
    """True for HTML or XML."""
    return text.lstrip()[:1] == "<"


def page_title(text: str) -> str:
    """The title of a web page, or its first heading; nothing if it has neither."""
    titles = (_TAG.sub(" ", found[2]) for found in _TITLE.finditer(text[:LONGEST_WORDS]))
    return next((unescape(" ".join(title.split())) for title in titles if title.strip()), "")


def _objects(content: object, depth: int) -> Iterator[dict[str, object]]:
    """Every object of an error that may hold words or codes, from the outermost inwards."""
    if isinstance(content, str):
        content = _embedded(content)
    if depth and isinstance(content, list):
        for value in content[:MOST_ERRORS]:
            yield from _objects(value, depth - 1)
    elif depth and isinstance(content, dict):
        yield content
        for value in _inside(content):
            yield from _objects(value, depth - 1)


def _inside(holder: dict[str, object]) -> list[object]:
    """What an object holds that may be an error itself; in its metadata, that of a server behind it."""
    metadata = holder.get("metadata")
    behind = [metadata.get("raw")] if isinstance(metadata, dict) else []
    behind.append(_failed_choice(holder.get("choices")))
    return [*filter(None, behind), *(holder[name] for name in (*_HOLDERS, "message") if name in holder)]


def _embedded(text: str) -> object:
    """The JSON that a text is, as a gateway passes on an error of the server behind it; else None."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _said(content: object, depth: int) -> str:
    """The words for people: those of the innermost object that has any, a bare text where none has."""
    if isinstance(content, str):
        inner = _embedded(content)
        return content.strip() if inner is None else _said(inner, depth)
    if depth and isinstance(content, list):
        return next(filter(None, (_said(value, depth - 1) for value in content[:MOST_ERRORS])), "")
    if not depth or not isinstance(content, dict):
        return ""
    own = next(filter(None, (_own(content.get(name)) for name in _MESSAGES)), "")
    inside = _inside(content)
    inner = next(filter(None, (_said(value, depth - 1) for value in inside if not _own(value))), "")
    words = inner or own or next(filter(None, map(_own, inside)), "")
    behind = _metadata_words(content)
    words = f"{words}: {behind}" if behind and words == own and behind != words else words
    place = content.get("loc")
    return f"{'.'.join(map(str, place))}: {words}" if isinstance(place, list) and words else words


def _own(value: object) -> str:
    """A text that is one, and no JSON."""
    return value.strip() if isinstance(value, str) and _embedded(value) is None else ""


def _metadata_words(holder: dict[str, object]) -> str:
    metadata = holder.get("metadata")
    return _own(metadata.get("raw")) if isinstance(metadata, dict) else ""
