"""Sentences grouped into chunks: whole sentences of one section, the unit of embedding and search.

A heading opens a section and belongs to the chunk that follows it. Chunks do not overlap (overlap was
measured to lower retrieval) and share a section's length evenly.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.text.lines import first_words
from index.text.rows import searched_names
from index.types import Block, Chunk, Sentence, Span, Table

CHUNKER = "sections/2"
LIMIT = 1400  # characters: only a chunk of a single sentence, or one that took a tail, is longer
SMALL = 1000  # characters: neighbouring sections that are no longer together are one chunk
TAIL = 200  # characters: a shorter rest of a section joins the chunk before it
LONGEST_HEADING = 300  # characters of a heading or a caption, which are kept with each chunk below it
LONGEST_COLUMNS = 10_000  # characters of the names of columns: rows of a wider table fit no chunk
BLOCK_END = 0.75  # of a section's even share: from here on a chunk closes where a block ends


@dataclass(frozen=True, slots=True)
class _Section:
    """Sentences from a heading to the next one, by their numbers; the headings above, and its own.

    `start` and `end` are where they begin and end in the text.
    """

    above: tuple[str, ...]
    own: tuple[str, ...]
    sentences: range
    start: int
    end: int

    @property
    def path(self) -> tuple[str, ...]:
        return (*self.above, *self.own)


def cut_chunks(
    text: str,
    blocks: Sequence[Block],
    sentences: Sequence[Sentence],
    *,
    source_id: str,
    title: str | None = None,
    tables: Sequence[Table] = (),
    limit: int = LIMIT,
) -> Iterator[Chunk]:
    """The chunks of one source, in order; every sentence is in exactly one.

    `headings` of a chunk is the path above it, without the `title`. A heading inside the span of a section's
    first chunk is in the `headings` of its later ones. `tables` are the source's, in order; each chunk has
    those that overlap it.
    """
    tables = [_bounded(table) for table in tables]
    starts = [table.span.start for table in tables]
    ends = [table.span.end for table in tables]
    for headings, run in _runs(text, blocks, sentences, limit):
        spans = tuple(sentence.span for sentence in run)
        span = Span(spans[0].start, spans[-1].end)
        body = span.of(text)
        above = tuple(heading for heading in headings if heading != title)
        overlapping = tuple(tables[bisect_right(ends, span.start) : bisect_left(starts, span.end)])
        name = chunk_id(source_id, span, body)
        yield Chunk(name, source_id, span, body, spans, above, overlapping)


def chunk_id(source_id: str, span: Span, text: str) -> str:
    """32 hexadecimal digits that name a chunk by what it is: its source, place and text."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (source_id, str(span.start), str(span.end), text):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def names_above(chunk: Chunk) -> tuple[str, ...]:
    """What is searched with a chunk and stands above it: its headings, and the names of its first rows."""
    return (*chunk.headings, *(name for table in chunk.tables for name in searched_names(table, chunk)))


def embedding_text(chunk: Chunk, title: str | None) -> str:
    """What is embedded: title, headings and names of columns in one line, then the chunk.

    No file name, no repetitions.
    """
    above = dict.fromkeys(part for part in (title, *names_above(chunk)) if part)
    above = {part: None for part in above if not chunk.text.startswith(part)}
    return "\n".join([" > ".join(above), chunk.text]) if above else chunk.text


def _runs(
    text: str, blocks: Sequence[Block], sentences: Sequence[Sentence], limit: int
) -> Iterator[tuple[tuple[str, ...], tuple[Sentence, ...]]]:
    """The headings above each chunk, and its sentences."""
    for section in _joined(_sections(text, blocks, sentences)):
        above = section.above
        for share in _shares(section, sentences, blocks, limit):
            yield above, share
            above = section.path


def _sections(text: str, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> Iterator[_Section]:
    """Sections in order. Headings in a row open one together, so that only a last one can stand alone."""
    path: dict[int, str] = {}
    above: tuple[str, ...] = ()
    own: list[str] = []
    first = start = end = 0
    opening = True  # only headings so far
    block, last_block = Block("paragraph", Span(0, 0)), -1
    for number, sentence in enumerate(sentences):
        block = block if sentence.block == last_block else blocks[sentence.block]
        if block.kind != "heading":
            opening = False
        elif sentence.block != last_block:
            if not opening:
                yield _Section(above, tuple(own), range(first, number), start, end)
                first, own, opening = number, [], True
            path = {level: heading for level, heading in path.items() if level < block.level}
            if number == first:
                above = tuple(path.values())
            path[block.level] = first_words(" ".join(block.span.of(text).split()), LONGEST_HEADING)
            own = [heading for heading in path.values() if heading not in above]
        last_block = sentence.block
        start = sentence.span.start if number == first else start
        end = sentence.span.end
    if sentences:
        yield _Section(above, tuple(own), range(first, len(sentences)), start, end)


def _bounded(table: Table) -> Table:
    """What is kept of a table with each of its chunks: of one that is too wide, no names of columns."""
    if sum(map(len, table.columns)) > LONGEST_COLUMNS:
        table = replace(table, columns=())
    return replace(table, caption=first_words(table.caption, LONGEST_HEADING))


def _joined(sections: Iterable[_Section]) -> Iterator[_Section]:
    """The sections, with neighbours that are `SMALL` even together made one, under what both have above."""
    last: _Section | None = None
    for section in sections:
        if last is None:
            last = section
        elif section.end - last.start <= SMALL:
            common = tuple(a for a, b in zip(last.above, section.above, strict=False) if a == b)
            both = range(last.sentences.start, section.sentences.stop)
            last = _Section(common, (), both, last.start, section.end)
        else:
            yield last
            last = section
    if last is not None:
        yield last


def _shares(
    section: _Section, sentences: Sequence[Sentence], blocks: Sequence[Block], limit: int
) -> Iterator[tuple[Sentence, ...]]:
    """A section in as few chunks as `limit` allows, of about even length, cut at block ends if near."""
    total = section.end - section.start
    share = total / -(-total // limit)
    before: list[Sentence] = []
    run: list[Sentence] = []
    for number in section.sentences:
        sentence = sentences[number]
        if run and _closes(run, sentence, blocks, share, limit):
            if before:
                yield tuple(before)
            before, run = run, []
        run.append(sentence)
    if before and run[-1].span.end - run[0].span.start < TAIL:
        yield (*before, *run)
        return
    if before:
        yield tuple(before)
    yield tuple(run)


def _closes(
    run: Sequence[Sentence], following: Sentence, blocks: Sequence[Block], share: float, limit: int
) -> bool:
    """True if a chunk ends before the `following` sentence; never right after a heading, if that is short."""
    start, last = run[0].span.start, run[-1]
    size = last.span.end - start
    ends = following.span.end - start > limit or size >= share
    ends = ends or (following.block != last.block and size >= BLOCK_END * share)
    return ends and not (size < limit / 2 and blocks[last.block].kind == "heading")
