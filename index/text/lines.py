"""Line spans, line numbers of offsets, whitespace collapsing."""

from __future__ import annotations

import re

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
    ends = text.count("\n", 0, offset) + text.count("\r", 0, offset) - text.count("\r\n", 0, offset)
    return 1 + ends - (text[offset - 1 : offset + 1] == "\r\n")


def collapse(text: str) -> str:
    """`text` with every run of white space as one space."""
    return " ".join(text.split())
