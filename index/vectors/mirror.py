"""Keeps Chroma what the catalog says it should be, and notices when it is not.

Chroma may be trusted while its mark in the catalog is "clean", its folder bears the catalog's stamp, its
files are those that were stamped, and vectors that must be in it are found. Anything else is thrown away and
built anew from the catalog, without embedding. Whoever writes holds the writer lock.

Building is one and the same whatever it starts from: what is pending is told, batch by batch. It can be
broken off between two of them and is gone on with later, also where all is pending.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import QaError
from index.vectors.chroma import ChromaVectors, blank_unused, forget, vacuum
from index.vectors.probe import inspect, inspect_in_child
from index.vectors.stamp import CHROMA, OLD_FOLDERS, read_stamp, seal, stamp_of, write_stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.storage.catalog import Catalog
    from index.vectors.chroma import VectorStore
    from index.vectors.stamp import Stamp

# Chunks, after which it may give way: 250 take a third more of a processor than 1,000. Chroma takes 5,461.
CHUNKS_AT_ONCE = 500
PROBED_VECTORS = 200  # vectors looked for by a probe
# The graph is approximate: of texts that are all alike it misses one in a hundred, a damaged one half of all.
MISSES_ALLOWED = 10
BUILT_ANEW_UP_TO = 1_000  # chunks: a second's work, and nothing stale is left
STALE_ALLOWED = 0.1  # vectors of chunks that are gone, by those that are there


def is_behind(catalog: Catalog) -> bool:
    """True if there is anything to tell Chroma, or to mend or tidy in it. Costs no look inside."""
    return catalog.chroma.state().pending > 0 or needs_rebuilding(catalog) or not _is_compact(catalog)


def needs_rebuilding(catalog: Catalog) -> bool:
    """True if a writer was killed, or Chroma's folder is gone or another one's. Costs no look inside."""
    mark = catalog.chroma.state().mark
    return mark == "dirty" or (mark == "clean" and read_stamp(catalog) is None)


def update(catalog: Catalog, is_wanted: Callable[[], bool] = lambda: False) -> bool:
    """Bring Chroma up to date; False if it ended early because it was wanted, asked after each batch.

    What was told until then stays, and the next update goes on from there. Killed at any moment, it leaves
    the mark dirty or all as it was. Raises VectorsFailed, and what the catalog raises; after VectorsFailed it
    is better left alone, since Chroma can hang for minutes when it is asked again.
    """
    if needs_rebuilding(catalog) or _is_better_built_anew(catalog):
        discard(catalog)
    if not _tell_pending(catalog, is_wanted):
        return False
    if needs_rebuilding(catalog) or _is_stale(catalog):
        discard(catalog)
        if not _tell_pending(catalog, is_wanted):
            return False
    return _compact(catalog, is_wanted)


def discard(catalog: Catalog) -> None:
    """Delete Chroma's files, if there are any; all chunks are pending then."""
    if catalog.chroma.state().mark != "absent":
        catalog.chroma.start_over()
    for name in (CHROMA, *OLD_FOLDERS):
        _clear(catalog.folder / name)


def forget_removed(catalog: Catalog) -> None:
    """Leave no byte in Chroma's files of what was removed or replaced; what is pending stays so.

    Quick where the files are compact. Otherwise they are made so first, which takes seconds for some hundred
    thousand chunks; where they are not to be trusted, they go. Raises OSError, and what the catalog raises.
    """
    stamp = read_stamp(catalog)
    if stamp is None or catalog.chroma.state().mark != "clean" or not _forgotten(catalog, stamp):
        discard(catalog)


def _forgotten(catalog: Catalog, stamp: Stamp) -> bool:
    """What is pending taken out of sealed files; False if they are in use, or other ones than they were."""
    home = catalog.folder / CHROMA
    try:
        forget(home, catalog.chroma.pending_ids())
        blank_unused(home)
        if not stamp.compact:
            vacuum(home)
            write_stamp(home, replace(stamp, compact=True))
    except QaError:
        return False
    return True


