"""A year or day of the question that a claim denies, or says nothing is told of, is no news."""

from __future__ import annotations

import pytest

from qa.checking.rules import Beside, examine


@pytest.mark.parametrize(
    ("claim", "cited", "question"),
    [
        ("No figure for 2019 is given.", ["Sales were 40 in 2018."], "What were sales in 2019?"),
        (
            "The passage gives sales of 40 for 2018, but none for 2019.",
            ["Sales were 40 in 2018."],
            "What were sales in 2019?",
        ),
        (
            "The report does not say what sales were in 2019; in 2018 they were 40.",
            ["Sales were 40 in 2018."],
            "What were sales in 2019?",
        ),
        ("Sales in 2019 are not given.", ["Sales were 40 in 2018."], "What were sales in 2019?"),
        (
            "Sales for 2019 are not stated, only those of 2018, 40.",
            ["Sales were 40 in 2018."],
            "What were sales in 2019?",
        ),
        ("There is no mention of 2019.", ["Sales were 40 in 2018."], "What were sales in 2019?"),
        ("Figures of 2019 are missing.", ["Sales were 40 in 2018."], "What were sales in 2019?"),
        (
            "Without a figure for FY2019, only 2018 is known: 40.",
            ["Sales were 40 in 2018."],
            "What were sales in FY2019?",
        ),
        ("Sie nennt keine Zahl für 2019.", ["Der Umsatz betrug 2018 40."], "Wie hoch war der Umsatz 2019?"),
        (
            "It does not give a date of 21 October; it says 23 October.",
            ["It was on 23 October."],
            "Was it on 21 October?",
        ),
        ("It was not on 21 October but on 23 October.", ["It was on 23 October."], "Was it on 21 October?"),
        ("It was not in 2019 but in 2018.", ["It was in 2018."], "Was it in 2019?"),
    ],
)
def test_what_is_not_told_of_the_question(claim: str, cited: list[str], question: str) -> None:
    """Denied, missing, not given, in four languages."""
    found = examine(claim, cited, Beside(question=question))
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("claim", "cited", "question"),
    [
        ("Sales in 2019 were 40.", ["Sales were 40 in 2018."], "What were sales in 2019?"),
        ("Sales were not above 40 in 2019.", ["Sales were 40 in 2018."], "What were sales in 2019?"),
        ("No figure for 2017 is given.", ["Sales were 40 in 2018."], "What were sales in 2019?"),
        ("No meeting took place in 2019.", ["A meeting took place in 2018."], "When did they meet?"),
    ],
)
def test_what_the_question_does_not_have_or_is_told(claim: str, cited: list[str], question: str) -> None:
    """A year put in, and a year of which something is told."""
    found = examine(claim, cited, Beside(question=question))
    assert found.reasons, found.checked
