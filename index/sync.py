"""The `qa index` workflow: files that changed are read, embedded and committed, in stages that overlap.

Knows the order of things and what a failure of one file, of the embedder or of the disk means for the rest.
Does not know formats, SQL or Chroma; nothing heavy is imported until a file has changed.

The stages before the commit are those of `stages.py`. They hand on through bounded queues, so memory does not
grow with the corpus. Files are committed in the order in which they are done. A source is replaced in one
transaction, a moved one together with its removal.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalog import Catalog
from index.child import attempt
from index.compare import Comparison, Place, places
from index.errors import QaError, ReadError, StorageError, UsageError
from index.events import Discovered, Event, Finished, Notice, Outcome, Stage, SyncReport
from index.home import PRIVATE
from index.lock import writer_lock
from index.prepare import Refused, Result, Same, Task, prepare
from index.readers import reader_name, supported
from index.records import FileRow, FileStat, Prepared
from index.stages import Embedded, Group, embed_groups, stages
from index.types import Source
from index.vectors_process import VectorsProcess
from index.vectors_sync import needs_rebuilding
from index.walk import DEFAULT_MAX_FILE_SIZE, Rules, is_gone
from index.workers import FUNCTION, Limits, Workers

if TYPE_CHECKING:
    from index.embed import Embedder

REPORT_EVERY = 0.1  # seconds between two events about how much there is to do
TOUCH_AT_ONCE = 1000
LOCK_SECONDS = 10.0  # how long a second writer waits for the first


@dataclass(frozen=True)
class Options:
    """What a sync takes in, and how much a file may cost. `workers` None: by the number of cores.

    Without `chroma` the vector store is left for a later sync; exact search answers until then. `reader` is
    the function that children prepare a file with, as module:name.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    chroma: bool = True
    workers: int | None = None
    limits: Limits = field(default_factory=Limits)
    reader: str = FUNCTION


def sync(
    paths: Sequence[str | os.PathLike[str]],
    *,
    folder: Path,
    embedder: Callable[[], Embedder],
    options: Options | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
) -> SyncReport:
    """Make the index in `folder` say what the files and folders at `paths` say, and report every file.

    What was indexed elsewhere is left alone. `embedder` is called when the first text has to be embedded.
    `on_event` is called in the caller's thread. On an error, or ^C, what was committed stays and the rest is
    as before: running it again goes on from there. Raises IndexLocked, IndexMismatch, StorageError (with how
    much was committed) and what `Catalog.open` and `embedder` raise.
    """
    started = time.monotonic()
    options = options or Options()
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    with (
        writer_lock(folder, LOCK_SECONDS),
        Catalog.open(folder, create=True) as catalog,
        ExitStack() as stack,
    ):
        wanted = places(paths, catalog.roots())
        comparison = _comparison(catalog, wanted, options)
        vectors = stack.enter_context(VectorsProcess(catalog.folder)) if options.chroma else None
        writer = _Writer(catalog, on_event, vectors, comparison)
        try:
            workers = Workers(options.workers, limits=options.limits, function=options.reader)
            for value in stages(stack, comparison, wanted, embedder, workers):
                writer.take(value)
            writer.finish(comparison.gone())
        except QaError as error:
            raise writer.explained(error) from error.__cause__
        for place in wanted:
            if place.folder and place.root == place.start:
                catalog.add_root(place.root)
        return writer.report(time.monotonic() - started)


