"""The walk compared with the catalog: which files must be read, which are gone, names of new ones.

A file whose size, time and inode are those stored costs one look at its directory entry.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from index.readers.formats import ReadingOptions, is_up_to_date
from index.storage.catalog import Catalog
from index.storage.location import source_id
from index.storage.names import distinct_names
from index.storage.records import FileRow
from index.sync.events import Notice
from index.sync.files import clean_name, is_gone, plain_reason, suffix_of
from index.sync.prepare import UNKNOWN_TIME
from index.sync.tasks import Task, too_large
from index.sync.unread import unread_kind, unread_reason
from index.sync.walk import FoundFile, Passed, Rules, Seen, Skipped, found_file, walk
from index.text.chunks import CHUNKER


@dataclass(frozen=True, slots=True)
class Target:
    """A path to be indexed: `start` is the file or folder itself, `root` the folder names are relative to.

    Both are absolute. `folder` is None if there is nothing at `start`.
    """

    start: str
    root: str
    given: str
    folder: bool | None


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


def places(paths: Sequence[str | os.PathLike[str]], roots: Iterable[str]) -> list[Target]:
    """What the paths stand for, without those that lie in another one; `roots` are the known folders."""
    known = sorted(roots, key=len, reverse=True)
    candidates = [_place(os.fspath(path), known) for path in paths]
    folders = [place.start for place in candidates if place.folder]
    outermost: dict[str, Target] = {}
    for place in candidates:
        if not any(is_below(place.start, folder) for folder in folders if folder != place.start):
            outermost.setdefault(place.start, place)
    return list(outermost.values())


def is_below(path: str, folder: str) -> bool:
    """True if `path` lies in `folder`, at any depth."""
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def _place(given: str, roots: Sequence[str]) -> Target:
    """A link to a folder is that folder; a link to a file stands where it stands."""
    path = Path(os.path.realpath(given))
    folder = path.is_dir() if os.path.lexists(path) else None
    if not folder:
        absolute = Path(given).absolute()
        path = Path(os.path.realpath(absolute.parent)) / absolute.name
    start = str(path)
    root = next((root for root in roots if start == root or is_below(start, root)), None)
    return Target(start, root or (start if folder else str(path.parent)), given, folder)


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


class NameAllocator:
    """Gives new files names that are unique in the index; `current_names` has their last ones."""

    def __init__(self, stack: ExitStack, folder: Path, wanted: Iterable[Target]) -> None:
        """Opens the catalog in `folder` for the first new file, in its thread, until `stack` ends."""
        self._stack = stack
        self._folder = folder
        self._roots = [place.root for place in wanted if place.folder]
        self._catalog: Catalog | None = None
        self._given: set[str] = set()

    def name_for(self, seen: FoundFile) -> str:
        """The path below the outermost root; where another file has that name, with folders put in front."""
        if self._catalog is None:
            self._catalog = self._stack.enter_context(Catalog.open(self._folder))
            self._roots = outermost([*self._roots, *self._catalog.roots()])
        root, name = place_of(seen.location, self._roots)
        above = [part for part in root.split("/") if part]
        while name in self._given or self._catalog.source(name) is not None:
            # If the whole path is taken, by a name given to standard input, more slashes tell them apart.
            name = f"{above.pop() if above else ''}/{name}"
        self._given.add(name)
        return name


def current_names(catalog: Catalog) -> list[tuple[str, str, str]]:
    """The files whose names are not what they ought to be: the source's id, its old name, its new one.

    A name is the path below the outermost indexed folder that holds the file, or the name of the file if none
    does; those that share it get as many folders in front as tell them apart. A text without a file keeps
    its own.
    """
    roots = outermost(catalog.roots())
    if catalog.are_named_below(roots):  # names differ, so that nothing is left to tell apart
        return []
    stored = catalog.named_places()
    texts = {name for _, name, location in stored if location is None}
    places = {location: place_of(location, roots) for _, _, location in stored if location is not None}
    names = distinct_names(places, texts)
    return [(key, name, names[at]) for key, name, at in stored if at is not None and names[at] != name]


def known_places(catalog: Catalog) -> list[str]:
    """All there is to bring up to date: the folders that were indexed, and files that lie in none of them."""
    roots = outermost(catalog.roots())
    alone = (file.location for file in catalog.files())
    return [*roots, *(file for file in alone if not any(is_below(file, root) for root in roots))]


def outermost(roots: Iterable[str]) -> list[str]:
    """The folders that lie in no other one of them."""
    given = set(roots)
    return sorted(root for root in given if not any(is_below(root, other) for other in given - {root}))


def place_of(location: str, roots: Sequence[str]) -> tuple[str, str]:
    """The root that holds the file at `location`, else its folder; and its path below that, with slashes.

    No one of `roots` lies in another one.
    """
    root = next((root for root in roots if is_below(location, root)), None) or os.path.dirname(location)  # noqa: PTH120
    below = location[len(root.rstrip(os.sep)) + 1 :]
    above, name = clean_name(root), clean_name(below)
    return (above, name) if os.sep == "/" else (above.replace(os.sep, "/"), name.replace(os.sep, "/"))
