"""Source code to text: code in paragraphs, comments and docstrings as prose.

Code between blank lines is one block of kind "code", so that its lines are what is cited; the words of a
comment are paragraphs, without the marks around them, since a comment's sentence runs over several lines.
Comments are told by the marks that a suffix's language uses; no language is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Literal

from index.readers.encoding import decode
from index.readers.paragraphs import TextLine, prose_blocks, text_lines, trim, trimmed_block, wrap_width
from index.types import Block, Blocks, Reading

Kind = Literal["code", "comment", "block comment", "docstring"]
_HASH = ".py .pyi .rb .pl .r .jl .ex .exs .sh .bash .zsh .fish .ps1 .toml .yaml .yml .conf .cfg .properties"
_HASH_TOO = ".tf .cmake .mk .graphql .ini"
_DASHES = ".sql .lua .hs"
_SEMICOLONS = ".ini .cfg .clj"
_PERCENT = ".erl"
_NO_SLASHES = frozenset(f"{_HASH} {_HASH_TOO} {_DASHES} {_SEMICOLONS} {_PERCENT} .bat .xml .bib .ml".split())
_TRIPLE = re.compile(r"\"\"\"|'''")
# Where a docstring may open: """, r'''.
_DOC_START = re.compile(r"[rRuU]{0,2}(\"\"\"|''')")
# The marks before the words of a comment: "/**", "//", "///", "# ", "#!", "--", ";;", "%%", "* ".
_MARKS = re.compile(r"(?:/\*+!?|//+[/!]?|#+!?|--+|;+|%+|\*+(?!/))[ \t]*")


def read_code(data: bytes, name: str) -> Reading:
    """The reading of a file of source code. Raises `ReadError` as `decode` does."""
    decoded = decode(data)
    blocks = Blocks(code_blocks(decoded.text, PurePosixPath(name).suffix.lower()))
    return Reading(decoded.text, blocks, encoding=decoded.encoding, notes=decoded.notes)


def _comment_marks(suffix: str) -> tuple[str, ...]:
    """The signs that open a comment up to the end of its line."""
    table = (
        ("#", f"{_HASH} {_HASH_TOO} .php"),
        ("--", _DASHES),
        (";", _SEMICOLONS),
        ("%", _PERCENT),
    )
    marks = tuple(mark for mark, suffixes in table if suffix in suffixes.split())
    return marks if suffix in _NO_SLASHES else (*marks, "//")


def code_blocks(text: str, suffix: str) -> Iterator[Block]:
    """The blocks of source code, in order; `suffix` says of which language it is."""
    regions = _python_regions if suffix in {".py", ".pyi"} else _regions
    marks = _comment_marks(suffix)
    width = wrap_width(text, (run for kind, run in regions(text, marks) if kind != "code"))
    for kind, run in regions(text, marks):
        if kind != "code":
            yield from prose_blocks(text, run, width, soft=True)
        else:
            yield from trimmed_block(text, "code", run[0].start, run[-1].end)


def _runs(marked_lines: Iterator[tuple[Kind, TextLine]]) -> Iterator[tuple[Kind, list[TextLine]]]:
    """Neighbouring lines of one kind, cut at empty lines."""
    run: list[TextLine] = []
    kind: Kind = "code"
    for line_kind, line in marked_lines:
        if run and (line_kind != kind or line.start >= line.end):
            yield kind, run
            run = []
        kind = line_kind
        if line.start < line.end:
            run.append(line)
    if run:
        yield kind, run


def _regions(text: str, marks: tuple[str, ...]) -> Iterator[tuple[Kind, list[TextLine]]]:
    """Comments of marked lines and of `/* … */`, and the code between them."""

    def kinds() -> Iterator[tuple[Kind, TextLine]]:
        inside = False
        for line in text_lines(text):
            opens = "//" in marks and text.startswith("/*", line.start)
            if inside or opens:
                close = text.find("*/", line.start + 2 * opens, line.end)
                inside = close < 0
                yield "block comment", _without_marks(text, line, line.end if close < 0 else close)
                if close >= 0 and close + 2 < line.end:
                    yield "code", line._replace(start=trim(text, close + 2, line.end)[0])
            elif _is_comment(text, line, marks):
                yield "comment", _without_marks(text, line, line.end)
            else:
                yield "code", line

    return _runs(kinds())


def _python_regions(text: str, marks: tuple[str, ...]) -> Iterator[tuple[Kind, list[TextLine]]]:
    """Docstrings and comments, and the code between them; other triple-quoted strings are code."""

    def kinds() -> Iterator[tuple[Kind, TextLine]]:
        quote = ""  # the quotes of a string that is open
        words = False  # whether that string opened a line, as docstrings do
        for line in text_lines(text):
            if not quote and _is_comment(text, line, marks):
                yield "comment", _without_marks(text, line, line.end)
                continue
            start = line.start
            doc = None if quote else _DOC_START.match(text, line.start, line.end)
            if doc is not None:
                quote, words, start = doc[1], True, doc.end()
            was = words and bool(quote)
            end, quote = _after_quotes(text, start, line.end, quote)
            stop = end if was and end >= 0 else line.end
            left, right = trim(text, start, stop)
            yield "docstring" if was else "code", line._replace(start=left, end=right)
            left, right = trim(text, stop + 3, line.end) if stop < line.end else (0, 0)
            if left < right:
                yield "code", line._replace(start=left, end=right)
            words = was and bool(quote) and end < 0

    return _runs(kinds())


def _after_quotes(text: str, start: int, end: int, quote: str) -> tuple[int, str]:
    """Where the open string first closes on a line (-1: it does not), and the quotes open at its end."""
    first = -1
    for match in _TRIPLE.finditer(text, start, end):
        if not quote:
            quote = match[0]
        elif match[0] == quote:
            first = match.start() if first < 0 else first
            quote = ""
    return first, quote


def _is_comment(text: str, line: TextLine, marks: tuple[str, ...]) -> bool:
    return (
        line.start < line.end and text.startswith(marks, line.start) and not text.startswith("#!", line.start)
    )


def _without_marks(text: str, line: TextLine, end: int) -> TextLine:
    """A line of a comment up to `end`, without the marks before its words."""
    mark = _MARKS.match(text, line.start, end)
    left, right = trim(text, line.start if mark is None else mark.end(), end)
    return line._replace(start=left, end=right)
