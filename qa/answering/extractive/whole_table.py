"""Questions that no single row answers: the highest of a column, a count, a sum, a comparison of rows.

Which row has the highest or lowest value is worked out over all rows of the table in the text of its source.
Counts, sums, averages and comparisons are recognised, and not answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.text.rows import body_table, is_total, split_row
from index.types import Passage, Span, Table
from qa.answering.extractive.question import ParsedQuestion, content_stems

# Words that ask for the row with the most or the least of something, and the sign of what is looked for.
_MOST = (
    "highest|largest|biggest|greatest|most|maximum|max|latest|newest|longest|tallest|heaviest|fastest|"
    "youngest|priciest|dearest|top|höchste[rsnm]?|größte[rsnm]?|meisten|teuerste[rsnm]?|längste[rsnm]?|"
    "neueste[rsnm]?|jüngste[rsnm]?"
)
_LEAST = (
    "lowest|smallest|least|fewest|minimum|min|cheapest|earliest|oldest|shortest|lightest|slowest|"
    "niedrigste[rsnm]?|kleinste[rsnm]?|wenigsten|billigste[rsnm]?|günstigste[rsnm]?|kürzeste[rsnm]?|"
    "älteste[rsnm]?"
)
_EXTREME = tuple(
    (sign, re.compile(rf"(?<!\bat )\b(?:{words})\b(?! of the time\b)", re.IGNORECASE))
    for sign, words in ((1, _MOST), (-1, _LEAST))
)
# "Oldest" is the least year of birth, and the greatest age.
_BY_AGE = re.compile(r"\b(?:oldest|youngest|älteste[rsnm]?|jüngste[rsnm]?)\b", re.IGNORECASE)
_AGE = frozenset(content_stems("age Alter"))
# Not the first of an order, but one further on, or several.
_RANKED = re.compile(
    r"\b(?:second|third|fourth|fifth|2nd|3rd|\dth|next)[ -](?:\w+est|most|least|best)\b"
    r"|\b(?:top|highest|lowest|largest|biggest|smallest|most|best) (?:\d+|two|three|four|five|ten)\b"
    r"|\b(?:two|three|four|five|ten) (?:\w+est|most|least)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:more|less|fewer|greater|higher|lower|larger|smaller|bigger|older|younger|longer|shorter|cheaper|"
    r"earlier|later)\b(?: \w+){0,5}? than\b"
    r"|\b(?:above|over|under|below|exceed(?:s|ed|ing)?|at least|at most) [$€£]? ?\d",
    re.IGNORECASE,
)
_SUMS = re.compile(
    r"\b(?:average|mean|median|altogether|combined|sum of|totals?|in all|insgesamt|durchschnitt\w*)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\bhow many (?:different |distinct )?(\w+)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<sign>[A-Z]{3}|[^\w(+−-])?\s*(?P<minus>[(−-])?[^\w]*(?P<digits>\d[\d.,' \u00a0\u2009]*)(?P<unit>.*)"
)
_DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_MOST_ROWS = 20_000  # of a table that is read for one question
_MOST_TIES = 3  # rows that share the highest value and are all given
_READABLE = 0.95  # of a table's lines that must be rows, and of a column's cells that must be numbers

COMPARISON = "this asks for a comparison over a whole table"
COUNT = "this asks for a count or a sum over a whole table"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where it stands in the source's text, and its cells."""

    span: Span
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extreme:
    """The rows that have the highest or lowest value of a column, as passages of one sentence each.

    `note` says of how many rows.
    """

    passages: tuple[Passage, ...]
    note: str


def needs_whole_table(question: ParsedQuestion, passage: Passage, span: Span, text: str) -> str | None:
    """Why no single row answers `question`, where the sentence of `passage` at `span` is one; else None.

    A row can where it has the word that asks for all rows itself ("Total"), or where a column is called that.
    `text` is that of the source.
    """
    table = body_table(passage.chunk.tables, span)
    if table is None:
        return None
    said = " ".join((span.of(text), table.caption, *table.columns)).casefold()
    for words, why in ((_RANKED, COMPARISON), (_COMPARES, COMPARISON), (_SUMS, COUNT)):
        match = words.search(question.text)
        if match and match[0].casefold() not in said:
            return why
    if any(match[0].casefold() not in said for _, match in _extremes(question.text)):
        return COMPARISON
    counted = _COUNTED.search(question.text)
    return COUNT if counted and _names_rows(counted[1], table, text) else None


