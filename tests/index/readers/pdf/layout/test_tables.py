"""Tables of a PDF keep their columns: by where their words stand, cells stand under their headings."""

from __future__ import annotations

import pytest

from index.readers.pdf.reader import read_pdf
from index.types import Reading
from tests.support.pdf_files import Page, Words, paragraph, pdf
from tests.support.readings import check_reading, texts


def _right(text: str, x: float, y: float, size: float = 10) -> Words:
    """A figure that ends at `x`."""
    width = sum(0.278 if sign in ",. " else 0.333 if sign in "()" else 0.556 for sign in text)
    return Words(text, x=x - width * size, y=y, size=size)


def _row(y: float, label: str, *figures: str, ends: tuple[float, ...] = (380, 460, 540)) -> list[Words]:
    """A label and figures set to the right under each other; an empty one is not drawn."""
    return [
        *([Words(label, x=60, y=y, size=10)] if label else []),
        *(_right(figure, end, y) for figure, end in zip(figures, ends, strict=False) if figure),
    ]


def _read(*parts: Page) -> Reading:
    reading = read_pdf(pdf([words for part in parts for words in part]), "a.pdf")
    check_reading(reading)
    return reading


def test_empty_cells_keep_their_place() -> None:
    """A reader of the row can tell which of its cells is empty."""
    reading = _read(
        [
            Words(name, x=x, y=700)
            for name, x in (("Month", 60), ("Alder", 180), ("Birch", 280), ("Elm", 380))
        ],
        [Words(cell, x=x, y=684) for cell, x in (("January", 60), ("12", 180), ("7", 380))],
        [Words(cell, x=x, y=668) for cell, x in (("February", 60), ("15", 280))],
        [Words(cell, x=x, y=652) for cell, x in (("March", 60), ("8", 180), ("11", 280), ("5", 380))],
    )
    assert texts(reading, "row")[1:] == ["January | 12 |  | 7", "February |  | 15", "March | 8 | 11 | 5"]
    (table,) = reading.tables
    assert table.columns == ("Month", "Alder", "Birch", "Elm")


def test_a_statement_with_years_over_its_columns() -> None:
    """Years, what spans them, the title and the unit name the columns; signs belong to their figures."""
    reading = _read(
        [Words("STATEMENTS OF OPERATIONS", x=220, y=740, size=10, bold=True)],
        [Words("(in millions)", x=270, y=728, size=10)],
        [Words("Year Ended December 31,", x=385, y=712, size=8, bold=True)],
        _row(700, "", "2021", "2022", "2023"),
        _row(686, "Revenue:"),
        [Words("$", x=x, y=672, size=10) for x in (335, 415, 495)],
        _row(672, "Net sales", "12,345", "11,234", "9,876"),
        _row(658, "Cost of sales", "(1,234)", "(987)", "—"),
        _row(644, "Share of the market", "14", "9", "8"),
        [Words("%", x=x, y=644, size=10) for x in (383, 463, 543)],
    )
    assert texts(reading, "row") == [
        "| Year Ended December 31,",
        "| 2021 | 2022 | 2023",
        "Revenue:",
        "Net sales | $ 12,345 | $ 11,234 | $ 9,876",
        "Cost of sales | (1,234) | (987) | —",
        "Share of the market | 14 % | 9 % | 8 %",
    ]
    (table,) = reading.tables
    assert table.columns == ("", "2021", "2022", "2023")
    assert table.caption == "STATEMENTS OF OPERATIONS (in millions) Year Ended December 31,"
    assert reading.text[table.body :].startswith("Revenue:")


def test_headings_over_groups_of_columns() -> None:
    """A heading over the middle of two columns names both."""
    ends = (300, 360, 440, 500)
    reading = _read(
        [Words("2023", x=304, y=712, size=10), Words("2022", x=447, y=712, size=10)],
        _row(700, "", "High", "Low", "High", "Low", ends=ends),
        _row(686, "First quarter", "148.29", "124.31", "122.18", "79.95", ends=ends),
        _row(672, "Second quarter", "166.87", "138.66", "111.85", "84.81", ends=ends),
    )
    (table,) = reading.tables
    assert table.columns == ("", "2023 High", "2023 Low", "2022 High", "2022 Low")


