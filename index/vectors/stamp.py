"""The stamp in Chroma's folder: what its files were when last known to be whole, and if compact."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from index.vectors.chroma import blank_unused, chroma_version, vector_files

if TYPE_CHECKING:
    from pathlib import Path

    from index.storage.catalog import Catalog


CHROMA = "chroma"  # the folder in use
OLD_FOLDERS = ("chroma.new", "chroma.old")  # left by a version that built it anew beside the one in use
STAMP = "qa.json"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What Chroma's folder was when it was last known to be whole.

    `files` are hashes of its vector files. `stale` is how many chunks that are gone its graph may still hold
    the vectors of. `compact`: its rows were written anew since Chroma last wrote, so that no byte of any text
    is anywhere but in the row of its chunk.
    """

    generation: int
    chroma: str
    files: dict[str, str]
    stale: int = 0
    compact: bool = False


def stamp_of(home: Path, generation: int, *, stale: int, compact: bool) -> Stamp:
    """The stamp for the files as they are."""
    files = {}
    for path in vector_files(home):
        with path.open("rb") as file:
            files[path.relative_to(home).as_posix()] = hashlib.file_digest(file, "blake2b").hexdigest()
    return Stamp(generation, chroma_version(), files, stale, compact)


def read_stamp(catalog: Catalog) -> Stamp | None:
    """The stamp of Chroma's folder, or None if it is another catalog's, that of a backup say."""
    try:
        stamp = Stamp(**json.loads((catalog.folder / CHROMA / STAMP).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return stamp if stamp.generation == catalog.chroma.state().generation else None


def write_stamp(home: Path, stamp: Stamp) -> None:
    """Put the stamp into Chroma's folder."""
    (home / STAMP).write_text(json.dumps(asdict(stamp)), encoding="utf-8")


def seal(catalog: Catalog, home: Path, *, stale: int) -> None:
    """Stamp Chroma's folder, bring its files to disk, and only then mark it clean."""
    blank_unused(home)
    generation = catalog.chroma.state().generation + 1
    write_stamp(home, stamp_of(home, generation, stale=stale, compact=False))
    for path in [*home.rglob("*"), home, home.parent]:
        _to_disk(path)
    catalog.chroma.mark("clean")


def _to_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # Windows opens no folders
        return
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
