"""The places that are to be indexed, and the indexed folders that files lie in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.storage.catalog import Catalog
from index.storage.location import as_spelled
from index.sync.files import clean_name


@dataclass(frozen=True, slots=True)
class Target:
    """A path to be indexed: `start` is the file or folder itself, `root` the folder names are relative to.

    Both are absolute. `folder` is None if there is nothing at `start`.
    """

    start: str
    root: str
    given: str
    folder: bool | None


def places(paths: Sequence[str | os.PathLike[str]], roots: Iterable[str]) -> list[Target]:
    """What the paths stand for, without those that lie in another one; `roots` are the known folders."""
    known = sorted(roots, key=len, reverse=True)
    candidates = [_place(as_spelled(os.fspath(path)), known) for path in paths]
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
