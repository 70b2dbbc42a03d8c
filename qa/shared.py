"""An index that any thread may ask: its catalog lives in one thread, which does the reading for all others.

Knows threads and the library. Knows neither the framework that asks nor what is made of the passages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from qa.asking import Library
from qa.found import Found

if TYPE_CHECKING:
    from pathlib import Path

    from index.catalog import Catalog
    from index.embed import Embedder
    from index.search import Filters

T = TypeVar("T")


class SharedLibrary:
    """The index in `folder`, opened when it is first asked, seen at each question as it is by then.

    `load` gives the embedder of a name, if not only the bundled one will do.
    """

    def __init__(self, folder: Path, load: Callable[[str], Embedder] | None = None) -> None:
        self.folder = folder
        self._library = Library(folder, load)
        self._thread: ThreadPoolExecutor | None = None
        self._starting = threading.Lock()

    def find(self, question: str, *, k: int, filters: Filters, texts: bool = False) -> Found:
        """At most `k` passages for `question`; with `texts`, also the texts that they were cut from.

        Raises UsageError if the question has no word or no source fits the filters, and UnusableIndex.
        """
        return self._in_thread(lambda: self._library.find(question, k=k, filters=filters, texts=texts))

    def read(self, work: Callable[[Catalog], T]) -> T:
        """What `work` makes of the catalog, in the catalog's thread; what is made must not hold on to it.

        Raises UnusableIndex, and what `work` raises.
        """
        return self._in_thread(lambda: work(self._library.catalog()))

    def alone(self, work: Callable[[Library], T]) -> T:
        """What `work` makes of the library, all of it in the catalog's thread; others wait for it."""
        return self._in_thread(lambda: work(self._library))

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
