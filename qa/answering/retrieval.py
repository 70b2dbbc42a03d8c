"""Passages of an index together with the texts that they were cut from, both of one moment.

An answer may take a minute to write, and a source may be replaced meanwhile: what was found is quoted from
what was read with it. Knows the catalog; does not know how a search is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import IndexDamaged

if TYPE_CHECKING:
    from index.storage.catalog import Catalog
    from index.types import Passage

TRIES = 3  # of a search whose sources are replaced in the same moment


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Passages, best first, and by id the texts of their sources as they were at that moment."""

    passages: tuple[Passage, ...]
    texts: Mapping[str, str]


def retrieve(search: Callable[[], tuple[Passage, ...]], catalog: Catalog) -> Retrieval:
    """What `search` finds in `catalog`, with its texts; searched again if a source was replaced since.

    Raises IndexDamaged if passages are not what their sources say.
    """
    for _ in range(TRIES):
        passages = search()
        texts = texts_of(passages, catalog)
        if texts is not None:
            return Retrieval(passages, texts)
    raise IndexDamaged(
        "passages of the index are not what their sources say", "index the files again with `qa index`"
    )


def texts_of(passages: Sequence[Passage], catalog: Catalog) -> dict[str, str] | None:
    """The texts of all sources of `passages`; None if one was replaced since they were found."""
    texts: dict[str, str] = {}
    with catalog.snapshot():
        for source_id in dict.fromkeys(passage.source.id for passage in passages):
            try:
                texts[source_id] = catalog.text(source_id)
            except KeyError:
                return None
    chunks = [passage.chunk for passage in passages]
    return texts if all(one.span.of(texts[one.source_id]) == one.text for one in chunks) else None