def is_sound(catalog: Catalog) -> bool:
    """True if Chroma can be opened and what the catalog says is there was found in it.

    It is opened in a child process: broken files kill the process that opens them, and the stamp says no more
    than whoever wrote it. Files other than those that were sealed are sealed anew if they turn out well.
    """
    stamp = read_stamp(catalog)
    return catalog.chroma.state().mark == "clean" and stamp is not None and _holds_all(catalog, stamp)


def _holds_all(catalog: Catalog, stamp: Stamp, *, here: bool = False) -> bool:
    """The same of files with this stamp; `here`, files that were sealed so are opened in this process."""
    state, home = catalog.chroma.state(), catalog.folder / CHROMA
    now = stamp_of(home, state.generation, stale=stamp.stale, compact=stamp.compact)
    probe = inspect if here and stamp == now else inspect_in_child
    probed = probe(home, catalog.chroma.sample(PROBED_VECTORS))
    if probed is None or probed.misses > MISSES_ALLOWED:
        return False
    if not state.pending and probed.chunks != catalog.counts().vectors:
        return False
    if stamp != now:
        write_stamp(home, now)
    return True


def _may_go_on(catalog: Catalog) -> bool:
    """True if Chroma's files can be written on. They are marked dirty before they are opened here.

    If they kill this process, which nobody waits for, the next one builds them anew.
    """
    stamp = read_stamp(catalog)
    if catalog.chroma.state().mark != "clean" or stamp is None:
        return False
    catalog.chroma.mark("dirty")
    return _holds_all(catalog, stamp, here=True)


def _tell_pending(catalog: Catalog, is_wanted: Callable[[], bool]) -> bool:
    """Tell Chroma all that is pending; False if it was wanted before that.

    However it ends, what was told is sealed, unless Chroma failed, or came out short: then the mark stays
    dirty.
    """
    if not catalog.chroma.state().pending:
        return True
    if catalog.chroma.state().mark != "absent" and not _may_go_on(catalog):
        discard(catalog)
    new = catalog.chroma.state().mark == "absent"
    if new:
        discard(catalog)  # what a killed one left
    home, stamp = catalog.folder / CHROMA, read_stamp(catalog)
    stale = stamp.stale if stamp else 0
    catalog.chroma.mark("dirty")
    store: VectorStore = ChromaVectors.open(home, create=new)
    try:
        for batch in catalog.chroma.batches(CHUNKS_AT_ONCE):
            stale += 0 if new else store.delete(batch.ids)
            store.write(batch.vectors)
            catalog.chroma.told(batch)
            if is_wanted():  # after a batch: however often it is wanted, it comes to an end
                break
        done = not catalog.chroma.state().pending
        whole = not done or store.count() == catalog.counts().vectors
    finally:
        store.close()
    if whole:
        seal(catalog, home, stale=stale)
    return done


def _compact(catalog: Catalog, is_wanted: Callable[[], bool]) -> bool:
    """Write Chroma's rows anew, so that what is removed from now on is quickly gone; False if wanted."""
    stamp, home = read_stamp(catalog), catalog.folder / CHROMA
    if stamp is None or stamp.compact:
        return True
    if is_wanted() or not vacuum(home, is_wanted):
        return False
    write_stamp(home, replace(stamp, compact=True))
    return True


def _is_compact(catalog: Catalog) -> bool:
    stamp = read_stamp(catalog)
    return stamp is None or stamp.compact


def _is_better_built_anew(catalog: Catalog) -> bool:
    """True if something is to be told to a collection that is small, or would be stale afterwards."""
    state, chunks = catalog.chroma.state(), catalog.counts().vectors
    if state.mark != "clean" or not state.pending:
        return False
    return chunks <= BUILT_ANEW_UP_TO or catalog.chroma.gone() > STALE_ALLOWED * chunks


def _is_stale(catalog: Catalog) -> bool:
    """True if the graph holds many vectors of chunks that are gone."""
    stamp = read_stamp(catalog)
    return stamp is not None and stamp.stale > STALE_ALLOWED * catalog.counts().vectors


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
