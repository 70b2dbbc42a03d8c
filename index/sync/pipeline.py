"""The stages of a sync before the commit: each is a generator, run ahead in a thread of its own.

Between two of them is a bounded queue:

    walk and compare -> read, split and cut -> embed what is not cached -> (commit, tell Chroma)
    thread              child processes        thread                      caller,  child process
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from index.concurrency.prefetch import Prefetch
from index.embedding.embedder import embed_each
from index.errors import QaError
from index.readers.formats import reader_name
from index.storage.catalog import Catalog
from index.storage.records import Prepared
from index.sync.events import Notice
from index.sync.prepare import prepare_file, run_reader
from index.sync.scan.compare import Scan
from index.sync.scan.names import NameAllocator
from index.sync.scan.places import Target
from index.sync.tasks import Result, Task, Unchanged, Unreadable
from index.sync.workers.pool import Workers
from index.text.chunks import CHUNKER, embedding_text

if TYPE_CHECKING:
    from index.embedding.embedder import Embedder

GROUP_CHUNKS = 500  # a transaction takes whole sources until it holds so many chunks,
GROUP_SECONDS = 0.5  # or until its first source has waited so long
EMBED_AT_ONCE = 128  # texts given to the embedder in one call
LOOKED_UP_AT_ONCE = 1_000  # texts, in the cache
WAITING_TASKS = 20_000  # files the walk may be ahead: up to so many, how much there is to do is known early
WAITING_TEXT = 20_000_000  # characters that may wait between two stages
HOPELESS = 3  # groups in a row that could not be embedded

# Small files of these readers are prepared by this process: they are plain text, on which no parser can fail,
# and starting a child takes as long as 200 KB of them.
SAFE_READERS = {"text", "markdown", "rst", "csv", "tsv", "code"}
SMALL_FILE_BYTES = 50_000
SMALL_FILES_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """Whole sources for one transaction, with the vectors that were not cached; or why there are none.

    `refused` are sources of the same group that hold a text which cannot be embedded, and why.
    """

    sources: tuple[tuple[Task, Prepared], ...]
    vectors: dict[str, bytes]
    error: QaError | None = None
    refused: tuple[tuple[Task, Prepared, QaError], ...] = ()


Read = Notice | tuple[Task, Result]
Embedded = Notice | tuple[Task, Unchanged | Unreadable] | SourceBatch


def stages(
    stack: ExitStack,
    scan: Scan,
    wanted: Sequence[Target],
    embedder: Callable[[], Embedder],
    workers: Workers,
) -> Iterator[Embedded]:
    """The stages, each in a thread of its own until `stack` ends.

    Leaving `stack` goes backwards: before the thread of a stage is joined, the stage that feeds it is told to
    stop, because the thread may be waiting for it.
    """
    folder = scan.folder
    tasks = stack.enter_context(Prefetch(_wanted_tasks(scan, wanted, folder), limit=WAITING_TASKS))
    stack.enter_context(workers)
    read = stack.enter_context(Prefetch(prepared(tasks, workers), limit=WAITING_TEXT, weight=_weight))
    stack.callback(workers.close)  # so that the thread above does not wait for a child
    stack.callback(tasks.stop)
    cancelled = threading.Event()
    groups = embed_groups(read, folder, embedder, cancelled)
    embedded = stack.enter_context(Prefetch(groups, limit=WAITING_TEXT, weight=_weight))
    stack.callback(read.stop)
    stack.callback(cancelled.set)
    return embedded


def _wanted_tasks(scan: Scan, wanted: Sequence[Target], folder: Path) -> Generator[Task | Notice]:
    """First stage: the files to read, and what the walk has to say of others."""
    with ExitStack() as stack:
        names = NameAllocator(stack, folder, wanted)
        for place in wanted:
            yield from scan.look(place, names)
    scan.counts.complete = True


def prepared(tasks: Iterator[Task | Notice], workers: Workers) -> Generator[Read]:
    """Second stage: every file prepared, by children; the first of the small and harmless ones here."""
    budget = SMALL_FILES_BYTES

    def here() -> Iterator[Task | Read]:
        nonlocal budget
        for task in tasks:
            if isinstance(task, Task) and _only_moved(task):
                yield task, Unchanged(task.known or "", task.stat)
            elif (
                isinstance(task, Task) and task.stat.size <= min(SMALL_FILE_BYTES, budget) and _is_safe(task)
            ):
                budget -= task.stat.size
                yield task, run_reader(prepare_file, task)
            else:
                yield task

    mixed: Iterator[Task | Read] = here()
    read: Iterator[Read] = workers.results(mixed)
    yield from read


def _only_moved(task: Task) -> bool:
    """True if a folder above the file was renamed: not even its inode is another, nor was it touched."""
    return task.before is not None and task.before.row.stat == task.stat


def _is_safe(task: Task) -> bool:
    return reader_name(task.name, task.reading).partition("/")[0] in SAFE_READERS


def embed_groups(
    read: Iterator[Read], folder: Path, embedder: Callable[[], Embedder], cancelled: threading.Event
) -> Generator[Embedded]:
    """Third stage: prepared sources in groups, with the vectors the cache lacks. The rest goes by.

    Ends between two calls of the embedder once it is `cancelled`.
    """
    waiting: list[tuple[Task, Prepared]] = []
    enough, chunks, since = 1, 0, 0.0  # the first source at once: the model is loaded meanwhile
    with ExitStack() as stack:
        vectors = _MissingVectors(stack, folder, embedder, cancelled)
        for value in read:
            if isinstance(value, Notice):
                yield value
                continue
            task, result = value
            if not isinstance(result, Prepared):
                yield task, result
                continue
            since = since if waiting else time.monotonic()
            waiting.append((task, result))
            chunks += len(result.chunks)
            if chunks >= enough or time.monotonic() - since > GROUP_SECONDS:
                yield vectors.group(waiting)
                waiting, chunks, enough = [], 0, GROUP_CHUNKS
        if waiting:
            yield vectors.group(waiting)


class Cancelled(Exception):
    """Whoever asked for the groups does not want them any more."""


class _MissingVectors:
    """The embedder and the cache of vectors, for the thread of the third stage."""

    def __init__(
        self, stack: ExitStack, folder: Path, embedder: Callable[[], Embedder], cancelled: threading.Event
    ) -> None:
        self._stack = stack
        self._cancelled = cancelled
        self._folder = folder
        self._load = embedder
        self._embedder: Embedder | None = None
        self._catalog: Catalog | None = None
        self._failures = 0

    def group(self, sources: Sequence[tuple[Task, Prepared]]) -> SourceBatch:
        """The sources, with the vectors the cache lacks. Raises the embedder's error if it is hopeless."""
        embedder, catalog = self._ready()
        made: dict[str, bytes] = {}
        refused: dict[str, QaError] = {}
        cut: set[str] = set()
        try:
            for texts in _missing(sources, catalog, embedder.name, made):
                if self._cancelled.is_set():
                    raise Cancelled
                keys = list(texts)
                embedded = embed_each(embedder, list(texts.values()))
                made.update(zip(keys, (row.tobytes() for row in embedded.rows.astype("<f4")), strict=True))
                refused.update((keys[at], error) for at, error in embedded.refused.items())
                cut.update(keys[at] for at in embedded.cut)
        except QaError as error:
            self._failures += 1
            if self._failures >= HOPELESS:
                raise
            return SourceBatch(tuple(sources), {}, error)
        self._failures = 0
        return _sorted_out(sources, made, refused, cut)

    def _ready(self) -> tuple[Embedder, Catalog]:
        if self._embedder is None or self._catalog is None:
            self._embedder = self._load()
            self._catalog = self._stack.enter_context(Catalog.open(self._folder))
            self._catalog.configure(
                chunker=CHUNKER, embedder=self._embedder.name, dimension=self._embedder.dimension
            )
        return self._embedder, self._catalog


