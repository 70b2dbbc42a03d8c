"""Asks one question once, and records what was retrieved, answered and cited.

It is asked as `qa ask` asks it, so that the answer is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from index.errors import IndexMismatch, ModelError, QaError, UsageError
from index.types import Passage, Sliceable, Source, Span
from qa.answering.ask import Finder, ask
from qa.answering.index_reader import IndexReader
from qa.evaluation.running.replay import Keep, ReplayBudget, ReplayingLLM
from qa.evaluation.runs.header import Fingerprint, fingerprint
from qa.evaluation.runs.serialization import Call
from qa.evaluation.sets.gold import Resolver, surroundings
from qa.evaluation.types import (
    Context,
    Failure,
    GoldPlace,
    Question,
    Record,
    RecordId,
    Retrieved,
    SourceSpan,
)
from qa.types import Answer, Seconds

if TYPE_CHECKING:
    from index.search.filters import Filters
    from index.storage.catalog import Catalog
    from qa.answering.generative.generate import AnswerModel
    from qa.answering.retrieval import Retrieval
    from qa.models.reader.sentence_reader import SentenceReader


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How every question of a run is asked: at most `k` passages, from the sources that `filters` admit.

    Without `k`, 10, or as many as a model is given. `model` is the one that answers, None for sentences of
    the documents, which `reader` then helps to choose.
    """

    k: int | None
    filters: Filters
    model: AnswerModel | None = None
    reader: SentenceReader | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record of a question, and the error that it failed with or that its checks did.

    `seconds` are those of the longest call of a model.
    """

    record: Record
    error: QaError | None = None
    seconds: float = 0.0


T = TypeVar("T")
Again = tuple[type[ModelError], ...]  # the errors with which a question is asked again later
AskOne = Callable[[Question, RecordId, Again], Recorded]


class SearchableIndex(Finder, Protocol):
    """An index that may be asked from here: `SharedIndexReader`, or `LocalReader` in its thread."""

    def read(self, work: Callable[[Catalog], T]) -> T:
        """As `SharedIndexReader.read`."""


class LocalReader:
    """An `IndexReader`, asked in the thread that it belongs to."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self.find = reader.find

    def read(self, work: Callable[[Catalog], T]) -> T:
        """What `work` makes of the catalog."""
        return work(self._reader.catalog())


class IndexGuard:
    """Resolves gold in an index that must not change meanwhile; for the thread of its catalog."""

    def __init__(self, made_with: Fingerprint) -> None:
        self.made_with = made_with
        self._resolver: Resolver | None = None
        self._generation = -1

    def check(self, catalog: Catalog) -> Resolver:
        """What resolves gold. Raises IndexMismatch if the index does not hold what it did at first."""
        generation = catalog.generation()
        if self._resolver is None or generation != self._generation:
            if fingerprint(catalog) != self.made_with:
                raise IndexMismatch(
                    "the index was changed while it was being asked; what was answered before is kept",
                    "start a new run over it, into another folder",
                    option="out",
                )
            self._resolver, self._generation = Resolver(catalog), generation
        return self._resolver


class _Guarded:
    """A reader whose index must not have changed by the time that passages were found."""

    def __init__(self, reader: SearchableIndex, guard: IndexGuard) -> None:
        self._reader = reader
        self._guard = guard

    def find(
        self,
        question: str,
        *,
        k: int | None,
        filters: Filters,
        queries: tuple[str, ...] = (),
        budget: int | None = None,
    ) -> Retrieval:
        """As `IndexReader.find`. Raises IndexMismatch too."""
        retrieval = self._reader.find(question, k=k, filters=filters, queries=queries, budget=budget)
        self._reader.read(self._guard.check)
        return retrieval


