"""Finds the columns of a table by where the words of its rows stand, and the column of every cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.readers.pdf.rows import Piece

_TOUCH = 1.0  # points that a piece must share with a column to stand in it
_MOST_SHARED = 0.2  # of the rows may have two pieces in one column
_ALIGNED = 0.6  # of all cells are set to one side or the middle of their column
_CENTRED = 0.06  # of a group's width, that its heading may stand beside the middle
# A number, with signs and at most a short unit or mark, or what stands for none.
_FIGURE = re.compile(
    r"(?:[A-Z]{1,3})?\W*\d(?:[^A-Za-z]|[A-Za-z]{1,2}(?![A-Za-z]))*|\W*[—–-]+\W*|n/?[am]\.?", re.IGNORECASE
)
_YEAR = re.compile(
    r"(?:[A-Za-zäéûüç]{3,10}\.? \d{1,2},? )?(?:(?:FY|CY|Q[1-4]|H[12]) ?)?(?:19|20)\d\d(?:[-/–]\d{2,4})?"
    r"[AEF*]?(?: ?\([a-z\d]\))?|(?:January|February|March|April|May|June|July|August|September|"
    r"October|November|December) \d{1,2},?|\d{1,2}[./]\d{1,2}[./](?:19|20)?\d\d"
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
class Grid:
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


def is_figure(text: str) -> bool:
    """True for a value: a number, amount, share or dash, but no year or date."""
    return bool(_FIGURE.fullmatch(text)) and not _YEAR.fullmatch(text)


def find_grid(rows: Sequence[Sequence[Piece]], size: float) -> Grid | None:
    """The columns in which the cells of `rows` stand; None if they do not stand in columns.

    The rows that hold values say where the columns are; where there are none, all rows do.
    """
    valued = [row for row in rows if any(is_figure(piece.text) for piece in row[1:])]
    shaping = [row for row in (valued or rows) if len(row) > 1]
    if not shaping:
        return None
    bands = _bands((at, piece) for at, row in enumerate(shaping) for piece in row[1:])
    values = _bands(
        (at, piece)
        for at, row in enumerate(shaping)
        for piece in (row if _is_value(row[0], bands, size) else row[1:])
    )
    labels = [row[0] for row in shaping if not _is_value(row[0], values, size)]
    label_right = max((min(piece.right, values[0].left) for piece in labels), default=0.0)
    grid = Grid(Band(min(piece.left for piece in labels), label_right) if labels else None, tuple(values))
    return grid if _holds(grid, shaping, size) else None


def _holds(grid: Grid, rows: Sequence[Sequence[Piece]], size: float) -> bool:
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


def _places(row: Sequence[Piece], grid: Grid, size: float) -> list[int]:
    """The column of every piece of a row."""
    offset = int(grid.labels is not None)
    places = []
    for at, piece in enumerate(row):
        if at == 0 and offset and not _is_value(piece, grid.values, size):
            places.append(0)
            continue
        hits = [place for place, band in enumerate(grid.values) if band.touches(piece)]
        if not hits:
            hits = [min(range(len(grid.values)), key=lambda n: abs(grid.values[n].middle - piece.middle))]
        # Long texts may reach under the next columns; figures are set to the right.
        best = max(hits, key=lambda n: _shared(grid.values[n], piece)) if is_figure(piece.text) else hits[0]
        places.append(best + offset)
    return places


def _shared(band: Band, piece: Piece) -> float:
    return min(band.right, piece.right) - max(band.left, piece.left)


def cells_of(row: Sequence[Piece], grid: Grid, size: float) -> list[list[str]]:
    """What stands in every column of a row of values."""
    cells: list[list[str]] = [[] for _ in range(grid.width)]
    for place, piece in zip(_places(row, grid, size), row, strict=True):
        cells[place].append(piece.text)
    return cells


def heading_cells(row: Sequence[Piece], grid: Grid) -> tuple[list[str], bool]:
    """What stands over every column in a row of headings, and if one of them spans several columns.

    A heading of a group stands over its middle, and is repeated over all of its columns.
    """
    offset = int(grid.labels is not None)
    cells = [""] * grid.width
    if len(row) == grid.width:
        return [piece.text for piece in row], False
    if len(row) == len(grid.values) and _over_values(row[0], grid):
        return [*cells[:offset], *(piece.text for piece in row)], False
    groups = _equal_groups(row, grid.values)
    if groups and not any(piece.text[0] == "(" or piece.text[-1] == "-" for piece in row):
        return [*cells[:offset], *(piece.text for piece in row for _ in range(groups))], True
    spans = False
    for at, piece in enumerate(row):
        if offset and not _over_values(piece, grid):
            cells[0] = f"{cells[0]} {piece.text}".strip()
            continue
        before = row[at - 1].right if at else float("-inf")
        after = row[at + 1].left if at + 1 < len(row) else float("inf")
        group = _group(piece, grid.values, before, after)
        if len(group) > 1 and piece.text[0] == "(":  # "(in millions)" names no column
            group = range(-offset, 1 - offset)
        spans = spans or len(group) > 1
        for place in group:
            cells[place + offset] = f"{cells[place + offset]} {piece.text}".strip()
    return cells, spans


def _equal_groups(row: Sequence[Piece], values: Sequence[Band]) -> int:
    """How many columns each heading stands over, if all stand over the middle of as many; 0 if not."""
    size, rest = divmod(len(values), len(row))
    if rest or size < 2:
        return 0
    groups = [(values[at], values[at + size - 1]) for at in range(0, len(values), size)]
    centred = (_beside(piece, *group) <= 2 * _CENTRED for piece, group in zip(row, groups, strict=True))
    return size if all(centred) else 0


def _over_values(piece: Piece, grid: Grid) -> bool:
    """True if a heading stands over the columns of values, and not over that of the labels."""
    if grid.labels is None or piece.left >= grid.labels.right:
        return True
    return piece.right > grid.values[0].left + _TOUCH and piece.middle > grid.labels.right


def _group(piece: Piece, values: Sequence[Band], before: float, after: float) -> range:
    """The columns that a heading stands over, between the headings beside it."""
    hits = [at for at, band in enumerate(values) if band.touches(piece)]
    free = [at for at, band in enumerate(values) if before < band.middle < after]
    if not free:
        free = hits or [min(range(len(values)), key=lambda at: abs(values[at].middle - piece.middle))]
    if len(free) == len(values) and _beside(piece, values[0], values[-1]) <= _CENTRED:
        return range(len(values))
    if not hits:
        hits = [min(free, key=lambda at: abs(values[at].middle - piece.middle))]
    first, last = hits[0], hits[-1]
    best, off = range(first, last + 1), _beside(piece, values[first], values[last])
    if first == last and piece.right - piece.left <= values[first].right - values[first].left:
        return best
    for start in range(min(free[0], first), first + 1):
        for end in range(last, max(free[-1], last) + 1):
            beside = _beside(piece, values[start], values[end])
            if beside < 0.5 * off and beside <= _CENTRED:
                best, off = range(start, end + 1), beside
    return best


def _beside(piece: Piece, first: Band, last: Band) -> float:
    """How far a heading stands beside the middle of a group of columns, in widths of the group."""
    middle = (first.left + last.right) / 2
    return abs(middle - piece.middle) / max(last.right - first.left, 1.0)
