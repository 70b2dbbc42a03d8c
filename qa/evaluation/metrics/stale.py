"""Which of the files that an answer cites had changed, or were gone, when it was given."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import FileState
from qa.types import Answer, Citation

_STALE: frozenset[FileState] = frozenset(("changed", "gone"))


def stale_files(answer: Answer) -> dict[str, FileState]:
    """The sources that it cites and that are not what was indexed any more, by name, with their states."""
    states = {citation.source: citation.file for citation in _cited(answer)}
    return {source: state for source, state in states.items() if state in _STALE}


def _cited(answer: Answer) -> Sequence[Citation]:
    return (*answer.citations, *(answer.nearest.citations if answer.nearest else ()))


def stale_sentence(count: int) -> str:
    """How many answers cite such files, for people; empty if none does.

    >>> stale_sentence(1)
    '1 answer cites files that changed since they were indexed, or are gone: the older text is quoted'
    """
    if not count:
        return ""
    who = "1 answer cites" if count == 1 else f"{count:,} answers cite"
    return f"{who} files that changed since they were indexed, or are gone: the older text is quoted"
