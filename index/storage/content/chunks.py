# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
"""Chunks read from their table: whole and with their sources, or as far as they are ranked by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.storage.content.rows import (
    CHUNK_COLUMNS,
    CHUNK_WIDTH,
    LISTED,
    SOURCE_COLUMNS,
    chunk_of,
    columns_in,
    source_of,
)
from index.storage.opening.errors import damaged, decoding
from index.storage.records import SearchedChunk, unpack_edges, unpack_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.storage.database import Database
    from index.types import Chunk, Source

SEARCHED_COLUMNS = (
    'chunks.row, sources.name, chunks.start, chunks."end", chunks.text, chunks.sentences, chunks.tables'
)


def read_chunks(database: Database, rows: Iterable[int], base: str) -> dict[int, tuple[Chunk, Source]]:
    """The chunks in these rows with their sources; `base` is the folder that holds the index."""
    stored = database.checked_rows(
        f"SELECT chunks.row, {columns_in(database, f'{CHUNK_COLUMNS}, {SOURCE_COLUMNS}')} FROM chunks"
        f" JOIN sources ON sources.row = source WHERE chunks.row IN {LISTED}",
        (json.dumps([int(row) for row in rows]),),
    )
    sources: dict[str, Source] = {}
    result = {}
    for row, *rest in stored:
        chunk = chunk_of(database, tuple(rest[:CHUNK_WIDTH]))
        if chunk.source_id not in sources:
            sources[chunk.source_id] = source_of(database, tuple(rest[CHUNK_WIDTH:]), base)
        result[row] = (chunk, sources[chunk.source_id])
    return result


def read_searched(database: Database, rows: Iterable[int]) -> list[SearchedChunk]:
    """The chunks in these rows as far as they are ranked by.

    They are not compared with their checksums: what is quoted of them is. Raises IndexDamaged for what cannot
    be ranked.
    """
    stored = database.rows(
        f"SELECT {columns_in(database, SEARCHED_COLUMNS)} FROM chunks"
        f" LEFT JOIN sources ON sources.row = source WHERE chunks.row IN {LISTED}",
        (json.dumps(list(rows)),),
        of=(int, str, int, int, str, bytes, str),
    )
    with decoding(database.path):
        found = [
            SearchedChunk(
                row, source, start, end, text[: end - start], unpack_edges(spans), unpack_tables(tables)
            )
            for row, source, start, end, text, spans, tables in stored
        ]
    if not all(map(_is_rankable, found)):
        raise damaged(database.path, "sentences or tables of a chunk are not what was stored")
    return found


def _is_rankable(chunk: SearchedChunk) -> bool:
    """True if its sentences are spans within it, and what names the columns of its tables is text."""
    return (
        0 <= chunk.start <= chunk.end
        and all(chunk.start <= start <= end <= chunk.end for start, end in chunk.sentences)
        and all(isinstance(name, str) for table in chunk.tables for name in (*table.columns, table.caption))
    )
