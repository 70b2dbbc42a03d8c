"""Whether two sentences say the same: one has most words of the other, its figures, dates and names.

Made for few errors, not for finding all: two sentences say the same if one has most content words of the
other with its figures, dates and names, and neither denies what the other says. Who tells a thing in words of
their own has other forms of them ("regular", "regularly"), and keeps the figures and the names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from index.text.negation_words import PLAIN_NEGATIONS
from index.text.stop_words import STOP_WORDS
from qa.checking.dates import Day
from qa.checking.matching import same
from qa.checking.names import Vocabulary
from qa.checking.negation import contradictions
from qa.checking.quantities import Quantity
from qa.checking.sources.statements import Read, names_of

LEAST_SHARED = 3  # stems that two sentences must share to be about the same
COVERED = 0.6  # of the content of a statement that another sentence must have to say it
COVERED_IF_SHORT = 0.75  # the same of a statement of fewer than `SHORT` stems
SHORT = 6
COVERED_IF_BOUND = 0.5  # the same where a figure or a date, and names, are the same
_BOUND = 3  # figures, dates and names that bind two sentences to one event
_BEGINNING = 5  # letters that two forms of a word share at least: "regular", "regularly"
_VERSIONS = 0.85  # twice the shared words of all: from there on, two sentences are versions of one
MOST_ADDED = 2  # other words in which two sentences may differ, one of which has a word more that denies
# Words that deny what they stand beside, in English and in other languages: folded.
_OF_OTHER_LANGUAGES = """
    false untrue incorrect nicht kein keine keinen keiner keines nie niemals pas jamais aucun aucune nunca
    jamas non mai niet geen nooit nao не нет никогда ні
"""
# "The American president" and that of the United States: half of a name that stands for a people.
_SAME_PEOPLE = {"states": "united"}
DENIALS = PLAIN_NEGATIONS | frozenset(_OF_OTHER_LANGUAGES.split())


def covered(statement: Read, sentence: Read, *, forms: bool = False) -> float:
    """The share of the content of `statement` that `sentence` has; 0 if they share too little.

    With `forms`, a word that begins as one of the other does is one of its forms.
    """
    shared = statement.content & sentence.content
    found = len(shared)
    if forms:
        begun = {word[:_BEGINNING] for word in sentence.content if len(word) >= _BEGINNING}
        found += sum(word[:_BEGINNING] in begun for word in statement.content - shared)
    return found / len(statement.content) if found >= LEAST_SHARED else 0.0


def says(sentence: Read, around: str, statement: Read) -> bool:
    """True if `sentence`, which stands in the text `around`, says what `statement` says."""
    if sentence.words == statement.words:
        return True
    return (
        _is_covered(statement, sentence)
        and not unmatched(statement.figures, (*sentence.figures, *sentence.years))
        and not unmatched_years(statement, sentence)
        and not unmatched_days(statement.days, sentence)
        and (not statement.weekdays or not sentence.weekdays or bool(statement.weekdays & sentence.weekdays))
        and _has_names(statement, sentence, around)
        and (not denies(statement, sentence) or _deny_alike(statement, sentence))
    )


def _is_covered(statement: Read, sentence: Read) -> bool:
    """True if a sentence has enough of a statement's words, given that it has all its figures and names."""
    if len(statement.content) < SHORT:
        return covered(statement, sentence) >= COVERED_IF_SHORT
    exact = len(statement.figures) + len(statement.years) + len(statement.days)
    bound = exact > 0 and exact + len(statement.names) >= _BOUND
    least = COVERED_IF_BOUND if bound else COVERED
    return covered(statement, sentence, forms=bound) >= least


def _deny_alike(first: Read, second: Read) -> bool:
    """True if both sentences have as many words that deny, and are told in other words.

    "Not necessary", "will not have to": what each is about, words alone do not tell.
    """
    denials = [
        sum(word in DENIALS or word.endswith("n't") for word in read.words) for read in (first, second)
    ]
    shared = len(first.content & second.content)
    dice = 2 * shared / max(1, len(first.content) + len(second.content))
    return denials[0] == denials[1] > 0 and dice < _VERSIONS


def denies(first: Read, second: Read) -> bool:
    """True if one of two parallel sentences denies what the other says.

    By the rules of `negation.py`, which are for English; and in any language if they are the same but for
    words that deny.
    """
    if contradictions(first.plain, [second.plain]) or contradictions(second.plain, [first.plain]):
        return True
    more, less = Counter(first.words), Counter(second.words)
    other = (word for word in ((more - less) + (less - more)).elements())
    added = [word for word in other if word not in STOP_WORDS or word in DENIALS]
    denials = [word for word in added if word in DENIALS or word.endswith("n't")]
    return len(denials) % 2 == 1 and len(added) - len(denials) <= MOST_ADDED


def unmatched(figures: Iterable[Quantity], there: Sequence[Quantity]) -> list[Quantity]:
    """Those of `figures` that are none of those `there`, rounded or in another unit either."""
    return [each for each in figures if not any(same(each, other) or same(other, each) for other in there)]


def unmatched_years(mine: Read, other: Read) -> list[Quantity]:
    """The lone years of `mine` that `other` does not name, within a date or alone."""
    years = {value for each in other.years for value in each.values}
    years |= {Decimal(day.year) for readings in other.days for day in readings if day.year}
    return [each for each in mine.years if not each.values & years and not unmatched_is_known(each, other)]


def unmatched_is_known(year: Quantity, other: Read) -> bool:
    """True if a number that looks like a year is a figure of `other`."""
    return any(same(year, each) for each in other.figures)


def unmatched_days(days: Iterable[tuple[Day, ...]], other: Read) -> list[Day]:
    """The dates, of one reading each, that agree with none of `other`."""
    there = [day for readings in other.days for day in readings]
    years = {value for each in other.years for value in each.values}
    return [
        readings[0]
        for readings in days
        if not any(_agree(day, each) for day in readings for each in there)
        and not any(day.month is None and day.year and Decimal(day.year) in years for day in readings)
    ]


def _agree(first: Day, second: Day) -> bool:
    """True if two dates agree, and have a part in common."""
    both = (
        first.year is not None and second.year is not None,
        first.month is not None and second.month is not None,
    )
    return any(both) and first.agrees(second)


def lacking(names: Iterable[str], sentence: Read, around: str) -> set[str]:
    """Those of `names` that neither the sentence nor the text around it has, in any form."""
    missing = {name for name in names if name not in sentence.names and name not in sentence.words}
    if missing and around:
        missing -= names_of(around)
    if missing:
        vocabulary = _vocabulary(sentence.plain, around)
        missing = {name for name in missing if not vocabulary.has(_SAME_PEOPLE.get(name, name))}
    return missing


@lru_cache(maxsize=1 << 8)
def _vocabulary(sentence: str, around: str) -> Vocabulary:
    return Vocabulary((sentence, around), 1)


def _has_names(statement: Read, sentence: Read, around: str) -> bool:
    return not lacking(statement.names, sentence, around)
