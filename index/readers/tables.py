"""What names the cells of a table: its rows of headings, its columns, its caption.

Shared by all readers. Where a format says which rows are headings, that is taken; else the rows are compared:
headings are short, no numbers but years, and stand over rows that are filled otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.types import Span, Table

DELIMITER = " | "
LONGEST_NAME = 80  # code points of a cell that can name a column
_MOST_HEADINGS = 3  # rows that name the columns of one table
_SPACES = re.compile(r"(?:[^\S\xa0\u2007\u202f]|(?<!\d)[\xa0\u2007\u202f]|[\xa0\u2007\u202f](?!\d))+")
_YEAR = re.compile(r"(?:(?:fy|q[1-4]|h[12])[ -]?)?(?:1[89]|20)\d\d(?:[-/–]\d{2,4})?[ae*]?", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
# What stands alone in a cell below a name: "[mm]", "%", "°C", "kg/m³", "€".
_UNIT = re.compile(
    r"[(\[][^()\[\]\d]{1,30}[)\]]|[%‰€$£¥]|°[CF]?|(?:[kMGTmµucdn]?(?:g|m|s|l|L|W|Wh|J|Pa|Hz|V|A|bar|cal)|t|ha|h|min)"
    r"(?:[²³23])?(?:/[a-zA-Z]{1,3}[²³]?)?"
)
_SAMPLE = 20  # rows below a heading that show what its columns hold
_SENTENCE = re.compile(r"[.!?]\s+\S|[.!?;]\Z")


def one_line(text: str) -> str:
    """`text` with every run of white space as one space; a no-break space within a number stays."""
    return _SPACES.sub(" ", text).strip()


def make_table(
    rows: Sequence[Sequence[str]],
    spans: Sequence[Span | None],
    *,
    headings: int | None = None,
    caption: str = "",
    delimiter: str = DELIMITER,
) -> Table | None:
    """The table whose `rows` of cells stand at `spans` (None where a row has no text); None without a row.

    `headings` is the number of rows at the top that name the columns, None if the format does not say. Rows
    of one cell above the headings are part of the caption.
    """
    filled = [(row, span) for row, span in zip(rows, spans, strict=True) if span is not None]
    if not filled:
        return None
    cells = [row for row, _ in filled]
    if headings is None:
        titles, count = find_headings(cells)
    else:
        count = sum(span is not None for span in spans[:headings])
        titles = _titles(cells[:count])
        count -= titles
    above = [cell for row in cells[:titles] for cell in row if cell]
    body = filled[titles + count][1].start if titles + count < len(filled) else filled[-1][1].end
    return Table(
        Span(filled[0][1].start, filled[-1][1].end),
        body,
        column_names(cells[titles : titles + count]),
        one_line(" ".join(dict.fromkeys([caption, *above]))),
        delimiter,
    )


def find_headings(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """How many rows at the top are titles (one cell above wider rows), and how many then name columns."""
    titles = _titles(rows)
    rest = rows[titles:]
    count = 0
    while count < min(_MOST_HEADINGS, len(rest) - 1) and _names_columns(rest[count], rest[count + 1 :]):
        count += 1
        if all(rest[count - 1][1:]) and _distinct(rest[count - 1]):
            break
    if count and count < len(rest) - 1 and _is_units(rest[count]):
        count += 1
    # A row of groups ("2017 | 2017") names no column alone, but above the row that does.
    while count and not _distinct(column_names(rest[:count])):
        count -= 1
    return (titles, count) if count else (0, 0)


def column_names(headings: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The name of each column: its cells in the rows of headings, from the top, repetitions once.

    >>> column_names([("", "2017", "2017"), ("Item", "Net sales", "Cost")])
    ('Item', '2017 Net sales', '2017 Cost')
    """
    width = max((len(row) for row in headings), default=0)
    columns = ([row[at] for row in headings if at < len(row) and row[at]] for at in range(width))
    return tuple(" ".join(dict.fromkeys(column)) for column in columns)


def _titles(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top hold one text, where those below hold several."""
    titles = 0
    while titles < len(rows) and len(set(filter(None, rows[titles]))) == 1:
        titles += 1
    wide = titles < len(rows) and len(set(filter(None, rows[titles]))) > 1
    return titles if wide and titles <= _MOST_HEADINGS else 0


def _names_columns(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """True if a row may name the columns of the rows `below`: short texts or years over values."""
    names = [cell for cell in row if cell]
    if len(names) < 2 or any(len(name) > LONGEST_NAME or _SENTENCE.search(name) for name in names):
        return False
    if all(_YEAR.fullmatch(name) for name in names[-2:]):
        return True
    if any(_DIGIT.search(name) and not _YEAR.fullmatch(name) for name in names):
        return False
    values = sum(
        any(_is_value(other, at) for other in below[:_SAMPLE]) for at in range(1, len(row)) if row[at]
    )
    # Texts over texts: two columns may as well be a list of names and what they stand for.
    return values > 0 or (
        len(names) > 2 and not any(row[0] and row[0] == other[0] for other in below if other)
    )


def _is_units(row: Sequence[str]) -> bool:
    """True for a row of units below the names: "(persons) | (mm)", "kg | %"."""
    units = [cell for cell in row if cell]
    return len(units) > (len(row) - 1) / 2 and all(map(_UNIT.fullmatch, units))


def _is_value(row: Sequence[str], at: int) -> bool:
    return at < len(row) and bool(row[at]) and bool(_DIGIT.search(row[at]))


def _distinct(row: Sequence[str]) -> bool:
    names = [cell for cell in row if cell]
    return len(set(names)) == len(names)
