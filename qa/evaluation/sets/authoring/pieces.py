"""Pieces of documents that a model asks about: a few sentences each, drawn evenly from all sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.text.rows import labelled
from index.types import Chunk, Passage, Source, Span
from qa.answering.retrieval import Retrieval
from qa.evaluation.sets.authoring.sampling import drawn, spread
from qa.evaluation.types import Question

if TYPE_CHECKING:
    from index.storage.queries import CatalogReader

AT_ONCE = 3  # sentences of a piece
_SHORTEST, _LONGEST = 60, 2_000  # characters of a piece
_SENTENCE = 40  # characters of its longest sentence, at least: else it holds headings and labels
_MOST_CHUNKS = 40  # of a source that pieces are drawn from


@dataclass(frozen=True, slots=True)
class SourcePiece:
    """A few sentences of a source, as a passage of their own; `text` is all of the source."""

    passage: Passage
    text: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences, rows of tables with the names of their columns."""
        chunk = self.passage.chunk
        return tuple(
            labelled(self.text, span, chunk.tables) or span.of(self.text) for span in chunk.sentences
        )

    @property
    def origin(self) -> str:
        """What the source says of itself: title or name, date, and the headings above."""
        source, chunk = self.passage.source, self.passage.chunk
        date = source.date.value if source.date is not None and source.date.of_document else ""
        captions = (table.caption for table in chunk.tables)
        return ". ".join(filter(None, (source.title or source.name, date, *chunk.headings, *captions)))

    def retrieval(self) -> Retrieval:
        """The piece as the only thing that a search gave."""
        return Retrieval((self.passage,), {self.passage.source.id: self.text})


def pieces_of(
    catalog: CatalogReader,
    sources: Sequence[Source],
    *,
    seed: int,
    most: int,
    known: Sequence[Question] = (),
) -> list[SourcePiece]:
    """At most `most` pieces: one of each source, then a second of each, in an order that the seed decides.

    What is gold of a `known` question is asked about already, and in none. Raises what the catalog raises.
    """
    asked = {(gold.source, gold.span) for question in known for gold in question.evidence if gold.span}
    ordered = drawn(sources, seed, lambda source: source.name)
    pieces: list[SourcePiece] = []
    for piece in spread(ordered, lambda source: _pieces_of(catalog, source, seed)):
        if len(pieces) == most:
            break
        chunk, name = piece.passage.chunk, piece.passage.source.name
        if not any(source == name and chunk.span.overlaps(span) for source, span in asked):
            pieces.append(piece)
    return pieces


def _pieces_of(catalog: CatalogReader, source: Source, seed: int) -> Iterator[SourcePiece]:
    prepared = catalog.prepared(source.id)
    chunks = drawn(prepared.chunks, seed, lambda chunk: f"{source.name} {chunk.span.start}")[:_MOST_CHUNKS]
    windows = [
        drawn(_windows(chunk), seed, lambda window: f"{source.name} {window[0].start} window")
        for chunk in chunks
    ]
    for chunk, window in spread(
        list(zip(chunks, windows, strict=True)), lambda pair: [(pair[0], each) for each in pair[1]]
    ):
        span = Span(window[0].start, window[-1].end)
        said = [each.of(prepared.text) for each in window]
        if _SHORTEST <= len(span) <= _LONGEST and max(map(len, said)) >= _SENTENCE:
            tables = tuple(table for table in chunk.tables if table.span.overlaps(span))
            part = replace(chunk, span=span, text=span.of(prepared.text), sentences=window, tables=tables)
            yield SourcePiece(Passage(1, part, source, 1.0), prepared.text)


def _windows(chunk: Chunk) -> list[tuple[Span, ...]]:
    """A chunk's sentences, a few at a time, without overlap."""
    sentences = chunk.sentences
    return [sentences[at : at + AT_ONCE] for at in range(0, len(sentences), AT_ONCE)]
