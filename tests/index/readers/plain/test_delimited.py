"""CSV and TSV: our scan of records agrees with the `csv` module, and keeps spans."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import assume, given, settings, strategies as st

from index.readers.formats import read
from index.readers.plain.delimited import find_delimiter, records

CELLS = st.text(st.sampled_from('ab,;"\n\r é1 '), max_size=8)


def blocks(text: str, name: str = "a.csv") -> list[tuple[str, int, str]]:
    """Kind, level and words of each block of a file."""
    reading = read(text.encode(), name)
    return [(block.kind, block.level, block.span.of(reading.text)) for block in reading.blocks]


def value(raw: str) -> str:
    """What the `csv` module makes of one cell as it is written."""
    return next(csv.reader(io.StringIO(raw, newline=""), delimiter="\0", skipinitialspace=True), [""])[0]


def test_header_rows_and_quoted_line_ends() -> None:
    """The header names the columns; a record with a line end in quotes is one row."""
    text = 'year,event,"place, city"\r\n2024,"Summit ""A""\nsecond line",Paris\r\n\r\n2025,Off,Budapest\r\n'
    assert blocks(text) == [
        ("row", 0, 'year,event,"place, city"'),
        ("row", 0, '2024,"Summit ""A""\nsecond line",Paris'),
        ("row", 0, "2025,Off,Budapest"),
    ]
    (table,) = read(text.encode(), "a.csv").tables
    assert table.columns == ("year", "event", "place, city")
    assert text[table.body : table.span.end].endswith("2025,Off,Budapest")


def test_a_first_record_of_data_is_no_header() -> None:
    """Numbers name no columns."""
    assert [kind for kind, _, _ in blocks("2024,17\n2025,18\n")] == ["row", "row"]
    assert read(b"2024,17\n2025,18\n", "a.csv").tables[0].columns == ()


CSV = "Month,Guests,Nights\nJanuary,112,340\nFebruary,98,301\n"
NAMES = ("Month", "Guests", "Nights")


@pytest.mark.parametrize(
    ("text", "columns", "caption", "body"),
    [
        (CSV, NAMES, "", "January"),
        (f"Guests of the hostel 2023,,\n{CSV}", NAMES, "Guests of the hostel 2023", "January"),
        (f"Guests of the hostel 2023\n\n{CSV}", NAMES, "Guests of the hostel 2023", "January"),
        (f"Guests of the hostel 2023,,\n,,\n{CSV}", NAMES, "Guests of the hostel 2023", "January"),
        (f'"Guests, 2023"\n"in hundreds"\n{CSV}', NAMES, "Guests, 2023 in hundreds", "January"),
        (f"# Source: the town, 2023, by hand\n# in hundreds\n{CSV}", NAMES, "*", "January"),
        (f"#{CSV}", NAMES, "", "January"),
        (f"# {CSV}", NAMES, "", "January"),
        (CSV.replace("\n", ",\n"), NAMES, "", "January"),
        (CSV.replace("\n", ",,,\n").replace(",", ";"), NAMES, "", "January"),
        ("sep=;\n" + CSV.replace(",", ";"), NAMES, "", "January"),
        ("sep=|\r\n" + CSV.replace(",", "|"), NAMES, "", "January"),
        (CSV.replace("\n", "\n\n"), NAMES, "", "January"),
        (CSV.replace("\n", "\r\r\n"), NAMES, "", "January"),
        (",Guests,Nights\n0,112,340\n1,98,301\n", ("", "Guests", "Nights"), "", "0"),
        (",Morning,Night\nMonday,Tom,Ann\nTuesday,Kim,Tom\n", ("", "Morning", "Night"), "", "Monday"),
        (
            "Month,Guests,Rain\n,(persons),(mm)\nJanuary,112,34\nMay,9,8\n",
            ("Month", "Guests (persons)", "Rain (mm)"),
            "",
            "January",
        ),
        (
            "Month,Power,Rain\n,kW,%\nJanuary,112,34\nMay,9,8\n",
            ("Month", "Power kW", "Rain %"),
            "",
            "January",
        ),
        (
            ",North,,South,\nMonth,Adults,Children,Adults,Children\nJanuary,1,2,3,4\nMay,5,6,7,8\n",
            ("Month", "North Adults", "North Children", "South Adults", "South Children"),
            "",
            "January",
        ),
        ("Monat;Gäste;Preis\nJanuar;1,5;3,40\nMai;9,8;3,01\n", ("Monat", "Gäste", "Preis"), "", "Januar"),
        ("Item,2016,2017\nSales,1,2\nCosts,3,4\n", ("Item", "2016", "2017"), "", "Sales"),
        ('"LatD", "City"\n 41, "York, North"\n 42, "Ely"\n', ("LatD", "City"), "", "41"),
        ("Name;City;Job;\nAnna;Kiel;Nurse;\nBob;Bonn;Cook;\n", ("Name", "City", "Job"), "", "Anna"),
    ],
)
def test_what_stands_around_the_header(text: str, columns: tuple[str, ...], caption: str, body: str) -> None:
    """Titles, comments, units, groups, index columns, trailing separators: the columns have their names."""
    (table,) = read(text.encode(), "a.csv").tables
    assert table.columns == columns
    assert table.caption == caption if caption != "*" else table.caption.endswith("in hundreds")
    assert text[table.body :].lstrip().startswith(body)


def test_pairs_without_a_heading() -> None:
    """A quantity in the first record names no column; a year or a code does."""
    assert read(b"Height,12 m\nBuilt,1887\nKeeper,Ann\n", "a.csv").tables[0].columns == ()
    assert read(b"Item,2017 sales\nOars,12\nRope,3\n", "a.csv").tables[0].columns == (
        "Item",
        "2017 sales",
    )


def test_several_tables_in_one_file() -> None:
    """Each has its own headings and its own title; what stands alone at the end is prose."""
    text = (
        f"Table 1: Guests\n{CSV}\nTable 2: Staff\n\nName,Role,Age\nAnna,Cook,31\nBob,Nurse,29\n\nSource: us\n"
    )
    reading = read(text.encode(), "a.csv")
    assert [(table.columns, table.caption) for table in reading.tables] == [
        (NAMES, "Table 1: Guests"),
        (("Name", "Role", "Age"), "Table 2: Staff"),
    ]
    assert reading.title == "Table 1: Guests"
    assert [words for kind, _, words in blocks(text) if kind == "paragraph"] == [
        "Table 2: Staff",
        "Source: us",
    ]


def test_records_behind_an_empty_line_belong_to_the_table() -> None:
    """An empty line between groups of records begins no other table."""
    text = "Name,Role,Town\nAnna,Cook,Kiel\n\nBob,Nurse,Bonn\nKim,Cook,Ulm\n"
    (table,) = read(text.encode(), "a.csv").tables
    assert text[table.span.start : table.span.end] == text.strip()


def test_a_list_is_no_table() -> None:
    """Records of one cell have no columns."""
    assert read(b"apples\npears\nplums\nbread\n", "a.csv").tables == ()


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sign: str) -> None:
    """The sign that cuts the records evenly is the delimiter, whatever stands in the cells."""
    text = "\n".join(
        sign.join(row) for row in (["name", "what it is", "n"], ["a", "b and c", "1"], ["d", "e f", "2"])
    )
    assert find_delimiter(text) == sign


def test_control_characters_name_no_column() -> None:
    """They stay in the text, and are blanks in the names of columns and the caption."""
    text = b"a\t!\x0enamA\tof\n1\t2\t3\n4\t5\t6\n"
    for name in ("a.tsv", "a.txt"):
        reading = read(text, name)
        assert reading.tables[0].columns == ("a", "! namA", "of")
        assert "\x0e" in reading.text


def test_tabs() -> None:
    """A TSV file is cut at tabs alone."""
    assert blocks("name\tof, it\na\t1\n", "a.tsv") == [("row", 0, "name\tof, it"), ("row", 0, "a\t1")]
    assert read(b"name\tof, it\na\t1\n", "a.tsv").tables[0].columns == ("name", "of, it")


def test_an_open_quote_does_not_swallow_the_file() -> None:
    """A quote that nothing closes is a plain sign."""
    assert [words for _, _, words in blocks('a,"b\nc,d\ne,f\n')][-2:] == ["c,d", "e,f"]


def test_a_huge_cell_is_one_row() -> None:
    """No limit of the `csv` module applies: a cell of half a million letters is read."""
    text = "id,words\n1," + "word " * 100_000 + "\n"
    assert len(blocks(text)[1][2]) > 499_000


@settings(deadline=None, derandomize=True)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=5))
def test_written_tables_are_read_back(table: list[list[str]]) -> None:
    """What `csv.writer` wrote is cut into the same records and cells, but for blanks before a cell."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(table)
    text = out.getvalue()
    cut = [[value(text[start:end]) for start, end in record.cells] for record in records(text, ",")]
    quoted = set('",\r\n')
    assert cut == [[cell if quoted & set(cell) else cell.lstrip(" ") for cell in row] for row in table]


@settings(deadline=None, derandomize=True)
@given(st.text(st.sampled_from('ab,"\n\r '), max_size=30))
def test_any_text_is_cut_as_the_csv_module_cuts_it(text: str) -> None:
    """Records and cells agree with `csv.reader` wherever every quote that opens a cell is closed."""
    expected = [row for row in csv.reader(io.StringIO(text, newline=""), skipinitialspace=True) if row]
    rows = list(records(text, ","))
    closed = list(csv.reader(io.StringIO(text + "\nZ", newline=""), skipinitialspace=True))
    assume(closed[-1] == ["Z"])
    assert [len(record.cells) for record in rows] == [len(row) for row in expected]
    assert [[len(value(text[s:e])) for s, e in r.cells] for r in rows] == [
        [len(c) for c in row] for row in expected
    ]


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_records_are_in_order(text: str) -> None:
    """Records do not overlap, and no sign but line ends stands between them."""
    at = 0
    for record in records(text, ","):
        assert not text[at : record.start].strip("\r\n")
        assert record.start < record.end
        at = record.end
    assert not text[at:].strip("\r\n")
