r"""JSON and JSON Lines to text: what the values say, in their place in the file.

A long string is prose, and a small object is a record: a string with sentences in it becomes paragraphs (cut
at its `\n`), an object of a few short values one row, and a longer one a row for each `"key": value`. The
title of an object that holds prose is a heading over it: a file of news articles then reads like them.
The scanner does not recurse, so that no depth of brackets can exhaust the stack. What is not JSON is read as
plain text, with a note. The text is the file, but for letters that are written as `\u` escapes, and slashes
as `\/`: they are read as they are meant, so that words with them are found, and no line is moved by it. Other
escapes stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.readers.encoding import Decoded, decode
from index.readers.metadata.dates import parse_date
from index.readers.paragraphs import trim, trimmed_block
from index.readers.plain.text import text_blocks
from index.types import Blocks, Dated, Reading

# White space, then a string with its escapes, a sign, or a run of anything else, which may be a scalar.
_TOKEN = re.compile(r'\s*+(?:("[^"\\]*+(?:\\.[^"\\]*+)*+")|([{}\[\]:,])|([^\s"{}\[\]:,]++))', re.DOTALL)
_SCALAR = re.compile(r"-?\d[\d.eE+-]*|true|false|null|NaN|-?Infinity")
_BREAK = re.compile(r"(?:\\r|\\n)+")  # line ends as JSON writes them: a backslash and a letter
# What labels do not have: a stop with a space behind it, a line end, a Chinese or Japanese full stop.
_PROSE = re.compile(r"[.!?…][\"'”’)]*[ ]|\\n|[。！？]")
# A letter written as an escape, or as two (a surrogate pair); any other escape.
_ESCAPE = re.compile(
    r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\.", re.DOTALL
)
# What stays an escape: controls and line ends, the two signs of JSON, halves of a pair, no characters.
_STAYS = re.compile('[\x00-\x1f"\\\\\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]')
_WORD = re.compile(r"[^\W_]")
_TITLES = frozenset(("title", "headline", "heading", "name", "subject"))
_DATES = ("date", "published", "published_at", "publication_date", "datepublished", "pubdate", "created")
_LONG = 160  # code points of a string that is more than a label
_RECORD = 400  # code points of an object that a person reads as one record
_BLOB = 300  # code points without a space: a picture in base64, not words


@dataclass(slots=True)
class _OpenContainer:
    """An object or array that is still open: its bracket, where it begins, and the first of its blocks.

    `title` is the block and the span of the words of its title, if it has one.
    """

    bracket: str
    start: int
    first: int
    key: tuple[int, int] | None = None
    prose: bool = False
    title: tuple[int, int, int] | None = None


class NotJson(ValueError):
    """The text breaks off, or holds a sign that JSON does not have there."""


def read_json(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The reading of a JSON file. Raises `ReadError` as `decode` does."""
    decoded = decode(data)
    text, letters = unescaped(decoded.text)
    try:
        blocks, facts = json_blocks(text, 0, len(text))
        return _reading(decoded, text, blocks, facts, *_letters_note(letters))
    except NotJson as exc:
        note = f"not valid JSON ({exc}); read as plain text"
    return _reading(decoded, decoded.text, Blocks(text_blocks(decoded.text)), {}, note)


