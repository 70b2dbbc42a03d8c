"""An open index for many threads: one thread does the reading for all others, or several processes do."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import cached_property
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from index.concurrency.children import Children
from qa.answering.ask import ask
from qa.answering.factory import configured_reader
from qa.answering.index_reader import IndexReader
from qa.answering.retrieval import Retrieval

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.embedder import Embedder
    from index.search.filters import Filters
    from index.storage.catalog import Catalog
    from index.types import Source
    from qa.models.reader.sentence_reader import SentenceReader
    from qa.settings.settings import Settings
    from qa.types import Answer

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


class IndexReaders:
    """The index in `folder`, asked by any number of threads: by as many as `count` at once, in processes.

    They are started as they are needed, and end with `close` or with this one. For `load`, which must be one
    that can be pickled, and `directory` see `IndexReader`; for `settings` `configured_reader`.
    """

    def __init__(
        self, count: int, folder: Path, load: Callable[[str], Embedder], directory: Path, settings: Settings
    ) -> None:
        self._count = count
        self._opening = (folder, load, directory, settings)
        self._children: Children[_Answerer] | None = None
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
        """As `IndexReader.find`; its seconds are those that the caller waited. Raises ProcessDied too."""
        began = time.perf_counter()
        retrieval = self._started().run(_Answerer.find, question, k, filters, queries, budget)
        return replace(retrieval, seconds=time.perf_counter() - began)

    def answer(self, question: str, *, k: int | None, filters: Filters) -> Answer:
        """The answer without a model. Raises what `ask` raises, and ProcessDied."""
        return self._started().run(_Answerer.answer, question, k, filters)

    def close(self) -> None:
        """End the processes, what is under way within `PATIENCE`; the next question starts others."""
        with self._starting:
            children, self._children = self._children, None
        if children is not None:
            children.close(PATIENCE)

    def _started(self) -> Children[_Answerer]:
        with self._starting:
            if self._children is None:
                self._children = Children(self._count, _Answerer, *self._opening)
            return self._children


class _Answerer:
    """What a process has: the index, and what helps to choose sentences, if anything does."""

    def __init__(
        self, folder: Path, load: Callable[[str], Embedder], directory: Path, settings: Settings
    ) -> None:
        self._reader = IndexReader(folder, load, directory)
        self._settings = settings

    def find(
        self, question: str, k: int | None, filters: Filters, queries: tuple[str, ...], budget: int | None
    ) -> Retrieval:
        return self._reader.find(question, k=k, filters=filters, queries=queries, budget=budget)

    def answer(self, question: str, k: int | None, filters: Filters) -> Answer:
        return ask(question, self._reader, k=k, filters=filters, reader=self._sentence_reader).answer

    @cached_property
    def _sentence_reader(self) -> SentenceReader | None:
        return configured_reader(self._settings)
