"""Results on their way from a child to us: packed small, and unpacked with care.

A chunk's text is part of its source's, so that it is sent once, and its sentences go as numbers: sending
objects took four times as long. The text follows behind as it is: of a large one, fewer copies are made.
"""

from __future__ import annotations

import io
import pickle
import struct
from collections import deque
from dataclasses import replace
from typing import cast

from index.concurrency.processes import HEADER
from index.storage.records import ChunkRow, FileStat, PackedChunks, Prepared, chunk_row
from index.sync.tasks import NO_RESULT, Result, Unchanged, Unreadable
from index.types import Chunk, Dated, Page, Source, Span, Table

# The classes a result is made of: nothing else is unpickled.
RESULT_CLASSES = (Unchanged, Unreadable, FileStat, Prepared, Chunk, Dated, Page, Source, Span, Table)


def pack(result: Result) -> tuple[bytes, ...]:
    """The pieces of a message: how long the next one is, all but the text, and the text."""
    rows: list[ChunkRow] = []
    text = b""
    if isinstance(result, Prepared):
        chunks = result.chunks
        rows = chunks.rows if isinstance(chunks, PackedChunks) else list(map(chunk_row, chunks))
        text = result.text.encode()
        result = replace(result, chunks=(), text="")
    head = pickle.dumps((result, rows), protocol=pickle.HIGHEST_PROTOCOL)
    return len(head).to_bytes(HEADER, "big"), head, text


def unpack(message: bytes) -> Result:
    """The result in a message; `Unreadable` if there is none."""
    end = HEADER + int.from_bytes(message[:HEADER], "big")
    try:
        result, rows = cast(
            "tuple[Result, list[ChunkRow]]", _ResultUnpickler(io.BytesIO(message[HEADER:end])).load()
        )
        if not isinstance(result, Prepared):
            return result
        text = str(memoryview(message)[end:], "utf-8")
        chunks = PackedChunks(result.source.id, text, rows)
        deque(chunks, maxlen=0)  # each is made once: a row that gives none is found here
        return replace(result, chunks=chunks, text=text)
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, struct.error):
        return Unreadable(NO_RESULT)


class _ResultUnpickler(pickle.Unpickler):
    """Takes the classes of results and nothing else: the child has been near hostile files."""

    def find_class(self, module: str, name: str) -> type:
        """The class of that name; raises UnpicklingError for one that is not in `RESULT_CLASSES`."""
        for cls in RESULT_CLASSES:
            if (cls.__module__, cls.__qualname__) == (module, name):
                return cls
        msg = f"{module}.{name} is not a result"
        raise pickle.UnpicklingError(msg)
