"""What names the cells of a table: its rows of headings, its columns, its caption.

Shared by all readers. Where a format says which rows are headings, that is taken; else the rows are compared:
headings are short, no numbers but of years and days, and stand over rows that are filled otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from index.types import Span, Table

DELIMITER = " | "
LONGEST_NAME = 80  # code points of a cell that can name a column of texts; of one of numbers, twice as many
_MOST_HEADINGS = 3  # rows that name the columns of one table
_SPACES = re.compile(
    r"(?:[^\S\xa0\u2007\u202f]|[\x00-\x1f\x7f-\x9f]|(?<!\d)[\xa0\u2007\u202f]|[\xa0\u2007\u202f](?!\d))+"
)
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?:[-/–]\d{2,4})?(?!\d)")
_SHORT_DATE = re.compile(r"\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.\d{2}")
_CLOCK = re.compile(
    r"\d{1,2}[:h]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?(?: ?[-–] ?\d{1,2}[:h]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?)?"
)
_NUMBERS = re.compile(r"\d+")
_PERIOD = (
    53  # days of a month, weeks of a year: what else a name with a year counts ("52 weeks ended 31.12.2017")
)
_DIGIT = re.compile(r"\d")
_NAMES = re.compile(r"[^\W_]|[%‰#$€£¥]")  # what a cell has that names something, unlike a dash
_LETTER = re.compile(r"[^\W\d_]")
# What stands alone in a cell below a name: "[mm]", "%", "°C", "kg/m³", "€".
_UNIT = re.compile(
    r"[(\[][^()\[\]\d]{1,30}[)\]]|[%‰€$£¥]|°[CF]?|(?:[kMGTmµucdn]?(?:g|m|s|l|L|W|Wh|J|Pa|Hz|V|A|bar|cal)|t|ha|h|min)"
    r"(?:[²³23])?(?:/[a-zA-Z]{1,3}[²³]?)?"
)
_MOST = 0.5  # of the cells of a column
_UNIT_OF_ALL = re.compile(
    r"\A\(.*\)\Z|\b(?:thousands?|millions?|billions?|Tausend|Tsd|Mio|Millionen|Mrd|Milliarden|TEUR|milliers|millones)\b",
    re.IGNORECASE,
)
_ENDED = re.compile(r"\b(?:years?|quarters?|months|weeks|periods?) ended\b", re.IGNORECASE)
_DAY = re.compile(r"[^\W\d]{3,}\.? \d{1,2},?|\d{1,2}\.? [^\W\d]{3,}")
_SAMPLE = 20  # rows below a heading that show what its columns hold
_SENTENCE = re.compile(r"[.!?]\s+\S|[.!?;]\Z")
_SHORT = 6  # words of a name that may have a full stop in it: "No.", "Approx. age"


def one_line(text: str) -> str:
    """`text` with runs of white space and controls as one space; a no-break space within a number stays."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
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
    columns = column_names(cells[titles : titles + count])
    if len(columns) > 1 and _of_whole(columns[0], list(filter(None, columns[1:]))):
        above, columns = [*above, columns[0]], ("", *columns[1:])
    body = filled[titles + count][1].start if titles + count < len(filled) else filled[-1][1].end
    return Table(
        Span(filled[0][1].start, filled[-1][1].end),
        body,
        columns,
        one_line(" ".join(dict.fromkeys([caption, *above]))),
        delimiter,
    )


