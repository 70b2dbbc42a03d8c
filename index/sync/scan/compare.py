"""The walk compared with the catalog: which files must be read, which are gone, names of new ones.

A file whose size, time and inode are those stored costs one look at its directory entry.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.readers.formats import ReadingOptions, is_up_to_date
from index.storage.location import source_id
from index.storage.records import FileRow
from index.sync.events import Notice
from index.sync.files import clean_name, is_gone, plain_reason, suffix_of
from index.sync.prepare import UNKNOWN_TIME
from index.sync.scan.names import NameAllocator
from index.sync.scan.places import Target, is_below
from index.sync.scan.walk import FoundFile, Passed, Rules, Seen, Skipped, found_file, walk
from index.sync.tasks import Task, too_large
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

    `rows` holds, by location, the indexed files that were not met yet; what is left at the end is gone.
    """

    def __init__(
        self,
        rows: dict[str, FileRow],
        *,
        folder: Path,
        rules: Rules,
        limit: int,
        reading: ReadingOptions,
    ) -> None:
        self.rows = rows
        self.counts = ScanCounts()
        self.folder = folder
        self._rules = rules
        self._limit = limit
        self._reading = reading

    def look(self, place: Target, names: NameAllocator) -> Iterator[Task | Notice]:
        """The files below `place` that must be read, and what is to be said of others."""
        for seen in self._seen(place):
            if isinstance(seen, Passed):
                new: Task | Notice | None = self._passed(seen)
            elif isinstance(seen, Skipped):
                new = self._skipped(seen)
            else:
                new = self._task_for(seen, names)
            if isinstance(new, Notice):
                self.counts.named += 1
            if new is not None:
                yield new

    def gone(self) -> list[FileRow]:
        """After the last place: the indexed files that are there no more."""
        return [
            row
            for row in self.rows.values()
            if not any(row.location == path or is_below(row.location, path) for path in self.counts.unsure)
        ]

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
        """A file that was indexed and is gone will be removed; anything else is a mistake, and named.

        What was indexed from a folder stays if the whole folder is missing: its disk may not be there.
        """
        if place.start in self.rows and is_gone(place.start):
            return
        reason = "no such file or folder"
        if any(is_below(location, place.start) for location in self.rows):
            reason += "; what was indexed of it still answers, until the folder above it is indexed"
        elif "://" in place.given:
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

    def _task_for(self, seen: FoundFile, names: NameAllocator) -> Task | Notice | None:
        """What is to be done with a file; None if it is unchanged."""
        row = self.rows.pop(seen.location, None)
        current = (
            row is not None and row.chunker == CHUNKER and is_up_to_date(row.reader, seen.name, self._reading)
        )
        if row is not None and current and row.stat == seen.stat:
            self.counts.unchanged += 1
            return None
        if seen.stat.size > self._limit:
            return Notice(seen.name, "skipped", too_large(self._limit))
        self.counts.to_read += 1
        self.counts.size += seen.stat.size
        return Task(
            path=seen.path,
            location=seen.location,
            name=names.name_for(seen) if row is None else row.name,
            source_id=source_id(self.folder, seen.location) if row is None else row.source_id,
            stat=seen.stat,
            file=seen.file,
            links=seen.links,
            known=row.sha256 if row is not None and current else None,
            updates=row is not None,
            limit=self._limit,
            reading=self._reading,
        )
