"""Tables of HTML: spanning cells, empty cells, headings and captions; layout is no table."""

from __future__ import annotations

import pytest

from index.readers.markup.html import read_html
from index.types import Reading, Table
from tests.support.readings import check_reading, texts


def read(markup: str) -> Reading:
    reading = read_html(f"<body>{markup}".encode(), "a.html")
    check_reading(reading)
    return reading


def only_table(reading: Reading) -> Table:
    (table,) = reading.tables
    return table


_ROLES = (
    "<div role=table><div role=row><b role=columnheader>Day</b><b role=columnheader>Hours</b></div>"
    "<div role=rowgroup><div role=row><i role=cell>May</i><i role=cell>9</i></div></div></div>"
)
_STYLED = (
    "<style>.t { display: table; } .r, .h { display:table-row } .c{display: table-cell}</style>"
    "<div class=t><div class=h><div class=c>Day</div><div class=c>Hours</div></div>"
    "<div class=r><div class=c>May</div><div class=c>9</div></div></div>"
)


@pytest.mark.parametrize("markup", [_ROLES, _STYLED])
def test_tables_without_the_tag(markup: str) -> None:
    """ARIA roles, or a style sheet of the page, make a table of other elements."""
    reading = read(markup)
    assert texts(reading) == ["Day | Hours", "May | 9"]
    assert only_table(reading).columns == ("Day", "Hours")


def test_a_table_by_style_that_has_more_than_cells() -> None:
    """It is read as prose: nothing in it is lost, and cells are apart."""
    cells = "<span style='display:table-cell'>a</span><span style='display:table-cell'>b</span>"
    row = f"<div style='display: table-row'>{cells}</div>"
    reading = read(f"<div style='display:table'>{row}{row}<p>Words</p></div>")
    assert (texts(reading), reading.tables) == (["a", "b", "a", "b", "Words"], ())


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "<tr><th>A<th>B<th>C<tr><td rowspan=2>a<td>1<td>2<tr><td>3<td>4",
            ["A | B | C", "a | 1 | 2", "a | 3 | 4"],
        ),
        (
            "<tr><td>a<td rowspan=0>b<td>1<tr><td>c<td>2<tr><td>d<td>3",
            ["a | b | 1", "c | b | 2", "d | b | 3"],
        ),
        ("<tr><td>a<td>b<td>1<tr><td colspan=2>c<td>2", ["a | b | 1", "c |  | 2"]),
        ("<tr><td>a<td><td>1<tr><td><td>b", ["a |  | 1", " | b"]),
        ("<tr><td>a<td rowspan=3>b<tr><td>c<tbody><tr><td>d<td>e", ["a | b", "c | b", "d | e"]),
        ("<tr><td rowspan=9>a<td>1<tr><td>2", ["a | 1", "a | 2"]),
        ("<tfoot><tr><td>sum<td>3<tbody><tr><td>a<td>3", ["a | 3", "sum | 3"]),
        ("<tr><td rowspan=2>a<td>1<tr><td><tr><td>b<td>2", ["a | 1", "b | 2"]),
        ("<tr><td>a<td>1<tr hidden><td>no<td>2<tr><td>b<td style='display:none'>no<td>3", ["a | 1", "b | 3"]),
        ("<tr><td>a<td>b<sup>2</sup><br>c<tr><td><ul><li>x<li>y</ul><td>1", ["a | b² c", "• x • y | 1"]),
        ("<tr><td>a<td><del>1</del> 2<tr><td>b<td><input type=checkbox checked>", ["a | 2", "b | ☒"]),
        ("<tr><td>a<td colspan=0>1<tr><td>b<td rowspan=x>2", ["a | 1", "b | 2"]),
    ],
)
def test_cells_keep_their_columns(rows: str, expected: list[str]) -> None:
    """A cell stands where a browser puts it; one that spans rows is in each of them."""
    reading = read(f"<table>{rows}</table>")
    assert [text.strip() for text in expected] == texts(reading, "row")
    assert len(reading.tables) == 1


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ("<thead><tr><td>Month<td>Nights<tbody><tr><td>May<td>3", ("Month", "Nights")),
        ("<tr><th>Month<th>Nights<tr><th>May<td>3", ("Month", "Nights")),
        ("<tr><td><th>Nights<tr><th>May<td>3", ("", "Nights")),
        (
            "<tr><th rowspan=2>Item<th colspan=2>2017<tr><th>Sales<th>Cost<tr><td>a<td>1<td>2",
            ("Item", "2017 Sales", "2017 Cost"),
        ),
        ("<tr><th colspan=2>Stays<tr><th>Month<th>Nights<tr><td>May<td>3", ("Month", "Nights")),
        ("<tr><th>Country<td>Norway<tr><th>People<td>5 million", ()),
        ("<tr><th colspan=2>Norway<tr><th>Capital<td>Oslo<tr><th>People<td>5 million", ()),
        ("<tr><th colspan=2>Norway<tr><td colspan=2><img><tr><th>Capital<td>Oslo<tr><th>Size<td>3", ()),
        ("<tr><td>Name:<td>Ann<tr><td>Phone:<td>12 34", ()),
        ("<tr><td>Month<td>Nights<tr><td>May<td>3<tr><td>June<td>4", ("Month", "Nights")),
    ],
)
def test_what_names_the_columns(rows: str, columns: tuple[str, ...]) -> None:
    """The page says so by `thead` or `th`, else the cells are compared; a `th` in front names its row."""
    assert only_table(read(f"<table>{rows}</table>")).columns == columns