def sync_text(
    data: bytes,
    name: str,
    *,
    folder: Path,
    embedder: Callable[[], Embedder],
    chroma: bool = True,
    on_event: Callable[[Event], None] = lambda _event: None,
) -> SyncReport:
    """Index bytes that are no file (standard input) as the source `name`, whose suffix decides the reader.

    A text indexed before under the same name is replaced. Raises UsageError if the name is that of a file,
    and as `sync` does.
    """
    started = time.monotonic()
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    with (
        writer_lock(folder, LOCK_SECONDS),
        Catalog.open(folder, create=True) as catalog,
        VectorsProcess(catalog.folder) as vectors,
    ):
        old = catalog.source(name)
        if old is not None and old.location is not None:
            raise UsageError(f"{name} is the name of an indexed file", "choose another one with --name")
        identity = hashlib.sha256(f"-\0{name}".encode()).hexdigest()[:16]  # no path holds a NUL
        task = Task("-", None, name, identity, FileStat(len(data), 0), updates=old is not None)
        comparison = _comparison(catalog, [], Options())
        comparison.tally.to_read = 1
        comparison.tally.complete = True
        writer = _Writer(catalog, on_event, vectors if chroma else None, comparison)
        result = _prepared_text(data, task, old)
        stage = iter([(task, result)])
        with closing(embed_groups(stage, folder, embedder, threading.Event())) as embedded:
            for value in embedded:
                writer.take(value)
        writer.finish([])
        return writer.report(time.monotonic() - started)


def _prepared_text(data: bytes, task: Task, old: Source | None) -> Result:
    sha256 = hashlib.sha256(data).hexdigest()
    if old is not None and (old.sha256, old.reader) == (sha256, reader_name(task.name)):
        return Same(sha256, task.stat)

    def read(task: Task) -> Result:
        try:
            return prepare(data, task, sha256=sha256)
        except ReadError as error:
            return Refused(error.cause)

    return attempt(read, task)


def _comparison(catalog: Catalog, wanted: Sequence[Place], options: Options) -> Comparison:
    """The catalog's rows below the wanted places, and the rules of the walk."""
    rows = {row.location: row for place in wanted for row in catalog.files(place.start)}
    rules = Rules(options.include, options.exclude, str(catalog.folder), supported)
    return Comparison(rows, folder=catalog.folder, rules=rules, limit=options.max_file_size)


