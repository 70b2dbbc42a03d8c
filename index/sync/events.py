"""Progress events of a sync, and the report at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from index.vectors.writer_process import ChromaStatus

Outcome = Literal["added", "updated", "unchanged", "removed", "moved", "ignored", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Notice:
    """The outcome of one file, with the reason where it was not indexed."""

    name: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Discovered:
    """How many files there are so far that will each end in a `Finished`; `complete` when the walk is over.

    `size` is the bytes there are to read; `unchanged` files were met and end in no event, and files that are
    gone end in one without being counted here.
    """

    files: int
    size: int
    unchanged: int
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """One file that was read is done: its outcome, its size in bytes and the chunks it was cut into."""

    name: str
    outcome: Outcome
    reason: str = ""
    size: int = 0
    chunks: int = 0
    notes: tuple[str, ...] = ()


Event = Discovered | Finished


@dataclass(frozen=True, slots=True)
class Moves:
    """So many `files` went from one folder, or one place, to another; both are absolute paths."""

    before: str
    now: str
    files: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder of which `gone` of its `known` files are not there: nothing of it was removed."""

    folder: str
    gone: int
    known: int


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How a sync ended. Every file met is counted exactly once, but hidden and excluded ones.

    `ignored` counts files no reader knows, by suffix, most first; `ignored_files` names them. `skipped` were
    left out on purpose (links, pipes, too large, empty), `failed` could not be read: pairs of name and
    reason. `notes` are remarks on files that were indexed. `moves` says where `moved` files were and are,
    most first; `kept` are folders of which so much is gone that it was left in the index. `generation` is
    that of the catalog afterwards. `chroma` says how far Chroma is behind, which is brought up to date in
    the background.
    """

    added: int
    updated: int
    unchanged: int
    removed: int
    moved: int
    ignored: tuple[tuple[str, int], ...]
    hidden: int
    excluded: int
    skipped: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    chunks: int
    seconds: float
    generation: int
    chroma: ChromaStatus
    ignored_files: tuple[tuple[str, str], ...] = ()
    moves: tuple[Moves, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def changed(self) -> int:
        """How many sources are other than before."""
        return self.added + self.updated + self.removed + self.moved

    @property
    def indexed(self) -> int:
        """How many of the files met are in the index now."""
        return self.added + self.updated + self.unchanged + self.moved
