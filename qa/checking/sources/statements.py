"""Statements: sentences of sources, read once for all that they are compared by.

What is compared: stems of content words, figures, dates, names, and the words around the sentence. Sentences
that occur in many copies are read once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from index.text.negation_words import NEGATION_STEMS
from index.text.terms import QUESTION_WORDS, STOP_WORDS, fold, stem
from index.types import Chunk, Passage, Source, Span
from qa.checking.dates import Day, dates, weekdays
from qa.checking.names import parts
from qa.checking.quantities import Quantity, quantities
from qa.checking.rules import plain
from qa.checking.words.english import OPENERS, TITLES

LONGEST = 1_000  # characters of a sentence that are compared
_WORD = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*")
_QUOTED = re.compile(r'"[^"]{0,1000}"')
# Words of a line that only says who wrote when: what is left of it are names, a date and these.
_OF_A_HEAD = """
    and author authors by byline copyright date dated dateline draft edited edition editor from filed
    for in issued last modified of on page posted printed published publisher reported reporter reporting
    retrieved revised revision source sources staff the title updated version von vom am aktualisiert
    stand par le publié und et
"""
_METADATA = frozenset(_OF_A_HEAD.split())
_LONGEST_HEAD = 12  # words of a line that may be but a dateline or a byline
_ENDS = re.compile(r"[.!?][\"')\]]*\Z")
_MARKUP = "#*_=- \t"
_UNCOUNTED = frozenset(("one", "first", "once", "both", "half", "a"))
_YEARS = range(1000, 2101)
# What names the reports of a series: a year or a quarter.
_PERIOD = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<![^\W_])[qQ][1-4](?!\d)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence at `span` of a source, in the chunk that it was found with.

    `copied` is True if the chunk is folded into a passage as its copy: its source's text is not at hand.
    """

    source: Source
    chunk: Chunk
    span: Span
    text: str
    passage: Passage
    copied: bool = False

    @property
    def read(self) -> Read:
        """What its words say."""
        return read(self.text)


@dataclass(frozen=True, slots=True)
class Read:
    """What a sentence says, ready to be compared.

    `words` are all of it, folded, in order; `content` the stems of its words without figures, stop words and
    negations. `figures` are its numbers, without years, `years` those that stand alone, `days` its dates,
    each in every reading. `names` are the folded capitalised words within it, `opening` its first word where
    that may be a name, else "".
    """

    plain: str
    words: tuple[str, ...]
    content: frozenset[str]
    figures: tuple[Quantity, ...]
    years: tuple[Quantity, ...]
    days: tuple[tuple[Day, ...], ...]
    weekdays: frozenset[int]
    names: frozenset[str]
    opening: str

    @property
    def all_names(self) -> frozenset[str]:
        """Its names, the first word included."""
        return self.names | {self.opening} if self.opening else self.names


@lru_cache(maxsize=1 << 13)
def read(text: str) -> Read:
    """A sentence, read. Never raises; takes time linear in the text."""
    written = plain(text)[:LONGEST]
    dated = dates(written)
    words = tuple(fold(word) for word in _WORD.findall(written))
    inside, opening = _names(written)
    numbers = [each for each in quantities(dated.rest) if not _is_trivial(each)]
    years = tuple(each for each in numbers if is_year(each))
    content = {
        stem(word.removesuffix("'s"))
        for word in words
        if word not in STOP_WORDS
        and word not in QUESTION_WORDS
        and len(word) > 1
        and not any(map(str.isdigit, word))
    }
    return Read(
        written,
        words,
        frozenset(content - NEGATION_STEMS - _value_words(numbers)),
        tuple(each for each in numbers if not is_year(each)),
        years,
        dated.readings,
        frozenset(weekdays(written)),
        inside,
        opening,
    )


def statements(passages: Sequence[Passage]) -> Iterator[Statement]:
    """All sentences of `passages` and of the copies that are folded into them, in their order."""
    for passage in passages:
        yield from _of_chunk(passage.chunk, passage.source, passage, copied=False)
        for copy in passage.copies:
            yield from _of_chunk(copy.chunk, copy.source, passage, copied=True)


