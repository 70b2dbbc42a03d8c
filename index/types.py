"""The values that flow through `index/`: spans, blocks, sources, sentences, chunks, passages.

Every span is half-open, `[start, end)`, in Unicode code points of one source's text, and is carried from
the first cut; nothing in this project searches for a text to learn where it was.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, overload

BlockKind = Literal["heading", "paragraph", "item", "row", "code"]
HiddenBy = Literal[
    "not displayed",
    "transparent",
    "too small",
    "in the colour of its ground",
    "off the page",
    "cut off",
    "covered",
    "drawn invisibly",
    "on a layer that is switched off",
    "in hidden rows or columns",
    "on a hidden sheet",
    "on a hidden slide",
    "a comment in the markup",
    "invisible characters",
]
FileState = Literal["current", "changed", "gone", "unreadable"]
DateOrigin = Literal["metadata", "front matter", "text", "file name", "created", "modified"]
_KINDS: tuple[BlockKind, ...] = ("heading", "paragraph", "item", "row", "code")
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_LEVELS = 8  # a kind and a level are one number: eight times the level, and the kind's own


class Sliceable(Protocol):
    """What spans are cut out of: a string, or a source's text that is read where it is asked for."""

    def __len__(self) -> int:
        """How many code points it has."""

    def __getitem__(self, part: slice, /) -> str:
        """A part of it."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points. `Span(2, 5)` of `"abcdef"` is `"cde"`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            msg = f"not a span: [{self.start}, {self.end})"
            raise ValueError(msg)

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: Sliceable) -> str:
        """The characters of `text` this span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """True if at least one character lies in both."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """True if no character of `other` lies outside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that a sentence never crosses: a paragraph, a list item, a table row.

    Blocks of a source are in order and do not overlap; text between them (blank lines, list bullets,
    markup) belongs to no sentence. `level` is a heading's depth from 1, else 0.
    """

    kind: BlockKind
    span: Span
    level: int = 0


class Blocks(MutableSequence[Block]):
    """Blocks in order, as a list of them would be, in a tenth of its memory: a large file has millions.

    Each is made when it is asked for: `starts`, `ends`, `kind_at` spare that. Equal to any sequence of the
    same blocks.
    """

    __slots__ = ("ends", "kinds", "starts")
    __hash__ = None  # type: ignore[assignment]  # as that of a list

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        self.kinds, self.starts, self.ends = array("q"), array("q"), array("q")
        self.extend(blocks)

    def __len__(self) -> int:
        return len(self.kinds)

    def __iter__(self) -> Iterator[Block]:
        for number, start, end in zip(self.kinds, self.starts, self.ends, strict=True):
            level, kind = divmod(number, _LEVELS)
            yield Block(_KINDS[kind], Span(start, end), level)

    @overload
    def __getitem__(self, at: int) -> Block: ...
    @overload
    def __getitem__(self, at: slice) -> Blocks: ...
    def __getitem__(self, at: int | slice) -> Block | Blocks:
        """A block, or blocks."""
        if isinstance(at, slice):
            part = Blocks()
            part.kinds, part.starts, part.ends = self.kinds[at], self.starts[at], self.ends[at]
            return part
        level, kind = divmod(self.kinds[at], _LEVELS)
        return Block(_KINDS[kind], Span(self.starts[at], self.ends[at]), level)

    @overload
    def __setitem__(self, at: int, value: Block) -> None: ...
    @overload
    def __setitem__(self, at: slice, value: Iterable[Block]) -> None: ...
    def __setitem__(self, at: int | slice, value: Block | Iterable[Block]) -> None:
        """Put a block, or blocks, in the place of others."""
        at = at if isinstance(at, slice) else slice(at, at + 1 or None)
        new = Blocks([value] if isinstance(value, Block) else value)
        self.kinds[at], self.starts[at], self.ends[at] = new.kinds, new.starts, new.ends

    def __delitem__(self, at: int | slice) -> None:
        del self.kinds[at], self.starts[at], self.ends[at]

    def insert(self, index: int, value: Block) -> None:
        """Put a block before the one at `index`."""
        self[index:index] = [value]

    def append(self, value: Block) -> None:
        """Put a block behind the last."""
        self.add(value.kind, value.span.start, value.span.end, value.level)

    def add(self, kind: BlockKind, start: int, end: int, level: int = 0) -> None:
        """Put one behind the last that begins and ends there."""
        self.kinds.append(_LEVELS * level + _NUMBERS[kind])
        self.starts.append(start)
        self.ends.append(end)

    def extend(self, values: Iterable[Block]) -> None:
        """Put blocks behind the last."""
        if isinstance(values, Blocks):
            self.kinds.extend(values.kinds)
            self.starts.extend(values.starts)
            self.ends.extend(values.ends)
            return
        for block in values:
            span = block.span
            self.add(block.kind, span.start, span.end, block.level)

    def kind_at(self, at: int) -> BlockKind:
        """What a block is."""
        return _KINDS[self.kinds[at] % _LEVELS]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Blocks):
            return (self.kinds, self.starts, self.ends) == (other.kinds, other.starts, other.ends)
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(Block.__eq__, self, other))


@dataclass(frozen=True, slots=True)
class Page:
    """One physical page (or slide, or sheet), numbered from 1, and the text that stands on it."""

    number: int
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a source: where its rows stand, and what names their cells.

    `span` reaches from the first row, headings included, to the end of the last. `body` is the offset where
    the rows of values begin: what stands before it in `span` are the headings. `columns` names each column,
    "" where nothing does, and is empty if no row names them; a name of several levels is one text, the outer
    level first. `caption` is what is said of the table as a whole (title, unit: "in millions"), on one line.
    `delimiter` is what stands between two cells in the text of a row: " | " in extracted text; two blanks
    where columns are set under each other, with two blanks or more, or tabs, between them.
    """

    span: Span
    body: int
    columns: tuple[str, ...] = ()
    caption: str = ""
    delimiter: str = " | "


