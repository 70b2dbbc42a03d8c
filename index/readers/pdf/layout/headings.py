"""Puts the headings above a table to its columns: one of several lines, one over several columns.

What stands over the middle of a group of columns names them all. It is written once, over the first of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from index.readers.pdf.layout.rows import Piece, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.readers.pdf.layout.grid import Band, PdfGrid
    from index.readers.pdf.page import PdfLine

_TOUCH = 1.0  # points
_SIDE = 3.0  # points that a heading may stand beside the side of its column
_CENTRED = 0.06  # of a group's width, that its heading may stand beside the middle
_NARROW_GAP = 0.33  # of the height of the letters, between the headings of narrow columns
_FEWEST_NARROW = 3
_WIDER = 1.3  # times a heading below, at most, that goes on with it
_UNIT = re.compile(r"\([$€£\w]\w+[ )]")  # "(in millions", "(unaudited)": names no column; but no mark "(a)"

Cell = tuple[str, ...]  # the lines of one cell


class HeadingRow(NamedTuple):
    """The cells of one row of headings: as they are written, and as they name every column below them."""

    written: tuple[Cell, ...]
    names: tuple[Cell, ...]


def heading_rows(lines: Sequence[PdfLine], grid: PdfGrid) -> list[HeadingRow]:
    """The rows of headings from the top, the lines of one heading put together unless one spans columns."""
    bases = [_pieces(base, grid) for base in _by_base_line(lines)]
    placed: list[list[range]] = []
    for at in reversed(range(len(bases))):
        below = list(zip(bases[at + 1], placed[0], strict=True)) if placed else []
        placed.insert(0, _places(bases[at], grid, below))
    rows: list[HeadingRow] = []
    open_before = False
    for base, groups in zip(bases, placed, strict=True):
        written: list[Cell] = [()] * grid.width
        names: list[Cell] = [()] * grid.width
        for piece, group in zip(base, groups, strict=True):
            written[group.start] += (piece.text,)
            for place in group:
                names[place] += (piece.text,)
        spans = any(len(group) > 1 for group in groups)
        row = HeadingRow(tuple(written), tuple(names))
        if rows and open_before and not spans:
            above = rows.pop()
            row = HeadingRow(_together(above.written, row.written), _together(above.names, row.names))
        rows.append(row)
        open_before = not spans
    return rows


def _together(above: Sequence[Cell], below: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(one + other for one, other in zip(above, below, strict=True))


def _pieces(base: Sequence[PdfLine], grid: PdfGrid) -> list[Piece]:
    found = [piece for line in base for piece in narrow_headings(line, grid) or pieces(line)]
    return sorted(found, key=lambda piece: piece.left)


def narrow_headings(line: PdfLine, grid: PdfGrid) -> list[Piece]:
    """One heading for each column of a table, where they stand as close as words; none if it is another line.

    The columns of a narrow table may be no further apart.
    """
    if len(line.words) < _FEWEST_NARROW or line.hyphen:
        return []
    found: list[Piece] = []
    for word in line.words:
        if found and word.left - found[-1].right <= _NARROW_GAP * line.size:
            found[-1] = Piece(f"{found[-1].text} {word.text}", found[-1].left, word.right)
        else:
            found.append(Piece(*word))
    bands = [*([grid.labels] if grid.labels and len(found) == grid.width else []), *grid.values]
    if len(found) != len(bands):
        return []
    over = (_stands_beside(piece, band) for piece, band in zip(found, bands, strict=True))
    return found if all(over) else []


def _stands_beside(piece: Piece, band: Band) -> bool:
    """True if a heading is set to a side or the middle of its column, or lies over all of it."""
    sides = (band.left - piece.left, band.right - piece.right, band.middle - piece.middle)
    over = piece.left <= band.left + _SIDE and piece.right >= band.right - _SIDE
    return over or min(map(abs, sides)) <= _SIDE


def _by_base_line(lines: Sequence[PdfLine]) -> list[list[PdfLine]]:
    """Lines from the top, those at one height together."""
    found: list[list[PdfLine]] = []
    for line in sorted(lines, key=lambda line: -line.bottom):
        if found and found[-1][0].bottom - line.bottom <= 0.4 * line.size:
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _places(row: Sequence[Piece], grid: PdfGrid, below: Sequence[tuple[Piece, range]]) -> list[range]:
    """The columns that each heading of a row stands over; `below` are those of the row under it."""
    offset = int(grid.labels is not None)
    first = 0 if len(row) == grid.width else offset
    if len(row) == grid.width or (len(row) == len(grid.values) and _over_values(row[0], grid)):
        return [range(at + first, at + first + 1) for at in range(len(row))]
    if size := _equal_groups(row, grid.values):
        return [range(offset + at * size, offset + (at + 1) * size) for at in range(len(row))]
    groups: list[range] = []
    for at, piece in enumerate(row):
        same = next((group for other, group in below if _goes_on_in(piece, other)), None)
        if offset and not _over_values(piece, grid):
            group = range(1)
        elif same is not None:
            group = same
        else:
            before = row[at - 1].right if at else float("-inf")
            after = row[at + 1].left if at + 1 < len(row) else float("inf")
            group = _group(piece, grid.values, before, after)
            if len(group) > 1 and _UNIT.match(piece.text):
                group = range(-offset, 1 - offset)
            group = range(group.start + offset, group.stop + offset)
        if groups and group.start < groups[-1].stop and group.stop > 1:  # no column has two headings in a row
            groups[-1] = _nearest(row[at - 1], groups[-1], grid)
            group = _nearest(piece, group, grid)
        groups.append(group)
    return groups


def _nearest(piece: Piece, group: range, grid: PdfGrid) -> range:
    """The one column of a group that a heading stands nearest to."""
    bands = [*([grid.labels] if grid.labels else []), *grid.values]
    place = min(group, key=lambda at: abs(bands[at].middle - piece.middle))
    return range(place, place + 1)


def _goes_on_in(piece: Piece, below: Piece) -> bool:
    """True if a heading goes on in the one under it: set to the same side or middle, and not much wider."""
    if piece.right - piece.left > _WIDER * (below.right - below.left):
        return False
    return min(abs(piece.middle - below.middle), abs(piece.right - below.right)) <= _SIDE


def _equal_groups(row: Sequence[Piece], values: Sequence[Band]) -> int:
    """How many columns each heading stands over, if all stand over the middle of as many; 0 if not.

    The same heading over every group is the first line of one in its middle.
    """
    size, rest = divmod(len(values), len(row))
    texts = [piece.text for piece in row]
    if (
        rest
        or size < 2
        or any(_UNIT.match(text) for text in texts)
        or (size > 2 and len(set(texts)) < len(row))
    ):
        return 0
    groups = [(values[at], values[at + size - 1]) for at in range(0, len(values), size)]
    centred = (_beside(piece, *group) <= _CENTRED for piece, group in zip(row, groups, strict=True))
    return size if all(centred) else 0


def _over_values(piece: Piece, grid: PdfGrid) -> bool:
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
    if first == last and _stands_over(piece, values[first]):
        return best
    for start in range(min(free[0], first), first + 1):
        for end in range(last, max(free[-1], last) + 1):
            beside = _beside(piece, values[start], values[end])
            if beside < 0.5 * off and beside <= _CENTRED:
                best, off = range(start, end + 1), beside
    return best


def _stands_over(piece: Piece, band: Band) -> bool:
    """True if a heading that touches one column alone is set to one of its sides, or to its middle."""
    width = band.right - band.left
    sides = (band.left - piece.left, band.right - piece.right, band.middle - piece.middle)
    return piece.right - piece.left <= 1.1 * width and min(map(abs, sides)) <= max(_SIDE, 0.1 * width)


def _beside(piece: Piece, first: Band, last: Band) -> float:
    """How far a heading stands beside the middle of a group of columns, in widths of the group."""
    middle = (first.left + last.right) / 2
    return abs(middle - piece.middle) / max(last.right - first.left, 1.0)
