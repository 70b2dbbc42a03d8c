"""The tables of a sheet."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from index.types import Reading
from tests.index.readers.office.test_sheets import read, saved
from tests.support.readings import texts


def filled(rows: dict[str, list[object]]) -> tuple[Workbook, Worksheet]:
    """A workbook with rows that begin at the cells named."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for start, values in rows.items():
        first = sheet[start]
        for at, value in enumerate(values):
            sheet.cell(first.row, first.column + at).value = value
    return book, sheet


def read_rows(rows: dict[str, list[object]]) -> Reading:
    return read(saved(filled(rows)[0]))


MONTHS: dict[str, list[object]] = {
    "A1": ["Month", "Guests", "Nights"],
    "A2": ["January", 80, 200],
    "A3": ["February", 98, 301],
}


def test_the_columns_have_names() -> None:
    """The first row names the columns of the others."""
    (table,) = read_rows(MONTHS).tables
    assert table.columns == ("Month", "Guests", "Nights")


def test_empty_columns_before_the_table_are_cut() -> None:
    """They are empty in all of it; a cell that is empty in some rows keeps its place."""
    reading = read_rows({"C5": ["", "Guests"], "C6": ["May", 7], "D7": [9]})
    assert texts(reading)[1:] == ["| Guests", "May | 7", "| 9"]


def test_tables_without_an_empty_row_between_them() -> None:
    """A title between them begins another table; the name of a group of rows does not."""
    guests: dict[str, list[object]] = {
        "A1": ["Guests"], "A2": ["Month", "Sum"], "A3": ["May", 7], "A4": ["June", 9],
    }  # fmt: skip
    prices: dict[str, list[object]] = {
        "A5": ["Prices"],
        "A6": ["Room", "Price"],
        "A7": ["A", 10],
        "A8": ["B", 20],
    }
    first, second = read_rows(guests | prices).tables
    assert (first.columns, first.caption) == (("Month", "Sum"), "Guests")
    assert (second.columns, second.caption) == (("Room", "Price"), "Prices")
    group: dict[str, list[object]] = {
        "A5": ["Winter"],
        "A6": ["July", 2],
        "A7": ["August", 4],
        "A8": ["May", 3],
    }
    (table,) = read_rows(guests | group).tables
    assert table.columns == ("Month", "Sum")


def test_two_tables_one_below_the_other() -> None:
    """Each has its own headings and the title above it."""
    reading = read_rows(
        {
            "A1": ["Guests"], "A2": ["Month", "Sum"], "A3": ["May", 7],
            "A6": ["Staff by house"], "A8": ["House", "Cooks"], "A9": ["Alder", 2],
        }
    )  # fmt: skip
    first, second = reading.tables
    assert (first.columns, first.caption) == (("Month", "Sum"), "Guests")
    assert (second.columns, second.caption) == (("House", "Cooks"), "Staff by house")


def test_two_tables_side_by_side() -> None:
    """An empty column between whole tables parts them."""
    reading = read_rows(
        {
            "A1": ["Month", "Sum"], "A2": ["May", 7], "A3": ["June", 9],
            "D1": ["House", "Cooks"], "D2": ["Alder", 2], "D3": ["Birch", 1],
        }
    )  # fmt: skip
    assert texts(reading)[1:] == [
        "Month | Sum",
        "May | 7",
        "June | 9",
        "House | Cooks",
        "Alder | 2",
        "Birch | 1",
    ]
    assert [table.columns for table in reading.tables] == [("Month", "Sum"), ("House", "Cooks")]


def test_an_empty_column_for_looks_parts_nothing() -> None:
    """The figures of a report belong to the names of their rows."""
    reading = read_rows({"A1": ["Item", None, "2024", None, "2023"], "A2": ["Sales", None, 5, None, 4]})
    assert texts(reading)[1:] == ["Item | 2024 | 2023", "Sales | 5 | 4"]


def test_an_empty_row_inside_a_table() -> None:
    """What follows without headings of its own goes on with those above."""
    (table,) = read_rows({**MONTHS, "A5": ["March", 70, 150], "A6": ["April", 60, 140]}).tables
    assert table.columns == ("Month", "Guests", "Nights")


def test_merged_cells() -> None:
    """A group names each of its rows, a heading each of its columns."""
    book, sheet = filled(
        {
            "A1": ["House", "Summer", None, "Winter"], "A2": [None, "Guests", "Nights", "Guests", "Nights"],
            "A3": ["Alder", 1, 2, 3, 4], "A4": [None, 5, 6, 7, 8],
        }
    )  # fmt: skip
    for area in ("A1:A2", "B1:C1", "D1:E1", "A3:A4"):
        sheet.merge_cells(area)
    reading = read(saved(book))
    assert texts(reading)[1:] == [
        "House | Summer | Summer | Winter | Winter",
        "House | Guests | Nights | Guests | Nights",
        "Alder | 1 | 2 | 3 | 4",
        "Alder | 5 | 6 | 7 | 8",
    ]
    assert reading.tables[0].columns[1] == "Summer Guests"


def test_headings_that_the_file_names() -> None:
    """A table, a filter and frozen rows say which row names the columns, even where it holds digits."""
    rows: dict[str, list[object]] = {"A2": ["7 a", "7 b"], "A3": ["x", "y"], "A4": ["z", "w"]}
    book, sheet = filled({"A1": ["A list"], **rows})
    sheet.add_table(Table(displayName="T", ref="A2:B4"))
    (table,) = read(saved(book)).tables
    assert (table.columns, table.caption) == (("7 a", "7 b"), "A list")
    book, sheet = filled(rows)
    sheet.auto_filter.ref = "A2:B4"
    assert read(saved(book)).tables[0].columns == ("7 a", "7 b")
    book, sheet = filled(rows)
    sheet.freeze_panes = "A3"
    assert read(saved(book)).tables[0].columns == ("7 a", "7 b")
    assert read_rows(rows).tables[0].columns == ()


def test_lines_of_one_cell_are_text() -> None:
    """Remarks on a sheet are paragraphs; a long list is a table of one column."""
    reading = read_rows(
        {"A1": ["All figures are estimates."], **{f"A{at}": [f"word {at}"] for at in range(4, 9)}}
    )
    assert [block.kind for block in reading.blocks] == ["heading", "paragraph", *["row"] * 5]
