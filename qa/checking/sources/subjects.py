"""What tables and sentences are about, as what stands around them says: names and years.

Names are the capitalised words of a file's name, a title, headings and the caption of a table, but for those
of every report.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.text.stemmer import stem
from index.text.stop_words import STOP_WORDS
from index.text.terms import terms
from qa.checking.names import parts
from qa.checking.sources.cells import NumberCell, table_of, years_in
from qa.checking.sources.statements import Statement, of_one_series

_OF_EVERY_REPORT = """
    annual quarterly monthly report reports table tables figure figures statement statements consolidated form
    results result budget summary data appendix overview list sheet page note notes part section total final
    draft copy version update year statistics numbers document file january february march april may june july
    august september october november december united states company inc corp ltd
"""
_GENERIC = frozenset(map(stem, _OF_EVERY_REPORT.split())) | frozenset(map(stem, STOP_WORDS))


def same_times(mine: NumberCell, its: NumberCell) -> bool:
    """True if two cells are of one time: by their own years, and where they have none, their sources'."""
    if mine.years:
        return True
    if of_one_series(mine.statement, its.statement):
        return False
    ours, theirs = years_around(mine.statement), years_around(its.statement)
    return not ours or not theirs or bool(ours & theirs)


def one_subject(mine: Statement, its: Statement, *, dated: bool) -> bool:
    """True unless each of two sources has a name that the other lacks.

    If only one has names, what they say must be `dated` to be of one subject.
    """
    ours, theirs = _names(mine), _names(its)
    missing = ours - words_around(its), theirs - words_around(mine)
    if ours and theirs:
        return not all(missing)
    return dated or not any(missing)


def _head(statement: Statement) -> str:
    """What names a source and a section of it: name, title, headings, captions of the table."""
    table = table_of(statement)
    name = statement.source.name.rpartition("/")[2].partition(".")[0]
    caption = table.caption if table else ""
    return _joined_head(name, statement.source.title or "", statement.chunk.headings, caption)


@lru_cache(maxsize=1 << 8)
def _joined_head(name: str, title: str, headings: tuple[str, ...], caption: str) -> str:
    return "\n".join((re.sub(r"[_-]+", " ", name), title, *headings, caption))


def named_apart(mine: Statement, its: Statement) -> bool:
    """True if what names two sources has names that the other source lacks, and the sentences share none."""
    shared = mine.read.all_names & its.read.all_names
    if {stem(name) for name in shared} - _GENERIC:
        return False
    return bool(_head_names(mine) - words_around(its)) and bool(_head_names(its) - words_around(mine))


def _names(statement: Statement) -> frozenset[str]:
    """The stems of the names in what names a source and a section, and in a sentence itself."""
    inside = statement.read.names if table_of(statement) is None else frozenset()
    return _head_names(statement) | frozenset(map(stem, inside)) - _GENERIC


def _head_names(statement: Statement) -> frozenset[str]:
    """Those of what names it; where that has none, the words of the file's name."""
    return _capitalised(_head(statement)) or _words_of_file(statement.source.name)


@lru_cache(maxsize=1 << 8)
def _words_of_file(name: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]{4,}", name.rpartition("/")[2].partition(".")[0])
    return frozenset(map(stem, map(str.casefold, words))) - _GENERIC


@lru_cache(maxsize=1 << 8)
def _capitalised(text: str) -> frozenset[str]:
    words = (word for word in re.findall(r"[^\W\d_]{3,}", text) if word[0].isupper())
    found = {stem(part) for word in words for part in parts(word)}
    return frozenset(found - _GENERIC)


def words_around(statement: Statement) -> frozenset[str]:
    """The stems of all that stands around a statement, and in what names its source and section."""
    return _all_stems(f"{_head(statement)}\n{_columns(statement)}\n{statement.chunk.text}")


def _columns(statement: Statement) -> str:
    return " ".join(column for table in statement.chunk.tables for column in table.columns)


@lru_cache(maxsize=1 << 8)
def _all_stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in terms(text.replace("-", " ")))


def years_around(statement: Statement) -> frozenset[int]:
    """The years in what names a source and a section; else that of the document's date."""
    named = years_in(_head(statement))
    date = statement.source.date
    return named or (frozenset((int(date.value[:4]),)) if date and date.of_document else frozenset())
