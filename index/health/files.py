"""The files that were indexed, and those beside them that were not, as far as a look at each can tell."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.health.findings import CheckFinding, Progress, counted
from index.readers.formats import DEFAULT_READING, ReadingOptions, supported
from index.sync.files import DEFAULT_MAX_FILE_SIZE, is_gone
from index.sync.prepare import UNKNOWN_TIME
from index.sync.scan.places import is_below, outermost
from index.sync.scan.walk import FoundFile, Rules, walk

if TYPE_CHECKING:
    from index.storage.catalog import Catalog
    from index.storage.records import FileRow, FileStat

CHECK = "files"
REPORT_EVERY = 500  # files


@dataclass(frozen=True, slots=True)
class Reads:
    """Which files of a folder are read: patterns, the largest size in bytes, and the readers there are."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    reading: ReadingOptions = DEFAULT_READING


@dataclass(frozen=True, slots=True)
class FilesNow:
    """What has become of the files, by absolute path: of a changed one its size or its time is another.

    `new` were never read; `away` are folders that were indexed and are not there.
    """

    current: int
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    away: tuple[str, ...]


def check_files(catalog: Catalog, reads: Reads, report: Progress) -> CheckFinding:
    """Whether the index says what the files say; none is read."""
    now = files_now(catalog, reads, report)
    if now.away:
        away = f"{now.away[0]} is not there"
        more = f", and {len(now.away) - 1:,} more folders" if len(now.away) > 1 else ""
        text = f"{away}{more}: is its disk mounted, or was it moved?"
        return CheckFinding(CHECK, "note", text, "what was indexed of it still answers", now.away)
    stale = Counter(changed=len(now.changed), gone=len(now.gone))
    said = [f"{number:,} {what}" for what, number in stale.items() if number]
    if now.new:
        said.append(f"{len(now.new):,} not read yet")
    if not said:
        return CheckFinding(CHECK, "ok", f"{counted(now.current, 'file')}, as they were indexed")
    names = (*now.changed, *now.gone, *now.new)
    return CheckFinding(CHECK, "note", f"{', '.join(said)}; {now.current:,} as indexed", "qa index", names)


def files_now(catalog: Catalog, reads: Reads, report: Progress) -> FilesNow:
    """Every indexed file compared with its directory entry, and the folders that were indexed walked."""
    rows = {row.location: row for row in catalog.files()}
    roots = outermost(catalog.roots())
    away = tuple(root for root in roots if not Path(root).is_dir())
    rules = Rules(
        reads.include,
        reads.exclude,
        str(catalog.folder),
        partial(supported, options=reads.reading),
    )
    changed: list[str] = []
    new: list[str] = []
    current = met = 0
    for root in roots:
        for found in _found(root, rules):
            met += 1
            if met % REPORT_EVERY == 0:
                report("files", met, len(rows))
            row = rows.pop(found.location, None)
            if row is not None and _is_same(row, found.stat):
                current += 1
            elif row is not None:
                changed.append(found.location)
            elif 0 < found.stat.size <= reads.max_file_size:
                new.append(found.location)
    gone: list[str] = []
    for location, row in rows.items():  # outside of the folders, or left out by their rules
        if any(is_below(location, root) for root in away):
            continue
        stat = _stat(location)
        if stat is not None and _is_same(row, stat):
            current += 1
        else:
            (gone if stat is None and is_gone(location) else changed).append(location)
    return FilesNow(current, tuple(changed), tuple(gone), tuple(new), away)


def _found(root: str, rules: Rules) -> Iterator[FoundFile]:
    return (seen for seen in walk(root, rules) if isinstance(seen, FoundFile))


def _stat(location: str) -> FileStat | None:
    from index.storage.records import FileStat

    try:
        status = os.stat(os.path.realpath(location))  # noqa: PTH116 - 100,000 of them
    except OSError:
        return None
    return FileStat(status.st_size, status.st_mtime_ns, status.st_ino)


def _is_same(row: FileRow, now: FileStat) -> bool:
    """A time that is not known says nothing: `qa index` will compare the bytes."""
    return row.stat.size == now.size and row.stat.mtime_ns in (now.mtime_ns, UNKNOWN_TIME)