@pytest.mark.parametrize(
    ("before", "inside", "after", "caption"),
    [
        ("", "<caption>Nights by month</caption>", "", "Nights by month"),
        ("<figure>", "", "<figcaption>Nights</figcaption></figure>", "Nights"),
        ("<p>Table 3. Nights</p>", "", "", "Table 3. Nights"),
        ("<p>(in millions)</p>", "", "", "(in millions)"),
        ("<p>A sentence about stays.</p>", "", "", ""),
        ("", "<tr><th colspan=2>Nights", "", "Nights"),
    ],
)
def test_captions(before: str, inside: str, after: str, caption: str) -> None:
    """A caption belongs to its table, and is in the text once."""
    reading = read(f"{before}<table>{inside}<tr><td>May<td>3<tr><td>June<td>4</table>{after}")
    assert only_table(reading).caption == caption
    assert reading.text.count("Nights") == (1 if "Nights" in caption else 0)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<table><tr><td><p>One.</p><p>Two.</p></td></tr></table>", ["One.", "Two."]),
        ("<table role=presentation><tr><td>a<td>b</table>", ["a", "b"]),
        ("<table><tr><td><h2>T</h2>text<td>side</table>", ["T", "text", "side"]),
        ("<table><tr><td>Menu<td><p>Text.</p></table>", ["Menu", "Text."]),
        ("<table><tr><td>only<tr><td>one column</table>", ["only", "one column"]),
        ("<table><tr><td><img><td>text<tr><td><td>more</table>", ["text", "more"]),
        (
            f"<table><tr><td>{'word ' * 200}<td>{'more ' * 200}</table>",
            ["word " * 199 + "word", "more " * 199 + "more"],
        ),
        (
            "<table><tr><td><table><tr><td>a<td>1<tr><td>b<td>2</table><td>side</table>",
            ["a | 1", "b | 2", "side"],
        ),
        ("<table><tr><th>x<th>y<tr><td>a<td><table><tr><td>1<td>2</table></table>", ["x | y", "a | 1 2"]),
    ],
)
def test_layout_is_no_table(markup: str, expected: list[str]) -> None:
    """A frame around text stays prose; a table inside it is a table."""
    assert texts(read(markup)) == expected


def test_a_hostile_table() -> None:
    """Spans of millions, and long texts that span many rows, do not grow without end."""
    rows = "<tr><td>1<td>2" * 2_000
    wide = "".join(f"<td colspan=1000 rowspan=65534>{'x' * 290}" for _ in range(300))
    assert len(read(f"<table><tr>{wide}{rows}</table>").text) < 4_000_000
    tall = f"<tr><td rowspan=65534>{'x' * 100_000}<td>1"
    assert len(read(f"<table>{tall}{rows}</table>").text) < 200_000


def test_tables_nested_without_end() -> None:
    """Thousands of tables inside each other are read in little time."""
    assert read("<table><tr><td>" * 3_000 + "deep").text == "deep"


def test_a_no_break_space_in_a_number_stays() -> None:
    """It is a part of the number; others are spaces."""
    reading = read("<table><tr><td>a&nbsp;b<td>12&nbsp;500<tr><td>c<td>3</table>")
    assert texts(reading)[0] == "a b | 12\xa0500"
