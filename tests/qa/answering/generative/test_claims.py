"""An answer is split into claims; a quotation of several sentences with one key is one claim."""

from __future__ import annotations

import pytest

from qa.answering.generative.claims import assertions, owners


def claims_of(answer: str) -> tuple[list[str], list[int]]:
    """The claims of an answer in which ^ stands for a marker, and whose claim each marker supports."""
    pieces = answer.split("^")
    text = "".join(pieces)
    marks = [len("".join(pieces[: at + 1])) for at in range(len(pieces) - 1)]
    claims = assertions(text, marks)
    return [claim.text_in(text) for claim in claims], owners(claims, marks)


@pytest.mark.parametrize(
    ("answer", "claims", "supported"),
    [
        ("> The gate was shut. Nobody came.^", ["The gate was shut. Nobody came."], [0]),
        (
            "> The gate was shut.\n> Nobody came.\n> It rained.^",
            ["The gate was shut. Nobody came. It rained."],
            [0],
        ),
        ("> The gate was shut.\n>\n> Nobody came.^", ["The gate was shut. Nobody came."], [0]),
        ("> The gate was\n> shut. Nobody came.^", ["The gate was shut. Nobody came."], [0]),
        ("> The gate was shut. Nobody came.\n\n^", ["The gate was shut. Nobody came."], [0]),
        (">> The gate was shut. Nobody came.^", ["The gate was shut. Nobody came."], [0]),
        (
            "It says:\n> The gate was shut. Nobody came.^\n\nThen it rained.^",
            ["It says:", "The gate was shut. Nobody came.", "Then it rained."],
            [1, 2],
        ),
        (
            "She said: “The gate was shut. Nobody came.”^",
            ["She said: “The gate was shut. Nobody came.”"],
            [0],
        ),
        (
            "She said: 'The gate wasn't shut. Nobody came.'^",
            ["She said: 'The gate wasn't shut. Nobody came.'"],
            [0],
        ),
    ],
)
def test_a_quotation_with_one_key_is_one_claim(answer: str, claims: list[str], supported: list[int]) -> None:
    """In signs of quotation and as a block, over several lines and paragraphs."""
    assert claims_of(answer) == (claims, supported)


@pytest.mark.parametrize(
    ("answer", "claims", "supported"),
    [
        ("> The gate was shut.^ Nobody came.^", ["The gate was shut.", "Nobody came."], [0, 1]),
        ("> The gate was shut.^\n> Nobody came.^", ["The gate was shut.", "Nobody came."], [0, 1]),
        ("> The gate was shut.\n\nNobody came.^", ["The gate was shut.", "Nobody came."], [1]),
        ("The gate was shut. Nobody came.^", ["The gate was shut.", "Nobody came."], [1]),
        ("The dogs' gate was shut. Nobody came.^", ["The dogs' gate was shut.", "Nobody came."], [1]),
    ],
)
def test_sentences_with_keys_of_their_own_are_claims(
    answer: str, claims: list[str], supported: list[int]
) -> None:
    """Within a block quotation too; and what follows it is another claim."""
    assert claims_of(answer) == (claims, supported)
