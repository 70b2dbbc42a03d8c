"""The catalog's file as SQLite sees it: pages, indexes, and rows that point at others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import IndexDamaged, QaError
from index.health.findings import CheckFinding, Progress, counted

if TYPE_CHECKING:
    from index.storage.database import Database

CHECK = "catalog"
ADVICE = "what is broken is made anew, and what can be read is kept"
MOST = 20  # faults that SQLite is asked for


def check_structure(db: Database, report: Progress) -> CheckFinding:
    """What SQLite's own checks say of the file."""
    report("pages of the catalog", 0, None)
    faults = structure_faults(db)
    if faults:
        return CheckFinding(
            CHECK,
            "wrong",
            f"SQLite finds {counted(len(faults), 'fault')} in the file: {faults[0]}",
            ADVICE,
            tuple(faults),
            repair=True,
        )
    orphans = [f"{table} {row}" for table, row, *_ in db.rows("PRAGMA foreign_key_check")[:MOST]]
    if orphans:
        return CheckFinding(
            CHECK,
            "wrong",
            f"{counted(len(orphans), 'row')} with nothing that they belong to",
            "removed, or made anew",
            tuple(orphans),
            repair=True,
        )
    return CheckFinding(CHECK, "ok", f"SQLite finds no fault in {size_of(db)}")


def structure_faults(db: Database) -> list[str]:
    """What SQLite finds wrong with pages, indexes and tables, in its words; at most so many."""
    try:
        rows = db.rows(f"PRAGMA integrity_check({MOST})")
    except IndexDamaged as error:
        return [sqlites_words(error)]
    said = [line for (text,) in rows for line in str(text).splitlines()]
    return [line for line in said if line != "ok" and not line.startswith("*** in database")]


def sqlites_words(error: QaError) -> str:
    """What SQLite said, where the damage was found by it; but no word of what is stored."""
    said = str(error.__cause__ or error.cause)
    return "it holds what is no text" if "decode" in said else said


def size_of(db: Database) -> str:
    """The size of the file, as a person reads it."""
    page, pages = (db.required_row(f"PRAGMA {name}")[0] for name in ("page_size", "page_count"))
    return megabytes(page * pages)


def megabytes(size: int) -> str:
    """`1,278.8 MB`, `0.2 MB`."""
    return f"{size / 1e6:,.1f} MB"
