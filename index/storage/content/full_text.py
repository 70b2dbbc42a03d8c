# ruff: noqa: S608 - what is put into a statement is a constant of this package; values are always parameters
"""The full-text index: what is entered for a chunk, and how that is taken out again.

The index keeps no text of its own, so that what a chunk said must be told again to be taken out. It is
calculated anew from the chunk, and its hash compared with that of what was entered: another version of the
program, or of Python's tables of Unicode, might see other words. Then the whole index is written anew.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.errors import IndexDamaged
from index.storage.content.rows import CHUNK_COLUMNS, LISTED, decoded_chunk
from index.storage.records import WORDS, Words
from index.text.chunks import names_above
from index.text.rows import searched_text
from index.text.terms import fts_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.storage.database import Database
    from index.types import Chunk

AT_ONCE = 1000  # chunks


def words_of(chunk: Chunk, title: str, name: str) -> Words:
    """What is entered for a chunk of a source whose `title` and `name` are already as `fts_text` has them."""
    return Words(fts_text(searched_text(chunk)), fts_text("\n".join(names_above(chunk))), title, name)


def enter(database: Database, chunks: Iterable[tuple[int, Words]]) -> None:
    """Enter chunks by their rows."""
    database.run_many(
        f"INSERT INTO chunks_fts (rowid, {WORDS}) VALUES (?, ?, ?, ?, ?)",
        ((row, *words) for row, words in chunks),
    )


def take_out(database: Database, rows: Sequence[int]) -> bool:
    """Take out the chunks in these rows, which are still stored; False if the index must be written anew."""
    for at in range(0, len(rows), AT_ONCE):
        wanted = rows[at : at + AT_ONCE]
        page = _readable(database, wanted)
        if len(page) < len(wanted) or any(words.hash() != entered for _, words, entered in page):
            return False
        database.run_many(
            f"INSERT INTO chunks_fts (chunks_fts, rowid, {WORDS}) VALUES ('delete', ?, ?, ?, ?, ?)",
            ((row, *words) for row, words, _ in page),
        )
    return True


def enter_again(database: Database, rows: Sequence[int]) -> None:
    """Enter the chunks in these rows, which are not in the index, as they are stored now.

    One that is damaged beyond reading is left out: whoever mends it removes its source or indexes it again.
    """
    for at in range(0, len(rows), AT_ONCE):
        page = _readable(database, rows[at : at + AT_ONCE])
        enter(database, ((row, words) for row, words, _ in page))
        database.run_many(
            "UPDATE chunks SET words = ? WHERE row = ?", ((words.hash(), row) for row, words, _ in page)
        )


def write_anew(database: Database) -> None:
    """Forget the full-text index and enter all chunks that are stored."""
    database.run("INSERT INTO chunks_fts (chunks_fts) VALUES ('delete-all')")
    enter_again(database, [row for (row,) in database.rows("SELECT row FROM chunks ORDER BY row")])


def _readable(database: Database, rows: Sequence[int]) -> list[tuple[int, Words, bytes]]:
    """Those of the chunks in these rows that can be read."""
    try:
        return _page(database, rows)
    except IndexDamaged:
        if len(rows) == 1:
            return []
        half = len(rows) // 2
        return [*_readable(database, rows[:half]), *_readable(database, rows[half:])]


def _page(database: Database, rows: Sequence[int]) -> list[tuple[int, Words, bytes]]:
    """The chunks in these rows: row, what would be entered for it now, and the hash of what was."""
    stored = database.rows(
        f"SELECT chunks.row, sources.title, sources.name, chunks.words, {CHUNK_COLUMNS} FROM chunks"
        f" JOIN sources ON sources.row = chunks.source WHERE chunks.row IN {LISTED}",
        (json.dumps(rows),),
        of=(int, str | None, str, bytes),
    )
    folded: dict[str, str] = {}
    for _, title, name, *_rest in stored:
        for text in (title or "", name):
            folded[text] = folded.get(text) or fts_text(text)
    return [
        (row, words_of(decoded_chunk(database, tuple(chunk)), folded[title or ""], folded[name]), entered)
        for row, title, name, entered, *chunk in stored
    ]
