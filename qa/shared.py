"""An index that any thread may ask: its catalog lives in one thread, which does the reading for all others.

Knows threads and the library. Knows neither the framework that asks nor what is made of the passages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from index.errors import IndexDamaged, UsageError
from qa.asking import Library

if TYPE_CHECKING:
    from pathlib import Path

    from index.catalog import Catalog
    from index.embed import Embedder
    from index.search import Filters, Searcher
    from index.types import Passage

T = TypeVar("T")
TRIES = 3  # of a search whose sources are replaced in the same moment


@dataclass(frozen=True, slots=True)
class Found:
    """Passages, best first, and by id the texts of their sources as they were at that moment."""

    passages: tuple[Passage, ...]
    texts: Mapping[str, str]


class SharedLibrary:
    """The index in `folder`, opened when it is first asked, seen at each question as it is by then.

    `embedder` must be the one that the index was made with; None loads it by its name.
    """

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        self.folder = folder
        self._embedder = embedder
        self._library = Library(folder)
        self._own: tuple[Catalog, Searcher] | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._starting = threading.Lock()

    def find(self, question: str, *, k: int, filters: Filters, texts: bool = False) -> Found:
        """At most `k` passages for `question`; with `texts`, also the texts that they were cut from.

        Raises UsageError if the question has no word or no source fits the filters, and UnusableIndex.
        """
        return self._in_thread(lambda: self._find(question, k, filters, texts=texts))

    def close(self) -> None:
        """Close the index and end the thread; the next question opens it again."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.submit(self._library.close).result()
            thread.shutdown()

    def _in_thread(self, work: Callable[[], T]) -> T:
        with self._starting:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="qa-index")
            future = self._thread.submit(work)
        return future.result()

    def _find(self, question: str, k: int, filters: Filters, *, texts: bool) -> Found:
        searcher, catalog = self._searcher(), self._library.catalog()
        if filters and not any(map(filters.admit, catalog.sources())):
            raise UsageError("no source fits the filters", "names and dates are listed by: qa sources")
        for _ in range(TRIES):
            passages = searcher.search(question, k=k, filters=filters)
            known = _texts(catalog, passages) if texts else {}
            if known is not None:
                return Found(passages, known)
        raise IndexDamaged(
            "passages of the index are not what their sources say", "index the files again with `qa index`"
        )

    def _searcher(self) -> Searcher:
        if self._embedder is None:
            return self._library.searcher()
        from index.search import Searcher

        catalog = self._library.catalog()
        if self._own is None or self._own[0] is not catalog:
            self._own = (catalog, Searcher(catalog, self._embedder))
        return self._own[1]


def _texts(catalog: Catalog, passages: Sequence[Passage]) -> dict[str, str] | None:
    """The texts of all sources of `passages`; None if one was replaced since they were found."""
    texts: dict[str, str] = {}
    with catalog.snapshot():
        for source_id in dict.fromkeys(passage.source.id for passage in passages):
            try:
                texts[source_id] = catalog.text(source_id)
            except KeyError:
                return None
    chunks = [passage.chunk for passage in passages]
    return texts if all(one.span.of(texts[one.source_id]) == one.text for one in chunks) else None
