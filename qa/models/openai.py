"""Chat completions from OpenAI or a compatible server, whole or streamed."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, cast

from index.concurrency.deadline import Deadline
from index.errors import ModelError, MoreToThink, OptionRefused, OutOfTokens, RequestRefused
from index.remote.client import Client, Reply
from index.remote.retry import DEFAULT_POLICY, RetryPolicy, call_with_retries
from qa.models.base import Completion, Message, Stream, Writing
from qa.models.reasoning import final_text
from qa.models.response import ResponseReader
from qa.types import StreamEvent

if TYPE_CHECKING:
    from index.remote.address import Address

LARGEST_BODY = 8_000_000  # bytes of a whole answer: the longest text, with every character escaped
LARGEST_STREAM = 64_000_000  # bytes of all events: each holds one word and repeats who is speaking

THINKING_TOKENS = 8_000  # that a model may think in before it writes; servers count them with the text
# Words of a refusal that names no option at all.
_SOME_OPTION = (
    "unsupported",
    "unknown",
    "unrecognized",
    "unexpected",
    "not permitted",
    "not allowed",
    "extra",
)


class OpenAIModel:
    """A chat model at an `Address`. Threads may share one.

    What the server refuses once (a temperature, a stop string, the usage of a stream) is left out from then
    on: reasoning models and simple servers do not take every option. A model that has once thought until its
    tokens were used up is given more of them from then on.
    """

    thinking_tokens = THINKING_TOKENS

    def __init__(self, name: str, address: Address, policy: RetryPolicy = DEFAULT_POLICY) -> None:
        self.name = name
        self.official = address.is_openai
        self.server = address.url
        self._client = Client(address)
        self._host = address.host
        self._policy = policy
        self._limits = ["max_completion_tokens", "max_tokens"]  # newer models refuse the older name
        if not address.is_openai:
            self._limits.reverse()
        self._refused: set[str] = set()
        self._thinks = False

    def warm_up(self) -> None:
        """Import what the first call needs, which otherwise does so itself; sends nothing."""
        self._client.prepare()

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        """The whole answer. Raises `ModelError`; see `LLM.complete`."""
        self.warm_up()
        deadline = Deadline(self._policy.seconds)

        def attempt() -> Completion:
            body = self._body(messages, max_tokens, stop)
            response = ResponseReader(self._host, self.name)
            try:
                reply = self._client.post("chat", body, deadline=deadline, limit=LARGEST_BODY)
                return response.completion(final_text(response.events([reply], deadline, stop or ())))
            except (RequestRefused, OutOfTokens) as error:
                raise self._adapted(error, body) from None

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
        response = ResponseReader(self._host, self.name)
        events = response.events(replies, deadline, stop)
        with ExitStack() as failing:
            failing.callback(replies.close)
            try:
                first = next(events, None)
                if first is None:
                    raise response.no_text()
            except (RequestRefused, OutOfTokens) as error:
                raise self._adapted(error, body) from None
            failing.pop_all()
        return _Begun(first, events, replies, response)

    def _body(
        self,
        messages: Sequence[Message],
        max_tokens: int,
        stop: Sequence[str] | None,
        *,
        stream: bool = False,
    ) -> dict[str, object]:
        options: dict[str, object] = {"temperature": 0}
        for limit in self._limits[:1]:  # one look: another thread may shorten the list
            options[limit] = max_tokens + self._thinking()
        if stop:
            options["stop"] = list(stop)
        if stream:
            options["stream_options"] = {"include_usage": True}
        return {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.text} for message in messages],
            **({"stream": True} if stream else {}),
            **{name: value for name, value in options.items() if name not in self._refused},
        }

    def _thinking(self) -> int:
        """The tokens that a call gives to think in; where the newer name is taken, a model may want some."""
        return THINKING_TOKENS if self._thinks or self._limits[:1] == ["max_completion_tokens"] else 0

    def _adapted(self, error: RequestRefused | OutOfTokens, body: dict[str, object]) -> ModelError:
        """`error`, or one after which to ask again, in another way."""
        if isinstance(error, OutOfTokens):
            limits = [body[name] for name in self._limits if name in body]
            if (
                not limits or cast("int", limits[0]) > THINKING_TOKENS
            ):  # there was room, or it cannot be given
                return error
            self._thinks = True
            return MoreToThink(error.cause, error.hint, option=error.options)
        return self._without(error, body)

    def _without(self, error: RequestRefused, body: dict[str, object]) -> ModelError:
        """`error`, or an `OptionRefused` if an option of `body` was the reason; that is then left out."""
        if type(error) is not RequestRefused:
            return error
        words = error.mentioned.casefold()
        optional = [name for name in body if name not in ("model", "messages", "stream")]
        named = [name for name in optional if name in words]
        if not named and any(word in words for word in _SOME_OPTION):
            named = [name for name in optional if name not in self._limits]
        if not named:
            return error
        self._refused.update(named)
        self._limits = [name for name in self._limits if name not in named]
        return OptionRefused(error.cause, error.hint, option=error.options)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A stream that is under way: its first event, the others, and what they come from."""

    first: StreamEvent
    rest: Iterator[StreamEvent]
    replies: Generator[Reply, None, None]
    response: ResponseReader
