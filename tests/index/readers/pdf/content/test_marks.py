"""PDF: raised and lowered digits keep the value of the number that they stand beside."""

from __future__ import annotations

import pytest

from index.readers.pdf.reader import read_pdf
from tests.support.pdf_files import Words, pdf


def line(*parts: str | tuple[str, float], y: float = 700) -> str:
    """Operators for one line: text in 11 points, and (text, rise) in 7 points, raised by that much."""
    drawn = ""
    for part in parts:
        text, rise = (part, 0) if isinstance(part, str) else part
        drawn += f"/F1 {7 if rise else 11} Tf {rise} Ts ({text}) Tj "
    return f"BT 72 {y} Td {drawn} ET"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("4.2 x 10", ("6", 4), " cells per litre"), "4.2 x 10⁶ cells per litre"),
        (("opened in 1987", ("3", 4), " after four years"), "opened in 1987³ after four years"),
        (("10", ("-6", 4), " m and 5 m", ("-1", 4)), "10⁻⁶ m and 5 m⁻¹"),
        (("covers 640 m", ("2", 4), "."), "covers 640 m²."),
        (("H", ("2", -2), "O and CO", ("2", -2), " levels"), "H₂O and CO₂ levels"),
        (("SO", ("4", -2), ("2-", 4), " ions"), "SO₄²⁻ ions"),
        (("2", ("n", 4), " cases"), "2ⁿ cases"),
        (("reports", ("1,2", 4), " and more"), "reports¹,² and more"),
        ((("1", 4), "See the table."), "¹See the table."),
        (("sold for 250", (r"1\)", 4), " euros"), "sold for 250¹⁾ euros"),
    ],
)
def test_raised_and_lowered_digits(parts: tuple[str | tuple[str, float], ...], expected: str) -> None:
    """They are written as such, wherever pdfium ends the line about them."""
    assert read_pdf(pdf([line(*parts)]), "a.pdf").text == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("the 1", ("st", 4), " of May"), "the 1st of May"),
        (("Acme", ("TM", 4), " 5"), "AcmeTM 5"),
        (("3", ("1", 4), "/", ("2", -0.1), " cups"), "3 1/2 cups"),
        (("3", ("1/2", 3), " cups"), "3 1/2 cups"),
        (("about ", ("3", 4), "/", ("4", -1), " of them"), "about 3/4 of them"),
    ],
)
def test_raised_letters_and_fractions(parts: tuple[str | tuple[str, float], ...], expected: str) -> None:
    """Ordinals keep their letters; a fraction stays one, apart from the number before it."""
    assert read_pdf(pdf([line(*parts)]), "a.pdf").text == expected


def test_small_digits_on_the_base_line_are_no_marks() -> None:
    """Small capitals have small figures, and a line under a heading begins with what it begins with."""
    small = "BT /F1 11 Tf 72 700 Td (F) Tj /F1 8 Tf (16) Tj ET"
    heading = [Words("Chapter 3", y=760, size=24), Words("2020 was a good year", y=740, size=9)]
    assert read_pdf(pdf([*heading, small]), "a.pdf").text.split("\n\n") == [
        "Chapter 3",
        "2020 was a good year",
        "F16",
    ]


def test_a_mark_drawn_by_itself() -> None:
    """A digit that stands apart in the file, near a word, is a mark of that word."""
    page = [Words("in 1987", y=700), Words("3", x=109, y=705, size=6), Words("after that", x=115, y=700)]
    assert read_pdf(pdf(page), "a.pdf").text == "in 1987³ after that"
