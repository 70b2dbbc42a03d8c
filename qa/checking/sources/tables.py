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

_EQUAL_CELLS = 1  # that two tables share at least if they are versions of one; more than those that differ
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
        self._cells: dict[Statement, list[NumberCell]] = defaultdict(list)
        self._called: dict[tuple[frozenset[str], frozenset[int]], list[NumberCell]] = defaultdict(list)
        self._tables: dict[tuple[str, int], dict[tuple[frozenset[str], frozenset[int]], NumberCell]] = {}
        for cell in cells_of(statements):
            self._cells[cell.statement].append(cell)
            self._called[cell.key, cell.years].append(cell)
            self._tables.setdefault(cell.home, {})[cell.key, cell.years] = cell
        self._sentences = [
            each for each in statements if self._cells and not each.copied and table_of(each) is None
        ]

    def rows(self, mine: Statement) -> Sequence[NumberCell]:
        """The cells of a row; none of a sentence."""
        return self._cells.get(mine, ())

    def beside(self, cell: NumberCell) -> tuple[list[tuple[Statement, str]], list[Statement]]:
        """Who says another number than `cell`, each with it; and who says the same."""
        against: list[tuple[Statement, str]] = []
        agreeing: list[Statement] = []
        for other in self._called[cell.key, cell.years]:
            if other.home == cell.home or not self._of_the_same(cell, other):
                continue
            if agree(cell, other):
                agreeing.append(other.statement)
            else:
                against.append((other.statement, other.text))
        for sentence in self._sentences[:_MOST_SENTENCES]:
            said = said_of(cell, sentence)
            if said is not None and _is_amount(cell, said):
                agreeing.append(sentence)
            elif said is not None:
                against.append((sentence, said.text))
        return against, agreeing

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
        if equal >= _EQUAL_CELLS and equal > differ:
            return same_times(mine, its)
        if mine.statement.source.id == its.statement.source.id or (differ and not equal):
            return False
        return one_subject(mine.statement, its.statement, dated=bool(mine.years)) and same_times(mine, its)


def agree(mine: NumberCell, its: NumberCell) -> bool:
    """True if two cells may be the same number, in whatever unit, scale or rounding."""
    ours, theirs = mine.amount, its.amount
    if ours.unit and theirs.unit and ours.unit != theirs.unit:
        return True  # another thing is counted: no disagreement
    if mine.scales == its.scales and ours.scale == theirs.scale:
        return same(ours, theirs) or same(theirs, ours)
    return _is_amount(mine, _scaled(theirs, its.scales), theirs)


def _is_amount(cell: NumberCell, said: Quantity, bare: Quantity | None = None) -> bool:
    """True if `said` may be the number of a cell; where no head states a scale, in any."""
    amount = _scaled(cell.amount, cell.scales)
    pairs = [(amount, said)]
    if not cell.scales and cell.amount.scale == 1:
        pairs += [(_scaled(cell.amount, (scale,)), said) for scale in ANY_SCALE]
    if bare is not None or said.scale == 1:
        pairs += [(amount, _scaled(bare or said, (scale,))) for scale in ANY_SCALE]
    return any(same(one, other) or same(other, one) for one, other in pairs)


def _scaled(amount: Quantity, scales: Sequence[Decimal]) -> Quantity:
    """A number times the one scale that is stated for it."""
    if len(scales) != 1 or amount.scale != 1:
        return amount
    scale = scales[0]
    values = frozenset(value * scale for value in amount.values)
    return replace(amount, values=values, step=amount.step * scale, scale=scale)


def said_of(cell: NumberCell, sentence: Statement) -> Quantity | None:
    """The one number that a sentence says of what a cell is of; None if it says none, or more than that."""
    text = sentence.text
    if not _begins_all(cell.key, text.lower()) or any(str(year) not in text for year in cell.years):
        return None
    number = _only_number(cell, sentence.read)
    if number is None or not _names_it(cell, sentence.read) or not _years_fit(cell, sentence):
        return None
    known = words_around(cell.statement) | cell.key
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