class _Writer:
    """The last stage, in the caller's thread: commits, counts and tells."""

    def __init__(
        self,
        catalog: Catalog,
        on_event: Callable[[Event], None],
        vectors: VectorsProcess | None,
        comparison: Comparison,
    ) -> None:
        self._catalog = catalog
        self._tell = on_event
        self._vectors = vectors
        self._tally = comparison.tally
        self._rows = comparison.rows  # the indexed files that were not met yet: one of them may have moved
        self._due = 0.0
        self._touched: dict[str, FileStat] = {}
        self._left: list[str] = []
        self._counts: Counter[Outcome] = Counter()
        self._named: dict[Outcome, list[tuple[str, str]]] = {"skipped": [], "failed": []}
        self._notes: list[tuple[str, str]] = []
        self._chunks = 0
        self._warning: str | None = None

    def take(self, value: Embedded) -> None:
        """What came out of the last stage: a group is committed, everything else noted."""
        if time.monotonic() > self._due:
            self._due = time.monotonic() + REPORT_EVERY
            self._tell_how_much()
        if isinstance(value, Group):
            self._commit(value) if value.error is None else self._failed(value, value.error)
        elif isinstance(value, Notice):
            self._finished(Finished(value.name, value.outcome, value.reason))
        else:
            self._not_prepared(*value)

    def finish(self, gone: Sequence[FileRow]) -> None:
        """After the last file: remove those that are gone, and bring Chroma up to date."""
        self._tell_how_much()
        if self._touched:
            self._catalog.touch(self._touched)
        gone = [row for row in gone if row.source_id not in self._left]
        self._catalog.remove([row.source_id for row in gone])
        for row in gone:
            self._finished(Finished(row.name, "removed"))
        self._update_vectors()

    def _tell_how_much(self) -> None:
        tally = self._tally
        files = tally.to_read + tally.named
        self._tell(Discovered(files, tally.size, tally.unchanged, tally.complete))

    def _update_vectors(self) -> None:
        if self._vectors is None:
            return
        behind = self._catalog.chroma_state().pending or needs_rebuilding(self._catalog)
        if behind or self._vectors.started:
            self._tell(Stage("vectors"))
            self._vectors.wake()
            error = self._vectors.finish()
            self._warning = None if error is None else f"{error.cause}; {error.hint}"

    def explained(self, error: QaError) -> QaError:
        """The error that ended it, and how far it came."""
        if not isinstance(error, StorageError):
            return error
        done = sum(self._counts[outcome] for outcome in ("added", "updated", "moved"))
        return type(error)(f"{error.cause} (committed {done} of {self._tally.to_read} files)", error.hint)

    def report(self, seconds: float) -> SyncReport:
        """What was done."""
        tally = self._tally
        return SyncReport(
            added=self._counts["added"],
            updated=self._counts["updated"],
            unchanged=self._counts["unchanged"] + tally.unchanged,
            removed=self._counts["removed"],
            moved=self._counts["moved"],
            ignored=tuple(sorted(tally.ignored.items())),
            hidden=tally.hidden,
            excluded=tally.excluded,
            skipped=tuple(self._named["skipped"]),
            failed=tuple(self._named["failed"]),
            notes=tuple(self._notes),
            warning=self._warning,
            chunks=self._chunks,
            seconds=seconds,
            generation=self._catalog.generation(),
        )

    def _commit(self, group: Group) -> None:
        """One transaction: the sources, and the old places of those that only moved."""
        told: list[Finished] = []
        remove: list[str] = []
        for task, one in group.sources:
            outcome: Outcome = "updated" if task.updates else "added"
            reason = ""
            old = self._moved_from(one) if outcome == "added" else None
            if old is not None:
                self._left.append(old.source_id)
                remove.append(old.source_id)
                outcome, reason = "moved", f"from {old.name}"
            told.append(
                Finished(one.source.name, outcome, reason, task.stat.size, len(one.chunks), one.source.notes)
            )
        self._catalog.replace([one for _, one in group.sources], group.vectors, remove=remove)
        if self._vectors is not None:
            self._vectors.wake()
        for finished in told:
            self._chunks += finished.chunks
            self._finished(finished)

    def _moved_from(self, one: Prepared) -> FileRow | None:
        """Where the same bytes were indexed, if the file is not there any more."""
        for row in self._catalog.files_with(one.source.sha256):
            if row.location in self._rows and row.source_id not in self._left and is_gone(row.location):
                return row
        return None

    def _not_prepared(self, task: Task, result: Result) -> None:
        """The file's bytes are the same, or it could not be read: then what was indexed of it stays."""
        if isinstance(result, Same):
            if task.location is None:
                self._finished(Finished(task.name, "unchanged", size=task.stat.size))
                return
            self._touched[task.source_id] = result.stat
            if len(self._touched) >= TOUCH_AT_ONCE:
                self._catalog.touch(self._touched)
                self._touched = {}
            self._finished(Finished(task.name, "unchanged", size=task.stat.size))
        elif isinstance(result, Refused):
            outcome: Outcome = "skipped" if result.empty or result.gone else "failed"
            if task.updates and outcome == "skipped":
                self._catalog.remove([task.source_id])
                outcome = "removed"
            reason = result.reason
            if task.updates and outcome == "failed":
                reason += "; what was indexed of it before still answers"
            self._finished(Finished(task.name, outcome, reason, task.stat.size))

    def _failed(self, group: Group, error: QaError) -> None:
        for task, one in group.sources:
            self._finished(
                Finished(one.source.name, "failed", f"not embedded: {error.cause}", task.stat.size)
            )

    def _finished(self, finished: Finished) -> None:
        self._counts[finished.outcome] += 1
        if finished.outcome in self._named:
            self._named[finished.outcome].append((finished.name, finished.reason))
        self._notes += [(finished.name, note) for note in finished.notes]
        self._tell(finished)
