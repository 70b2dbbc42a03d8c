"""The last stage of a sync: what was read committed to the catalog, counted and reported."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence

from index.errors import QaError, StorageError
from index.storage.catalog import Catalog
from index.storage.names import composed
from index.storage.records import FileRow, FileStat, Prepared
from index.sync.events import Discovered, Event, Finished, Kept, Moves, Notice, Outcome, SyncReport
from index.sync.files import is_gone, suffix_of
from index.sync.pipeline import GROUP_CHUNKS, Embedded, SourceBatch
from index.sync.prepare import relocated
from index.sync.scan.compare import Scan
from index.sync.scan.lost import moved
from index.sync.scan.missing import kept_back
from index.sync.scan.names import current_names
from index.sync.scan.places import is_below
from index.sync.tasks import Result, Task, Unchanged, Unreadable
from index.sync.unread import unread_reason
from index.vectors.mirror import forget_removed
from index.vectors.writer_process import ChromaStatus

REPORT_EVERY = 0.1  # seconds between two events about how much there is to do
TOUCH_AT_ONCE = 1000
RENAMED = "renamed: its name tells it from the files that are indexed now"


class Committer:
    """The last stage, in the caller's thread: commits, counts and emits events."""

    def __init__(
        self,
        catalog: Catalog,
        on_event: Callable[[Event], None],
        scan: Scan,
        roots: Sequence[str] = (),
    ) -> None:
        """`roots` are the folders that are remembered as indexed, once anything of them is."""
        self._catalog = catalog
        self._roots = roots
        self._emit = on_event
        self._scan = scan
        self._scanned = scan.counts
        self._due = 0.0
        self._added: set[str] = set()  # names that were given in this sync
        self._touched: dict[str, FileStat] = {}
        self._moved: set[str] = set()  # ids of sources whose files are at another place now
        self._moves: Counter[tuple[str, str]] = Counter()
        self._carried: list[tuple[FileRow, Prepared]] = []  # unchanged but for their places
        self._carried_chunks = 0
        self._kept: tuple[Kept, ...] = ()
        self._known_roots = frozenset(catalog.roots())
        self._outcomes: Counter[Outcome] = Counter()
        self._named: dict[Outcome, list[tuple[str, str]]] = {"skipped": [], "failed": []}
        self._notes: list[tuple[str, str]] = []
        self._chunks = 0

    def take(self, value: Embedded) -> None:
        """What came out of the last stage: a group is committed, everything else noted."""
        if time.monotonic() > self._due:
            self._due = time.monotonic() + REPORT_EVERY
            self._report_totals()
        if isinstance(value, SourceBatch):
            for task, source, error in value.refused:
                self._failed(task, source, error)
            if value.error is not None:
                for task, source in value.sources:
                    self._failed(task, source, value.error)
            elif value.sources:
                self._commit(value)
        elif isinstance(value, Notice):
            self._report_file(Finished(value.name, value.outcome, value.reason))
        else:
            self._skip(*value)

    def finish(self, *, remove_gone: bool = False) -> None:
        """After the last file: remove those that are gone, name what is left, purge.

        What is gone stays where it is most of a folder, unless `remove_gone`. Chroma is told later, and holds
        nothing that was removed.
        """
        self._report_totals()
        if self._touched:
            self._catalog.touch(self._touched)
        self._commit_carried()
        gone = self._gone(remove_gone=remove_gone)
        self._catalog.remove([row.source_id for row in gone])
        for row in gone:
            self._report_file(Finished(row.name, "removed"))
        self._remember_roots()
        self._forget_roots()
        self._rename()
        if self._catalog.needs_purging():
            forget_removed(self._catalog)
        self._catalog.purge()

    def _gone(self, *, remove_gone: bool) -> list[FileRow]:
        """What is to be removed."""
        gone = [row for row in self._scan.gone(self._catalog) if row.source_id not in self._moved]
        if gone and not remove_gone:
            starts = (place.start for place in self._scan.wanted)
            folders = {*self._catalog.roots(), *starts}.difference(self._scan.lost.left)
            self._kept = kept_back(gone, self._scan.known, folders)
        return [row for row in gone if not any(is_below(row.location, kept.folder) for kept in self._kept)]

    def _remember_roots(self) -> None:
        """Before the first commit: names depend on the roots, should this sync end early too."""
        for root in self._roots:
            self._catalog.add_root(root)
        self._roots = ()

    def _forget_roots(self) -> None:
        """Folders from which all went elsewhere are looked into no more, unless they were named."""
        named = {place.start for place in self._scan.wanted}
        for root in self._catalog.roots():
            left = is_gone(root) or (root in self._scan.lost.left and root not in named)
            if left and not any(self._catalog.files(root)):
                self._catalog.forget_root(root)

    def _rename(self) -> None:
        """Names are those of the files that are indexed now, in whatever order they were."""
        renamed = current_names(self._catalog)
        self._catalog.rename({key: new for key, _, new in renamed})
        now = {old: new for _, old, new in renamed}
        self._notes = [(now.get(name, name), note) for name, note in self._notes]
        self._notes += [(new, RENAMED) for _, old, new in renamed if old not in self._added]

    def _report_totals(self) -> None:
        scanned = self._scanned
        files = scanned.to_read + scanned.named
        self._emit(Discovered(files, scanned.size, scanned.unchanged, scanned.complete))

    def with_progress(self, error: QaError) -> QaError:
        """The error that ended it, and how far it came."""
        if not isinstance(error, StorageError):
            return error
        done = sum(self._outcomes[outcome] for outcome in ("added", "updated", "moved"))
        cause = f"{error.cause} (committed {done} of {self._scanned.to_read} files)"
        return type(error)(cause, error.hint, option=error.options)

    def report(self, seconds: float, chroma: ChromaStatus) -> SyncReport:
        """What was done."""
        scanned = self._scanned
        suffixes = Counter(map(suffix_of, scanned.ignored))
        return SyncReport(
            added=self._outcomes["added"],
            updated=self._outcomes["updated"],
            unchanged=self._outcomes["unchanged"] + scanned.unchanged,
            removed=self._outcomes["removed"],
            moved=self._outcomes["moved"],
            ignored=tuple(sorted(suffixes.items(), key=lambda pair: (-pair[1], pair[0]))),
            ignored_files=tuple((name, unread_reason(suffix_of(name))) for name in scanned.ignored),
            hidden=scanned.hidden,
            excluded=scanned.excluded,
            skipped=tuple(self._named["skipped"]),
            failed=tuple(self._named["failed"]),
            notes=tuple(self._notes),
            chunks=self._chunks,
            seconds=seconds,
            generation=self._catalog.generation(),
            chroma=chroma,
            moves=tuple(Moves(*pair, count) for pair, count in self._moves.most_common()),
            kept=self._kept,
        )

    def _commit(self, group: SourceBatch) -> None:
        """One transaction: the sources, and the old places of those that only moved."""
        self._remember_roots()
        finished: list[Finished] = []
        remove: list[str] = []
        for task, source in group.sources:
            outcome: Outcome = "updated" if task.updates else "added"
            reason = ""
            old = None if task.updates else self._moved_from(task, source)
            if old is not None:
                remove.append(old.source_id)
                outcome, reason = self._note_move(old, source)
            size, chunks = task.stat.size, len(source.chunks)
            finished.append(Finished(source.source.name, outcome, reason, size, chunks, source.source.notes))
        self._catalog.replace([source for _, source in group.sources], group.vectors, remove=remove)
        for event in finished:
            self._chunks += event.chunks
            if event.outcome != "updated":
                self._added.add(event.name)
            self._report_file(event)

    def _moved_from(self, task: Task, source: Prepared) -> FileRow | None:
        """What is known to have been this file; or the same bytes, if their file is not there any more."""
        if task.before is not None and task.before.surely:
            return task.before.row
        if task.location is None:
            return None
        for row in self._catalog.files_with(source.source.sha256):
            if row.source_id not in self._moved and self._scan.lost.may_have_moved(row):
                return row
        return None

    def _note_move(self, old: FileRow, new: Prepared) -> tuple[Outcome, str]:
        """The outcome of a file that was at another place, or spelled in another way; and what to say."""
        location = new.source.location
        assert location is not None
        self._moved.add(old.source_id)
        same = new.source.sha256 == old.sha256
        if composed(location) == composed(old.location):
            return "unchanged" if same else "updated", ""
        self._moves[moved(old.location, location, self._known_roots)] += 1
        return "moved" if same else "updated", f"from {old.name}"

    def _commit_carried(self) -> None:
        """One transaction: what did not change but for its place."""
        if not self._carried:
            return
        self._remember_roots()
        self._catalog.replace(
            [new for _, new in self._carried], {}, remove=[old.source_id for old, _ in self._carried]
        )
        for old, new in self._carried:
            outcome, reason = self._note_move(old, new)
            assert new.stat is not None
            name, size = new.source.name, new.stat.size
            self._added.add(name)
            self._report_file(Finished(name, outcome, reason, size, len(new.chunks), new.source.notes))
        self._carried, self._carried_chunks = [], 0

    def _carry(self, task: Task, old: FileRow, stat: FileStat, *, surely: bool) -> None:
        """What is indexed of `old` belongs to the file of a task now."""
        name = old.name if surely else task.name
        self._carried.append((old, relocated(self._catalog.prepared(old.source_id), name, task, stat)))
        self._carried_chunks += len(self._carried[-1][1].chunks)
        if self._carried_chunks >= GROUP_CHUNKS:
            self._commit_carried()

    def _skip(self, task: Task, result: Result) -> None:
        """The file's bytes are the same, or it could not be read: then what was indexed of it stays."""
        if isinstance(result, Unchanged):
            if task.location is None:
                self._report_file(Finished(task.name, "unchanged", size=task.stat.size))
                return
            if task.before is not None:
                self._carry(task, task.before.row, result.stat, surely=task.before.surely)
                return
            self._touched[task.source_id] = result.stat
            if len(self._touched) >= TOUCH_AT_ONCE:
                self._catalog.touch(self._touched)
                self._touched = {}
            self._report_file(Finished(task.name, "unchanged", size=task.stat.size))
        elif isinstance(result, Unreadable):
            outcome: Outcome = "skipped" if result.empty or result.gone else "failed"
            known = task.source_id if task.updates else None
            if task.before is not None and task.before.surely:
                known = task.before.row.source_id
            if known and outcome == "skipped":
                self._catalog.remove([known])
                outcome = "removed"
            reason = result.reason
            if known and outcome == "failed":
                reason += "; what was indexed of it before still answers"
            self._report_file(Finished(task.name, outcome, reason, task.stat.size))

    def _failed(self, task: Task, source: Prepared, error: QaError) -> None:
        reason = f"not embedded: {error.cause}"
        self._report_file(Finished(source.source.name, "failed", reason, task.stat.size))

    def _report_file(self, finished: Finished) -> None:
        self._outcomes[finished.outcome] += 1
        if finished.outcome in self._named:
            self._named[finished.outcome].append((finished.name, finished.reason))
        self._notes += [(finished.name, note) for note in finished.notes]
        self._emit(finished)
