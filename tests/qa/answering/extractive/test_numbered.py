"""Questions about numbered parts of a document."""

from __future__ import annotations

import pytest

from qa.answering.extractive.numbered import NumberedPart, asked_part, with_numbers
from qa.answering.extractive.sentences import analyse


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does clause 1.2 say?", NumberedPart("clause", "1.2")),
        ("Was steht in § 14?", NumberedPart("", "14")),
        ("Was regelt Artikel 5?", NumberedPart("Artikel", "5")),
        ("What happens in step 3?", NumberedPart("step", "3")),
        ("What is in Section IV?", NumberedPart("Section", "IV")),
        ("What did article 3.1.4 change?", NumberedPart("article", "3.1.4")),
        ("How many boats came in 2024?", None),
        ("What is a clause?", None),
    ],
)
def test_the_part_that_is_asked_for(question: str, expected: NumberedPart | None) -> None:
    """A word for a part, and a number after it."""
    assert asked_part(question) == expected


def test_the_sentence_that_bears_the_number_is_the_part() -> None:
    """It names the part; a sentence that mentions the number does not."""
    bears, mentions = analyse("1.2 Either side may end it."), analyse("It is as set out in clause 1.2.")
    ((first, second),) = with_numbers(NumberedPart("clause", "1.2"), [[bears, mentions]])
    assert analyse("clause").bag <= first.bag
    assert "1.2" in first.bag
    assert "1.2" not in second.bag
    assert first.text == bears.text


@pytest.mark.parametrize(
    ("number", "text", "bears"),
    [
        ("3", "3. Dry the hull.", True),
        ("3", "3 boats were lifted.", False),
        ("3", "31. Last of all.", False),
        ("1.2", "1.2.1 A part of it.", False),
        ("14", "§ 14. Noise.", True),
    ],
)
def test_what_bears_a_number(number: str, text: str, bears: bool) -> None:
    """A number of one figure needs a sign after it; where none bears it, nothing changes."""
    mentions = analyse(f"See clause {number} below.")
    ((first, second),) = with_numbers(NumberedPart("clause", number), [[analyse(text), mentions]])
    assert ((first, second) != (analyse(text), mentions)) is bears
