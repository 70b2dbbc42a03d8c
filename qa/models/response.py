"""Parses a chat completion, whole or streamed: text, finish reason, usage, errors."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from index.concurrency.deadline import Deadline
from index.errors import AnswerTooLarge, ModelDeclined, ModelError, NoConnection, OutOfTokens, TooSlow
from index.remote.failures import TRY_LATER, invalid
from index.remote.masking import NO_SECRETS, Secrets, mask_line, mask_stream, masked
from index.remote.transport.client import Reply
from qa.models.base import LONGEST_TEXT, Completion, Finish, Tokens, until_stop
from qa.models.reasoning import Thoughts, without_reasoning
from qa.types import StreamEvent

GRACE = 2.0  # seconds that a server is given to send the usage after the last word
THINK_LESS = "choose a model that thinks less"
OTHERWISE = "put the question in other words, or choose another model"

_FINISH: dict[str, Finish] = {
    **dict.fromkeys(("stop", "end", "eos", "end_turn", "eos_token", "complete", "finished"), "stop"),
    **dict.fromkeys(("stop_sequence", "stop_token", "tool_calls", "function_call", "tool_use"), "stop"),
    **dict.fromkeys(
        ("length", "max_tokens", "max_output_tokens", "max_length", "token_limit", "model_length"), "length"
    ),
    **dict.fromkeys(
        ("content_filter", "content_filtered", "safety", "refusal", "recitation", "blocklist"), "filtered"
    ),
}
# What servers call it when they break off.
_BROKEN = ("error", "abort", "aborted", "cancelled", "network_error", "insufficient_system_resource")


class ResponseReader:
    """One answer as it comes in: of a whole completion, or of the events of a stream.

    Its text, and whatever else the server says, is without `secrets`.
    """

    def __init__(self, host: str, model: str, secrets: Secrets = NO_SECRETS) -> None:
        self._host = host
        self._secrets = secrets
        self._asked = model
        self._model = model
        self._usage: Tokens | None = None
        self._finish: Finish | None = None
        self._thoughts = Thoughts()
        self._ends = 0  # events that said how the answer ended: some servers have that in every event
        self._bare = False  # whether the last of them had no text, and none came since
        self._undone = False  # whether text came after any of them
        self._broken = False  # whether the server said that it broke off
        self._sure = False  # whether it ended as the protocol has it, and only the usage may come
        self._refusal = ""
        self._text: list[str] = []
        self._length = 0
        self._chosen = False  # whether there was any choice at all
        self._tool = False
        self._thinking = False  # whether the words ended before a thought did

    def events(
        self, replies: Generator[Reply, None, bool], deadline: Deadline, stop: Sequence[str]
    ) -> Generator[StreamEvent, None, None]:
        """The text of the answer up to a `stop` string, see `without_reasoning`.

        `replies` return whether the server said that they are all. `deadline` is renewed by each that brings
        something; once the answer has ended, it is short: what may still come is the usage.
        """
        self._thinking = yield from without_reasoning(self._until_stop(replies, deadline, stop))

    def _until_stop(
        self, replies: Generator[Reply, None, bool], deadline: Deadline, stop: Sequence[str]
    ) -> Iterator[str]:
        stopped = yield from until_stop(mask_stream(self._words(replies, deadline), self._secrets), stop)
        if stopped:  # here, not at the server: it may have more to say
            self._finish = "stop"

    def _words(self, replies: Generator[Reply, None, bool], deadline: Deadline) -> Iterator[str]:
        try:
            done = yield from self._pieces(replies, deadline)
        except ModelError as error:
            if not self._over(error):
                raise
            return  # the text is whole, and only the usage is missing
        if done and self._chosen and not self._broken:
            self._finish = self._finish or "stop"
        elif not self._over():
            self._finish = None

    def _pieces(
        self, replies: Generator[Reply, None, bool], deadline: Deadline
    ) -> Generator[str, None, bool]:
        while True:
            try:
                reply = next(replies)
            except StopIteration as end:
                return bool(end.value)
            choice = self._noted(reply)
            if choice is None:
                continue
            text = self._new_text(choice)
            self._note_end(choice.get("finish_reason"), text)
            if text:
                yield text
            if self._sure:
                deadline.renew(GRACE)
            elif text or _has_words(choice):
                deadline.renew()

    def _over(self, error: ModelError | None = None) -> bool:
        """Whether the answer had ended when the events did, by themselves or with `error`."""
        if self._finish is None or self._broken:
            return False
        if error is None:
            return self._bare or not self._undone
        once = self._bare or isinstance(error, TooSlow) or self._ends < len(self._text)
        return once and not self._undone

    def _noted(self, reply: Reply) -> dict[str, object] | None:
        """The choice in a reply, if it has one; what else it has is noted."""
        self._model = masked(_text(reply.get("model")), self._secrets) or self._model
        self._usage = _tokens(reply.get("usage")) or self._usage
        self._thoughts.note(reply)
        choices = reply.get("choices")
        listed = choices if isinstance(choices, list) else []
        choice = next((one for one in listed if isinstance(one, dict) and not one.get("index")), None)
        self._chosen = self._chosen or choice is not None
        return choice

    def _new_text(self, choice: dict[str, object]) -> str:
        """The text that a choice adds, whether it has the new or, in its message, all of it."""
        delta, message = _mapping(choice.get("delta")), _mapping(choice.get("message"))
        self._refusal += _text(delta.get("refusal")) or _text(message.get("refusal"))
        self._tool = self._tool or bool(delta.get("tool_calls") or message.get("tool_calls"))
        text = _text(delta.get("content"))
        if not text and (whole := _text(message.get("content")) or _text(choice.get("text"))):
            text = beyond("".join(self._text), whole)
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            why = f"the answer is longer than {LONGEST_TEXT:,} characters; the rest was not read"
            raise AnswerTooLarge(why, OTHERWISE, option="model")
        if text:
            self._text.append(text)
        return text

    def _note_end(self, reason: object, text: str) -> None:
        """Note what an event says of the end, together with its `text`.

        A word that nobody knows, an empty one, or one that more text follows, ends nothing by itself.
        """
        if text:
            self._undone = self._undone or self._ends > 0
            self._bare = self._sure = False
        name = reason.strip().lower().rpartition(".")[2] if isinstance(reason, str) else ""
        if name in ("", "null", "none"):
            return
        self._broken = name in _BROKEN
        known = _FINISH.get(name)
        self._bare = not text and (known is not None or not self._ends)
        self._sure = self._bare and known is not None and not self._ends and bool(self._text)
        self._ends += 1
        self._finish = known or "stop"

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
            return mask_line(self._refusal, self._secrets)
        if self._finish == "filtered":
            return "the provider's filter stopped it"
        return "it asked for a tool, and there are none" if self._tool else "its answer is empty"


def beyond(text: str, more: str) -> str:
    """What `more` has beyond `text`, where it begins with it, give or take white space; else all of it.

    A stream may end with the whole message; one that only differs from what came adds nothing.
    """
    at = same = 0
    words = [character for character in text if not character.isspace()]
    while at < len(more) and same < len(words):
        if more[at] == words[same]:
            same += 1
        elif not more[at].isspace():
            break
        at += 1
    if same == len(words):
        rest = more[at:].lstrip() if text[-1:].isspace() else more[at:]
        return rest if rest.strip() else ""
    return "" if 2 * same > len(words) else more


def _has_words(choice: dict[str, object]) -> bool:
    """Whether a choice brings anything that is not the text of an answer: a thought, a refusal, a tool."""
    return any(value for name, value in _mapping(choice.get("delta")).items() if name not in ("role", "name"))


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """A text, also one in parts, thoughts left out; nothing for anything else."""
    if isinstance(value, list):
        return "".join(map(_text, value))
    if isinstance(value, dict):
        kind = str(value.get("type", "")).lower()
        return "" if "think" in kind or "reason" in kind else _text(value.get("text") or value.get("value"))
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
