"""Sums, differences, shares and means of cited numbers are calculated; wrong ones are doubted."""

from __future__ import annotations

import pytest

from qa.checking.rules import examine

ROWS = (
    "(in millions)\n| 2023 | 2022\nNet sales | 12,450 | 11,320\nCost of sales | 7,470 | 7,020\n"
    "Impairment | — | 40\nDividends paid | - | -\nRestructuring charges | n/a | 12\nGoodwill | nil | 5"
)


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("7 of 12 members voted for it, about 58%.", ["Of the 12 members, 7 voted for it."]),
        ("Some 58 percent of the members voted for it.", ["Of the 12 members, 7 voted for it."]),
        ("58% of the members (7 of 12) voted for it.", ["7 of the 12 members voted for it."]),
        ("More than half of the members voted for it.", ["Of the 12 members, 7 voted for it."]),
        ("A third of the members voted against it.", ["Of the 12 members, 4 voted against it."]),
        ("Two thirds of the members voted for it.", ["Of the 12 members, 8 voted for it."]),
        ("Three quarters of the members voted for it.", ["9 of the 12 members voted for it."]),
        ("Three quarters of the members voted for it.", ["75 % of the members voted for it."]),
        ("Four in ten were women.", ["40% were women."]),
        ("One in five were women.", ["20 percent were women."]),
        ("Sales doubled from 40 to 80.", ["Sales went from 40 to 80."]),
        ("Sales doubled to 80 million.", ["Sales were 40 million in 2020 and 80 million in 2021."]),
        (
            "Cost of sales was 60% of net sales.",
            ["(in millions)\nNet sales | 12,450 | 11,320", "Cost of sales | 7,470 | 7,020"],
        ),
        (
            "Cost of sales was about 60 per cent of net sales in 2023 (7,470 of 12,450).",
            [ROWS],
        ),
        (
            "Cost of sales came to about three fifths of net sales (7,470 of 12,450).",
            [ROWS],
        ),
        (
            "Net sales rose by about 10% from 11,320 to 12,450.",
            [ROWS],
        ),
        ("Net sales were up 9.98 %.", ["(in millions)\n | 2023 | 2022\nNet sales | 12,450 | 11,320"]),
        ("About 18%: $2,241 million of $12,450 million.", ["Interest | 2,241", "Net sales | 12,450"]),
        ("About 18 % of sales.", ["Interest | 2,241", "Net sales | 12,450"]),
        ("The ratio was 0.18.", ["Interest | 2,241", "Net sales | 12,450"]),
        ("The ratio of interest to sales was 0.18, or 18%.", ["Interest | 2,241", "Net sales | 12,450"]),
        ("Der Anteil betrug rund 58 Prozent.", ["Von 12 Mitgliedern stimmten 7 dafür."]),
    ],
)
def test_a_share_that_follows(claim: str, cited: list[str]) -> None:
    """In percent, in words, as so many of so many, and the other way round."""
    found = examine(claim, cited)
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("68% of the members (7 of 12) voted for it.", ["7 of the 12 members voted for it."]),
        ("About 68 per cent of the members voted for it.", ["Of the 12 members, 7 voted for it."]),
        ("A quarter of the members voted against it.", ["Of the 12 members, 4 voted against it."]),
        ("Two thirds of the members voted for it.", ["Of the 12 members, 7 voted for it."]),
        ("Three quarters of the members voted for it.", ["65 % of the members voted for it."]),
        ("Four in ten were women.", ["50% were women."]),
        (
            "Cost of sales was about 66 per cent of net sales in 2023 (7,470 of 12,450).",
            [ROWS],
        ),
        (
            "Net sales rose by about 15% from 11,320 to 12,450.",
            [ROWS],
        ),
        ("About 28 % of sales.", ["Interest | 2,241", "Net sales | 12,450"]),
        ("Der Anteil betrug rund 48 Prozent.", ["Von 12 Mitgliedern stimmten 7 dafür."]),
    ],
)
def test_a_share_that_does_not_follow(claim: str, cited: list[str]) -> None:
    """Another share is no rounding of it."""
    found = examine(claim, cited)
    assert found.reasons, found.checked


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("It fell by 4.", ["It was 10 in 2020 and 6 in 2021."]),
        (
            "The number of members fell by 14, from 50 to 36.",
            ["It had 50 members in 2020.", "In 2021 it had 36."],
        ),
        ("A decrease of $3 million.", ["(in millions)\nTaxes | 41 | 44"]),
        (
            "There was a decrease of $3 million, from $44 million to $41 million.",
            ["(in millions)\nTaxes | 41 | 44"],
        ),
        ("The change was -$3 million.", ["(in millions)\nTaxes | 41 | 44"]),
        (
            "It was -$1,250 million, as liabilities of $5,250 million exceed assets of $4,000 million.",
            ["(in millions)\nCurrent assets | 4,000", "Current liabilities | 5,250"],
        ),
        (
            "Working capital was −1,250 (4,000 − 5,250).",
            ["(in millions)\nCurrent assets | 4,000", "Current liabilities | 5,250"],
        ),
        (
            "Working capital was (1,250).",
            ["(in millions)\nCurrent assets | 4,000", "Current liabilities | 5,250"],
        ),
        ("Sales shrank by 8 percent, from 50 to 46.", ["Sales were 50 and then 46."]),
        ("It has 12 fewer rooms than the other.", ["It has 40 rooms, the other 52."]),
        ("It lost 14 members.", ["It had 50 members in 2020 and 36 in 2021."]),
        ("The tower is 25 metres taller.", ["The tower is 120 metres, the dome 95 metres."]),
        ("A cut of 14 jobs.", ["It went from 50 jobs to 36 jobs."]),
        ("Die Zahl sank um 14.", ["Es waren 50, dann 36."]),
        ("Le nombre a baissé de 14.", ["Il était de 50, puis de 36."]),
    ],
)
def test_a_difference_that_follows(claim: str, cited: list[str]) -> None:
    """Also below zero, and of small numbers where the words beside say so."""
    found = examine(claim, cited)
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("It fell by 5.", ["It was 10 in 2020 and 6 in 2021."]),
        (
            "The number of members fell by 24, from 50 to 36.",
            ["It had 50 members in 2020.", "In 2021 it had 36."],
        ),
        (
            "There was a decrease of $5 million, from $44 million to $41 million.",
            ["(in millions)\nTaxes | 41 | 44"],
        ),
        (
            "It was -$1,350 million, as liabilities of $5,250 million exceed assets of $4,000 million.",
            ["(in millions)\nCurrent assets | 4,000", "Current liabilities | 5,250"],
        ),
        ("It has 13 fewer rooms than the other.", ["It has 40 rooms, the other 52."]),
        ("The tower is 35 metres taller.", ["The tower is 120 metres, the dome 95 metres."]),
        ("Die Zahl sank um 15.", ["Es waren 50, dann 36."]),
    ],
)
def test_a_difference_that_does_not_follow(claim: str, cited: list[str]) -> None:
    """Another difference is not there."""
    found = examine(claim, cited)
    assert found.reasons, found.checked


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        (
            "Both agreements come to $9.5 billion.",
            ["The first agreement is for $4.5 billion, the second for $5.0 billion."],
        ),
        (
            "The two credit agreements together allow $9,500 million.",
            ["The five-year agreement: $4,500 million.", "The 364-day agreement: $5,000 million."],
        ),
        (
            "The two credit agreements allow $9,500 million in total.",
            ["The five-year agreement: $4,500 million.", "The 364-day agreement: $5,000 million."],
        ),
        (
            "The two credit agreements allow for borrowings of up to $8.4 billion.",
            [
                "A five-year agreement lets the company borrow up to $4.2 billion.",
                "A 364-day agreement lets the company borrow up to $4.2 billion.",
            ],
        ),
        (
            "In total it may borrow up to $8.4 billion.",
            [
                "A five-year agreement lets the company borrow up to $4.2 billion.",
                "A 364-day agreement lets the company borrow up to $4.2 billion.",
            ],
        ),
        (
            "Altogether 31 people were hurt.",
            ["At the first place 12 people were hurt.", "19 people were hurt at the second."],
        ),
        ("The sum of both is 31.", ["It has 12 in the north.", "19 in the south."]),
        (
            "Combined, they employ 3,100 people.",
            ["North employs 1,200 people.", "South employs 1,900 people."],
        ),
        ("Overall there are five of them.", ["Two are red.", "Three are blue."]),
        ("Insgesamt sind es 31.", ["Im Norden sind es 12.", "Im Süden sind es 19."]),
        ("Au total, il y en a 31.", ["Il y en a 12 au nord.", "Il y en a 19 au sud."]),
        ("En total hay 31.", ["Hay 12 en el norte.", "Hay 19 en el sur."]),
        ("The average was 15.5.", ["12 in the north.", "19 in the south."]),
    ],
)
def test_a_sum_that_follows(claim: str, cited: list[str]) -> None:
    """Of numbers in several cited texts too, equal ones included; means as well."""
    found = examine(claim, cited)
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        (
            "Both come to $9.8 billion.",
            ["The first agreement is for $4.5 billion, the second for $5.0 billion."],
        ),
        (
            "The two credit agreements allow for borrowings of up to $8.7 billion.",
            [
                "A five-year agreement lets the company borrow up to $4.2 billion.",
                "A 364-day agreement lets the company borrow up to $4.2 billion.",
            ],
        ),
        (
            "Altogether 33 people were hurt.",
            ["At the first place 12 people were hurt.", "19 people were hurt at the second."],
        ),
        ("In all there are six of them.", ["Two are red.", "Three are blue."]),
        ("Zusammen sind es 33.", ["Im Norden sind es 12.", "Im Süden sind es 19."]),
        ("The average was 16.5.", ["12 in the north.", "19 in the south."]),
    ],
)
def test_a_sum_that_does_not_follow(claim: str, cited: list[str]) -> None:
    """Another sum is not there."""
    found = examine(claim, cited)
    assert found.reasons, found.checked


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        (
            "3 × 14 = 42, and 42 / 6 = 7.",
            ["There are 3 boxes of 14 in the north.", "They share them among 6."],
        ),
        (
            "3 x 14 = 42, then 42 / 6 = 7.",
            ["There are 3 boxes of 14 in the north.", "They share them among 6."],
        ),
        (
            "3 * 14 = 42, then 42 / 6 = 7.",
            ["There are 3 boxes of 14 in the north.", "They share them among 6."],
        ),
        (
            "3 times 14 is 42, which divided by 6 gives 7.",
            ["There are 3 boxes of 14 in the north.", "They share them among 6."],
        ),
        (
            "3 multiplied by 14 equals 42; divided by 6, that is 7.",
            ["There are 3 boxes of 14 in the north.", "They share them among 6."],
        ),
        ("The average of 410 and 390 is 400, and 8,000 / 400 = 20.", ["Stock | 410 | 390", "Sales | 8,000"]),
        (
            "It was 20: 8,000 divided by the average of 410 and 390, (410 + 390) / 2 = 400.",
            ["Stock | 410 | 390", "Sales | 8,000"],
        ),
        (
            "About 9.1%: average sales of 4,150 ((4,100 + 4,200) / 2), and 377 / 4,150.",
            ["Sales | 4,100 | 4,200", "Income | 377"],
        ),
        (
            "Free cash flow is 500 - 120 = 380, and 380 / 1,900 = 20%.",
            ["Cash from operations | 500", "Capital expenditure | (120)", "Revenue | 1,900"],
        ),
        ("365 / 20 = 18.25 days.", ["Turnover | 20"]),
    ],
)
def test_a_step_that_follows(claim: str, cited: list[str]) -> None:
    """Results in between, brackets, and the constants that a calculation brings along."""
    found = examine(claim, cited)
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        (
            "3 × 14 = 44, and 44 / 6 = 7.33.",
            ["There are 3 boxes of 14 in the north.", "They share them among 6."],
        ),
        (
            "It was 21: 8,000 divided by the average of 410 and 390, (410 + 390) / 2 = 400.",
            ["Stock | 410 | 390", "Sales | 8,000"],
        ),
        (
            "It was 20: 8,000 divided by the average of 410 and 390, (410 + 390) / 2 = 405.",
            ["Stock | 410 | 390", "Sales | 8,000"],
        ),
        (
            "Free cash flow is 500 - 120 = 380, and 380 / 1,900 = 25%.",
            ["Cash from operations | 500", "Capital expenditure | (120)", "Revenue | 1,900"],
        ),
    ],
)
def test_a_step_that_does_not_follow(claim: str, cited: list[str]) -> None:
    """A wrong result in between or at the end."""
    found = examine(claim, cited)
    assert found.reasons, found.checked
