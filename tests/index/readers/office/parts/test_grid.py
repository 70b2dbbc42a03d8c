"""Tables with merged cells."""

from __future__ import annotations

import pytest

from index.readers.builder import TextBuilder
from index.readers.office.parts.grid import GridCell as Cell, add_grid, is_caption
from index.types import Reading
from tests.support.readings import texts


def built(grid: list[list[Cell]], headings: int | None = None) -> Reading:
    builder = TextBuilder()
    add_grid(builder, grid, headings=headings)
    return builder.reading()


def test_a_group_goes_down_its_rows() -> None:
    """Each row of a merged group carries its name, and the columns stay where they are."""
    reading = built(
        [
            [Cell("House"), Cell("Month"), Cell("Nights")],
            [Cell("Alder", rows=2), Cell("May"), Cell("12")],
            [Cell("June"), Cell("15")],
            [Cell("Birch"), Cell("May", columns=2)],
        ]
    )
    assert texts(reading) == [
        "House | Month | Nights",
        "Alder | May | 12",
        "Alder | June | 15",
        "Birch | May",
    ]


def test_a_heading_over_columns_names_each() -> None:
    """A heading that spans two columns is written in both, so that each is known by it."""
    reading = built(
        [
            [Cell("Item", rows=2), Cell("2017", columns=2), Cell("2018", columns=2)],
            [Cell("Sales"), Cell("Cost"), Cell("Sales"), Cell("Cost")],
            [Cell("Boats"), Cell("1"), Cell("2"), Cell("3"), Cell("4")],
        ]
    )
    assert texts(reading)[:2] == ["Item | 2017 | 2017 | 2018 | 2018", "Item | Sales | Cost | Sales | Cost"]
    assert reading.tables[0].columns == ("Item", "2017 Sales", "2017 Cost", "2018 Sales", "2018 Cost")


def test_a_title_over_the_table_is_written_once() -> None:
    """A cell over all columns is the caption."""
    reading = built([[Cell("Guests", columns=2)], [Cell("Month"), Cell("Nights")], [Cell("May"), Cell("12")]])
    assert texts(reading) == ["Guests", "Month | Nights", "May | 12"]
    assert reading.tables[0].caption == "Guests"


def test_a_long_text_is_not_repeated() -> None:
    """A merged cell that holds sentences stands in its first row alone."""
    reading = built([[Cell("word " * 30, rows=2), Cell("a")], [Cell("b")]], headings=0)
    assert texts(reading)[1] == "| b"


def test_spans_without_sense() -> None:
    """A span of a million columns makes no million cells."""
    reading = built([[Cell("a", columns=10**9), Cell("b")], [Cell("c", rows=10**9), Cell("d")]])
    assert len(reading.text) < 10_000


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Table 3: Guests", True),
        ("Tabelle 2 – Gäste", True),
        ("(in millions)", True),
        ("in thousands of euros", True),
        ("Tableau IV", True),
        ("Tables were set for dinner.", False),
        ("The guests", False),
    ],
)
def test_captions(line: str, expected: bool) -> None:
    """Lines above a table that are about it."""
    assert is_caption(line) is expected


def test_spans_beyond_reason_are_bounded() -> None:
    """Cells that claim thousands of columns or rows make no table wider than they are many and one may be."""
    reading = built([[Cell("a", columns=1_000, rows=9_999)] * 60] * 30)
    assert max(row.count(" | ") for row in texts(reading)) < 1_060
