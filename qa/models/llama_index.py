"""Any LlamaIndex LLM as a language model of the project.

How an answer ended and what it took is read where the answers of common providers have it. What a provider's
class leaves out cannot be known here: an answer that it lets through cut looks whole.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING

from index.concurrency.deadline import Deadline
from index.concurrency.interruptible import Connection, stream_in_thread
from index.embedding.plugins import ImportPath, instantiate
from index.errors import (
    AnswerTooLarge,
    ModelDeclined,
    ModelError,
    NoConnection,
    OutOfTokens,
    ServerBusy,
)
from index.remote.failures import TRY_LATER, prompt_too_long
from index.remote.masking import NO_SECRETS, Secrets, mask_line, mask_stream, masked
from index.remote.retry import DEFAULT_POLICY, RetryPolicy, call_with_retries, too_slow
from index.remote.too_long import too_long
from qa.models.base import LONGEST_TEXT, Completion, Finish, Message, Stream, Tokens, Writing, until_stop
from qa.models.prices import NO_PRICES, Prices
from qa.models.reasoning import final_text, without_reasoning
from qa.models.response import OTHERWISE, THINK_LESS
from qa.types import StreamEvent

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.core.llms import LLM as LlamaLLM  # noqa: N811  # its LLM is not our LLM

LONGEST_ERROR = 10_000  # characters of a provider's error that are looked into
_LENGTH = {"length", "max_tokens", "max_output_tokens"}
_FILTERED = {"content_filter", "safety", "refusal", "recitation", "blocklist", "prohibited_content"}
_PROMPT = ("prompt_tokens", "input_tokens", "prompt_token_count", "prompt_eval_count")
_COMPLETION = ("completion_tokens", "output_tokens", "candidates_token_count", "eval_count")


def load(
    path: ImportPath,
    policy: RetryPolicy = DEFAULT_POLICY,
    *,
    max_tokens: int | None = None,
    own_prices: Prices = NO_PRICES,
    secrets: Secrets = NO_SECRETS,
) -> LlamaModel:
    """The LlamaIndex LLM at `path`, made without retries of its own. Raises SettingsError if it cannot be.

    What it says is without `secrets`, among which its key should be.
    """
    from llama_index.core.llms import LLM as LlamaLLM  # noqa: N811  # its LLM is not our LLM

    made = instantiate(
        path,
        LlamaLLM,
        max_retries=0,
        temperature=0.0,
        timeout=policy.seconds,
        max_tokens=max_tokens or 4096,
    )
    assert isinstance(made, LlamaLLM)
    return LlamaModel(made, str(path), policy, own_prices=own_prices, secrets=secrets)


class LlamaModel:
    """A LlamaIndex LLM, with our one clock and our one retry layer. Threads may share one if it allows that.

    `max_tokens` of a call is the class's own business: most take it only when they are made.
    """

    official = False
    thinking_tokens = 0  # `max_tokens` is all that such a class knows

    def __init__(
        self,
        llm: LlamaLLM,
        name: str = "",
        policy: RetryPolicy = DEFAULT_POLICY,
        *,
        own_prices: Prices = NO_PRICES,
        secrets: Secrets = NO_SECRETS,
    ) -> None:
        key = getattr(llm, "api_key", None)
        self._secrets = secrets | Secrets([key if isinstance(key, str) else None])
        self._llm = llm
        self.own_prices = own_prices
        self._policy = policy
        self.name = name or llm.metadata.model_name

    @property
    def context_window(self) -> int:
        """How many tokens of prompt and answer together the class says that its model can take."""
        return self._llm.metadata.context_window

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        """The whole answer. Raises `ModelError`; see `LLM.complete`."""
        with self.stream(messages, max_tokens=max_tokens, stop=stop) as stream:
            for _ in stream:
                pass
        if stream.completion.failure is not None:
            raise stream.completion.failure
        return stream.completion

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,  # noqa: ARG002  # part of the protocol; see the class
        stop: Sequence[str] | None = None,
    ) -> Stream:
        """The answer piece by piece; see `Stream` for how it can fail."""
        return Stream(self._writing(messages, stop or ()), self.name)

    def _writing(self, messages: Sequence[Message], stop: Sequence[str]) -> Writing:
        deadline = Deadline(self._policy.seconds)
        first, rest = call_with_retries(lambda: self._begun(messages, deadline), deadline, self._policy)
        response = _ChatResponseReader(self.name, self._secrets)
        events: list[StreamEvent] = []
        with closing(rest):
            try:
                for event in response.events(chain([first], rest), stop):
                    events.append(event)
                    yield event
            except ModelError as error:
                return Completion(final_text(events), "cut", response.usage, response.model, error)
        text = final_text(events)
        if not text.strip():
            raise response.no_text()
        return Completion(text, response.finish, response.usage, response.model)

    def _begun(
        self, messages: Sequence[Message], deadline: Deadline
    ) -> tuple[ChatResponse, Generator[ChatResponse, None, None]]:
        """A stream whose first part has come."""
        parts = self._parts(messages, deadline)
        first = next(parts, None)
        if first is None:
            raise NoConnection(f"{self.name} ended the answer before its first word", TRY_LATER)
        return first, parts

    def _parts(self, messages: Sequence[Message], deadline: Deadline) -> Generator[ChatResponse, None, None]:
        from llama_index.core.base.llms.types import ChatMessage

        shown = [ChatMessage(role=message.role, content=message.text) for message in messages]

        def work(_: Connection) -> Generator[ChatResponse, None, None]:
            return self._asked(shown)

        begun = False
        try:
            with closing(stream_in_thread(work, deadline)) as parts:
                for part in parts:
                    begun = True
                    deadline.renew()
                    yield part
            return
        except TimeoutError:
            error: ModelError = too_slow(self.name, deadline, begun=begun)
        except ModelError:
            raise
        except Exception as exc:  # noqa: BLE001  # a door: each provider has errors of its own
            error = _translated(exc, self.name, self._secrets)
        raise error

    def _asked(self, messages: list[ChatMessage]) -> Generator[ChatResponse, None, None]:
        try:
            answer: Iterator[ChatResponse] = iter(self._llm.stream_chat(messages))
        except NotImplementedError:  # it cannot stream
            answer = iter([self._llm.chat(messages)])
        yield from answer


class _ChatResponseReader:
    """One answer as its parts come in: its text, how it ended, what it took, who gave it."""

    def __init__(self, model: str, secrets: Secrets) -> None:
        self.model = self._asked = model
        self._secrets = secrets
        self.finish: Finish = "stop"
        self.usage: Tokens | None = None
        self._thinking = False  # whether the words ended before a thought did

    def events(
        self, parts: Iterator[ChatResponse], stop: Sequence[str]
    ) -> Generator[StreamEvent, None, None]:
        """The text of the answer up to a `stop` string, see `without_reasoning`."""
        self._thinking = yield from without_reasoning(
            until_stop(mask_stream(self._deltas(parts), self._secrets), stop)
        )

    def no_text(self) -> ModelError:
        """Why there is not a word."""
        if self.finish == "length":
            return OutOfTokens(
                f"{self._asked} used all its tokens before its first word", THINK_LESS, option="model"
            )
        if self._thinking:
            return ModelDeclined(
                f"{self._asked} stopped while it was still thinking", THINK_LESS, option="model"
            )
        return ModelDeclined(f"{self._asked} declined: its answer is empty", OTHERWISE, option="model")

    def _deltas(self, parts: Iterator[ChatResponse]) -> Iterator[str]:
        """The new words of each part, whether it gives them apart or only all of them so far."""
        length = 0
        for part in parts:
            delta = part.delta if part.delta is not None else (part.message.content or "")[length:]
            length += len(delta)
            self._note(part.raw, part.additional_kwargs)
            if length > LONGEST_TEXT:
                why = f"the answer is longer than {LONGEST_TEXT:,} characters; the rest was not read"
                raise AnswerTooLarge(why, OTHERWISE, option="model")
            yield delta

    def _note(self, raw: object, more: Mapping[str, object]) -> None:
        choices = _get(raw, "choices")
        choice = choices[0] if isinstance(choices, list) and choices else raw
        for name in ("finish_reason", "stop_reason", "done_reason"):
            reason = str(_get(choice, name) or "").rpartition(".")[2].lower()
            if reason in _LENGTH:
                self.finish = "length"
            elif reason in _FILTERED:
                self.finish = "filtered"
        self.model = masked(str(_get(raw, "model") or self.model), self._secrets)
        for source in (_get(raw, "usage"), _get(raw, "usage_metadata"), raw, more):
            prompt, completion = _first(source, _PROMPT), _first(source, _COMPLETION)
            if prompt is not None and completion is not None:
                self.usage = Tokens(prompt, completion)
                return


def _get(holder: object, name: str) -> object:
    """What `holder` calls `name`, be it a mapping or an object."""
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)


def _first(holder: object, names: Sequence[str]) -> int | None:
    values = (_get(holder, name) for name in names)
    return next((n for n in values if isinstance(n, int) and not isinstance(n, bool)), None)


def _translated(error: Exception, name: str, secrets: Secrets = NO_SECRETS) -> ModelError:
    """Our error for a provider's: by its HTTP status, else by the name of its class."""
    status = next(
        (code for code in (_get(error, "status_code"), _get(error, "code")) if isinstance(code, int)), 0
    )
    words = mask_line(f"{type(error).__name__}: {error}", secrets)
    said = str(error)[:LONGEST_ERROR]
    if status not in (401, 403, 404) and (length := too_long(status, said, (type(error).__name__,), said)):
        return prompt_too_long(name, name, length, f": {words}")
    if status in (408, 409, 429) or status >= 500:
        return ServerBusy(f"{name} is busy ({status}): {words}", TRY_LATER)
    if status == 0 and any(word in type(error).__name__ for word in ("Timeout", "Connect")):
        return NoConnection(f"the connection of {name} broke off: {words}", TRY_LATER)
    return ModelError(f"{name} failed: {words}", "see the documentation of that provider")
