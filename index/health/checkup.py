"""All checks of an index, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexDamaged, UnusableIndex
from index.health.chroma import check_chroma
from index.health.files import Reads, check_files
from index.health.findings import CheckFinding
from index.health.folder import (
    check_disk,
    check_file_system,
    check_leftovers,
    check_lock,
    check_permissions,
)
from index.health.full_text import check_full_text
from index.health.sources import check_sources
from index.health.structure import ADVICE, CHECK, check_structure, sqlites_words
from index.health.vectors import check_vectors
from index.storage.catalog import FILE_NAME, Catalog
from index.storage.database import open_database

if TYPE_CHECKING:
    from index.health.findings import Progress


def check_folder(folder: Path) -> Iterator[CheckFinding]:
    """What is to be said of the folder itself, whether or not there is a catalog in it that can be opened."""
    yield check_permissions(folder)
    yield check_disk(folder)
    yield check_file_system(folder)
    yield check_lock(folder)
    yield check_leftovers(folder)


def check_content(
    folder: Path, reads: Reads, report: Progress, *, chroma: bool, started: bool = False
) -> Iterator[CheckFinding]:
    """What is to be said of the catalog, what is derived from it, and the files that it was made of.

    `chroma` says whether the collection is wanted, `started` whether a process was just started to write it.
    Raises UnusableIndex if the catalog cannot be opened. Nothing is changed, but for an older format, which
    is converted.
    """
    folder = folder.resolve()
    with closing(open_database(folder / FILE_NAME)) as db:
        catalog = Catalog(folder, db)
        base = str(folder.parent)
        within: list[tuple[str, Callable[[], CheckFinding]]] = [
            (CHECK, lambda: check_structure(db, report)),
            ("sources", lambda: check_sources(db, base, report)),
            ("full text", lambda: check_full_text(db, report)),
            ("vectors", lambda: check_vectors(db, report)),
        ]
        for check, look in within:
            with db.reading():  # one state, whoever commits meanwhile
                found = _finding(check, look)
            yield found
        yield _finding("chroma", lambda: check_chroma(catalog, report, wanted=chroma, started=started))
        yield _finding("files", lambda: check_files(catalog, reads, report))


def _finding(check: str, look: Callable[[], CheckFinding]) -> CheckFinding:
    try:
        return look()
    except IndexDamaged as error:
        text = f"it cannot be read: {sqlites_words(error)}"
        return CheckFinding(check, "wrong", text, "what can be read is kept", repair=True)


def unusable(error: UnusableIndex) -> CheckFinding:
    """What is to be said of a catalog that cannot be opened."""
    mends = isinstance(error, IndexDamaged) and "index" not in error.options
    advice = ADVICE if mends else error.hint
    return CheckFinding(CHECK, "wrong", error.cause, advice, repair=mends)
