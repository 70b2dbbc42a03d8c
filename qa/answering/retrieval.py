"""A retrieval: passages, and the source texts they were cut from, read at one moment.

Writing an answer may take a minute, and a source may be replaced meanwhile: a passage is quoted from the text
that was read with it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from index.errors import IndexDamaged
from index.text.chunks import chunk_id
from index.types import Passage, Sliceable
from prompts import load
from qa.answering.extractive.question import parse_question
from qa.models.tokens import estimate_tokens

if TYPE_CHECKING:
    from index.search.filters import Filters
    from index.search.searcher import Searcher
    from index.storage.catalog import Catalog
    from index.storage.records import FileRow
    from index.types import Chunk, Source

PASSAGES = 10  # that are looked at where no model reads them
# And where it is asked why: what tells the reasons often says by other words what happened.
PASSAGES_FOR_REASONS = 12
TRIES = 3  # of a search whose sources are replaced in the same moment
# A passage takes at least as many tokens of a prompt as it is searched for: 70 for the 14,000 of most models,
# of which about 25 fit.
_TOKENS_EACH, _MOST = 200, 500
_MOST_FILTERS = 4  # patterns of names that a note repeats
_CHARACTERS_A_TOKEN = 5  # at most, as tokens are estimated
_OF_A_SENTENCE, _OF_A_PASSAGE = 4, 40  # tokens of a key, and of what stands above a passage


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a search gave: passages, best first, and by source id the texts that they were cut from.

    `seconds` is the wall time that it took, `undated` the number of sources that were not searched because
    they have no date of their own and a range of dates was asked for. `narrowed` says which filters were on,
    and how many sources were searched of how many; empty without filters. `queries` were searched for beside
    the question. `files` are the catalog's rows of those sources that are files.

    For a model there is more. `of_passages` and `of_sources` are what might have been found. With `whole`,
    `passages` are all of them, for together they fit a prompt: those that the search did not find come last,
    by source and place, with a score of 0. `before` has by the id of a passage's chunk the one before it.
    """

    passages: tuple[Passage, ...]
    texts: Mapping[str, Sliceable]
    seconds: float = 0.0
    undated: int = 0
    narrowed: str = ""
    queries: tuple[str, ...] = ()
    whole: bool = False
    of_passages: int = 0
    of_sources: int = 0
    before: Mapping[str, Chunk] = field(default_factory=dict)
    files: tuple[FileRow, ...] = ()


def undated_note(count: int) -> str:
    """Why so many sources were not searched."""
    if count == 1:
        return "1 source has no date of its own, and is in no range of dates"
    return f"{count:,} sources have no date of their own, and are in no range of dates"


def narrowed_note(filters: Filters, searched: int, indexed: int) -> str:
    """Which sources were searched, and how many of those that are indexed.

    >>> from index.search.filters import Filters
    >>> narrowed_note(Filters(("notes/*",), since="2026-03"), 3, 21)
    'only sources of notes/* from 2026-03 on were searched: 3 of 21'
    """
    words = ["only sources"]
    if filters.sources:
        named, more = filters.sources[:_MOST_FILTERS], len(filters.sources) - _MOST_FILTERS
        words.append(f"of {' or '.join(named)}" + (f" or {more:,} more" if more > 0 else ""))
    if filters.since and filters.until:
        words.append(f"from {filters.since} to {filters.until}")
    elif filters.since or filters.until:
        words.append(f"from {filters.since} on" if filters.since else f"up to {filters.until}")
    return f"{' '.join(words)} were searched: {searched:,} of {indexed:,}"


def passages_without_model(question: str) -> int:
    """How many passages are looked at where no model reads them: 10, and 12 if the question asks why."""
    return PASSAGES_FOR_REASONS if parse_question(question).kind == "why" else PASSAGES


