"""Keeps Chroma what the catalog says it should be, and notices when it is not.

Chroma may be trusted while its mark in the catalog is "clean", its folder bears the catalog's stamp, its
files are those that were stamped, nothing is pending, and vectors that must be in it are found. Anything else
is built anew from the catalog, without embedding. Whoever writes holds the writer lock.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from index.errors import VectorsFailed
from index.vectors.chroma import CHUNKS_AT_ONCE, ChromaVectors, vacuum
from index.vectors.probe import inspect, inspect_in_child
from index.vectors.stamp import CHROMA, REBUILT, REPLACED, read_stamp, seal, stamp_of, write_stamp

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from index.storage.catalog import Catalog
    from index.vectors.chroma import VectorStore

PROBED_VECTORS = 200  # vectors looked for by a probe
MISSES_ALLOWED = 2  # the graph is approximate
REBUILT_UP_TO = 1_000  # chunks: a second's work
STALE_ALLOWED = 0.1  # vectors of chunks that are gone, by those that are there


class ChromaWriter:
    """Tells Chroma what is pending, batch by batch. Whoever uses it holds the writer lock.

    Nothing is opened before there is something to tell. On leaving, Chroma's files are brought to disk and
    marked clean, unless Chroma failed: then it stays dirty and is built anew the next time.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._store: VectorStore | None = None
        self._failed = False
        self._stale = 0
        self._purged = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def flush(self, limit: int = CHUNKS_AT_ONCE) -> int:
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
        removed = store.delete(pending.ids)
        store.write(pending.vectors)
        self._failed = False
        self._stale += removed
        self._purged = self._purged and not removed
        self._catalog.chroma.settle(pending)
        return len(pending.ids)

    def _open(self) -> VectorStore:
        home = self._catalog.folder / CHROMA
        absent = self._catalog.chroma.state().mark == "absent"
        if absent:
            _clear(home)
        elif not is_sound(self._catalog):
            rebuild(self._catalog)
        stamp = read_stamp(self._catalog)
        if stamp is not None:
            self._stale, self._purged = stamp.stale, stamp.purged
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
            seal(self._catalog, self._catalog.folder / CHROMA, stale=self._stale, purged=self._purged)
        else:
            rebuild(self._catalog)


def is_behind(catalog: Catalog) -> bool:
    """True if there is anything to tell Chroma, to mend in it or to purge from it. Costs no look inside."""
    return catalog.chroma.state().pending > 0 or needs_rebuilding(catalog) or needs_purging(catalog)


def needs_rebuilding(catalog: Catalog) -> bool:
    """True if a writer was killed, or Chroma's folder is gone or another one's. Costs no look inside."""
    mark = catalog.chroma.state().mark
    return mark == "dirty" or (mark == "clean" and read_stamp(catalog) is None)


def needs_purging(catalog: Catalog) -> bool:
    """True if Chroma is whole, and its files may still hold the texts of chunks that are gone."""
    stamp = read_stamp(catalog)
    return catalog.chroma.state().mark == "clean" and stamp is not None and not stamp.purged


def purge(catalog: Catalog) -> None:
    """Take the texts of chunks that are gone out of Chroma's files: it leaves them in its log and free pages.

    The graph keeps their vectors until it is built anew, which is done at once where that is quick or they
    are many. Killed at any moment, it leaves the mark dirty. Raises VectorsFailed.
    """
    stamp, home = read_stamp(catalog), catalog.folder / CHROMA
    if stamp is None or not needs_purging(catalog):
        return
    chunks = catalog.counts().vectors
    if chunks <= REBUILT_UP_TO or stamp.stale > STALE_ALLOWED * chunks or not is_sound(catalog):
        rebuild(catalog)
        return
    catalog.chroma.mark("dirty")
    store = ChromaVectors.open(home)
    try:
        store.empty_log()
    finally:
        store.close()
    vacuum(home)
    seal(catalog, home, stale=stamp.stale, purged=True)


def discard(catalog: Catalog) -> None:
    """Delete Chroma's files, where there are any, for the next one to build anew."""
    if catalog.chroma.state().mark != "absent":
        catalog.chroma.mark("dirty", start_over=True)
    for name in (CHROMA, REBUILT, REPLACED):
        _clear(catalog.folder / name)


def rebuild(catalog: Catalog) -> int:
    """Build Chroma anew from the catalog's vectors, beside the old one, and put it in its place; how many.

    Killed at any moment, it leaves the mark dirty, and the next one starts over. Raises VectorsFailed.
    """
    home, fresh, old = (catalog.folder / name for name in (CHROMA, REBUILT, REPLACED))
    catalog.chroma.mark("dirty", start_over=True)
    _clear(fresh)
    _clear(old)
    store = ChromaVectors.open(fresh, create=True)
    written, after = 0, 0
    try:
        while batch := catalog.chroma.vectors_after(after, CHUNKS_AT_ONCE):
            store.write(batch)
            written, after = written + len(batch), batch[-1].row
    finally:
        store.close()
    if home.exists():
        home.rename(old)
    fresh.rename(home)
    _clear(old)  # before the mark says that all is well: what is left of it may hold text that was removed
    seal(catalog, home, stale=0, purged=True)
    return written


def is_sound(catalog: Catalog) -> bool:
    """True if Chroma can be opened and what the catalog says is there was found in it.

    Files that are byte for byte those that were sealed are opened here; others in a child process first, and
    sealed anew if they turn out well.
    """
    state, home, stamp = catalog.chroma.state(), catalog.folder / CHROMA, read_stamp(catalog)
    if state.mark != "clean" or stamp is None:
        return False
    now = stamp_of(home, state.generation, stale=stamp.stale, purged=stamp.purged)
    probed = (inspect if stamp == now else inspect_in_child)(home, catalog.chroma.sample(PROBED_VECTORS))
    if probed is None or probed.misses > MISSES_ALLOWED:
        return False
    if not state.pending and probed.chunks != catalog.counts().vectors:
        return False
    if stamp != now:
        write_stamp(home, now)
    return True


def _is_complete(catalog: Catalog, store: VectorStore) -> bool:
    return catalog.chroma.state().pending > 0 or store.count() == catalog.counts().vectors


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
