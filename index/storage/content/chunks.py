# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
"""Chunks read from their table: whole and with their sources, or as far as they are ranked by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.storage.content.rows import CHUNK_COLUMNS, LISTED, SOURCE_COLUMNS, chunk_of, source_of
from index.storage.records import SearchedChunk, unpack_edges, unpack_tables
from index.storage.schema import CHECKED_STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.storage.database import Database
    from index.types import Chunk, Source

# The step of the schema that a column came with, and what it is before.
ADDED = ((2, "chunks.tables", "'[]'"), (CHECKED_STEPS, "ctime_ns", "0"))
SEARCHED_COLUMNS = (
    'chunks.row, sources.name, chunks.start, chunks."end", chunks.text, chunks.sentences, chunks.tables'
)


def columns_in(database: Database, columns: str = CHUNK_COLUMNS) -> str:
    """These columns as a file has them: in one of fewer steps some are missing."""
    for steps, column, instead in ADDED:
        if database.steps < steps:
            columns = columns.replace(column, instead)
    return columns


def read_chunks(database: Database, rows: Iterable[int], base: str) -> dict[int, tuple[Chunk, Source]]:
    """The chunks in these rows with their sources; `base` is the folder that holds the index."""
    stored = database.rows(
        f"SELECT chunks.row, {columns_in(database)}, {SOURCE_COLUMNS} FROM chunks"
        f" JOIN sources ON sources.row = source WHERE chunks.row IN {LISTED}",
        (json.dumps([int(row) for row in rows]),),
    )
    sources: dict[str, Source] = {}
    result = {}
    for row, *rest in stored:
        chunk = chunk_of(tuple(rest[:8]))
        if chunk.source_id not in sources:
            sources[chunk.source_id] = source_of(tuple(rest[8:]), base)
        result[row] = (chunk, sources[chunk.source_id])
    return result


def read_searched(database: Database, rows: Iterable[int]) -> list[SearchedChunk]:
    """The chunks in these rows as far as they are ranked by."""
    stored = database.rows(
        f"SELECT {columns_in(database, SEARCHED_COLUMNS)} FROM chunks"
        f" JOIN sources ON sources.row = source WHERE chunks.row IN {LISTED}",
        (json.dumps(list(rows)),),
    )
    return [
        SearchedChunk(
            row, source, start, end, text[: end - start], unpack_edges(spans), unpack_tables(tables)
        )
        for row, source, start, end, text, spans, tables in stored
    ]
