"""Names that hold a number are no numbers; another name of the same form is another thing."""

from __future__ import annotations

import pytest

from qa.checking.rules import examine


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("The company's 10-K names no such risk.", "The company names no such risk."),
        ("Its Form 8-K of that week announced a dividend.", "The company announced a dividend that week."),
        ("The bank's annual report on Form 20-F lists its branches.", "The bank lists its branches."),
        ("The 10-K/A corrects the list of branches.", "The company corrects the list of branches."),
        ("COVID-19 closed the museum.", "COVID closed the museum in the spring."),
        ("The shares are registered under Section 12(b).", "Shares registered under Section 12 of the Act"),
        ("The shares are registered under Section 12.", "Shares under Section 12(b) of the Act"),
        ("Sections 12 and 15 apply.", "Sections 12 and 15 of the Act apply."),
        ("Section 15 applies.", "Sections 12 and 15 of the Act apply."),
        ("Leases are shown as ASC 842 asks.", "Leases are shown as the standard asks."),
        ("The shares were sold under Rule 144A.", "The shares were sold to institutions."),
        ("Its 2022 10K and its Form 10Q agree.", "Its reports of 2022 agree."),
        ("The S-1 was filed.", "The registration statement was filed."),
    ],
)
def test_a_name_is_no_number(claim: str, cited: str) -> None:
    """It need not be borne out, or is, with or without its part."""
    assert examine(claim, [cited]).reasons == ()


@pytest.mark.parametrize(
    ("claim", "cited", "reason"),
    [
        (
            "The 10-Q names the risk.",
            "The 10-K names the risk.",
            "the claim says 10-Q, the cited text 10-K",
        ),
        (
            "The 8-K names the risk.",
            "The risk is named in Form 10-K.",
            "the claim says 8-K, the cited text Form 10-K",
        ),
        (
            "COVID-18 closed the museum.",
            "COVID-19 closed the museum.",
            "the claim says COVID-18, the cited text COVID-19",
        ),
        (
            "Section 13 applies.",
            "Section 12(b) of the Act applies.",
            "the claim says Section 13, the cited text Section 12(b)",
        ),
        (
            "Section 12(g) of the Act applies.",
            "Section 12(b) of the Act applies.",
            "the claim says Section 12(g), the cited text Section 12(b)",
        ),
        (
            "They followed ASC 842.",
            "They followed ASC 606.",
            "the claim says ASC 842, the cited text ASC 606",
        ),
    ],
)
def test_another_name_of_the_form_is_doubted(claim: str, cited: str, reason: str) -> None:
    """And both are told."""
    assert reason in examine(claim, [cited]).reasons


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("The run has 10,000 entries.", "The run has entries."),
        ("It raised $10-K.", "It raised money."),
        ("In FY-22 it sold 40 boats.", "In FY-22 it sold 50 boats."),
        ("Apollo 12 landed.", "Apollo 11 landed."),
        ("Form 1,200 groups.", "There are 1,100 groups."),
    ],
)
def test_numbers_remain_numbers(claim: str, cited: str) -> None:
    """What counts, costs or tells editions apart is compared."""
    assert examine(claim, [cited]).reasons
