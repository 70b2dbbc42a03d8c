"""A dash in the cell of a table says that there is nothing; a number in it does not."""

from __future__ import annotations

import pytest

from qa.checking.rules import Beside, examine


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
    found = examine(claim, cited, Beside(known=known))
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
    found = examine(claim, cited, Beside(known=known))
    assert found.reasons, found.checked


HEAD = "In millions | 2023 | 2022 | 2021 | $ | %"
IN_2023 = "the claim says none in 2023, the cited text 412"
ROW = "Storm damage | 412 | — | — | 412 | — %"


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("Storm damage was $412 million in 2023 and none in 2022 and 2021.", [HEAD, ROW]),
        ("Storm damage was $412 million in 2023, and nil in 2022 and in 2021.", [ROW, HEAD]),
        ("There was none in 2021 and 2022; storm damage of 2023 was 412.", [HEAD, ROW]),
        ("In 2022 and 2021 there was no storm damage.", [HEAD, ROW]),
        ("Storm damage was none in 2022.", [HEAD, ROW]),
        ("Storm damage was zero in 2022, compared with $412 million in 2023.", [HEAD, ROW]),
        ("Storm damage was $0 in 2021.", [HEAD + "\n" + ROW]),
        ("No storm damage is shown for 2022, unlike 2023.", [HEAD, ROW]),
        ("Goodwill was $5 million in 2022 and none in 2023.", ["| 2023 | 2022", "Goodwill | $ — | $ 5"]),
        (
            "Goodwill was none in 2023.",
            ["| December 31, 2023 | December 31, 2022", "Goodwill | $ | — | $ | 5"],
        ),
        ("Storm damage was 412 in 2023; no other damage was recorded in 2023.", [HEAD, ROW]),
    ],
)
def test_none_in_years_whose_cells_are_empty(claim: str, cited: list[str]) -> None:
    """Several years, in any order, in the columns that the cited head gives them."""
    assert examine(claim, cited).reasons == ()


@pytest.mark.parametrize(
    ("claim", "cited", "reason"),
    [
        ("Storm damage was none in 2023 and 2022.", [HEAD, ROW], IN_2023),
        ("In 2023 there was no storm damage.", [HEAD, ROW], IN_2023),
        ("Storm damage was nil in 2023.", [ROW, HEAD], IN_2023),
        (
            "Goodwill was none in 2022.",
            ["| 2023 | 2022", "Goodwill | $ — | $ 5"],
            "the claim says none in 2022, the cited text $ 5",
        ),
        (
            "Goodwill was none in 2022.",
            ["| 2022 | 2021", "Goodwill | $ | 5 | $ | —"],
            "the claim says none in 2022, the cited text 5",
        ),
    ],
)
def test_none_in_the_year_of_another_column_is_doubted(claim: str, cited: list[str], reason: str) -> None:
    """The empty cell is that of another year."""
    assert reason in examine(claim, cited).reasons
