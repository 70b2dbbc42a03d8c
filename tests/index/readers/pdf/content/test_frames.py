"""PDF: text that is set sideways reads as if the page were turned."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.readers.pdf.reader import read_pdf
from tests.support.pdf_files import Page, Words, pdf
from tests.support.readings import texts

ABOVE = Words("Annex B lists the pumps.", y=740)
BELOW = Words("This is below them.", y=60)
# For each direction the matrix, and how a place in the turned text becomes one on the page.
DIRECTIONS: dict[int, tuple[str, Callable[[float, float], tuple[float, float]]]] = {
    90: ("0 1 -1 0", lambda x, y: (300 - y, 200 + x)),
    180: ("-1 0 0 -1", lambda x, y: (500 - x, 400 - y)),
    270: ("0 -1 1 0", lambda x, y: (300 + y, 600 - x)),
}


def sideways(direction: int, text: str, x: float, y: float) -> str:
    """Text at a place of the turned region, in 10 points."""
    matrix, place = DIRECTIONS[direction]
    across, up = place(x, y)
    return f"BT /F1 10 Tf {matrix} {across} {up} Tm ({text}) Tj ET"


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_sideways_table_and_sentence(direction: int) -> None:
    """Rows and sentences stay together, and stand after the upright text of the page."""
    cells = [("Pump", "Built", "Flow"), ("Anton", "1998", "420 litres"), ("Berta", "2004", "615 litres")]
    rows = [
        sideways(direction, cell, 110 * column, 100 - 16 * row)
        for row, line in enumerate(cells)
        for column, cell in enumerate(line)
    ]
    sentence = [
        sideways(direction, "The pump Berta was overhauled by the makers in the", 0, 30),
        sideways(direction, "autumn of 2021.", 0, 18),
    ]
    found = texts(read_pdf(pdf([ABOVE, *rows, *sentence, BELOW]), "a.pdf"))
    assert found[:2] == ["Annex B lists the pumps.", "This is below them."]
    assert found[-1] == "The pump Berta was overhauled by the makers in the autumn of 2021."
    berta = next(text for text in found if text.startswith("Berta"))
    assert [part.strip(" |") for part in berta.split(" ") if part.strip(" |")] == [
        "Berta",
        "2004",
        "615",
        "litres",
    ]


def test_a_page_that_is_all_sideways() -> None:
    """A wide table on a page that nobody turned reads like any other."""
    page = [sideways(90, f"Line {at} of the wide page.", 0, 100 - 12 * at) for at in range(3)]
    assert read_pdf(pdf(page), "a.pdf").text.startswith("Line 0 of the wide page.")


def test_a_turned_page_with_upright_text_in_it() -> None:
    """On a page that is shown turned, text that stands sideways to a reader is what comes last."""
    upright = sideways(90, "Seen upright.", 0, 0)
    across = Words("Seen sideways, from the bottom up.", y=600)
    found = texts(read_pdf(pdf([across, upright], rotate=90), "a.pdf"))
    assert found == ["Seen upright.", "Seen sideways, from the bottom up."]


def test_a_watermark_stands_by_itself() -> None:
    """Slanted words are in no line of the text, and are there once."""
    mark = "BT /F1 60 Tf .707 .707 -.707 .707 150 200 Tm (DRAFT COPY) Tj ET"
    found = texts(
        read_pdf(pdf([Words("The text begins and", y=700), mark, Words("goes on.", y=686)]), "a.pdf")
    )
    assert found == ["The text begins and goes on.", "DRAFT COPY"]


def test_a_sideways_line_in_the_margin() -> None:
    """It is one line, and breaks no paragraph."""
    margin = sideways(90, "arXiv:1234.5678 12 May 2020", 0, 270)
    lines = [
        Words(f"This is line {at} of a paragraph that is long enough", y=700 - 13 * at) for at in range(3)
    ]
    found = texts(read_pdf(pdf([lines[0], margin, *lines[1:]]), "a.pdf"))
    assert found[-1] == "arXiv:1234.5678 12 May 2020"
    assert len(found) == 2


def test_sideways_text_right_behind_an_upright_line() -> None:
    """Its first word is no part of the word before it in the file."""
    page: Page = [Words("Report of the year"), sideways(90, "Pump Berta is of 2004", 200, 100)]
    assert read_pdf(pdf(page), "a.pdf").text.split("\n\n") == ["Report of the year", "Pump Berta is of 2004"]
