"""How passages stand in a prompt: document by document, in the order of each, its head written once.

Neighbouring chunks are joined. Where something is left out between two sentences there is a line "…"; a
section or table is named where it begins. All text of documents is sanitized, and every line of it has
something of ours in front.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from index.text.rows import names_line
from index.types import Chunk, Passage, Source, Span
from prompts.sanitize import sanitize
from qa.answering.citations import SentenceSpan, sentence_of
from qa.answering.extractive.lines.furniture import content_of
from qa.answering.generative.reading.references import referred_to

GAP = "…"


@dataclass(frozen=True, slots=True)
class PlacedSentence:
    """A sentence to be shown: its passage, its span in the source, its text, and the lines above it."""

    passage: Passage
    span: Span
    text: str
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is shown of one document in one piece: its head, and its sentences in order."""

    head: str
    sentences: tuple[PlacedSentence, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A sentence of `owner`, or one that `owner` refers back to, which then `passage` has."""

    owner: Passage
    passage: Passage
    span: Span


class Shelf:
    """The sentences of `passages` that say something, in their order, to be shown from the first on.

    `before` has by the id of a chunk the one before it in its source.
    """

    def __init__(self, passages: Iterable[Passage], before: Mapping[str, Chunk]) -> None:
        self._before = before
        self._content: dict[str, tuple[Span, ...]] = {}
        self._lines: dict[tuple[str, Span], str] = {}
        self._own: list[_Placed] = []
        self._brought: dict[str, tuple[_Placed, ...]] = {}
        for passage in passages:
            spans = self._content_of(passage.chunk)
            self._own += [_Placed(passage, passage, span) for span in spans]
            if spans and spans[0] == passage.chunk.sentences[0]:
                self._brought[passage.chunk.id] = tuple(self._referred_to(passage))

    @property
    def available(self) -> int:
        """How many sentences of the passages can be shown."""
        return len(self._own)

    def passages(self, shown: int) -> tuple[Passage, ...]:
        """The passages that have one of the first `shown` sentences, in their order."""
        return tuple(
            next(group).owner for _, group in groupby(self._own[:shown], lambda each: id(each.owner))
        )

    def texts(self) -> Iterator[str]:
        """All text of documents that may be shown."""
        for placed in (*self._own, *(each for brought in self._brought.values() for each in brought)):
            yield self._line(placed)
            yield from self._above(placed, None, set())
        for passage in self.passages(self.available):
            yield head_of(passage)

    def stretches(self, shown: int) -> Iterator[Stretch]:
        """The first `shown` sentences, and those that they refer back to, document by document.

        Documents stand in the order of their first passage; one whose passages have several sets of copies is
        shown in a stretch for each.
        """
        by_source: dict[str, list[_Placed]] = {}
        for placed in self._own[:shown]:
            by_source.setdefault(placed.owner.source.id, []).append(placed)
        for own in by_source.values():
            for _, group in groupby(self._in_order(own), lambda each: _copies(each.owner)):
                members = list(group)
                yield Stretch(head_of(members[0].owner), tuple(self._with_lines(members)))

    def _in_order(self, own: Sequence[_Placed]) -> list[_Placed]:
        """Sentences of one source in its order, each once, with those that they refer back to."""
        chunks = {placed.owner.chunk.id for placed in own}
        spans: dict[Span, _Placed] = {}
        for placed in own:
            spans.setdefault(placed.span, placed)
        for chunk_id in chunks:
            for brought in self._brought.get(chunk_id, ()):
                if brought.passage.chunk.id not in chunks:
                    spans.setdefault(brought.span, brought)
        return [spans[span] for span in sorted(spans)]

    def _with_lines(self, members: Sequence[_Placed]) -> Iterator[PlacedSentence]:
        """`members`, which follow each other in one source, with the lines that belong above each."""
        last: _Placed | None = None
        named: set[Span] = set()
        for placed in members:
            above = tuple(self._above(placed, last, named))
            yield PlacedSentence(placed.passage, placed.span, self._line(placed), above)
            last = placed

    def _above(self, placed: _Placed, last: _Placed | None, named: set[Span]) -> Iterator[str]:
        """What stands above a sentence that comes after `last`; `named` are the tables that were named."""
        chunk = placed.passage.chunk
        if last is not None and not self._follows(last, placed):
            yield GAP
        if chunk.headings and (last is None or last.passage.chunk.headings != chunk.headings):
            yield f"section: {' > '.join(map(sanitize, chunk.headings))}"
        for table in chunk.tables:
            if table.span.overlaps(placed.span) and table.span not in named:
                named.add(table.span)
                if line := names_line(table, chunk):
                    yield f"table: {sanitize(line)}"

    def _follows(self, left: _Placed, right: _Placed) -> bool:
        """True if no sentence that says something stands between the two in their source."""
        chunk = right.passage.chunk
        content = self._content_of(chunk)
        if left.span.start >= chunk.span.start:
            return not any(left.span.end <= span.start < right.span.start for span in content)
        before = self._before.get(chunk.id)
        if before is None or before.id != left.passage.chunk.id:
            return False
        return content[:1] == (right.span,) and self._content_of(before)[-1:] == (left.span,)

    def _referred_to(self, passage: Passage) -> Iterator[_Placed]:
        before = self._before.get(passage.chunk.id)
        content = () if before is None else self._content_of(before)
        for span in referred_to(passage.chunk, before):
            if before is not None and span in content:
                yield _Placed(passage, replace(passage, chunk=before, copies=(), hits=()), span)

    def _content_of(self, chunk: Chunk) -> tuple[Span, ...]:
        if chunk.id not in self._content:
            self._content[chunk.id] = content_of(chunk)
        return self._content[chunk.id]

    def _line(self, placed: SentenceSpan) -> str:
        key = (placed.passage.chunk.id, placed.span)
        if key not in self._lines:
            self._lines[key] = sanitize(sentence_of(placed))
        return self._lines[key]


def head_of(passage: Passage) -> str:
    """What stands above the sentences of a document: a line for each thing that is known of it."""
    source = passage.source
    lines = [f"source: {sanitize(source.name)}"]
    if source.title:
        lines.append(f"title: {sanitize(source.title)}")
    if date := _date(source):
        created = source.date is not None and source.date.origin == "created"
        lines.append(f"{'created' if created else 'date'}: {date}")
    if copies := _copies(passage):
        lines.append(f"also in: {'; '.join(copies)}")
    return "\n".join(lines)


def _copies(passage: Passage) -> tuple[str, ...]:
    """The other sources that have a passage too, each with its date."""
    others = {copy.source.name: copy.source for copy in passage.copies}
    others.pop(passage.source.name, None)
    return tuple(
        ", ".join(filter(None, (sanitize(source.name), _date(source)))) for source in others.values()
    )


def _date(source: Source) -> str:
    """The day a source says it is of; when a file was last changed would pass for that, and is kept back."""
    return sanitize(source.date.value) if source.date and source.date.of_document else ""
