"""What makes a drafted question useless to somebody who has not read its span."""

from __future__ import annotations

import pytest

from qa.evaluation.sets.authoring.wording import Wordings, gives_away, unclear


@pytest.mark.parametrize(
    "question",
    [
        "When was the Vasa built?",
        "Who is Hungary's prime minister?",
        "What did the memorandum of 1994 promise Ukraine?",
        "How long does it take to charge the Zephyr 3?",
        "Why did Anna Ek leave her post in 2019?",
        "Who said that he would come to Budapest?",
        "Which company of the Ravens group was sold in 2020?",
        "What is the address of the Orvelin text archive?",
    ],
)
def test_a_question_that_stands_alone_is_clear(question: str) -> None:
    """Names, years and nouns that say which is meant are enough."""
    assert unclear(question) == ""


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("What does the passage say about the fleet?", "names the text"),
        ("According to the text, who won the race?", "names the text"),
        ("Who is the person mentioned above in Oslo?", "names the text"),
        ("What does this document say about fees?", "names the text"),
        ("What are the fees mentioned in the report?", "names the text"),
        ("When did he resign as mayor of Oslo?", "leans on"),
        ("How many people work for the company?", "leans on"),
        ("What was decided in this case in 1998?", "leans on"),
        ("Who took part in the meeting?", "leans on"),
        ("What did their director say in Rome?", "leans on"),
        ("What happened in that year in Rome?", "leans on"),
        ("Who won? And when was it?", "not one question"),
        ("Tell me who won the race in Rome", "not one question"),
        ("Why?", "too short"),
        (f"Who wrote {'a very long book ' * 30}?", "too long"),
    ],
)
def test_a_question_that_leans_on_its_span_is_not(question: str, why: str) -> None:
    """It is told why, for the count of what was rejected."""
    assert why in unclear(question)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Who is the mayor Gergely Karácsony?", "Gergely Karácsony", True),
        ("Who is the mayor of Budapest?", "Gergely Karácsony", False),
        ("What is the capital of Peru?", "…", False),
    ],
)
def test_an_answer_in_the_question_is_seen(question: str, answer: str, expected: bool) -> None:
    """Word for word, whatever the case."""
    assert gives_away(question, answer) is expected


def test_nearly_the_same_wording_is_the_same_question() -> None:
    """Small words and forms of words do not count; what is asked does, and how it asks."""
    wordings = Wordings(["When was the Vasa lost in Stockholm?"])
    assert wordings.has("When was the Vasa lost at Stockholm?")
    assert not wordings.has("Where was the Vasa lost?")
    assert not wordings.has("When was the Mary Rose lost?")
    wordings.add("Where was the Vasa lost?")
    assert wordings.has("Where was the Vasa lost?")