def most_passages(question: str, k: int | None, budget: int | None) -> int:
    """How many passages to look for: `k` if given, else what a prompt may hold, or 10 or 12."""
    if k is not None:
        return k
    if budget is None:
        return passages_without_model(question)
    return min(max(budget // _TOKENS_EACH, PASSAGES), _MOST)


def retrieve(
    question: str,
    searcher: Searcher,
    catalog: Catalog,
    *,
    k: int | None,
    filters: Filters,
    queries: tuple[str, ...] = (),
    budget: int | None = None,
) -> Retrieval:
    """At most `k` passages for `question` and `queries`, with their texts.

    With `budget`, the tokens of the prompt that they are for, all that `filters` admit if that fits; see
    `Retrieval`. They are searched for again if a source was replaced since.

    Raises IndexDamaged if passages are not what their sources say, and what `Searcher.search` raises.
    """
    began = time.perf_counter()
    most = most_passages(question, k, budget)
    for _ in range(TRIES):
        found = searcher.search(question, k=most, filters=filters, queries=queries)
        retrieval = Retrieval(found, {}, queries=queries)
        rows = [source.row for source in searcher.admitted(filters)] if budget and filters else None
        with catalog.snapshot():
            if budget is not None:
                retrieval = _for_prompt(question, retrieval, catalog, rows, k, budget)
            texts = texts_of(retrieval.passages, catalog, whole=budget is not None)
            files = catalog.files_of({passage.source.id for passage in retrieval.passages})
        if texts is not None:
            return replace(retrieval, texts=texts, files=files, seconds=time.perf_counter() - began)
    raise IndexDamaged(
        "passages of the index are not what their sources say",
        "mend the index with `qa doctor`",
        option="repair",
    )


def _for_prompt(
    question: str, found: Retrieval, catalog: Catalog, rows: Sequence[int] | None, k: int | None, budget: int
) -> Retrieval:
    """`found` with what else a prompt wants: all other passages if they fit, else what is before each.

    Others are those of the sources in `rows`, None for all sources.
    """
    extent = catalog.extent(rows)
    found = replace(found, of_passages=extent.chunks, of_sources=extent.sources)
    if extent.characters <= budget * _CHARACTERS_A_TOKEN and (k is None or extent.chunks <= k):
        everything = _everything(catalog, rows)
        passages = (*found.passages, *_others(found.passages, everything))
        if _tokens(question, passages) <= budget:
            return replace(found, passages=passages, whole=True, before=_neighbours(everything))
    return replace(found, before=catalog.chunks_before(passage.chunk for passage in found.passages))


def _everything(catalog: Catalog, rows: Sequence[int] | None) -> list[tuple[Chunk, Source]]:
    """All chunks of the sources in `rows`, by source and place."""
    sources = [row.row for row in catalog.source_rows()] if rows is None else rows
    chunks = catalog.chunks(catalog.chunk_rows_within(sources).tolist())
    return sorted(chunks.values(), key=lambda pair: (pair[1].name, pair[0].span))


def _others(found: Sequence[Passage], everything: Iterable[tuple[Chunk, Source]]) -> Iterator[Passage]:
    """The passages that `found` has neither as such nor as a copy, in their order."""
    known = {passage.chunk.id for passage in found}
    known |= {copy.chunk.id for passage in found for copy in passage.copies}
    others = (pair for pair in everything if pair[0].id not in known)
    for rank, (chunk, source) in enumerate(others, len(found) + 1):
        yield Passage(rank, chunk, source, 0.0)


def _neighbours(everything: Iterable[tuple[Chunk, Source]]) -> dict[str, Chunk]:
    chunks = (chunk for chunk, _ in everything)
    return {right.id: left for left, right in pairwise(chunks) if left.source_id == right.source_id}


def _tokens(question: str, passages: Iterable[Passage]) -> int:
    """About how many tokens a prompt with all of `passages` has, rather too many than too few."""
    chunks = [passage.chunk for passage in passages]
    own = sum(estimate_tokens(chunk.text) + _OF_A_SENTENCE * len(chunk.sentences) for chunk in chunks)
    return estimate_tokens(load("answer").text + question) + own + _OF_A_PASSAGE * len(chunks)


def texts_of(
    passages: Sequence[Passage], catalog: Catalog, *, whole: bool = False
) -> Mapping[str, Sliceable] | None:
    """The texts of all sources of `passages`; None if one was replaced since they were found, or is damaged.

    Only what stands around the passages is read at once, unless the texts are needed `whole`: what a model
    wrote in a minute must not be lost because a source was replaced meanwhile.
    """
    chunks = [passage.chunk for passage in passages]
    try:
        with catalog.snapshot():
            texts: Mapping[str, Sliceable] = (
                {source_id: catalog.text(source_id) for source_id in {chunk.source_id for chunk in chunks}}
                if whole
                else catalog.texts(chunks)
            )
    except KeyError:
        return None
    return texts if all(_is_as_found(chunk, texts[chunk.source_id]) for chunk in chunks) else None


def _is_as_found(chunk: Chunk, text: Sliceable) -> bool:
    """True if the text has the chunk at its place; its id tells a page that a failing disk has changed."""
    found = chunk.span.of(text) == chunk.text
    return found and chunk_id(chunk.source_id, chunk.span, chunk.text) == chunk.id
