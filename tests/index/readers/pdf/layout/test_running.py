"""Running headers: only what is the same on most pages goes, and it is counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.readers.pdf.reader import read_pdf
from index.types import Reading
from tests.support.pdf_files import Page, Words, paragraph, pdf
from tests.support.readings import texts

ORDER = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def _read(count: int, edges: Callable[[int], Page]) -> Reading:
    """A document of `count` pages with some text each, and what `edges` gives for page 1, 2, ..."""
    pages = [
        [
            *paragraph(
                f"The {ORDER[at]} chapter tells of the village and of the people",
                f"who came to it {ORDER[at]} of all.",
            ),
            *edges(at + 1),
        ]
        for at in range(count)
    ]
    return read_pdf(pdf(*pages), "a.pdf")


def _notes(reading: Reading) -> str:
    return "\n".join(note for note in reading.notes if note.startswith("running"))


def test_a_header_with_its_page_number_stays_once() -> None:
    """The number counts with the pages; the note counts the lines, and quotes the header with # for it."""
    reading = _read(6, lambda page: [Words(f"Alder Ltd | 2018 Report | {page + 3}", y=770)])
    assert texts(reading).count("Alder Ltd | 2018 Report | 4") == 1
    assert not any("Report | 5" in text for text in texts(reading))
    assert _notes(reading) == (
        "running headers and footers left out: 5 lines on 5 pages: “Alder Ltd | 2018 Report | #”"
    )


@pytest.mark.parametrize(
    "number",
    [
        str,
        lambda page: f"- {page} -",
        lambda page: f"Page {page} of 5",
        lambda page: f"Seite {page + 10}",
        lambda page: f"{page}/5",
        lambda page: f"F-{page + 20}",
        lambda page: f"— {('ii', 'iii', 'iv', 'v', 'vi')[page - 1]} —",
        lambda page: f"{page} | P a g e",
    ],
)
def test_page_numbers_go(number: Callable[[int], str]) -> None:
    """Alone or with the word for page, in digits or in Roman numerals, from any first number."""
    reading = _read(5, lambda page: [Words(number(page), x=300, y=30)])
    assert len(texts(reading)) == 5
    assert "5 lines on 5 pages" in _notes(reading)


def test_left_and_right_pages_may_differ() -> None:
    """Each of two headers that take turns stays once."""

    def edges(page: int) -> Page:
        if page % 2:
            return [Words("The Mill", x=480, y=770), Words(str(page), x=540, y=30)]
        return [Words("Anna Berg", y=770), Words(str(page), y=30)]

    reading = _read(10, edges)
    assert [text for text in texts(reading) if "chapter" not in text] == ["The Mill", "Anna Berg"]


def test_a_header_of_some_pages_in_a_row() -> None:
    """A part of a long document has its own header."""
    reading = _read(10, lambda page: [Words("Part Two", y=770)] if page > 2 else [])
    assert texts(reading).count("Part Two") == 1


@pytest.mark.parametrize(
    "line",
    [
        lambda page: f"Invoice no. {4700 + page}",
        lambda page: f"Total amount due: {300 + 56 * page}.40 EUR",
        lambda page: f"Recipe {page}",
        lambda page: f"Serves {page + 2}",
        lambda page: f"NOTE {page}",
        lambda page: f"Sample of {page * 3} March 2024",
        lambda page: f"{page * 7}",
    ],
)
@pytest.mark.parametrize("y", [770, 30])
def test_lines_with_other_numbers_stay(line: Callable[[int], str], y: float) -> None:
    """A number that is no page number makes another line on every page."""
    reading = _read(6, lambda page: [Words(line(page), y=y)])
    assert [text for text in texts(reading) if "chapter" not in text] == [line(page) for page in range(1, 7)]
    assert not _notes(reading)


