"""Tables that give different numbers for one row and column, and sentences that contradict a table.

Precision first. Two cells are compared if row and column are called the same, in the same years, and the
tables are about the same: most of what else they share is equal, or neither has a name (of a company, a town)
that the other lacks. A sentence is compared with a cell if it names row, column and year, has one number that
can be meant, and little else. Other units are converted; roundings agree, and so do numbers of which only one
states a scale.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from index.text.stemmer import stem
from index.text.stop_words import STOP_WORDS
from index.text.terms import fold, terms
from qa.checking.matching import ANY_SCALE, same
from qa.checking.quantities import Quantity
from qa.checking.sources.cells import NumberCell, cells_of, table_of
from qa.checking.sources.statements import Read, Statement, asserts
from qa.checking.sources.subjects import one_subject, same_times, words_around, years_around

# Cells that two tables share at least if they are versions of one, more than those that differ; and of two
# tables of one document, many of which have a row "Other" or one of the same name in another sense.
_EQUAL_CELLS, _EQUAL_IN_ONE = 1, 3
_FEW_CELLS = 4  # of a table that shares but one with another
# What a sentence does with a number, and says nothing of it.
_OF_A_SENTENCE = """
    spent spend had have has was were is are amounted amount totalled totaled total reached recorded record
    stood counted reported report came made earned paid cost costs received got number figure year according
    say said show shows table sold welcomed
"""
_NEUTRAL = frozenset(map(stem, _OF_A_SENTENCE.split()))
# What tells another number than that of the table, or of a part of it.
_ANOTHER = re.compile(
    r"\b(?:by|increased?|rise|rose|grew|growth|fell|declined?|drop(?:ped)?|decreased?|up|down|changed?|more|less"
    r"|fewer|than|from|average|mean|median|planned|plans?|expect(?:ed|s)?|forecasts?|targets?|project(?:ed|ions?)"
    r"|estimated?|per|each|half|quarter|almost|nearly|about|around|some|at least|at most|up to|over|under"
    r"|adjusted|excluding|including|without|only|not|no|never)\b",
    re.IGNORECASE,
)
_MOST_SENTENCES = 400  # beside one table that are read


class TableComparison:
    """The tables of some passages, and the sentences beside them, to be asked what they say of one cell."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._cells: dict[int, list[NumberCell]] = defaultdict(list)  # by the identity of their row
        self._called: dict[tuple[frozenset[str], frozenset[int]], list[NumberCell]] = defaultdict(list)
        self._tables: dict[tuple[str, int], dict[tuple[frozenset[str], frozenset[int]], NumberCell]] = {}
        for cell in cells_of(statements):
            self._cells[id(cell.statement)].append(cell)
            self._called[cell.key, cell.years].append(cell)
            self._tables.setdefault(cell.home, {})[cell.key, cell.years] = cell
        self._sentences = [
            each for each in statements if self._cells and not each.copied and table_of(each) is None
        ]

    def rows(self, mine: Statement) -> Sequence[NumberCell]:
        """The cells of a row, one of the statements that this was made of; none of a sentence."""
        return self._cells.get(id(mine), ())

    def beside(self, cell: NumberCell) -> tuple[str, dict[str, list[Statement]], list[Statement]]:
        """The number of a cell, who says which other one, and who says the same."""
        others = [
            other
            for other in self._called[cell.key, cell.years]
            if other.home != cell.home and self._of_the_same(cell, other)
        ]
        apart = [other for other in others if not agree(cell, other)]
        against: dict[str, list[Statement]] = defaultdict(list)
        for other in apart:
            against[other.beside((cell, *apart))].append(other.statement)
        agreeing = [other.statement for other in others if other not in apart]
        for sentence in self._sentences[:_MOST_SENTENCES]:
            said = said_of(cell, sentence)
            if said is not None and _is_amount(cell, said):
                agreeing.append(sentence)
            elif said is not None:
                against[said.text].append(sentence)
        return cell.beside(apart), against, agreeing

    def said_by(self, mine: Statement) -> Iterator[tuple[Quantity, list[NumberCell], list[NumberCell]]]:
        """The number that a sentence says, cells that say another, and cells that say the same."""
        if not self._cells or table_of(mine) is not None or not asserts(mine):
            return
        found = [
            (cell, said) for cells in self._cells.values() for cell in cells if (said := said_of(cell, mine))
        ]
        by_number: dict[Quantity, list[NumberCell]] = defaultdict(list)
        for cell, said in found:
            by_number[said].append(cell)
        for said, cells in by_number.items():
            agreeing = [cell for cell in cells if _is_amount(cell, said)]
            against = [cell for cell in cells if cell not in agreeing]
            if against:
                yield said, against, agreeing

    def _of_the_same(self, mine: NumberCell, its: NumberCell) -> bool:
        """True if two cells, which are called the same, are of tables about the same."""
        ours, theirs = self._tables[mine.home], self._tables[its.home]
        shared = [(cell, theirs[key]) for key, cell in ours.items() if key in theirs and cell is not mine]
        equal = sum(_is_telling(one) and agree(one, other) for one, other in shared)
        differ = sum(not agree(one, other) for one, other in shared)
        if mine.statement.source.id == its.statement.source.id:
            return equal >= _EQUAL_IN_ONE and equal > 2 * differ and same_times(mine, its)
        if equal >= _EQUAL_CELLS and equal > differ:
            return same_times(mine, its)
        if differ or min(len(ours), len(theirs)) > _FEW_CELLS:
            return False  # two large tables that share one cell are of other things
        return one_subject(mine.statement, its.statement, dated=bool(mine.years)) and same_times(mine, its)


