"""Rows of a table: split into cells, labelled with the names of their columns, searched by them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from index.readers.builder import TextBuilder
from index.text.rows import (
    LONGEST_NAMES,
    body_table,
    group_name,
    is_heading_row,
    labelled,
    labelled_row,
    names_line,
    searched_names,
    searched_sentences,
    searched_text,
    split_row,
)
from index.types import Chunk, Reading, Span, Table

CELL = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=8)


def table_of(*columns: str, delimiter: str = " | ", caption: str = "") -> Table:
    """A table of a hundred characters with these columns."""
    return Table(Span(0, 100), 20, columns, caption, delimiter)


def reading_of(*rows: tuple[str, ...], caption: str = "") -> Reading:
    """A reading of one table."""
    builder = TextBuilder()
    builder.add_table(rows, headings=1, caption=caption)
    return builder.reading()


@pytest.mark.parametrize(
    ("text", "delimiter", "cells"),
    [
        ("a | b |  | d", " | ", ["a", "b", "", "d"]),
        ("|  | c", " | ", ["", "", "c"]),
        ("| b", " | ", ["", "b"]),
        ("a|b", " | ", ["a|b"]),
        ("a | b \\| c |", "|", ["a", "b | c", ""]),
        ("| 98 | 301", "|", ["", "98", "301"]),
        ('1,"a, ""b""",,x', ",", ["1", 'a, "b"', "", "x"]),
        ('1;"never closed;2', ";", ["1", '"never closed', "2"]),
        ('"two\r\nlines"\t3', "\t", ["two lines", "3"]),
        ("New York   12  3\t\t4 a", "  ", ["New York", "12", "3", "4 a"]),
    ],
)
def test_a_row_is_split_at_its_own_delimiter(text: str, delimiter: str, cells: list[str]) -> None:
    """Empty cells keep their place; quotes and backslashes keep a delimiter in its cell."""
    assert split_row(text, delimiter) == cells


@given(st.lists(CELL, min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_values_that_the_csv_module_wrote_come_back(cells: list[str], delimiter: str) -> None:
    """Whatever they hold, delimiters and quotes included."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="").writerow(cells)
    assert split_row(written.getvalue(), delimiter) == cells


@given(st.lists(CELL.filter(lambda cell: "|" not in cell), min_size=1, max_size=6))
def test_the_cells_of_a_built_row_come_back(cells: list[str]) -> None:
    """But for the empty ones at its end, which are not written."""
    while cells and not cells[-1]:
        cells.pop()
    builder = TextBuilder()
    (span,) = builder.add_table([cells])
    if span is not None:
        assert split_row(span.of(builder.reading().text), " | ") == cells


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("February | 98 | 301", "Month: February | Guests: 98 | Nights: 301"),
        ("February |  | 301", "Month: February | Nights: 301"),
        ("February | 98", "Month: February | Guests: 98"),
        ("North region", None),
        ("February | 98 | 301 | 7", None),
    ],
)
def test_a_row_says_what_its_cells_are(text: str, label: str | None) -> None:
    """Empty cells are left out; one cell alone and more cells than columns are not labelled."""
    assert labelled_row(text, table_of("Month", "Guests", "Nights")) == label


def test_a_column_without_a_name_has_no_label() -> None:
    """The first column of a filing's table, say; and nothing is labelled where no column has a name."""
    assert labelled_row("Net sales | 1.2 | 3.4", table_of("", "2017:", "2016")) == (
        "Net sales | 2017: 1.2 | 2016: 3.4"
    )
    assert labelled_row("Name | Anna", table_of()) is None


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("Net sales (in millions, except per share)", " (in millions, except per share)"),
        ("Sales in millions of U.S. dollars", " (in millions of U.S. dollars)"),
        ("Millions of dollars", " (Millions of dollars)"),
        ("Umsatz in Mio", " (in Mio)"),
        ("Table 3: how millions of guests came (by train)", ""),
    ],
)
def test_a_row_has_the_unit_of_its_table(caption: str, unit: str) -> None:
    """A number is not quoted without it; a row without a number needs none."""
    table = table_of("", "2017", "2016", caption=caption)
    assert labelled_row("Sales | 1.2 | 3.4", table) == f"Sales | 2017: 1.2 | 2016: 3.4{unit}"
    assert labelled_row("Sales | none | n/a", table) == "Sales | 2017: none | 2016: n/a"


def test_rows_of_values_and_of_headings_are_told_apart() -> None:
    """By where the table says that its values begin."""
    reading = reading_of(("Month", "Nights"), ("May", "3"), ("June", "4"))
    heading, *values = (block.span for block in reading.blocks)
    assert is_heading_row(reading.tables, heading)
    assert body_table(reading.tables, heading) is None
    for span in values:
        assert body_table(reading.tables, span) == reading.tables[0]
        assert not is_heading_row(reading.tables, span)