def test_headings_of_several_lines() -> None:
    """Each heading is put together, though its lines lie in the file one heading after the other."""
    reading = _read(
        [Words("Weighted", x=350, y=712, size=10), Words("value", x=350, y=700, size=10)],
        [Words("Aggregate", x=430, y=712, size=10), Words("value", x=430, y=700, size=10)],
        _row(684, "Options granted", "12", "340"),
        _row(670, "Options exercised", "7", "125"),
    )
    assert reading.tables[0].columns == ("", "Weighted value", "Aggregate value")


def test_wrapped_labels() -> None:
    """The lines of a label are one cell, whichever of them the figures stand beside."""
    reading = _read(
        _row(700, "Net sales", "12", "340", "5"),
        _row(686, "Gains on securities held for sale, net of the"),
        _row(674, "taxes paid", "7", "125", "6"),
        _row(660, "Losses on the sale of the upper mill, and of all", "1", "2", "3"),
        _row(648, "that belonged to it"),
        _row(634, "Total", "20", "467", "14"),
    )
    assert texts(reading, "row") == [
        "Net sales | 12 | 340 | 5",
        "Gains on securities held for sale, net of the taxes paid | 7 | 125 | 6",
        "Losses on the sale of the upper mill, and of all that belonged to it | 1 | 2 | 3",
        "Total | 20 | 467 | 14",
    ]


def test_a_long_label_may_reach_under_an_empty_column() -> None:
    """It is still the label, and the figure stands in its own column."""
    reading = _read(
        _row(700, "Net sales", "12", "340", "5"),
        _row(686, "Cost of sales", "7", "125", "6"),
        _row(672, "A gain on the sale of the upper mill and of all that belonged to it", "", "125"),
    )
    assert texts(reading, "row")[2].endswith("belonged to it |  | 125")


def test_labels_and_values_have_no_headings() -> None:
    """The first pair of a form is no heading of the second."""
    form = [("Customer", "Emil Roth"), ("Town", "Kiel"), ("Work", "Two frames"), ("Total", "597.60 EUR")]
    reading = _read(
        *(
            [Words(label, x=60, y=700 - 16 * at), Words(value, x=240, y=700 - 16 * at)]
            for at, (label, value) in enumerate(form)
        )
    )
    assert texts(reading, "row") == [f"{label} | {value}" for label, value in form]
    assert reading.tables[0].columns == ()


def test_a_paragraph_is_no_table() -> None:
    """Text around a table stays text, numbers in it and all."""
    text = paragraph(
        "In 2023 the mill ground 1,234 tonnes of corn, and in 2022 it ground 1,100 tonnes, which",
        "was 12 percent less than in 2021, when the brook ran high for 214 days of the year.",
    )
    reading = _read(text, _row(640, "Corn", "1,234", "1,100"), _row(626, "Rye", "12", "9"))
    assert [block.kind for block in reading.blocks] == ["paragraph", "row", "row"]


def test_rows_that_stand_in_no_columns_have_no_cells() -> None:
    """Where no column can be told, a row stays a row of text."""
    lines = [(60, 150, 260), (95, 185, 305), (120, 222, 340), (75, 168, 282), (140, 240, 390)]
    page = [
        Words(word, x=x, y=700 - 14 * at)
        for at, places in enumerate(lines)
        for x, word in zip(places, ("one two three", "four five six", "seven"), strict=True)
    ]
    assert not any("|" in text for text in texts(_read(page)))


@pytest.mark.parametrize(
    "leader", [" . . . . . . . . . . . . ", " ........................ ", "..............."]
)
def test_a_table_of_contents(leader: str) -> None:
    """The leaders go; entry and page are cells."""
    entries = [("Risk factors", 12), ("Properties", 14), ("Accounts", 31)]
    reading = _read([Words(f"{entries[at][0]}{leader}{entries[at][1]}", y=700 - 16 * at) for at in range(3)])
    rows = texts(reading, "row")
    assert all(
        row.startswith(name) and row.endswith(str(page))
        for row, (name, page) in zip(rows, entries, strict=True)
    )


