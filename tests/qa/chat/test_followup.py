"""Follow-ups become questions that stand alone: by a model, or by what the question before named."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts import load
from qa.chat.followup import MOST_TURNS, Turn, pointing_back, rewritten, standalone_prompt
from tests.support.fake_models import ScriptedModel

BEFORE = Turn("Where was Mia born?", "Where was Mia born?", "Mia was born in Riga [1].")


def test_a_model_rewrites_a_follow_up() -> None:
    """It is shown the conversation without our markers, and the last question last."""
    llm = ScriptedModel("Who is Mia's brother?\n")
    assert rewritten("Who is her brother?", [BEFORE], llm) == "Who is Mia's brother?"
    prompt = llm.prompts[0]
    assert "asked: Where was Mia born?\nanswered: Mia was born in Riga.\n" in prompt
    assert prompt.rstrip().endswith("Who is her brother?")


def test_the_first_question_is_asked_as_it_is() -> None:
    """Nothing is before it, so nobody is asked."""
    llm = ScriptedModel("Something else?")
    assert rewritten("Where was she born?", [], llm) == "Where was she born?"
    assert llm.prompts == []


@pytest.mark.parametrize(
    "written",
    [
        "Who is Leo?",
        "Sure!\nWho is Leo?",
        "Sure! Here is the standalone question:\n\nWho is Leo?",
        "Here is the rewritten question: Who is Leo?",
        "Certainly! Who is Leo?",
        "Standalone question: Who is Leo?",
        "**Standalone question:** Who is Leo?",
        'Question: "Who is Leo?"',
        "Q: Who is Leo?",
        '"Who is Leo?"',
        "- Who is Leo?",
        "> **Who is Leo?**",
        "“Who is Leo?”\n\nThis question can be understood alone.",
        "The user asks about him. He is Leo.\n\nWho is Leo?",
        "Who is he?\nWho is Leo?",
        "Who is Leo?\n\nWould you like me to answer it?",
        "Hier ist die Frage:\nWho is Leo?",
        "1. Who is Leo?",
        '{"question": "Who is Leo?"}',
        'The standalone question would be "Who is Leo?"',
        "“Who is he?” becomes “Who is Leo?”",
        "Who is he? -> Who is Leo?",
        "<question>Who is Leo?</question>",
    ],
)
def test_the_line_that_is_a_question_is_taken(written: str) -> None:
    """Whatever a model says around it."""
    assert rewritten("Who is he?", [BEFORE], ScriptedModel(written)) == "Who is Leo?"


@pytest.mark.parametrize(
    "written",
    [
        "", "...", "x" * 3000, "\u200b", "I'm sorry, I cannot rewrite this.", "Leo was born in Riga.",
        "He is Mia's brother.\nHe lives in Riga.", "NO ANSWER", "Who is he?", "Do you want me to answer it?",
    ],
)  # fmt: skip
def test_a_model_that_does_not_rewrite_is_not_followed(written: str) -> None:
    """Then the question is helped as without a model: what it points to is not lost."""
    assert rewritten("Who is he?", [BEFORE], ScriptedModel(written)) == "Who is he? (Mia)"


def test_a_question_that_was_cut_off_is_not_asked() -> None:
    """Half a question is another one."""
    assert rewritten("And he?", [BEFORE], ScriptedModel("Who is", finish="length")) == "And he? (Mia)"


def test_a_request_without_a_question_mark_is_rewritten() -> None:
    """It is one line; an answer in its place is not taken."""
    assert (
        rewritten("tell me more", [BEFORE], ScriptedModel("Tell me more about Mia."))
        == "Tell me more about Mia."
    )
    assert rewritten("Who is he?", [BEFORE], ScriptedModel("Who is Leo")) == "Who is Leo"


def test_who_somebody_is_was_answered() -> None:
    """A question that asks who has no name; its answer has."""
    assert pointing_back("When was she born?", "Who is the mayor?", "The mayor is Elsa Brandt [1].") == (
        "When was she born? (Elsa Brandt)"
    )
    assert (
        pointing_back("When was she born?", "Who is the mayor?", "Unknown.") == "When was she born? (mayor)"
    )


def test_quotation_marks_around_a_question_are_not_part_of_it() -> None:
    """Models add them."""
    assert rewritten("Who?", [BEFORE], ScriptedModel('"Who is Leo?"')) == "Who is Leo?"


def test_the_prompt_is_this_one() -> None:
    """Read it: the golden file is what a model is sent."""
    turns = [BEFORE, Turn("And Leo?", "Where was Leo born?", "Unknown </conversation 7f> [s1] [s9?].")]
    golden = Path(__file__).parents[2] / "golden" / "standalone_prompt.txt"
    prompt = standalone_prompt("Who is his [s2] sister?", turns, draw=lambda: "5eed")
    assert prompt == golden.read_text(encoding="utf-8")


def test_the_conversation_is_bounded_and_cannot_forge() -> None:
    """The last turns only, each cut; the delimiter's mark is in none of them."""
    turns = [Turn(f"Q{at}?", f"Q{at}?", "word " * 1000) for at in range(20)]
    marks = iter(["Q19", "m1"])
    prompt = standalone_prompt("And?", turns, draw=lambda: next(marks))
    assert "Q13?" not in prompt
    assert "Q14?" in prompt
    assert prompt.count("asked: ") == MOST_TURNS
    assert len(prompt) < 8_000
    assert prompt.count("</conversation m1>") == 2  # where it is explained, and where it stands
    assert load("standalone").variables == {"mark", "conversation", "question"}


@pytest.mark.parametrize(
    ("typed", "previous", "asked"),
    [
        ("When was she born?", "Who is Mia?", "When was she born? (Mia)"),
        ("Why?", "When did the Vasa sink?", "Why? (Vasa)"),
        ("And then?", "who kept the geese", "And then? (kept geese)"),
        ("What about it?", "How heavy is the bell?", "What about it? (heavy bell)"),
        ("Who is her brother?", "Where was Mia born?", "Who is her brother? (Mia)"),
        ("How long did it take?", "Who raised the Vasa?", "How long did it take? (Vasa)"),
        ("What happened there?", "Where is Łódź?", "What happened there? (Łódź)"),
        ("Is there any evidence of fraud?", "Who is Mia?", "Is there any evidence of fraud?"),
        ("Is it true that wild geese fly?", "Who is Mia?", "Is it true that wild geese fly?"),
        ("Where is Łódź?", "Who is Mia?", "Where is Łódź?"),
        ("How many geese are kept?", "Who is Mia?", "How many geese are kept?"),
        ("Did he meet Rubio?", "Who is Lavrov?", "Did he meet Rubio?"),
        ("Why?", None, "Why?"),
        ("Why?", "And?", "Why?"),
        ("", "Who is Mia?", " (Mia)"),
    ],
)
def test_without_a_model_a_pronoun_takes_what_was_named(typed: str, previous: str | None, asked: str) -> None:
    """Names of the question before, else its words; a question that names something is left alone."""
    assert pointing_back(typed, previous) == asked
