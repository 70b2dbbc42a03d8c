"""Parses a chat completion, whole or streamed: text, finish reason, usage, errors."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence

from index.concurrency.deadline import Deadline
from index.errors import AnswerTooLarge, ModelDeclined, ModelError, NoConnection, OutOfTokens
from index.remote.failures import TRY_LATER, invalid
from index.remote.masking import mask_line
from qa.models.base import LONGEST_TEXT, Completion, Finish, Tokens, until_stop
from qa.models.reasoning import Thoughts, without_reasoning
from qa.types import StreamEvent

GRACE = 1.0  # seconds that a server is given to send the usage after the last word
THINK_LESS = "choose a model that thinks less"
OTHERWISE = "put the question in other words, or choose another model"

_FINISH: dict[str, Finish] = {
    "length": "length",
    "max_tokens": "length",
    "content_filter": "filtered",
    "safety": "filtered",
    "refusal": "filtered",
}


class ResponseReader:
    """One answer as it comes in: of a whole completion, or of the events of a stream."""

    def __init__(self, host: str, model: str) -> None:
        self._host = host
        self._asked = model
        self._model = model
        self._usage: Tokens | None = None
        self._finish: Finish | None = None
        self._thoughts = Thoughts()
        self._refusal = ""
        self._length = 0
        self._chosen = False  # whether there was any choice at all
        self._tool = False
        self._thinking = False  # whether the words ended before a thought did

    def events(
        self, replies: Iterable[dict[str, object]], deadline: Deadline, stop: Sequence[str]
    ) -> Generator[StreamEvent, None, None]:
        """The text of the answer up to a `stop` string, see `without_reasoning`.

        Once the answer has ended, `deadline` is shortened: what may still come is the usage.
        """
        self._thinking = yield from without_reasoning(self._until_stop(replies, deadline, stop))

    def _until_stop(
        self, replies: Iterable[dict[str, object]], deadline: Deadline, stop: Sequence[str]
    ) -> Iterator[str]:
        stopped = yield from until_stop(self._words(replies, deadline), stop)
        if stopped:  # here, not at the server: it may have more to say
            self._finish = "stop"

    def _words(self, replies: Iterable[dict[str, object]], deadline: Deadline) -> Iterator[str]:
        try:
            for reply in replies:
                if text := self._noted(reply):
                    yield text
                if self._finish is not None:
                    deadline.shorten(GRACE)
        except ModelError:
            if self._finish is None:
                raise  # else the text is whole, and only the usage is missing

    def _noted(self, reply: dict[str, object]) -> str:
        """The new text in a reply; what else it has, finish, usage and refusal, is noted."""
        self._model = _text(reply.get("model")) or self._model
        self._usage = _tokens(reply.get("usage")) or self._usage
        self._thoughts.note(reply)
        choices = reply.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return ""
        self._chosen = True
        whole = isinstance(choice.get("message"), dict)
        message = choice["message"] if whole else choice.get("delta")
        message = message if isinstance(message, dict) else {}
        self._refusal += _text(message.get("refusal"))
        self._tool = self._tool or bool(message.get("tool_calls"))
        text = _text(message.get("content"))
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            why = f"the answer is longer than {LONGEST_TEXT:,} characters; the rest was not read"
            raise AnswerTooLarge(why, OTHERWISE, option="model")
        reason = choice.get("finish_reason")
        if isinstance(reason, str) or whole:  # a whole answer has ended, whether it says how or not
            self._finish = _FINISH.get(str(reason).lower(), "stop")
        return text

    def completion(self, text: str) -> Completion:
        """The answer, whose words were `text`. Raises `ModelError` if that is none."""
        if not text.strip():
            raise self.no_text()
        if self._finish is None:
            why = f"{self._host} ended the answer before it was whole"
            return self.cut(text, NoConnection(why, TRY_LATER))
        finish = "filtered" if self._refusal else self._finish
        return Completion(text, finish, self._usage, self._model)

    def cut(self, text: str, error: ModelError) -> Completion:
        """What had come when `error` ended it."""
        return Completion(text, "cut", self._usage, self._model, error)

    def no_text(self) -> ModelError:
        """Why there is not a word."""
        if not self._chosen:
            return invalid(self._host, "it holds no answer")
        if self._finish is None and not self._refusal:
            return NoConnection(f"{self._host} ended the answer before its first word", TRY_LATER)
        if self._finish == "length" and not self._refusal:
            why = f"{self._asked} used all the tokens it was allowed before its first word"
            return OutOfTokens(why, THINK_LESS, option="model")
        if self._thinking and not (self._refusal or self._finish == "filtered"):
            return ModelDeclined(
                f"{self._asked} stopped while it was still thinking", THINK_LESS, option="model"
            )
        only = None if self._refusal or self._tool or self._finish == "filtered" else self._thoughts
        if only is not None and (error := only.all_there_is(self._asked)):
            return error
        return ModelDeclined(f"{self._asked} declined: {self._declined()}", OTHERWISE, option="model")

    def _declined(self) -> str:
        if self._refusal:
            return mask_line(self._refusal)
        if self._finish == "filtered":
            return "the provider's filter stopped it"
        return "it asked for a tool, and there are none" if self._tool else "its answer is empty"


def _text(value: object) -> str:
    """A text, also one in parts; nothing for anything else."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, dict))
    return value if isinstance(value, str) else ""


def _tokens(usage: object) -> Tokens | None:
    """The server's count, or None if it is no count."""
    if not isinstance(usage, dict):
        return None
    prompt, completion = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    if prompt is None or completion is None:
        return None
    details = usage.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, dict) else None
    return Tokens(prompt, completion, min(cached or 0, prompt))


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
