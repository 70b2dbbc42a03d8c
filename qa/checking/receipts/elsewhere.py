"""Files in which something may stand that is no longer where it was."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.formats import supported
from index.sync.files import open_regular, suffix_of
from index.sync.scan.walk import FoundFile, Rules, walk
from index.text.lines import collapse

if TYPE_CHECKING:
    from index.readers.formats import ReadingOptions
    from index.storage.catalog import Catalog
    from qa.types import Citation

_WORDS = 12  # of a quotation, by which files that have it are found in the index
_MOST_MATCHES = 20  # chunks that have all of them
_MOST_NEW = 2_000  # files that the index does not know, of which the bytes are compared
_MOST_READ = 20  # of those that are other ones, which may have it all the same


class OtherFiles:
    """Where to look for what was cited: files that the index knows, and new ones beside them.

    New are the files in the folders that were indexed, or, without an index, in the folder where the cited
    file lay. They are looked at when the first citation is missing.
    """

    def __init__(self, catalog: Catalog | None, reading: ReadingOptions, limit: int) -> None:
        self._catalog, self._reading, self._limit = catalog, reading, limit
        self._new: dict[str, dict[str, str]] = {}  # by root: the hashes of new files by their locations

    def likely(self, citation: Citation) -> list[str]:
        """Absolute paths, the likeliest first: files with its file's bytes, then those with its words."""
        new = self._new_files(citation)
        same = [path for path, sha256 in new.items() if sha256 == citation.sha256]
        kind = suffix_of(citation.location or citation.source)
        others = islice((path for path in new if suffix_of(path) == kind), _MOST_READ)
        paths = dict.fromkeys((*self._known(citation), *same, *others))
        return [path for path in paths if path != citation.location]

    def _known(self, citation: Citation) -> Iterator[str]:
        """By the index."""
        if self._catalog is None:
            return
        yield from (file.location for file in self._catalog.files_with(citation.sha256))
        words = [
            word for word in collapse(citation.text).replace('"', " ").split() if any(map(str.isalnum, word))
        ]
        query = " ".join(f'"{word}"' for word in words[:_WORDS])
        matches = self._catalog.match(query, limit=_MOST_MATCHES) if query else []
        chunks = self._catalog.chunks([match.row for match in matches])
        yield from (source.location for _, source in chunks.values() if source.location is not None)

    def _new_files(self, citation: Citation) -> dict[str, str]:
        if self._catalog is not None:
            roots: tuple[str, ...] = self._catalog.roots()
        else:
            roots = (os.path.dirname(citation.location),) if citation.location else ()  # noqa: PTH120
        found: dict[str, str] = {}
        for root in roots:
            if root not in self._new:
                self._new[root] = dict(self._hashed(self._unknown(root)))
            found |= self._new[root]
        return found

    def _unknown(self, root: str) -> Iterator[FoundFile]:
        """The files below `root` that the index does not know, and that can be read."""
        known: set[str] = set()
        folder = None
        if self._catalog is not None:
            known = {file.location for file in self._catalog.files(root)}
            folder = str(self._catalog.folder)
        rules = Rules(index_folder=folder, readable=lambda name: supported(name, self._reading))
        for seen in walk(root, rules) if Path(root).is_dir() else ():
            if isinstance(seen, FoundFile) and seen.location not in known and seen.stat.size <= self._limit:
                yield seen

    def _hashed(self, files: Iterable[FoundFile]) -> Iterator[tuple[str, str]]:
        for file in islice(files, _MOST_NEW):
            try:
                with os.fdopen(open_regular(file.path), "rb") as opened:
                    yield file.location, hashlib.file_digest(opened, "sha256").hexdigest()
            except (OSError, ReadError):
                continue  # it cannot be read now, so that nothing is found in it
