"""Cells of a workbook."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from index.readers.office.xlsx.view import area_of, column_number, place_of
from tests.index.readers.office.test_sheets import read, saved
from tests.index.readers.office.test_word import replaced
from tests.support.readings import hidden, texts

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_with(cells: str) -> bytes:
    """A workbook whose only sheet has these cells in its first row."""
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    return replaced(saved(Workbook()), "xl/worksheets/sheet1.xml", xml.encode())


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ('<c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#DIV/0!</v></c>', "TRUE | #DIV/0!"),
        ('<c t="inlineStr"><is><t>a</t></is></c><c t="str"><f>A1</f><v>b</v></c>', "a | b"),
        ('<c r="A1" t="d"><v>2025-10-21T00:00:00Z</v></c><c r="B1"><v>x</v></c>', "2025-10-21 | x"),
        ('<c r="A1"><v>1E3</v></c><c r="C1"><v>2</v></c>', "1000 | 2"),
        (
            '<c t="inlineStr"><is><r><t>東京</t></r><rPh><t>とうきょう</t></rPh></is></c><c><v>1</v></c>',
            "東京 | 1",
        ),
        ('<c r="A1" t="s"><v>99</v></c><c r="B1"><v>2</v></c>', "2"),
    ],
)
def test_kinds_of_cells(cells: str, expected: str) -> None:
    """Booleans, errors, texts in the cell, dates of the strict dialect, no spoken form of ruby."""
    assert texts(read(sheet_with(cells)))[1:] == [expected]


def test_the_strict_dialect() -> None:
    """Other namespaces, same names."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Bolt", 41])
    data = saved(book)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith(".xml")}
    for name, content in parts.items():
        data = replaced(
            data, name, content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        )
    assert texts(read(data)) == ["Sheet", "Bolt | 41"]


def test_formats_of_cells() -> None:
    """Units, leading zeros, hours beyond a day."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Anton", 12.5, 501, 1.0625, 0.5])
    for place, code in (("B1", '0.0 "kg"'), ("C1", "00000"), ("D1", "[h]:mm"), ("E1", "# ?/?")):
        sheet[place].number_format = code
    assert texts(read(saved(book)))[1:] == ["Anton | 12.5 kg | 00501 | 25:30 | 1/2"]


def test_what_is_struck_out_or_hidden_is_told() -> None:
    """Struck-out cells and parts of cells are left out; what is not in view is kept apart."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["old", "new"])
    sheet["A1"].font = Font(strike=True)
    sheet.append([CellRichText("by ", TextBlock(InlineFont(strike=True), "May"), "June"), 5])
    sheet.append(["secret", 7])
    sheet["B3"].number_format = ";;;"
    sheet.row_dimensions[3].hidden = True
    reading = read(saved(book))
    assert texts(reading)[1:] == ["| new", "by June | 5"]
    assert reading.notes == ("struck-out text was not read, in 2 places",)
    assert hidden(reading) == [("7", "not displayed"), ("secret", "in hidden rows or columns")]


def test_hidden_columns_are_told() -> None:
    """They are kept apart, as hidden rows are."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Salary", "City"])
    sheet.append(["Ann", 7, "Ulm"])
    for letter in ("B", "F"):
        sheet.column_dimensions[letter].hidden = True
    reading = read(saved(book))
    assert texts(reading)[1:] == ["Name | City", "Ann | Ulm"]
    assert [text for text, _ in hidden(reading)] == ["Salary", "7"]


def test_names_of_cells() -> None:
    """Rows and columns from 1."""
    assert (column_number("A"), column_number("AA"), column_number("xfd")) == (1, 27, 16384)
    assert place_of("$C$12") == (12, 3)
    assert area_of("B2:D9") == (2, 2, 9, 4)
    assert area_of("B2") == (2, 2, 2, 2)
    assert place_of("?") == (0, 0)
