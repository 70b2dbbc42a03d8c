"""Which of the passages that were found a model is given, and in which order they are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from index.types import Passage
from qa.answering.scope import Scope, scope_of
from qa.types import Coverage

if TYPE_CHECKING:
    from qa.answering.retrieval import Retrieval

# The weak tail: passages after the first few whose score is a smaller share of the best one's. What that
# costs and saves on open sets is in benchmarks/RESULTS.md, "What is read".
LEAST = 5
SHARE = 0.4


def worth_reading(question: str, retrieval: Retrieval) -> tuple[Passage, ...]:
    """The passages that a model is to read, those first that are to be kept if there is no room for all.

    All that were found where they are the whole corpus or somebody chose them, and where the question is over
    many documents: then the best passage of each source comes before the second of any. Else those of
    the weak tail are left out.
    """
    passages = retrieval.passages
    if retrieval.whole or not retrieval.of_passages:
        return passages
    if scope_of(question) is not None:
        return _spread(passages)
    best = max((passage.score for passage in passages), default=0.0)
    return tuple(
        passage for at, passage in enumerate(passages) if at < LEAST or passage.score >= SHARE * best
    )


def _spread(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """`passages` in rounds: the first of each source, the second of each, and so on."""
    by_source: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        by_source[passage.source.id].append(passage)
    rounds = zip_longest(*by_source.values())
    return tuple(passage for passage in chain.from_iterable(rounds) if passage is not None)


def coverage_of(read: Sequence[Passage], retrieval: Retrieval, *, cut: bool = False) -> Coverage | None:
    """How much of what might have been read `read` is; None where that was not counted.

    What says nothing ("Advertisement") was read too, where all else was: where nothing was `cut`.
    """
    if not retrieval.of_passages:
        return None
    if retrieval.whole and not cut:
        read = retrieval.passages
    chunks = {chunk.id for each in read for chunk in (each.chunk, *(copy.chunk for copy in each.copies))}
    sources = {source.id for each in read for source in (each.source, *(copy.source for copy in each.copies))}
    return Coverage(len(chunks), retrieval.of_passages, len(sources), retrieval.of_sources)


def partly_read_note(question: str, coverage: Coverage | None) -> str | None:
    """That only a part was read, where a question is over many documents; None where there is no need to."""
    scope = scope_of(question)
    if scope is None or coverage is None or coverage.passages >= coverage.of_passages:
        return None
    return (
        f"{coverage.passages:,} of {coverage.of_passages:,} passages were read, from {coverage.sources:,} of "
        f"{coverage.of_sources:,} sources: {_INCOMPLETE[scope]}"
    )


_INCOMPLETE: dict[Scope, str] = {
    "list": "the list may lack what stands in the others",
    "count": "what stands in the others is not counted",
    "documents": "others may belong here too",
    "summary": "what the others say is not summed up",
    "comparison": "what the others say is not compared",
}
