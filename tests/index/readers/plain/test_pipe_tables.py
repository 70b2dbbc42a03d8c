"""Tables drawn in text files: their rows, the names of their columns, their captions."""

from __future__ import annotations

import pytest

from index.readers.formats import read
from index.types import Table
from tests.support.readings import check_reading, texts

GUESTS = ("Month", "Guests", "Nights")
MARKDOWN = """# Hostel

Table 3: Guests (in hundreds)

| Month | Guests | Nights |
|:------|-------:|--------|
| January | 112 | 340 |
|  | 98 | 301 |

Text after it.
"""
GRID = """Title
=====

+---------+--------+--------+
| Month   | Guests | Nights |
+=========+========+========+
| January | 112    | 340    |
+---------+--------+--------+
| Feb     | 98     | 301    |
+---------+--------+--------+
"""
TERMINAL = """The table of the house:

+----------+--------+--------+
| Month    | Guests | Nights |
+----------+--------+--------+
| January  |    112 |    340 |
| February |     98 |    301 |
+----------+--------+--------+
"""
PSQL = """ Month    | Guests | Nights
----------+--------+--------
 January  |    112 |    340
 Feb | 98 | 301
"""
ALIGNED = """Report of the house

Month        Guests   Nights
January         112      340
February         98      301
"""
WITHOUT_CORNER = """Report of the house

             Guests   Nights
January         112      340
February         98      301
"""
TYPED_TABS = "Report\n\nMonth\t\tGuests\tNights\nJanuary\t\t112\t340\nSeptember\t98\t301\n"
SIMPLE = """Title
=====

========  ======  ======
Month     Guests  Nights
========  ======  ======
January   many    few
February  few     many
========  ======  ======
"""
TABS = "Report of the house\n\nMonth\tGuests\tNights\nJanuary\t112\t340\nFebruary\t98\t301\n"


def only_table(text: str, name: str) -> tuple[Table, list[str]]:
    """The one table of a file, and its rows of values."""
    reading = read(text.encode(), name)
    check_reading(reading)
    (table,) = reading.tables
    rows = [block.span for block in reading.blocks if block.kind == "row"]
    return table, [span.of(reading.text) for span in rows if table.body <= span.start < table.span.end]


@pytest.mark.parametrize(
    ("text", "name", "delimiter", "rows"),
    [
        (MARKDOWN, "a.md", "|", ["January | 112 | 340", "| 98 | 301"]),
        (MARKDOWN.replace("\n", "\r\n"), "a.md", "|", ["January | 112 | 340", "| 98 | 301"]),
        (MARKDOWN, "a.txt", "|", ["January | 112 | 340", "| 98 | 301"]),
        (MARKDOWN.replace("\n|", "\n> |"), "a.qmd", "|", ["January | 112 | 340", "| 98 | 301"]),
        (GRID, "a.rst", "|", ["January | 112    | 340", "Feb     | 98     | 301"]),
        (TERMINAL, "a.txt", "|", ["January  |    112 |    340", "February |     98 |    301"]),
        (PSQL, "a.txt", "|", ["January  |    112 |    340", "Feb | 98 | 301"]),
        (TABS, "a.txt", "\t", ["January\t112\t340", "February\t98\t301"]),
        (ALIGNED, "a.txt", "  ", ["January         112      340", "February         98      301"]),
        (TYPED_TABS, "a.txt", "  ", ["January\t\t112\t340", "September\t98\t301"]),
        (SIMPLE, "a.rst", "  ", ["January   many    few", "February  few     many"]),
    ],
)
def test_rows_and_columns(text: str, name: str, delimiter: str, rows: list[str]) -> None:
    """Headings stand above the line below them, or over values; borders are no rows."""
    table, values = only_table(text, name)
    assert (table.columns, table.delimiter, values) == (GUESTS, delimiter, rows)


def test_an_empty_corner_of_columns_set_with_blanks() -> None:
    """The row of headings begins further right: the first column has no name."""
    assert only_table(WITHOUT_CORNER, "a.txt")[0].columns == ("", "Guests", "Nights")


def test_prose_in_columns_is_no_table() -> None:
    """Two columns of a newspaper hold sentences, not values."""
    text = "The Mill    The Hostel\nIt closed   Guests are\nin spring   many there\n"
    assert read(text.encode(), "a.txt").tables == ()


def test_columns_that_do_not_agree_are_no_table() -> None:
    """What is not under a heading for certain is not named by it."""
    text = "Month        Guests   Nights\nJanuary         112\nFebruary         98\n"
    assert read(text.encode(), "a.txt").tables == ()


@pytest.mark.parametrize(
    ("above", "below", "caption"),
    [
        ("Table 3: Guests (in hundreds)", "", "Table 3: Guests (in hundreds)"),
        ("**Tabelle 1** Gäste", "", "**Tabelle 1** Gäste"),
        ("(in millions)", "", "(in millions)"),
        ("", ": Guests of the house", "Guests of the house"),
        ("", "Table: Guests of the house", "Table: Guests of the house"),
        ("The guests of the year are these.", "Table 9: another one", ""),
    ],
)
def test_captions(above: str, below: str, caption: str) -> None:
    """The paragraph above a table that is a caption, or pandoc's below it; no other prose."""
    rows = "| Month | Guests |\n|---|---|\n| January | 112 |"
    assert only_table(f"{above}\n\n{rows}\n\n{below}\n", "a.md")[0].caption == caption


def test_two_tables_stay_two() -> None:
    """An empty line or a paragraph ends a table."""
    one = "| A | B |\n|---|---|\n| 1 | 2 |\n"
    for between in ("\n", "\nText.\n\n"):
        assert len(read((one + between + one).encode(), "a.md").tables) == 2


def test_a_pipe_behind_a_backslash_parts_nothing() -> None:
    """It is a sign of its cell."""
    table, _ = only_table("| Name \\| role | Town |\n|---|---|\n| Anna | Kiel |\n", "a.md")
    assert table.columns == ("Name | role", "Town")


def test_simple_tables_of_rst_are_rows() -> None:
    """Each line between the borders is a row; a line that begins further right goes on with it."""
    border = "=====  =====\n"
    text = f"{border}Input  Yes\n{border}False  True\nTrue   False or\n       worse\n{border}\nText.\n"
    reading = read(text.encode(), "a.rst")
    assert texts(reading, "row") == ["Input  Yes", "False  True", "True   False or\n       worse"]
    assert texts(reading, "paragraph") == ["Text."]


def test_an_or_in_prose_is_no_table() -> None:
    """A pipe in a sentence, and a rule with a plus sign, make no table."""
    for text in ("Either a | b is meant.\n", "a + b\n-----\nText of it.\n"):
        assert read(text.encode(), "a.txt").tables == ()
