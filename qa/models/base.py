"""The language model interface: messages in, text out, whole or streamed, with a finish reason."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, Self, runtime_checkable

from index.errors import ModelError
from qa.models.reasoning import final_text
from qa.types import StreamEvent

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length", "filtered", "cut"]
LONGEST_TEXT = 1_000_000  # characters of one answer; no answer is longer, a model that repeats itself is


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation that a model is shown."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one call took, as the server itself counted; `cached` of the prompt's were billed as cached."""

    prompt: int
    completion: int
    cached: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's whole answer.

    `finish`: "stop" the model ended by itself; "length" it was cut off at the token limit; "filtered" the
    provider stopped it; "cut" the connection or the time ended first, and `failure` says how. Only "stop" is
    a whole answer. `usage` is None where the server did not count. `model` is what the server says answered,
    which may be another name than was asked for.
    """

    text: str
    finish: Finish
    usage: Tokens | None
    model: str
    failure: ModelError | None = None

    @property
    def whole(self) -> bool:
        """True if nothing of the answer is missing."""
        return self.finish == "stop"

    @property
    def stopped(self) -> bool:
        """True if whoever read its stream left before the end."""
        return self.finish == "cut" and self.failure is None


Writing = Generator[StreamEvent, None, Completion]


class Stream:
    """Text as it is written. Iterate for its events, then read `completion`; leaving `with` hangs up.

    `final_text` of the events is `completion.text`. Nothing is sent before the first event is asked for. A
    failure before it raises `ModelError`; a later one ends the events, and `completion.finish` is "cut".
    For one thread.
    """

    def __init__(self, writing: Writing, model: str) -> None:
        self._writing = writing
        self._events: list[StreamEvent] = []
        self._model = model
        self._completion: Completion | None = None

    def __iter__(self) -> Iterator[StreamEvent]:
        while self._completion is None:
            try:
                event = next(self._writing)
            except StopIteration as end:
                self._completion = end.value or self._cut()
                return
            self._events.append(event)
            yield event

    @property
    def completion(self) -> Completion:
        """The whole answer; while it is still being written, or was left, what has come so far, as "cut"."""
        return self._completion or self._cut()

    def _cut(self) -> Completion:
        return Completion(final_text(self._events), "cut", None, self._model)

    def close(self) -> None:
        """Hang up: the connection is closed at once. Twice does nothing."""
        self._writing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@runtime_checkable
class LLM(Protocol):
    """A language model. May be called by several threads at once."""

    @property
    def name(self) -> str:
        """The model's name, as it was asked for."""

    @property
    def official(self) -> bool:
        """True if the provider is the one whose prices `qa/models/prices.py` lists."""

    @property
    def thinking_tokens(self) -> int:
        """At most how many tokens a call may take to think in, besides its `max_tokens`."""

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        """The whole answer at once; `stop` strings end it and are not part of it.

        Raises `ModelError` (drawn in qa/errors.py), `ModelDeclined` among them, and nothing else.
        """

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Stream:
        """The answer piece by piece."""


def until_stop(pieces: Iterator[str], stop: Sequence[str]) -> Generator[str, None, bool]:
    """`pieces` up to the first of the `stop` strings, wherever pieces were cut; for models that cannot stop.

    Holds back only what may be the beginning of a stop string. Gives no empty piece; returns whether a stop
    string came.
    """
    held = ""
    for piece in pieces:
        held += piece
        if ends := [at for word in stop if (at := held.find(word)) >= 0]:
            if min(ends):
                yield held[: min(ends)]
            return True
        keep = max((_overlap(held, word) for word in stop), default=0)
        ready, held = held[: len(held) - keep], held[len(held) - keep :]
        if ready:
            yield ready
    if held:
        yield held
    return False


def _overlap(text: str, word: str) -> int:
    """How many characters at the end of `text` are a beginning of `word`, but not all of it."""
    sizes = range(min(len(text), len(word) - 1), 0, -1)
    return next((size for size in sizes if text.endswith(word[:size])), 0)
