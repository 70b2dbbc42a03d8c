"""Secrets masked in whatever is shown or kept: whole texts, streams, lines.

A server may give back a key in many forms: percent-encoded, escaped as JSON or HTML escape it, in base64 or
hexadecimal, broken by the end of a line, cut in half. What is compared is therefore neither text nor key, but
what remains of both without escapes, white space and case.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from functools import lru_cache
from string import ascii_letters, digits
from typing import NewType

from index.text.patterns import lazy_compile

Masked = NewType("Masked", str)  # a text without secrets; whether a terminal may have it is another question

MASK = "***"
LONGEST = 200  # characters of a server's own words that a person is shown
_SHORTEST = 4  # masking "x" would mask every x
_LOOKED_AT = 20 * LONGEST  # characters of a server's words from which those are taken
_STRONG = 12  # characters of a secret that is found in all forms and in pieces; others only as whole words
_LEAST_HELD = 3  # characters that a secret must have begun with: fewer say nothing
_BEFORE = 20  # characters that were shown, among which the first of these are, however they were escaped
_ANCHOR, _STRIDE = 5, 3  # any piece of 8 characters has one of the anchors that begin at every third place

_KEY_LIKE = lazy_compile(r"\b(?:sk|pk|rk|gsk|xai|hf|key|api)[-_][A-Za-z0-9_\-*.]{8,}", re.ASCII)
_BEARER = lazy_compile(
    r"\b(bearer|basic|(?:x-)?api[-_ ]?key\s*[:=]|(?:access_?token|api_?key|client_secret|password)=)"
    r"\s*[^\s\"',;&<>]{4,}",
    re.IGNORECASE,
)
_NO_NAME = lazy_compile(r"\d{8}|(?=[^\W_]*\d)(?=[^\W_]*[^\W\d_])[^\W_]{6,}|[a-z][A-Z][a-zA-Z]*[a-z][A-Z]")
_LOGIN = lazy_compile(r"(?<=://)[^/\s]+@")
_SECRET_NAME = lazy_compile(r"(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$")

_BASE64 = frozenset(f"{ascii_letters}{digits}+/=_-")
_OF_URLS = str.maketrans("+/", "-_")
# What stands between two characters of a key that was wrapped, and the escapes of a character.
_BETWEEN = (
    r"\\[nrt]|\\u00(?:0[9ad]|20|ad)|\\u200[b-f]|\\u(?:feff|2060)|%0[9ad]|=\r?\n"
    r"|[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+(?:[|>│┃#]+[^\S\n]*)*"
)
_ESCAPED = (
    r"%[0-9a-f]{2}|\\u00[0-9a-f]{2}|\\x[0-9a-f]{2}|\\(?=[/\"'\\])"
    r"|&#(?:\d{1,3}|x[0-9a-f]{1,2});|&(?:amp|lt|gt|quot|apos);"
)
_OTHERWISE = lazy_compile(f"(?P<between>{_BETWEEN})|(?P<escaped>{_ESCAPED})", re.IGNORECASE)
_TOKENS = lazy_compile(f"{_OTHERWISE.pattern}|.", re.IGNORECASE | re.DOTALL)
_MAY_BE_ESCAPED = lazy_compile(
    r"(?:%[0-9a-f]?|\\(?:u[0-9a-f]{0,3}|x[0-9a-f]?)?|&#?\w{0,4}|=\r?)\Z", re.IGNORECASE
)

Spans = list[tuple[int, int]]


class Secrets:
    """Values that must never be shown. No representation has them; two of equal values are equal.

    `doubtful` ones, which may be words like any other, are masked only in what is no answer.
    """

    __slots__ = ("_doubtful", "_values")

    def __init__(self, values: Iterable[str | None] = (), doubtful: Iterable[str | None] = ()) -> None:
        self._values, self._doubtful = (
            tuple(sorted({value for value in listed if value and len(value) >= _SHORTEST}))
            for listed in (values, doubtful)
        )

    def __bool__(self) -> bool:
        return bool(self._values or self._doubtful)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secrets) and self.__reduce__() == other.__reduce__()

    def __hash__(self) -> int:
        return hash(self.__reduce__())

    def __or__(self, other: Secrets) -> Secrets:
        return Secrets((*self._values, *other._values), (*self._doubtful, *other._doubtful))

    def __repr__(self) -> str:
        return f"Secrets({len(self._values)}, {len(self._doubtful)})"

    def __reduce__(self) -> tuple[type[Secrets], tuple[tuple[str, ...], tuple[str, ...]]]:
        return Secrets, (self._values, self._doubtful)

    def finder(self) -> _Finder:
        """What finds them."""
        return _finder(self._values)

    def spans(self, text: str, *, known_only: bool) -> Spans:
        """Where they stand in `text`, in whatever form, in order and apart; see `masked`."""
        if not self or not text:
            return []
        found = self.finder().spans(text)
        if not known_only:
            plain = re.finditer("|".join(map(re.escape, (*self._values, *self._doubtful))), text)
            found += [match.span() for match in plain]
        return _merged(found)


NO_SECRETS = Secrets()


def secrets_in(environ: Mapping[str, str]) -> Secrets:
    """What the environment holds under names such as `ANTHROPIC_API_KEY`, if it looks like a secret."""
    return Secrets(
        value.strip()
        for name, value in environ.items()
        if _SECRET_NAME.search(name.upper()) and looks_secret(value.strip())
    )


def looks_secret(value: str) -> bool:
    """True for what is long, in one piece, and no name: `gpt-4o-2024-08-06` is one, `k-7f3a9b0c5d` is not."""
    return len(value) >= _STRONG and not re.search(r"\s", value) and bool(_NO_NAME.search(value))


def masked(text: str, secrets: Secrets = NO_SECRETS, *, known_only: bool = False) -> Masked:
    """`text` without `secrets`, and without whatever else looks like a key or a login in a URL.

    With `known_only`, what merely looks like a secret stays: in an answer, it may be what a document says.
    """
    parts, end = [], 0
    for start, stop in secrets.spans(text, known_only=known_only):
        parts += [text[end:start], MASK]
        end = stop
    text = "".join([*parts, text[end:]])
    if known_only:
        return Masked(text)
    text = _LOGIN.sub(f"{MASK}@", text)
    text = _BEARER.sub(rf"\1 {MASK}", text)
    return Masked(_KEY_LIKE.sub(MASK, text))


def mask_line(text: str, secrets: Secrets = NO_SECRETS) -> Masked:
    """`text` masked, on one line of at most `LONGEST` characters, without control characters."""
    text = masked(text[: 10 * _LOOKED_AT], secrets)[:_LOOKED_AT]
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return Masked(line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…")


def mask_stream(pieces: Iterable[str], secrets: Secrets) -> Generator[Masked, None, None]:
    """A text in pieces without `secrets`, wherever it was cut: what may be the beginning of one waits."""
    if not secrets:
        yield from map(Masked, pieces)
        return
    held = before = ""
    try:
        for piece in pieces:
            held += piece
            cut = _certain(secrets, before, held)
            if shown := masked(held[:cut], secrets, known_only=True):
                yield shown
            before = (before + held[:cut])[-_BEFORE:]
            held = held[cut:]
    except Exception:  # what came before it counts
        if shown := masked(held, secrets, known_only=True):
            yield shown
        raise
    if shown := masked(held, secrets, known_only=True):
        yield shown


def _certain(secrets: Secrets, before: str, text: str) -> int:
    """How much of `text`, which follows `before`, no text that comes can make a part of a secret."""
    finder = secrets.finder()
    escape = _MAY_BE_ESCAPED.search(text)
    whole = escape.start() if escape else len(text)
    plain = _Plain(before + text[:whole])
    tail = 0
    while tail < len(plain.text) and any(plain.text[-tail - 1 :] in form for form in finder.forms):
        tail += 1
    cut = max(plain.starts[-tail] - len(before), 0) if tail >= _LEAST_HELD else whole
    for value in finder.words:
        begun = (size for size in range(min(len(value), len(text)), 0, -1) if value.startswith(text[-size:]))
        size = next(begun, 0)
        if size and not re.match(r"\w", (before + text[:-size])[-1:]):
            cut = min(cut, len(text) - size)
    spans = secrets.spans(text, known_only=True)
    return min([cut, *(start for start, stop in spans if start < cut < stop)])


class _Plain:
    """`text` in lower case without escapes and white space, and where each of its characters was."""

    def __init__(self, text: str) -> None:
        self.text = ""
        self.starts: list[int] = []
        self.ends: list[int] = []
        for token in _TOKENS.finditer(text):
            for character in _written(token).lower():
                self.text += character
                self.starts.append(token.start())
                self.ends.append(token.end())


def _squeezed(text: str) -> str:
    """The text of `_Plain` alone, which is had much sooner."""
    return _OTHERWISE.sub(_written, text).lower()


def _written(token: re.Match[str]) -> str:
    """What a token stands for: nothing, the character that is escaped, or itself."""
    if token["between"] is not None:
        return ""
    escape = token["escaped"]
    if escape is None:
        return token[0]
    if escape[0] == "&":
        from html import unescape

        return unescape(escape)
    digits = escape.lstrip("\\%uUxX")
    return chr(int(digits, 16)) if digits else ""


class _Finder:
    """What secrets are found by: the forms of strong ones, with their anchors, and the words of the others.

    `forms` says of each whether it is an encoded one, of which a longer run may be encoded.
    """

    def __init__(self, values: tuple[str, ...]) -> None:
        from urllib.parse import quote

        strong = [
            value for value in values if len(value) >= _STRONG and (looks_secret(value) or " " in value)
        ]
        words = {value for value in values if value not in strong}
        self.words = sorted(words | {quote(value, safe="") for value in words}, key=len, reverse=True)
        self.forms = {form: encoded for value in strong for form, encoded in _forms(value)}
        self.anchors = {form[at : at + _ANCHOR] for form in self.forms for at in range(0, len(form), _STRIDE)}
        listed = "|".join(map(re.escape, self.words))
        self.pattern = re.compile(rf"(?<!\w)(?:{listed})(?!\w)") if listed else None

    def spans(self, text: str) -> Spans:
        """Where they stand in `text`."""
        spans = [found.span() for found in self.pattern.finditer(text)] if self.pattern else []
        squeezed = _squeezed(text) if self.forms else ""
        if any(anchor in squeezed for anchor in self.anchors):
            plain = _Plain(text)
            for form, encoded in self.forms.items():
                for start, stop in _pieces(form, plain.text):
                    span = plain.starts[start], plain.ends[stop - 1]
                    spans.append(_run_of_base64(text, *span) if encoded else span)
        return spans


@lru_cache(maxsize=64)
def _finder(values: tuple[str, ...]) -> _Finder:
    return _Finder(values)


def _forms(value: str) -> Iterator[tuple[str, bool]]:
    """A secret as it stands in a plain text, in hexadecimal, and in base64 with anything before it."""
    from base64 import b64encode

    yield _squeezed(value), False
    data = value.encode()
    yield data.hex(), True
    for before in range(3):
        packed = b64encode(b"\0" * before + data).decode().rstrip("=")
        inner = packed[(0, 2, 3)[before] : -1]  # the first characters, and the last, depend on what is beside
        yield _squeezed(inner), True
        yield _squeezed(inner.translate(_OF_URLS)), True


def _pieces(form: str, plain: str) -> Iterator[tuple[int, int]]:
    """The stretches of `plain` that are a long piece of `form`."""
    least = max(_ANCHOR + _STRIDE, min(len(form) // 2, _STRONG))
    for place in range(0, len(form) - _ANCHOR + 1, _STRIDE):
        anchor = form[place : place + _ANCHOR]
        at = plain.find(anchor)
        while at >= 0:
            before = _shared(form[:place][::-1], plain[max(at - place, 0) : at][::-1])
            length = _shared(form[place:], plain[at : at + len(form) - place])
            if before + length >= least:
                yield at - before, at + length
            at = plain.find(anchor, at + length)


def _shared(a: str, b: str) -> int:
    """How many characters both begin with."""
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _run_of_base64(text: str, start: int, stop: int) -> tuple[int, int]:
    """The whole run of which a part was found."""
    while start and text[start - 1] in _BASE64:
        start -= 1
    while stop < len(text) and text[stop] in _BASE64:
        stop += 1
    return start, stop


def _merged(spans: Spans) -> Spans:
    merged: Spans = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged
