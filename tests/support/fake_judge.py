"""A fake judge model that gives the verdicts a test sets."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping, Sequence

from index.errors import ModelError
from qa.models.base import Completion, Message, Stream, Tokens

YES, NO = "yes", "no"


class FakeJudge:
    """A model that judges claims by `verdicts` and answers by `correctness`. Keeps the requests.

    `verdicts` maps the cited texts of a claim, joined by "+", to YES or NO; others get an unreadable "?".
    """

    thinking_tokens = 8_000

    def __init__(
        self,
        verdicts: Mapping[str, str] | None = None,
        correctness: str = "reason: so\nverdict: CORRECT",
        *,
        errors: Mapping[str, ModelError] | None = None,
        name: str = "judge-m",
        official: bool = False,
        tokens: Tokens = Tokens(100, 10),  # noqa: B008 - frozen
        seconds: float = 0.0,
    ) -> None:
        self.name = name
        self.official = official
        self._tokens = tokens
        self._seconds = seconds
        self.pairs: list[list[str]] = []
        self.cases: list[str] = []
        self._verdicts = verdicts or {}
        self._correctness = correctness
        self._errors = errors or {}
        self._lock = threading.Lock()

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        del max_tokens, stop
        (message,) = messages
        for word, error in self._errors.items():
            if word in message.text:
                raise error
        time.sleep(self._seconds)
        with self._lock:
            return Completion(self._answer(message.text), "stop", self._tokens, self.name)

    def _answer(self, prompt: str) -> str:
        if "# The case to judge" in prompt:
            self.cases.append(prompt.partition("# The case to judge")[2])
            return self._correctness
        pairs = re.findall(
            r"number: (\d+)\nclaim: (.*)\n((?:cited: .*\n)+)", prompt.partition("# The pairs\n\n<")[2]
        )
        texts = ["+".join(re.findall("cited: (.*)", cited)) for _, _, cited in pairs]
        self.pairs.append(texts)
        return "\n".join(f"{number}: {self._verdicts.get(text, '?')}" for number, text in enumerate(texts, 1))

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Stream:
        raise NotImplementedError
