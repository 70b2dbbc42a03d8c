"""A question from end to end: searched for, planned if there is a model, read, answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from qa.answering.answer import answer
from qa.types import Answer

if TYPE_CHECKING:
    from index.search.filters import Filters
    from qa.answering.generative.generate import AnswerModel
    from qa.answering.retrieval import Retrieval
    from qa.types import StreamEvent

Tell = Callable[[str], None]


class Finder(Protocol):
    """What finds passages: `IndexReader`, `SharedIndexReader`, or one of them guarded."""

    def find(self, question: str, *, k: int, filters: Filters, queries: tuple[str, ...] = ()) -> Retrieval:
        """As `IndexReader.find`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, and the retrieval that it was made from."""

    answer: Answer
    retrieval: Retrieval


def ask(
    question: str,
    finder: Finder,
    *,
    k: int,
    filters: Filters,
    model: AnswerModel | None = None,
    show: Callable[[StreamEvent], None] | None = None,
    tell: Tell | None = None,
) -> Asked:
    """The answer to `question` from the index that `finder` reads, by `model` if there is one.

    `show` is given the text of a model as it comes, see `generate`; `tell` what is being done, a line each
    time that there is something to wait for ("asking gpt-4.1-mini"). Raises what `find` and `answer` raise.
    """
    retrieval = finder.find(question, k=k, filters=filters)
    if tell is not None and model is not None and retrieval.passages:
        tell(f"asking {model.llm.name}")
    return Asked(answer(question, retrieval, model=model, show=show), retrieval)