def agree(mine: NumberCell, its: NumberCell) -> bool:
    """True if two cells may be the same number, in whatever unit, scale or rounding."""
    ours, theirs = mine.amount, its.amount
    if ours.unit and theirs.unit and ours.unit != theirs.unit:
        return True  # another thing is counted: no disagreement
    if mine.scales == its.scales and (mine.scales or ours.unit == theirs.unit is not None):
        return _are_same(ours, theirs)
    if mine.scales and its.scales:
        return _are_same(_scaled(ours, mine.scales), _scaled(theirs, its.scales))
    return _may_be_same(_scaled(ours, mine.scales), _scaled(theirs, its.scales))


def _is_amount(cell: NumberCell, said: Quantity) -> bool:
    """True if `said` may be the number of a cell; where no head states a scale, in any."""
    amount = _scaled(cell.amount, cell.scales)
    stated = amount.scale != 1 and said.scale != 1
    return _are_same(amount, said) if stated else _may_be_same(amount, said)


def _may_be_same(ours: Quantity, theirs: Quantity) -> bool:
    """True if two numbers are the same, or would be if one were in thousands, millions or billions."""
    pairs = [(ours, theirs)]
    for scale in ANY_SCALE:
        pairs += [(_times(ours, scale), theirs), (ours, _times(theirs, scale))]
    return any(_are_same(one, other) for one, other in pairs)


def _are_same(ours: Quantity, theirs: Quantity) -> bool:
    """True if two numbers are one figure, also if one is rounded to a single digit: 0.9 thousand for 904."""
    if same(ours, theirs) or same(theirs, ours):
        return True
    fine, coarse = sorted((ours, theirs), key=lambda each: each.step * each.size)
    rounded = coarse.step < coarse.scale or ours.scale != theirs.scale or fine.step < coarse.step == 1
    return rounded and any(
        2 * abs(one * coarse.size - other * fine.size) <= coarse.step * coarse.size
        for one in coarse.values
        for other in fine.values
    )


def _scaled(amount: Quantity, scales: Sequence[Decimal]) -> Quantity:
    """A number times the one scale that is stated for it."""
    return _times(amount, scales[0]) if len(scales) == 1 and amount.scale == 1 else amount


def _times(amount: Quantity, scale: Decimal) -> Quantity:
    values = frozenset(value * scale for value in amount.values)
    return replace(amount, values=values, step=amount.step * scale, scale=amount.scale * scale)


def said_of(cell: NumberCell, sentence: Statement) -> Quantity | None:
    """The one number that a sentence says of what a cell is of; None if it says none, or more than that."""
    text = sentence.text
    if not _begins_all(cell.key, text.lower()) or any(str(year) not in text for year in cell.years):
        return None
    number = _only_number(cell, sentence.read)
    if number is None or not _names_it(cell, sentence.read) or not _years_fit(cell, sentence):
        return None
    known = words_around(cell.statement) | cell.key | {stem(fold(word)) for word in number.text.split()}
    extra = {word for word in sentence.read.content - known - _NEUTRAL if not word.isdigit()}
    if len(extra) > len(cell.key) + len(cell.years) - 2 or not _counts(cell, sentence, number):
        return None
    return number if one_subject(sentence, cell.statement, dated=bool(cell.years)) else None


def _only_number(cell: NumberCell, read: Read) -> Quantity | None:
    """The number of a sentence that has one, exact, and of the unit of a cell as far as either has one."""
    if len(read.figures) != 1:
        return None
    number = read.figures[0]
    units = {number.unit, cell.amount.unit} - {None}
    return number if len(units) < 2 and not number.rounding else None


def _names_it(cell: NumberCell, read: Read) -> bool:
    """True if a sentence has the names of row and column, and no word that makes it another number."""
    words = frozenset(stem(word) for word in terms(read.plain.replace("-", " ")))
    return cell.key <= words and not _ANOTHER.search(_without(read.plain, cell)) and "?" not in read.plain


def _without(text: str, cell: NumberCell) -> str:
    """A sentence without the words by which row and column are called: "more than one child"."""
    own = {fold(word) for word in re.findall(r"[^\W\d_]+", f"{cell.row} {cell.column}")}
    return " ".join(word for word in text.split() if fold(word.strip(".,;:()")) not in own)


def _begins_all(stems: Iterable[str], text: str) -> bool:
    return all(word[:4] in text for word in stems if word.isascii())


def _years_fit(cell: NumberCell, sentence: Statement) -> bool:
    """True if a sentence is of the years of a cell, as far as either says."""
    read = sentence.read
    said = {int(min(year.values)) for year in read.years}
    said |= {day.year for readings in read.days for day in readings if day.year}
    if cell.years:
        return cell.years == said
    around = years_around(cell.statement)
    if said:
        return said <= around
    theirs = years_around(sentence)
    return not around or not theirs or bool(around & theirs)


def _counts(cell: NumberCell, sentence: Statement, number: Quantity) -> bool:
    """True unless the word behind a bare number names something else than row and column do."""
    if number.unit is not None:
        return True
    behind = re.match(r"[ ]([^\W\d_]+)", sentence.read.plain[number.end :])
    if behind is None or fold(behind[1]) in STOP_WORDS:
        return True
    return stem(fold(behind[1])) in cell.key | words_around(cell.statement)


def _is_telling(cell: NumberCell) -> bool:
    """True for a number that two tables hardly share by chance."""
    return sum(map(str.isdigit, cell.text)) > 1 and bool(cell.text.strip("0.,% "))
