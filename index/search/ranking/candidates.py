"""The chunks that a search found, read as far as they are ranked by; whole only those that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from index.search.ranking.stem_numbers import Stemmed, StemNumbers
from index.text.rows import body_table, column_words
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.storage.catalog import Catalog
    from index.storage.records import SearchedChunk
    from index.types import Chunk, Source

T = TypeVar("T")

MOST_READ = 2_000  # chunks that are kept with their stems, 3 KB each
MOST_WHOLE = 500  # that are kept whole, 5 KB each


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk with the name of its source, its place there, its text, and that as stems."""

    source: str
    span: tuple[int, int]
    text: str
    stemmed: Stemmed


class CandidateReader:
    """Reads the chunks of one catalog; those that were read last are remembered while nothing changes.

    The `numbers` of their stems may be others after each call of `candidates`.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.numbers = StemNumbers()
        self._catalog = catalog
        self._generation = -1
        self._read: dict[int, Candidate] = {}
        self._whole: dict[int, tuple[Chunk, Source]] = {}

    def clear(self) -> None:
        """Forget what was read."""
        self.numbers, self._read, self._whole = StemNumbers(), {}, {}

    def candidates(self, rows: Sequence[int]) -> dict[int, Candidate]:
        """The chunks in these rows, by row. One that is gone is left out."""
        generation = self._catalog.generation()
        if generation != self._generation:
            self._generation, self._read, self._whole = generation, {}, {}
        if self.numbers.full:
            self.clear()
        missing = [row for row in rows if row not in self._read]
        if missing:
            stored = self._catalog.searched_chunks(missing)
            for one, stemmed in zip(stored, stems_of_chunks(stored, self.numbers), strict=True):
                self._read[one.row] = Candidate(one.source, (one.start, one.end), one.text, stemmed)
        return _taken(self._read, rows, MOST_READ)

    def whole(self, rows: Sequence[int]) -> dict[int, tuple[Chunk, Source]]:
        """The chunks in these rows, which `candidates` has read in the same state, with their sources."""
        missing = [row for row in rows if row not in self._whole]
        if missing:
            self._whole |= self._catalog.chunks(missing)
        return _taken(self._whole, rows, MOST_WHOLE)


def stems_of_chunks(chunks: Sequence[SearchedChunk], numbers: StemNumbers) -> list[Stemmed]:
    """The stems of the sentences of each chunk; without any, its text stands for them.

    Before those of a row of a table stand those that name its columns.
    """
    texts = [
        [chunk.text[start - chunk.start : end - chunk.start] for start, end in chunk.sentences]
        + [column_words(table) for table in chunk.tables]
        for chunk in chunks
    ]
    read = numbers.read(texts)
    for at, chunk in enumerate(chunks):
        if chunk.tables:
            read[at] = _with_columns(chunk, read[at])
        if not len(read[at].stems):
            read[at] = numbers.single(chunk.text.strip())
    return read


def _with_columns(chunk: SearchedChunk, stemmed: Stemmed) -> Stemmed:
    """The stems of sentences, behind which stand those of the columns of tables, each row after these."""
    import numpy as np

    parts = np.split(stemmed.stems, stemmed.sentences.cumsum()[:-1])
    columns = dict(zip(chunk.tables, parts[len(chunk.sentences) :], strict=True))
    tables = [body_table(chunk.tables, Span(*edges)) for edges in chunk.sentences]
    rows = [
        np.concatenate([columns[table], part]) if table else part
        for table, part in zip(tables, parts, strict=False)
    ]
    return Stemmed(np.concatenate([stemmed.stems[:0], *rows]), np.array(list(map(len, rows)), np.intp))


def _taken(known: dict[int, T], rows: Sequence[int], most: int) -> dict[int, T]:
    """What is `known` of `rows`; then no more than the `most` that were added last are known."""
    taken = {row: known[row] for row in rows if row in known}
    for row in list(known)[: max(0, len(known) - most)]:
        del known[row]
    return taken
