"""An index that threads share: each gets its answer, and whoever leaves waits for nobody."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.embedding.embedder import load_embedder
from index.embedding.wordllama import DEFAULT_EMBEDDER
from index.errors import UsageError
from index.search.filters import Filters
from qa.answering.shared_reader import SharedIndexReader
from tests.support.cli import QUESTION
from tests.support.timeouts import FOREVER, PATIENCE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.embedding.embedder import Embedder

ALL = Filters()


class Hanging:
    """The embedder `own`, which takes no text before `going` is set."""

    def __init__(self, own: Embedder) -> None:
        self._own = own
        self.name, self.dimension = own.name, own.dimension
        self.asked, self.going = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.set()
        self.going.wait(FOREVER)
        return self._own.embed(texts)


@pytest.fixture
def others() -> set[threading.Thread]:
    """The threads that were there before the test."""
    return set(threading.enumerate())


def readers(others: set[threading.Thread]) -> list[str]:
    return [one.name for one in set(threading.enumerate()) - others if one.name == "qa-index"]


def test_threads_share_it_and_errors_are_their_own(library: Path, others: set[threading.Thread]) -> None:
    """Each gets what it asked for; one thread reads, and none is left; it opens again."""
    shared = SharedIndexReader(library / ".qa")
    with ThreadPoolExecutor(4) as pool:
        good = [pool.submit(shared.find, QUESTION, k=3, filters=ALL) for _ in range(8)]
        bad = pool.submit(shared.find, QUESTION, k=3, filters=Filters(sources=("none*",)))
    assert {one.result().passages[0].source.name for one in good} == {"deep/boats.md"}
    with pytest.raises(UsageError):
        bad.result()
    assert readers(others) == ["qa-index"]
    shared.close()
    assert readers(others) == []
    assert shared.read(lambda catalog: catalog.counts().sources) == 4
    shared.close()
    shared.close()


def test_a_server_of_embeddings_that_hangs_holds_up_nobody(library: Path) -> None:
    """Who leaves is gone in a moment; the next question has a library of its own."""
    hanging = Hanging(load_embedder(DEFAULT_EMBEDDER))
    shared = SharedIndexReader(library / ".qa", lambda _: hanging)
    asking = threading.Thread(target=shared.find, args=(QUESTION,), kwargs={"k": 3, "filters": ALL})
    asking.start()
    assert hanging.asked.wait(PATIENCE)
    began = time.monotonic()
    shared.close()
    assert time.monotonic() - began < PATIENCE
    assert shared.read(lambda catalog: catalog.counts().sources) == 4
    hanging.going.set()
    asking.join(PATIENCE)
    assert not asking.is_alive()
    shared.close()


def test_one_that_is_forgotten_ends_its_thread(library: Path, others: set[threading.Thread]) -> None:
    """As in an application that made one for a question, and let go of it."""
    shared = SharedIndexReader(library / ".qa")
    shared.read(lambda catalog: catalog.generation())
    del shared
    gc.collect()
    until = time.monotonic() + PATIENCE
    while readers(others):
        assert time.monotonic() < until
        time.sleep(0.01)
