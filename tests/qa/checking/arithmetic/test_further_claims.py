"""Calculations, empty cells and missing years in further claims."""

from __future__ import annotations

import pytest

from qa.checking.rules import Beside, examine


@pytest.mark.parametrize(
    ("claim", "cited", "question", "known"),
    [
        (
            "Roughly 44 percent of the votes (11 of 25) went to Adams.",
            ["Adams received 11 of the 25 votes cast."],
            "",
            "",
        ),
        ("Adams got 44% of the vote.", ["Of 25 votes, Adams received 11."], "", ""),
        ("Nearly three quarters of the staff took part.", ["74 % of the staff took part."], "", ""),
        ("One in ten of the boats is electric.", ["10% of the boats are electric."], "", ""),
        (
            "The operating margin was 12.5% (125 / 1,000).",
            ["(in millions)\nOperating income | 125 | 118\nRevenue | 1,000 | 980"],
            "What was the operating margin?",
            "",
        ),
        (
            "The operating margin was 12.5%.",
            ["(in millions)\nOperating income | 125 | 118\nRevenue | 1,000 | 980"],
            "What was the operating margin?",
            "",
        ),
        (
            "Revenue grew 2.0% to $1,000 million.",
            ["(in millions)\nOperating income | 125 | 118\nRevenue | 1,000 | 980"],
            "By how much did revenue grow?",
            "",
        ),
        ("Cash went down by $7 million to $93 million.", ["(in millions)\nCash | 93 | 100"], "", ""),
        (
            "Net interest was -$12 million.",
            ["(in millions)\nInterest income | 8\nInterest expense | 20"],
            "",
            "",
        ),
        (
            "The school has 15 fewer pupils than in 2019.",
            ["In 2019 the school had 240 pupils, now it has 225."],
            "",
            "",
        ),
        ("Costs were €3 lower.", ["Costs were €12 in May and €9 in June."], "", ""),
        ("The temperature fell by 9 degrees.", ["It was 21 degrees in the morning and 12 at night."], "", ""),
        (
            "Together the two loans amount to €18,000.",
            ["The first loan is for €11,000.", "The second loan is for €7,000."],
            "",
            "",
        ),
        (
            "All three teams combined have 45 players.",
            [
                "The red team has 15 players.",
                "The blue team has 16 players.",
                "The green team has 14 players.",
            ],
            "",
            "",
        ),
        (
            "Taken together, 52 were injured and 6 died.",
            ["In Porto 30 were injured and 2 died.", "In Faro 22 were injured and 4 died."],
            "",
            "",
        ),
        (
            "The row for warrants shows no amount.",
            ["Warrants | — | 3"],
            "What is the amount of warrants?",
            "",
        ),
        ("There were no warrants in 2022.", ["Warrants | — | 3"], "", "2022. 2021"),
        ("Warrants were 0 in 2022.", ["Warrants | — | 3"], "", "2022. 2021"),
        (
            "Return on assets was 8%: average assets of (480 + 520) / 2 = 500, and 40 / 500 = 8%.",
            ["Net income | 40", "Total assets | 520 | 480"],
            "",
            "",
        ),
        (
            "12 boxes × 8 tins = 96 tins, less 6 damaged ones makes 90.",
            ["There were 12 boxes with 8 tins each.", "6 tins were damaged."],
            "",
            "",
        ),
        (
            "Days payable were 73: 365 × 200 / 1,000.",
            ["Accounts payable | 200", "Cost of sales | 1,000"],
            "",
            "",
        ),
        (
            "The report gives no revenue for 2016.",
            ["Revenue was 90 in 2017 and 85 in 2018."],
            "What was revenue in 2016?",
            "",
        ),
        (
            "2016 is not covered; in 2017 revenue was 90.",
            ["Revenue was 90 in 2017 and 85 in 2018."],
            "What was revenue in 2016?",
            "",
        ),
        (
            "Revenue of 2016 cannot be found in it.",
            ["Revenue was 90 in 2017 and 85 in 2018."],
            "What was revenue in 2016?",
            "",
        ),
        (
            "Il n'y a aucun chiffre pour 2016.",
            ["Le chiffre d'affaires était de 90 en 2017."],
            "Quel était le chiffre d'affaires en 2016 ?",
            "",
        ),
        (
            "The population more than doubled, from 2,100 to 4,500.",
            ["The population was 2,100 in 1950 and 4,500 in 1990."],
            "",
            "",
        ),
        (
            "The population rose by 2,400 in forty years.",
            ["The population was 2,100 in 1950 and 4,500 in 1990."],
            "",
            "",
        ),
        ("Zwei Drittel der Mitglieder stimmten zu.", ["Two thirds of the members agreed."], "", ""),
        (
            "Sales were $1.2 billion, or 30% of the total of $4 billion.",
            ["Sales in Asia were $1,200 million; in total $4,000 million."],
            "",
            "",
        ),
        ("Five of the nine judges, a majority, agreed.", ["5 of the 9 judges agreed."], "", ""),
        ("The fund lost a fifth of its value.", ["The fund fell from 50 to 40 million euros."], "", ""),
    ],
)
def test_what_follows(claim: str, cited: list[str], question: str, known: str) -> None:
    """No doubt."""
    assert examine(claim, cited, Beside(question=question, known=known)).reasons == ()


@pytest.mark.parametrize(
    ("claim", "cited", "question", "known"),
    [
        ("Adams got 48% of the vote.", ["Of 25 votes, Adams received 11."], "", ""),
        ("Nearly a third of the staff took part.", ["74 % of the staff took part."], "", ""),
        (
            "The operating margin was 13.5%.",
            ["(in millions)\nOperating income | 125 | 118\nRevenue | 1,000 | 980"],
            "What was the operating margin?",
            "",
        ),
        (
            "Revenue grew 3.0% to $1,000 million.",
            ["(in millions)\nOperating income | 125 | 118\nRevenue | 1,000 | 980"],
            "By how much did revenue grow?",
            "",
        ),
        ("Cash went down by $8 million to $93 million.", ["(in millions)\nCash | 93 | 100"], "", ""),
        (
            "Together the two loans amount to €19,000.",
            ["The first loan is for €11,000.", "The second loan is for €7,000."],
            "",
            "",
        ),
        ("There were no warrants in 2022.", ["Warrants | 5 | 3"], "", "2022. 2021"),
        (
            "Return on assets was 9%: average assets of (480 + 520) / 2 = 500, and 40 / 500 = 9%.",
            ["Net income | 40", "Total assets | 520 | 480"],
            "",
            "",
        ),
        (
            "Revenue in 2016 was 90.",
            ["Revenue was 90 in 2017 and 85 in 2018."],
            "What was revenue in 2016?",
            "",
        ),
        ("The fund lost a quarter of its value.", ["The fund fell from 50 to 40 million euros."], "", ""),
    ],
)
def test_what_does_not_follow(claim: str, cited: list[str], question: str, known: str) -> None:
    """The same with another number."""
    assert examine(claim, cited, Beside(question=question, known=known)).reasons
