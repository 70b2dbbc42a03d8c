"""CSV and TSV to text: a row block for each record, as spans of the file itself, and its tables.

Records are parted as the `csv` module parts them (checked against it); the delimiter is found, or named by a
first line `sep=;`. A file may hold several tables, each with its own headings, set apart by empty lines. What
stands above a table in a single cell, or behind a `#`, is said of it: its caption. A cell is text, whatever
it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby, islice
from typing import NamedTuple

from index.readers.encoding import Decoded, decode
from index.readers.limits.limits import limits_now, too_many_cells
from index.readers.paragraphs import trim, trimmed_block
from index.readers.parts.tables import LONGEST_NAME, find_headings, make_table, one_line
from index.types import Blocks, Reading, Span, Table

_DELIMITERS = "\t;|,"  # of two that cut as evenly, the first: a comma may be a decimal sign
_SAMPLE_RECORDS = 40  # records that are enough to know the delimiter, or where a table's headings are
_MOST_TITLES = 3  # records of one cell that stand over a table; more are a list
_WORD = re.compile(r"[^\W_]")
_SEPARATOR_LINE = re.compile(r"\s*sep=([^\r\n])[ \t]*(?:\r\n|[\r\n]|\Z)", re.IGNORECASE)
_NUMBER = re.compile(r"[\s\d.,:%$€£¥+/()-]*")
_QUANTITY = re.compile(r"(?!(?:1[89]|20)\d\d\b)[-+]?\d[\d.,]*\s+\S{1,12}")  # "12 m": a value, no name
_DIGIT = re.compile(r"\d")
_LINE_END = re.compile(r"\r\n|[\r\n]")
_COMMENT = re.compile(r"[ \t]*(?:#+|//)[ \t]*")


class DelimitedRecord(NamedTuple):
    """One record: from its first cell to its last, and each cell's span, quotes included."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


