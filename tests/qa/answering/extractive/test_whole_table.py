"""Questions over all rows of a table: the highest is worked out, counts and sums are not given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.readers.formats import read
from qa.answering.answer import answer
from qa.answering.extractive.whole_table import COMPARISON, COUNT, NO_VALUE
from qa.types import Answer
from tests.support.tables import retrieval_of, table_reading

ROWS = [
    ("Harbour", "Year", "Berths", "Fee per night", "Warden"),
    ("Ormsund", "2021", "118", "1,204.50", "Ida Holm"),
    ("Ormsund", "2022", "121", "1,310.00", "Ida Holm"),
    ("Tarvik", "2021", "64", "980.25", "Per Lund"),
    ("Tarvik", "2022", "66", "1,415.75", "Per Lund"),
    ("Skelby", "2021", "208", "1,100.00", "Eva Dahl"),
    ("Skelby", "2022", "197", "1,050.00", "Eva Dahl"),
]
FAR_AWAY = [
    ROWS[0],
    *((f"Quay {n}", "2022", str(20 + n % 30), f"{500 + n % 90}.00", "Ida Holm") for n in range(150)),
    *ROWS[1:],
]


def asked(question: str, rows: Sequence[tuple[str, ...]] = ROWS) -> Answer:
    """The answer to `question` from the first passages of a table of `rows`."""
    retrieval = retrieval_of(table_reading(list(rows)))
    return answer(question, replace(retrieval, passages=retrieval.passages[:3]))


@pytest.mark.parametrize(
    ("question", "rows", "row"),
    [
        ("Which harbour has the highest fee per night in 2022?", ROWS, "Tarvik | 2022 | 66"),
        ("Which harbour had the lowest fee per night in 2021?", ROWS, "Tarvik | 2021 | 64"),
        ("Which harbour has the most berths?", ROWS, "Skelby | 2021 | 208"),
        ("Which harbour has the fewest berths?", ROWS, "Tarvik | 2021 | 64"),
        ("Which harbour of Eva Dahl has the highest fee per night?", ROWS, "Skelby | 2021 | 208"),
        ("Which harbour has the most berths?", FAR_AWAY, "Skelby | 2021 | 208"),
    ],
)
def test_the_highest_is_looked_for_in_all_rows(
    question: str, rows: Sequence[tuple[str, ...]], row: str
) -> None:
    """Not in the first that are found: the row may lie in no passage at all, and is cited all the same."""
    result = asked(question, rows)
    (citation,) = result.citations
    assert citation.text.startswith(row)
    assert any("rows that were compared" in note for note in result.notes)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Which harbour has the second highest fee per night?", COMPARISON),
        ("Which harbours have more berths than Tarvik?", COMPARISON),
        ("Which harbour in Norway has the most berths?", COMPARISON),
        ("What was the average fee per night in 2022?", COUNT),
        ("How many harbours are there?", COUNT),
    ],
)
def test_what_no_row_says_is_not_answered(question: str, why: str) -> None:
    """A row is no answer to a question about all of them, and the abstention says what it asks for."""
    result = asked(question)
    assert (result.status, result.missing) == ("abstained", why)


def test_cells_that_cannot_be_compared_are_not() -> None:
    """Amounts in two units have no highest."""
    rows = [("Item", "Price"), ("Pump", "12 euros"), ("Van", "15 pounds"), ("Rope", "3 euros")]
    assert asked("Which item has the highest price?", rows).status == "abstained"


def test_a_row_that_is_the_sum_answers_for_it() -> None:
    """A row "Total" answers for the total, and is no rival of the rows it sums up."""
    rows = [ROWS[0][:3], *(row[:3] for row in ROWS[1:]), ("Total", "", "774")]
    assert asked("What is the total of berths?", rows).citations[0].text.startswith("Total")
    assert asked("Which harbour has the most berths?", rows).citations[0].text.startswith("Skelby")


def test_a_plain_question_is_answered_by_its_row() -> None:
    """Asked for one row, one row is given."""
    result = asked("How many berths did Ormsund have in 2021?")
    assert [citation.text for citation in result.citations] == [" | ".join(ROWS[1])]
    assert not result.notes


BOATS = [
    ("Boat", "Owner", "Launched", "Price", "Length m"),
    ("Heron", "Ida Holm", "2003-04-01", "41,000", "12.5"),
    ("Plover", "Bay Charter", "1987-06-30", "", "21.0"),
    ("Curlew", "Bay Charter", "2015-02-11", "98,500", "9.8"),
    ("Dunlin", "Per Lund", "2015-01-02", "63,250", "17.1"),
]


@pytest.mark.parametrize(
    ("question", "boat"),
    [
        ("Which boat is the most expensive?", "Curlew"),
        ("Which boat is the cheapest?", "Heron"),
        ("Which boat is the longest?", "Plover"),
        ("Which boat was launched first?", "Plover"),
        ("Which boat was launched last?", "Curlew"),
        ("Which boat was launched first in 2015?", "Dunlin"),
    ],
)
def test_a_superlative_has_a_column_of_its_own(question: str, boat: str) -> None:
    """What is dear has the highest price, and what came first the earliest day."""
    (citation,) = asked(question, BOATS).citations
    assert citation.text.startswith(boat)


def test_rows_without_a_value_are_left_out_and_counted() -> None:
    """One empty cell does not hinder a comparison of the others; the note says that there is one."""
    result = asked("Which boat has the highest price?", BOATS)
    assert any("of 3 rows" in note and "1 more" in note for note in result.notes)


@pytest.mark.parametrize("question", ["What is the price of the Plover?", "How much is the price of Plover?"])
def test_a_row_whose_asked_cell_is_empty_is_no_answer(question: str) -> None:
    """A row without a price does not say what the price is."""
    result = asked(question, BOATS)
    assert (result.status, result.missing) == ("abstained", NO_VALUE)


def test_all_rows_with_the_asked_value_are_given() -> None:
    """Which boats somebody owns: every one, and no other."""
    result = asked("Which boats does Bay Charter own?", BOATS)
    assert [claim.text.split(" | ")[0] for claim in result.claims] == ["Boat: Plover", "Boat: Curlew"]
    assert asked("Which firms does Bay Charter insure?", BOATS).notes == ()


MARKDOWN = """# Yard

