"""Tables of Word files."""

from __future__ import annotations

from docx import Document

from tests.index.readers.office.test_word import read, saved, with_body
from tests.support.readings import texts


def cell(text: str, looks: str = "") -> str:
    return f"<w:tc><w:tcPr>{looks}</w:tcPr><w:p>{f'<R>{text}</R>' if text else ''}</w:p></w:tc>"


def row(*cells: str, looks: str = "") -> str:
    return f"<w:tr><w:trPr>{looks}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def test_empty_cells_keep_their_columns() -> None:
    """Who works at noon is not who works at night."""
    document = Document()
    made = document.add_table(2, 4)
    for at, words in enumerate((("Day", "Morning", "Noon", "Night"), ("Monday", "", "Vera", ""))):
        for place, word in enumerate(words):
            made.cell(at, place).text = word
    reading = read(saved(document))
    assert texts(reading, "row") == ["Day | Morning | Noon | Night", "Monday |  | Vera"]


def test_merged_cells() -> None:
    """A merged group names each of its rows; a row that begins later stays in its columns."""
    down = "<w:vMerge w:val='restart'/>"
    reading = read(
        with_body(
            table(
                row(cell("House"), cell("Month"), cell("Nights")),
                row(cell("Alder", down), cell("May"), cell("12")),
                row(cell("", "<w:vMerge/>"), cell("June"), cell("15")),
                row(cell("both", "<w:gridSpan w:val='2'/>"), cell("27")),
                row(cell("June"), cell("9"), looks="<w:gridBefore w:val='1'/>"),
                row(cell("old way", "<w:hMerge w:val='restart'/>"), cell("", "<w:hMerge/>"), cell("3")),
            )
        )
    )
    assert texts(reading) == [
        "House | Month | Nights",
        "Alder | May | 12",
        "Alder | June | 15",
        "both |  | 27",
        "| June | 9",
        "old way |  | 3",
    ]
    assert reading.tables[0].columns == ("House", "Month", "Nights")


def test_rows_that_repeat_are_headings() -> None:
    """What Word repeats at the top of each page names the columns, whatever it looks like."""
    heading = "<w:tblHeader/>"
    reading = read(with_body(table(row(cell("2 a"), cell("2 b"), looks=heading), row(cell("x"), cell("y")))))
    assert reading.tables[0].columns == ("2 a", "2 b")


def test_a_table_inside_a_cell() -> None:
    """The inner table is part of its cell; where the outer one only lays out the page, it stands alone."""
    inner = table(row(cell("Ann"), cell("3")), row(cell("Bob"), cell("4")))
    data = table(
        row(cell("Group of the older children"), cell("Members and their ages in years")),
        row(cell("Beavers"), f"<w:tc>{inner}<w:p/></w:tc>"),
    )
    assert texts(read(with_body(data)))[1] == "Beavers | Ann 3 Bob 4"
    layout = table(row(f"<w:tc><w:p/>{inner}<w:p/></w:tc>", cell("")))
    assert texts(read(with_body(layout))) == ["Ann | 3", "Bob | 4"]


def test_deleted_rows_and_captions() -> None:
    """A row that a tracked change deletes is left out; "Table 2: …" above is the caption."""
    body = "<w:p><R>Table 2: Guests</R></w:p>" + table(
        row(cell("Month"), cell("Guests")),
        row(cell("May"), cell("7"), looks="<w:del/>"),
        row(cell("June"), cell("9")),
    )
    reading = read(with_body(body))
    assert texts(reading) == ["Table 2: Guests", "Month | Guests", "June | 9"]
    assert reading.tables[0].caption == "Table 2: Guests"


def test_numbers_and_notes_inside_cells() -> None:
    """Text boxes of a cell follow the table."""
    box = "<w:pict><w:txbxContent><w:p><R>box</R></w:p></w:txbxContent></w:pict>"
    reading = read(with_body(table(row(f"<w:tc><w:p><w:r><w:t>a</w:t>{box}</w:r></w:p></w:tc>", cell("b")))))
    assert texts(reading) == ["a | b", "box"]
