"""Text of office files that nobody sees, and its look-alikes that are read."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from index.readers.office.rtf.reader import read_rtf
from index.readers.office.sheets import read_xlsx
from index.readers.office.word import read_docx
from index.types import Reading
from tests.index.readers.office.test_word import with_body
from tests.support.readings import hidden, texts


def word(properties: str, around: str = "<w:p>{}</w:p>") -> Reading:
    run = f"<w:r><w:rPr>{properties}</w:rPr><w:t>secret</w:t></w:r>"
    return read_docx(with_body("<w:p><R>open</R></w:p>" + around.format(run)), "a.docx")


WHITE = '<w:color w:val="FFFFFF"/>'
YELLOW = '<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>'
CELL = "<w:tbl>{style}<w:tr><w:tc><w:tcPr>{shade}</w:tcPr><w:p>{{}}</w:p></w:tc></w:tr></w:tbl>"
DARK = '<w:shd w:val="clear" w:fill="1F3864"/>'


@pytest.mark.parametrize(
    ("properties", "around", "by"),
    [
        ("<w:vanish/>", "<w:p>{}</w:p>", "not displayed"),
        (WHITE, "<w:p>{}</w:p>", "in the colour of its ground"),
        (f'{WHITE}<w:shd w:val="clear" w:fill="FFFFFF"/>', "<w:p>{}</w:p>", "in the colour of its ground"),
        (YELLOW, "<w:p>{}</w:p>", "in the colour of its ground"),
        ('<w:color w:val="1F3864"/>', CELL.format(style="", shade=DARK), "in the colour of its ground"),
        ('<w:sz w:val="2"/>', "<w:p>{}</w:p>", "too small"),
    ],
)  # fmt: skip
def test_runs_that_nobody_sees(properties: str, around: str, by: str) -> None:
    """Hidden, in the colour of what they stand on, tiny."""
    reading = word(properties, around)
    assert texts(reading) == ["open"]
    assert hidden(reading) == [("secret", by)]


@pytest.mark.parametrize(
    ("properties", "around"),
    [
        ('<w:vanish w:val="0"/>', "<w:p>{}</w:p>"),
        (WHITE + DARK, "<w:p>{}</w:p>"),
        (WHITE, f"<w:p><w:pPr>{DARK}</w:pPr>{{}}</w:p>"),
        (WHITE, CELL.format(style="", shade=DARK)),
        (WHITE, CELL.format(style='<w:tblPr><w:tblStyle w:val="Dark"/></w:tblPr>', shade="")),
        ('<w:color w:val="auto"/>', "<w:p>{}</w:p>"),
        ('<w:sz w:val="8"/>', "<w:p>{}</w:p>"),
    ],
)
def test_runs_that_are_seen(properties: str, around: str) -> None:
    """White on a dark shading, or in a table whose style may be dark."""
    reading = word(properties, around)
    assert "secret" in reading.text
    assert hidden(reading) == []


@pytest.mark.parametrize(
    ("name", "by"), [("\\v secret", "not displayed"), ("\\cf1 secret", "in the colour of its ground"),
                     ("\\fs2 secret", "too small")],
)  # fmt: skip
def test_rich_text_that_nobody_sees(name: str, by: str) -> None:
    """Hidden, white, tiny; and as one text, in however many pieces it is written."""
    data = rf"{{\rtf1{{\colortbl;\red255\green255\blue255;\red0\green0\blue90;}}a {{{name}\u233?}}\par b}}"
    reading = read_rtf(data.encode(), "a.rtf")
    assert "secret" not in reading.text
    assert hidden(reading) == [("secreté", by)]


@pytest.mark.parametrize("look", [r"\cf2", r"\cf1\highlight2", r"\cf1\chcbpat2", r"\fs12", r"\v0"])
def test_rich_text_that_is_seen(look: str) -> None:
    """Coloured, white on a dark ground, small."""
    data = rf"{{\rtf1{{\colortbl;\red255\green255\blue255;\red0\green0\blue90;}}a {{{look} shown}}\par b}}"
    reading = read_rtf(data.encode(), "a.rtf")
    assert "shown" in reading.text
    assert hidden(reading) == []


def test_cells_that_nobody_sees() -> None:
    """White on no fill, tiny; white on a dark fill is read, and so is a row that a filter hides, marked."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Name", "City"], ["Ann", "Ulm"], ["Bo", "Bonn"], ["Cy", "Kiel"]):
        sheet.append(row)
    sheet["A2"].font = Font(color="FFFFFFFF")
    sheet["B2"].font = Font(color="FFFFFFFF")
    sheet["B2"].fill = PatternFill("solid", fgColor="FF1F3864")
    sheet["B3"].font = Font(size=1)
    sheet.auto_filter.ref = "A1:B4"
    sheet.auto_filter.add_filter_column(0, ["Ann", "Bo"])
    sheet.row_dimensions[4].hidden = True
    file = io.BytesIO()
    book.save(file)
    reading = read_xlsx(file.getvalue(), "a.xlsx")
    assert texts(reading)[1:] == ["Name | City", "| Ulm", "Bo", "Cy | Kiel"]
    assert hidden(reading) == [("Ann", "in the colour of its ground"), ("Bonn", "too small")]
    assert [span.of(reading.text) for span in reading.hidden] == ["Cy | Kiel"]
    assert "1 rows that a filter or a closed group hides were read too, and marked" in reading.notes
