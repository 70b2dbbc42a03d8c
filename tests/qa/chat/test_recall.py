"""What is asked about the conversation is answered from it, with the citations of its answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import UsageError
from qa.answering.generative.generate import AnswerModel
from qa.answering.index_reader import IndexReader
from qa.chat.conversation import Conversation
from qa.chat.recall import NOTE, about_conversation
from tests.support.cli import QUESTION
from tests.support.fake_models import ScriptedModel


@pytest.fixture
def conversation(library: Path) -> Iterator[Conversation]:
    """A conversation about four documents, without a model."""
    reader = IndexReader(library / ".qa")
    yield Conversation(reader)
    reader.close()


@pytest.mark.parametrize(
    "typed",
    [
        "Summarise our conversation", "summarize this chat, please", "Can you recap our discussion?",
        "Give me a summary of our conversation", "What did I ask first?", "What did I ask you before?",
        "What have we discussed so far?", "What did you just say?", "What was my first question?",
        "Translate your last answer into German", "Please rephrase that answer", "translate that into French",
        "List my questions", "Fasse unser Gespräch zusammen", "Was habe ich zuerst gefragt?",
        "Übersetze deine letzte Antwort ins Englische", "Résume notre conversation",
    ],
)  # fmt: skip
def test_what_is_about_the_conversation(typed: str) -> None:
    """Asked in this way, nothing is to be searched for."""
    assert about_conversation(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "Summarise the conversation between Ada and Mia", "What did we discuss in the March meeting?",
        "What did the mayor say?", "What was the first question of the committee?", "What did she ask?",
        "Translate the treaty", "Who answered the letter?", "What was the answer of the council?",
        "What did I say in my letter to the council?", "List the questions of the exam", "Why?",
    ],
)  # fmt: skip
def test_what_is_about_documents(typed: str) -> None:
    """They hold conversations, questions and answers too."""
    assert not about_conversation(typed)


def test_what_was_asked_is_told_without_a_model(conversation: Conversation) -> None:
    """First, last, or all of it; and it becomes a turn like any other."""
    for typed in (QUESTION, "Where was Mia born?"):
        conversation.ask(conversation.understood(typed))
    first = conversation.ask(conversation.understood("What did I ask first?"))
    assert (first.text, first.notes, first.citations) == (f"You asked first: {QUESTION}", (NOTE,), ())
    assert conversation.ask(conversation.understood("List my questions")).text.splitlines() == [
        "You asked:", f"1. {QUESTION}", "2. Where was Mia born?", "3. What did I ask first?",
    ]  # fmt: skip
    with pytest.raises(UsageError, match="takes a model"):
        conversation.ask(conversation.understood("Summarise our conversation"))


def test_a_model_tells_it_with_the_citations_that_were_given(conversation: Conversation) -> None:
    """It is shown the claims under keys; what it names is cited as it was, once for each place."""
    conversation.ask(conversation.understood(QUESTION))
    given = conversation.last_answer().citations[0]
    llm = ScriptedModel(
        "The reason was given [s1]. It was asked about [s1] [4]. Nothing else was said [s99]."
    )
    conversation.model = AnswerModel(llm)
    answer = conversation.ask(conversation.understood("Summarise our conversation"))
    assert f"asked: {QUESTION}\nanswered:\n[s1] " in llm.prompts[0]
    assert (
        answer.text == "The reason was given [1]. It was asked about [1] [ 4 ]. Nothing else was said [s99]."
    )
    assert answer.citations == (given,)
    assert [claim.support for claim in answer.claims] == ["supported", "supported", "uncited"]
    assert answer.notes == (NOTE,)
