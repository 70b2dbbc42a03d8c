"""Names of indexed files: the path below the indexed folder, with more in front where two agree."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from index.storage.catalog import Catalog
from index.storage.names import distinct_names
from index.sync.scan.places import Target, outermost, place_of
from index.sync.scan.walk import FoundFile


class NameAllocator:
    """Gives new files names that are unique in the index; `current_names` has their last ones."""

    def __init__(self, stack: ExitStack, folder: Path, wanted: Iterable[Target]) -> None:
        """Opens the catalog in `folder` for the first new file, in its thread, until `stack` ends."""
        self._stack = stack
        self._folder = folder
        self._roots = [place.root for place in wanted if place.folder]
        self._catalog: Catalog | None = None
        self._given: set[str] = set()

    def catalog(self) -> Catalog:
        """The catalog of its thread."""
        if self._catalog is None:
            self._catalog = self._stack.enter_context(Catalog.open(self._folder))
            self._roots = outermost([*self._roots, *self._catalog.roots()])
        return self._catalog

    def name_for(self, seen: FoundFile) -> str:
        """The path below the outermost root; where another file has that name, with folders put in front."""
        catalog = self.catalog()
        root, name = place_of(seen.location, self._roots)
        above = [part for part in root.split("/") if part]
        while name in self._given or catalog.source(name) is not None:
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
