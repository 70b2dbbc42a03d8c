"""Folders of which most is gone: a disk that is not there is no order to forget what is on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from index.storage.records import FileRow
from index.sync.events import Kept
from index.sync.files import is_gone
from index.sync.scan.places import is_below, outermost

# So few files are read again in a moment if they come back; and folders in which all of a few files are
# exchanged are common, while a disk or a share that is not there takes more with it.
FEW = 10


def is_strange(folder: str, known: Iterable[str]) -> bool:
    """True if nothing of the many files that are known of a folder is there: it may be quite another one.

    The index may have been moved away from its documents, and what lies beside it now is none of them.
    """
    below = [location for location in known if is_below(location, folder)]
    return len(below) >= FEW and all(map(is_gone, below))


def kept_back(gone: Sequence[FileRow], known: Collection[str], folders: Iterable[str]) -> tuple[Kept, ...]:
    """The outermost of these `folders` that are gone, or have lost more than half of many `known` files.

    `gone` are the files that were not met, `known` the locations of all that were indexed. Files that are
    there, and only excluded now, count as not lost.
    """
    lost = [row.location for row in gone if is_gone(row.location)]
    kept: dict[str, Kept] = {}
    for folder in folders:
        missing = sum(is_below(location, folder) for location in lost)
        if not missing:
            continue
        of = sum(is_below(location, folder) for location in known)
        if is_gone(folder) or (missing >= FEW and 2 * missing > of):
            kept[folder] = Kept(folder, missing, of)
    return tuple(kept[folder] for folder in outermost(kept))
