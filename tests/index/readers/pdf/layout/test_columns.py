"""The reading order of pages whose lines lie in the file in another one."""

from __future__ import annotations

import pytest

from index.readers.pdf.layout.columns import reading_order
from index.readers.pdf.page import PdfLine, Word
from index.readers.pdf.reader import read_pdf
from tests.support.pdf_files import Page, Words, paragraph, pdf
from tests.support.readings import texts

LEFT = (
    "The village of Moor has two wells. The",
    "upper well was dug in 1720 and still",
    "gives water in every year. The lower",
    "well ran dry in the hot summer of 1911.",
)
MIDDLE = (
    "A mill stands below the church. Its",
    "wheel was taken out when the brook had",
    "to make way for the railway, and nobody",
    "has ground any corn in it ever since.",
)
RIGHT = (
    "The church stands on a low hill. Its",
    "tower was raised in 1884 by masons from",
    "the next valley. The bell weighs four",
    "hundred kilograms and is rung at noon.",
)


def _row_by_row(
    *columns: tuple[str, ...], width: float = 260, size: float = 11, y: float = 700
) -> list[Words]:
    """Columns beside each other, written line by line across all of them."""
    return [
        Words(line, x=60 + width * at, y=y - number * size * 1.2, size=size)
        for number, lines in enumerate(zip(*columns, strict=True))
        for at, line in enumerate(lines)
    ]


def test_two_columns_row_by_row() -> None:
    """Each column is read to its end before the next."""
    reading = read_pdf(pdf(_row_by_row(LEFT, RIGHT)), "a.pdf")
    assert texts(reading) == [" ".join(LEFT), " ".join(RIGHT)]


def test_three_columns_row_by_row() -> None:
    """There may be more gutters than one."""
    reading = read_pdf(pdf(_row_by_row(LEFT, MIDDLE, RIGHT, width=180, size=8)), "a.pdf")
    assert texts(reading) == [" ".join(LEFT), " ".join(MIDDLE), " ".join(RIGHT)]


def test_columns_written_one_after_the_other() -> None:
    """They are read as they lie."""
    page = [*paragraph(*LEFT, x=60), *paragraph(*RIGHT, x=320)]
    assert texts(read_pdf(pdf(page), "a.pdf")) == [" ".join(LEFT), " ".join(RIGHT)]


def test_a_heading_between_columns() -> None:
    """What stands above it is read before it, what stands below it after it."""
    page = [
        Words("Notes on the village and its neighbours", x=180, y=740, bold=True),
        *_row_by_row(LEFT, RIGHT),
        Words("What the mill was for, and what became of it", x=180, y=620, bold=True),
        *_row_by_row(MIDDLE, tuple(reversed(MIDDLE)), y=590),
    ]
    found = texts(read_pdf(pdf(page), "a.pdf"))
    assert found[:4] == [
        "Notes on the village and its neighbours",
        " ".join(LEFT),
        " ".join(RIGHT),
        "What the mill was for, and what became of it",
    ]


def test_a_sentence_goes_on_in_the_next_column() -> None:
    """It is one paragraph, as it is over the end of a page."""
    left = (*LEFT[:3], "well ran dry in the long summer that")
    right = ("followed the war. The church stands on", *RIGHT[1:])
    found = texts(read_pdf(pdf(_row_by_row(left, right)), "a.pdf"))
    assert any("in the long summer that followed the war." in text for text in found)


@pytest.mark.parametrize(
    "rows",
    [
        [
            ("Deliver within thirty days", "A penalty of five percent"),
            ("Repair free of charge", "For two full years"),
        ],
        [("Anna Berg, of the upper mill", "12,400 crowns"), ("Emil Roth, of the lower mill", "9,300 crowns")],
        [("Alder and birch", "Grow on wet ground"), ("Oak and beech", "Grow on dry ground")],
    ],
)
def test_a_table_of_texts_is_read_by_rows(rows: list[tuple[str, str]]) -> None:
    """Cells that end where they end are no columns of running text."""
    page = [
        Words(cell, x=x, y=700 - 16 * at)
        for at, row in enumerate(rows * 3)
        for cell, x in zip(row, (60, 320), strict=True)
    ]
    assert texts(read_pdf(pdf(page), "a.pdf"), "row") == [" | ".join(row) for row in rows * 3]