## Cranes

| Plate | Driver | Hours |
|---|---|---|
| KR 1 | Ida Holm | 1,204 |
| KR 2 | Per Lund | 980 |

## Lifts

| Plate | Driver | Hours |
|---|---|---|
| LF 1 | Eva Dahl | 3,310 |
| LF 2 | Ole Berg | 410 |

The yard is run by Eva Dahl.
"""


def of_file(question: str, text: str, name: str) -> Answer:
    """The answer to `question` from a file."""
    return answer(question, retrieval_of(read(text.encode(), name)))


@pytest.mark.parametrize(
    ("question", "plate"),
    [
        ("Which crane has the most hours?", "KR 1"),
        ("Which lift has the fewest hours?", "LF 2"),
        ("Which crane has the lowest hours?", "KR 2"),
    ],
)
def test_rows_between_pipes_are_compared_below_their_heading(question: str, plate: str) -> None:
    """Tables in Markdown, two of the same columns: the heading above says which is meant."""
    (citation,) = of_file(question, MARKDOWN, "a.md").citations
    assert citation.text.startswith(plate)


def test_of_two_like_tables_none_is_guessed() -> None:
    """Without a heading that says it, either could be meant."""
    assert of_file("Which driver has the most hours?", MARKDOWN, "a.md").status == "abstained"


SHELVES = """Regal;Preis;Bestand;Geliefert
Eiche;12,50;4.500;03.02.2024
Buche;8,90;35;28.11.2023
Ahorn;9,75;620;15.01.2024
"""


@pytest.mark.parametrize(
    ("question", "shelf"),
    [
        ("Welches Regal hat den größten Bestand?", "Eiche"),
        ("Welches Regal hat den kleinsten Bestand?", "Buche"),
        ("Welches Regal ist am teuersten?", "Eiche"),
        ("Welches Regal ist das billigste?", "Buche"),
        ("Which Regal was Geliefert last?", "Eiche"),
        ("Which Regal was Geliefert first?", "Buche"),
        ("Welches Regal hat den größten Bestand in 2024?", "Eiche"),
    ],
)
def test_numbers_and_days_are_read_as_their_table_writes_them(question: str, shelf: str) -> None:
    """Where prices have a decimal comma, 4.500 is four thousand; 28.11.2023 is before 15.01.2024."""
    (citation,) = of_file(question, SHELVES, "a.csv").citations
    assert citation.text.startswith(shelf)


def test_a_quarter_of_a_year_is_no_other() -> None:
    """The first quarter of 2024 is not that of 2023."""
    rows = [
        ("Region", "Quarter", "Revenue"),
        *(("North", "Q1 2023", "90"), ("North", "Q1 2024", "120"), ("South", "Q1 2023", "300")),
        *(("South", "Q1 2024", "110"), ("West", "Q2 2024", "400")),
    ]
    result = asked("Which region had the highest revenue in Q1 2024?", rows)
    assert [citation.text for citation in result.citations] == ["North | Q1 2024 | 120"]


def test_prose_beside_a_table_gives_way_to_its_rows() -> None:
    """A sentence with the question's words is no answer where the table has the most points."""
    text = (
        "# District league\n\n| Club | Goals | Points |\n|---|---|---|\n"
        "| Adler | 48 | 51 |\n| Brook | 55 | 47 |\n"
        "\nA club of the league gets points for each match.\n"
    )
    (citation,) = of_file("Which club scored the most goals?", text, "a.md").citations
    assert citation.text.startswith("Brook")


LOTS = [
    ("Bidder", "Lot", "Offer", "Rank", "Agent", "Class"),
    ("Halden", "1", "48.200", "2", "Ida Holm", "A"),
    ("Tyler", "1", "980", "1", "Per Lund", "B"),
    ("Halden", "2", "90.500", "1", "Per Lund", "B"),
    ("Tyler", "2", "95.000", "2", "Per Lund", "A"),
    ("Moss", "2", "99.900", "3"),
]


def test_a_number_belongs_to_the_column_named_before_it() -> None:
    """Of lot 2 is not of the second rank; and 980 is less than 48.200 where points part thousands."""
    assert asked("Who has the lowest offer for lot 2?", LOTS).citations[0].text.startswith("Halden | 2")
    assert asked("Who has the lowest offer for lot 1?", LOTS).citations[0].text.startswith("Tyler | 1")


def test_a_value_of_one_letter_is_no_article() -> None:
    """Class A is named by its capital letter."""
    found = asked("Which bidders have class A?", LOTS)
    assert [citation.text[:10] for citation in found.citations] == ["Halden | 1", "Tyler | 2 "]


def test_an_empty_cell_at_the_end_of_a_row_is_one() -> None:
    """Extracted text ends a row after its last filled cell."""
    assert asked("What class has Moss?", LOTS).missing == NO_VALUE