class Attempt:
    """One question asked once, for the record with this id.

    `known` are its model calls that were finished before, by number; `keep` is given each new one. With the
    errors `again`, it is asked again; `lost` is what calls that ended so may have cost before, in US dollars.
    """

    def __init__(
        self,
        question: Question,
        record_id: RecordId,
        known: Mapping[int, Call],
        keep: Keep,
        *,
        again: tuple[type[ModelError], ...] = (),
        lost: float = 0.0,
    ) -> None:
        self._question = replace(question, place="")
        self._record_id = record_id
        self._known = known
        self._keep = keep
        self._again = again
        self._lost = lost
        self._gold: tuple[GoldPlace, ...] = ()
        self._llm: ReplayingLLM | None = None
        self._budget: ReplayBudget | None = None

    @property
    def last_error(self) -> ModelError | None:
        """The error of the last call: where there is a record all the same, claims could not be checked."""
        return self._llm.error if self._llm else None

    @property
    def slowest(self) -> float:
        """Seconds of the longest call that was made."""
        return self._llm.slowest if self._llm else 0.0

    @property
    def lost(self) -> float:
        """What its calls that failed may have cost, where costs are limited, in US dollars."""
        return self._budget.lost if self._budget else 0.0

    def record(self, reader: SearchableIndex, guard: IndexGuard, options: AskOptions) -> Record:
        """The record of its answer. Raises what searching and answering raise, and CostLimit for a check too.

        The answer is that of `qa ask`, but for its passages, which the record has.
        """
        filters = reader.read(lambda catalog: self._resolve(guard.check(catalog), options.filters))
        model = self._replaying(options.model) if options.model else None
        asked = ask(
            self._question.text,
            _Guarded(reader, guard),
            k=options.k,
            filters=filters,
            model=model,
            reader=options.reader,
        )
        result, retrieval = asked.answer, asked.retrieval
        if self._budget and self._budget.refusal:
            raise self._budget.refusal
        key, repeat = self._record_id
        return Record(
            key,
            self._question,
            repeat,
            self._gold,
            for_record(result),
            tuple(map(retrieved, result.passages)),
            contexts(result, retrieval.texts),
            self._texts(),
            spent=self._spent(),
        )

    def find_gold(self, resolver: Resolver) -> None:
        """Look up the gold alone, for the failure of a question that was not asked here."""
        self._gold = resolver.resolve(self._question).gold

    def failure(self, error: QaError) -> Record:
        """The record of a question that has no answer because of `error`."""
        key, repeat = self._record_id
        reason = Failure(type(error).__name__, error.cause, error.hint)
        return Record(
            key,
            self._question,
            repeat,
            self._gold,
            completions=self._texts(),
            failure=reason,
            spent=self._spent(),
        )

    def _resolve(self, resolver: Resolver, filters: Filters) -> Filters:
        """Resolve the gold; gives `filters` narrowed to the source that the question is within."""
        self.find_gold(resolver)
        return narrow_filters(self._question, resolver, filters)

    def _replaying(self, model: AnswerModel) -> AnswerModel:
        self._llm = ReplayingLLM(model.llm, self._known, self._keep, again=self._again)
        self._budget = ReplayBudget(model.budget, self._llm) if model.budget else None
        return replace(model, llm=self._llm, budget=self._budget)

    def _spent(self) -> float | None:
        return self._lost + self._budget.taken if self._budget else None

    def _texts(self) -> tuple[str, ...]:
        return tuple(self._llm.texts) if self._llm else ()


def narrow_filters(question: Question, resolver: Resolver, filters: Filters) -> Filters:
    """`filters` that admit nothing but the source that `question` is within, if it is within one.

    Raises UsageError if there is no such source, or they do not admit it.
    """
    if question.within is None:
        return filters
    indexed = resolver.indexed(question.within)
    if indexed is None:
        raise UsageError(f"within: {question.within} is not indexed", "names are listed by: qa sources")
    if filters and not filters.admit(indexed.source):
        why = f"within: {indexed.source.name} is not among the sources that may answer"
        raise UsageError(why, "change sources or dates", option=("sources", "since", "until"))
    # A name is no pattern: its own stars and brackets mean themselves.
    sources = (re.sub(r"([*?[])", r"[\1]", indexed.source.name),)
    return replace(filters, sources=sources, names=frozenset())


def for_record(answer: Answer) -> Answer:
    """An answer as a record keeps it: without its passages, its figures with the digits that are written."""
    seconds = Seconds(round(answer.seconds.search, 4), round(answer.seconds.answer, 4))
    return replace(answer, passages=(), read=(), evidence=round(answer.evidence, 4), seconds=seconds)


def retrieved(passage: Passage) -> Retrieved:
    """A passage without its text."""
    copies = tuple(_placed(copy.source, copy.chunk.span) for copy in passage.copies)
    place = _placed(passage.source, passage.chunk.span)
    return Retrieved(passage.rank, place, round(passage.score, 6), copies)


def contexts(answer: Answer, texts: Mapping[str, Sliceable]) -> tuple[Context, ...]:
    """The text before and after each citation of an answer with passages; `texts` by source id."""
    sources = {passage.source.name: passage.source for passage in answer.passages}
    around = []
    for citation in answer.citations:
        source = sources[citation.source]
        before, after = surroundings(texts[source.id], citation.span)
        around.append(Context(citation.number, before, after, pages_of(source, citation.span)))
    return tuple(around)


def pages_of(source: Source, span: Span) -> tuple[int, ...]:
    """The pages that have a character of `span`, in order; none for a source without pages."""
    return tuple(page.number for page in source.pages if page.span.overlaps(span))


def _placed(source: Source, span: Span) -> SourceSpan:
    return SourceSpan(source.name, span, pages_of(source, span))
