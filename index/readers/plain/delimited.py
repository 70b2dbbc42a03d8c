"""CSV and TSV to text: a row block for each record, as a span of the file itself.

Records are parted as the `csv` module parts them (checked against it); delimiter and header are found. The
header becomes a heading block of level 1: "2024,17" means nothing without it, and the words of a heading
are searched with every row below. A cell is text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

from index.readers.encoding import decode
from index.readers.paragraphs import trimmed_block
from index.types import Block, Reading

_DELIMITERS = ",;\t|"
_SAMPLE_RECORDS = 30  # records that are enough to know the delimiter
_HEADER_CELL = 60  # code points; a longer cell is data
_NUMBER = re.compile(r"[\s\d.,:%$€£¥+/()-]*")
_WORD = re.compile(r"[^\W_]")


class DelimitedRecord(NamedTuple):
    """One record: from its first cell to its last, and each cell's span, quotes included."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


def read_csv(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The reading of a file of separated values. Raises `ReadError` as `decode` does."""
    decoded = decode(data)
    blocks = tuple(_table_blocks(decoded.text, find_delimiter(decoded.text)))
    return Reading(decoded.text, blocks, encoding=decoded.encoding, notes=decoded.notes)


def read_tsv(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The reading of a file of tab-separated values. Raises `ReadError` as `decode` does."""
    decoded = decode(data)
    blocks = tuple(_table_blocks(decoded.text, "\t"))
    return Reading(decoded.text, blocks, encoding=decoded.encoding, notes=decoded.notes)


def records(text: str, delimiter: str) -> Iterator[DelimitedRecord]:
    """The records of `text`, in order, in time linear in its length; blank lines are none.

    The cells are those that `csv.reader(…, delimiter=delimiter)` gives, with one mercy: where a quote at the
    start of a cell is never closed, it is a plain sign, and the rest of the file is not one cell.
    """
    mark = re.escape(delimiter)
    plain = re.compile(rf"[^{mark}\r\n]*+")
    quoted = re.compile(rf'"[^"]*+(?:""[^"]*+)*+"[^{mark}\r\n]*+')
    at = start = 0
    cells: list[tuple[int, int]] = []
    while at < len(text) or cells:
        cell = (quoted.match(text, at) if text.startswith('"', at) else None) or plain.match(text, at)
        end = at if cell is None else cell.end()
        cells.append((at, end))
        if text.startswith(delimiter, end):
            at = end + 1
            continue
        if end > start:
            yield DelimitedRecord(start, end, tuple(cells))
        cells = []
        start = at = end + (2 if text.startswith("\r\n", end) else 1)


def find_delimiter(text: str) -> str:
    """The sign of `,;⇥|` that cuts the first records most evenly into most cells; a comma if none does."""
    best, most = ",", 1.0
    for delimiter in _DELIMITERS:
        widths = [len(record.cells) for record in islice(records(text, delimiter), _SAMPLE_RECORDS)]
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = usual * widths.count(usual) / len(widths)
        if usual > 1 and score > most:
            best, most = delimiter, score
    return best


def _table_blocks(text: str, delimiter: str) -> Iterator[Block]:
    rows = records(text, delimiter)
    first = list(islice(rows, 2))
    header = len(first) == 2 and _is_header(text, first[0], first[1])
    for index, record in enumerate(chain(first, rows)):
        if _WORD.search(text, record.start, record.end) is not None:
            named = header and not index
            yield from trimmed_block(
                text, "heading" if named else "row", record.start, record.end, int(named)
            )


def _is_header(text: str, first: DelimitedRecord, second: DelimitedRecord) -> bool:
    """True if the first record names columns: several short cells, all different, none of them a number."""
    names = [text[start:end].strip('" \t') for start, end in first.cells if end - start <= _HEADER_CELL]
    named = [name for name in names if not _NUMBER.fullmatch(name)]
    if len(first.cells) < 2 or len(set(named)) < len(first.cells):
        return False
    return len(second.cells) == len(first.cells) and not any(name.endswith(".") for name in named)
