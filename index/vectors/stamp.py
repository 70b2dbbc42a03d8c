"""The stamp that tells whether the collection is the one we sealed."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from index.vectors.chroma import chroma_version, vector_files

if TYPE_CHECKING:
    from pathlib import Path

    from index.storage.catalog import Catalog


FOLDER, FRESH, OLD = "chroma", "chroma.new", "chroma.old"
STAMP = "qa.json"  # in Chroma's folder: what it was when it was sealed


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What Chroma's folder was when it was last known to be whole. `files` are hashes of its vector files."""

    generation: int
    chroma: str
    files: dict[str, str]


def _stamp_of(home: Path, generation: int) -> _Stamp:
    files = {}
    for path in vector_files(home):
        with path.open("rb") as file:
            files[path.relative_to(home).as_posix()] = hashlib.file_digest(file, "blake2b").hexdigest()
    return _Stamp(generation, chroma_version(), files)


def _read_stamp(catalog: Catalog) -> _Stamp | None:
    """The stamp of Chroma's folder, or None if it is another catalog's, that of a backup say."""
    try:
        stamp = _Stamp(**json.loads((catalog.folder / FOLDER / STAMP).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return stamp if stamp.generation == catalog.chroma.state().generation else None


def _write_stamp(home: Path, generation: int) -> None:
    stamp = json.dumps(asdict(_stamp_of(home, generation)))
    (home / STAMP).write_text(stamp, encoding="utf-8")


def _seal(catalog: Catalog, home: Path) -> None:
    """Stamp Chroma's folder, bring its files to disk, and only then mark it clean."""
    _write_stamp(home, catalog.chroma.state().generation + 1)
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
