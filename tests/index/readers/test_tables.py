"""Headings, columns and captions of tables, and how a builder writes them."""

from __future__ import annotations

import pytest

from index.readers.builder import TextBuilder
from index.readers.tables import column_names, find_headings

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
