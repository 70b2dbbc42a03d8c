"""Finds the columns of a table by where the words of its rows stand, and the column of every cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from index.readers.pdf.layout.rows import KNOWN_TEXTS, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOUCH = 1.0  # points that a piece must share with a column to stand in it
_MOST_SHARED = 0.2  # of the rows may have two pieces in one column
_ALIGNED = 0.6  # of all cells are set to one side or the middle of their column
# A number, with signs and at most a short unit or mark, or what stands for none.
_FIGURE = re.compile(
    r"(?:[A-Z]{1,3})?\W*\d(?:[^A-Za-z]|[A-Za-z]{1,2}(?![A-Za-z]))*|\W*[—–-]+\W*|n/?[am]\.?", re.IGNORECASE
)
# What says when: a year, a date, a quarter, or two of them compared ("2022 vs. 2021").
_YEAR = re.compile(
    r"(?:[A-Za-zäéûüç]{3,10}\.? \d{1,2},? )?(?:(?:FY|CY|Q[1-4]|H[12]) ?)?(?:19|20)\d\d(?:[-/–]\d{2,4})?"
    r"[AEF*]?(?: ?\([a-z\d]\))?(?: (?:vs?\.?|to|over) (?:19|20)\d\d)?|(?:FY|[1-4]Q|Q[1-4]) ?['’]?\d\d|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2},?|"
    r"\d{1,2}[./]\d{1,2}[./](?:19|20)?\d\d"
)


class Band(NamedTuple):
    """A column of a page: how far its cells reach to the left and to the right."""

    left: float
    right: float

    @property
    def middle(self) -> float:
        """Halfway between its ends."""
        return (self.left + self.right) / 2

    def touches(self, piece: Piece | Band) -> bool:
        """True if `piece` stands over or under this column."""
        return min(self.right, piece.right) - max(self.left, piece.left) > _TOUCH


@dataclass(frozen=True, slots=True)
class PdfGrid:
    """The columns of a table: that of the labels, if there is one, and those of the values."""

    labels: Band | None
    values: tuple[Band, ...]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.values) + (self.labels is not None)


@dataclass(slots=True)
class _Growing:
    """A column while pieces are added to it."""

    left: float
    right: float
    rows: set[int] = field(default_factory=set)


@lru_cache(KNOWN_TEXTS)
def is_figure(text: str) -> bool:
    """True for a value: a number, amount, share or dash, but no year or date."""
    return bool(_FIGURE.fullmatch(text)) and not _YEAR.fullmatch(text)


def with_figures_apart(rows: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """The rows, with figures that are a space apart as two pieces where they stand in columns of their own.

    A column set to the right and one set to the left may be that close.
    """
    columns: list[Band] | None = None
    result: list[list[Piece]] = []
    for row in rows:
        cut: list[Piece] = []
        for piece in row:
            if len(piece.words) > 1 and all(is_figure(word.text) for word in piece.words):
                if columns is None:
                    figures = [
                        (at, one) for at, each in enumerate(rows) for one in each if len(one.words) == 1
                    ]
                    columns = _bands((at, one) for at, one in figures if is_figure(one.text))
                cut += _by_columns(piece, columns)
            else:
                cut.append(piece)
        result.append(cut)
    return result


def _by_columns(piece: Piece, columns: Sequence[Band]) -> list[Piece]:
    """The words of a piece one by one if each stands in a column of its own, else the piece."""
    words = [Piece(word.text, word.left, word.right, (word,)) for word in piece.words]
    hits = [[at for at, column in enumerate(columns) if column.touches(word)] for word in words]
    places = [each[0] for each in hits if len(each) == 1]
    return words if len(places) == len(words) == len(set(places)) else [piece]


def find_grid(rows: Sequence[Sequence[Piece]], size: float) -> PdfGrid | None:
    """The columns in which the cells of `rows` stand; None if they do not stand in columns.

    The rows that hold values say where the columns are; where there are none, all rows do.
    """
    valued = [row for row in rows if any(is_figure(piece.text) for piece in row[1:])]
    shaping = [row for row in (valued or rows) if len(row) > 1]
    if not shaping:
        return None
    inner = [(at, piece) for at, row in enumerate(shaping) for piece in row[1:]]
    bands = _bands(inner)
    # Rows without a label begin with a value, which stands in a column, too.
    begun = [(at, row[0]) for at, row in enumerate(shaping) if _is_value(row[0], bands, size)]
    values = _bands([*begun, *inner]) if begun else bands
    labels = [row[0] for row in shaping if not _is_value(row[0], values, size)]
    label_right = max((min(piece.right, values[0].left) for piece in labels), default=0.0)
    grid = PdfGrid(Band(min(piece.left for piece in labels), label_right) if labels else None, tuple(values))
    return grid if _holds(grid, shaping, size) else None


def with_empty_columns(grid: PdfGrid, headings: Iterable[Sequence[Piece]]) -> PdfGrid:
    """The grid, and columns without any value below a heading, in a row that names all the others."""
    for row in headings:
        over = [piece for piece in row if grid.labels is None or piece.left >= grid.labels.right]
        hits = [[at for at, band in enumerate(grid.values) if band.touches(piece)] for piece in over]
        named = [each[0] for each in hits if len(each) == 1]
        empty = [piece for piece, each in zip(over, hits, strict=True) if not each]
        if empty and len(named) + len(empty) == len(over) and named == list(range(len(grid.values))):
            bands = (*grid.values, *(Band(piece.left, piece.right) for piece in empty))
            return PdfGrid(grid.labels, tuple(sorted(bands)))
    return grid


def _holds(grid: PdfGrid, rows: Sequence[Sequence[Piece]], size: float) -> bool:
    """True if nearly every piece of the rows has a column of its own, and most are set to one side."""
    columns: list[list[Piece]] = [[] for _ in range(grid.width)]
    shared = 0
    for row in rows:
        places = _places(row, grid, size)
        shared += len(set(places)) < len(places)
        for place, piece in zip(places, row, strict=True):
            columns[place].append(piece)
    aligned = sum(_aligned(column, size) for column in columns)
    return (
        shared <= _MOST_SHARED * len(rows)
        and aligned >= _ALIGNED * sum(map(len, columns))
        and grid.width <= 1.5 * max(map(len, rows)) + 1
    )


def _aligned(column: Sequence[Piece], size: float) -> int:
    """How many pieces of a column begin, end or have their middle where most of them do."""
    most = 0
    for sides in zip(*((piece.left, piece.right, piece.middle) for piece in column), strict=True):
        usual = sorted(sides)[len(sides) // 2]
        most = max(most, sum(abs(side - usual) <= 1.5 * size for side in sides))
    return most


def _bands(pieces: Iterable[tuple[int, Piece]]) -> list[Band]:
    """The columns of pieces that stand above each other, from the left; each piece comes with its row.

    Short pieces say more than long ones, which may reach under the next column. What never stands in one row
    with what it touches is of one column.
    """
    growing: list[_Growing] = []
    for at, piece in sorted(pieces, key=lambda each: each[1].right - each[1].left):
        hits = [
            band for band in growing if min(band.right, piece.right) - max(band.left, piece.left) > _TOUCH
        ]
        if not hits:
            growing.append(_Growing(piece.left, piece.right, {at}))
            continue
        rows = set().union(*(band.rows for band in hits))
        if at in rows or sum(len(band.rows) for band in hits) > len(rows):
            continue  # it stands beside one of them, or they stand beside each other: it spans them
        first = hits[0]
        for band in hits[1:]:
            growing.remove(band)
        first.left = min(piece.left, *(band.left for band in hits))
        first.right = max(piece.right, *(band.right for band in hits))
        first.rows = rows | {at}
    return [Band(band.left, band.right) for band in sorted(growing, key=lambda band: band.left)]


def _is_value(piece: Piece, values: Sequence[Band], size: float) -> bool:
    """True if the first piece of a row stands in a column of values, and is no label."""
    if piece.left >= values[0].left - 0.5 * size:
        return True
    return not piece.text[0].isalpha() and any(band.touches(piece) for band in values)


def _places(row: Sequence[Piece], grid: PdfGrid, size: float) -> list[int]:
    """The column of every piece of a row."""
    offset = int(grid.labels is not None)
    places = []
    for at, piece in enumerate(row):
        if at == 0 and offset and not _is_value(piece, grid.values, size):
            places.append(0)
            continue
        left, right = piece.left + _TOUCH, piece.right - _TOUCH
        hits = [n for n, band in enumerate(grid.values) if band.right > left and band.left < right]
        if not hits:
            hits = [min(range(len(grid.values)), key=lambda n: abs(grid.values[n].middle - piece.middle))]
        # Long texts may reach under the next columns; figures are set to the right.
        if len(hits) > 1 and is_figure(piece.text):
            hits.sort(key=lambda n: -_shared(grid.values[n], piece))
        places.append(hits[0] + offset)
    return places


def _shared(band: Band, piece: Piece) -> float:
    return min(band.right, piece.right) - max(band.left, piece.left)


def cells_of(row: Sequence[Piece], grid: PdfGrid, size: float) -> list[list[str]]:
    """What stands in every column of a row of values."""
    cells: list[list[str]] = [[] for _ in range(grid.width)]
    for place, piece in zip(_places(row, grid, size), row, strict=True):
        cells[place].append(piece.text)
    return cells
