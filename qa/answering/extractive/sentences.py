"""Sentences as terms: what is compared with a question, and does not depend on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from index.text.rows import body_table, searched_sentences
from index.types import Chunk, Passage
from qa.answering.extractive.lines.layout import is_heading_line, label_stems, lines_from
from qa.answering.extractive.question import content_stems

SHARED_LETTERS = 5  # letters that two terms must share from the first on to be similar
_NAME_PARTS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z0-9])|(?<=\d)(?=[A-Za-z]{2})")


@dataclass(frozen=True, slots=True)
class AnalysedSentence:
    """A sentence's text and stems: what does not depend on the question."""

    text: str
    stems: tuple[str, ...]
    bag: frozenset[str]
    beginnings: frozenset[str]

    def has_alike(self, term: str) -> bool:
        """True if a term here begins as `term` does: the same word inflected, or misspelt at its end."""
        return term[:SHARED_LETTERS] in self.beginnings


@lru_cache(maxsize=4096)
def analyse(text: str) -> AnalysedSentence:
    """`text` as terms. Cached, because the same sentences are candidates for many questions."""
    stems = tuple(content_stems(text))
    bag = frozenset(stems)
    return AnalysedSentence(
        text, stems, bag, frozenset(stem[:SHARED_LETTERS] for stem in bag if len(stem) >= SHARED_LETTERS)
    )


class Around(NamedTuple):
    """What stands around a sentence: the terms of what is before, after and above it, and of its passage.

    `titled` is true for a sentence that is the title or a heading, nothing else.
    """

    before: frozenset[str]
    after: frozenset[str]
    heading: frozenset[str]
    passage: frozenset[str]
    titled: bool

    @property
    def bags(self) -> tuple[frozenset[str], ...]:
        """Those before, after and above it."""
        return self[:3]


class PassageSentences(NamedTuple):
    """The sentences of a passage as terms, for each what `names` it and what is `around` it.

    `heading` are the terms of the passage's headings, of its source's title and of its name.
    """

    sentences: tuple[AnalysedSentence, ...]
    names: tuple[frozenset[str], ...]
    heading: frozenset[str]
    around: tuple[Around, ...]


@dataclass(frozen=True, slots=True)
class _Key:
    """A passage as far as its sentences depend on it."""

    chunk: Chunk
    title: str | None
    name: str
    passage: Passage = field(compare=False)


def read_passage(passage: Passage) -> PassageSentences:
    """The sentences of `passage` as terms. Cached, as `analyse` is."""
    return _read(_Key(passage.chunk, passage.source.title, passage.source.name, passage))


@lru_cache(maxsize=512)
def _read(key: _Key) -> PassageSentences:
    return set_out(key.passage, tuple(_sentences(key.passage)))


def set_out(passage: Passage, sentences: tuple[AnalysedSentence, ...]) -> PassageSentences:
    """The `sentences` of `passage` with what names them and what stands around them."""
    heading = heading_bag(passage)
    names = _row_names(passage, sentences)
    titles = (*passage.chunk.headings, passage.source.title or "")
    whole = frozenset[str]().union(*(sentence.bag for sentence in sentences))
    around = []
    section = frozenset[str]()
    for at, sentence in enumerate(sentences):
        # The rows before and after are about other things, and the names of columns stand for them all.
        alone = bool(names[at])
        above = sentences[lines_from(passage, at) : at] if not alone else ()
        before = above[0].bag if len(above) == 1 else frozenset[str]().union(*(line.bag for line in above))
        after = sentences[at + 1].bag if at + 1 < len(sentences) and not alone else frozenset[str]()
        titled = sentence.text in titles
        named = heading | names[at] | section if names[at] or section else heading
        around.append(Around(before, after, named, whole, titled))
        section = sentence.bag if is_heading_line(passage, at) else section
    return PassageSentences(sentences, tuple(names), heading, tuple(around))


def heading_bag(passage: Passage) -> frozenset[str]:
    """The terms of a passage's headings, of its source's title and of its name ("3M_2018_10K.pdf")."""
    name = _NAME_PARTS.sub(" ", passage.source.name)
    return analyse(" \n".join((*passage.chunk.headings, passage.source.title or "", name))).bag


def _sentences(passage: Passage) -> list[AnalysedSentence]:
    """The sentences of `passage` as terms, a line "author: Anna Kovac" as one that says who wrote it."""
    sentences = [analyse(text) for text in searched_sentences(passage.chunk)]
    for at, sentence in enumerate(sentences):
        said = label_stems(passage, at)
        if said:
            stems = (*sentence.stems, *said)
            sentences[at] = replace(sentence, stems=stems, bag=frozenset(stems))
    return sentences


def _row_names(passage: Passage, sentences: Sequence[AnalysedSentence]) -> list[frozenset[str]]:
    """For each sentence, the terms of what names it if it is a row under named columns; else none.

    That is the table's caption, its columns, and the last row of one cell above: the name of a group of rows.
    """
    if not passage.chunk.tables:
        return [frozenset()] * len(sentences)
    names: list[frozenset[str]] = []
    above, group = None, frozenset[str]()
    for span, sentence in zip(passage.chunk.sentences, sentences, strict=True):
        table = body_table(passage.chunk.tables, span)
        if table is None or not table.columns:
            names.append(frozenset())
            continue
        if table is not above or table.delimiter not in sentence.text:
            group = frozenset()
        columns = analyse(" \n".join((table.caption, *table.columns))).bag
        names.append(columns | group)
        if table.delimiter not in sentence.text:
            group = sentence.bag
        above = table
    return names
