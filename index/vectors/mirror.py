"""Keeps Chroma what the catalog says it should be, and notices when it is not.

Knows when Chroma may be trusted: its mark in the catalog is "clean", its folder bears the catalog's stamp,
its files are those that were stamped, nothing is pending, and vectors that must be in it are found. Anything
else is built anew from the catalog, without embedding. Does not rank, and knows no files of documents.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from index.errors import VectorsFailed
from index.vectors.chroma import BATCH, ChromaVectors
from index.vectors.probe import inspect, inspect_in_child
from index.vectors.stamp import FOLDER, FRESH, OLD, _read_stamp, _seal, _stamp_of, _write_stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from index.storage.catalog import Catalog
    from index.vectors.chroma import VectorStore

SAMPLE = 200  # vectors looked for by a probe
MISSES_ALLOWED = 2  # the graph is approximate


class ChromaWriter:
    """Tells Chroma what is pending, batch by batch. Whoever uses it holds the writer lock.

    Nothing is opened before there is something to tell. On leaving, Chroma's files are brought to disk and
    marked clean, unless Chroma failed: then it stays dirty and is built anew the next time.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._store: VectorStore | None = None
        self._failed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def flush(self, limit: int = BATCH) -> int:
        """Tell Chroma of up to `limit` pending chunks; how many, 0 when there is nothing left to tell.

        Raises VectorsFailed; after that, leave: Chroma can hang for minutes when asked again.
        """
        if self._failed:
            raise VectorsFailed("Chroma failed before and is not asked again", "run it again")
        if not self._catalog.chroma.state().pending:
            return 0
        store = self._store or self._open()
        pending = self._catalog.chroma.pending(limit)
        self._failed = True
        store.delete(pending.ids)
        store.write(pending.vectors)
        self._failed = False
        self._catalog.chroma.settle(pending)
        return len(pending.ids)

    def _open(self) -> VectorStore:
        home = self._catalog.folder / FOLDER
        absent = self._catalog.chroma.state().mark == "absent"
        if absent:
            _clear(home)
        elif not is_sound(self._catalog):
            rebuild(self._catalog)
        self._catalog.chroma.mark("dirty")
        self._store = ChromaVectors.open(home, create=absent)
        return self._store

    def close(self) -> None:
        """Bring everything to disk and mark it clean; build it anew if it came out short."""
        if self._store is None:
            return
        store, self._store = self._store, None
        whole = not self._failed and _is_complete(self._catalog, store)
        store.close()
        if self._failed:
            return
        if whole:
            _seal(self._catalog, self._catalog.folder / FOLDER)
        else:
            rebuild(self._catalog)


def update(catalog: Catalog, on_progress: Callable[[int], None] | None = None) -> int:
    """Bring Chroma up to date with the catalog, healing it first if need be; how many chunks it was told of.

    Whoever calls holds the writer lock. `on_progress` gets the number so far. Raises VectorsFailed.
    """
    told = 0
    if needs_rebuilding(catalog):
        told = rebuild(catalog, on_progress)
    with ChromaWriter(catalog) as writer:
        while flushed := writer.flush():
            told += flushed
            if on_progress:
                on_progress(told)
    return told


def needs_rebuilding(catalog: Catalog) -> bool:
    """True if a writer was killed, or Chroma's folder is gone or another one's. Costs no look inside."""
    mark = catalog.chroma.state().mark
    return mark == "dirty" or (mark == "clean" and _read_stamp(catalog) is None)


def rebuild(catalog: Catalog, on_progress: Callable[[int], None] | None = None) -> int:
    """Build Chroma anew from the catalog's vectors, beside the old one, and put it in its place; how many.

    Whoever calls holds the writer lock. Killed at any moment, it leaves the mark dirty, and the next one
    starts over. Raises VectorsFailed.
    """
    home, fresh, old = (catalog.folder / name for name in (FOLDER, FRESH, OLD))
    catalog.chroma.mark("dirty", start_over=True)
    _clear(fresh)
    _clear(old)
    store = ChromaVectors.open(fresh, create=True)
    written, after = 0, 0
    try:
        while batch := catalog.chroma.vectors_after(after, BATCH):
            store.write(batch)
            written, after = written + len(batch), batch[-1].row
            if on_progress:
                on_progress(written)
    finally:
        store.close()
    if home.exists():
        home.rename(old)
    fresh.rename(home)
    _seal(catalog, home)
    _clear(old)
    return written


def is_sound(catalog: Catalog) -> bool:
    """True if Chroma can be opened and what the catalog says is there was found in it.

    Files that are byte for byte those that were sealed are opened here; others in a child process first, and
    sealed anew if they turn out well. Whoever calls holds the writer lock.
    """
    state, home, stamp = catalog.chroma.state(), catalog.folder / FOLDER, _read_stamp(catalog)
    if state.mark != "clean" or stamp is None:
        return False
    now = _stamp_of(home, state.generation)
    seen = (inspect if stamp == now else inspect_in_child)(home, catalog.chroma.sample(SAMPLE))
    if seen is None or seen.misses > MISSES_ALLOWED:
        return False
    if not state.pending and seen.chunks != catalog.counts().vectors:
        return False
    if stamp != now:
        _write_stamp(home, state.generation)
    return True


def _is_complete(catalog: Catalog, store: VectorStore) -> bool:
    return catalog.chroma.state().pending > 0 or store.count() == catalog.counts().vectors


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
