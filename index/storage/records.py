"""What goes into the catalog and comes out of it, and how its columns are packed.

Numbers are packed little-endian, so that an index moves between machines.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, overload

from index.text.lines import lines_at
from index.types import Chunk, Page, Source, Span, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

# A chunk without its text: id, start, end, its sentences' spans packed, headings, tables.
ChunkRow: TypeAlias = tuple[str, int, int, bytes, tuple[str, ...], tuple[Table, ...]]
Mark: TypeAlias = Literal["absent", "dirty", "clean"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made with. `generation` grows with every commit that changes what is indexed.

    `embedder` is "" and `dimension` 0 until `Catalog.configure` was called.
    """

    schema: int
    chunker: str
    embedder: str
    dimension: int
    generation: int


class FileStat(NamedTuple):
    """What a file's unchangedness is judged by without reading it. Times in nanoseconds, 0 if unknown.

    `ctime_ns` is the time of the last change of the file or of what is known of it, which nobody can set; on
    Windows it is that of its creation, so that there a change that leaves size and time goes unseen.
    """

    size: int
    mtime_ns: int
    inode: int = 0
    ctime_ns: int = 0


class FileRow(NamedTuple):
    """An indexed file as the walk is compared with it. `location` is its absolute path.

    `reader` and `chunker` are those it was read and cut with: where they are not today's, it wants reading
    again although the file did not change.
    """

    source_id: str
    name: str
    location: str
    stat: FileStat
    sha256: str
    reader: str
    chunker: str


class SourceRow(NamedTuple):
    """A source as filters see it: `row` in the catalog, and the document's `date` as ISO 8601, or None."""

    row: int
    id: str
    name: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source that was read and cut, ready to be stored in one piece.

    `keys[i]` is the cache key of `chunks[i]`'s vector: a hash of the text that was embedded. `stat` is None
    for a source that is not a file. `source.location` is an absolute path.
    """

    source: Source
    text: str
    chunks: Sequence[Chunk]
    keys: tuple[str, ...]
    stat: FileStat | None = None


class PackedChunks(Sequence[Chunk]):
    """The chunks of one source, each made when it is asked for, since their texts are parts of the source's.

    Equal to any sequence of the same chunks.
    """

    __slots__ = ("_source", "_text", "rows")
    __hash__ = None  # type: ignore[assignment]  # as that of a list

    def __init__(self, source_id: str, text: str, rows: list[ChunkRow]) -> None:
        self._source, self._text, self.rows = source_id, text, rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> Chunk: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Chunk, ...]: ...
    def __getitem__(self, at: int | slice) -> Chunk | tuple[Chunk, ...]:
        """A chunk, or chunks."""
        if isinstance(at, slice):
            return tuple(map(self._chunk, self.rows[at]))
        return self._chunk(self.rows[at])

    def _chunk(self, row: ChunkRow) -> Chunk:
        name, start, end, sentences, headings, tables = row
        span = Span(start, end)
        return Chunk(name, self._source, span, span.of(self._text), unpack_spans(sentences), headings, tables)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)


def spans_of(chunks: Sequence[Chunk]) -> list[Span]:
    """Where chunks begin and end; of packed ones none is made for it."""
    if isinstance(chunks, PackedChunks):
        return [Span(start, end) for _, start, end, *_ in chunks.rows]
    return [chunk.span for chunk in chunks]


def chunk_row(chunk: Chunk) -> ChunkRow:
    """A chunk as `PackedChunks` holds it."""
    span = chunk.span
    return chunk.id, span.start, span.end, pack_spans(chunk.sentences), chunk.headings, chunk.tables


class SearchedChunk(NamedTuple):
    """A chunk as far as it is ranked by: `source` is the name of its source, `sentences` are their spans."""

    row: int
    source: str
    start: int
    end: int
    text: str
    sentences: tuple[tuple[int, int], ...]
    tables: tuple[Table, ...]


class Match(NamedTuple):
    """A chunk's row found by full-text search. `score` is BM25, higher is better."""

    row: int
    score: float


class Postings(NamedTuple):
    """The chunks a token occurs in: `rows`, ascending (int64), and weighted `counts` (float64)."""

    rows: NDArray[np.int64]
    counts: NDArray[np.float64]


class Lengths(NamedTuple):
    """How many `tokens` (int64) the chunks in `rows`, ascending (int64), have in the full-text index."""

    rows: NDArray[np.int64]
    tokens: NDArray[np.int64]


class VectorTable(NamedTuple):
    """All chunk vectors: `matrix[i]` (float32, unit length) belongs to the chunk in row `rows[i]` (int64)."""

    rows: NDArray[np.int64]
    matrix: NDArray[np.float32]