@dataclass(frozen=True, slots=True)
class Dated:
    """When a source says it is from: ISO 8601 `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and how we know.

    "created" is when the file was made, as a PDF or office file notes it: mostly, not always, the day of what
    it says. "modified" is the file system's time, and no date of the document.
    """

    value: str
    origin: DateOrigin

    @property
    def of_document(self) -> bool:
        """False if the date is only that of the file's last change."""
        return self.origin != "modified"


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text that a person who opens the file does not see, and what hides it.

    `at` is where it stands in the text of its reading; where that has been read without it, an empty span,
    never inside a block. `page` counts the pages of the reading before the one that it is on.
    """

    text: str
    by: HiddenBy
    at: Span
    page: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader got out of the bytes of one file.

    `text` is the decoded file itself for text formats (line ends untouched, a byte-order mark removed),
    and the extracted text for all others. `notes` are one-line remarks for the user that did not stop the
    reading ("3 bytes were not valid UTF-8 and became U+FFFD"). `tables` are in order and do not overlap;
    every row of one is a block of its own. `left_out` is hidden text that is in no block, `hidden` are the
    spans of hidden text that is.
    """

    text: str
    blocks: Sequence[Block]
    pages: tuple[Page, ...] = ()
    title: str | None = None
    date: Dated | None = None
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    left_out: tuple[HiddenText, ...] = ()
    hidden: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: everything about it but its text, which is long and fetched when needed.

    `id` is a hash of where the file is; `name` the path a person knows it by, relative to the indexed root,
    unique in an index; `location` the path on disk (absolute), or None if it came from standard input.
    `sha256` is of the file's bytes; `reader` names reader and version ("pdf/1"); `length` is in code points.
    `hidden` are the spans of text that a person who opens the file does not see.
    """

    id: str
    name: str
    location: str | None
    sha256: str
    reader: str
    length: int
    pages: tuple[Page, ...] = ()
    title: str | None = None
    date: Dated | None = None
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    hidden: tuple[Span, ...] = ()

    def hides(self, span: Span) -> bool:
        """True if any of what stands in `span` is hidden in the file."""
        return any(span.overlaps(hidden) for hidden in self.hidden)

    def page_at(self, offset: int) -> int | None:
        """The page that holds the character at `offset`, or None for a source without pages."""
        number = None
        for page in self.pages:
            if page.span.start > offset:
                break
            number = page.number
        return number


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's span, and the index of the block it stands in."""

    span: Span
    block: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences of one section: what is embedded and indexed.

    `id` is a hash of (source id, span, text), so that indexing twice changes nothing. `span` reaches from
    the first sentence's start to the last one's end. `headings` is the path of headings above it, outermost
    first: searched with the chunk, but no part of its span. `tables` are those that it has rows of: what
    names their columns is searched with the chunk as well.
    """

    id: str
    source_id: str
    span: Span
    text: str
    sentences: tuple[Span, ...]
    headings: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as retrieved for one query. `rank` counts from 1; `score` is higher for better.

    `lexical_rank` and `dense_rank` are the ranks in the two searches that were fused, None where a search
    did not return the chunk. `copies` are near-identical chunks of other places, folded into this one.
    `hits` are the queries that found it, in their order, where there were more than the question itself.
    """

    rank: int
    chunk: Chunk
    source: Source
    score: float
    lexical_rank: int | None = None
    dense_rank: int | None = None
    copies: tuple[Copy, ...] = ()
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """That a query found a passage, and at which rank, from 1. Query 0 is the question itself."""

    query: int
    rank: int


@dataclass(frozen=True, slots=True)
class Copy:
    """A near-identical chunk elsewhere, kept as an additional source of a passage."""

    chunk: Chunk
    source: Source