def _drop_cap(letter: str, *lines: str, size: float = 40) -> Page:
    """A paragraph whose first letter reaches down over two lines."""
    beside = 60 + size * 0.72
    return [
        Words(letter, x=60, y=700 - 13.2, size=size),
        *(Words(line, x=beside, y=700 - at * 13.2) for at, line in enumerate(lines[:2])),
        *(Words(line, x=60, y=700 - (at + 2) * 13.2) for at, line in enumerate(lines[2:])),
    ]


def test_a_large_first_letter_belongs_to_its_word() -> None:
    """It stands beside two lines, and is read once, with the first of them."""
    page = _drop_cap(
        "T",
        "he mill stood empty for nine years before",
        "the baker bought it and set the wheel",
        "going again in the spring of that year.",
    )
    for order in (page, [*page[1:], page[0]]):
        assert texts(read_pdf(pdf(order), "a.pdf")) == [
            (
                "The mill stood empty for nine years before the baker bought it and set the wheel "
                "going again in the spring of that year."
            )
        ]


def test_a_large_first_letter_may_be_a_word() -> None:
    """The document tells: what follows is a word of its own."""
    page = [
        *_drop_cap(
            "A",
            "mill stood empty for nine years before",
            "the baker bought it and set the wheel",
            "going again.",
        ),
        *paragraph("The mill is old.", y=500),
    ]
    assert texts(read_pdf(pdf(page), "a.pdf"))[0].startswith("A mill stood empty")


@pytest.mark.parametrize("mark", ["1", "†", "(a)"])
def test_a_footnote_under_a_column_stands_behind_the_paragraph(mark: str) -> None:
    """The word that the column breaks is put together, and the note is a block by itself."""
    page = [
        *paragraph("The crane of the old harbour lifts", "boats of up to nine tonnes in good wea-", x=60),
        *paragraph(
            f"{mark} The crane was built in Kiel and has", "never been moved since then.", x=60, y=660, size=9
        ),
        *paragraph("ther, and four tonnes in strong wind.", "The harbour master gives the signal.", x=320),
    ]
    assert texts(read_pdf(pdf(page), "a.pdf")) == [
        (
            "The crane of the old harbour lifts boats of up to nine tonnes in good weather, and four "
            "tonnes in strong wind. The harbour master gives the signal."
        ),
        f"{mark} The crane was built in Kiel and has never been moved since then.",
    ]


def _line(y: float, *parts: tuple[str, float]) -> PdfLine:
    """A line of 10 points with texts at their places, each letter as wide as high."""
    return PdfLine(tuple(Word(text, x, x + 10 * len(text)) for text, x in parts), y, y + 10, False, False)


def test_columns_without_small_letters() -> None:
    """Chinese lines go on where no full stop stands before."""
    left = (
        "村里有两口井，上面的那口",
        "井是一七二〇年挖的，现在",
        "仍然有水，下面的那口井在",
        "一九一一年夏天干涸了。",
    )
    right = (
        "教堂坐落在一座小山上，它",
        "的塔楼是由邻近山谷的石匠",
        "建造的，钟重四百公斤，每",
        "天中午都会敲响一次。",
    )
    lines = [
        _line(700 - 14 * at, (a, 60), (b, 320)) for at, (a, b) in enumerate(zip(left, right, strict=True))
    ]
    assert [line.text for line in reading_order(lines, lambda _: False)] == [*left, *right]


def test_a_large_first_letter_behind_a_quotation_mark() -> None:
    """Both belong to the first word."""
    page = [Words("“W", x=60, y=660, size=40), *paragraph("e had no mill", "before the flood.", x=112, y=688)]
    assert read_pdf(pdf(page), "a.pdf").text == "“We had no mill before the flood."
