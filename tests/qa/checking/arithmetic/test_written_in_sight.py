"""Numbers calculated from cited ones that the claim writes: in scales, chains, rates, shares."""

from __future__ import annotations

import re

import pytest

from qa.checking.rules import Beside, examine

MILLIONS = (
    "(in millions) | 2021 | 2020\nRevenue | 8,452 | 7,316\nGross profit | 5,237 | 4,418"
    "\nOperating expenses | $ 3,189 | $ 2,954 | 8 %\nInterest | (214) | (197)\nTaxes | 583 | 471"
)
NO_HEAD = MILLIONS.replace("(in millions)", "")
THOUSANDS = (
    "(in thousands)\nAdjusted earnings | $ 1,284,310\nRent | 842,760\nDepreciation | 937,155"
    "\nInterest | 251,640"
)
FOLLOWS = [
    # A result in the scale of the table, whose operands are bare.
    ("The operating result was $2,048 million in 2021 (5,237 - 3,189).", MILLIONS, ""),
    ("The operating result was $2,048 million in 2021 (5,237 - 3,189).", NO_HEAD, ""),
    ("The operating result was $2.05 billion (5,237 − 3,189).", MILLIONS, ""),
    ("5,237 - 3,189 = $2,048 million.", MILLIONS, ""),
    ("It was $2,048 million ($5,237 million - 3,189).", MILLIONS, ""),
    # A share of a result, and of the next one.
    (
        (
            "Gross profit less operating expenses was $2,048 million in 2021 (5,237 - 3,189), or about "
            "24.2 % of revenue of $8,452 million, against $1,464 million in 2020 (4,418 - 2,954), or 20.0 % "
            "of revenue of $7,316 million."
        ),
        MILLIONS,
        "",
    ),
    (
        (
            "In 2021 it was 2,048 (5,237 - 3,189), that is 24.2% of revenue of 8,452, and in 2020 it "
            "was 1,464 (4,418 - 2,954), that is 20.0% of 7,316."
        ),
        NO_HEAD,
        "",
    ),
    # Rates of growth.
    ("15.5 %: revenue went from 7,316 to 8,452, that is 8,452 / 7,316 - 1.", MILLIONS, ""),
    ("15.5 %, calculated as (8,452 / 7,316 - 1) × 100.", MILLIONS, ""),
    ("15.5 %, calculated as (8,452 / 7,316 - 1) × 100 %.", MILLIONS, ""),
    ("15.5 %, calculated as 8,452 / 7,316 - 100 %.", MILLIONS, ""),
    ("15.5 %: (8,452 - 7,316) / 7,316 × 100.", MILLIONS, ""),
    ("The margin lost was 38.0 %: 1 - 5,237 / 8,452.", MILLIONS, ""),
    ("((8,452 / 7,316) - 1) = 15.5%.", MILLIONS, ""),
    ("8,452 / 7,316 = 1.155, i.e. 15.5 % more.", MILLIONS, ""),
    # Below zero, with the sign of money and the word of scale.
    ("Interest was $(214) million.", MILLIONS, ""),
    ("Interest was ($214) million, after ($197 million).", MILLIONS, ""),
    ("Interest was (214) million.", MILLIONS, ""),
    ("Interest was -$214 million.", MILLIONS, ""),
    (
        (
            "About -2.0: earnings of $1,284,310 thousand, less rent of $842,760 thousand and depreciation of "
            "$937,155 thousand, is $(495,605) thousand, "
            "against interest of $251,640 thousand (-495,605 / 251,640)."
        ),
        THOUSANDS,
        "",
    ),
    ("It was -1.97 (-495,605 / 251,640), after 1,284,310 - 842,760 - 937,155 = (495,605).", THOUSANDS, ""),
    # Chains in words.
    ("Gross profit of 5,237 less operating expenses of 3,189 and taxes of 583 is 1,465.", MILLIONS, ""),
    ("5,237 less 3,189, 583 and 214 gives 1,251.", NO_HEAD, ""),
    (
        "Taxes of 583 plus gross profit of 5,237 is 5,820, over revenue of 8,452 (5,820 / 8,452), or 68.9 %.",
        MILLIONS,
        "",
    ),
    ("5,237, less 3,189, gives 2,048.", NO_HEAD, ""),
    (
        (
            "About 68.9 %: taxes of $583 million plus gross profit of $5,237 million is $5,820 million, over "
            "revenue of $8,452 million (5,820 / 8,452)."
        ),
        MILLIONS,
        "",
    ),
    # A difference that the question asks for.
    (
        "$1,136 million: it was $7,316 million in 2020, and $8,452 million in 2021.",
        MILLIONS,
        "By how much did revenue rise?",
    ),
    (
        "By €300,000: the loan of €1,500,000 was replaced with one of €1,800,000.",
        "A new loan of €1,800,000 replaced that of €1,500,000.",
        "By how much did the loan change?",
    ),
    (
        "€300,000: the loan was €1,500,000, the new one is €1,800,000.",
        "A new loan of €1,800,000 replaced that of €1,500,000.",
        "How much more is the new loan?",
    ),
]


@pytest.mark.parametrize(("claim", "cited", "question"), FOLLOWS)
def test_what_is_written_follows(claim: str, cited: str, question: str) -> None:
    """No doubt of a calculation whose operands are cited and stand in the claim."""
    assert examine(claim, cited.split("\n"), Beside(question=question)).reasons == ()


@pytest.mark.parametrize(("claim", "cited", "question"), FOLLOWS)
def test_a_wrong_digit_is_doubted(claim: str, cited: str, question: str) -> None:
    """The first digit of every number but the years, the constants and single digits."""
    for number in re.finditer(r"\d[\d,.]*\d", claim):
        if re.fullmatch(r"20\d\d|100|1", number[0]):
            continue
        digit = str((int(number[0][0]) + 3) % 9 + 1)
        wrong = claim[: number.start()] + digit + claim[number.start() + 1 :]
        assert examine(wrong, cited.split("\n"), Beside(question=question)).reasons, wrong


@pytest.mark.parametrize(
    ("claim", "cited", "question"),
    [
        # In another scale than the table states, or in none that anything states.
        ("The operating result was $2,048 thousand in 2021 (5,237 - 3,189).", MILLIONS, ""),
        ("It was $2,048 million (5,237 - 3,189).", "It had 5,237 and spent 3,189.", ""),
        ("It was $2,048 ($5,237 million - $3,189 million).", MILLIONS, ""),
        # A constant of nothing.
        ("15.5 %: revenue went from 7,316 to 8,452, that is 8,452 / 7,316 - 2.", MILLIONS, ""),
        ("The table has 8,452, 7,316 and 1.", MILLIONS, ""),
        # Nothing asks for the difference, and nothing says that it is one.
        ("$1,136 million, $7,316 million and $8,452 million.", MILLIONS, "What was revenue?"),
        # Another sign, or another order.
        ("5,237 plus 3,189 and 583 gives 1,465.", MILLIONS, ""),
        ("18.3 %: 7,316 / 8,452 - 1.", MILLIONS, ""),
    ],
)
def test_what_does_not_follow_is_doubted(claim: str, cited: str, question: str) -> None:
    """Whatever its digits are."""
    assert examine(claim, cited.split("\n"), Beside(question=question)).reasons
