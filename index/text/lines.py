"""Line spans, line numbers of offsets, whitespace collapsing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.types import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


def line_spans(text: str) -> list[Span]:
    r"""The lines of `text` without their ends, which are \n, \r\n or \r, as citations count them."""
    spans, start = [], 0
    for end in _LINE_END.finditer(text):
        spans.append(Span(start, end.start()))
        start = end.end()
    return [*spans, Span(start, len(text))]


def line_at(text: str, offset: int) -> int:
    r"""The 1-based line that the character at `offset` stands on; lines end with \n, \r\n or \r."""
    return next(lines_at(text, (offset,)))


def lines_at(text: str, offsets: Iterable[int]) -> Iterator[int]:
    """The lines of several offsets, in ascending order: each character is looked at once for all of them."""
    ends = counted = 0
    for offset in offsets:
        ends += text.count("\n", counted, offset) + text.count("\r", counted, offset)
        ends -= text.count("\r\n", max(counted - 1, 0), offset)
        counted = offset
        yield 1 + ends - (text[offset - 1 : offset + 1] == "\r\n")


def collapse(text: str) -> str:
    """`text` with every run of white space as one space."""
    return " ".join(text.split())
