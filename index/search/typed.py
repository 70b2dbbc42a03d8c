"""Sources as a person names them: by name, by pattern, by path, or by a place that an answer printed."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from index.errors import UsageError
from index.search.filters import Filters
from index.storage.location import expanded
from index.storage.names import composed
from index.sync.files import clean_name

if TYPE_CHECKING:
    from index.storage.queries import CatalogReader
    from index.types import Source

# The name may hold colons: what follows its last one, or its last two, is the place.
PLACE = re.compile(r"(?P<name>.+?):(?:(?P<start>\d{1,12})-(?P<end>\d{1,12})|(?:\d{1,9}:)?(?P<line>\d{1,9}))")


def find_source(catalog: CatalogReader, name: str, directory: Path | None) -> Source | None:
    """The source of that name or id, or that was read from that path; None if there is none.

    Paths begin in `directory`; without one, only whole paths are known.
    """
    if not name or "\0" in name:
        return None
    source = catalog.source(clean_name(name)) or _spelled_otherwise(catalog, clean_name(name))
    if source is not None:
        return source
    for path in _paths(name, directory):
        row = next((row for row in catalog.files(path) if row.location == path), None)
        if row is not None:
            return catalog.source(row.source_id)
    return None


def _spelled_otherwise(catalog: CatalogReader, name: str) -> Source | None:
    """The source whose name reads the same."""
    if name.isascii():
        return None
    alike = (row for row in catalog.source_rows() if composed(row.name) == composed(name))
    return next((catalog.source(row.name) for row in alike), None)


def resolve_sources(catalog: CatalogReader, filters: Filters, directory: Path | None) -> Filters:
    """`filters` with the names of all sources that its patterns mean as names, paths or places.

    A pattern that some name fits is that; only one that none fits may be the path of a file or folder, which
    begins in `directory`, with or without a place behind it (`dir/file.pdf:49:1255`).
    Raises UsageError for one that admits nothing, with the names that are nearest to it.
    """
    names: set[str] = set()
    indexed = [row.name for row in catalog.source_rows()]
    for pattern in filters.sources:
        if not any(Filters((pattern,)).admit_named(name, None) for name in indexed):
            meant = _meant(catalog, pattern, directory)
            if not meant:
                raise UsageError(f"no source fits {pattern!r}", nearest_names(catalog, pattern))
            names |= meant
        elif (exact := catalog.source(pattern)) is not None:
            names.add(exact.name)  # its stars and brackets may mean themselves
    return replace(filters, names=frozenset(names))


def nearest_names(catalog: CatalogReader, target: str) -> str:
    """What may have been meant by `target`, which names no source."""
    names = [row.name for row in catalog.source_rows()]
    place = PLACE.fullmatch(target)
    wanted = place["name"] if place else target
    tails = sorted(name for name in names if PurePath(name).name == PurePath(wanted).name)
    near = tails[:3] or get_close_matches(wanted, sorted(names), n=3)
    return f"did you mean {' or '.join(near)}?" if near else "the names are listed by: qa sources"


def _meant(catalog: CatalogReader, pattern: str, directory: Path | None) -> set[str]:
    """The names of the sources that `pattern`, which is no pattern, may mean; with a place, without it."""
    source = find_source(catalog, pattern, directory)
    if source is not None:
        return {source.name}
    if pattern and "\0" not in pattern:
        for path in _paths(pattern, directory):
            if below := {row.name for row in catalog.files(path)}:
                return below
    place = PLACE.fullmatch(pattern)
    if place is None:
        return set()
    wanted = Filters((place["name"],))
    fitting = {row.name for row in catalog.source_rows() if wanted.admit_named(row.name, None)}
    return fitting or _meant(catalog, place["name"], directory)


def _paths(name: str, directory: Path | None) -> list[str]:
    """The absolute paths that `name` may stand for: a link where it stands, then what it leads to."""
    path = str(expanded(name))
    if not os.path.isabs(path):  # noqa: PTH117 - strings, as the catalog has them
        if directory is None:
            return []
        path = os.path.join(directory, path)  # noqa: PTH118
    real = os.path.realpath(path)
    above, last = os.path.split(os.path.normpath(path))
    return list(dict.fromkeys([os.path.join(os.path.realpath(above), last), real]))  # noqa: PTH118
