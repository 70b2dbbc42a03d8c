"""Questions over all rows of a table: the highest is worked out, counts and sums are not given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from qa.answering.answer import answer
from qa.answering.extractive.whole_table import COMPARISON, COUNT
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
