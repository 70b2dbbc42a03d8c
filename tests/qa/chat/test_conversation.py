"""What a conversation remembers: questions as they were understood, what they took, whole answers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import UsageError
from qa.answering.generative.generate import AnswerModel
from qa.answering.index_reader import IndexReader
from qa.chat.commands import run_command
from qa.chat.conversation import Asking, Conversation
from qa.output.console import Console
from qa.types import Usage
from tests.support.cli import QUESTION
from tests.support.fake_models import ScriptedModel


@pytest.fixture
def console() -> Console:
    return Console(io.StringIO(), io.StringIO())


@pytest.fixture
def conversation(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Conversation]:
    """A conversation about four documents, without a model."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    reader = IndexReader(library / ".qa")
    yield Conversation(reader)
    reader.close()


def printed(console: Console) -> str:
    out = console.out
    assert isinstance(out, io.StringIO)
    return out.getvalue()


def test_an_answer_counts_what_it_took_to_understand_the_question(conversation: Conversation) -> None:
    """Two calls: the question rewritten, and the answer."""
    llm = ScriptedModel("It was lost in 1628 [s2].", "When was the Vasa lost?", "In 1628 [s2].")
    conversation.model = AnswerModel(llm)
    first = conversation.ask(conversation.understood(QUESTION))
    assert first.usage == Usage(100, 10, None)
    asking = conversation.understood("And when?")
    assert asking == Asking("And when?", "When was the Vasa lost?", Usage(100, 10, None))
    second = conversation.ask(asking)
    assert (second.question, second.usage) == ("When was the Vasa lost?", Usage(200, 20, None))
    assert [turn.typed for turn, _ in conversation.turns] == [QUESTION, "And when?"]


def test_a_chain_of_follow_ups_points_to_what_was_understood(conversation: Conversation) -> None:
    """Without a model, "she" twice removed is still Mia."""
    for typed in ("Where was Mia born?", "When was she born?"):
        conversation.ask(conversation.understood(typed))
    assert conversation.understood("Is she grey?").question == "Is she grey? (Mia)"


def test_a_conversation_is_kept_and_taken_up(
    conversation: Conversation, console: Console, tmp_path: Path
) -> None:
    """/save names it after its first question, and saves under that name again; /sessions lists it."""
    with pytest.raises(UsageError, match="nothing was asked"):
        run_command(conversation, console, "save", "")
    conversation.ask(conversation.understood(QUESTION))
    run_command(conversation, console, "save", "")
    conversation.ask(conversation.understood("Where was Mia born?"))
    run_command(conversation, console, "save", "")
    run_command(conversation, console, "sessions", "")
    assert "qa chat --resume why-was-the-vasa-lost\n" in printed(console)
    assert printed(console).splitlines()[-1].split("\t")[2:] == ["2", QUESTION]
    path = tmp_path / "qa" / "sessions" / "why-was-the-vasa-lost.jsonl"
    answer = json.loads(path.read_text(encoding="utf-8").splitlines()[1])["answer"]
    assert answer["schema"] == "qa.answer/1"
    resumed = Conversation(conversation.reader)
    resumed.resume("last")
    assert resumed.turns == conversation.turns
    assert resumed.name == "why-was-the-vasa-lost"
    assert resumed.understood("When was she born?").question == "When was she born? (Mia)"
