"""`qa doctor --repair`: an index made whole again, as far as its files and its documents allow.

What is damaged is first made harmless, in the catalog and under the writer lock, and then read again as any
changed file is. Each step stays when the next one is cut short, and a second repair goes on from there.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexDamaged, IndexTooNew, QaError
from index.health.chroma import chroma_fault
from index.health.files import Reads, files_now
from index.health.findings import counted
from index.health.folder import leftovers
from index.health.full_text import full_text_fault
from index.health.repair.mend import drop_orphans, embed_again, empty_damaged, wanting_vectors, write_words
from index.health.repair.salvage import READY, put_aside, remove_database, salvage
from index.health.repair.unsound import UnsoundFile
from index.health.structure import sqlites_words, structure_faults
from index.storage.catalog import FILE_NAME, Catalog
from index.storage.database import open_database
from index.storage.lock import writer_lock
from index.sync.events import Event, Finished
from index.sync.files import is_gone
from index.sync.scan.names import current_names
from index.sync.sync import LOCK_SECONDS, Options, sync
from index.vectors.mirror import discard, forget_removed, needs_rebuilding

if TYPE_CHECKING:
    from index.embedding.embedder import Embedder
    from index.health.findings import Progress
    from index.storage.database import Database
    from index.storage.records import FileRow


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did in a line, and the sources it is about; `lost` if that is what cannot be had."""

    text: str
    names: tuple[str, ...] = ()
    lost: bool = False


def repair(
    folder: Path, *, embedder: Callable[[], Embedder], reads: Reads, report: Progress
) -> Iterator[Repair]:
    """Mend what is wrong with the index in `folder`, and say each thing that was done when it was.

    Nothing happens where nothing is wrong. `embedder` is called if a vector has to be made. Raises NoIndex,
    IndexLocked, IndexTooNew, StorageError, and IndexDamaged where nothing can be read any more.
    """
    lost = False  # whether there may be files that the catalog does not name any more
    with writer_lock(folder, LOCK_SECONDS):
        yield from _tidy(folder)
        done = [*_sound(folder, report)]
        yield from done
        lost = bool(done)
        try:
            for one in _mended(folder, embedder, report):
                yield one
                lost = lost or one.lost
        except IndexDamaged as error:  # where no check had looked
            if done:
                raise
            yield from _salvaged(folder, sqlites_words(error), report)
            yield from _mended(folder, embedder, report)
            lost = True
    yield from _read_again(folder, embedder, reads, report, also_new=lost)


def _tidy(folder: Path) -> Iterator[Repair]:
    left = [path for path in leftovers(folder) if path.name != READY]
    for path in left:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    if left:
        yield Repair(f"removed {counted(len(left), 'file')} of killed processes", tuple(p.name for p in left))


def _sound(folder: Path, report: Progress) -> Iterator[Repair]:
    """The catalog's file made one that SQLite finds no fault with."""
    path = folder / FILE_NAME
    try:
        with closing(open_database(path)) as db:
            faults = structure_faults(db)
            if faults and all("index" in fault for fault in faults):
                with suppress(sqlite3.IntegrityError):  # two rows that are one: no index can be made
                    db.run("REINDEX")
                faults, before = structure_faults(db), faults
                if not faults:
                    yield Repair(f"made the indexes of the catalog anew ({before[0]})")
            _ = Catalog(folder, db).manifest  # raises IndexDamaged where it is not what was noted
    except (IndexDamaged, IndexTooNew) as error:
        faults = [sqlites_words(error)]
        # Another program's file, or that of a later version, unless all else is as in one of ours.
        if "index" in error.options or isinstance(error, IndexTooNew):
            with closing(UnsoundFile(path)) as unsound:
                if not unsound.says_nonsense():
                    raise
            faults = ["it does not say what it is"]
    if faults:
        yield from _salvaged(folder, faults[0], report)
    else:
        remove_database(folder / READY)


def _salvaged(folder: Path, why: str, report: Progress) -> Iterator[Repair]:
    try:
        done = salvage(folder, report)
    except IndexDamaged:
        aside = put_aside(folder / FILE_NAME)
        yield Repair(f"nothing can be read of the catalog ({why}), which is kept as {aside}", lost=True)
        return
    text = f"the catalog was damaged ({why}): {counted(done.sources, 'source')} moved into a new one"
    yield Repair(f"{text}; the damaged one is kept as {done.aside}")


