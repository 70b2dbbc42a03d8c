"""The `qa index` workflow: changed files are read, embedded and committed, in stages that overlap.

The stages before the commit are those of `pipeline.py`. They hand on texts and vectors in bounded queues, so
that a larger corpus takes no more memory but for a row for each indexed file and the name of each new one.
Files are committed in the order in which they are done. A source is replaced in one transaction, a moved one
together with its removal. Nothing heavy is imported until a file has changed.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import QaError, UsageError
from index.readers.formats import DEFAULT_READING, ReadingOptions, is_up_to_date, supported
from index.storage.catalog import Catalog
from index.storage.location import make_folder
from index.storage.lock import writer_lock
from index.storage.records import FileStat
from index.sync.commit import Committer
from index.sync.events import Event, SyncReport
from index.sync.files import DEFAULT_MAX_FILE_SIZE
from index.sync.pipeline import embed_groups, prepared, stages
from index.sync.scan.compare import Scan
from index.sync.scan.missing import is_strange
from index.sync.scan.places import Target, places
from index.sync.scan.walk import Rules
from index.sync.tasks import Task
from index.sync.workers.pool import PREPARE, Workers
from index.vectors.writer_process import status

if TYPE_CHECKING:
    from index.embedding.embedder import Embedder

LOCK_SECONDS = 10.0  # how long a second writer waits for the first


@dataclass(frozen=True)
class Options:
    """What a sync takes in, and how much a file may cost. `workers` None: by the number of cores.

    `reader` is the function that children prepare a file with, as module:name. `remove_gone`: what is gone is
    removed even where it is most of a folder, whose disk may only not be there. `force`: what is unchanged is
    read again, too; texts that stay the same are not embedded again. `unnamed`: nobody named the paths, they
    are those that were indexed; a folder of which no known file is there is then left alone.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    workers: int | None = None
    reader: str = PREPARE
    reading: ReadingOptions = DEFAULT_READING
    remove_gone: bool = False
    force: bool = False
    unnamed: bool = False


def sync(
    paths: Sequence[str | os.PathLike[str]],
    *,
    folder: Path,
    embedder: Callable[[], Embedder],
    options: Options | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
) -> SyncReport:
    """Make the index in `folder` say what the files and folders at `paths` say, and report every file.

    Chroma is left for `index.vectors.writer_process`, and exact search answers until then. What was indexed
    elsewhere is left alone. `embedder` is called when the first text has to be embedded.
    `on_event` is called in the caller's thread. On an error, or ^C, what was committed stays and the rest is
    as before: running it again goes on from there. Raises IndexLocked, IndexMismatch, StorageError (with how
    much was committed) and what `Catalog.open` and `embedder` raise.
    """
    started = time.monotonic()
    options = options or Options()
    make_folder(folder)
    with (
        writer_lock(folder, LOCK_SECONDS),
        Catalog.open(folder, create=True) as catalog,
        ExitStack() as stack,
    ):
        scan = _scan(catalog, places(paths, catalog.roots()), options)
        wanted = scan.wanted
        roots = [place.root for place in wanted if place.folder and place.root == place.start]
        writer = Committer(catalog, on_event, scan, roots)
        try:
            workers = Workers(options.workers, function=options.reader)
            for value in stages(stack, scan, wanted, embedder, workers):
                writer.take(value)
            writer.finish(remove_gone=options.remove_gone)
        except QaError as error:
            raise writer.with_progress(error) from error.__cause__
        return writer.report(time.monotonic() - started, status(catalog))


def sync_text(
    data: bytes,
    name: str,
    *,
    folder: Path,
    embedder: Callable[[], Embedder],
    options: Options | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
) -> SyncReport:
    """Index bytes that are no file (standard input) as the source `name`, whose suffix decides the reader.

    They are read as a file of that name is, in a child process and within its limits.

    A text indexed before under the same name is replaced. Raises UsageError if the name is that of a file,
    and as `sync` does.
    """
    started = time.monotonic()
    options = options or Options()
    make_folder(folder)
    with writer_lock(folder, LOCK_SECONDS), Catalog.open(folder, create=True) as catalog:
        old = catalog.source(name)
        if old is not None and old.location is not None:
            raise UsageError(f"{name} is the name of an indexed file", "choose another one", option="name")
        identity = hashlib.sha256(f"-\0{name}".encode()).hexdigest()[:16]  # no path holds a NUL
        reading, updates = options.reading, old is not None
        known = old.sha256 if old and is_up_to_date(old.reader, name, reading) else None
        stat = FileStat(len(data), 0)
        task = Task("-", None, name, identity, stat, known=known, updates=updates, reading=reading, data=data)
        scan = _scan(catalog, [], options)
        scan.counts.to_read = 1
        scan.counts.complete = True
        writer = Committer(catalog, on_event, scan)
        with (
            Workers(1, function=options.reader) as workers,
            closing(prepared(iter([task]), workers)) as read,
            closing(embed_groups(read, folder, embedder, threading.Event())) as embedded,
        ):
            for value in embedded:
                writer.take(value)
        writer.finish()
        return writer.report(time.monotonic() - started, status(catalog))


def _scan(catalog: Catalog, wanted: Sequence[Target], options: Options) -> Scan:
    """The catalog's rows below the wanted places, and the rules of the walk."""
    rows = {row.location: row for place in wanted for row in catalog.files(place.start)}
    if options.unnamed and not options.remove_gone:
        wanted = [place for place in wanted if not (place.folder and is_strange(place.start, rows))]
    reading = options.reading
    readable = partial(supported, options=reading)
    rules = Rules(options.include, options.exclude, str(catalog.folder), readable)
    limit, force = options.max_file_size, options.force
    return Scan(rows, wanted, folder=catalog.folder, rules=rules, limit=limit, reading=reading, force=force)
