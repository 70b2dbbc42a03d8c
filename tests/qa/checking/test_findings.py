"""What follows from cited numbers is shown, what stands around helps, and the rest is doubted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qa.checking.rules import Beside, examine
from qa.checking.words.floor import support
from qa.checking.words.scales import last_statement, stated_scales


@pytest.mark.parametrize(
    ("claim", "cited", "checked"),
    [
        ("In total 1,500 people came.", "1,200 adults and 300 children came.", "1,200 + 300 = 1,500"),
        (
            "Sales rose 12 % to 1,344.",
            "Sales were 1,200 in 2019 and 1,344 in 2020.",
            "(1,344 − 1,200) / 1,200 = 12 %",
        ),
        ("The profit margin was 25 %.", "Profit was 250 and revenue 1,000.", "250 / 1,000 = 25 %"),
        ("It grew by 144 to 1,344.", "It was 1,200, and is now 1,344.", "1,344 − 1,200 = 144"),
        ("He died 36 years later.", "Born in 1914, he died in 1950.", "1950 − 1914 = 36 years"),
    ],
)
def test_what_is_calculated_is_shown(claim: str, cited: str, checked: str) -> None:
    """And is no doubt."""
    found = examine(claim, [cited])
    assert (found.reasons, found.checked) == ((), (checked,))


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("In total 1,600 people came.", "1,200 adults and 300 children came."),
        ("Sales rose 13 % to 1,344.", "Sales were 1,200 in 2019 and 1,344 in 2020."),
        ("He died 35 years later.", "Born in 1914, he died in 1950."),
        ("1,500 people came.", "1,200 adults and 300 children came."),  # nothing says that it is a sum
    ],
)
def test_what_is_calculated_wrongly_is_doubted(claim: str, cited: str) -> None:
    """As any other number that is not there."""
    found = examine(claim, [cited])
    assert found.checked == ()
    assert found.reasons


def test_the_head_of_a_table_scales_its_numbers() -> None:
    """A number may be meant in the scale that its table states, and in no other."""
    known = "Consolidated statements of income (dollars in millions)"
    assert examine("Revenue was $1.58 billion.", ["Revenue | 1,577"], Beside(known=known)).reasons == ()
    assert examine("Revenue was $1.58 million.", ["Revenue | 1,577"], Beside(known=known)).reasons != ()
    assert stated_scales("in thousands, except per share data") == (Decimal(1000),)
    assert stated_scales("Angaben in Mio. EUR") == (Decimal(1_000_000),)
    assert stated_scales("She is one in a million.") == ()
    assert last_statement("(in thousands)\nA\n($ in millions)\nB") == "$ in millions)"


@pytest.mark.parametrize(
    ("claim", "cited", "doubted"),
    [
        ("Apple sued Samsung in 2011.", "Samsung sued Apple in 2011.", True),
        ("Apple sued Samsung in 2011.", "Samsung was sued by Apple in 2011.", False),
        ("He may travel before the vote.", "He may travel only after the vote.", True),
        ("He may travel after the vote.", "He may travel only after the vote.", False),
        ("Trump, not Putin, called off the summit.", "Trump called off the summit with Putin.", False),
        ("Rubio did not rule out a meeting.", "Rubio left open a meeting with Lavrov.", False),
        ("Rubio was not told of the talks.", "Rubio had not been informed about the talks.", False),
        ("They met on 18 August.", "Three days after 15 August 2025 they met.", False),
    ],
)
def test_who_and_when(claim: str, cited: str, *, doubted: bool) -> None:
    """Turned round is wrong; a contrast, a double no and a counted day are not."""
    assert bool(examine(claim, [cited]).reasons) is doubted


def test_whom_he_means_may_stand_around() -> None:
    """If the rest of the claim is in the cited text; a name that is nowhere stays a doubt."""
    cited, around = "He oversaw the fragile truce in Gaza.", "Witkoff was busy. He oversaw the fragile truce."
    claim = "The envoy Witkoff oversaw the fragile truce in Gaza."
    assert examine(claim, [cited], Beside(context=around)).reasons == ()
    assert examine(claim, [cited]).reasons == ("the name Witkoff is not in the cited text",)
    other = examine(claim, ["Prices of grain fell in every market."], Beside(context=around))
    assert other.reasons == ("the name Gaza is not in the cited text",)


def test_a_claim_whose_words_are_elsewhere_is_doubted() -> None:
    """In plain words; a short claim and one in another language are left alone."""
    claim, cited = (
        "The ship carried wooden furniture of rich merchants.",
        "A gust of wind sank her in the harbour.",
    )
    assert examine(claim, [cited]).reasons == (
        "little of it is in the cited text: not ship, carried, wooden, furniture",
    )
    assert examine("She sank quickly.", ["A gust of wind."]).reasons == ()
    assert support(claim, ["Das Schiff hatte Möbel aus Holz, die reichen Kaufleuten gehörten."]) is None
    assert support(claim, [cited], similarity=lambda _claim, _cited: 1.0) == 0.5


def test_the_two_leaders_are_no_figure() -> None:
    """They repeat who was named."""
    assert (
        examine(
            "The two leaders talked for nearly three hours.", ["The talks lasted nearly three hours."]
        ).reasons
        == ()
    )
