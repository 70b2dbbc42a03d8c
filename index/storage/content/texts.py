"""The texts of sources, of which any span can be read without the rest.

Of each text a piece is stored with each chunk, and what stands before the first with the source: see
`records.cut_text`.
"""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

from index.errors import SourceReplaced
from index.storage.database import open_database
from index.storage.records import StoredText
from index.text.lines import line_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from index.storage.database import Database
    from index.types import Sliceable

STEPS = 3  # of the schema, from which on it is so; before, the whole text was one value


def read_text(database: Database, source: int, start: int, end: int) -> StoredText | None:
    """A piece of the text of the source in row `source` that reaches at least from `start` to `end`.

    None if that source is gone.
    """
    if database.steps < STEPS:
        whole = database.row("SELECT text FROM texts WHERE source = ?", (source,))
        return None if whole is None else StoredText(0, 1, whole[0])
    pieces = database.rows(
        "SELECT start, line, text FROM chunks WHERE source = ?1 AND start < ?3 AND start >="
        " ifnull((SELECT max(start) FROM chunks WHERE source = ?1 AND start <= ?2), 0)"
        " ORDER BY start, row",
        (source, start, end),
    )
    if not pieces or pieces[0][0] > start:
        opening = database.row("SELECT opening FROM sources WHERE row = ?", (source,))
        if opening is None:
            return None
        pieces.insert(0, (0, 1, opening[0]))
    # Each as far as to the start of the next one, if chunks should overlap.
    texts = [text[: following - at] for (at, _, text), (following, *_) in pairwise(pieces)]
    first, line, _ = pieces[0]
    return StoredText(first, line, "".join([*texts, pieces[-1][2]]))


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