def test_an_amount_counts_on_every_page() -> None:
    """The same sum due on every invoice is due every time."""
    reading = _read(4, lambda page: [Words("Total amount due: 49.00 EUR", y=30)])
    assert texts(reading).count("Total amount due: 49.00 EUR") == 4


def test_a_number_set_apart_is_no_page_number_beside_one() -> None:
    """A card with a number of its own has a page number at its foot."""

    def edges(page: int) -> Page:
        return [Words("Card", y=770), Words(str(page), x=300, y=770), Words(str(page), x=300, y=30)]

    reading = _read(5, edges)
    assert [text for text in texts(reading) if text.startswith("Card")] == [
        f"Card {at}" for at in range(1, 6)
    ]


def test_a_title_stays_on_every_slide() -> None:
    """Letters larger than those of the text are a title, and no running header."""
    reading = _read(4, lambda page: [Words("Results", y=760, size=24)])
    assert texts(reading, "heading").count("Results") == 4


def test_a_line_at_another_height_stays() -> None:
    """What ends each page where its text ends is no footer."""
    reading = _read(4, lambda page: [Words("The end of it.", y=600 - 40 * page)])
    assert texts(reading).count("The end of it.") == 4


def test_a_line_inside_the_page_stays() -> None:
    """Equal lines go only where nothing else stands between them and the edge."""

    def edges(page: int) -> Page:
        return [Words(f"Letter to {ORDER[page]} house", y=770), Words("Bill to:", y=750)]

    assert texts(_read(5, edges)).count("Bill to:") == 5


def test_rows_of_a_table_stay() -> None:
    """Headings repeated above a table on every page are its first row, and rows at the foot are its last."""
    columns = (72, 200, 330)

    def page(number: int) -> Page:
        rows = [
            ("From", "To", "Fee"),
            *((f"{number}{at}0", f"{number}{at}9", f"{at}00") for at in range(1, 9)),
        ]
        return [
            Words(cell, x=x, y=770 - 90 * at)
            for at, row in enumerate(rows)
            for cell, x in zip(row, columns, strict=True)
        ]

    rows = texts(read_pdf(pdf(*(page(number) for number in range(1, 5))), "a.pdf"), "row")
    assert sum("180" in row for row in rows) == 1
    assert all(any(f"{number}{at}0" in row for row in rows) for number in range(1, 5) for at in range(1, 9))


def test_two_pages_have_no_running_header() -> None:
    """A line on two pages is kept on both; page numbers that are those of the pages go."""
    reading = _read(2, lambda page: [Words("Alder Ltd", y=770), Words(str(page), x=300, y=30)])
    assert texts(reading).count("Alder Ltd") == 2
    assert not any(text.isdigit() for text in texts(reading))


def test_a_number_alone_on_its_page_stays() -> None:
    """It is all that the page says."""
    reading = read_pdf(pdf(*([Words(str(at), x=300, y=30)] for at in range(1, 5))), "a.pdf")
    assert texts(reading) == ["1", "2", "3", "4"]


def test_text_that_repeats_itself_stays() -> None:
    """A line that stands twice on its pages is text, though the last of them stand at one place."""
    line = "This clause is given as an example and has no force."
    reading = _read(5, lambda page: [Words(line, y=500), Words(line, y=60), Words(f"Clause {page}.1", y=76)])
    assert reading.text.count(line) == 10
    assert not _notes(reading)


@pytest.mark.parametrize("y", [(680, 666), (380, 366)])
def test_the_same_text_on_every_page_is_no_header(y: tuple[int, int]) -> None:
    """Well below the header, or far above the foot of the page, stands text, as in a letter to many."""
    pages = [
        [Words("Harbour Office", y=760), Words("We ask you to pay", y=y[0]), Words("within a week.", y=y[1])]
        for _ in range(4)
    ]
    reading = read_pdf(pdf(*pages), "a.pdf")
    assert reading.text.count("We ask you to pay within a week.") == 4
    assert reading.text.count("Harbour Office") == 1
