"""Chat completions from OpenAI or a compatible server, whole or streamed."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from index.concurrency.deadline import Deadline
from index.errors import (
    ContextTooLong,
    ModelError,
    ModelUnavailable,
    MoreToThink,
    OptionRefused,
    OutOfTokens,
    RequestRefused,
    ServerBusy,
)
from index.remote.options.request_options import LIMITS, RequestOptions
from index.remote.retry import DEFAULT_POLICY, RetryPolicy, call_with_retries
from index.remote.transport.client import Client, Reply
from index.remote.transport.library import import_sparingly
from qa.models.base import LLM, Completion, Message, Stream, Writing
from qa.models.prices import NO_PRICES, Prices
from qa.models.reasoning import final_text
from qa.models.response import ResponseReader
from qa.types import StreamEvent

if TYPE_CHECKING:
    from index.remote.address import Address

LARGEST_BODY = 8_000_000  # bytes of a whole answer: the longest text, with every character escaped
LARGEST_STREAM = 64_000_000  # bytes of all events: each holds one word and repeats who is speaking

THINKING_TOKENS = 8_000  # that a model may think in before it writes; servers count them with the text


class OpenAIModel:
    """A chat model at an `Address`. Threads may share one.

    What the server refuses once (a temperature, a stop string, the usage of a stream, a stream) is left out
    or asked for otherwise from then on: reasoning models and simple servers do not take every option. A
    model that has once thought until its tokens were used up is given more of them from then on.
    """

    thinking_tokens = THINKING_TOKENS

    def __init__(
        self,
        name: str,
        address: Address,
        policy: RetryPolicy = DEFAULT_POLICY,
        *,
        streams: bool = True,
        own_prices: Prices = NO_PRICES,
    ) -> None:
        self.name = name
        self._streams = streams and not address.is_openai
        self.own_prices = own_prices
        self.official = address.is_openai
        self.server = address.shown
        self._client = Client(address)
        self._host = address.host
        self._secrets = address.secrets
        self._extra = tuple(address.extra)
        self._policy = policy
        # Newer models refuse the older name of the limit.
        self._options = RequestOptions(LIMITS if address.is_openai else LIMITS[::-1])
        self._thinks = False

    def warm_up(self) -> None:
        """Import what the first call needs, which otherwise does so itself; sends nothing."""
        self._client.prepare()

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        """The whole answer. Raises `ModelError`; see `LLM.complete`.

        It is read as a stream, so that a slow server is waited for as long as words come; not from OpenAI,
        which is quick and lets only some accounts stream, nor where `streams` is False.
        """
        self.warm_up()
        deadline = Deadline(self._policy.seconds)

        def attempt() -> Completion:
            body = self._body(messages, max_tokens, stop, stream=self._streams)
            limit = LARGEST_STREAM if body.get("stream") else LARGEST_BODY
            response = ResponseReader(self._host, self.name, self._secrets)
            try:
                with closing(self._client.events("chat", body, deadline=deadline, limit=limit)) as replies:
                    text = final_text(response.events(replies, deadline, stop or ()))
                completion = response.completion(text)
            except ModelError as error:
                raise self._adapted(error, body) from None
            if completion.failure is not None:
                raise completion.failure
            return completion

        return call_with_retries(attempt, deadline, self._policy)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Stream:
        """The answer piece by piece; see `Stream` for how it can fail."""
        return Stream(self._writing(messages, max_tokens, stop or ()), self.name)

    def _writing(self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str]) -> Writing:
        self.warm_up()
        deadline = Deadline(self._policy.seconds)
        begun = call_with_retries(
            lambda: self._begun(messages, max_tokens, stop, deadline), deadline, self._policy
        )
        events: list[StreamEvent] = []
        with closing(begun.replies):
            try:
                for event in chain([begun.first], begun.rest):
                    events.append(event)
                    yield event
            except ModelError as error:
                return begun.response.cut(final_text(events), error)
        return begun.response.completion(final_text(events))

    def _begun(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str], deadline: Deadline
    ) -> _Begun:
        """A stream whose first event has come: up to there, nothing was shown and all may be tried again."""
        body = self._body(messages, max_tokens, stop, stream=True)
        replies = self._client.events("chat", body, deadline=deadline, limit=LARGEST_STREAM)
        response = ResponseReader(self._host, self.name, self._secrets)
        events = response.events(replies, deadline, stop)
        with ExitStack() as failing:
            failing.callback(replies.close)
            try:
                first = next(events, None)
                if first is None:
                    raise response.no_text()
            except ModelError as error:
                raise self._adapted(error, body) from None
            failing.pop_all()
        return _Begun(first, events, replies, response)

    def _body(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] | None, *, stream: bool
    ) -> dict[str, object]:
        options: dict[str, object] = {"temperature": 0, **({"stop": list(stop)} if stop else {})}
        most = max_tokens + self._thinking()
        return {
            "model": self.name,
            "messages": self._options.messages([(message.role, message.text) for message in messages]),
            **self._options.fields(options, max_tokens=most, stream=stream),
        }

    def _thinking(self) -> int:
        """The tokens that a call gives to think in; where the newer name is taken, a model may want some."""
        newer = self._options.limits[:1] == LIMITS[:1]
        return THINKING_TOKENS if self._thinks or newer else 0

    def _adapted(self, error: ModelError, body: dict[str, object]) -> ModelError:
        """`error`, or one after which to ask again, in another way."""
        if isinstance(error, OutOfTokens):
            limit = next((body[name] for name in LIMITS if name in body), None)
            if self._options.cap is not None or not isinstance(limit, int) or limit > THINKING_TOKENS:
                return error  # there was room, or it cannot be given
            self._thinks = True
            return MoreToThink(error.cause, error.hint, option=error.options)
        if isinstance(error, ContextTooLong):  # unless its words are about the answer's length
            learnt = self._options.lower(body, error.mentioned)
        elif isinstance(error, RequestRefused):
            learnt = self._options.adapt(body, error.mentioned or error.cause)
        elif isinstance(error, ServerBusy | ModelUnavailable):  # what some gateways make of a refusal
            learnt = self._options.adapt(body, error.cause, sure=False)
        else:
            learnt = False
        if learnt:
            return OptionRefused(error.cause, error.hint, option=error.options)
        if isinstance(error, RequestRefused) and (named := self._own_fields(error.mentioned)):
            error.hint = f"leave it out of [model.extra] in your settings: {named}"
        return error

    def _own_fields(self, words: str) -> str:
        """The fields of the person's own that the words of a refusal name."""
        named = (name for name in self._extra if re.search(rf"\b{re.escape(name)}\b", words))
        return ", ".join(named)


def warm_up(llm: LLM) -> None:
    """Import what the first call of `llm` needs, for a program in which nobody else uses openai.

    What keeps it from being had is the first call's to say.
    """
    if isinstance(llm, OpenAIModel):
        import_sparingly()
        with suppress(ModelError):
            llm.warm_up()


@dataclass(frozen=True, slots=True)
class _Begun:
    """A stream that is under way: its first event, the others, and what they come from."""

    first: StreamEvent
    rest: Iterator[StreamEvent]
    replies: Generator[Reply, None, bool]
    response: ResponseReader
