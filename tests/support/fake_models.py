"""A fake model that gives the texts of a script, whole or streamed."""

from __future__ import annotations

from collections.abc import Sequence

from qa.models.base import Completion, Finish, Message, Stream, Tokens, Writing
from qa.types import TextDelta


class ScriptedModel:
    """Gives the texts of its script in order, the last one again and again, and keeps the prompts."""

    thinking_tokens = 8_000

    def __init__(
        self, *texts: str, finish: Finish = "stop", name: str = "scripted", official: bool = False
    ) -> None:
        self.name = name
        self.official = official
        self.prompts: list[str] = []
        self._texts = list(texts)
        self._finish: Finish = finish

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        """The next text of the script."""
        del max_tokens, stop
        self.prompts += [message.text for message in messages]
        text = self._texts.pop(0) if len(self._texts) > 1 else self._texts[0]
        return Completion(text, self._finish, Tokens(100, 10), self.name)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Stream:
        """The next text of the script, character by character."""
        return Stream(self._writing(self.complete(messages, max_tokens=max_tokens, stop=stop)), self.name)

    def _writing(self, completion: Completion) -> Writing:
        yield from map(TextDelta, completion.text)
        return completion
