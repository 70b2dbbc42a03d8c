"""An open index for many threads: one thread does the reading for all others."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from qa.answering.index_reader import IndexReader
from qa.answering.retrieval import Retrieval

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.embedder import Embedder
    from index.search.filters import Filters
    from index.storage.catalog import Catalog
    from index.types import Source

T = TypeVar("T")
PATIENCE = 1.0  # seconds that closing waits for what is under way: it may hang in a server of embeddings

_Work = Callable[[IndexReader], None]


class SharedIndexReader:
    """The index in `folder`, opened when it is first asked, seen at each question as it is by then.

    `load` gives the embedder of a name, if not only the bundled one will do; for `directory` see
    `IndexReader`.
    """

    def __init__(
        self, folder: Path, load: Callable[[str], Embedder] | None = None, directory: Path | None = None
    ) -> None:
        self.folder = folder
        self.load = load
        self.directory = directory
        self._reader: _Reader | None = None
        self._starting = threading.Lock()

    def find(
        self,
        question: str,
        *,
        k: int | None,
        filters: Filters,
        queries: tuple[str, ...] = (),
        budget: int | None = None,
    ) -> Retrieval:
        """As `IndexReader.find`; its seconds are those that the caller waited, for other threads as well."""
        began = time.perf_counter()
        retrieval = self.run(
            lambda reader: reader.find(question, k=k, filters=filters, queries=queries, budget=budget)
        )
        return replace(retrieval, seconds=time.perf_counter() - began)

    def sources(self) -> tuple[Source, ...]:
        """All sources, ordered by name. Raises UnusableIndex."""
        return self.run(lambda reader: reader.sources())

    def read(self, work: Callable[[Catalog], T]) -> T:
        """What `work` makes of the catalog, in the catalog's thread; what is made must not hold on to it.

        Raises UnusableIndex, and what `work` raises.
        """
        return self.run(lambda reader: work(reader.catalog()))

    def run(self, work: Callable[[IndexReader], T]) -> T:
        """What `work` makes of the reader, all of it in the catalog's thread; others wait for it."""
        result: Future[T] = Future()

        def in_thread(reader: IndexReader) -> None:
            try:
                result.set_result(work(reader))
            except BaseException as error:  # noqa: BLE001  # not handled here: raised where it was asked for
                result.set_exception(error)

        with self._starting:
            if self._reader is None:
                self._reader = _Reader(IndexReader(self.folder, self.load, self.directory))
                weakref.finalize(self, self._reader.work.put, None)
            self._reader.work.put(in_thread)
        return result.result()

    def close(self) -> None:
        """Close the index and end the thread, waited for `PATIENCE`; the next question opens it again."""
        with self._starting:
            reader, self._reader = self._reader, None
        if reader is not None:
            reader.work.put(None)
            reader.thread.join(PATIENCE)


class _Reader:
    """A thread and the reader that belongs to it. A daemon: whoever leaves does not wait for it.

    It does what it is given in `work`, and ends with None.
    """

    def __init__(self, reader: IndexReader) -> None:
        self.work: SimpleQueue[_Work | None] = SimpleQueue()
        self.thread = threading.Thread(target=_serve, args=(reader, self.work), name="qa-index", daemon=True)
        self.thread.start()


def _serve(reader: IndexReader, queue: SimpleQueue[_Work | None]) -> None:
    while (work := queue.get()) is not None:
        work(reader)
        del work  # and what it made, while there is nothing to do
    reader.close()
