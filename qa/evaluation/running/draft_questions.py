"""Drafts questions with a model, concurrently: each is kept as it comes, what is rejected is counted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from index.errors import ModelError, ModelUnavailable
from qa.evaluation.running.batch import Again, Attempted, GiveUp, run_batch
from qa.evaluation.running.events import DraftTried, Event, OnEvent
from qa.evaluation.sets.authoring.offline import near_count
from qa.evaluation.sets.authoring.pieces import SourcePiece
from qa.evaluation.sets.authoring.with_model import Tried, draft_about, near_miss_of
from qa.evaluation.sets.authoring.wording import Wordings
from qa.evaluation.types import Question
from qa.types import Usage

if TYPE_CHECKING:
    from index.search.filters import Filters
    from qa.answering.ask import Finder
    from qa.answering.generative.generate import AnswerModel
    from qa.evaluation.running.throttle import Throttle

T = TypeVar("T")
TRIES = 3  # pieces that are asked about at most for each question that is wanted
_CALLS = 2  # of the model for a draft
_GIVE_UP = GiveUp("drafts in a row got no answer", "when that is mended, draft again: what there is is kept")


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """How questions are drafted: `wanted` in all, about `pieces` in their order, none of them like `known`.

    `finder`, `k` and `filters` find what a near miss must not be answered by.
    """

    wanted: int
    pieces: Sequence[SourcePiece]
    model: AnswerModel
    finder: Finder
    k: int | None
    filters: Filters
    known: Sequence[Question] = ()


@dataclass(slots=True)
class DraftedByModel:
    """What came of it: how many were kept, of which so many near misses, and why others were rejected."""

    kept: int = 0
    near: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


def draft_questions(
    plan: DraftPlan,
    throttle: Throttle,
    done: DraftedByModel,
    *,
    keep: Callable[[Question], None],
    on_event: OnEvent,
) -> None:
    """Draft until as many are kept as are wanted, or every piece was asked about; `done` says how far it is.

    `keep` is called in this thread with each question that passed. Raises what `run_batch` does,
    ModelUnavailable, and what `keep` raises; what was kept by then stays kept, and `done` has counted it.
    """
    drafting = _Drafting(plan, throttle, done, keep, on_event)
    answerable = plan.wanted - near_count(plan.wanted)
    pieces = iter(plan.pieces[: answerable * TRIES])
    while (missing := answerable - done.kept) > 0:
        batch = list(islice(pieces, missing))
        if not batch:
            break
        drafting.round(batch, lambda piece: piece, lambda piece: draft_about(piece, plan.model))
    pairs = iter(drafting.made * TRIES)
    while (missing := min(near_count(plan.wanted), done.kept) - done.near) > 0:
        chosen = list(islice(pairs, missing))
        if not chosen:
            break
        drafting.round(
            chosen,
            lambda pair: pair[1],
            lambda pair: near_miss_of(
                pair[0], pair[1], plan.model, plan.finder, k=plan.k, filters=plan.filters
            ),
        )


class _Drafting:
    """Rounds of tries, each question of which is kept that nobody asked before."""

    def __init__(
        self,
        plan: DraftPlan,
        throttle: Throttle,
        done: DraftedByModel,
        keep: Callable[[Question], None],
        on_event: OnEvent,
    ) -> None:
        self._throttle = throttle
        self._done = done
        self._keep = keep
        self._on_event = on_event
        self._asked = Wordings(question.text for question in plan.known)
        self.made: list[tuple[Question, SourcePiece]] = []

    def round(
        self, items: Sequence[T], piece_of: Callable[[T], SourcePiece], attempt: Callable[[T], Tried]
    ) -> None:
        """Try each item, as many at once as the throttle allows."""

        def ask(item: T, again: Again) -> Attempted:
            began = time.monotonic()
            try:
                event, failure = DraftTried(attempt(item)), None
            except ModelError as error:
                if isinstance(error, (ModelUnavailable, *again)):
                    raise
                why = f"the model gave no answer: {error.cause}"
                event, failure = DraftTried(Tried(piece_of(item), None, why, Usage(None, None))), error
            return Attempted(event, failure, (time.monotonic() - began) / _CALLS)

        run_batch(items, ask, self._throttle, give_up=_GIVE_UP, on_event=self._note)

    def _note(self, event: Event) -> None:
        """Keep what passed, count what did not, and pass the event on."""
        if isinstance(event, DraftTried):
            question, reason = event.tried.question, event.tried.reason
            if question is not None and self._asked.has(question.text):
                question, reason = None, "it was asked before"
            if question is None:
                self._done.rejected[reason] += 1
            else:
                self._asked.add(question.text)
                self._keep(question)
                self._done.kept += question.answerable is True
                self._done.near += question.answerable is False
                if question.answerable:
                    self.made.append((question, event.tried.piece))
        self._on_event(event)