def read_jsonl(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The reading of a JSON Lines file: each line by itself. Raises `ReadError` as `decode` does."""
    decoded = decode(data)
    text, letters = unescaped(decoded.text)
    blocks = Blocks()
    broken = 0
    for start, end in _line_feeds(text):
        try:
            blocks.extend(json_blocks(text, start, end)[0])
        except NotJson:
            broken += 1
            blocks.extend(trimmed_block(text, "paragraph", start, end))
    were = "1 line is" if broken == 1 else f"{broken} lines are"
    notes = (f"{were} not valid JSON; read as plain text",) if broken else ()
    return _reading(decoded, text, blocks, {}, *_letters_note(letters), *notes)


def unescaped(text: str) -> tuple[str, int]:
    r"""JSON with the letters that it has as `\u` escapes and slashes as `\/`, and how many those are.

    >>> unescaped(r'{"name": "M\u00fcller", "path": "C:\\\\u0041"}')
    ('{"name": "Müller", "path": "C:\\\\\\\\u0041"}', 1)
    """
    if "\\u" not in text and "\\/" not in text:
        return text, 0
    letters = 0

    def letter(escape: re.Match[str]) -> str:
        nonlocal letters
        high, low, one = escape.groups()
        if high is not None:
            sign = chr(0x10000 + ((int(high, 16) & 0x3FF) << 10 | int(low, 16) & 0x3FF))
        else:
            sign = escape[0][-1] if one is None else chr(int(one, 16))
            sign = sign if one is not None or sign == "/" else '"'
        if _STAYS.match(sign):
            return escape[0]
        letters += 1
        return sign

    return _ESCAPE.sub(letter, text), letters


def _letters_note(letters: int) -> tuple[str, ...]:
    if not letters:
        return ()
    were = "1 sign was" if letters == 1 else f"{letters:,} signs were"
    return (f"{were} written as escapes (\\u…, \\/); read as meant, and counted so in positions",)


def json_blocks(text: str, start: int, end: int) -> tuple[Blocks, dict[str, str]]:
    """The blocks of the JSON in `text[start:end]`, and the short strings of its outermost object by key.

    Runs in linear time, at any depth. Raises `NotJson` where brackets do not match or a token is none of
    JSON's; commas are taken as they come.
    """
    scan = _Scanner(text)
    at = start
    while at < end:
        token = _TOKEN.match(text, at, end)
        if token is None:
            if trim(text, at, end)[0] < end:
                raise NotJson("a string does not end")
            break
        at = token.end()
        if token[1] is not None:
            scan.string(*token.span(1))
        elif token[2] is not None:
            scan.bracket(token[2], token.start(2))
        elif _SCALAR.fullmatch(token[3]) is None:
            raise NotJson(f"{token[3][:20]} is no value")
        else:
            scan.scalar(*token.span(3))
    if scan.stack:
        raise NotJson("it breaks off")
    return scan.blocks, scan.facts


class _Scanner:
    """What the scanner has seen so far of one JSON text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[_OpenContainer] = []
        self.blocks = Blocks()
        self.facts: dict[str, str] = {}

    def bracket(self, sign: str, at: int) -> None:
        """Go into or out of an object or array, or on to the next value."""
        if sign in "{[":
            self.stack.append(_OpenContainer(sign, at + 1, len(self.blocks)))
        elif sign in "}]":
            if not self.stack or self.stack[-1].bracket + sign not in {"{}", "[]"}:
                raise NotJson(f"a {sign} closes nothing")
            self._close(self.stack.pop(), at)
        elif sign == "," and self.stack:
            self.stack[-1].key = None

    def string(self, start: int, end: int) -> None:
        """A key, a piece of prose, or a short value."""
        top = self.stack[-1] if self.stack else None
        if top is not None and top.bracket == "{" and top.key is None:
            top.key = (start, end)
            return
        size = end - start - 2
        if size > _BLOB and self.text.find(" ", start, start + _BLOB) < 0 and self.text.isascii():
            return
        key = self._key(top)
        title = key in _TITLES and size <= 200
        if not title and (size > _LONG or _PROSE.search(self.text, start + 1, end - 1)):
            if top is not None:
                top.prose = True
            self._paragraphs(start + 1, end - 1)
            return
        if top is not None and title and top.title is None and _WORD.search(self.text, start, end):
            top.title = (len(self.blocks), start + 1, end - 1)
        if len(self.stack) == 1 and size <= 500:
            self._fact(key, self.text[start:end])
        self.scalar(start, end)

    def scalar(self, start: int, end: int) -> None:
        """A short value: a row with its key, or joined to its neighbours in an array."""
        top = self.stack[-1] if self.stack else None
        if _WORD.search(self.text, start, end) is None or self.text.startswith("null", start):
            return
        if top is not None and top.key is not None:
            used = bool(self.blocks) and self.blocks.ends[-1] > top.key[0]  # "key": value: value
            start = start if used else top.key[0]
        elif top is not None and len(self.blocks) > top.first:
            starts, ends = self.blocks.starts, self.blocks.ends
            between = self.text[ends[-1] : start] if end - starts[-1] <= _RECORD // 2 else ""
            if self.blocks.kind_at(-1) == "row" and between.strip() == ",":
                ends[-1] = end
                return
        self.blocks.add("row", start, end)

    def _key(self, top: _OpenContainer | None) -> str:
        if top is None or top.key is None:
            return ""
        return self.text[top.key[0] + 1 : min(top.key[1] - 1, top.key[0] + 41)].lower()

    def _fact(self, key: str, token: str) -> None:
        if key not in _TITLES and key not in _DATES:
            return
        try:
            self.facts.setdefault(key, str(json.loads(token, strict=False)))
        except ValueError as exc:
            raise NotJson(f"{token[:20]} has a bad escape") from exc

    def _paragraphs(self, start: int, end: int) -> None:
        """The paragraphs of a long string, cut at its escaped line ends."""
        at = start
        for gap in _BREAK.finditer(self.text, start, end):
            if not self._escaped(start, gap.start()):
                self.blocks.extend(trimmed_block(self.text, "paragraph", at, gap.start()))
                at = gap.end()
        self.blocks.extend(trimmed_block(self.text, "paragraph", at, end))

    def _escaped(self, start: int, at: int) -> bool:
        r"""True if the backslash at an offset is itself escaped: `C:\\new` holds no line end."""
        before = at
        while before > start and self.text[before - 1] == "\\":
            before -= 1
        return (at - before) % 2 == 1

    def _close(self, top: _OpenContainer, at: int) -> None:
        """Make one row of a small object, or a heading of the title over prose."""
        start, end = trim(self.text, top.start, at)
        if top.bracket == "{" and not top.prose and end - start <= _RECORD and len(self.blocks) > top.first:
            del self.blocks[top.first :]
            self.blocks.add("row", start, end)
        elif top.prose and top.title is not None:
            index, start, end = top.title
            level = max(1, min(6, len(self.stack)))
            self.blocks[index : index + 1] = trimmed_block(self.text, "heading", start, end, level)
        if self.stack:
            self.stack[-1].prose |= top.prose
            self.stack[-1].key = None


def _line_feeds(text: str) -> Iterator[tuple[int, int]]:
    """Lines as JSON Lines has them: only LF ends one, since U+2028 may stand in a string."""
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield at, end
        at = end + 1


def _reading(decoded: Decoded, text: str, blocks: Blocks, facts: dict[str, str], *notes: str) -> Reading:
    title = next((facts[key] for key in ("title", "headline", "name") if facts.get(key)), None)
    values = (parse_date(facts[key]) for key in _DATES if key in facts)
    value = next((day for day in values if day is not None), None)
    return Reading(
        text,
        blocks,
        title=title,
        date=None if value is None else Dated(value, "metadata"),
        encoding=decoded.encoding,
        notes=(*decoded.notes, *notes),
    )
