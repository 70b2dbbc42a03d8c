"""The Chroma collection held against the catalog: how far it is behind, who writes it, what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import IndexLocked, StorageError
from index.health.findings import CheckFinding, Progress, counted
from index.storage.lock import writer_lock
from index.vectors.mirror import MISSES_ALLOWED, PROBED_VECTORS
from index.vectors.probe import inspect_in_child
from index.vectors.stamp import CHROMA
from index.vectors.writer_process import status

if TYPE_CHECKING:
    from index.storage.catalog import Catalog

CHECK = "chroma"
MEANWHILE = "until then, exact search answers"


def check_chroma(catalog: Catalog, report: Progress, *, wanted: bool, started: bool = False) -> CheckFinding:
    """Whether Chroma has what the catalog has.

    `wanted` is false where the settings do not want it kept, `started` true where a process was just started
    to write it. Its files are opened in a child process, which damaged ones may kill, and not while they are
    written.
    """
    now = status(catalog)
    many = counted(now.pending, "chunk")
    if now.is_behind and (now.is_written or started):
        return CheckFinding(CHECK, "note", f"{many} are being written in the background")
    if now.is_behind and not wanted:
        return CheckFinding(CHECK, "note", f"{many} behind: not wanted (chroma); exact search answers")
    if now.is_behind:
        why = f": {now.failure}" if now.failure else ", and nobody is writing"
        return CheckFinding(CHECK, "wrong", f"{many} behind{why}", f"written; {MEANWHILE}", repair=True)
    if catalog.chroma.state().mark == "absent":
        return CheckFinding(CHECK, "ok", "nothing to be in it yet")
    report("files of Chroma", 0, None)
    return _inspected(catalog)


def _inspected(catalog: Catalog) -> CheckFinding:
    try:
        with writer_lock(catalog.folder, wait=0):
            fault = chroma_fault(catalog)
    except IndexLocked:
        return CheckFinding(CHECK, "note", "up to date; not looked into while somebody writes to the index")
    except StorageError as error:
        return CheckFinding(CHECK, "note", f"up to date; not looked into: {error.cause}")
    if fault:
        return CheckFinding(CHECK, "wrong", fault, f"written anew; {MEANWHILE}", repair=True)
    return CheckFinding(CHECK, "ok", f"{counted(catalog.counts().vectors, 'chunk')}, as in the catalog")


def chroma_fault(catalog: Catalog) -> str:
    """What is wrong with files that are said to be whole, "" if nothing is; for who holds the lock."""
    vectors, pending = catalog.counts().vectors, catalog.chroma.state().pending
    try:
        sample = catalog.chroma.sample(PROBED_VECTORS)
    except (ValueError, TypeError):
        return "the vectors that it was given are damaged"
    found = inspect_in_child(catalog.folder / CHROMA, sample)
    if found is None:
        return "its files cannot be opened"
    if found.chunks != vectors and not pending:
        return f"it has {found.chunks:,} of {counted(vectors, 'chunk')}"
    if found.misses > MISSES_ALLOWED:
        return f"it does not find {found.misses} of {PROBED_VECTORS} chunks that are in it"
    return ""
