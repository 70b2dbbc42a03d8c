"""The numbers in the cells of tables, each with what its row and its column are called.

Two cells are of the same thing if their rows and columns are together called the same: a table of months over
regions says what one of regions over months says. Years and units are told apart from the names: a year must
be the same, a unit is converted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from index.text.rows import body_table, group_name, is_total, split_row
from index.text.stemmer import stem
from index.text.stop_words import STOP_WORDS
from index.text.terms import terms
from index.types import Table
from qa.checking.dates import dates
from qa.checking.quantities import Quantity, quantities
from qa.checking.rules import plain
from qa.checking.sources.statements import Statement
from qa.checking.words.scales import stated_scales
from qa.checking.words.units import SCALES, UNITS

MOST_COLUMNS = 40  # of a row that are read
_ABOVE = 300  # characters before a table, in whose last line its unit is looked for
_YEAR = re.compile(r"(?<![\d.,])(?:FY ?'?)?((?:1[5-9]|20)\d\d)(?!\d|[.,]\d)", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"\bFY ?'?(\d\d)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_IN_UNITS = re.compile(r"(?:,|\b)\s*in (?:[^\W\d_]+ )?[^\W\d_]+\Z", re.IGNORECASE)
_UNIT_WORD = re.compile(r"[^\W\d_]+|[%‰$€£¥]|000")
_OF_UNITS = frozenset(
    ("in", "of", "us", "u", "s", "tsd", "teur", "000", "usd", "eur", "gbp", "chf", "t", "h", "l")
)
# What a year is called beside its number.
_OF_YEARS = frozenset(("fy", "fiscal", "year", "years", "jahr", "ended"))
_ANOTHER_SENSE = frozenset(("percent", "per mille", "points"))  # units that no scale multiplies
# A row of what has no row of its own: it is another in every table.
_REST = re.compile(
    r"(?:all |the )?(?:others?|sonstiges?|übrige|autres?|otros|rest|remainder)\b", re.IGNORECASE
)
# The first column only numbers the rows.
_NUMBERING = re.compile(r"(?:no|nr|n|#|id|rank|pos|row|lfd)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A number at `statement`, which is a row of `table`, under the column called `column`.

    `key` are the stems of the names of row and column, `years` the years in them. `amount` has the unit of
    its column; `scales` is what a head states that it is to be multiplied with, empty if nothing does, and
    `unit` what states unit or scale, as written.
    """

    statement: Statement
    table: Table
    row: str
    column: str
    text: str
    key: frozenset[str]
    years: frozenset[int]
    amount: Quantity
    scales: tuple[Decimal, ...]
    unit: str = ""

    def beside(self, others: Iterable[NumberCell]) -> str:
        """Its number as it is shown beside those of others: with its unit, if they have another."""
        alike = all((each.scales, each.amount.unit, each.amount.size) == self._measure for each in others)
        return self.text if alike or not self.unit else f"{self.text} ({self.unit})"

    @property
    def _measure(self) -> tuple[tuple[Decimal, ...], str | None, Decimal]:
        return self.scales, self.amount.unit, self.amount.size

    @property
    def home(self) -> tuple[str, int]:
        """The table that it is of: source and place."""
        return self.statement.source.id, self.table.span.start

    @property
    def name(self) -> str:
        """What it is called: row and column."""
        return ", ".join(filter(None, (self.row, self.column)))


def table_of(statement: Statement) -> Table | None:
    """The table that a statement is a row of values of, if what is in its cells has names."""
    table = body_table(statement.chunk.tables, statement.span)
    return table if table is not None and (len(table.columns) > 1 or _is_pair(statement, table)) else None


def cells_of(statements: Iterable[Statement]) -> list[NumberCell]:
    """The cells of all rows among `statements`, without sums and rows whose name another of the table has."""
    by_table: dict[tuple[str, int], list[NumberCell]] = defaultdict(list)
    rows: dict[tuple[str, int], list[list[str]]] = defaultdict(list)
    seen: set[tuple[str, int]] = set()
    for statement in statements:
        table = table_of(statement)
        place = (statement.source.id, statement.span.start)
        if table is None or statement.copied or place in seen:
            continue
        seen.add(place)
        home = (statement.source.id, table.span.start)
        cells = _split(statement, table)
        group = group_name(cells, reversed(rows[home]))
        rows[home].append(cells)
        by_table[home] += _cells(statement, table, [group, *cells[1:]] if group else cells)
    return [cell for cells in by_table.values() for cell in _unambiguous(cells)]


@lru_cache(maxsize=1 << 12)
def years_in(text: str) -> frozenset[int]:
    """The years that a name, a heading or a caption has: 2024, FY24."""
    short = (2000 + int(match[1]) for match in _SHORT_YEAR.finditer(text))
    return frozenset((*(int(match[1]) for match in _YEAR.finditer(text)), *short))