class StoredVector(NamedTuple):
    """One chunk with its source and its vector (float32, little-endian), as the vector store wants it."""

    row: int
    chunk: Chunk
    source: Source
    vector: bytes


class Pending(NamedTuple):
    """Chunks of which Chroma has to be told: forget all `ids`, then take `vectors`."""

    ids: tuple[str, ...]
    vectors: tuple[StoredVector, ...]


class Counts(NamedTuple):
    """How many sources and chunks an index has, and how many of the chunks have a vector."""

    sources: int
    chunks: int
    vectors: int


class Extent(NamedTuple):
    """How many sources and chunks may answer a question, and how many characters the sources have."""

    sources: int
    chunks: int
    characters: int


class ChromaState(NamedTuple):
    """How far Chroma can be trusted.

    `mark` is "dirty" from before the first change until its files are whole again, and stays so when the
    writer is killed; "absent" before there is anything. `generation` grows each time it becomes "clean".
    `pending` chunks are not in it yet, or still.
    """

    mark: Mark
    generation: int
    pending: int


def checksum(*values: str | bytes | float | None) -> bytes:
    """Tells these values from others; 8 bytes. It stands in files, so it never changes.

    Text that was read with stray bytes as surrogates has the checksum of those bytes.
    """
    joined = "\0".join(map(str, values)).encode(errors="surrogateescape")
    return hashlib.blake2b(joined, digest_size=8).digest()


WORDS = "text, headings, title, name"  # columns of the full-text index


class Words(NamedTuple):
    """What the full-text index is given for a chunk, by column."""

    text: str
    headings: str
    title: str
    name: str

    def hash(self) -> bytes:
        """Tells these words from others."""
        return hashlib.blake2b("\0".join(self).encode(), digest_size=8).digest()


class StoredText(NamedTuple):
    """A piece of a source's text: where it begins, and on which line, from 1."""

    start: int
    line: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def cut_text(text: str, spans: Sequence[Span]) -> tuple[str, Iterator[StoredText]]:
    """A source's text as it is stored, each character once: what stands before its first chunk, and the rest.

    `spans` are those of its chunks, by their starts. Each has the text from there to the start of the next
    one, the last to the end: what lies between two chunks follows the first of them.
    """
    if not spans:
        return text, iter(())
    starts = [span.start for span in spans]
    pieces = zip(spans, [*starts[1:], len(text)], lines_at(text, starts), strict=True)
    return text[: starts[0]], (
        StoredText(span.start, line, text[span.start : max(span.end, following)])
        for span, following, line in pieces
    )


def pack_spans(spans: Iterable[Span]) -> bytes:
    """Spans as pairs of 32-bit numbers."""
    flat = [edge for span in spans for edge in (span.start, span.end)]
    return struct.pack(f"<{len(flat)}i", *flat)


def unpack_spans(packed: bytes) -> tuple[Span, ...]:
    """The spans that `pack_spans` packed."""
    return tuple(starmap(Span, struct.iter_unpack("<ii", packed)))


def unpack_edges(packed: bytes) -> tuple[tuple[int, int], ...]:
    """Starts and ends of the spans that `pack_spans` packed, in a quarter of the time that spans take."""
    return tuple(struct.iter_unpack("<ii", packed))


def pack_pages(pages: Iterable[Page]) -> bytes:
    """Pages as triples of 32-bit numbers: number, start, end."""
    flat = [value for page in pages for value in (page.number, page.span.start, page.span.end)]
    return struct.pack(f"<{len(flat)}i", *flat)


def unpack_pages(packed: bytes) -> tuple[Page, ...]:
    """The pages that `pack_pages` packed."""
    return tuple(Page(number, Span(start, end)) for number, start, end in struct.iter_unpack("<iii", packed))


def pack_lines(lines: Sequence[str]) -> str:
    """Lines as a list in JSON."""
    return json.dumps(lines, ensure_ascii=False) if lines else "[]"


def unpack_lines(packed: str) -> tuple[str, ...]:
    """The lines that `pack_lines` packed."""
    return () if packed == "[]" else tuple(json.loads(packed))


def pack_tables(tables: Sequence[Table]) -> str:
    """Tables as JSON without blanks, a list for each: start, end, body, columns, caption, delimiter."""
    if not tables:
        return "[]"
    rows = [
        (table.span.start, table.span.end, table.body, table.columns, table.caption, table.delimiter)
        for table in tables
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def unpack_tables(packed: str) -> tuple[Table, ...]:
    """The tables that `pack_tables` packed."""
    if packed == "[]":
        return ()
    return tuple(
        Table(Span(start, end), body, tuple(columns), caption, delimiter)
        for start, end, body, columns, caption, delimiter in json.loads(packed)
    )
