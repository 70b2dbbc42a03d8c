"""Calculations with the names of rows; rises and falls; what is counted; what did not change."""

from __future__ import annotations

import pytest

from qa.checking.arithmetic.directions import wrong_directions
from qa.checking.rules import examine

ROWS = (
    "(in millions)\n| 2021 | 2020",
    "Cash from operations | 4,318 | 3,907",
    "Capital outlays | (295) | (341)",
    "Net profit | $ 2,506 | $ 2,611",
)
CONVERSION = "Free cash flow (cash from operations less capital outlays) relative to net profit was {}."
AGREEMENTS = (
    "On 3 May the city signed a new 90 million loan agreement with a bank.",
    "On 3 May the city signed another loan agreement of five years.",
)


@pytest.mark.parametrize(
    ("claim", "calculated"),
    [
        (CONVERSION.format("160.5 % in 2021"), "(4,318 − 295) / 2,506 = 160.5 %"),
        (CONVERSION.format("136.6 % in 2020"), "(3,907 − 341) / 2,611 = 136.6 %"),
        (
            "Cash from operations less capital outlays came to $4,023 million in 2021.",
            "4,318 − 295 = $4,023 million",
        ),
        ("Net profit divided by cash from operations was 58.0 %.", "2,506 / 4,318 = 58.0 %"),
    ],
)
def test_a_calculation_with_the_names_of_rows(claim: str, calculated: str) -> None:
    """It is followed with their numbers, of one column after the other."""
    found = examine(claim, ROWS)
    assert (found.reasons, found.checked) == ((), (calculated,))


@pytest.mark.parametrize(
    "claim",
    [
        CONVERSION.format("165.0 % in 2021"),
        CONVERSION.format("184.1 % in 2021"),  # the outlays added
        CONVERSION.format("154.1 % in 2021"),  # of the columns of two years
        "Cash from operations less capital outlays came to $4,032 million in 2021.",
        "Capital outlays divided by cash from operations were 58.0 %.",
    ],
)
def test_a_wrong_result_with_the_names_of_rows(claim: str) -> None:
    """It is doubted."""
    assert examine(claim, ROWS).reasons


@pytest.mark.parametrize(
    "claim",
    [
        "The gross margin has declined: it was 18.5 % in 2023, against 19.4 % in 2022.",
        "No, the margin has declined: it was 18.5 % in fiscal 2023, against 19.4 % in fiscal 2022.",
        "The gross margin fell to 18.5 % from 19.4 %.",
        "The gross margin declined from 19.4 % to 18.5 %.",
        "The gross margin has not improved: it was 18.5 % in 2023, against 19.4 % in 2022.",
        "Costs have improved: they were 18.5 % in 2023, against 19.4 % in 2022.",
    ],
)
def test_a_fall_that_the_numbers_show(claim: str) -> None:
    """It is borne out, though the cited text has no word of it; and "declined" denies nothing there."""
    assert (
        examine(claim, ["| 2023 | 2022", "Gross margin as a share of sales | 18.5 % | 19.4 %"]).reasons == ()
    )


@pytest.mark.parametrize(
    "claim",
    [
        "The gross margin has improved: it was 18.5 % in 2023, against 19.4 % in 2022.",
        "The gross margin has risen: it was 18.5 % in 2023, compared with 19.4 % in 2022.",
        "The gross margin rose to 18.5 % from 19.4 %.",
        "The gross margin increased from 19.4 % in 2022 to 18.5 % in 2023.",
        "The gross margin fell from 18.5 % in 2022 to 19.4 % in 2023.",
        "The gross margin has worsened: it was 19.4 % in 2023, against 18.5 % in 2022.",
    ],
)
def test_a_rise_that_the_numbers_deny(claim: str) -> None:
    """It is doubted."""
    assert wrong_directions(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "Sales rose 5 % in 2022, against 8 % in 2021.",  # rates of two rises
        "The result rose from -8 million to 5 million.",
        "The loss fell from $(8) million to $(11) million.",
        "Prices rose from May to July.",
        "Sales rose from 900 thousand to 1.2 million.",
        "Sales fell by 5 to 40.",
        "The song rose from 23 to 5 in the charts.",
        "The city climbed from place 40 to 31 of the ranking.",
    ],
)
def test_a_direction_that_is_not_judged(claim: str) -> None:
    """Numbers below zero, of two scales, and rates of growth say nothing against it."""
    assert wrong_directions(claim) == []


@pytest.mark.parametrize(
    ("claim", "cited", "doubted"),
    [
        ("The city signed the two new loan agreements on 3 May.", AGREEMENTS, False),
        ("The city signed two loan agreements on 3 May.", AGREEMENTS, False),
        ("The city signed two loan agreements on 3 May.", (*AGREEMENTS, "The bank is in Oslo."), False),
        ("The city signed four loan agreements on 3 May.", AGREEMENTS, True),
        ("The city signed two loan agreements on 3 May.", AGREEMENTS[:1], True),
        ("Sales changed by 0 % (flat).", ("Sales were in line with the prior year.",), False),
        ("Sales changed by 0 %.", ("Sales were flat.",), False),
        ("Sales changed by 3 % (flat).", ("Sales were in line with the prior year.",), True),
        ("Sales changed by 0 %.", ("Sales were up on the prior year.",), True),
        ("Provisions were (1,419) million in 2021.", ("| 2021\nProvisions | (1,419)",), False),
        ("Provisions were (1,491) million in 2021.", ("| 2021\nProvisions | (1,419)",), True),
    ],
)
def test_what_texts_tell_one_by_one_or_in_words(claim: str, cited: tuple[str, ...], doubted: bool) -> None:
    """Two texts about an agreement each are two agreements, and what is in line has changed by nothing."""
    assert bool(examine(claim, cited).reasons) == doubted
