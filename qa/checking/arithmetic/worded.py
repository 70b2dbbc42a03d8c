"""Calculations that name rows of a table: "operating cash less capital outlays, relative to income".

The names are replaced by the numbers of their rows, column by column, so that what the claim tells can be
followed as if it had written the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from qa.checking.arithmetic.written import written_out
from qa.checking.dates import dates
from qa.checking.quantities import Quantity, quantities

_MOST_LINES = 60  # lines of cited texts that are looked at as rows
_MOST_ROWS = 4  # that a calculation in words may name
_MOST_COLUMNS = 6
_LONGEST_NAME = 100  # characters
_CELLS = re.compile(r"\s*\|\s*")
_EMPTY = frozenset("$€£")
# A number right behind the name of its row: "income of 40", which needs no other.
_HAS_NUMBER = r"(?!\w)(?! (?:(?:of|at) )?\(?-?[$€£]? ?\d)"


def in_words(claim: str, texts: Sequence[str], scales: Sequence[Decimal]) -> Iterator[tuple[Quantity, str]]:
    """The results that `claim` may tell of the rows it names: each number of `claim` that is one, and how.

    `scales` are those of the numbers of `texts`.
    """
    numbers = dates(claim).rest
    for text in _with_numbers(claim, texts):
        terms = [term for term in quantities(dates(text).rest) if text[term.end : term.end + 1] == _MARK]
        for scale in (Decimal(1), *scales):
            written = written_out(text.replace(_MARK, " "), terms, terms, scale)
            for step in written.steps:
                yield from (
                    (quantity, f"{step.shown} = {quantity.text}")
                    for quantity in quantities(numbers)
                    if step.gives(quantity, scale)
                )


_MARK = "\x00"  # behind a number that stands for the name of its row


def _with_numbers(claim: str, texts: Sequence[str]) -> Iterator[str]:
    """The claim with the names of at least two rows replaced by the numbers of each of their columns."""
    rows = {
        name: cells
        for name, cells in _rows(texts).items()
        if re.search(rf"\b{re.escape(name)}{_HAS_NUMBER}", claim, re.IGNORECASE)
    }
    widths = {len(cells) for cells in rows.values()}
    if not 2 <= len(rows) <= _MOST_ROWS or len(widths) != 1:
        return
    by_length = sorted(rows, key=len, reverse=True)
    names = re.compile(rf"\b(?:{'|'.join(map(re.escape, by_length))}){_HAS_NUMBER}", re.IGNORECASE)
    for column in range(min(widths.pop(), _MOST_COLUMNS)):
        at_column = {name: f"{cells[column]}{_MARK}" for name, cells in rows.items()}
        yield _replaced(claim, names, at_column)


def _replaced(claim: str, names: re.Pattern[str], numbers: Mapping[str, str]) -> str:
    return names.sub(lambda name: numbers[name[0].lower()], claim)


def _rows(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The cells of each row with a number in every one, by its name in small letters; no two of one name."""
    rows: dict[str, set[tuple[str, ...]]] = {}
    for line in [line for text in texts for line in text.split("\n")][:_MOST_LINES]:
        name, *cells = _CELLS.split(line.strip())
        cells = [cell for cell in cells if cell.strip() and cell.strip() not in _EMPTY]
        readable = all(len(quantities(cell)) == 1 and not re.search(r"[^\W\d_]", cell) for cell in cells)
        if cells and readable and 3 < len(name) <= _LONGEST_NAME and not re.search(r"\d", name):
            rows.setdefault(name.lower(), set()).add(tuple(map(_bare, cells)))
    return {name: next(iter(found)) for name, found in rows.items() if len(found) == 1}


def _bare(cell: str) -> str:
    """The number of a cell without the sign of its money, with a minus for brackets: "-442" for "$ (442)"."""
    below = "-" if cell.strip("$€£ ").startswith(("(", "-")) else ""
    return below + cell.strip("$€£()- ")
