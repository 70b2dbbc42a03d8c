"""Line spans, line numbers of offsets, whitespace collapsing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.types import Sliceable, Span

NEAR = 200  # characters that are looked at first,
WIDER = 4  # and so many times as many each time that this is not enough
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


def line_around(text: Sliceable, span: Span) -> Span:
    """`span` with the rest of the lines that it begins and ends on. Nothing far from it is looked at."""
    return Span(_line_start(text, span.start), _line_end(text, span.end))


def _line_start(text: Sliceable, offset: int) -> int:
    width = NEAR
    while True:
        first = max(offset - width, 0)
        before = text[first:offset]
        end = max(before.rfind("\n"), before.rfind("\r"))
        if end >= 0 or first == 0:
            return first + end + 1
        width *= WIDER


def _line_end(text: Sliceable, offset: int) -> int:
    width = NEAR
    while True:
        after = text[offset : offset + width]
        end = _LINE_END.search(after)
        if end or len(after) < width:
            return offset + (end.start() if end else len(after))
        width *= WIDER


def lines_above(text: Sliceable, top: int, offset: int) -> Iterator[str]:
    """The lines from `top` down to the one that `offset` stands on, without that one, nearest first."""
    width, given = NEAR, 0
    while True:
        first = max(offset - width, top)
        lines = text[first:offset].splitlines()[:-1]
        whole = lines[1:] if first > top else lines  # the first one may have been cut
        yield from whole[: len(whole) - given][::-1]
        if first <= top:
            return
        width, given = width * WIDER, len(whole)


def is_blank(text: Sliceable, span: Span) -> bool:
    """True if there is nothing but white space in `span`; it is read no further than to anything else."""
    start, width = span.start, NEAR
    while start < span.end:
        end = min(start + width, span.end)
        if text[start:end].strip():
            return False
        start, width = end, width * WIDER
    return True


def collapse(text: str) -> str:
    """`text` with every run of white space as one space."""
    return " ".join(text.split())


def first_words(line: str, most: int) -> str:
    """The first words of `line`, as many as fit into `most` characters."""
    return line if len(line) <= most else line[: most + 1].rpartition(" ")[0] or line[:most]
