"""Questions about the documents of `tests/support/cli.py`, a fake model, and runs over them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from index.search.filters import Filters
from qa.answering.generative.generate import AnswerModel
from qa.answering.shared_reader import SharedIndexReader
from qa.evaluation.running.attempt import AskOptions
from qa.evaluation.running.events import Event
from qa.evaluation.running.remaining import remaining
from qa.evaluation.running.runner import RunOutcome, run_questions
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.runs.header import (
    AnswerSettings,
    Fingerprint,
    Header,
    Named,
    QuestionSelection,
    answer_settings,
    fingerprint,
    prompts_of,
    versions,
)
from qa.evaluation.runs.state import Run, load_run
from qa.evaluation.sets.dataset import question_key
from qa.evaluation.types import Question
from qa.models.base import Completion, Message, Stream, Tokens, Writing
from qa.types import TextDelta

ALL = Filters()
USAGE = Tokens(1000, 100)
Respond = Callable[[str], str]
HEADER = Header(
    QuestionSelection("questions.jsonl", "ab" * 32, ("k1", "k2", "k3")),
    AnswerSettings(10, "gpt", "rules", 12_000),
    Fingerprint("letters/1", "sections/1", 4, "cd" * 32),
    (Named("answer", "12" * 32),),
    (Named("qa", "1"), Named("python", "3.11.7")),
    created="2026-01-02T03:04:05+00:00",
)
WORDS = ("cat", "Vasa", "cannons", "Riga", "summit", "Oslo", "Poland", "brother")


def questions(count: int) -> tuple[Question, ...]:
    """So many questions that no two models confuse; the documents answer some of them."""
    return tuple(
        Question(f"q{n}", f"Question number {n}: what is told of the {WORDS[n % len(WORDS)]}?")
        for n in range(count)
    )


def number_in(prompt: str) -> int:
    """Which of `questions` a prompt asks."""
    return int(prompt.rpartition("Question number ")[2].partition(":")[0])


class Model:
    """A model that says what `respond` makes of a prompt, and keeps the prompts. Threads may share one."""

    thinking_tokens = 8_000

    def __init__(
        self, respond: Respond, name: str = "gpt-4.1-mini", *, official: bool = False, usage: Tokens = USAGE
    ) -> None:
        self.name = name
        self.official = official
        self.prompts: list[str] = []
        self._respond = respond
        self._usage = usage
        self._lock = threading.Lock()

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        with self._lock:
            self.prompts += [message.text for message in messages]
        return Completion(self._respond(messages[-1].text), "stop", self._usage, self.name)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Stream:
        return Stream(self._writing(self.complete(messages, max_tokens=max_tokens, stop=stop)), self.name)

    def _writing(self, completion: Completion) -> Writing:
        yield TextDelta(completion.text)
        return completion


def cited_answer(prompt: str) -> str:
    """An answer that cites, and is another one for each question."""
    return f"That is number {number_in(prompt)} [s1]."


def header(
    asked: Sequence[Question],
    library: SharedIndexReader,
    options: AskOptions,
    repeat: int = 1,
    **more: object,
) -> Header:
    """The header of a run of these questions."""
    made = answer_settings(options.k, options.filters, options.model)
    keys = tuple(map(question_key, asked))
    what = QuestionSelection("questions.jsonl", "ab" * 32, keys, repeat=repeat)
    return Header(what, made, library.read(fingerprint), prompts_of(made), versions())


def run(
    asked: Sequence[Question],
    folder: Path,
    library: SharedIndexReader,
    model: AnswerModel | None = None,
    *,
    filters: Filters = ALL,
    repeat: int = 1,
    k: int = 5,
    at_once: int | None = None,
    retry_errors: bool = False,
    on_event: Callable[[Event], None] = lambda _: None,
) -> tuple[RunOutcome, Run]:
    """Run questions in a folder; the outcome, and what is there then."""
    options = AskOptions(k, filters, model)
    with RunFolder(folder, header(asked, library, options, repeat)) as opened:
        left = remaining(opened.header.asked.record_ids, opened.state, retry_errors=retry_errors)
        outcome = run_questions(
            asked,
            left.to_ask,
            folder=opened,
            reader=library,
            options=options,
            throttle=Throttle(at_once) if at_once else None,
            on_event=on_event,
        )
    return outcome, load_run(folder)
