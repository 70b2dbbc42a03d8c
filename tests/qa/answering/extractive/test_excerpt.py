"""Very long sentences are shortened around what answers."""

from __future__ import annotations

from hypothesis import given, strategies as st

from qa.answering.answer import answer
from qa.answering.extractive.excerpt import LONGEST, excerpt
from qa.answering.extractive.question import parse_question
from tests.support.passages import corpus_of

FILLER = "and the clerk noted down the weather of the day as he always did, "
LONG = (
    "Of that year it is told, " + FILLER * 12 + "that the ferry sank near Brodno on 4 May 1889, " + FILLER * 9
)


def test_what_answers_is_kept() -> None:
    """The words of the question and what it asks for stand in what is left."""
    short = excerpt(LONG, parse_question("When did the ferry sink near Brodno?"))
    assert "that the ferry sank near Brodno on 4 May 1889" in short
    assert (short[:2], short[-2:]) == ("… ", " …")
    assert len(short) <= LONGEST


def test_a_sentence_of_common_length_stays_whole() -> None:
    """Only the very long are shortened."""
    text = LONG[:LONGEST]
    assert excerpt(text, parse_question("When did the ferry sink?")) == text


def test_a_row_keeps_its_first_cell_and_whole_cells() -> None:
    """What the row is about, and the cell that was asked for."""
    cells = ["Name: Seagull", *(f"Item {n}: value {n * 7}" for n in range(60)), "Draught: 2.4 m"]
    short = excerpt(" | ".join(cells), parse_question("What is the draught of the Seagull?"))
    assert short.startswith("Name: Seagull | … | ")
    assert short.endswith("Draught: 2.4 m")
    assert set(short.split(" | ")) <= {*cells, "…"}


def test_the_citation_is_the_whole_sentence() -> None:
    """Shortened is what is read; the span and its text are not."""
    text = LONG.strip(", ") + "."
    result = answer("When did the ferry sink near Brodno?", corpus_of(text).retrieval())
    (citation,), (claim,) = result.citations, result.claims
    assert citation.text == text
    assert len(claim.text) <= LONGEST
    assert claim.text in result.text


@given(st.text(alphabet="ab .|1\n", max_size=900))
def test_what_is_left_comes_from_the_text(text: str) -> None:
    """Whatever it is: pieces of the text, and dots between them."""
    for piece in excerpt(text, parse_question("Is ab 1?")).split("…"):
        assert piece.strip(" |") in text
