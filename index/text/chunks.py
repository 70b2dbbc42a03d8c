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
from index.text.sentences import Sentences
from index.types import Block, Blocks, Chunk, Span, Table

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
    sentences: Sentences,
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
    blocks = blocks if isinstance(blocks, Blocks) else Blocks(blocks)
    tables = [_bounded(table) for table in tables]
    starts = [table.span.start for table in tables]
    ends = [table.span.end for table in tables]
    for headings, run in _runs(text, blocks, sentences, limit):
        spans = tuple(map(Span, sentences.starts[run.start : run.stop], sentences.ends[run.start : run.stop]))
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
    text: str, blocks: Blocks, sentences: Sentences, limit: int
) -> Iterator[tuple[tuple[str, ...], range]]:
    """The headings above each chunk, and the numbers of its sentences."""
    for section in _joined(_sections(text, blocks, sentences)):
        above = section.above
        for share in _shares(section, sentences, blocks, limit):
            yield above, share
            above = section.path


def _sections(text: str, blocks: Blocks, sentences: Sentences) -> Iterator[_Section]:
    """Sections in order. Headings in a row open one together, so that only a last one can stand alone."""
    path: dict[int, str] = {}
    above: tuple[str, ...] = ()
    own: list[str] = []
    first = 0
    opening = True  # only headings so far
    last_block = -1
    for number, at in enumerate(sentences.blocks):
        if at == last_block:
            continue
        last_block = at
        if blocks.kind_at(at) != "heading":
            opening = False
        else:
            block = blocks[at]
            if not opening:
                yield _section(above, own, range(first, number), sentences)
                first, own, opening = number, [], True
            path = {level: heading for level, heading in path.items() if level < block.level}
            if number == first:
                above = tuple(path.values())
            path[block.level] = first_words(" ".join(block.span.of(text).split()), LONGEST_HEADING)
            own = [heading for heading in path.values() if heading not in above]
    if sentences:
        yield _section(above, own, range(first, len(sentences)), sentences)


def _section(above: tuple[str, ...], own: Sequence[str], run: range, sentences: Sentences) -> _Section:
    return _Section(above, tuple(own), run, sentences.starts[run[0]], sentences.ends[run[-1]])


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


def _shares(section: _Section, sentences: Sentences, blocks: Blocks, limit: int) -> Iterator[range]:
    """A section in as few chunks as `limit` allows, of about even length, cut at block ends if near."""
    total = section.end - section.start
    share = total / -(-total // limit)
    before, first = range(0), section.sentences.start
    for number in section.sentences[1:]:
        if _closes(first, number, sentences, blocks, share, limit):
            if before:
                yield before
            before, first = range(first, number), number
    rest = range(first, section.sentences.stop)
    if before and section.end - sentences.starts[first] < TAIL:
        rest, before = range(before.start, rest.stop), range(0)
    if before:
        yield before
    yield rest


def _closes(
    first: int, following: int, sentences: Sentences, blocks: Blocks, share: float, limit: int
) -> bool:
    """True if the chunk that `first` begins ends before `following`; never right after a short heading."""
    starts, ends, of = sentences.starts, sentences.ends, sentences.blocks
    start, last = starts[first], following - 1
    size = ends[last] - start
    closes = ends[following] - start > limit or size >= share
    closes = closes or (of[following] != of[last] and size >= BLOCK_END * share)
    return closes and not (size < limit / 2 and blocks.kind_at(of[last]) == "heading")
