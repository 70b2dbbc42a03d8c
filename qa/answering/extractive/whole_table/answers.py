"""Finds the rows that a question about all rows of a table asks for, or says why none is given.

Which row has the highest or lowest value, or the first date, is worked out over all rows of the table in the
text of its source; rows that share an asked value are given together. Counts, sums, averages and comparisons
are recognised, and not answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.text.lines import line_around
from index.text.rows import body_table
from index.types import Passage, Sliceable, Span, Table
from qa.answering.extractive.question import ParsedQuestion, content_stems
from qa.answering.extractive.whole_table.cells import (
    BLANK,
    READABLE,
    Row,
    cell_stems,
    cell_value,
    cells_of,
    has_decimal_comma,
    table_rows,
)
from qa.answering.extractive.whole_table.wording import (
    AGE,
    BY_AGE,
    BY_DAY,
    BY_WORTH,
    COLUMNS_ABOUT,
    COMPARES,
    COUNTED,
    LACKING,
    LESS_IS_BETTER,
    LISTED,
    ORDERS,
    RANKED,
    SUMS,
    WORDS,
    extremes,
)

_YEARS = (1500, 2100)
_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
_MOST_TIES = 3  # rows that share the highest value and are all given
_FILLED = 0.5  # of a column's cells
_MOST_LISTED = 8  # rows
_NEAR = 400  # characters before a table in which its heading is looked for
COMPARISON = "this asks for a comparison over a whole table"
COUNT = "this asks for a count or a sum over a whole table"
LIST = "this asks for all rows of a table that have something"
NO_VALUE = "the row that fits best has no value in the column that is asked for"


@dataclass(frozen=True, slots=True)
class Extreme:
    """The rows that have the highest or lowest value of a column, as passages of one sentence each.

    `note` says of how many rows.
    """

    passages: tuple[Passage, ...]
    note: str


def needs_whole_table(question: ParsedQuestion, passage: Passage, span: Span, text: Sliceable) -> str | None:
    """Why the sentence of `passage` at `span` alone is no answer to `question`; None if it may be one.

    A row can be where it has the word that asks for all rows itself ("Total"), or where a column is called
    that, and cannot where its cell of the column that is asked for is empty. Words beside a table are none
    where its rows answer. `text` is that of the source.
    """
    table = body_table(passage.chunk.tables, span)
    if table is None:
        beside = extreme_rows(question, passage, span, text) if extremes(question.text) else None
        return COMPARISON if beside else None
    said = " ".join((span.of(text), table.caption, *table.columns)).casefold()
    for words, why in ((RANKED, COMPARISON), (COMPARES, COMPARISON), (SUMS, COUNT)):
        match = words.search(question.text)
        if match and match[0].casefold() not in said:
            return why
    found = extremes(question.text)
    if any(match[0].casefold() not in said for _, match in found):
        return COMPARISON
    counted = COUNTED.search(question.text)
    if counted and _names_rows(counted[1], table, text):
        return COUNT
    if not found and _listed(question, passage, table, text):
        return LIST
    return NO_VALUE if not found and _asks_for_blank(question, table, span, text) else None


def extreme_rows(question: ParsedQuestion, passage: Passage, span: Span, text: Sliceable) -> Extreme | None:
    """The rows with the highest or lowest value that `question` asks for, of the whole table at `span`.

    Or those that share the value it names ("Which boats does Nord Shipping own?"). `text` is that of the
    source of `passage`. None where the table, the column, or which rows count, is not plain, where a value
    cannot be compared, and where more than three rows have the highest, or more than eight the same.
    """
    found = extremes(question.text)
    inside = body_table(passage.chunk.tables, span)
    if not found and inside is not None:
        return _listed(question, passage, inside, text)
    if len(found) != 1 or RANKED.search(question.text) or COMPARES.search(question.text):
        return None
    if inside is not None:
        table = _meant(question, passage, inside, text)
        return _best_rows(question, passage, table, text, found[0]) if table else None
    if found[0][1][0].casefold() in span.of(text).casefold():
        return None
    results = [
        _best_rows(question, passage, table, text, found[0])
        for table in passage.chunk.tables
        if _is_about(question, passage, table, text, found[0][1])
    ]
    return results[0] if len(results) == 1 else None


def _best_rows(
    question: ParsedQuestion,
    passage: Passage,
    table: Table,
    text: Sliceable,
    extreme: tuple[int, re.Match[str]],
) -> Extreme | None:
    rows = table_rows(table, text)
    sign, word = extreme
    asked = frozenset(question.terms) - frozenset(content_stems(word[0]))
    chosen = _asked_rows(question, asked, table, rows, _around(passage, table, text))
    if len(chosen) < 2:
        return None
    comma = has_decimal_comma(rows)
    column = _column(question.text, word, table, chosen, comma)
    if column is None:
        return None
    values = [cell_value(row.cells[column], comma) for row in chosen]
    known = [value for value in values if value is not None]
    if len({unit for _, unit in known}) > 1:
        return None
    name = table.columns[column]
    stems = frozenset(content_stems(name))
    if (BY_AGE.search(word[0]) and AGE & stems) or (BY_WORTH.search(word[0]) and LESS_IS_BETTER & stems):
        sign = -sign
    best = max(sign * value for value, _ in known)
    winners = [row for row, value in zip(chosen, values, strict=True) if value and sign * value[0] == best]
    if len(winners) > _MOST_TIES:
        return None
    note = f"the {'highest' if sign > 0 else 'lowest'} “{name}” of {len(known):,} rows that were compared"
    if len(known) < len(chosen):
        note += f"; {len(chosen) - len(known):,} more have no value there"
    return Extreme(tuple(_as_passage(passage, row, text) for row in winners), note)


def _listed(question: ParsedQuestion, passage: Passage, table: Table, text: Sliceable) -> Extreme | None:
    """The two to eight rows that have the value a question for several names, if all its words are bound."""
    match = LISTED.match(question.text)
    if match is None or any(words.search(question.text) for words in (RANKED, COMPARES, SUMS, LACKING)):
        return None
    noun = frozenset(content_stems(match[1] or match[2]))
    names = frozenset(content_stems(" ".join((table.caption, *table.columns)))) | _around(
        passage, table, text
    )
    if "author" in names:
        names |= {"write"}
    words = WORDS.findall(question.text)
    typed = f" {' '.join(words).casefold()} "
    rows = table_rows(table, text)
    kept, held = rows, frozenset[str]()
    for column in range(len(table.columns)):
        cells = {row.cells[column] for row in rows if not BLANK.fullmatch(row.cells[column])}
        whole = {cell for cell in cells if f" {' '.join(WORDS.findall(cell.casefold()))} " in typed}
        whole -= {cell for cell in whole if len(cell) == 1 and cell not in words}  # "class A", but not "a"
        if whole and len(cells) > 1:
            kept = [row for row in kept if row.cells[column] in whole]
            held |= frozenset(content_stems(" ".join(whole)))
    unbound = frozenset(question.terms) - noun - names - held
    if unbound or not 2 <= len(kept) <= _MOST_LISTED or len(kept) == len(rows):
        return None
    note = f"the {len(kept)} of {len(rows):,} rows of the table that have it"
    return Extreme(tuple(_as_passage(passage, row, text) for row in kept), note)


def _asks_for_blank(question: ParsedQuestion, table: Table, span: Span, text: Sliceable) -> bool:
    """True if the row at `span` has nothing in the one column that the words of `question` name."""
    line = line_around(text, span).of(text)
    cells = cells_of(line, table)
    if len(cells) != len(table.columns) or LACKING.search(question.text):
        return False
    stems = [frozenset(content_stems(name)) & frozenset(question.terms) for name in table.columns]
    blank = [not cell for cell in cells]
    elsewhere = frozenset[str]().union(
        *(stems[at] | frozenset(content_stems(cells[at])) for at in range(len(cells)) if not blank[at])
    )
    return any(stems[at] - elsewhere for at in range(len(cells)) if blank[at])


def _meant(question: ParsedQuestion, passage: Passage, table: Table, text: Sliceable) -> Table | None:
    """Of the tables with the same columns that one whose caption or heading has most of the question."""
    alike = [other for other in passage.chunk.tables if other.columns == table.columns]
    named = [len(_heading(other, text).intersection(question.terms)) for other in alike]
    best = [other for other, count in zip(alike, named, strict=True) if count == max(named)]
    return best[0] if len(best) == 1 else None


def _is_about(
    question: ParsedQuestion, passage: Passage, table: Table, text: Sliceable, word: re.Match[str]
) -> bool:
    """True if all words of `question` but one, and `word`, are of `table`: columns, cells, headings."""
    rows = table_rows(table, text)
    if _column(question.text, word, table, rows, has_decimal_comma(rows)) is None:
        return False
    has = frozenset(content_stems(" ".join(table.columns))) | _around(passage, table, text)
    has |= frozenset(stem for row in rows for cell in row.cells for stem in cell_stems(cell))
    asked = frozenset(question.terms) - frozenset(content_stems(word[0]))
    return len(asked - has) <= 1 and bool(asked & has)


def _heading(table: Table, text: Sliceable) -> frozenset[str]:
    above = _HEADING.findall(text[max(0, table.span.start - _NEAR) : table.span.start])
    return frozenset(content_stems(" ".join((table.caption, *above[-1:]))))


def _around(passage: Passage, table: Table, text: Sliceable) -> frozenset[str]:
    titles = content_stems(" ".join((passage.source.title or "", passage.source.name)))
    return _heading(table, text).union(titles)


def _asked_rows(
    question: ParsedQuestion, asked: frozenset[str], table: Table, rows: Sequence[Row], around: frozenset[str]
) -> list[Row]:
    """The rows that have, column by column, the words of the question that a cell of the column has.

    None where a name or a number of the question is nowhere in the table, nor in the title or the file name.
    """
    names = frozenset(content_stems(" ".join((table.caption, *table.columns))))
    typed = frozenset(WORDS.findall(question.text.casefold()))
    whole = {cell.casefold() for row in rows for cell in row.cells} & typed
    left = asked - names | asked.intersection(content_stems(" ".join(whole)))
    bags = [[cell_stems(cell) for cell in row.cells] for row in rows]
    kept = list(range(len(rows)))
    bound = names | around
    places = _called(question.text, table)
    for column in range(len(table.columns)):
        here = frozenset(stem for stem in left if places.get(stem, column) == column)
        held = here & frozenset().union(*(bag[column] for bag in bags))
        bound |= held
        if held and len({bag[column] for bag in bags}) > 1:
            most = max(len(held & bag[column]) for bag in bags)  # "Q1 2024" is not any first quarter
            kept = [at for at in kept if len(held & bags[at][column]) == most]
    return [rows[at] for at in kept] if question.names & asked <= bound else []


def _called(question: str, table: Table) -> dict[str, int]:
    """The columns of the numbers that `question` has right after their names: of "lot 2" not the rank."""
    places: dict[str, int] = {}
    for name, number in pairwise(WORDS.findall(question)):
        if number.isdigit():
            stems = frozenset(content_stems(name))
            columns = [
                at for at, each in enumerate(table.columns) if stems and stems.issubset(content_stems(each))
            ]
            if len(columns) == 1:
                places.update(dict.fromkeys(content_stems(number), columns[0]))
    return places


def _column(question: str, word: re.Match[str], table: Table, rows: Sequence[Row], comma: bool) -> int | None:
    """The column of numbers that the words after `word` name best, or that `word` itself is about."""
    numeric = [
        at for at in range(len(table.columns)) if _is_numeric([row.cells[at] for row in rows], word[0], comma)
    ]
    order = word[0].casefold() in ORDERS
    asked = frozenset(content_stems(question if order else question[word.end() :]))
    about = frozenset[str]().union(*(columns for words, columns in COLUMNS_ABOUT if words.search(word[0])))
    stems = [frozenset(content_stems(table.columns[at])) for at in numeric]
    for wanted in (asked, about):
        counts = [len(wanted & each) for each in stems]
        best = max(counts, default=0)
        columns = [at for at, count in zip(numeric, counts, strict=True) if count == best]
        if best:
            return columns[0] if len(columns) == 1 else None
    return None


def _is_numeric(cells: Sequence[str], word: str, comma: bool) -> bool:
    """True if enough of `cells` are numbers, and not all the same; days or years, where `word` is of time."""
    filled = [cell for cell in cells if not BLANK.fullmatch(cell.strip())]
    read = [value for value in (cell_value(cell, comma) for cell in filled) if value is not None]
    if not read or len(read) < READABLE * len(filled) or len(filled) < _FILLED * len(cells):
        return False
    if BY_DAY.search(word) and not all(
        unit == "day" or (_YEARS[0] <= value <= _YEARS[1] and not unit) for value, unit in read
    ):
        return False
    return len({value for value, _ in read}) > 1


def _names_rows(noun: str, table: Table, text: Sliceable) -> bool:
    """True if `noun` is the name of a column of words: what is counted are rows."""
    stems = frozenset(content_stems(noun))
    rows = table_rows(table, text)
    return bool(rows) and any(
        stems & frozenset(content_stems(name)) and not any(cell_value(row.cells[at]) for row in rows)
        for at, name in enumerate(table.columns)
    )


def _as_passage(passage: Passage, row: Row, text: Sliceable) -> Passage:
    """`passage` reduced to one row of its table, which may stand outside of it."""
    chunk = replace(passage.chunk, span=row.span, text=row.span.of(text), sentences=(row.span,))
    return replace(passage, chunk=chunk)
