"""Readings with tables, and the passages cut from them, for tests of search, answers and prompts."""

from __future__ import annotations

from collections.abc import Sequence

from index.readers.builder import TextBuilder
from index.text.chunks import cut_chunks
from index.text.sentences import split_sentences
from index.types import Passage, Reading, Source
from qa.answering.retrieval import Retrieval

MONTHS = [
    ("Month", "Guests", "Nights"),
    ("January", "120", "240"),
    ("February", "98", "301"),
    ("March", "", "412"),
    ("Total", "218", "953"),
]


def table_reading(
    rows: Sequence[Sequence[str]], *, caption: str = "", before: str = "", headings: int | None = None
) -> Reading:
    """A reading of one table, after a paragraph if `before` has one."""
    builder = TextBuilder()
    builder.add("paragraph", before)
    builder.add_table(rows, caption=caption, headings=headings)
    return builder.reading()


def passages_of(reading: Reading, name: str = "a.docx", limit: int = 1400) -> tuple[Passage, ...]:
    """Passages of all chunks of a reading, in order, none of more than `limit` characters."""
    source = Source(f"id-{name}", name, None, "ab" * 32, "test/1", len(reading.text))
    chunks = cut_chunks(
        reading.text,
        reading.blocks,
        split_sentences(reading.text, reading.blocks),
        source_id=source.id,
        tables=reading.tables,
        limit=limit,
    )
    return tuple(Passage(rank, chunk, source, 1.0 / rank, rank, rank) for rank, chunk in enumerate(chunks, 1))


def retrieval_of(reading: Reading, limit: int = 1400) -> Retrieval:
    """All passages of a reading and its text, as if a search had given them."""
    return Retrieval(passages_of(reading, limit=limit), {"id-a.docx": reading.text})
