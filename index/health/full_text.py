# ruff: noqa: S608 - what is put into a statement is a constant of this package
"""The full-text index held against the chunks: which of them it knows, and whether its sums are right.

FTS5 keeps the lengths of a chunk's columns apart from the places of their words. Words of a column stand at
the places from 0 on, so that how many words there are, and the sums over their chunks and places, follow from
the lengths: a bit that changed among the places shows in one of the sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import IndexDamaged
from index.health.findings import CheckFinding, Progress, counted
from index.health.structure import sqlites_words
from index.storage.content.matching import column_lengths

if TYPE_CHECKING:
    from index.storage.database import Database

CHECK = "full text"
# Words by their first byte, in about equal shares, so that nothing is read for long at a time.
PARTS = ("", *"013579abcdefghijklmnoprstuvw", "{")


def check_full_text(db: Database, report: Progress) -> CheckFinding:
    """Whether every chunk is in the full-text index, and what it says of its words adds up."""
    why = full_text_fault(db, report)
    if why:
        return CheckFinding(CHECK, "wrong", why, "written anew from the chunks", repair=True)
    chunks = db.required_row("SELECT count(*) FROM chunks_fts_docsize")[0]
    return CheckFinding(CHECK, "ok", f"{counted(chunks, 'chunk')}, as in the catalog")


def full_text_fault(db: Database, report: Progress) -> str:
    """What is wrong with the full-text index, "" if nothing is."""
    try:
        unknown, gone = db.required_row(
            "SELECT (SELECT count(*) FROM chunks WHERE row NOT IN (SELECT id FROM chunks_fts_docsize)),"
            " (SELECT count(*) FROM chunks_fts_docsize WHERE id NOT IN (SELECT row FROM chunks))"
        )
        if unknown or gone:
            many = [(unknown, "missing"), (gone, "no longer in the catalog")]
            return ", ".join(f"{counted(number, 'chunk')} {what}" for number, what in many if number)
        if _sums_told(db) != _sums_found(db, report):
            return "what it says of its words does not add up"
    except IndexDamaged as error:
        return f"it cannot be read: {sqlites_words(error)}"
    return ""


def _sums_told(db: Database) -> tuple[int, ...]:
    """What the sums over all words must be, by the lengths of the chunks."""
    import numpy as np

    rows, lengths = column_lengths(db)
    places = (lengths * (lengths - 1) // 2).sum(axis=1)
    words = lengths.sum(axis=1)
    sums = (words, rows * words, places, rows * places)
    return tuple(int(np.sum(numbers, dtype=np.int64)) for numbers in sums)


def _sums_found(db: Database, report: Progress) -> tuple[int, ...]:
    """The sums over all words as they stand in the index."""
    found = (0, 0, 0, 0)
    for number, first in enumerate(PARTS):
        report("words", number, len(PARTS))
        bounds = (first, PARTS[number + 1]) if number + 1 < len(PARTS) else (first,)
        sums = db.required_row(
            "SELECT count(*), ifnull(sum(doc), 0), ifnull(sum(offset), 0), ifnull(sum(doc * offset), 0)"
            f" FROM occurrences WHERE term >= ?{' AND term < ?' if len(bounds) > 1 else ''}",
            bounds,
        )
        found = (found[0] + sums[0], found[1] + sums[1], found[2] + sums[2], found[3] + sums[3])
    return found