def read_csv(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The reading of a file of separated values. Raises `ReadError` as `decode` does."""
    decoded = decode(data)
    named = _SEPARATOR_LINE.match(decoded.text)
    if named is not None:
        return _reading(decoded, named[1], named.end())
    return _reading(decoded, find_delimiter(decoded.text))


def read_tsv(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The reading of a file of tab-separated values. Raises `ReadError` as `decode` does."""
    return _reading(decode(data), "\t")


def records(text: str, delimiter: str, start: int = 0) -> Iterator[DelimitedRecord]:
    """The records of `text`, in order, in time linear in its length; blank lines are none.

    The cells are those that `csv.reader(…, delimiter=delimiter, skipinitialspace=True)` gives, with one
    mercy: where a quote at the start of a cell is never closed, it is a plain sign, and the rest of the file
    is not one cell.
    """
    mark = re.escape(delimiter)
    plain = re.compile(rf"[^{mark}\r\n]*+")
    quoted = re.compile(rf' *+"[^"]*+(?:""[^"]*+)*+"[^{mark}\r\n]*+')
    at = start
    cells: list[tuple[int, int]] = []
    while at < len(text) or cells:
        cell = (quoted.match(text, at) if text.startswith(('"', " "), at) else None) or plain.match(text, at)
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
    """The sign of `⇥;|,` that cuts the first records most evenly into most cells; a comma if none does."""
    best, most = ",", 1.0
    for delimiter in _DELIMITERS:
        rows = islice(records(text, delimiter), _SAMPLE_RECORDS)
        widths = [len(row.cells) for row in rows if not _COMMENT.match(text, row.start, row.end)]
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = usual * widths.count(usual) / len(widths)
        if usual > 1 and score > most:
            best, most = delimiter, score
    return best


def cell_text(text: str, start: int, end: int) -> str:
    """What a cell says: without the quotes around it, on one line."""
    cell = text[start:end].strip()
    if len(cell) > 1 and cell[0] == '"' == cell[-1]:
        cell = cell[1:-1].replace('""', '"')
    return one_line(cell)


def _reading(decoded: Decoded, delimiter: str, start: int = 0) -> Reading:
    scan = _TableScan(decoded.text, delimiter)
    for _, run in groupby(_numbered_runs(decoded.text, delimiter, start), key=lambda pair: pair[0]):
        scan.take(record for _, record in run)
    scan.close()
    return Reading(
        decoded.text,
        scan.blocks,
        title=scan.title,
        encoding=decoded.encoding,
        notes=decoded.notes,
        tables=tuple(scan.tables),
    )


def _numbered_runs(text: str, delimiter: str, start: int) -> Iterator[tuple[int, DelimitedRecord]]:
    """The records with words in them, with the number of the run of records between empty lines."""
    run, end = 0, start
    for record in records(text, delimiter, start):
        if _WORD.search(text, record.start, record.end) is not None:
            run += len(_LINE_END.findall(text, end, record.start)) > 1
            yield run, record
            end = record.end


@dataclass(slots=True)
class _OpenTable:
    """A table whose last record is not known yet: its first records, and where it ends so far."""

    sample: list[DelimitedRecord]
    caption: str
    end: int


@dataclass(slots=True)
class _TableScan:
    """What was seen so far of a file: its blocks, its tables, and what is said of the table to come."""

    text: str
    delimiter: str
    blocks: Blocks = field(default_factory=Blocks)
    tables: list[Table] = field(default_factory=list)
    title: str | None = None
    _said: list[str] = field(default_factory=list)
    _open: _OpenTable | None = None
    _count: int = 0  # of cells
    _most: int = field(default_factory=lambda: limits_now().cells)

    def take(self, run: Iterator[DelimitedRecord]) -> None:
        """The next records, between two empty lines."""
        sample = list(islice(run, _SAMPLE_RECORDS))
        while sample and self._is_comment(sample):
            self._say(sample.pop(0), comment=True)
        if len(sample) <= _MOST_TITLES and all(len(self._filled(record)) < 2 for record in sample):
            for record in sample:
                self._say(record)
            return
        if self._open is None or self._begins_another(sample):
            self.close()
            self._open = _OpenTable([], " ".join(self._said), sample[0].start)
            self._said = []
        self._open.sample.extend(sample[: _SAMPLE_RECORDS - len(self._open.sample)])
        for record in chain(sample, run):
            self._count += len(record.cells)
            if self._count > self._most:
                raise too_many_cells()
            self.blocks.extend(trimmed_block(self.text, "row", record.start, record.end))
            self._open.end = self.blocks[-1].span.end

    def _begins_another(self, sample: Sequence[DelimitedRecord]) -> bool:
        """True if records below an empty line are of another table: other headings, or other columns."""
        assert self._open is not None, "asked of what stands below a table"
        rows = self._cells(sample)
        if len(rows) < 2:
            return False
        wide = {len(record.cells) for record in self._open.sample}
        other = not any(len(record.cells) in wide for record in sample)
        titles, headings = find_headings(rows)
        values = any(_DIGIT.search(cell) for row in rows[titles + headings :] for cell in row[1:])
        return other or (headings > 0 and values)

    def close(self) -> None:
        """The open table is complete."""
        if self._open is None:
            return
        rows = self._cells(self._open.sample)
        filled = _groups_repeated(rows)
        titles, headings = find_headings(filled)
        if not headings and _is_header(rows):
            headings = 1
        spans = [Span(*trim(self.text, record.start, record.end)) for record in self._open.sample]
        above = [cell for row in rows[:titles] for cell in row if cell]
        if self.title is None and not self.tables and above:
            self.title = above[0]
        count = titles + headings if headings else None
        table = make_table(
            filled, spans, headings=count, caption=self._open.caption, delimiter=self.delimiter
        )
        if table is not None and max(map(len, rows)) > 1:
            self.tables.append(replace(table, span=Span(table.span.start, self._open.end)))
        self._open = None

    def _say(self, record: DelimitedRecord, *, comment: bool = False) -> None:
        """A line over a table, or a comment: prose of its own, and part of the caption of what follows."""
        start, end = record.start, record.end
        mark = _COMMENT.match(self.text, start, end) if comment else None
        if mark is None:
            start, end = self._filled(record)[0]
        words = tuple(trimmed_block(self.text, "paragraph", mark.end() if mark else start, end))
        if not words:
            return
        self.close()
        self.blocks.extend(words)
        said = cell_text(self.text, words[0].span.start, words[0].span.end)
        self._said = [*self._said, said][-_MOST_TITLES:]
        if self.title is None and not self.tables and mark is None:
            self.title = said

    def _is_comment(self, sample: Sequence[DelimitedRecord]) -> bool:
        """True for a line behind a `#` that is not the row of headings itself."""
        first = sample[0]
        if _COMMENT.match(self.text, first.start, first.end) is None:
            return False
        alone = len(sample) == 1 or _COMMENT.match(self.text, sample[1].start, sample[1].end) is not None
        return alone or len(first.cells) != len(sample[1].cells)

    def _filled(self, record: DelimitedRecord) -> list[tuple[int, int]]:
        return [cell for cell in record.cells if self.text[slice(*cell)].strip(' \t"')]

    def _cells(self, sample: Iterable[DelimitedRecord]) -> list[tuple[str, ...]]:
        """The cells of the first records, as wide as the last column that holds anything."""
        rows = [[cell_text(self.text, *cell) for cell in record.cells] for record in sample]
        if rows and (mark := _COMMENT.match(rows[0][0])):
            rows[0][0] = rows[0][0][mark.end() :]
        width = max((at + 1 for row in rows for at, cell in enumerate(row) if cell), default=0)
        return [tuple(row[:width]) for row in rows]


def _is_header(rows: Sequence[tuple[str, ...]]) -> bool:
    """True if the first record may name columns, as it does by custom: all of its cells are other names."""
    first = rows[0][1:]
    names = [name for name in rows[0] if name]
    return (
        len(rows) > (1 if len(names) > 2 else 2)
        and bool(first)
        and all(first)
        and len(rows[1]) == len(rows[0])
        and len(set(names)) == len(names)
        and not (len(names) == 2 and _QUANTITY.fullmatch(names[1]))
        and not any(
            len(name) > LONGEST_NAME or name.endswith(".") or _NUMBER.fullmatch(name) for name in names
        )
    )


def _groups_repeated(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows, with the name of a group of columns over each of them, as in "North,,South," over names."""
    titles, _ = find_headings(rows)
    if titles + 2 >= len(rows):
        return rows
    group: list[str] = []
    for cell in rows[titles]:
        group.append(cell or (group[-1] if group else ""))
    below = rows[titles + 1]
    if len(below) < len(group) or not all(below[1:]) or tuple(group) == rows[titles]:
        return rows
    repeated = [*rows[:titles], tuple(group), *rows[titles + 1 :]]
    return repeated if find_headings(repeated) == (titles, 2) and len(set(below)) < len(below) else rows