def find_headings(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """How many rows at the top are titles (one cell above wider rows), and how many then name columns."""
    titles = _titles(rows)
    rest = rows[titles:]
    count = 0
    while count < min(_MOST_HEADINGS, len(rest) - 1):
        above = rest[count - 1] if count else None
        if not _names_columns(rest[count], rest[count + 1 :], texts=above is None or not _distinct(above)):
            break
        count += 1
        if all(rest[count - 1][1:]) and _distinct(rest[count - 1]):
            break
    if count and count < len(rest) - 1 and _is_units(rest[count]):
        count += 1
    # A row of one group ("2017 | 2017") names no column alone, but above the row that does.
    while count and len(set(filter(None, names := column_names(rest[:count])))) < min(2, len(names) - 1):
        count -= 1
    return (titles, count) if count else (0, 0)


def column_names(headings: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The name of each column: its cells in the rows of headings, from the top, repetitions once.

    >>> column_names([("", "2017", "", "2016"), ("Item", "Net sales", "Cost", "Net sales")])
    ('Item', '2017 Net sales', '2017 Cost', '2016 Net sales')
    """
    width = max((len(row) for row in headings), default=0)
    rows = [_spread(row, below) for row, below in pairwise(headings)] + list(headings[-1:])
    columns = ([row[at] for row in rows if at < len(row) and _NAMES.search(row[at])] for at in range(width))
    return tuple(one_line(" ".join(dict.fromkeys(column))) for column in columns)


def _spread(row: Sequence[str], below: Sequence[str]) -> list[str]:
    """A row of groups with the name of each over all of its columns that the row below names."""
    spread = list(row[:2])
    for at in range(2, max(len(row), len(below))):
        own = row[at] if at < len(row) else ""
        spread.append(own or (spread[-1] if at < len(below) and below[at] else ""))
    return spread


def _of_whole(corner: str, names: Sequence[str]) -> bool:
    """True if what stands above the names of rows says something of all values: their unit or their time.

    A day and a year alone do so where the other `names` of columns are years and days as well.
    """
    if _UNIT_OF_ALL.search(corner) or _ENDED.search(corner):
        return True
    return (_is_period(corner) or _DAY.fullmatch(corner) is not None) and all(map(_is_period, names))


def _titles(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top hold one text, where those below hold several."""
    titles = 0
    while titles < len(rows) and len(set(filter(None, rows[titles]))) == 1:
        titles += 1
    wide = titles < len(rows) and len(set(filter(None, rows[titles]))) > 1
    return titles if wide and titles <= _MOST_HEADINGS else 0


def _names_columns(row: Sequence[str], below: Sequence[Sequence[str]], *, texts: bool) -> bool:
    """True if a row may name the columns of the rows `below`: short texts or periods over values.

    With `texts`, also texts over texts.
    """
    names = {at: cell for at, cell in enumerate(row) if cell}
    if len(names) < 2 or any(len(name) > 2 * LONGEST_NAME or _is_sentence(name) for name in names.values()):
        return False
    columns = {at: [cells[at] for cells in below[:_SAMPLE] if at < len(cells) and cells[at]] for at in names}
    others = [name for at, name in names.items() if at]
    corner = not row[0] or (len(others) > 1 and _of_whole(row[0], others))
    if not all(_may_name(name, columns[at], corner=corner) for at, name in names.items() if at or not corner):
        return False
    values = [_share(_DIGIT.search, columns[at]) for at in names if at]
    if len(names) == 2 and 0 in names:  # as may be a list of names and what they stand for
        pairs = all(cell.endswith(":") for cell in columns.get(0, ())) and bool(columns.get(0))
        return not pairs and min(values) > _MOST
    if max(values) > 0 or all(map(_is_period, others)) or all(map(_CLOCK.fullmatch, others)):
        return True
    plain = not any(_DIGIT.search(name) or len(name) > LONGEST_NAME for name in names.values())
    return texts and plain and not (row[0] and row[0] in columns[0])


def _may_name(name: str, below: Sequence[str], *, corner: bool) -> bool:
    """True if a cell is no value among those `below`: no number, and no date over other dates.

    Years stand over numbers that may look like years, and hours over what is done then, where the first cell
    of their row, the `corner`, is empty.
    """
    if not _DIGIT.search(name):
        return True
    if _CLOCK.fullmatch(name):
        return corner
    if _is_period(name):
        return corner or _share(_is_period, below) <= _MOST
    return bool(_LETTER.search(name)) and _share(_is_plain_number, below) > _MOST


def _is_period(cell: str) -> bool:
    """True for a year, and for a day or a span of time with it: "FY2017", "3 months ended 30.6.2017"."""
    if _SHORT_DATE.fullmatch(cell):
        return True
    rest = _NUMBERS.findall(_YEAR.sub("", cell))
    return _YEAR.search(cell) is not None and len(rest) < 4 and all(int(number) <= _PERIOD for number in rest)


def _is_plain_number(cell: str) -> bool:
    return bool(_DIGIT.search(cell)) and not _LETTER.search(cell)


def _is_sentence(name: str) -> bool:
    return _SENTENCE.search(name) is not None and len(name.split()) > _SHORT


def _share(is_such: Callable[[str], object], cells: Sequence[str]) -> float:
    return sum(bool(is_such(cell)) for cell in cells) / len(cells) if cells else 0.0


def _is_units(row: Sequence[str]) -> bool:
    """True for a row of units below the names: "(persons) | (mm)", "kg | %"."""
    units = [cell for cell in row if cell]
    return len(units) > (len(row) - 1) / 2 and all(map(_UNIT.fullmatch, units))


def _distinct(row: Sequence[str]) -> bool:
    names = [cell for cell in row if cell]
    return len(set(names)) == len(names)
