"""Calculations that a claim writes out are followed, and a wrong digit in any of their numbers is doubted."""

from __future__ import annotations

import re

import pytest

from qa.checking.rules import Beside, examine

ROWS = "(in millions)\n| 2021 | 2020\nCash from operations | 4,318 | 3,907\nCapital outlays | (295) | (341)"
WRITTEN_OUT = [
    (
        (
            "It rose from $3,566 million ($3,907 million less $341 million) "
            "to $4,023 million ($4,318 million - $295 million)."
        ),
        ROWS,
        ("$3,907 million − $341 million = $3,566 million", "$4,318 million − $295 million = $4,023 million"),
    ),
    (
        (
            "About 6.2%: $412,604 thousand (income of $391,207 thousand plus wear of $21,397 thousand) "
            "divided by revenues of $6,655,031 thousand."
        ),
        "(in thousands)\nRevenues | 6,655,031\nIncome | 391,207\nWear | 21,397",
        (
            "$391,207 thousand + $21,397 thousand = $412,604 thousand",
            "$412,604 thousand / $6,655,031 thousand = 6.2%",
        ),
    ),
    (
        "8,417: profit of 9,356 plus depreciation of 2,281 gives 11,637, less outlays of 3,220.",
        "Profit | 9,356\nDepreciation | 2,281\nOutlays | (3,220)",
        ("9,356 + 2,281 − 3,220 = 8,417", "9,356 + 2,281 = 11,637"),
    ),
]


@pytest.mark.parametrize(("claim", "cited", "checked"), WRITTEN_OUT)
def test_written_calculations_are_followed(claim: str, cited: str, checked: tuple[str, ...]) -> None:
    """Term by term, over results between, and shown."""
    found = examine(claim, [cited])
    assert found.reasons == ()
    assert sorted(found.checked) == sorted(checked)


@pytest.mark.parametrize(("claim", "cited", "checked"), WRITTEN_OUT)
def test_every_wrong_digit_is_doubted(claim: str, cited: str, checked: tuple[str, ...]) -> None:
    """In a term, in a result between and in the last result; each digit of each number."""
    assert checked
    for number in re.finditer(r"\d[\d,.]*\d", claim):
        for at in range(number.start(), number.end()):
            if claim[at].isdigit():
                digit = str((int(claim[at]) + 3) % 9 + 1)
                wrong = claim[:at] + (digit if digit != claim[at] else "7") + claim[at + 1 :]
                assert examine(wrong, [cited]).reasons, wrong


@pytest.mark.parametrize(
    "claim",
    [
        "8,417: profit of 9,356 less depreciation of 2,281 gives 11,637, less outlays of 3,220.",
        "11,637 km: profit of $9,356 plus depreciation of $2,281.",
        "11,637 is less than 9,356, 2,281 or 3,220.",
    ],
)
def test_what_does_not_follow_is_doubted(claim: str) -> None:
    """With the wrong sign, in another unit, or where nothing is calculated."""
    assert examine(claim, [WRITTEN_OUT[2][1]]).reasons


def test_the_digits_of_a_row_decide_where_nothing_states_its_scale() -> None:
    """A claim tells the scale that stands in the head of the table; in a sentence it must be there."""
    assert examine("Sales were $83 million.", ["Sales |  | $ 83 |  | $ 79"]).reasons == ()
    assert examine("Sales were $85 million.", ["Sales |  | $ 83 |  | $ 79"]).reasons
    assert examine("Sales were $83 million.", ["(in thousands)\nSales |  | $ 83"]).reasons
    assert examine("Sales were $83 million.", ["Sales were $ 83, and | of 79."]).reasons == ()
    assert examine("Sales were $83 million.", ["Sales were $ 83."]).reasons


def test_a_zero_may_say_that_there_is_none() -> None:
    """Only where the claim says so in words, too."""
    rows = ["Sales | 83\nCost of sales | 40"]
    assert examine("0: the statement has sales and cost of sales, and none for leases.", rows).reasons == ()
    assert examine("Sales were 0 and cost of sales 40.", rows).reasons


def test_a_number_of_the_question_may_be_denied() -> None:
    """And only that."""
    asked = "Built with four decks, how many does it have?"
    cited = ["It was built with three decks; now it has seven."]
    assert examine("It was built with three decks, not four.", cited, Beside(question=asked)).reasons == ()
    assert examine("It was built with three decks, not five.", cited, Beside(question=asked)).reasons
    assert examine("It was built with four decks.", cited, Beside(question=asked)).reasons
