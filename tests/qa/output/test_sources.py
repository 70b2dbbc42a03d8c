"""The sources of an answer as they stand on a terminal."""

from __future__ import annotations

from index.types import Span
from qa.output.answers.citations import source_lines
from qa.output.answers.terminal import to_text
from qa.types import Claim
from tests.support.answers import abstained, answered, citation, passage

LONG = "Trump and Putin agree to meet in Budapest after a long call on the telephone"


def test_citations_are_grouped_by_file_below_its_title() -> None:
    """The title once, wrapped at words; paths in full; numbers as they are in the text."""
    cited = (
        citation(1, title=LONG, also=()),
        citation(2, source="b.txt", also=()),
        citation(3, title=LONG, span=Span(26, 60), text="Lavrov said so.", line=5, also=()),
    )
    assert source_lines(cited, 50, colour=False) == [
        "Trump and Putin agree to meet in Budapest after a",
        "long call on the telephone (2025-10-21)",
        "[1] docs/a.txt:4  characters 0-25",
        '    "The summit was cancelled."',
        "[3] docs/a.txt:5  characters 26-60",
        '    "Lavrov said so."',
        "[2] b.txt:4  characters 0-25  2025-10-21",
        '    "The summit was cancelled."',
    ]


def test_a_span_within_another_is_not_quoted_again() -> None:
    """It says within which; of two equal ones the first is quoted."""
    cited = (citation(1, also=()), citation(2, span=Span(0, 10), also=()), citation(3, also=()))
    shown = source_lines(cited, 80, colour=False)
    assert [line for line in shown if line.startswith("[")] == [
        "[1] docs/a.txt:4  characters 0-25  2025-10-21",
        "[2] docs/a.txt:4  characters 0-10  within [1]  2025-10-21",
        "[3] docs/a.txt:4  characters 0-25  within [1]  2025-10-21",
    ]
    assert sum("The summit" in line for line in shown) == 1


def test_a_path_is_never_broken() -> None:
    """What does not fit beside it stands below."""
    name = "folder/" * 9 + "a.txt"
    shown = source_lines((citation(1, source=name, also=()),), 40, colour=False)
    assert shown[:2] == [f"[1] {name}:4", "    characters 0-25 2025-10-21"]


def test_a_row_of_a_table_stands_as_it_is_and_with_the_names_of_its_columns() -> None:
    """In an answer without a model, where nothing is quoted below."""
    labelled = "village: Coldwell | price: 2.31\nvillage: Ashby | price: 2.05"
    cited = citation(1, text="Coldwell,2.31\nAshby,2.05", labelled=labelled, also=())
    claims = tuple(Claim(row, (1,), "supported") for row in labelled.split("\n"))
    text = "\n".join(f"{claim.text} [1]" for claim in claims)
    shown = to_text(answered(text=text, claims=claims, citations=(cited,)), 80).splitlines()
    assert shown[0] == "Coldwell,2.31 (village: Coldwell | price: 2.31) [1]"
    assert "Ashby,2.05 (village: Ashby | price: 2.05) [1]" in shown


def test_a_nearest_passage_shows_the_sentence_that_is_nearest() -> None:
    """With what follows it; the beginning of the passage only where that is nearest."""
    shown = to_text(abstained(question="When did Lavrov say so?", passages=(passage(),)), 80)
    assert "      ... Lavrov said so on 21 October 2025." in shown.splitlines()
