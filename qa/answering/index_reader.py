"""An open index for questions: retrieves passages, lists sources."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import NoIndex, UsageError
from index.sync.files import clean_name
from qa.answering.retrieval import Retrieval, narrowed_note, retrieve, undated_note

if TYPE_CHECKING:
    from index.embedding.embedder import Embedder
    from index.search.filters import Filters
    from index.search.searcher import Searcher
    from index.storage.catalog import Catalog
    from index.types import Source

LONGEST_QUESTION = 10_000  # characters


def check_question(text: str) -> str:
    """`text` without outer white space. Raises UsageError if there is nothing to ask, or too much.

    Bytes that are not UTF-8, as a command line may hold them, become escapes.
    """
    question = clean_name(text).strip()
    if not any(character.isalnum() for character in question):
        raise UsageError("the question is empty", 'ask something: qa ask "Why was the summit cancelled?"')
    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"the question has {len(question):,} characters, more than {LONGEST_QUESTION:,}",
            "ask a shorter one; documents are read with qa index",
        )
    return question


@dataclass(slots=True)
class IndexReader:
    """The index in `folder`: the catalog and the embedder, opened when first needed and then kept open.

    A catalog belongs to the thread that opened it, and so does its reader; only `warm` may run in another.
    `load` gives the embedder of a name, if not only the bundled one will do. In `directory` begin the paths
    that filters may have in place of names; without one, only whole paths are known.
    """

    folder: Path
    load: Callable[[str], Embedder] | None = None
    directory: Path | None = None
    _catalog: Catalog | None = None
    _embedder: Embedder | None = None
    _searcher: Searcher | None = None
    _file: tuple[int, int] | None = None
    _resolved: tuple[int, Filters, Filters] | None = None
    _loading: threading.Lock = field(default_factory=threading.Lock)

    def catalog(self) -> Catalog:
        """The open catalog; opened anew if another file has taken its place. Raises UnusableIndex."""
        from index.storage.catalog import FILE_NAME, Catalog

        file = _identity(self.folder / FILE_NAME)
        if self._catalog is not None and file != self._file:
            self.close()
        if self._catalog is None:
            self._catalog = Catalog.open(self.folder)
            self._file = _identity(self.folder / FILE_NAME)
        return self._catalog

    def embedder(self, name: str) -> Embedder:
        """The embedder called `name`, loaded once. Raises SettingsError."""
        with self._loading:
            if self._embedder is None or self._embedder.name != name:
                from index.embedding.embedder import load_embedder

                self._embedder = (self.load or load_embedder)(name)
            return self._embedder

    def find(
        self,
        question: str,
        *,
        k: int | None,
        filters: Filters,
        queries: tuple[str, ...] = (),
        budget: int | None = None,
    ) -> Retrieval:
        """At most `k` passages for `question` in the index as it is now, with the texts they were cut from.

        Without `k`, 10, or 12 where it is asked why. With `budget`, the tokens of the prompt that they are
        for, as many as may be worth their place in it, and all that the filters admit if they fit; see
        `Retrieval`. `queries` say the same in other words: what they find is fused with what the question
        finds. Raises UsageError if the question has no word or no source fits the filters (that is a slip,
        and no answer), and UnusableIndex.
        """
        catalog, searcher = self.catalog(), self.searcher()
        filters = self.resolved(filters)
        if filters and not searcher.admitted(filters):
            undated = self._undated(filters)
            raise UsageError(
                "no source fits the given names and dates",
                f"names and dates are listed by: qa sources{f'; {undated_note(undated)}' if undated else ''}",
            )
        retrieval = retrieve(
            question, searcher, catalog, k=k, filters=filters, queries=queries, budget=budget
        )
        if not filters:
            return retrieval
        narrowed = narrowed_note(filters, len(searcher.admitted(filters)), len(catalog.source_rows()))
        return replace(retrieval, undated=self._undated(filters), narrowed=narrowed)

    def resolved(self, filters: Filters) -> Filters:
        """`filters` with the names that their paths and places stand for, see `resolve_sources`.

        Raises UsageError for one that admits nothing. The last result is remembered.
        """
        if not filters.sources:
            return filters
        from index.search.typed import resolve_sources

        generation = self.catalog().generation()
        if self._resolved is None or self._resolved[:2] != (generation, filters):
            found = resolve_sources(self.catalog(), filters, self.directory)
            self._resolved = (generation, filters, found)
        return self._resolved[2]

    def _undated(self, filters: Filters) -> int:
        """How many sources a range of dates leaves out only because they have no date of their own."""
        if not (filters.since or filters.until):
            return 0
        named = replace(filters, since=None, until=None)
        rows = self.catalog().source_rows()
        return sum(row.date is None and named.admit_named(row.name, None) for row in rows)

    def searcher(self) -> Searcher:
        """What searches the catalog. Raises NoIndex if nothing was ever put into it."""
        catalog = self.catalog()
        if self._searcher is None:
            from index.search.searcher import Searcher

            name = catalog.manifest.embedder
            if not name:
                raise NoIndex(f"the index at {self.folder} is empty", "put documents in: qa index FOLDER")
            self._searcher = Searcher(catalog, self.embedder(name))
        return self._searcher

    def warm(self) -> None:
        """Do what the first question would have to wait for, in a thread of its own."""
        from index.storage.catalog import Catalog

        with Catalog.open(self.folder) as catalog:
            name = catalog.manifest.embedder
        if name:
            import qa.answering.answer  # noqa: F401 - for its imports, numpy above all

            self.embedder(name)

    def sources(self) -> tuple[Source, ...]:
        """All sources, ordered by name."""
        return self.catalog().sources()

    def close(self) -> None:
        """Close all that is open; the next question opens it again."""
        if self._searcher is not None:
            self._searcher.close()
        if self._catalog is not None:
            self._catalog.close()
        self._catalog = self._searcher = self._resolved = None


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at `path`: device and inode, None without one."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
