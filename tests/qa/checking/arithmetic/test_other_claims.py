"""A claim may calculate on with what another claim works out from cited text, and only with that."""

from __future__ import annotations

from itertools import permutations

import pytest

from qa.checking.verify import verify_claims
from qa.types import Claim
from tests.support.answers import citation
from tests.support.fake_models import ScriptedModel

TEXTS = (
    "(in millions)\n| 2021 | 2020",
    "Operating income | 1,187 | 1,042",
    "Depreciation | 346 | 329",
    "Net revenues | $ 8,064 | $ 7,513",
    "Accounts payable | 2,415 | 2,207",
    "Cost of sales | 5,238 | 4,996",
    "Inventories | 931 | 874",
)
CITATIONS = [citation(number, text=text) for number, text in enumerate(TEXTS, 1)]
MARGIN = "The margin is 19.0 % (1,533 / 8,064)."
CASH_PROFIT = "Cash profit is $1,533 million, the operating income of 1,187 plus depreciation of 346."
DAYS = "Payables stood for 159.30 days (365 × 2,311 / 5,295)."
MEAN = "The average payable is $2,311 million ((2,415 + 2,207) / 2)."
PURCHASES = "Purchases are $5,295 million (cost of sales of 5,238 + 57)."
CHANGE = "Inventories rose by $57 million (931 − 874)."


def supports(*claims: tuple[str, tuple[int, ...]]) -> list[str]:
    """Whether each claim is borne out, in order."""
    checked, _ = verify_claims(
        tuple(Claim(text, cited, "supported") for text, cited in claims),
        CITATIONS,
        passages=[],
        question="",
        how="rules",
        llm=ScriptedModel(""),
    )
    return [claim.support for claim in checked]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_result_of_another_claim_is_calculated_with(order: tuple[int, int]) -> None:
    """Whether that comes before or behind."""
    claims = [(MARGIN, (1, 4)), (CASH_PROFIT, (1, 2, 3))]
    assert supports(*(claims[at] for at in order)) == ["supported", "supported"]


def test_results_of_results_are_calculated_with() -> None:
    """In whatever order: days of payables by an average and a sum with a difference."""
    claims = [(DAYS, (1, 5, 6)), (MEAN, (1, 5)), (PURCHASES, (1, 6)), (CHANGE, (1, 7))]
    for order in permutations(claims):
        assert supports(*order) == ["supported"] * 4


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        # a wrong result
        (
            [("The margin is 19.8 % (1,533 / 8,064).", (1, 4)), (CASH_PROFIT, (1, 2, 3))],
            ["suspect", "supported"],
        ),
        # another term than the other claim has
        (
            [("The margin is 18.9 % (1,523 / 8,064).", (1, 4)), (CASH_PROFIT, (1, 2, 3))],
            ["suspect", "supported"],
        ),
        # alone
        ([(MARGIN, (1, 4))], ["suspect"]),
        # of a claim that is not borne out itself
        (
            [(MARGIN, (1, 4)), ("Cash profit is $1,533 million, income of 1,178 plus 346.", (1, 2, 3))],
            ["suspect", "suspect"],
        ),
        # in a circle
        (
            [
                ("The profit is 1,621 (8,064 − 6,443).", (1, 4)),
                ("The costs are 6,443 (8,064 − 1,621).", (1, 4)),
            ],
            ["suspect", "suspect"],
        ),
        # told, and not calculated with
        ([("Net debt was $1,533 million.", (1, 4)), (CASH_PROFIT, (1, 2, 3))], ["suspect", "supported"]),
    ],
)
def test_what_no_other_claim_bears_out_is_doubted(
    claims: list[tuple[str, tuple[int, ...]]], expected: list[str]
) -> None:
    """Nothing is lent by a claim that is doubted, and nothing that is not calculated with."""
    assert supports(*claims) == expected
