"""The one thing in which two parallel sentences differ: a number, a date, a name or a denial.

Precision first. Two sentences are parallel if they share most of their content words and are about the same:
they share a name, or the texts around them are nearly the same. They disagree if they differ in one value of
one kind, in the same place, and in nothing else that tells them apart: other entities, periods, years and
units are other facts. Roundings, ranges and bounds agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from index.text.patterns import lazy_compile
from index.text.stemmer import stem
from index.text.stop_words import STOP_WORDS
from index.text.terms import fold
from qa.checking.dates import Day, weekdays
from qa.checking.quantities import Quantity
from qa.checking.sources.agreement import denies, lacking, unmatched, unmatched_days, unmatched_years
from qa.checking.sources.replacements import Contrast, replacements
from qa.checking.sources.statements import Read, Statement, names_of, of_one_series, shingles, surroundings
from qa.checking.sources.subjects import named_apart

# Shared content stems, and of all that either has twice their share (Dice), from which two are parallel.
_PARALLEL = ((3, 0.85), (4, 0.7), (6, 0.6))
_ALIKE = 0.8  # Dice from which a date, a name or a denial is believed without a text around that is the same
_VERY_ALIKE = 0.85  # the same for a name, which may also be another thing that the same is true of
_SAME_TEXT = 0.5  # of the runs of words around one sentence that the text around another shares
_LEAST_AROUND = 6  # runs of words that must be shared at least
_AROUND = 4  # words of such a run
_REACH = 60  # characters before and after a figure, in which they are looked for
_BESIDE = 3  # content words before and after a figure that say what it counts
_WORD = lazy_compile(r"[^\W_]+(?:['.-][^\W_]+)*")
# What makes a sentence one of its own time: without a date in it, it says nothing of another year.
_OF_ITS_TIME = lazy_compile(
    r"\b(?:(?:this|last|next|prior|previous|preceding|current|past|fiscal|first|second|third|fourth) "
    r"(?:year|quarter|month|week|season|period|half)|today|yesterday|tomorrow|now|currently|so far|to date|"
    r"year-over-year|compared (?:to|with)|at present|as of)\b",
    re.IGNORECASE,
)
# Counts that grow: an earlier and a later one are both right.
_RUNNING = lazy_compile(
    r"\b(?:so far|to date|risen to|rose to|rises to|climbed to|toll|at least|more than|already|up to)\b",
    re.IGNORECASE,
)


def contrast(mine: Statement, its: Statement) -> Contrast | None:
    """In what two statements of different sources disagree; None if they do not, or that cannot be told."""
    here, there = mine.read, its.read
    likeness = _likeness(here, there)
    if likeness is None or here.words == there.words:
        return None
    same_text = _same_text(mine, its)
    if not same_text and not _parallel(here, there, likeness):
        return None
    if not same_text and (not _one_subject(mine, its, likeness) or of_one_series(mine, its)):
        return None
    if named_apart(mine, its):
        return None
    if _of_other_times(mine, its, same_text=same_text):
        return None
    return _difference(mine, its, likeness, same_text=same_text)


def _likeness(here: Read, there: Read) -> float | None:
    """Twice the shared content of all content; None if that is too little in any text."""
    shared = len(here.content & there.content)
    if shared < _PARALLEL[0][0] - 1:
        return None
    dice = 2 * shared / (len(here.content) + len(there.content))
    return dice if dice >= _PARALLEL[-1][1] else None


def _parallel(here: Read, there: Read, likeness: float) -> bool:
    shared = len(here.content & there.content)
    return any(shared >= least and likeness >= share for least, share in _PARALLEL)


def _same_text(mine: Statement, its: Statement) -> bool:
    """True if the texts around two sentences are nearly the same: one is a version of the other.

    Not so where their figures differ as well: those are two of a series, made to one pattern.
    """
    ours, theirs = (surroundings(each.chunk.text, each.text) for each in (mine, its))
    few, many = sorted((shingles(ours, _AROUND), shingles(theirs, _AROUND)), key=len)
    shared = len(few & many)
    if shared < max(_LEAST_AROUND, _SAME_TEXT * len(few)):
        return False
    figures = [{word for word in words if word[0].isdigit()} for words in (ours, theirs)]
    fewer = min(map(len, figures))
    return len(figures[0] & figures[1]) >= 0.75 * fewer


def _one_subject(mine: Statement, its: Statement, likeness: float) -> bool:
    """True if two sentences share a name, or their sources are about the same names."""
    here, there = mine.read, its.read
    if here.all_names & there.all_names:
        return True
    ours, theirs = names_of(mine.chunk.text), names_of(its.chunk.text)
    shared = len(ours & theirs)
    if not ours and not theirs:
        return likeness >= _ALIKE
    return shared >= 2 and shared >= 0.4 * min(len(ours), len(theirs))


def _of_other_times(mine: Statement, its: Statement, *, same_text: bool) -> bool:
    """True if two sentences speak of "this year" and the like, and their sources may be of other years.

    A running count ("so far", "at least") is compared only where both sources are dated.
    """
    here, there = mine.read, its.read
    dates = [
        each.source.date.value if each.source.date and each.source.date.of_document else ""
        for each in (mine, its)
    ]
    if any(_RUNNING.search(each.plain) for each in (here, there)) and not all(dates):
        return not (here.days or there.days)
    if any(_OF_ITS_TIME.search(each.plain) for each in (here, there)):
        return dates[0][:4] != dates[1][:4] or (not any(dates) and not same_text)
    return False


def _difference(mine: Statement, its: Statement, likeness: float, *, same_text: bool) -> Contrast | None:
    here, there = mine.read, its.read
    if same_text or likeness >= _VERY_ALIKE:
        replaced = list(islice(replacements(here, there), 2))
        if replaced:
            return replaced[0] if len(replaced) == 1 else None
    ours = lacking(here.all_names - there.all_names, there, "")
    if ours and lacking(there.all_names - here.all_names, here, ""):
        return None  # other people, other places
    return _of_values(here, there, sure=same_text or likeness >= _ALIKE)


def _of_values(here: Read, there: Read, *, sure: bool) -> Contrast | None:
    """The figure, the date, or, where `sure`, the denial by which sentences about the same names differ."""
    figures = (
        unmatched(here.figures, (*there.figures, *there.years)),
        unmatched(there.figures, (*here.figures, *here.years)),
    )
    times = (_unmatched_times(here, there), _unmatched_times(there, here))
    if all(figures) and not any(times):
        return _number(here, there, figures)
    if any(figures) or not sure:
        return None
    if any(times):
        return _date(times) if all(times) else None
    if here.weekdays and there.weekdays and not here.weekdays & there.weekdays:
        return _weekday(here, there)
    return Contrast("denial", here.plain, there.plain) if denies(here, there) else None


def _unmatched_times(here: Read, there: Read) -> list[Quantity | Day]:
    return [*unmatched_years(here, there), *unmatched_days(here.days, there)]


def _number(here: Read, there: Read, figures: tuple[list[Quantity], list[Quantity]]) -> Contrast | None:
    """The one pair of figures that count the same and differ; None if there are more, or none."""
    pairs = [
        (ours, its)
        for ours in figures[0]
        for its in figures[1]
        if ours.unit == its.unit
        and ours.ordinal == its.ordinal
        and not _bounded(ours, its)
        and _count_the_same(here, ours, there, its)
    ]
    if len(pairs) != 1 or max(map(len, figures)) > 2:
        return None
    ours, its = pairs[0]
    return Contrast("number", ours.text, its.text, ours.start, ours.end)


def _bounded(ours: Quantity, its: Quantity) -> bool:
    """True if one is a bound that the other keeps: "at least 28" and 30."""
    for bound, exact in ((ours, its), (its, ours)):
        low, high = min(bound.values) * bound.size, min(exact.values) * exact.size
        if (bound.rounding == "over" and high >= low) or (bound.rounding == "under" and high <= low):
            return True
    return False


def _count_the_same(here: Read, ours: Quantity, there: Read, its: Quantity) -> bool:
    """True if two figures have a content word beside them in common, and count no different things."""
    before, after = _beside(here.plain, ours.start, ours.end)
    its_before, its_after = _beside(there.plain, its.start, its.end)
    if ours.unit is None and after and its_after:
        counted, its_counted = after[0], its_after[0]
        if counted not in there.content and its_counted not in here.content:
            return False
    return bool({*before, *after} & {*its_before, *its_after})


def _beside(text: str, start: int, end: int) -> tuple[list[str], list[str]]:
    """The stems of the content words before a figure and after it, the nearest first."""
    before = reversed(_WORD.findall(text[max(0, start - _REACH) : start]))
    after = _WORD.findall(text[end : end + _REACH])
    return _stems(before), _stems(after)


def _stems(words: Iterable[str]) -> list[str]:
    content = (word for each in words if (word := fold(each)) not in STOP_WORDS)
    return [stem(word.removesuffix("'s")) for word in islice(content, _BESIDE)]


def _date(times: tuple[list[Quantity | Day], list[Quantity | Day]]) -> Contrast | None:
    """The one date or year in which two sentences differ; a date and a year are no pair."""
    if len(times[0]) != 1 or len(times[1]) != 1 or type(times[0][0]) is not type(times[1][0]):
        return None
    ours, its = times[0][0], times[1][0]
    return Contrast("date", ours.text, its.text, ours.start, ours.end)


def _weekday(here: Read, there: Read) -> Contrast | None:
    """The day of the week in which two sentences differ, if each names one only."""
    ours, theirs = weekdays(here.plain), weekdays(there.plain)
    if len(ours) != 1 or len(theirs) != 1:
        return None
    said, other = next(iter(ours.values())), next(iter(theirs.values()))
    at = here.plain.find(said)
    return Contrast("date", said, other, at, at + len(said))