def test_names_are_searched_where_the_text_lacks_them() -> None:
    """A chunk with the headings in it needs none; one that goes on with the table has each word once."""
    reading = reading_of(("Item", "Year 2017", "Year 2016"), ("Sales", "1", "2"), caption="In millions")
    (table,) = reading.tables
    whole = Chunk("0", "a", table.span, reading.text, ())
    rest = Chunk("1", "a", Span(table.body, table.span.end), reading.text[table.body :], ())
    assert searched_names(table, whole) == ("In millions",)
    assert searched_names(table, rest) == ("In millions", "Item Year 2017 2016")
    overleaf = replace(table, span=Span(table.body, table.span.end), caption="")
    assert searched_names(overleaf, whole) == ("Item Year 2017 2016",)
    assert names_line(overleaf, whole) == "columns: Item | Year 2017 | Year 2016"


def test_names_of_a_wide_table_are_cut() -> None:
    """Between two words, or anywhere in a word that is too long."""
    chunk = Chunk("0", "a", Span(30, 40), "x", ())
    (names,) = searched_names(table_of(*(f"column {n}" for n in range(999))), chunk)
    assert names.startswith("column 0 1 2")
    assert LONGEST_NAMES - 4 < len(names) <= LONGEST_NAMES
    assert searched_names(table_of("w" * 999), chunk) == ("w" * LONGEST_NAMES,)


def chunk_of(reading: Reading) -> Chunk:
    """All of a reading as one chunk."""
    spans = tuple(block.span for block in reading.blocks)
    return Chunk("0", "a", Span(0, len(reading.text)), reading.text, spans, (), reading.tables)


def test_a_group_that_is_named_once_holds_for_the_rows_below() -> None:
    """The name is in what is searched and printed of them; a total belongs to no group."""
    rows = [("Club", "Section", "Members"), ("Danube", "Juniors", "34"), ("", "Seniors", "71")]
    reading = reading_of(*rows, ("", "Total", "105"), ("", "", "105"))
    _, _, seniors, total, bare = (block.span for block in reading.blocks)
    assert labelled(reading.text, seniors, reading.tables) == "Club: Danube | Section: Seniors | Members: 71"
    assert labelled(reading.text, total, reading.tables) == "Section: Total | Members: 105"
    assert labelled(reading.text, bare, reading.tables) is None
    sentences = searched_sentences(chunk_of(reading))
    assert sentences[2].startswith("Danube ")
    assert sentences[3] == total.of(reading.text)


def test_a_row_of_values_alone_takes_over_nothing() -> None:
    """Nor does a row below one without a name in its second cell."""
    assert group_name(["", "12", "3"], [["Danube", "Juniors", "34"]]) == ""
    assert group_name(["", "Seniors", "71"], [["Danube", "34", "1"]]) == ""
    assert group_name(["", "Seniors"], [["Danube", "Juniors"]]) == ""


def test_numbers_of_neighbouring_cells_are_searched_apart() -> None:
    """The cells 22 and 301 are two numbers, "22,301" in quotes is one."""
    text = 'Month,Rooms,Nights\nMarch,22,301\nApril,"22,301",7\n'
    spans = (Span(0, 18), Span(19, 31), Span(32, len(text) - 1))
    table = Table(Span(0, len(text)), 19, ("Month", "Rooms", "Nights"), "", ",")
    chunk = Chunk("0", "a", Span(0, len(text)), text, spans, (), (table,))
    assert searched_text(chunk) == 'Month,Rooms,Nights\nMarch, 22, 301\nApril, "22,301", 7\n'


def test_the_rows_of_a_record_are_about_what_its_first_names() -> None:
    """Labels and values, in one pair of columns or in two; other lists of pairs are about nothing."""
    rows = [("Name", "Danube Star", "Length", "82 m"), ("Captain:", "Peter Lang", "Crew", "two dozen")]
    builder = TextBuilder()
    builder.add_table(rows, headings=0)
    record = chunk_of(builder.reading())
    assert searched_sentences(record)[1].startswith("Danube Star Captain:")
    builder = TextBuilder()
    builder.add_table([("Coffee", "two euros"), ("Tea", "one euro")], headings=0)
    assert searched_sentences(chunk_of(builder.reading()))[1] == "Tea | one euro"


def test_a_row_that_begins_with_a_tab_has_an_empty_first_cell() -> None:
    """Its sentence is trimmed; the tab before it counts."""
    text = "Club\tSection\tMembers\nDanube\tJuniors\t34\n\tSeniors\t71\n"
    spans = (Span(0, 20), Span(21, 38), Span(40, 50))
    table = Table(Span(0, len(text)), 21, ("Club", "Section", "Members"), "", "\t")
    chunk = Chunk("0", "a", Span(0, len(text)), text, spans, (), (table,))
    assert searched_sentences(chunk)[2] == "Danube Seniors\t71"
