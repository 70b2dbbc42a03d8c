"""Replays recorded model calls instead of making them again; only new ones use up the budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from index.errors import ModelError, ServerBusy
from qa.errors import CostLimit
from qa.evaluation.runs.serialization import LOST, Call
from qa.evaluation.types import RecordId
from qa.models.base import LLM, Completion, Message, Stream
from qa.models.metering import SpendingLimit, prices_for, usage_of
from qa.models.prices import Prices

Keep = Callable[[int, Completion], None]


class ReplayingLLM:
    """A model (an `LLM`) whose finished calls are kept, and replayed where they are known.

    `texts` are the raw completions in their order. `error` is what the last call failed with, if it did:
    a failed judge fails no answer, but somebody should know.

    What follows a call may depend on it. So where one that had failed is made again and succeeds, later ones
    that are known are made again too. And while the server is too busy, or another of the errors `again` has
    come, all calls fail, so that the whole question is asked again later, and no answer is made without the
    search queries that the others have. `slowest` are the seconds of the longest call that was made.
    """

    def __init__(
        self,
        llm: LLM,
        known: Mapping[int, Call],
        keep: Keep,
        *,
        again: tuple[type[ModelError], ...] = (),
    ) -> None:
        self._llm = llm
        self._known = dict(known)
        self._again: tuple[type[ModelError], ...] = (ServerBusy, *again)
        self._busy: ModelError | None = None
        self._keep = keep
        self._calls = 0
        self.slowest = 0.0
        self.texts: list[str] = []
        self.error: ModelError | None = None

    @property
    def name(self) -> str:
        """The model's name, as it was asked for."""
        return self._llm.name

    @property
    def official(self) -> bool:
        """As of the model."""
        return self._llm.official

    @property
    def own_prices(self) -> Prices:
        """As of the model."""
        return prices_for(self._llm)

    @property
    def thinking_tokens(self) -> int:
        """As of the model."""
        return self._llm.thinking_tokens

    @property
    def knows_next(self) -> bool:
        """Whether the next call was made before."""
        return self._calls in self._known

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        """As `LLM.complete`."""
        number, self._calls, self.error = self._calls, self._calls + 1, None
        if known := self._known.get(number):
            completion = Completion(known.text, known.finish, known.usage, known.model)
        else:
            try:
                if self._busy is not None:
                    raise self._busy
                began = time.monotonic()
                completion = self._llm.complete(messages, max_tokens=max_tokens, stop=stop)
                self.slowest = max(self.slowest, time.monotonic() - began)
            except ModelError as error:
                self.error = error
                self._busy = error if isinstance(error, self._again) else None
                raise
            self._known = {at: call for at, call in self._known.items() if at < number}
            if completion.failure is None:
                self._keep(number, completion)
        self.texts.append(completion.text)
        return completion

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Stream:
        """As `LLM.stream`; nothing of it is kept: a run does not stream."""
        return self._llm.stream(messages, max_tokens=max_tokens, stop=stop)


class ReplayBudget:
    """A limit for the calls of one `ReplayingLLM`: those that are replayed were paid for before.

    `taken` is what all of them took, in US dollars, replayed ones included; `lost` is what of it may have
    gone into calls that failed. `refusal` is the last CostLimit: an answer may go on without the call that
    there was no money for, and be less than it was.
    """

    def __init__(self, budget: SpendingLimit, llm: ReplayingLLM) -> None:
        self._budget = budget
        self._llm = llm
        self._replayed = False
        self.taken = self.lost = 0.0
        self.refusal: CostLimit | None = None

    def reserve(self, most: float) -> None:
        """As `Budget.reserve`; nothing for a call that will be replayed."""
        self._replayed = self._llm.knows_next
        if self._replayed:
            return
        try:
            self._budget.reserve(most)
        except CostLimit as error:
            self.refusal = error
            raise

    def settle(self, most: float, cost: float) -> None:
        """As `Budget.settle`; nothing for a call that was replayed."""
        self.taken += cost
        if not self._replayed:
            self._budget.settle(most, cost)
            self.lost += cost if self._llm.error else 0.0


def calls_lost(record_id: RecordId, lost: float, llm: LLM, attempt: int = 0) -> Call:
    """What failed calls may have cost, as a call that is never replayed."""
    return Call(*record_id, attempt, LOST, "", "cut", llm.name, None, lost)


def call_made(record_id: RecordId, attempt: int, number: int, done: Completion, llm: LLM) -> Call:
    """A finished call of `llm`, with its cost."""
    cost = usage_of(done, llm.name, prices_for(llm), official=llm.official).cost_usd
    return Call(*record_id, attempt, number, done.text, done.finish, done.model, done.usage, cost)
