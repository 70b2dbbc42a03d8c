# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
"""The texts of sources, of which any span can be read without the rest.

Of each text a piece is stored with each chunk, and what stands before the first with the source: see
`records.cut_text`.
"""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

from index.errors import SourceReplaced
from index.storage.content.rows import (
    CHUNK_COLUMNS,
    CHUNK_LINE,
    CHUNK_START,
    CHUNK_TEXT,
    SOURCE_COLUMNS,
    SOURCE_OPENING,
    columns_in,
    compare,
    damaged_source,
)
from index.storage.database import open_database
from index.storage.opening.errors import decoding
from index.storage.records import StoredText
from index.storage.schema import TEXT_ONCE_STEPS
from index.text.lines import line_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from index.storage.database import Database
    from index.types import Sliceable


def read_text(database: Database, source: int, start: int, end: int) -> StoredText | None:
    """A piece of the text of the source in row `source` that reaches at least from `start` to `end`.

    `end` is at most the length of the text. None if that source is gone. Raises IndexDamaged if a part of it
    is not what was stored.
    """
    if database.steps < TEXT_ONCE_STEPS:
        whole = database.row("SELECT text FROM texts WHERE source = ?", (source,), of=(str,))
        return None if whole is None else StoredText(0, 1, whole[0])
    stored = database.checked_rows(
        f"SELECT {columns_in(database, CHUNK_COLUMNS)} FROM chunks JOIN sources ON sources.row = source"
        " WHERE source = ?1 AND start < ?3 AND start >="
        " ifnull((SELECT max(start) FROM chunks WHERE source = ?1 AND start <= ?2), 0)"
        " ORDER BY start, chunks.row",
        (source, start, end),
    )
    for row in stored:
        compare(database, row)
    pieces = [(row[CHUNK_START], row[CHUNK_LINE], row[CHUNK_TEXT]) for row in stored]
    if not pieces or pieces[0][0] > start:
        columns = columns_in(database, SOURCE_COLUMNS)
        found = database.checked_rows(f"SELECT {columns} FROM sources WHERE row = ?", (source,))
        if not found:
            return None
        compare(database, found[0])
        pieces.insert(0, (0, 1, found[0][SOURCE_OPENING]))
    with decoding(database.path):
        first, line, _ = pieces[0]
        # Each as far as to the start of the next one, if chunks should overlap.
        before = "".join(text[: following - at] for (at, _, text), (following, *_) in pairwise(pieces))
        last, _, text = pieces[-1]
        if len(before) < last - first or last + len(text) < end:  # a piece between them is missing, or behind
            raise damaged_source(database, source)
        return StoredText(first, line, before + text)


def read_again(path: Path, source: int, start: int, end: int) -> StoredText:
    """The same from the file at `path`, for whoever has no connection to it at hand, in any thread.

    A row of a source is never used again, so that this is the text it had, or none. Raises SourceReplaced.
    """
    with closing(open_database(path)) as database:
        text = read_text(database, source, start, end)
    if text is None:
        raise SourceReplaced("a source was replaced while it was being read", "ask again")
    return text


def line_in(text: Sliceable, offset: int) -> int:
    """The 1-based line of an offset, which a text that was read in pieces knows without the rest."""
    return text.line_at(offset) if isinstance(text, SourceText) else line_at(text[:], offset)


class SourceText:
    """The text of a source as it was at one moment, sliced like a string: `text[12:40]`.

    What is not among the `pieces` that were read so far is read when it is asked for, by `read`, which is
    given a start and an end.
    """

    def __init__(
        self, length: int, pieces: Iterable[StoredText], read: Callable[[int, int], StoredText]
    ) -> None:
        self._length = length
        self._pieces = list(pieces)
        self._read = read

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> str:
        start, end, _ = part.indices(self._length)
        if end <= start:
            return ""
        piece = self._piece(start, end)
        return piece.text[start - piece.start : end - piece.start]

    def line_at(self, offset: int) -> int:
        """The 1-based line that the character at `offset` stands on, as `index.text.lines.line_at` has it."""
        piece = self._piece(offset, min(offset + 1, self._length))
        return piece.line + line_at(piece.text, offset - piece.start) - 1

    def _piece(self, start: int, end: int) -> StoredText:
        for piece in self._pieces:
            if piece.start <= start and end <= piece.end:
                return piece
        self._pieces.append(self._read(start, end))
        return self._pieces[-1]
