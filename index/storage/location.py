"""Where the index folder is, and how the locations of files are written in it.

An index is a folder named `.qa`, found upwards from the working directory as git
does. Places below the folder that holds it are stored relative to that folder, so that documents and index
can be moved together; all others are stored absolute.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from index.errors import NoIndex, StorageError
from index.storage.atomic import make_private
from index.storage.names import composed

FOLDER = ".qa"
PRIVATE = 0o700  # an index holds the text of private documents
UNTRACKED = "# Made by qa: what is indexed is private, and is made again from the documents.\n*\n"


def find_index(start: Path, named: Path | None = None) -> Path:
    """The index folder to ask: `named` if given, else the nearest `.qa` at or above `start`.

    Raises NoIndex. A named folder must exist; whether it holds a catalog is found when that is opened.
    """
    if named is not None:
        folder = _outright(named)
        if not folder.is_dir():
            raise NoIndex(f"there is no index at {folder}", "make one there: qa index FOLDER", option="index")
        return folder
    found = nearest(start)
    if found is None:
        raise NoIndex(f"there is no index in {start} or above", "make one: qa index FOLDER")
    return found


def find_or_create_index(start: Path, named: Path | None = None) -> Path:
    """The index folder to write to: as `find_index`, but made where there is none, in `start`.

    Raises StorageError if it cannot be made.
    """
    folder = index_folder(start, named)
    try:
        make_folder(folder)
    except OSError as exc:
        raise StorageError(
            f"the index folder cannot be made: {folder}: {exc.strerror}",
            "name another one",
            option="index",
        ) from exc
    return folder


def make_folder(folder: Path) -> None:
    """Make the folder of an index, unless it is there. Git is told to leave it out. Raises OSError."""
    if not folder.is_dir():
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        make_private(folder / ".gitignore")
        (folder / ".gitignore").write_text(UNTRACKED, encoding="utf-8")


def index_folder(start: Path, named: Path | None = None) -> Path:
    """The folder of an index, made or not: `named`, else the nearest `.qa`, else one in `start`."""
    return _outright(named) if named is not None else nearest(start) or start.resolve() / FOLDER


def nearest(start: Path) -> Path | None:
    """The nearest folder `.qa` at or above `start`, or None."""
    here = start.resolve()
    return next((above / FOLDER for above in (here, *here.parents) if (above / FOLDER).is_dir()), None)


def expanded(path: str | os.PathLike[str]) -> Path:
    """`path` with a person's home in place of `~`, and spelled as on the disk, see `as_spelled`.

    As it is where there is no such person, or nothing at it.
    """
    return Path(as_spelled(os.path.expanduser(path)))  # noqa: PTH111 - a Path raises there


def as_spelled(path: str) -> str:
    """`path` as it is spelled on the disk, where only another spelling of it is there; see `composed`."""
    above, name = os.path.split(path)
    if path.isascii() or not name or os.path.lexists(path):
        return path
    above = as_spelled(above)
    try:
        names = os.listdir(above or os.curdir)  # noqa: PTH208 - strings, as the path is one
    except OSError:
        names = []
    alike = next((other for other in names if composed(other) == composed(name)), name)
    return os.path.join(above, alike)  # noqa: PTH118


def _outright(named: Path) -> Path:
    """The folder a person named. Naming the folder that holds `.qa` means the `.qa` in it."""
    folder = expanded(named).resolve()
    inner = folder / FOLDER
    return inner if folder.name != FOLDER and inner.is_dir() else folder


def stored_location(folder: Path, path: str) -> str:
    """How the absolute `path` of a file is written in the index at `folder`: slashes, relative if below.

    A file name that is no UTF-8 (Python holds its stray bytes as surrogates) is written with NUL and two
    hex digits for each such byte: no path has a NUL, so `absolute_location` gives back the very bytes.
    """
    base = str(folder.parent)
    below = (
        path[len(base) :].lstrip(os.sep)
        if path == base or path.startswith(base.rstrip(os.sep) + os.sep)
        else None
    )
    place = "." if below == "" else path if below is None else below
    return _escaped(place.replace(os.sep, "/"))


def stored_forms(folder: Path, path: str) -> tuple[str, ...]:
    """How `path` may be written in the index: as it is now, and whole, as before the index came above it."""
    return tuple(dict.fromkeys((stored_location(folder, path), _escaped(path.replace(os.sep, "/")))))


def absolute_location(base: str, stored: str) -> str:
    """The absolute path of what `stored_location` wrote; `base` is the folder that holds the index.

    Strings only: it is asked for every source of an index, and a Path would cost five times as much.
    """
    if "\0" in stored:
        stored = re.sub("\0(..)", lambda hit: chr(0xDC00 + int(hit[1], 16)), stored)
    if stored == ".":
        return base
    if os.sep == "/":
        return stored if stored.startswith("/") else f"{base.rstrip('/')}/{stored}"
    return os.path.join(base, stored.replace("/", os.sep))  # noqa: PTH118


def _escaped(place: str) -> str:
    return re.sub("[\udc80-\udcff]", lambda hit: f"\0{ord(hit[0]) - 0xDC00:02x}", place)


def source_id(folder: Path, path: str) -> str:
    """The id of the source at the absolute `path`: a hash of where it is, as the index writes it."""
    return hashlib.sha256(stored_location(folder, path).encode()).hexdigest()[:16]