def _of_chunk(chunk: Chunk, source: Source, passage: Passage, *, copied: bool) -> Iterator[Statement]:
    start = chunk.span.start
    for span in chunk.sentences:
        text = chunk.text[span.start - start : span.end - start]
        yield Statement(source, chunk, span, text, passage, copied)


def asserts(statement: Statement) -> bool:
    """False for a title, a heading, a dateline, a byline and a date: they tell of the text itself.

    That is a line without a full stop that repeats the title or a heading of its text, or has only names,
    dates and words such as "by" and "updated".
    """
    text = statement.text.strip()
    bare = text.strip(_MARKUP).casefold()
    heads = (statement.source.title or "", *statement.chunk.headings)
    if text.startswith("#"):
        return False
    if "|" in text or _ENDS.search(text):
        return True
    if bare in {head.strip(_MARKUP).casefold() for head in heads}:
        return False
    label, colon, _ = text.partition(":")
    if colon:
        return fold(label.strip()) not in _METADATA  # "Published: …"; but "Deadline: …"
    words = _WORD.findall(dates(statement.read.plain).rest)
    return (
        len(words) > _LONGEST_HEAD
        or bool(statement.read.figures)
        or any(not word[0].isupper() and fold(word) not in _METADATA for word in words)
    )


def of_one_series(mine: Statement, its: Statement) -> bool:
    """True for reports of one series ("annual-2018.pdf", "annual-2019.pdf"), whose figures differ rightly."""
    for ours, theirs in ((mine.source.name, its.source.name), (mine.source.title, its.source.title)):
        if ours and theirs and _PERIOD.findall(ours) != _PERIOD.findall(theirs):
            rest = _PERIOD.sub("#", ours)
            if rest == _PERIOD.sub("#", theirs) and any(map(str.isalpha, rest)):
                return True
    return False


def is_year(quantity: Quantity) -> bool:
    """True for a number that stands alone and may be a year."""
    value = min(quantity.values)
    return quantity.text.isdigit() and quantity.unit is None and int(value) in _YEARS


@lru_cache(maxsize=1 << 10)
def surroundings(chunk_text: str, sentence: str) -> tuple[str, ...]:
    """The folded words of a chunk without one sentence of it and without quotations."""
    rest = plain(chunk_text.replace(sentence, "\n", 1))
    return tuple(fold(word) for word in _WORD.findall(_QUOTED.sub("\n", rest)))


def shingles(words: Sequence[str], size: int) -> frozenset[tuple[str, ...]]:
    """All runs of `size` words; none if there are fewer."""
    return frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


@lru_cache(maxsize=1 << 10)
def names_of(text: str) -> frozenset[str]:
    """The names in a longer text, folded; the first words of its sentences are left out."""
    return _names(plain(text))[0]


def _names(text: str) -> tuple[frozenset[str], str]:
    """The capitalised words within `text`, in parts, and the first one if it may be a name."""
    names: set[str] = set()
    opening = ""
    for match in _WORD.finditer(text):
        word = match[0]
        if not word[0].isupper() or len(word) < 2:
            continue
        pieces = [
            part for part in parts(word) if len(part) > 1 and part not in TITLES and part not in STOP_WORDS
        ]
        before = text[max(0, match.start() - 3) : match.start()].rstrip()
        if not before or before[-1] in '.!?:;"([*#>':
            if not opening and not text[: match.start()].strip("\"'([*#> -") and pieces:
                opening = "" if pieces[-1] in OPENERS else pieces[-1]
            continue
        names.update(pieces)
    return frozenset(names), opening


def _is_trivial(quantity: Quantity) -> bool:
    word = quantity.text.lower()
    return word in _UNCOUNTED or (quantity.spelt and quantity.unit is None and max(quantity.values) <= 1)


def _value_words(numbers: Sequence[Quantity]) -> frozenset[str]:
    """The stems of words by which numbers are written: twenty-eight, million."""
    return frozenset(
        stem(fold(piece))
        for number in numbers
        if number.spelt or number.scale != Decimal(1)
        for word in _WORD.findall(number.text)
        for piece in (word, *word.split("-"))
        if number.unit is None or piece.lower() in ("million", "billion", "thousand", "trillion", "bn", "mn")
    )
