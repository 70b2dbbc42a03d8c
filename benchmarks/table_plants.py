"""Tables made up in pairs, of which one says another number than the other, or rightly not; not a command.

The numbers, the towns and the order are drawn, always alike. Each pair has a town of its own, so that all can
stand in one index. `conflicts.py` asks for them.
"""

from __future__ import annotations

import csv
import html
import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from openpyxl import Workbook

from tests.support.pdf_files import Words, pdf


@dataclass(frozen=True, slots=True)
class Figures:
    """A table: its title, the unit that its head states, the name over its rows, columns, rows of numbers."""

    title: str
    unit: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def with_value(self, row: str, column: str, value: str) -> Figures:
        """The same with another number in one place."""
        at = self.columns.index(column)
        rows = tuple(
            (name, (*values[:at], value, *values[at + 1 :]) if name == row else values)
            for name, values in self.rows
        )
        return replace(self, rows=rows)

    def value(self, row: str, column: str) -> str:
        """The number at a row and a column."""
        return dict(self.rows)[row][self.columns.index(column)]

    @property
    def lines(self) -> list[list[str]]:
        """Head and rows."""
        return [[self.corner, *self.columns], *([name, *values] for name, values in self.rows)]

    @property
    def headed(self) -> str:
        """Title and unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class TablePair:
    """Two documents, the question about one number, and whether they disagree on it; `kind` says how."""

    kind: str
    disagree: bool
    question: str
    first: tuple[str, bytes]
    second: tuple[str, bytes]


def _csv(table: Figures) -> tuple[str, bytes]:
    out = io.StringIO()
    csv.writer(out).writerows(table.lines)
    return ".csv", out.getvalue().encode()


def _markdown(table: Figures) -> tuple[str, bytes]:
    head, *rows = ("| " + " | ".join(line) + " |" for line in table.lines)
    rule = "|" + "---|" * len(table.lines[0])
    return ".md", "\n".join([f"# {table.headed}", "", head, rule, *rows, ""]).encode()


def _html(table: Figures) -> tuple[str, bytes]:
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>" for line in table.lines
    )
    body = f"<h1>{table.title}</h1><table><caption>{table.headed}</caption>{rows}</table>"
    return ".html", f"<html><head><title>{table.title}</title></head><body>{body}</body></html>".encode()


def _xlsx(table: Figures) -> tuple[str, bytes]:
    book = Workbook()
    sheet = book.active
    sheet.title = "Figures"
    sheet.append([table.headed])
    for line in table.lines:
        sheet.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in line])
    out = io.BytesIO()
    book.save(out)
    return ".xlsx", out.getvalue()


def _pdf(table: Figures) -> tuple[str, bytes]:
    words = [Words(table.headed, y=720, size=14, bold=True)]
    for at, line in enumerate(table.lines):
        words += [Words(cell, x=72 + 110 * column, y=690 - 16 * at) for column, cell in enumerate(line)]
    return ".pdf", pdf(words, info={"Title": table.title})


FORMATS: Sequence[Callable[[Figures], tuple[str, bytes]]] = (_csv, _markdown, _html, _xlsx, _pdf)
_TOWNS = [
    first + second
    for first, second in product(
        ("Mar", "Bro", "Zel", "Tar", "Oster", "Hal", "Wend", "Kirn", "Vol", "Ash", "Lun", "Dorn"),
        ("low", "dno", "ling", "vik", "burg", "mere", "stad", "ford", "holm", "beck", "wick", "au"),
    )
]
_YEARS = ("2021", "2022", "2023", "2024")
_TOPICS = (
    ("Budget of {}", "in thousands of euros", "Department", ("Health", "Schools", "Roads", "Parks"), _YEARS),
    ("Guests in the inn at {}", "", "Month", ("January", "February", "March", "April"), ("Guests", "Nights")),
    ("Harvest of {}", "in tonnes", "Crop", ("Wheat", "Barley", "Oats", "Rye"), _YEARS),
    ("Visitors of {}", "", "Museum", ("Mill Museum", "Ship Museum", "Clock Museum"), _YEARS),
    ("Staff of the works at {}", "", "Trade", ("Fitters", "Clerks", "Drivers"), ("Men", "Women")),
    ("Rain at {}", "in mm", "Month", ("May", "June", "July", "August"), _YEARS),
)


def _drawn(topic: int, town: str, dice: random.Random) -> Figures:
    title, unit, corner, rows, columns = _TOPICS[topic % len(_TOPICS)]
    values = tuple((row, tuple(str(dice.randint(110, 9_899)) for _ in columns)) for row in rows)
    return Figures(title.format(town), unit, corner, columns, values)


def _otherwise(value: str, dice: random.Random) -> str:
    """Another number of as many figures, no rounding of the first."""
    at = dice.randrange(min(2, len(value)))
    digit = dice.choice([each for each in "123456789" if abs(int(each) - int(value[at])) > 1])
    return value[:at] + digit + value[at + 1 :]


def _turned(table: Figures) -> Figures:
    """Rows made columns."""
    rows = tuple(
        (column, tuple(table.value(row, column) for row, _ in table.rows)) for column in table.columns
    )
    return replace(table, corner="", columns=tuple(row for row, _ in table.rows), rows=rows)


def _converted(table: Figures) -> Figures:
    """The same in another unit."""
    unit, by = {
        "in thousands of euros": ("in euros", 1_000),
        "in tonnes": ("in kg", 1_000),
        "in mm": ("in cm", 0.1),
    }.get(table.unit, ("in thousands", 0.001))
    rows = tuple((row, tuple(f"{float(value) * by:.12g}" for value in values)) for row, values in table.rows)
    return replace(table, unit=unit, rows=rows)


def _changed(table: Figures, make: Callable[[str], str]) -> Figures:
    """Every number made another."""
    return replace(table, rows=tuple((row, tuple(map(make, values))) for row, values in table.rows))


def _sentence(table: Figures, row: str, column: str, value: str) -> tuple[str, bytes]:
    """A letter that tells one number in words."""
    unit = {"in thousands of euros": " thousand euros", "in tonnes": " tonnes", "in mm": " mm"}.get(
        table.unit, ""
    )
    said = f"{row} in {column}: the number was {value}{unit}."
    if column.isdigit():
        said = f"In {column} the figure for {row} was {value}{unit}."
    elif column in ("Guests", "Nights"):
        said = f"The inn recorded {value} {column.lower()} in {row}."
    elif column in ("Men", "Women"):
        said = f"The works had {value} {column.lower()} as {row.lower()}."
    return ".txt", f"{table.title}: a letter\n\nDear Anna,\n\n{said} It was a good time.\n".encode()


def conflicting(kind: str, table: Figures, place: tuple[str, str], dice: random.Random) -> Figures:
    """A table that gives another number at `place`."""
    row, column = place
    other = _otherwise(table.value(row, column), dice)
    changed = table.with_value(row, column, other)
    if kind == "turned":
        return _turned(changed)
    if kind == "a part":
        return replace(
            changed, rows=tuple(each for each in changed.rows if each[0] == row or dice.random() < 0.6)
        )
    return _converted(changed) if kind == "other unit" else changed


def agreeing(kind: str, table: Figures, dice: random.Random) -> Figures:
    """A table that has other numbers than another, and contradicts none of them."""
    if kind == "other years":
        later = {year: str(int(year) + len(_YEARS)) for year in _YEARS}
        columns = tuple(later.get(each, f"{each} in 2019") for each in table.columns)
        return replace(_changed(table, lambda value: _otherwise(value, dice)), columns=columns)
    if kind == "other rows":
        rows = tuple((f"{name} abroad", values) for name, values in table.rows)
        return _changed(replace(table, rows=rows), lambda value: _otherwise(value, dice))
    if kind == "rounded":
        return _changed(replace(table, unit="in thousands"), lambda value: f"{int(value) / 1000:.1f}")
    return _turned(table) if kind == "turned" else _converted(table)


CONFLICTS = ("the same table", "turned", "a part", "other unit", "a sentence")
OTHERS = (
    "other years",
    "other rows",
    "other unit, equal",
    "rounded",
    "turned, equal",
    "other town",
    "a sentence, equal",
)


def table_pairs(number: int) -> Iterator[TablePair]:
    """Pairs of documents: `number` that disagree, and as many that do not."""
    for at in range(2 * number):
        dice = random.Random(at)
        disagree = at < number
        kinds = CONFLICTS if disagree else OTHERS
        kind = kinds[at % len(kinds)]
        table = _drawn(at // len(kinds), _TOWNS[at % len(_TOWNS)], dice)
        if kind == "rounded" and table.unit:
            table = replace(table, unit="")
        row, column = dice.choice(table.rows)[0], dice.choice(table.columns)
        formats = dice.sample(range(len(FORMATS)), 2)
        first = FORMATS[formats[0]](table)
        if kind.startswith("a sentence"):
            value = table.value(row, column)
            second = _sentence(table, row, column, _otherwise(value, dice) if disagree else value)
        else:
            second = FORMATS[formats[1]](_second(kind, table, (row, column), at, dice))
        town = table.title.rpartition(" ")[2].lower()
        question = f"{table.title}: how much for {row} in {column}?"
        if column in ("Guests", "Nights", "Men", "Women"):
            question = f"{table.title}: how many {column.lower()} for {row}?"
        topic = table.title.partition(" ")[0].lower()
        yield TablePair(
            kind,
            disagree,
            question,
            (f"{topic}-{town}-{at}{first[0]}", first[1]),
            (f"{topic}-{town}-{at}-b{second[0]}", second[1]),
        )


def _second(kind: str, table: Figures, place: tuple[str, str], at: int, dice: random.Random) -> Figures:
    if kind == "other town":
        elsewhere = _drawn(at // len(OTHERS), f"{_TOWNS[(at + 7) % len(_TOWNS)]}-on-Sea", dice)
        return replace(elsewhere, unit=table.unit)
    if kind in CONFLICTS:
        return conflicting(kind, table, place, dice)
    return agreeing(kind.removesuffix(", equal"), table, dice)
