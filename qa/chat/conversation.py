"""The state of a conversation: its index, its filters, the turns so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError
from index.search.filters import make_filters
from qa.answering.index_reader import IndexReader
from qa.chat.followup import Turn, pointing_back, rewritten
from qa.chat.recall import about_conversation, recalled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.answering.generative.generate import AnswerModel
    from qa.models.reader.sentence_reader import SentenceReader
    from qa.types import Answer, StreamEvent, Usage

MOST_REMEMBERED = 200  # turns that are kept to be saved


@dataclass(frozen=True, slots=True)
class Asking:
    """A question about to be asked: as typed, as understood, and what it took to understand it.

    One that is `about_conversation` is answered from the turns so far, not from documents.
    """

    typed: str
    question: str
    usage: Usage | None = None
    about_conversation: bool = False


@dataclass(slots=True)
class Conversation:
    """A conversation. Each question is made to stand alone, then answered, then remembered.

    `model` writes the answers, None for sentences of the documents. `turns` are questions with their whole
    answers as JSON objects. `gold` is the question set that /gold writes, see
    `qa/evaluation/sets/authoring/`. `configured_k` is the `k` that it begins with, which `/set k off`
    brings back.
    """

    reader: IndexReader
    k: int | None = None
    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    last: Answer | None = None
    model: AnswerModel | None = None
    sentence_reader: SentenceReader | None = None
    turns: list[tuple[Turn, Mapping[str, object]]] = field(default_factory=list)
    name: str | None = None
    gold: Path | None = None
    configured_k: int | None = field(init=False)

    def __post_init__(self) -> None:
        self.configured_k = self.k

    def understood(self, typed: str) -> Asking:
        """`typed` as a question that stands alone: by the model if there is one. Raises `ModelError`."""
        before = [turn for turn, _ in self.turns]
        if before and about_conversation(typed):
            return Asking(typed, typed, about_conversation=True)
        if self.model is None:
            last = before[-1] if before else None
            previous, answered = (last.question, last.answer) if last else (None, "")
            return Asking(typed, pointing_back(typed, previous, answered))
        llm = self.model.meter()
        return Asking(typed, rewritten(typed, before, llm), llm.usage)

    def ask(
        self,
        asking: Asking,
        *,
        show: Callable[[StreamEvent], None] | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> Answer:
        """The answer to a question, which becomes the last one; see `qa.answering.ask`. Raises QaError."""
        from qa.answering.ask import ask
        from qa.output.answers.as_json import answer_object

        if asking.about_conversation:
            result = recalled(asking.typed, self.turns, self.model.meter() if self.model else None)
        else:
            filters = make_filters(self.sources, self.since, self.until)
            result = ask(
                asking.question,
                self.reader,
                k=self.k,
                filters=filters,
                model=self.model,
                show=show,
                tell=tell,
                reader=self.sentence_reader,
            ).answer
        if asking.usage is not None:
            from qa.models.metering import together

            result = replace(result, usage=together(asking.usage, result.usage))
        self.last = result
        turn = Turn(asking.typed, asking.question, result.text)
        self.turns = [*self.turns, (turn, answer_object(result))][-MOST_REMEMBERED:]
        return result

    def last_answer(self) -> Answer:
        """The last answer. Raises UsageError if there is none yet."""
        if self.last is None:
            raise UsageError("nothing was asked yet", "ask a question first")
        return self.last

    def save(self, name: str | None = None, folder: Path | None = None) -> str:
        """Keep all turns under `name`, else its last one, else one made of its first question.

        Gives the name. Raises UsageError, StorageError.
        """
        from qa.chat import sessions

        if not self.turns:
            raise UsageError("nothing was asked yet", "ask a question first")
        folder = folder or sessions.sessions_folder()
        taken = [session.name for session in sessions.sessions(folder)]
        self.name = name or self.name or sessions.name_for(self.turns[0][0].typed, taken)
        sessions.save(folder, self.name, self.turns)
        return self.name

    def resume(self, name: str, folder: Path | None = None) -> None:
        """Take up a saved conversation. Raises UsageError, StorageError."""
        from qa.chat import sessions

        self.name, turns = sessions.load(folder or sessions.sessions_folder(), name)
        self.turns = list(turns)
