"""A fake model that drafts questions about ships that were lost, and answers them from what it is shown."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence

from index.errors import ModelError
from qa.models.base import Completion, Message, Stream, Tokens


def ship_text(name: str, year: int) -> str:
    """A document about a ship, long enough to be asked about."""
    return f"The {name} was lost in {year} on a voyage to Rosvik, with all the timber that it had on board.\n"


class FakeDrafter:
    """Asks when a ship was lost; near misses are about the "Nowhere". Keeps what kinds of calls were made.

    With `wrong`, it answers another year than it meant; `errors` are raised for prompts with such a word.
    """

    thinking_tokens = 0

    def __init__(
        self,
        *,
        wrong: Sequence[str] = (),
        errors: Sequence[tuple[str, BaseException]] = (),
        name: str = "drafter",
        official: bool = False,
        tokens: Tokens | None = None,
    ) -> None:
        self.name = name
        self.official = official
        self.calls: list[str] = []
        self._tokens = tokens or Tokens(100, 10)
        self._wrong = wrong
        self._errors = list(errors)
        self._near = 0
        self._lock = threading.Lock()

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        """A draft, a near miss or an answer, as the prompt wants it."""
        del max_tokens, stop
        (message,) = messages
        for at, (word, error) in enumerate(self._errors):
            if word in message.text:
                if isinstance(error, ModelError):
                    del self._errors[at]
                raise error
        with self._lock:
            return Completion(self._written(message.text), "stop", self._tokens, self.name)

    def _written(self, prompt: str) -> str:
        if "# The lines to ask about" in prompt:
            self.calls.append("draft")
            found = re.findall(r"\[1\] The (\w+) was lost in (\d+)", prompt)
            return f"question: When was the {found[-1][0]} lost?\nanswer: {found[-1][1]}" if found else "SKIP"
        if "# The question that is answered" in prompt:
            self.calls.append("near")
            self._near += 1
            return f"question: When was the Nowhere{'abcdefgh'[self._near % 8]} lost?"
        self.calls.append("answer")
        ship = re.findall(r"When was the (\w+) lost\?", prompt)[-1]
        found = re.findall(rf"\[(s\d+)\] The {ship} was lost in (\d+)", prompt)
        if not found:
            return f"NO ANSWER\nMissing: the {ship}"
        key, year = found[0]
        return f"The {ship} was lost in {1066 if ship in self._wrong else year} [{key}]."

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Stream:
        """Drafting streams nothing."""
        raise NotImplementedError