def _mended(folder: Path, embedder: Callable[[], Embedder], report: Progress) -> Iterator[Repair]:
    """What is derived, made anew where it is wrong."""
    with closing(open_database(folder / FILE_NAME)) as db:
        catalog = Catalog(folder.resolve(), db)
        orphans = drop_orphans(db)
        damaged = empty_damaged(db, str(catalog.folder.parent), report)
        if orphans or damaged or full_text_fault(db, report):
            write_words(db, report)
            yield Repair("wrote the full-text index anew")
        if damaged:  # a damaged name could have another reader read the file
            catalog.rename({key: new for key, _, new in current_names(catalog)})
        unnamed = sum(source.name is None for source in damaged)
        if orphans or unnamed:
            what = [(unnamed, "source"), (orphans, "chunk")]
            said = " and ".join(counted(number, name) for number, name in what if number)
            yield Repair(f"removed {said} of which it is not known where they are from", lost=True)
        yield from _embedded(catalog, db, embedder, report)
        if catalog.chroma.state().mark != "absent" and (needs_rebuilding(catalog) or chroma_fault(catalog)):
            discard(catalog)
            yield Repair("discarded the Chroma collection, which is written anew in the background")


def _embedded(
    catalog: Catalog, db: Database, embedder: Callable[[], Embedder], report: Progress
) -> Iterator[Repair]:
    wanting = wanting_vectors(db, report)
    if not wanting:
        return
    try:
        made = embed_again(catalog, db, wanting, embedder, report)
    except IndexDamaged:
        raise
    except QaError as error:
        many = counted(len(wanting), "chunk")
        yield Repair(f"no new vectors for {many}, found by their words only: {error.cause}", lost=True)
        return
    if made:
        yield Repair(f"made {counted(made, 'vector')} anew")


def _read_again(
    folder: Path,
    embedder: Callable[[], Embedder],
    reads: Reads,
    report: Progress,
    *,
    also_new: bool,
) -> Iterator[Repair]:
    """The files of emptied sources read as any file is, with others that a damaged catalog did not name."""
    with Catalog.open(folder) as catalog:
        emptied = [row for row in catalog.files() if not row.sha256]
        new = files_now(catalog, reads, report).new if also_new else ()
    there = [row for row in emptied if Path(row.location).is_file()]
    if there or new:
        options = Options(reads.include, reads.exclude, reads.max_file_size, reading=reads.reading)
        read = count(1)

        def on_event(event: Event) -> None:
            if isinstance(event, Finished):
                report("files read", next(read), len(there) + len(new))

        places = [*(row.location for row in there), *new]
        done = sync(places, folder=folder, embedder=embedder, options=options, on_event=on_event)
        failed = {name for name, _ in done.failed}
        again = tuple(row.name for row in there if row.name not in failed)
        if again:
            yield Repair(f"read {counted(len(again), 'damaged source')} again", again)
        if done.added:
            yield Repair(f"read {counted(done.added, 'file')} that the damaged catalog did not give back")
        for name, reason in done.failed:
            yield Repair(f"{name} cannot be read again: {reason}", (name,), lost=True)
    yield from _given_up(folder, [row for row in emptied if row not in there])


def _given_up(folder: Path, emptied: Sequence[FileRow]) -> Iterator[Repair]:
    """Emptied sources without a file: removed and named, unless the file may come back with its folder."""
    gone = [row for row in emptied if is_gone(row.location) and Path(row.location).parent.is_dir()]
    with writer_lock(folder, LOCK_SECONDS), Catalog.open(folder) as catalog:
        texts = [source for source in catalog.sources() if source.location is None and not source.sha256]
        if gone or texts:
            catalog.remove([*(row.source_id for row in gone), *(source.id for source in texts)])
        if catalog.needs_purging():
            forget_removed(catalog)
            catalog.purge()
    for row in gone:
        text = f"removed {row.name}: damaged, and its file is gone ({row.location})"
        yield Repair(text, (row.name,), lost=True)
    for source in texts:
        yield Repair(f"removed {source.name}: damaged, and it came from no file", (source.name,), lost=True)
    for row in emptied:
        if row not in gone:
            text = f"{row.name} is damaged, and there is no such file now: {row.location}"
            yield Repair(f"{text}: bring it back, and repair again", (row.name,), lost=True)
