"""The walk compared with the catalog: which files must be read, which are gone, names of new ones.

A file whose size, times and inode are those stored costs one look at its directory entry.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from index.readers.formats import ReadingOptions, is_up_to_date
from index.storage.catalog import Catalog
from index.storage.location import source_id
from index.storage.names import composed
from index.storage.records import FileRow
from index.sync.events import Notice
from index.sync.files import clean_name, is_gone, plain_reason, suffix_of
from index.sync.prepare import UNKNOWN_TIME
from index.sync.scan.lost import LostFiles
from index.sync.scan.names import NameAllocator
from index.sync.scan.places import Target, is_below
from index.sync.scan.walk import FoundFile, Passed, Rules, Seen, Skipped, found_file, walk
from index.sync.tasks import Before, Task, too_large
from index.sync.unread import unread_kind, unread_reason
from index.text.chunks import CHUNKER


@dataclass
class ScanCounts:
    """What is counted and not named, and the places that must not be taken for empty.

    `to_read` files of `size` bytes were found so far that are not `unchanged`, and `named` things that are
    only named in a notice; all when it is `complete`.
    """

    to_read: int = 0
    named: int = 0
    size: int = 0
    complete: bool = False
    unchanged: int = 0
    hidden: int = 0
    excluded: int = 0
    ignored: list[str] = field(default_factory=list)  # names of files that no reader knows
    unsure: list[str] = field(default_factory=list)


class Scan:
    """One walk over some places, compared with the rows of the catalog that lie there.

    `rows` holds, by location, the indexed files that were not met yet; what is left at the end is gone. Of
    them all, `known` has the locations. `lost` knows which of them a new file is.
    """

    def __init__(
        self,
        rows: dict[str, FileRow],
        wanted: Sequence[Target] = (),
        *,
        folder: Path,
        rules: Rules,
        limit: int,
        reading: ReadingOptions,
        force: bool = False,
    ) -> None:
        self.rows = rows
        self.known = tuple(rows)
        self.wanted = wanted
        self.lost = LostFiles(self._files)
        self.counts = ScanCounts()
        self.folder = folder
        self._rules = rules
        self._limit = limit
        self._reading = reading
        self._force = force

    def look(self, place: Target, names: NameAllocator) -> Iterator[Task | Notice]:
        """The files below `place` that must be read, and what is to be said of others."""
        for seen in self._seen(place):
            if isinstance(seen, Passed):
                new: Task | Notice | None = self._passed(seen)
            elif isinstance(seen, Skipped):
                new = self._skipped(seen)
            else:
                new = self._task_for(seen, names, given=not place.folder)
            if isinstance(new, Notice):
                self.counts.named += 1
            if new is not None:
                yield new

    def gone(self, catalog: Catalog) -> list[FileRow]:
        """After the last place: the indexed files that are there no more, nor in a folder that moved."""
        unsure = self.counts.unsure
        here = [
            row
            for row in self.rows.values()
            if not any(row.location == path or is_below(row.location, path) for path in unsure)
        ]
        left = (row for root in self.lost.left for row in catalog.files(root) if is_gone(row.location))
        starts = [place.start for place in self.wanted]
        behind = [
            row
            for row in left
            if row.source_id not in self.lost.given
            and any(is_below(now, start) for now in self.lost.now_at(row) for start in starts)
        ]
        return list({row.source_id: row for row in (*here, *behind)}.values())

    def _files(self) -> Iterator[FoundFile]:
        """All files that can be read at the wanted places."""
        for place in self.wanted:
            yield from (seen for seen in self._seen(place) if isinstance(seen, FoundFile))

    def _seen(self, place: Target) -> Iterator[Seen]:
        if place.folder:
            yield from walk(place.root, self._rules, start=place.start)
            return
        name = clean_name(os.path.relpath(place.start, place.root)).replace(os.sep, "/")
        if place.folder is None:
            yield from self._missing(place)
            return
        target = Path(os.path.realpath(place.start))
        try:
            status = target.lstat()
        except OSError as error:
            yield Skipped(place.start, name, plain_reason(error), unreadable=True)
            return
        if not target.is_file():
            yield Skipped(place.start, name, "not a file", unreadable=True)
        elif not self._rules.readable(name) and unread_kind(suffix_of(name)):
            yield Skipped(place.start, name, unread_reason(suffix_of(name)), unreadable=True)
        else:
            yield found_file(str(target), name, status, location=place.start)

    def _missing(self, place: Target) -> Iterator[Seen]:
        """What was indexed of it is gone; where nothing was, it is a mistake, and named."""
        here = (location == place.start or is_below(location, place.start) for location in self.rows)
        if is_gone(place.start) and any(here):
            return
        reason = "no such file or folder"
        if "://" in place.given:
            reason = "an address, not a file; save the page and index the file"
        yield Skipped(place.start, clean_name(place.given), reason, unreadable=True)

    def _passed(self, passed: Passed) -> Notice | None:
        """Count it. What was indexed by a reader that is not asked for this time stays as it is."""
        if passed.why == "hidden":
            self.counts.hidden += 1
        elif passed.why == "excluded":
            self.counts.excluded += 1
        elif passed.file is not None and (row := self.rows.pop(passed.file.location, None)):
            same_time = row.stat.mtime_ns in (passed.file.stat.mtime_ns, UNKNOWN_TIME)
            if not same_time or row.stat.size != passed.file.stat.size:
                reason = f"{unread_reason(suffix_of(row.name))}; what was indexed of it before still answers"
                return Notice(row.name, "failed", reason)
            self.counts.unchanged += 1
        else:
            self.counts.ignored.append(passed.name)
        return None

    def _skipped(self, seen: Skipped) -> Notice:
        if seen.unreadable:
            self.counts.unsure.append(seen.location)
        return Notice(seen.name, "failed" if seen.unreadable else "skipped", seen.reason)

    def _is_current(self, row: FileRow, seen: FoundFile) -> bool:
        """True if today's reader and chunker would make the same of the same bytes, and are not to try."""
        return (
            not self._force and row.chunker == CHUNKER and is_up_to_date(row.reader, seen.name, self._reading)
        )

    def _known_before(self, seen: FoundFile, before: Before | None) -> str | None:
        """The hash of what is indexed of a file that moved, if it kept the name of which titles are made."""
        if before is None or not self._is_current(before.row, seen):
            return None
        then, now = (composed(PurePath(path).name) for path in (before.row.location, seen.location))
        return before.row.sha256 if then == now else None

    def _task_for(self, seen: FoundFile, names: NameAllocator, *, given: bool) -> Task | Notice | None:
        """What is to be done with a file; None if it is unchanged."""
        row = self.rows.pop(seen.location, None)
        current = row is not None and self._is_current(row, seen)
        if row is not None and current and row.stat == seen.stat:
            self.counts.unchanged += 1
            return None
        if seen.stat.size > self._limit:
            return Notice(seen.name, "skipped", too_large(self._limit))
        self.counts.to_read += 1
        self.counts.size += seen.stat.size
        before = self.lost.before(seen, names.catalog) if row is None else None
        if before is not None and before.surely:
            self.rows.pop(before.row.location, None)
        name = row.name if row is not None else before.row.name if before and before.surely else None
        return Task(
            path=seen.path,
            location=seen.location,
            name=name or names.name_for(seen),
            source_id=source_id(self.folder, seen.location) if row is None else row.source_id,
            stat=seen.stat,
            file=seen.file,
            links=seen.links,
            given=given,
            known=row.sha256 if row is not None and current else self._known_before(seen, before),
            updates=row is not None,
            before=before,
            limit=self._limit,
            reading=self._reading,
        )
