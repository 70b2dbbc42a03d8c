"""Rows of a table as cells, and the numbers and days that cells hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.text.patterns import lazy_compile
from index.text.rows import is_total, split_row
from index.types import Sliceable, Span, Table
from qa.answering.extractive.question import content_stems

_NUMBER = lazy_compile(
    r"(?P<sign>[A-Z]{3}|[^\w(+−-])?\s*(?P<minus>[(−-])?[^\w]*(?P<digits>\d[\d.,' \u00a0\u2009]*)(?P<unit>.*)"
)
_DAY = lazy_compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_EUROPEAN_DAY = lazy_compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_YEAR = lazy_compile(r"\b(?:1[5-9]|20)\d\d\b")
_DECIMAL_COMMA, _DECIMAL_POINT = (
    lazy_compile(rf"\D*(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+){sign}(?:\d{{1,2}}|\d{{4,}})\D*")
    for group, sign in (("[. ]", ","), (",", r"\."))
)
_POINT_OF_THREE = lazy_compile(r"\D*\d{1,3}(?:\.\d{3})+\D*")
BLANK = lazy_compile(r"[-–—?./]*|n/?a\.?|k\.? ?a\.?", re.IGNORECASE)
_MOST_ROWS = 20_000  # of a table that is read for one question
READABLE = 0.95  # of a table's lines that must be rows, and of a column's filled cells that must be numbers


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where it stands in the source's text, and its cells."""

    span: Span
    cells: tuple[str, ...]


def table_rows(table: Table, text: Sliceable) -> list[Row]:
    """All rows of values, sums left out; none where too many lines are no rows or there are too many."""
    rows: list[Row] = []
    lines = 0
    for start, end in _lines(text, table.body, table.span.end):
        line = text[start:end]
        cells = tuple(cells_of(line, table))
        lines += 1
        if lines > _MOST_ROWS or line.count('"') % 2:
            return []
        if len(cells) == len(table.columns) and not any(is_total(cell) for cell in cells[:2]):
            outer = "| \t" if table.delimiter == "|" else None
            left, right = len(line) - len(line.lstrip(outer)), len(line.rstrip(outer))
            rows.append(Row(Span(start + left, start + right), cells))
        elif any(is_total(cell) for cell in cells[:2]):
            lines -= 1
    return rows if len(rows) >= READABLE * lines else []


def cells_of(line: str, table: Table) -> list[str]:
    """The cells of a line; the pipes that Markdown may have around a row part none."""
    if table.delimiter == "|":
        line = line.strip().removeprefix("|").removesuffix("|")
    cells = split_row(line, table.delimiter)
    if table.delimiter == " | " and len(cells) > 1:  # extracted text has no empty cells at the end of a row
        cells += [""] * (len(table.columns) - len(cells))
    return cells


def cell_stems(cell: str) -> frozenset[str]:
    """The stems of a cell, and the year of a day."""
    return frozenset((*content_stems(cell), *_YEAR.findall(cell)))


def _lines(text: Sliceable, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the lines with something on them stand, without what ends them."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        if line.strip() and not set(line.strip()) <= set("|-: "):
            yield at, at + len(line.rstrip("\r\n"))
        at += len(line)


def has_decimal_comma(rows: Sequence[Row]) -> bool:
    """True if the numbers of a table are written as in 1.250,50: then 4.500 is no 4.5 either.

    So it is where each number with a point has three digits after it, and none is less than one.
    """
    cells = [cell for row in rows for cell in row.cells]
    if any(map(_DECIMAL_POINT.fullmatch, cells)):
        return False
    if any(map(_DECIMAL_COMMA.fullmatch, cells)):
        return True
    pointed = [cell for cell in cells if _POINT_OF_THREE.fullmatch(cell)]
    return bool(pointed) and not any(cell.lstrip("-−( ").startswith("0") for cell in pointed)


def cell_value(cell: str, comma: bool = False) -> tuple[float, str] | None:
    """A cell's number and its unit ("$", "million"); days as YYYYMMDD; None if it is none.

    With `comma`, that is what stands before decimals, and a point parts thousands.

    >>> [cell_value(cell) for cell in ("$1,577.50", "4,2 %", "(12)", "2024-05-16", "Ashby")]
    [(1577.5, '$'), (4.2, '%'), (-12.0, ''), (20240516.0, 'day'), None]
    """
    day = _DAY.fullmatch(cell.strip())
    if day:
        return float(f"{day[1]}{day[2]}{day[3] or '00'}"), "day"
    day = _EUROPEAN_DAY.fullmatch(cell.strip())
    if day:
        return float(f"{day[3]}{day[2]:0>2}{day[1]:0>2}"), "day"
    match = _NUMBER.fullmatch(cell.strip())
    if match is None or any(map(str.isdigit, match["unit"])):
        return None
    digits = re.sub(r"[\s']", "", match["digits"]).rstrip(".,")
    value = _number(digits.replace(".", "").replace(",", ".") if comma else digits)
    if value is None:
        return None
    unit = (match["sign"] or "").strip() + match["unit"].strip(" )").casefold()
    return -value if match["minus"] else value, unit


def _number(digits: str) -> float | None:
    comma, stop = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and stop >= 0:
        last = "," if comma > stop else "."
        plain = digits.replace("." if last == "," else ",", "").replace(last, ".")
    elif comma >= 0:
        grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", digits)
        plain = digits.replace(",", "" if grouped else ".")
    else:
        grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", digits)
        plain = digits.replace(".", "") if grouped else digits
    try:
        return float(plain)
    except ValueError:
        return None
