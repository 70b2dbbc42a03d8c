"""Results on their way from a child to us: packed small, and unpacked with care.

A chunk's text is part of its source's, so that it is sent once, and its sentences go as numbers: sending
objects took four times as long.
"""

from __future__ import annotations

import io
import pickle
import struct
from dataclasses import replace
from typing import cast

from index.storage.records import FileStat, Prepared, pack_spans, unpack_spans
from index.sync.tasks import NO_RESULT, Result, Unchanged, Unreadable
from index.types import Chunk, Dated, Page, Source, Span, Table

# The classes a result is made of: nothing else is unpickled.
RESULT_CLASSES = (Unchanged, Unreadable, FileStat, Prepared, Chunk, Dated, Page, Source, Span, Table)

_Row = tuple[str, int, int, bytes, tuple[str, ...], tuple[Table, ...]]


def pack(result: Result) -> bytes:
    """The bytes of a message; of a chunk, its text is taken from the source's by its span."""
    rows: list[_Row] = []
    if isinstance(result, Prepared):
        rows = [_row(chunk) for chunk in result.chunks]
        result = replace(result, chunks=())
    return pickle.dumps((result, rows), protocol=pickle.HIGHEST_PROTOCOL)


def unpack(message: bytes) -> Result:
    """The result in a message; `Unreadable` if there is none."""
    try:
        result, rows = cast("tuple[Result, list[_Row]]", _ResultUnpickler(io.BytesIO(message)).load())
        if not isinstance(result, Prepared):
            return result
        source, text = result.source.id, result.text
        return replace(result, chunks=tuple([_chunk(row, source, text) for row in rows]))
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, struct.error):
        return Unreadable(NO_RESULT)


def _row(chunk: Chunk) -> _Row:
    span = chunk.span
    return chunk.id, span.start, span.end, pack_spans(chunk.sentences), chunk.headings, chunk.tables


def _chunk(row: _Row, source: str, text: str) -> Chunk:
    name, start, end, sentences, headings, tables = row
    span = Span(start, end)
    return Chunk(name, source, span, span.of(text), unpack_spans(sentences), headings, tables)


class _ResultUnpickler(pickle.Unpickler):
    """Takes the classes of results and nothing else: the child has been near hostile files."""

    def find_class(self, module: str, name: str) -> type:
        """The class of that name; raises UnpicklingError for one that is not in `RESULT_CLASSES`."""
        for cls in RESULT_CLASSES:
            if (cls.__module__, cls.__qualname__) == (module, name):
                return cls
        msg = f"{module}.{name} is not a result"
        raise pickle.UnpicklingError(msg)
