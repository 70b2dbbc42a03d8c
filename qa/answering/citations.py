"""Sentences that were chosen -> citations, cut from their sources and checked against the index.

The one way to a `Citation`, with a model or without one. Knows passages and their sources' texts; does not
know who chose the sentences, nor why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from index.errors import IndexDamaged
from index.text.lines import collapse, line_at
from index.types import Passage, Span
from qa.types import Citation

TextOf = Callable[[str], str]

C = TypeVar("C", bound="SentenceSpan")


class SentenceSpan(Protocol):
    """A sentence that was chosen: a passage, and the span of one of its sentences in the source."""

    @property
    def passage(self) -> Passage:
        """Where it was found."""

    @property
    def span(self) -> Span:
        """Where it stands in the source's text."""


def sentence_of(chosen: SentenceSpan) -> str:
    """The sentence as its passage has it."""
    chunk = chosen.passage.chunk
    return chunk.text[chosen.span.start - chunk.span.start : chosen.span.end - chunk.span.start]


def runs(chosen: Iterable[C], text_of: TextOf) -> list[list[C]]:
    """`chosen` in their order, each with those before it that it follows without a sentence in between."""
    found: list[list[C]] = []
    for one in chosen:
        if found and _follows(found[-1][-1], one, text_of):
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _follows(left: SentenceSpan, right: SentenceSpan, text_of: TextOf) -> bool:
    if left.passage.source.id != right.passage.source.id or right.span.start < left.span.end:
        return False
    sentences = left.passage.chunk.sentences
    if left.span in sentences and right.span in sentences:
        return sentences.index(right.span) == sentences.index(left.span) + 1
    return not text_of(left.passage.source.id)[left.span.end : right.span.start].strip()


def quotation(number: int, run: Sequence[SentenceSpan], text_of: TextOf) -> Citation:
    """The citation of sentences of one source that follow each other, cut from the source's own text.

    Raises IndexDamaged if a sentence is not what the source says at its place: then the index does not fit
    its texts, and nothing can be quoted.
    """
    source = run[0].passage.source
    text = text_of(source.id)
    for one in run:
        if one.span.of(text) != sentence_of(one):
            raise IndexDamaged(
                f"the sentence indexed as {source.name}:{one.span.start}-{one.span.end} "
                "is not what its source says there",
                "index the file again with `qa index`",
            )
    span = Span(run[0].span.start, run[-1].span.end)
    return Citation(
        number,
        source.name,
        source.sha256,
        span,
        span.of(text),
        line_at(text, span.start),
        source.page_at(span.start),
        source.title,
        source.date.value if source.date else None,
        source.location,
        _also(run),
        source.date.origin if source.date else None,
    )


def _also(run: Sequence[SentenceSpan]) -> tuple[str, ...]:
    """The sources of near-identical passages that have one of the sentences word for word."""
    names = dict.fromkeys(
        copy.source.name
        for one in run
        for copy in one.passage.copies
        if collapse(sentence_of(one)) in collapse(copy.chunk.text)
    )
    names.pop(run[0].passage.source.name, None)
    return tuple(names)
