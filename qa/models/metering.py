"""Counts tokens and costs of model calls, and keeps them within a budget."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from index.errors import (
    ModelError,
    ModelUnavailable,
    NoConnection,
    RequestRefused,
    ServerBusy,
    SettingsError,
)
from qa.errors import CostLimit
from qa.models.base import LLM, Completion, Message, Stream, Tokens, Writing
from qa.models.prices import NO_PRICES, Price, Prices, cost, price_of
from qa.models.tokens import estimate_prompt_tokens
from qa.types import Usage


@dataclass(slots=True)
class Budget:
    """How much may be spent in US dollars, and how much has been. Threads may share one.

    `put_aside` is for calls that have not ended; at no time is more than `limit` spent and put aside.
    """

    limit: float
    spent: float = 0.0
    put_aside: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reserve(self, most: float) -> None:
        """Put aside what a call may cost at most. Raises CostLimit if that is not left."""
        with self._lock:
            left = self.limit - self.spent - self.put_aside
            if most > left + 1e-12:
                rest = f"${max(left, 0):.4f} of ${self.limit:g} is left"
                raise CostLimit(
                    f"the next call may cost up to ${most:.4f}, and {rest}",
                    "raise the limit, ask with fewer passages, or choose a cheaper model",
                    option=("max_cost", "k", "model"),
                )
            self.put_aside += most

    def settle(self, most: float, cost: float) -> None:
        """The call for which `most` was put aside has ended, and cost `cost`."""
        with self._lock:
            self.put_aside -= most
            self.spent += cost


class SpendingLimit(Protocol):
    """What a model's calls are held against: a `Budget`, or what stands before one."""

    def reserve(self, most: float) -> None:
        """Put aside what a call may cost at most. Raises CostLimit if that is not left."""

    def settle(self, most: float, cost: float) -> None:
        """The call for which `most` was put aside has ended, and cost `cost`."""


class MeteredLLM:
    """A model (an `LLM`) whose calls are counted, for one answer.

    With a budget, no call is made that could cost more than is left, and none whose price is not known.
    """

    def __init__(self, llm: LLM, *, budget: SpendingLimit | None = None) -> None:
        self._llm = llm
        self._budget = budget
        self._usage: Usage | None = None

    @property
    def name(self) -> str:
        """The model's name, as it was asked for."""
        return self._llm.name

    @property
    def official(self) -> bool:
        """As of the model."""
        return self._llm.official

    @property
    def thinking_tokens(self) -> int:
        """As of the model."""
        return self._llm.thinking_tokens

    @property
    def own_prices(self) -> Prices:
        """As of the model."""
        return prices_for(self._llm)

    @property
    def usage(self) -> Usage:
        """What all calls so far took."""
        return self._usage or Usage()

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        """As `LLM.complete`; also raises CostLimit, and SettingsError where a limit cannot be kept."""
        most = self._reserved(messages, max_tokens)
        completion, free = None, False
        try:
            completion = self._llm.complete(messages, max_tokens=max_tokens, stop=stop)
        except ModelError as error:
            free = _is_free(error)
            raise
        finally:
            self._settle(most, completion, free=free)
        return completion

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Stream:
        """As `LLM.stream`; what `complete` raises besides comes with the first event."""
        return Stream(self._writing(messages, max_tokens, stop), self.name)

    def _writing(self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] | None) -> Writing:
        most = self._reserved(messages, max_tokens)
        written, begun, free = None, False, False
        try:
            with self._llm.stream(messages, max_tokens=max_tokens, stop=stop) as stream:
                for event in stream:
                    begun = True
                    yield event
            written = stream.completion
            return written
        except ModelError as error:
            free = not begun and _is_free(error)
            raise
        finally:
            self._settle(most, written, free=free)

    def _reserved(self, messages: Sequence[Message], max_tokens: int) -> float:
        """What a call may cost at most, put aside; 0 where there is no limit."""
        if self._budget is None:
            return 0.0
        prompt = estimate_prompt_tokens(messages)
        most = known_price(self).of(Tokens(prompt, max_tokens + self.thinking_tokens))
        self._budget.reserve(most)
        return most

    def _settle(self, most: float, completion: Completion | None, *, free: bool) -> None:
        """Count what a call took: nothing if it is free; if it was cut short, perhaps the most."""
        if free:
            taken = Usage(cost_usd=0.0)
        elif completion is None:
            taken = Usage(None, None, None)
        else:
            taken = usage_of(completion, self.name, self.own_prices, official=self.official)
        if not free:
            self._usage = taken if self._usage is None else together(self._usage, taken)
        if self._budget is not None:
            self._budget.settle(most, most if taken.cost_usd is None else taken.cost_usd)


def prices_for(llm: LLM) -> Prices:
    """The prices that a person gave for the models of a server; a model need not have any."""
    own: Prices = getattr(llm, "own_prices", NO_PRICES)
    return own


def price_for(llm: LLM) -> Price | None:
    """What a model's calls cost, None where that is not known: one's own prices and official ones are."""
    return price_of(llm.name, prices_for(llm), official=llm.official)


def known_price(llm: LLM) -> Price:
    """What a model's calls cost. Raises SettingsError where that is not known: no limit could be kept."""
    price = price_for(llm)
    if price is None:
        raise SettingsError(
            f"no price is known for {llm.name}, so the cost limit cannot be kept",
            f"give it in your own settings file, under [prices.{json.dumps(llm.name)}]: input and output, in"
            " dollars per million tokens, 0 where it costs nothing; or leave the limit out",
            option=("max_cost", "model"),
        )
    return price


def _is_free(error: ModelError) -> bool:
    """True for a call that the server did not take: nothing was written, and nobody is billed.

    A model that declines has written, and one that is slow goes on writing after we have hung up.
    """
    return isinstance(error, ModelUnavailable | RequestRefused | ServerBusy | NoConnection)


def usage_of(completion: Completion, asked: str, own: Prices = NO_PRICES, *, official: bool) -> Usage:
    """What one call took. Priced as the model that answered; as the one asked for, if that is its version."""
    tokens = completion.usage
    if tokens is None:
        return Usage(None, None, None)
    price = cost(completion.model, tokens, own, official=official)
    if price is None and (completion.model.startswith(asked) or asked in own):
        price = cost(asked, tokens, own, official=official)
    return Usage(tokens.prompt, tokens.completion, price)


def together(a: Usage, b: Usage) -> Usage:
    """Both, added; what is not known of either is not known of the sum.

    `Usage()` is that of no call at all, and adds nothing.
    """
    if Usage() in (a, b):
        return b if a == Usage() else a
    return Usage(
        _sum(a.prompt_tokens, b.prompt_tokens),
        _sum(a.completion_tokens, b.completion_tokens),
        None if a.cost_usd is None or b.cost_usd is None else a.cost_usd + b.cost_usd,
    )


def _sum(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b