@lru_cache(maxsize=1 << 12)
def name_stems(text: str) -> frozenset[str]:
    """The stems of the name of a row or a column, without its years and without its unit in brackets."""
    bare = _without_unit(text)
    words = terms(_SHORT_YEAR.sub(" ", _YEAR.sub(" ", bare)).replace("-", " "))
    named = [word for word in words if word not in STOP_WORDS and word not in _OF_YEARS]
    return frozenset(map(stem, named or (word for word in words if word not in _OF_YEARS)))  # "May"


def _is_pair(statement: Statement, table: Table) -> bool:
    """True for a name and a value in a table without headings."""
    return not table.columns and len(_split(statement, table)) == 2


def _split(statement: Statement, table: Table) -> list[str]:
    start = statement.span.start - statement.chunk.span.start
    head = statement.chunk.text[:start]
    tabs = head[len(head.rstrip("\t")) :] if table.delimiter == "\t" else ""  # a sentence is trimmed
    return split_row(tabs + statement.text, table.delimiter)


def _cells(statement: Statement, table: Table, cells: Sequence[str]) -> Iterator[NumberCell]:
    columns = table.columns or ("", "")
    if not 1 < len(cells) <= min(len(columns), MOST_COLUMNS) or any(map(is_total, cells[:2])):
        return
    if table.delimiter != " | " and len(cells) < len(columns):
        return
    first = 1 if _NUMBERING.fullmatch(columns[0]) else 0
    named = first + 1
    while named < len(cells) and not _amounts(cells[named]):
        named += 1
    row = ", ".join(filter(None, cells[first:named]))
    if not (name_stems(row) or years_in(row)) or _REST.match(row):
        return
    heads = _heads(statement, table)
    for at in range(named, len(cells)):
        amounts = _amounts(cells[at])
        if not amounts or (table.columns and not columns[at]):
            continue
        called = f"{row} {columns[at]}"
        key = name_stems(row) | name_stems(columns[at])
        amount, scales = _in_units(amounts[0], columns[at], heads)
        unit = next(filter(None, map(_units_stated, (columns[at], *heads))), "").strip("()[] ")
        yield NumberCell(
            statement, table, row, columns[at], cells[at], key, years_in(called), amount, scales, unit
        )


@lru_cache(maxsize=1 << 13)
def _amounts(cell: str) -> tuple[Quantity, ...]:
    """The number of a cell, if it holds a number and nothing else."""
    written = plain(cell)
    if not any(map(str.isdigit, written)) or dates(written).readings:
        return ()
    found = tuple(quantities(written))
    if len(found) != 1:
        return ()
    rest = written[: found[0].start] + written[found[0].end :]
    return () if any(map(str.isalnum, rest)) else found


def _in_units(amount: Quantity, column: str, heads: Sequence[str]) -> tuple[Quantity, tuple[Decimal, ...]]:
    """A number with the unit and the scale that its column states, or else the first of `heads` that does."""
    stated = [_units_stated(each) for each in (column, *heads)]
    if amount.unit is None and "%" in column:
        stated.insert(0, "%")
    if amount.unit is None:
        words = (word.lower() for each in stated for word in _UNIT_WORD.findall(each))
        unit = next((word for word in words if word in UNITS and word not in SCALES), None)
        if unit is not None:
            amount = replace(amount, unit=UNITS[unit][0], size=UNITS[unit][1])
    if amount.scale != 1 or amount.unit in _ANOTHER_SENSE:
        return amount, ()
    return amount, next((scales for each in (stated[0], *heads) if (scales := stated_scales(each))), ())


@lru_cache(maxsize=1 << 12)
def _units_stated(text: str) -> str:
    """What stands in brackets in a name or a title, and after "in" at its end."""
    return " ".join((*_BRACKETS.findall(text), *_IN_UNITS.findall(text)))


def _heads(statement: Statement, table: Table) -> tuple[str, ...]:
    """What may state the unit of a table, the nearest first: its caption, what stands above it, a title."""
    before = statement.chunk.text[: max(0, table.span.start - statement.chunk.span.start)][-_ABOVE:]
    lines = [line for line in before.splitlines() if line.strip()]
    above = (lines[-1],) if lines else ()
    return (table.caption, *above, *reversed(statement.chunk.headings), statement.source.title or "")


def _without_unit(name: str) -> str:
    """A name without what only states its unit: "Weight (kg)", "Revenue, in millions"."""

    def kept(match: re.Match[str]) -> str:
        words = [word.lower() for word in _UNIT_WORD.findall(match[0])]
        units = all(word in UNITS or word in SCALES or word in _OF_UNITS for word in words)
        return " " if words and units else match[0]

    return _IN_UNITS.sub(kept, _BRACKETS.sub(kept, name))


def _unambiguous(cells: Sequence[NumberCell]) -> list[NumberCell]:
    """The cells of one table but those that are called the same."""
    named = Counter((cell.key, cell.years) for cell in cells)
    return [cell for cell in cells if named[cell.key, cell.years] == 1]
