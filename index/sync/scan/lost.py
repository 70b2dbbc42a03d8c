"""Indexed files that are not where they were, and which of them a new file is."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from heapq import nsmallest

from index.errors import ReadError
from index.storage.catalog import Catalog
from index.storage.names import composed
from index.storage.records import FileRow
from index.sync.files import is_gone, sha256_of
from index.sync.scan.places import is_below, outermost
from index.sync.scan.walk import FoundFile
from index.sync.tasks import Before

SAMPLE = 64  # files of a folder by which it is known again
MOST_ALIKE = 8  # new files of one size that are read to find one of them


class LostFiles:
    """What a new file was before, by its size and name, its spelling, or the folder that it came with.

    An indexed folder of which most files are gone may be on a disk that is not there. So what is gone from it
    has moved only if most of it was found elsewhere, byte by byte in a sample: one common file proves
    nothing. For the thread of the walk; `may_have_moved` is for any.
    """

    def __init__(self, found: Callable[[], Iterable[FoundFile]]) -> None:
        """`found` gives all files that there are at the places that are being indexed."""
        self._found = found
        self._at: dict[str, FileRow] | None = None  # by location, composed
        self._alike: dict[tuple[int, str], list[FileRow]] = {}  # by size and file name, composed
        self._folders: list[tuple[str, str]] = []  # where folders are now, and where they were
        self._away: list[str] = []  # roots of which most files are nowhere to be found
        self.given: set[str] = set()  # ids of sources that a new file was told to have been
        self.left: list[str] = []  # roots that moved elsewhere

    def before(self, new: FoundFile, catalog: Callable[[], Catalog]) -> Before | None:
        """The file that `new`, which is not indexed, may have been; each is given once."""
        if self._at is None:
            self._read(catalog())
        surely = self._spelled_otherwise(new.location) or self._free(self._carried_along(new.location))
        row = surely or self._free(self._of_its_kind(new))
        if row is None:
            return None
        self.given.add(row.source_id)
        return Before(row, surely is not None)

    def may_have_moved(self, row: FileRow) -> bool:
        """True if an indexed file is gone, not only because its disk may be, and was given to no new one."""
        if row.source_id in self.given or any(is_below(row.location, root) for root in self._away):
            return False
        return is_gone(row.location)

    def now_at(self, row: FileRow) -> list[str]:
        """Where an indexed file would be now, had it moved with its folder."""
        return list(_mapped(row.location, [(then, now) for now, then in self._folders]))

    def _free(self, rows: Iterable[FileRow | None]) -> FileRow | None:
        """The first of these that may have moved, and was not given to another one."""
        return next((row for row in rows if row and self.may_have_moved(row)), None)

    def _spelled_otherwise(self, location: str) -> FileRow | None:
        assert self._at is not None
        row = None if location.isascii() else self._at.get(composed(location))
        return row if row and row.source_id not in self.given and is_gone(row.location) else None

    def _carried_along(self, location: str) -> Iterable[FileRow | None]:
        """What stood at its place in a folder that is known to have moved."""
        assert self._at is not None
        return map(self._at.get, map(composed, _mapped(location, self._folders)))

    def _of_its_kind(self, new: FoundFile) -> Sequence[FileRow]:
        """Files of the same size and name, the one with most folders in common first."""
        rows = self._alike.get(_kind(new.stat.size, new.location), [])
        return sorted(rows[:SAMPLE], key=lambda row: _apart(row, new))

    def _read(self, catalog: Catalog) -> None:
        self._at = {}
        for row in catalog.files():
            self._at[composed(row.location)] = row
            self._alike.setdefault(_kind(row.stat.size, row.location), []).append(row)
        for root in outermost(catalog.roots()) if self._at else ():
            rows = list(catalog.files(root))
            sample = rows[:: -(-len(rows) // SAMPLE) or 1]
            gone = [row for row in sample if is_gone(row.location)]
            if 2 * len(gone) > len(sample):
                self._look_for(root, gone)

    def _look_for(self, root: str, gone: Sequence[FileRow]) -> None:
        """Find out whether the files of a root that are `gone` are somewhere else, and in which folder."""
        found = self._places_of(gone)
        if 2 * len(found) > len(gone):
            pairs = Counter(moved(old, new, [root]) for old, new in found)
            self._folders += [(now, then) for (then, now), files in pairs.items() if 2 * files > len(found)]
            self.left.append(root)
        else:
            self._away.append(root)

    def _places_of(self, gone: Sequence[FileRow]) -> list[tuple[str, str]]:
        """Where those of the files that were found were and are."""
        assert self._at is not None
        sizes: dict[int, list[FoundFile]] = {row.stat.size: [] for row in gone}
        for file in self._found():
            known = self._at.get(composed(file.location))
            if file.stat.size in sizes and not (known and known.location == file.location):
                sizes[file.stat.size].append(file)
        hashes: dict[str, str] = {}
        found = []
        for row in gone:
            nearest = partial(_apart, row)
            for file in nsmallest(MOST_ALIKE, sizes[row.stat.size], key=nearest):
                if file.path not in hashes:
                    hashes[file.path] = _hash(file.path)
                if hashes[file.path] == row.sha256:
                    found.append((row.location, file.location))
                    break
        return found


def moved(then: str, now: str, roots: Collection[str] = ()) -> tuple[str, str]:
    """The folder, or the file, that moved, as the two paths tell, and where it is now.

    It is none above one of the `roots`.

    >>> moved("/home/docs/2024/a.txt", "/home/papers/2024/a.txt")
    ('/home/docs', '/home/papers')
    >>> moved("/home/docs/a.txt", "/disk/docs/a.txt", ["/home/docs"])
    ('/home/docs', '/disk/docs')
    """
    old, new = then.split(os.sep), now.split(os.sep)  # noqa: PTH206
    while (
        len(old) > 1 and len(new) > 1 and composed(old[-1]) == composed(new[-1]) and _joined(old) not in roots
    ):
        old.pop()
        new.pop()
    return _joined(old), _joined(new)


def _joined(parts: Sequence[str]) -> str:
    return os.sep.join(parts) or os.sep  # noqa: PTH118 - as they were split


def _mapped(location: str, folders: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The location in the second folder of each pair in the first of which it lies."""
    for one, other in folders:
        if is_below(location, one):
            yield other.rstrip(os.sep) + location[len(one.rstrip(os.sep)) :]


def _apart(row: FileRow, file: FoundFile) -> int:
    """How much of a file's path is another: the less, the likelier are both the same file."""
    return len(moved(row.location, file.location)[0])


def _kind(size: int, location: str) -> tuple[int, str]:
    return size, composed(os.path.basename(location))  # noqa: PTH119


def _hash(path: str) -> str:
    try:
        return sha256_of(path)
    except (OSError, ReadError):
        return ""  # it cannot be read now, so that nothing is known of it
