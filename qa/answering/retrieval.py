"""A retrieval: passages, and the source texts they were cut from, read at one moment.

Writing an answer may take a minute, and a source may be replaced meanwhile: a passage is quoted from the text
that was read with it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import IndexDamaged

if TYPE_CHECKING:
    from index.search.filters import Filters
    from index.search.searcher import Searcher
    from index.storage.catalog import Catalog
    from index.types import Passage

TRIES = 3  # of a search whose sources are replaced in the same moment


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a search gave: passages, best first, and by source id the texts that they were cut from.

    `seconds` is the wall time that it took, `undated` the number of sources that were not searched because
    they have no date of their own and a range of dates was asked for. `queries` were searched for beside the
    question.
    """

    passages: tuple[Passage, ...]
    texts: Mapping[str, str]
    seconds: float = 0.0
    undated: int = 0
    queries: tuple[str, ...] = ()


def undated_note(count: int) -> str:
    """Why so many sources were not searched."""
    if count == 1:
        return "1 source has no date of its own, and is in no range of dates"
    return f"{count:,} sources have no date of their own, and are in no range of dates"


def retrieve(
    question: str,
    searcher: Searcher,
    catalog: Catalog,
    *,
    k: int,
    filters: Filters,
    queries: tuple[str, ...] = (),
) -> Retrieval:
    """At most `k` passages for `question` and `queries`, with their texts.

    They are searched for again if a source was replaced since.

    Raises IndexDamaged if passages are not what their sources say, and what `Searcher.search` raises.
    """
    began = time.perf_counter()
    for _ in range(TRIES):
        passages = searcher.search(question, k=k, filters=filters, queries=queries)
        texts = texts_of(passages, catalog)
        if texts is not None:
            return Retrieval(passages, texts, time.perf_counter() - began, queries=queries)
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
    return texts if all(chunk.span.of(texts[chunk.source_id]) == chunk.text for chunk in chunks) else None