def extreme_rows(question: ParsedQuestion, passage: Passage, span: Span, text: str) -> Extreme | None:
    """The rows with the highest or lowest value that `question` asks for, of the whole table at `span`.

    `text` is that of the source of `passage`. None where the column, or which rows count, is not plain, where
    a value cannot be compared, and where more than three rows share it.
    """
    table = body_table(passage.chunk.tables, span)
    found = _extremes(question.text)
    if table is None or len(found) != 1 or _RANKED.search(question.text) or _COMPARES.search(question.text):
        return None
    rows = _rows(table, text)
    sign, word = found[0]
    asked = frozenset(question.terms) - frozenset(content_stems(word[0]))
    around = frozenset(content_stems(" ".join((passage.source.title or "", passage.source.name))))
    chosen = _asked_rows(question, asked, table, rows, around)
    if len(chosen) < 2:
        return None
    column = _column(question.text, word, table, chosen)
    if column is None:
        return None
    values = [_value(row.cells[column]) for row in chosen]
    known = [value for value in values if value is not None]
    if len(known) < _READABLE * len(chosen) or len({unit for _, unit in known}) > 1:
        return None
    name = table.columns[column]
    if _BY_AGE.search(word[0]) and _AGE & frozenset(content_stems(name)):
        sign = -sign
    best = max(sign * value for value, _ in known)
    winners = [row for row, value in zip(chosen, values, strict=True) if value and sign * value[0] == best]
    if len(winners) > _MOST_TIES:
        return None
    note = f"the {'highest' if sign > 0 else 'lowest'} “{name}” of {len(chosen):,} rows that were compared"
    return Extreme(tuple(_as_passage(passage, row, text) for row in winners), note)


def _extremes(question: str) -> list[tuple[int, re.Match[str]]]:
    return [(sign, match) for sign, words in _EXTREME for match in words.finditer(question)]


def _rows(table: Table, text: str) -> list[Row]:
    """All rows of values, sums left out; none where too many lines are no rows or there are too many."""
    rows: list[Row] = []
    lines = 0
    for start, end in _lines(text, table.body, table.span.end):
        line = text[start:end]
        cells = tuple(split_row(line, table.delimiter))
        lines += 1
        if lines > _MOST_ROWS or line.count('"') % 2:
            return []
        if len(cells) == len(table.columns) and not any(is_total(cell) for cell in cells[:2]):
            rows.append(Row(Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip())), cells))
        elif any(is_total(cell) for cell in cells[:2]):
            lines -= 1
    return rows if len(rows) >= _READABLE * lines else []


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the lines with something on them stand, without what ends them."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        if line.strip() and not set(line.strip()) <= set("|-: "):
            yield at, at + len(line.rstrip("\r\n"))
        at += len(line)


def _asked_rows(
    question: ParsedQuestion, asked: frozenset[str], table: Table, rows: Sequence[Row], around: frozenset[str]
) -> list[Row]:
    """The rows that have, column by column, the words of the question that a cell of the column has.

    None where a name or a number of the question is nowhere in the table, nor in the title or the file name.
    """
    names = frozenset(content_stems(" ".join((table.caption, *table.columns))))
    left = asked - names
    bags = [[frozenset(content_stems(cell)) for cell in row.cells] for row in rows]
    kept = list(range(len(rows)))
    bound = names | around
    for column in range(len(table.columns)):
        held = left & frozenset().union(*(bag[column] for bag in bags))
        bound |= held
        if held and len({bag[column] for bag in bags}) > 1:
            kept = [at for at in kept if held & bags[at][column]]
    return [rows[at] for at in kept] if question.names & asked <= bound else []


def _column(question: str, word: re.Match[str], table: Table, rows: Sequence[Row]) -> int | None:
    """The column of numbers that the words after `word` name best; the only one if they name none."""
    numeric = [at for at in range(len(table.columns)) if _is_numeric([row.cells[at] for row in rows])]
    after = frozenset(content_stems(question[word.end() :]))
    named = [(len(after.intersection(content_stems(table.columns[at]))), at) for at in numeric]
    best = max((count for count, _ in named), default=0)
    columns = [at for count, at in named if count == best]
    return columns[0] if len(columns) == 1 and best else None


def _is_numeric(cells: Sequence[str]) -> bool:
    read = [value for value in map(_value, cells) if value is not None]
    return len(read) >= _READABLE * len(cells) and len({value for value, _ in read}) > 1


def _names_rows(noun: str, table: Table, text: str) -> bool:
    """True if `noun` is the name of a column of words: what is counted are rows."""
    stems = frozenset(content_stems(noun))
    rows = _rows(table, text)
    return bool(rows) and any(
        stems & frozenset(content_stems(name)) and not any(_value(row.cells[at]) for row in rows)
        for at, name in enumerate(table.columns)
    )


def _value(cell: str) -> tuple[float, str] | None:
    """A cell's number and its unit ("$", "million"); days as YYYYMMDD; None if it is none.

    >>> _value("$1,577.50"), _value("4,2 %"), _value("(12)"), _value("2024-05-16"), _value("Ashby")
    ((1577.5, '$'), (4.2, '%'), (-12.0, ''), (20240516.0, 'day'), None)
    """
    day = _DAY.fullmatch(cell.strip())
    if day:
        return float(f"{day[1]}{day[2]}{day[3] or '00'}"), "day"
    match = _NUMBER.fullmatch(cell.strip())
    if match is None or any(map(str.isdigit, match["unit"])):
        return None
    value = _number(re.sub(r"[\s']", "", match["digits"]).rstrip(".,"))
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


def _as_passage(passage: Passage, row: Row, text: str) -> Passage:
    """`passage` reduced to one row of its table, which may stand outside of it."""
    chunk = replace(passage.chunk, span=row.span, text=row.span.of(text), sentences=(row.span,))
    return replace(passage, chunk=chunk)
