"""Values that stand in the same place of two sentences which are otherwise alike, word by word.

For versions of one sentence: between the same words one has another figure, date or name than the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.text.terms import STOP_WORDS, fold
from qa.checking.dates import Day
from qa.checking.matching import same
from qa.checking.names import Vocabulary, parts
from qa.checking.quantities import Quantity
from qa.checking.sources.statements import Read, is_year
from qa.checking.words.english import TITLES
from qa.types import Difference

_WORD = re.compile(r"[^\W_]+(?:['.,-][^\W_]+)*")
_LONGEST = 4  # words of a value that replaces another


@dataclass(frozen=True, slots=True)
class Contrast:
    """That two sentences differ in one value: as each writes it, at `[start, end)` of the first one's text.

    Of a denial the values are the sentences themselves, and the span is empty. The text is that of
    `Read.plain`.
    """

    kind: Difference
    mine: str
    its: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Value:
    """A value as written in a sentence."""

    text: str
    start: int
    end: int


_Words = Sequence[re.Match[str]]


def replacements(here: Read, there: Read) -> Iterator[Contrast]:
    """Where `there` has another value than `here` between words that are the same, in order."""
    ours, theirs = list(_WORD.finditer(here.plain)), list(_WORD.finditer(there.plain))
    folded = [[fold(match[0]) for match in words] for words in (ours, theirs)]
    matcher = SequenceMatcher(None, folded[0], folded[1], autojunk=False)
    for code, a, b, c, d in matcher.get_opcodes():
        if code == "replace" and max(b - a, d - c) <= _LONGEST:
            found = _replacement(here, there, ours[a:b], theirs[c:d])
            if found:
                kind, mine, its = found
                yield Contrast(kind, mine.text, its.text, mine.start, mine.end)


def _replacement(
    here: Read, there: Read, mine: _Words, its: _Words
) -> tuple[Difference, _Value, _Value] | None:
    """What is replaced by what: a date by a date, a figure by a figure, a name by a name."""
    days = _days_at(here, mine), _days_at(there, its)
    if all(days):
        agree = any(x.agrees(y) for x in days[0] for y in days[1])
        return None if agree else ("date", _value(days[0][0]), _value(days[1][0]))
    figures = _figures_at(here, mine), _figures_at(there, its)
    if len(figures[0]) == len(figures[1]) == 1:
        return _other_figure(figures[0][0], figures[1][0])
    if not any(figures) and _another_name(here, there, mine, its):
        return ("name", _whole(here, mine), _whole(there, its))
    return None


def _other_figure(mine: Quantity, its: Quantity) -> tuple[Difference, _Value, _Value] | None:
    if same(mine, its) or same(its, mine) or mine.unit != its.unit or mine.rounding != its.rounding:
        return None
    return ("date" if is_year(mine) else "number", _value(mine), _value(its))


def _value(found: Day | Quantity) -> _Value:
    return _Value(found.text, found.start, found.end)


def _whole(read: Read, words: _Words) -> _Value:
    start, end = words[0].start(), words[-1].end()
    return _Value(read.plain[start:end], start, end)


def _days_at(read: Read, words: _Words) -> list[Day]:
    start, end = words[0].start(), words[-1].end()
    return [day for readings in read.days for day in readings if day.start < end and start < day.end]


def _figures_at(read: Read, words: _Words) -> list[Quantity]:
    """The figures at a place, if no other content words stand there."""
    start, end = words[0].start(), words[-1].end()
    found = [each for each in (*read.figures, *read.years) if each.start < end and start < each.end]
    beside = [
        match[0]
        for match in words
        if not any(each.start < match.end() and match.start() < each.end for each in found)
    ]
    return [] if any(fold(word) not in STOP_WORDS for word in beside) else found


def _another_name(here: Read, there: Read, mine: _Words, its: _Words) -> bool:
    """True if both places hold a name, and neither is a form of the other."""
    ours, theirs = _name_parts(mine), _name_parts(its)
    if not ours or not theirs:
        return False
    here_words, there_words = (
        Vocabulary((_whole(read, words).text,), 1) for read, words in ((here, mine), (there, its))
    )
    return not any(map(there_words.has, ours)) and not any(map(here_words.has, theirs))


def _name_parts(words: _Words) -> list[str]:
    """The parts of capitalised words that are no titles; none if a word that is no name stands among them."""
    found: list[str] = []
    for match in words:
        pieces = [part for part in parts(match[0]) if part not in TITLES and part not in STOP_WORDS]
        if match[0][0].isupper():
            found += pieces
        elif pieces:
            return []
    return found