def _missing(
    sources: Sequence[tuple[Task, Prepared]], catalog: Catalog, embedder: str, made: Mapping[str, bytes]
) -> Iterator[dict[str, str]]:
    """The texts, by key, of which neither the cache nor `made` has the vector; a few at a time."""
    places = ((key, at, source) for _, source in sources for at, key in enumerate(source.keys))
    missing: dict[str, str] = {}
    while part := list(islice(places, LOOKED_UP_AT_ONCE)):
        cached = catalog.cached(embedder, {key for key, _, _ in part})
        for key, at, source in part:
            if key not in cached and key not in made:
                missing[key] = embedding_text(source.chunks[at], source.source.title)
            if len(missing) == EMBED_AT_ONCE:
                yield missing
                missing = {}
    if missing:
        yield missing


def _sorted_out(
    sources: Sequence[tuple[Task, Prepared]],
    made: dict[str, bytes],
    refused: Mapping[str, QaError],
    cut: Collection[str],
) -> SourceBatch:
    """The sources without those that hold a refused text; with a remark on those that hold one too long."""
    whole: list[tuple[Task, Prepared]] = []
    out: list[tuple[Task, Prepared, QaError]] = []
    for task, source in sources:
        error = next((refused[key] for key in source.keys if key in refused), None)
        if error is not None:
            out.append((task, source, error))
            continue
        long = sum(key in cut for key in source.keys)
        whole.append((task, _remarked(source, long) if long else source))
    kept = {key for _, source in whole for key in source.keys}
    vectors = {key: row for key, row in made.items() if key in kept}
    return SourceBatch(tuple(whole), vectors, refused=tuple(out))


def _remarked(source: Prepared, long: int) -> Prepared:
    count = len(source.chunks)
    note = f"{long} of {count} passages are longer than the embedding model reads: found by their beginning"
    return replace(source, source=replace(source.source, notes=(*source.source.notes, note)))


def _weight(value: Read | Embedded) -> int:
    """What a value weighs in a queue: the characters of its text, and a little."""
    if isinstance(value, SourceBatch):
        return sum(len(source.text) for _, source in value.sources) + 100
    if isinstance(value, tuple) and isinstance(value[1], Prepared):
        return len(value[1].text) + 100
    return 100
