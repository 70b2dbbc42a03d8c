"""What goes on over the end of a page."""

from __future__ import annotations

from index.readers.pdf.reader import read_pdf
from tests.support.pdf_files import Page, Words, paragraph, pdf
from tests.support.readings import check_reading, texts


def _rows(*rows: tuple[str, ...], y: float = 700) -> Page:
    """Rows of a table with a label and two columns."""
    return [
        Words(cell, x=x, y=y - 16 * at)
        for at, row in enumerate(rows)
        for cell, x in zip(row, (72, 300, 420), strict=True)
        if cell
    ]


def test_a_footnote_stands_before_a_paragraph_that_goes_on_overleaf() -> None:
    """The sentence is whole, the note by itself, and both pages hold what stands on them."""
    first = [
        *paragraph("The crane of the old harbour lifts boats", "of up to nine tonnes in good wea-", y=120),
        *paragraph("1 It was built in Kiel.", y=70, size=8),
    ]
    reading = read_pdf(pdf(first, paragraph("ther, and four tonnes in strong wind.")), "a.pdf")
    assert texts(reading) == [
        "1 It was built in Kiel.",
        (
            "The crane of the old harbour lifts boats of up to nine tonnes in good weather, and four "
            "tonnes in strong wind."
        ),
    ]
    check_reading(reading)
    assert "Kiel" in reading.pages[0].span.of(reading.text)
    assert reading.pages[1].span.of(reading.text).startswith("ther, and four")


def test_a_table_that_goes_on_overleaf_keeps_its_columns() -> None:
    """Its second part has no headings of its own, and cells that are empty there keep their place."""
    first = _rows(("Month", "Alder", "Birch"), ("January", "12", "7"), ("February", "15", "9"))
    second = _rows(("March", "", "8"), ("April", "", "11"))
    reading = read_pdf(pdf(first, second), "a.pdf")
    assert texts(reading, "row")[3:] == ["March |  | 8", "April |  | 11"]
    before, table = reading.tables
    assert table.columns == before.columns == ("Month", "Alder", "Birch")
    assert table.body == table.span.start


def test_headings_repeated_overleaf_are_no_data() -> None:
    """The second part has the headings again."""
    headings = ("Month", "Alder", "Birch")
    first = _rows(headings, ("January", "12", "7"), ("February", "15", "9"))
    second = _rows(headings, ("March", "3", "8"), ("April", "4", "11"))
    _, table = read_pdf(pdf(first, second), "a.pdf").tables
    assert table.columns == headings
    assert table.body > table.span.start


def test_another_table_overleaf_has_no_columns_of_the_first() -> None:
    """Its cells stand elsewhere."""
    first = _rows(("Month", "Alder", "Birch"), ("January", "12", "7"), ("February", "15", "9"))
    second = [
        Words(cell, x=x, y=700 - 16 * at)
        for at in range(3)
        for cell, x in (("Anna Berg", 72), (f"1{at}", 180), (f"2{at}", 240), (f"3{at}", 520))
    ]
    _, table = read_pdf(pdf(first, second), "a.pdf").tables
    assert table.columns == ()


def test_a_star_before_a_note_stays() -> None:
    """It is the mark of a footnote, not a bullet; notes with more stars are notes of their own."""
    page = [
        *paragraph("It costs 12 euros* a day."),
        *paragraph("* Until May.", "** Without tax.", y=80, size=8),
    ]
    assert texts(read_pdf(pdf(page), "a.pdf"))[1:] == ["Until May.", "** Without tax."]
    assert "* Until May." in read_pdf(pdf(page), "a.pdf").text
