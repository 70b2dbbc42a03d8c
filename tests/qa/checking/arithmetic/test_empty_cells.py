"""A dash in the cell of a table says that there is nothing; a number in it does not."""

from __future__ import annotations

import pytest

from qa.checking.rules import examine


@pytest.mark.parametrize(
    ("claim", "cited", "known"),
    [
        ("There was no impairment in 2023.", ["| 2023 | 2022\nImpairment | — | 40"], ""),
        ("No amount is given for impairment in 2023.", ["Impairment | — | 40"], "2023. 2022"),
        ("Impairment was zero in 2023.", ["| 2023 | 2022\nImpairment | — | 40"], ""),
        ("Impairment was $0 in 2023 and $40 in 2022.", ["| 2023 | 2022\nImpairment | — | 40"], ""),
        ("The table has no amount for dividends paid.", ["Dividends paid | - | -"], ""),
        ("The company paid no dividends.", ["Dividends paid | - | -"], ""),
        (
            "No restructuring charges were recorded in 2023.",
            ["| 2023 | 2022\nRestructuring charges | n/a | 12"],
            "",
        ),
        ("No goodwill was recorded in 2023, 5 in 2022.", ["| 2023 | 2022\nGoodwill | nil | 5"], ""),
        ("There is no figure for goodwill in 2023.", ["Goodwill in 2023: none"], ""),
        ("Goodwill was nil.", ["Goodwill | — | 5"], ""),
        ("It had no long-term debt at the end of 2023.", ["Long-term debt | $ — | $ 200"], "2023. 2022"),
        ("It did not repurchase any shares in 2023.", ["Shares repurchased | – | (1,200)"], "2023. 2022"),
        ("There was no impairment.", ["Impairment: -"], ""),
        ("Impairment: 0.", ["Impairment\t–\t40"], ""),
    ],
)
def test_an_empty_cell_denies(claim: str, cited: list[str], known: str) -> None:
    """In words, as zero, and as an amount that is not given."""
    found = examine(claim, cited, known=known)
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("claim", "cited", "known"),
    [
        ("Impairment was $0 in 2023.", ["| 2023 | 2022\nImpairment | 20 | 40"], ""),
        ("There was no impairment in 2023.", ["| 2023 | 2022\nImpairment | 20 | 40"], ""),
        ("The company paid no dividends.", ["Dividends paid | 12 | 10"], ""),
        ("It did not repurchase any shares in 2023.", ["Shares repurchased | (900) | (1,200)"], "2023. 2022"),
    ],
)
def test_a_number_in_a_cell_affirms(claim: str, cited: list[str], known: str) -> None:
    """Zero and none are doubted."""
    found = examine(claim, cited, known=known)
    assert found.reasons, found.checked
