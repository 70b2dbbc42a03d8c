"""Headings, columns and captions of tables, and how a builder writes them."""

from __future__ import annotations

import pytest

from index.readers.builder import TextBuilder
from index.readers.parts.tables import column_names, find_headings

MONTHS = [("Month", "Guests", "Nights"), ("January", "120", "240"), ("February", "", "301")]


@pytest.mark.parametrize(
    ("rows", "titles", "columns"),
    [
        (MONTHS, 0, ("Month", "Guests", "Nights")),
        ([("Guests of the house", "", ""), *MONTHS], 1, ("Month", "Guests", "Nights")),
        ([("", "2017", "2016"), ("Net sales", "1,2", "3,4")], 0, ("", "2017", "2016")),
        (
            [("", "2017", "2017", "2016"), ("Item", "Sales", "Cost", "Sales"), ("North", "1", "2", "3")],
            0,
            ("Item", "2017 Sales", "2017 Cost", "2016 Sales"),
        ),
        ([("Day", "Morning", "Night"), ("Monday", "", "Tom")], 0, ("Day", "Morning", "Night")),
        ([("", "8:00", "9:00–9:45"), ("Mon", "Gym", ""), ("Tue", "", "Pool")], 0, ("", "8:00", "9:00–9:45")),
        ([("Mon", "8:00", "9:00"), ("Sat", "closed", "closed")], 0, ()),
        (
            [("", "2017", "", "2016", ""), ("Item", "Sales", "Cost", "Sales", "Cost"), ("North", *"1234")],
            0,
            ("Item", "2017 Sales", "2017 Cost", "2016 Sales", "2016 Cost"),
        ),
        (
            [
                ("", "Three months ended", "Three months ended"),
                ("(in millions)", "June 30, 2017", "June 30, 2016"),
                ("Net sales", "$ 1,210", "$ 1,130"),
            ],
            1,
            ("(in millions)", "June 30, 2017", "June 30, 2016"),
        ),
        (
            [("", "December 31, 2017", "30.06.2016"), ("ASSETS", "", ""), ("Cash", "1,987", "2,011")],
            0,
            ("", "December 31, 2017", "30.06.2016"),
        ),
        (
            [("Item", "Amount", "%", "Amount", "%"), ("North", *"1234")],
            0,
            ("Item", "Amount", "%", "Amount", "%"),
        ),
        ([("No.", "Qty.", "Approx. age"), ("1", "2", "30")], 0, ("No.", "Qty.", "Approx. age")),
        ([("Customer", "0-30 days", "Q1"), ("Mill", "98", "301")], 0, ("Customer", "0-30 days", "Q1")),
        ([("Year", "Sales", "Cost"), ("2017", "1", "2"), ("2016", "3", "4")], 0, ("Year", "Sales", "Cost")),
        ([("", "2017", "2016"), ("Guests", "1950", "2015")], 0, ("", "2017", "2016")),
        ([("Month", "Nights"), ("May", "31"), ("June", "30")], 0, ("Month", "Nights")),
        ([("Name", "Anna"), ("Born", "1912"), ("Town", "Kiel")], 0, ()),
        ([("Rooms:", "all"), ("Beds:", "31"), ("Baths:", "30")], 0, ()),
        ([("Peter", "1912", "1980"), ("Anna", "1920", "1990")], 0, ()),
        ([("Kiel", "12 May 2017", "Hall A"), ("Rome", "13 May 2017", "Hall B")], 0, ()),
        ([("Room 12", "double", "sea"), ("Room 13", "single", "garden")], 0, ()),
        ([("Room 12", "98", "301"), ("Room 13", "7", "8")], 0, ()),
        ([("Day", "Dawn", "", "Night"), ("Monday", "Ann", "", "Tom")], 0, ("Day", "Dawn", "", "Night")),
        ([("Net sales", "1,2", "3,4"), ("Cost", "2", "3")], 0, ()),
        ([("Name", "Anna"), ("Town", "Kiel")], 0, ()),
        ([("North island", "Adult", "12 euros"), ("North island", "Child", "9 euros")], 0, ()),
    ],
)
def test_headings_are_told_from_rows_of_values(
    rows: list[tuple[str, ...]], titles: int, columns: tuple[str, ...]
) -> None:
    """Years and short texts over figures name columns; figures, pairs and repeated texts do not."""
    above, count = find_headings(rows)
    assert (above, column_names(rows[above : above + count])) == (titles, columns)


@pytest.mark.parametrize(
    ("corner", "rest"),
    [
        ("(in millions)", ("Sales", "Cost")),
        ("Years ended December 31,", ("2017", "2016")),
        ("May 3", ("2017", "2016")),
    ],
)
def test_what_is_said_of_all_values_is_part_of_the_caption(corner: str, rest: tuple[str, str]) -> None:
    """A unit or a time above the names of the rows names no column; a dash there names nothing at all."""
    builder = TextBuilder()
    builder.add_table([(corner, *rest), ("North", "1", "2")], caption="Results")
    builder.add_table([("-", "Amount (in thousands)"), ("North", "1"), ("South", "2")])
    first, second = builder.reading().tables
    assert (first.columns, first.caption) == (("", *rest), f"Results {corner}")
    assert (second.columns, second.caption) == (("", "Amount (in thousands)"), "")


def test_a_table_keeps_the_place_of_empty_cells() -> None:
    """Each row is a block; the table names the columns and says where its values begin."""
    builder = TextBuilder()
    builder.add("paragraph", "Before")
    spans = builder.add_table(MONTHS, caption="Guests (in hundreds)")
    reading = builder.reading()
    (table,) = reading.tables
    last = spans[2]
    assert last is not None
    assert last.of(reading.text) == "February |  | 301"
    assert (table.span.of(reading.text)[:5], reading.text[table.body :][:7]) == ("Month", "January")
    assert (table.columns, table.caption) == (("Month", "Guests", "Nights"), "Guests (in hundreds)")


def test_a_row_without_text_is_no_block() -> None:
    """Empty rows are left out, and headings that the format names are not guessed."""
    builder = TextBuilder()
    spans = builder.add_table([("A1", "B1"), ("", ""), ("1", "2")], headings=1)
    (table,) = builder.reading().tables
    assert spans[1] is None
    assert table.columns == ("A1", "B1")