def test_a_heading_of_two_lines_is_no_heading_of_a_group() -> None:
    """The first line stands over the second, in one column, and not over all of them."""
    ends = (300, 380, 460, 540)
    reading = _read(
        [Words("Rigid", x=348, y=712, size=10)],
        [
            Words(text, x=x, y=700, size=10)
            for text, x in (("Flexible", 262), ("Packaging", 336), ("Other", 433), ("Total", 516))
        ],
        _row(686, "Net sales", "1,148", "1,124", "1,111", "2,379", ends=ends),
        _row(672, "Income", "166", "138", "111", "415", ends=ends),
    )
    assert reading.tables[0].columns == ("", "Flexible", "Rigid Packaging", "Other", "Total")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("$ 12", "$ 12"),
        ("( 12 )", "( 12 )"),
        ("12 %", "12 %"),
        ("12 (a)", "12 (a)"),
        ("N/A", "N/A"),
        ("—", "—"),
    ],
)
def test_signs_belong_to_their_figures(cell: str, expected: str) -> None:
    """A currency, bracket, share or mark is no cell of its own, wherever it stands apart."""
    parts = cell.split()
    rows = [
        [
            Words("Net sales", x=60, y=700 - 16 * at),
            *(Words(part, x=300 + 14 * n, y=700 - 16 * at) for n, part in enumerate(parts)),
            Words("340", x=460, y=700 - 16 * at),
        ]
        for at in range(3)
    ]
    assert texts(_read(*rows), "row") == [f"Net sales | {expected} | 340"] * 3


def test_figures_in_brackets_stay_in_their_column() -> None:
    """A small loss is no mark of the figure before it."""
    rows = [
        _row(700 - 16 * at, "Lending", "265", "350", f"({at + 20})", ends=(300, 340, 365)) for at in range(3)
    ]
    assert texts(_read(*rows), "row")[0] == "Lending | 265 | 350 | (20)"


def test_headings_of_narrow_columns() -> None:
    """They stand as close as words do, under a title; each names its column."""
    ends = (124, 160, 196)
    names = [Words(name, x=x, y=700, size=10) for name, x in (("House", 60), ("Alder", 107), ("Birch", 139))]
    reading = _read(
        [Words("Table 1: Guests by house", y=712, size=10), *names, Words("Cedar", x=168, y=700, size=10)],
        _row(688, "Jan", "12", "", "7", ends=ends),
        _row(676, "Feb", "", "9", "4", ends=ends),
    )
    (table,) = reading.tables
    assert table.columns == ("House", "Alder", "Birch", "Cedar")
    assert table.caption == "Table 1: Guests by house"


def test_figures_of_columns_that_touch() -> None:
    """A figure set to the right and one set to the left may be a space apart."""
    reading = _read(
        *(
            [
                *_row(700 - 14 * at, f"Rope {at}", pieces, "", str(2 * at), ends=(200, 300, 380)),
                *([Words(value, x=202, y=700 - 14 * at, size=10)] if value else []),
            ]
            for at, (pieces, value) in enumerate(
                (("3", "1.50"), ("6", "3.00"), ("", "4.50"), ("12", ""), ("15", "7.50"))
            )
        )
    )
    assert texts(reading, "row") == [
        "Rope 0 | 3 | 1.50 | 0",
        "Rope 1 | 6 | 3.00 | 2",
        "Rope 2 |  | 4.50 | 4",
        "Rope 3 | 12 |  | 6",
        "Rope 4 | 15 | 7.50 | 8",
    ]


def test_thousands_set_apart_are_one_figure() -> None:
    """A figure with spaces between its thousands stands in one column."""
    reading = _read(
        _row(700, "Net sales", "12 345", "10 000"),
        _row(686, "Cost", "345", "1 000 000"),
        _row(672, "Gain", "12 000", "7"),
    )
    assert texts(reading, "row")[1] == "Cost | 345 | 1 000 000"


def test_a_column_without_a_value_has_its_heading() -> None:
    """Nothing stands in it, and its neighbours keep their names."""
    ends = (260, 330, 400, 470)
    reading = _read(
        _row(700, "House", "2019", "2020", "2021", "2022", ends=ends),
        _row(686, "Alder", "12", "", "", "5", ends=ends),
        _row(672, "Birch", "", "7", "", "11", ends=ends),
        _row(658, "Elm", "140", "22", "", "", ends=ends),
    )
    assert reading.tables[0].columns == ("House", "2019", "2020", "2021", "2022")
    assert texts(reading, "row")[2] == "Birch |  | 7 |  | 11"
