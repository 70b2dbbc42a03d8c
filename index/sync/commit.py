"""What has been read goes into the catalog: transactions, counts, progress events."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence

from index.errors import QaError, StorageError
from index.storage.catalog import Catalog
from index.storage.records import FileRow, FileStat, Prepared
from index.sync.events import Discovered, Event, Finished, Notice, Outcome, Stage, SyncReport
from index.sync.files import is_gone
from index.sync.pipeline import Embedded, SourceBatch
from index.sync.scan import Scan
from index.sync.tasks import Result, Task, Unchanged, Unreadable
from index.vectors.mirror import discard, is_behind
from index.vectors.writer_process import VectorsProcess

REPORT_EVERY = 0.1  # seconds between two events about how much there is to do
TOUCH_AT_ONCE = 1000


class _Writer:
    """The last stage, in the caller's thread: commits, counts and tells."""

    def __init__(
        self,
        catalog: Catalog,
        on_event: Callable[[Event], None],
        vectors: VectorsProcess | None,
        comparison: Scan,
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
        if isinstance(value, SourceBatch):
            self._commit(value) if value.error is None else self._failed(value, value.error)
        elif isinstance(value, Notice):
            self._finished(Finished(value.name, value.outcome, value.reason))
        else:
            self._not_prepared(*value)

    def finish(self, gone: Sequence[FileRow]) -> None:
        """After the last file: remove those that are gone, update Chroma, purge what was removed."""
        self._tell_how_much()
        if self._touched:
            self._catalog.touch(self._touched)
        gone = [row for row in gone if row.source_id not in self._left]
        self._catalog.remove([row.source_id for row in gone])
        for row in gone:
            self._finished(Finished(row.name, "removed"))
        self._update_vectors()
        self._catalog.purge()

    def _tell_how_much(self) -> None:
        tally = self._tally
        files = tally.to_read + tally.named
        self._tell(Discovered(files, tally.size, tally.unchanged, tally.complete))

    def _update_vectors(self) -> None:
        if self._vectors is None:
            if self._catalog.needs_purging():
                discard(self._catalog)  # nobody is to take the removed text out of it
            return
        if self._vectors.started or is_behind(self._catalog):
            self._tell(Stage("vectors"))
            self._vectors.wake()
            error = self._vectors.finish()
            self._warning = None if error is None else f"{error.cause}; {error.hint}"

    def explained(self, error: QaError) -> QaError:
        """The error that ended it, and how far it came."""
        if not isinstance(error, StorageError):
            return error
        done = sum(self._counts[outcome] for outcome in ("added", "updated", "moved"))
        cause = f"{error.cause} (committed {done} of {self._tally.to_read} files)"
        return type(error)(cause, error.hint, option=error.options)

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

    def _commit(self, group: SourceBatch) -> None:
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
        if isinstance(result, Unchanged):
            if task.location is None:
                self._finished(Finished(task.name, "unchanged", size=task.stat.size))
                return
            self._touched[task.source_id] = result.stat
            if len(self._touched) >= TOUCH_AT_ONCE:
                self._catalog.touch(self._touched)
                self._touched = {}
            self._finished(Finished(task.name, "unchanged", size=task.stat.size))
        elif isinstance(result, Unreadable):
            outcome: Outcome = "skipped" if result.empty or result.gone else "failed"
            if task.updates and outcome == "skipped":
                self._catalog.remove([task.source_id])
                outcome = "removed"
            reason = result.reason
            if task.updates and outcome == "failed":
                reason += "; what was indexed of it before still answers"
            self._finished(Finished(task.name, outcome, reason, task.stat.size))

    def _failed(self, group: SourceBatch, error: QaError) -> None:
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
