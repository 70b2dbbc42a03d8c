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
    return next(csv.reader(io.StringIO(raw, newline=""), delimiter="\0"), [""])[0]


def test_header_rows_and_quoted_line_ends() -> None:
    """The header is a heading over rows; a record with a line end in quotes is one row."""
    text = 'year,event,"place, city"\r\n2024,"Summit ""A""\nsecond line",Paris\r\n\r\n2025,Off,Budapest\r\n'
    assert blocks(text) == [
        ("heading", 1, 'year,event,"place, city"'),
        ("row", 0, '2024,"Summit ""A""\nsecond line",Paris'),
        ("row", 0, "2025,Off,Budapest"),
    ]


def test_a_first_record_of_data_is_no_header() -> None:
    """Numbers name no columns."""
    assert [kind for kind, _, _ in blocks("2024,17\n2025,18\n")] == ["row", "row"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sign: str) -> None:
    """The sign that cuts the records evenly is the delimiter, whatever stands in the cells."""
    text = "\n".join(
        sign.join(row) for row in (["name", "what it is", "n"], ["a", "b and c", "1"], ["d", "e f", "2"])
    )
    assert find_delimiter(text) == sign


def test_tabs() -> None:
    """A TSV file is cut at tabs alone."""
    assert blocks("name\tof, it\na\t1\n", "a.tsv") == [("heading", 1, "name\tof, it"), ("row", 0, "a\t1")]


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
    """What `csv.writer` wrote is cut into the same records and cells."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(table)
    text = out.getvalue()
    assert [[value(text[start:end]) for start, end in record.cells] for record in records(text, ",")] == table


@settings(deadline=None, derandomize=True)
@given(st.text(st.sampled_from('ab,"\n\r '), max_size=30))
def test_any_text_is_cut_as_the_csv_module_cuts_it(text: str) -> None:
    """Records and cells agree with `csv.reader` wherever every quote that opens a cell is closed."""
    expected = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    rows = list(records(text, ","))
    closed = list(csv.reader(io.StringIO(text + "\nZ", newline="")))
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
