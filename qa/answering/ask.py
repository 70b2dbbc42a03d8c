"""A question from end to end: searched for, planned if there is a model, read, answered.

A plan needs the names of likely sources, so the question itself is searched for first (10 to 100 ms), and
then a model writes queries, see `planning.py`. It is not asked where that can hardly matter.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from index.errors import ModelError, ModelUnavailable, SourceReplaced
from qa.answering.answer import answer
from qa.answering.retrieval import PASSAGES, TRIES
from qa.errors import CostLimit
from qa.types import Answer, StreamEvent, Usage

if TYPE_CHECKING:
    from index.search.filters import Filters
    from qa.answering.generative.generate import AnswerModel
    from qa.answering.retrieval import Retrieval
    from qa.models.reader.sentence_reader import SentenceReader

Show = Callable[[StreamEvent], None]
Tell = Callable[[str], None]

# Evidence from which a question none of whose words is missing has what it asks for in its first five
# passages: for .98 of the questions of every open set. benchmarks/planning.py prints the table.
PLAIN_EVIDENCE = 0.9


class Finder(Protocol):
    """What finds passages: `IndexReader`, `SharedIndexReader`, or one of them guarded."""

    def find(
        self,
        question: str,
        *,
        k: int | None,
        filters: Filters,
        queries: tuple[str, ...] = (),
        budget: int | None = None,
    ) -> Retrieval:
        """As `IndexReader.find`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, and the retrieval that it was made from."""

    answer: Answer
    retrieval: Retrieval


def ask(  # noqa: PLR0913 - the question, and everything that may help to answer it
    question: str,
    finder: Finder,
    *,
    k: int | None,
    filters: Filters,
    model: AnswerModel | None = None,
    show: Show | None = None,
    tell: Tell | None = None,
    reader: SentenceReader | None = None,
) -> Asked:
    """The answer to `question` from the index that `finder` reads, by `model` if there is one.

    A model with `plan` is first asked for queries, and they are searched for beside the question. Where the
    first search seemed to be enough it is not; but if it then finds no answer, it is asked for them, and once
    more for the answer if they find anything new. A plan that fails ends nothing: a note says so.

    `show` is given the text of a model as it comes, see `generate`; `tell` what is being done, a line each
    time that there is something to wait for ("asking gpt-4.1-mini"). For `reader` see `answer`.
    Raises what `find` and `answer` raise.
    """
    if model is None:
        return _without_model(question, finder, k, filters, reader)
    retrieval = finder.find(question, k=k, filters=filters, budget=model.prompt_tokens)
    if not retrieval.passages:
        return Asked(answer(question, retrieval, model=model, show=show, reader=reader), retrieval)
    asking = _Asking(question, finder, k, filters, model, show, tell or (lambda _: None), reader)
    useful = model.plan and others_left(retrieval, k)
    enough = useful and plainly_found(question, retrieval)
    if useful and not enough:
        retrieval = asking.planned(retrieval)
    asked = Asked(asking.answered(retrieval), retrieval)
    if enough and asked.answer.status == "abstained" and not asked.answer.stopped:
        asked = asking.again(asked)
    return replace(asked, answer=asking.noted(asked.answer))


def _without_model(
    question: str,
    finder: Finder,
    k: int | None,
    filters: Filters,
    reader: SentenceReader | None,
    tries: int = TRIES,
) -> Asked:
    """The answer in sentences of the sources; asked once more if one of these was replaced meanwhile."""
    retrieval = finder.find(question, k=k, filters=filters)
    try:
        return Asked(answer(question, retrieval, reader=reader), retrieval)
    except SourceReplaced:
        if tries == 1:
            raise
    return _without_model(question, finder, k, filters, reader, tries - 1)


def others_left(retrieval: Retrieval, k: int | None) -> bool:
    """Whether there is anything that other queries might find: not if all there is was found or is read."""
    if retrieval.of_passages:
        return not retrieval.whole and len(retrieval.passages) < retrieval.of_passages
    return k is None or len(retrieval.passages) >= k


def plainly_found(question: str, retrieval: Retrieval) -> bool:
    """Whether the passages that `question` found surely hold what it asks for."""
    from qa.answering.extractive.extract import extract

    found = extract(question, retrieval.passages[:PASSAGES], retrieval.texts)
    return found.evidence >= PLAIN_EVIDENCE and not found.missing


def will_plan(question: str, retrieval: Retrieval, k: int | None) -> bool:
    """Whether a model that plans is asked for queries before it is asked for an answer."""
    return bool(retrieval.passages) and others_left(retrieval, k) and not plainly_found(question, retrieval)


@dataclass(slots=True)
class _Asking:
    """A question on its way through its calls: what they took besides the answer's own, and notes."""

    question: str
    finder: Finder
    k: int | None
    filters: Filters
    model: AnswerModel
    show: Show | None
    tell: Tell
    reader: SentenceReader | None = None
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0  # of planning
    notes: tuple[str, ...] = ()

    def answered(self, retrieval: Retrieval) -> Answer:
        """The model's answer from `retrieval`."""
        self.tell(f"asking {self.model.llm.name}")
        return answer(self.question, retrieval, model=self.model, show=self.show, reader=self.reader)

    def planned(self, first: Retrieval) -> Retrieval:
        """What the question and the model's queries find together; `first` if it has none to offer.

        Raises ModelUnavailable: no other call would fare better.
        """
        queries = self._queries(first)
        if not queries:
            return first
        found = self.finder.find(
            self.question,
            k=self.k,
            filters=self.filters,
            queries=queries,
            budget=self.model.prompt_tokens,
        )
        return replace(found, seconds=first.seconds + found.seconds)

    def _queries(self, first: Retrieval) -> tuple[str, ...]:
        from qa.answering.planning import failure_note, plan_queries

        self.tell(f"asking {self.model.llm.name} for search queries")
        llm, began = self.model.meter(), time.perf_counter()
        try:
            return plan_queries(self.question, first.passages[:PASSAGES], llm)
        except ModelUnavailable:
            raise
        except (ModelError, CostLimit) as error:
            self.notes = (*self.notes, failure_note(error))
            return ()
        finally:
            self._count(llm.usage)
            self.seconds += time.perf_counter() - began

    def again(self, refused: Asked) -> Asked:
        """After an abstention from a search that was not planned: planned, and answered from what is new.

        If nothing is, or the model cannot be asked again, the abstention stands.
        """
        from qa.answering.generative.reading.selection import worth_reading

        try:
            retrieval = self.planned(refused.retrieval)
            given = (each for each in refused.retrieval.passages if each.rank in refused.answer.read)
            read = {passage.chunk.id for passage in given}
            if all(passage.chunk.id in read for passage in worth_reading(self.question, retrieval)):
                return Asked(replace(refused.answer, queries=retrieval.queries), refused.retrieval)
            second = self.answered(retrieval)
        except (ModelError, CostLimit) as error:
            self.notes = (*self.notes, f"not asked again with other passages: {error.cause}")
            return refused
        self._count(refused.answer.usage)
        self.seconds += refused.answer.seconds.answer
        return Asked(second, retrieval)

    def noted(self, result: Answer) -> Answer:
        """An answer with what all calls took, and the notes on them."""
        from qa.models.metering import together

        seconds = replace(result.seconds, answer=result.seconds.answer + self.seconds)
        usage = together(self.usage, result.usage)
        return replace(result, usage=usage, seconds=seconds, notes=(*self.notes, *result.notes))

    def _count(self, usage: Usage) -> None:
        from qa.models.metering import together

        self.usage = together(self.usage, usage)
